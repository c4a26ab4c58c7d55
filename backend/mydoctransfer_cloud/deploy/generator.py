"""From a Chalice application to CloudFormation, including what `chalice package` refuses.

Chalice 1.34 raises NotImplementedError for `@app.on_s3_event`, because CloudFormation cannot add
a notification to a bucket of another stack. Here the function and the permission are generated
and the deployer sets the notification once both stacks exist; an output carries the wiring.

Every function gets the role that belongs to what triggers it, its environment from the stack's
parameters, and the fixed runtime; nothing in the template depends on the machine that made it.
"""

import json
from typing import Any

from chalice.deploy import models
from chalice.package import SAMTemplateGenerator
from chalice.utils import to_cfn_resource_name

from mydoctransfer_cloud.deploy import gateway

RUNTIME = "python3.13"
POOL_ARN_AT_PACKAGE_TIME = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/placeholder"

Template = dict[str, Any]


def _parameter(name: str) -> dict[str, str]:
    return {"Ref": name}


def _attribute(resource: str, name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [resource, name]}


ENVIRONMENT: dict[str, Any] = {
    "MYDOC_STAGE": _parameter("Stage"),
    "MYDOC_EPOCH": _parameter("Epoch"),
    "MYDOC_MAIN_TABLE": _parameter("MainTableName"),
    "MYDOC_AUDIT_TABLE": _parameter("AuditTableName"),
    "MYDOC_BUCKET": _parameter("BucketName"),
    "MYDOC_USER_POOL_ID": _parameter("UserPoolId"),
    "MYDOC_USER_POOL_ARN": _parameter("UserPoolArn"),
    "MYDOC_CLIENT_ID": _parameter("ClientId"),
    "MYDOC_GRANT_ROLE_ARN": _attribute("GrantRole", "Arn"),
    "MYDOC_POLICY": _parameter("Policy"),
    "MYDOC_SECRET": _parameter("Secret"),
}


class Generator(SAMTemplateGenerator):
    """Chalice's SAM generator with the trigger it lacks and roles by trigger."""

    def generate(self, resources: list[Any]) -> Template:
        self._roles = _roles_by_function(resources)
        template: Template = super().generate(resources)
        functions = [
            name
            for name, resource in template["Resources"].items()
            if resource["Type"] == "AWS::Serverless::Function"
        ]
        for name in functions:
            template["Resources"][name + "ErrorsAlarm"] = _errors_alarm(name)
        return template

    def _generate_lambdafunction(self, resource: Any, template: Template) -> None:
        super()._generate_lambdafunction(resource, template)
        function = template["Resources"][to_cfn_resource_name(resource.resource_name)]
        function["Properties"]["Runtime"] = RUNTIME
        function["Properties"]["Environment"] = {"Variables": dict(ENVIRONMENT)}
        function["Properties"]["ReservedConcurrentExecutions"] = {
            "Fn::If": ["HasConcurrency", _parameter("Concurrency"), _parameter("AWS::NoValue")]
        }

    def _add_iam_role(self, resource: Any, cfn_resource: Template) -> None:
        role = self._roles[resource.resource_name]
        cfn_resource["Properties"]["Role"] = _attribute(role, "Arn")

    def _generate_restapi(self, resource: Any, template: Template) -> None:
        super()._generate_restapi(resource, template)
        api = template["Resources"]["RestAPI"]["Properties"]
        # Chalice renames the function and forgets its log group (chalice 1.34).
        log_group = to_cfn_resource_name(resource.lambda_function.log_group.resource_name)
        template["Resources"][log_group]["Properties"]["LogGroupName"] = {
            "Fn::Sub": "/aws/lambda/${APIHandler}"
        }
        api["DefinitionBody"] = _with_pool_parameter(api["DefinitionBody"])
        api["DefinitionBody"][gateway.EXTENSION] = gateway.answers()
        template["Outputs"]["ApiStage"] = {"Value": resource.api_gateway_stage}

    def _generate_s3bucketnotification(self, resource: Any, template: Template) -> None:
        function = to_cfn_resource_name(resource.lambda_function.resource_name)
        bucket = {"Fn::Sub": "arn:${AWS::Partition}:s3:::${BucketName}"}
        template["Resources"][function + "FromBucket"] = {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": _parameter(function),
                "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com",
                "SourceArn": bucket,
                "SourceAccount": _parameter("AWS::AccountId"),
            },
        }
        template["Outputs"]["ArrivalsFunctionArn"] = {"Value": _attribute(function, "Arn")}
        template["Outputs"]["ArrivalsFilter"] = {
            "Value": json.dumps({"events": resource.events, "prefix": resource.prefix or ""})
        }


def _roles_by_function(resources: list[Any]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for resource in resources:
        match resource:
            case models.RestAPI():
                role = "ApiRole"
            case models.S3BucketNotification():
                role = "ArrivalsRole"
            case models.ScheduledEvent():
                role = "SweepRole"
            case _:
                continue
        roles[resource.lambda_function.resource_name] = role
    return roles


def _errors_alarm(function: str) -> Template:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": f"The function {function} failed.",
            "Namespace": "AWS/Lambda",
            "MetricName": "Errors",
            "Dimensions": [{"Name": "FunctionName", "Value": _parameter(function)}],
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": {
                "Fn::If": [
                    "HasAlarmTopic",
                    [_parameter("AlarmTopicArn")],
                    _parameter("AWS::NoValue"),
                ]
            },
        },
    }


def _with_pool_parameter(value: Any) -> Any:
    """The swagger document with the placeholder pool replaced by the stack's parameter."""
    if value == POOL_ARN_AT_PACKAGE_TIME:
        return _parameter("UserPoolArn")
    if isinstance(value, dict):
        return {key: _with_pool_parameter(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_pool_parameter(item) for item in value]
    return value
