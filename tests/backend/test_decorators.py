"""What became of the decorators in `app.py`, read from what is deployed."""

import importlib.util
import json
from pathlib import Path

import pytest
from chalice.app import Rate

BACKEND = Path(__file__).resolve().parents[2] / "backend"


@pytest.fixture(scope="module")
def application():
    spec = importlib.util.spec_from_file_location("backend_app_decorators", BACKEND / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app


def test_every_decorator_is_deployed_and_nothing_beside(cloud, application):
    """`@app.route` with the pool's authorizer, `@app.on_s3_event`, `@app.schedule`: no other."""
    kinds = {source.__class__.__name__ for source in application.event_sources}
    assert kinds == {"S3EventConfig", "ScheduledEventConfig"}
    (event,) = [s for s in application.event_sources if s.__class__.__name__ == "S3EventConfig"]
    (timer,) = [s for s in application.event_sources if s is not event]
    outputs = cloud.stack_outputs("data")

    gateway = cloud.boto3_client("apigateway")
    (api,) = [a for a in gateway.get_rest_apis()["items"] if "mydoctransfer" in a["name"]]
    (authorizer,) = gateway.get_authorizers(restApiId=api["id"])["items"]
    assert authorizer["type"] == "COGNITO_USER_POOLS"
    assert authorizer["providerARNs"] == [outputs["UserPoolArn"]]
    handler = function(cloud, "APIHandler")
    deployed = {}
    for resource in gateway.get_resources(restApiId=api["id"], limit=500)["items"]:
        for verb in resource.get("resourceMethods", {}):
            where = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": verb}
            method = gateway.get_method(**where)
            deployed[verb, resource["path"]] = method["authorizerId"]
            assert handler in gateway.get_integration(**where)["uri"]
    routes = {(verb, path) for path, by in application.routes.items() for verb in by}
    assert deployed == dict.fromkeys(routes, authorizer["id"])

    arrivals = function(cloud, "Arrivals")
    s3 = cloud.boto3_client("s3")
    told = s3.get_bucket_notification_configuration(Bucket=outputs["BucketName"])
    (notification,) = told["LambdaFunctionConfigurations"]
    (rule,) = notification["Filter"]["Key"]["FilterRules"]
    assert notification["LambdaFunctionArn"] == arrivals
    assert notification["Events"] == event.events
    assert (rule["Name"].lower(), rule["Value"]) == ("prefix", event.prefix)
    allowed = invokers(cloud, arrivals)
    assert [s["Condition"]["ArnLike"]["AWS:SourceArn"] for s in allowed] == [
        f"arn:aws:s3:::{outputs['BucketName']}"
    ]

    events = cloud.boto3_client("events")
    (scheduled,) = events.list_rules()["Rules"]
    (target,) = events.list_targets_by_rule(Rule=scheduled["Name"])["Targets"]
    assert scheduled["State"] == "ENABLED"
    assert scheduled["ScheduleExpression"] == timer.schedule_expression.to_string()
    assert timer.schedule_expression.to_string() == Rate(5, unit=Rate.MINUTES).to_string()
    assert target["Arn"] == function(cloud, "Sweep")


def function(cloud, logical_id: str) -> str:
    """The ARN of a deployed function."""
    name = cloud.function(logical_id)
    found = cloud.boto3_client("lambda").get_function(FunctionName=name)
    return found["Configuration"]["FunctionArn"]


def invokers(cloud, arn: str) -> list[dict]:
    """The statements that let somebody invoke a function."""
    policy = cloud.boto3_client("lambda").get_policy(FunctionName=arn)["Policy"]
    return json.loads(policy)["Statement"]
