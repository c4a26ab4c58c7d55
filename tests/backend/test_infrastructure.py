"""What the templates ask for, read from the two renderings: for AWS and for the local cloud.

Nothing is deployed here; `test_deploy` tries the same rules on a running cloud.
"""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.services.policy import Rules
from mydoctransfer_cloud.deploy.bundle import Bundle, build
from mydoctransfer_cloud.deploy.deployer import STANDARD_OBJECT_DAYS
from mydoctransfer_cloud.deploy.estimate import ALARMS
from mydoctransfer_contract.codec import decode
from mydoctransfer_contract.problems import STATUS, Code, Problem

Resource = dict[str, Any]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return build(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="module")
def on_aws(bundle: Bundle) -> Resource:
    return rendered(json.loads(bundle.data_template), {"LocalCloud": "false"})


@pytest.fixture(scope="module")
def on_local(bundle: Bundle) -> Resource:
    return rendered(json.loads(bundle.data_template), {"LocalCloud": "true"})


@pytest.fixture(scope="module")
def api(bundle: Bundle) -> Resource:
    return rendered(json.loads(bundle.api_template), {})


class TestBothRenderings:
    def test_they_differ_in_exactly_two_statements_of_the_bucket_policy(
        self, on_aws: Resource, on_local: Resource
    ) -> None:
        statements = {s["Sid"] for s in bucket_policy(on_aws)}
        assert statements - {s["Sid"] for s in bucket_policy(on_local)} == {
            "TlsOnly",
            "NeverOverwrite",
        }
        aws, local = copy.deepcopy(on_aws), copy.deepcopy(on_local)
        for one in (aws, local):
            one["Resources"]["BucketPolicy"]["Properties"]["PolicyDocument"].pop("Statement")
        assert aws == local

    def test_the_api_stack_does_not_know_where_it_runs(self, bundle: Bundle) -> None:
        assert "LocalCloud" not in bundle.api_template

    def test_cfn_lint_finds_nothing(self, bundle: Bundle) -> None:
        lint = [str(Path(sys.executable).with_name("cfn-lint")), "--"]
        templates = [str(bundle.directory / name) for name in ("data.json", "api.json")]
        done = subprocess.run([*lint, *templates], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_T89_every_function_can_be_given_a_limit_of_calls_at_once(bundle: Bundle) -> None:
    """None unless the operator gives one: a new account has little to reserve from."""
    template = json.loads(bundle.api_template)
    assert template["Parameters"]["Concurrency"]["Default"] == 0
    limits = [
        resource["Properties"]["ReservedConcurrentExecutions"]
        for resource in template["Resources"].values()
        if resource["Type"].endswith("::Function")
    ]
    chosen = {"Fn::If": ["HasConcurrency", {"Ref": "Concurrency"}, {"Ref": "AWS::NoValue"}]}
    assert limits == [chosen] * 3


class TestTheBucket:
    def test_T41_it_is_closed_owned_encrypted_and_versioned(self, on_aws: Resource) -> None:
        bucket = properties(on_aws, "Bucket")
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert "BucketName" not in bucket

    def test_T41_its_policy_only_ever_denies(self, on_aws: Resource) -> None:
        assert {s["Effect"] for s in bucket_policy(on_aws)} == {"Deny"}

    def test_T32_only_tls_and_no_signature_older_than_fifteen_minutes(
        self, on_aws: Resource
    ) -> None:
        statements = {s["Sid"]: s for s in bucket_policy(on_aws)}
        assert statements["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        old = statements["PresignedNoOlderThanFifteenMinutes"]["Condition"]
        assert old == {"NumericGreaterThan": {"s3:signatureAge": 900_000}}

    def test_T30_a_put_without_a_condition_is_denied_and_parts_are_not(
        self, on_aws: Resource
    ) -> None:
        statement = next(s for s in bucket_policy(on_aws) if s["Sid"] == "NeverOverwrite")
        assert statement["Action"] == "s3:PutObject"
        assert statement["Condition"] == {
            "Null": {"s3:if-none-match": "true"},
            "Bool": {"s3:ObjectCreationOperation": "true"},
        }

    def test_T41_nothing_is_put_under_a_key_of_the_senders_own(
        self, on_aws: Resource, on_local: Resource
    ) -> None:
        """It would be published, and nobody could download it."""
        for rendering in (on_aws, on_local):
            (statement,) = (s for s in bucket_policy(rendering) if s["Sid"] == "NoKeysOfTheSenders")
            assert statement["Action"] == "s3:PutObject"
            assert statement["Resource"] == {"Fn::Sub": "${Bucket.Arn}/*"}
            assert statement["Condition"] == {
                "Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}
            }

    def test_its_lifecycle_touches_garbage_only(self, on_aws: Resource) -> None:
        rules = properties(on_aws, "Bucket")["LifecycleConfiguration"]["Rules"]
        acts = {
            rule["Id"]: {k: v for k, v in rule.items() if k not in ("Id", "Status")}
            for rule in rules
        }
        assert acts == {
            "unfinished-uploads": {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
            "noncurrent-versions": {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
            "delete-markers": {"ExpiredObjectDeleteMarker": True},
            "past-every-lifetime": {
                "Prefix": "incoming/",
                "ExpirationInDays": {"Ref": "ObjectDays"},
            },
        }

    def test_objects_outlive_the_longest_lifetime_by_two_days(self, bundle: Bundle) -> None:
        days = json.loads(bundle.data_template)["Parameters"]["ObjectDays"]["Default"]
        assert days == STANDARD_OBJECT_DAYS == Rules().max_age // 86_400 + 2


class TestTheTables:
    @pytest.mark.parametrize("table", ["MainTable", "AuditTable"])
    def test_they_are_keyed_paid_by_request_and_restorable(
        self, on_aws: Resource, table: str
    ) -> None:
        asked = properties(on_aws, table)
        assert [(k["AttributeName"], k["KeyType"]) for k in asked["KeySchema"]] == [
            ("pk", "HASH"),
            ("sk", "RANGE"),
        ]
        assert asked["BillingMode"] == "PAY_PER_REQUEST"
        assert asked["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert asked["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
        assert "GlobalSecondaryIndexes" not in asked

    def test_an_update_that_would_replace_what_people_have_leaves_the_old_one(
        self, on_aws: Resource
    ) -> None:
        for name in ("UserPool", "Bucket", "MainTable", "AuditTable"):
            assert on_aws["Resources"][name]["UpdateReplacePolicy"] == "Retain", name


class TestThePeople:
    def test_T10_T14_only_administrators_make_accounts_and_guesses_learn_nothing(
        self, on_aws: Resource
    ) -> None:
        pool, client = properties(on_aws, "UserPool"), properties(on_aws, "UserPoolClient")
        assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
        assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}
        assert client["PreventUserExistenceErrors"] == "ENABLED"

    def test_people_make_accounts_themselves_only_where_the_operator_says_so(
        self, bundle: Bundle
    ) -> None:
        """T10, T12: then the name is theirs to write; the address is never."""
        data = json.loads(bundle.data_template)
        assert data["Parameters"]["SignUp"]["Default"] == "off"
        template = rendered(data, {"SignUp": "on"})
        pool = properties(template, "UserPool")
        assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}
        assert pool["AutoVerifiedAttributes"] == ["email"]
        written = properties(template, "UserPoolClient")["WriteAttributes"]
        assert written == ["locale", "given_name", "family_name"]

    def test_T10_without_threat_protection_passwords_are_longer(self, bundle: Bundle) -> None:
        """The cheaper tier is the operator's choice: it knows no leaked passwords."""
        for tier, mode, length in (("PLUS", "ENFORCED", 8), ("ESSENTIALS", "OFF", 12)):
            template = rendered(json.loads(bundle.data_template), {"PoolTier": tier})
            pool = properties(template, "UserPool")
            assert pool["UserPoolTier"] == {"Ref": "PoolTier"}
            assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": mode}
            assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == length

    def test_the_password_never_travels(self, on_aws: Resource) -> None:
        flows = properties(on_aws, "UserPoolClient")["ExplicitAuthFlows"]
        assert flows == ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]

    def test_T08_T09_tokens_live_five_minutes_and_refreshing_thirty_days(
        self, on_aws: Resource
    ) -> None:
        client = properties(on_aws, "UserPoolClient")
        units = client["TokenValidityUnits"]
        assert (client["IdTokenValidity"], units["IdToken"]) == (5, "minutes")
        assert (client["AccessTokenValidity"], units["AccessToken"]) == (5, "minutes")
        assert (client["RefreshTokenValidity"], units["RefreshToken"]) == (30, "days")
        assert client["EnableTokenRevocation"] is True

    def test_T12_people_cannot_write_what_others_see_of_them(self, on_aws: Resource) -> None:
        client, pool = properties(on_aws, "UserPoolClient"), properties(on_aws, "UserPool")
        assert client["WriteAttributes"] == ["locale"]
        assert pool["UserAttributeUpdateSettings"] == {
            "AttributesRequireVerificationBeforeUpdate": ["email"]
        }
        assert pool["UsernameConfiguration"] == {"CaseSensitive": False}

    def test_a_second_factor_may_be_an_authenticator_and_never_a_text_message(
        self, on_aws: Resource
    ) -> None:
        pool = properties(on_aws, "UserPool")
        assert pool["MfaConfiguration"] == "OPTIONAL"
        assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


class TestTheRoles:
    def test_no_statement_allows_a_wildcard_action_or_every_resource(self, api: Resource) -> None:
        for name, statement in allowed(api):
            actions, resources = listed(statement["Action"]), listed(statement["Resource"])
            assert not any("*" in action for action in actions), name
            assert "*" not in resources, name

    def test_T48_nobody_scans(self, api: Resource) -> None:
        assert "dynamodb:Scan" not in json.dumps(api)

    def test_T57_the_audit_is_only_ever_appended_to(self, api: Resource) -> None:
        for name, statement in allowed(api):
            if "AuditTableName" in json.dumps(statement["Resource"]):
                assert set(listed(statement["Action"])) <= {"dynamodb:PutItem", "dynamodb:Query"}
                if name != "ApiPolicy":
                    assert listed(statement["Action"]) == ["dynamodb:PutItem"], name

    def test_every_function_has_a_role_of_its_own(self, api: Resource) -> None:
        roles = {
            name: r["Properties"]["Role"]["Fn::GetAtt"][0]
            for name, r in of_type(api, "AWS::Lambda::Function")
        }
        assert roles == {
            "APIHandler": "ApiRole",
            "Arrivals": "ArrivalsRole",
            "Sweep": "SweepRole",
        }

    def test_functions_can_be_assumed_by_lambda_only_and_grants_by_the_api_only(
        self, api: Resource
    ) -> None:
        trusted = {
            name: r["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
            for name, r in of_type(api, "AWS::IAM::Role")
        }
        by_lambda = {"Service": "lambda.amazonaws.com"}
        assert trusted == {
            "ApiRole": by_lambda,
            "ArrivalsRole": by_lambda,
            "SweepRole": by_lambda,
            "GrantRole": {"AWS": {"Fn::GetAtt": ["ApiRole", "Arn"]}},
        }

    def test_a_grant_can_at_most_put_under_incoming(self, api: Resource) -> None:
        (policy,) = api["Resources"]["GrantRole"]["Properties"]["Policies"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Action"] == [
            "s3:PutObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
        ]
        assert statement["Resource"]["Fn::Sub"].endswith("${BucketName}/incoming/*")

    def test_nobody_of_ours_reads_the_code_in_the_bucket_or_writes_documents(
        self, api: Resource
    ) -> None:
        for name, statement in allowed(api):
            for action in listed(statement["Action"]):
                if action.startswith("s3:") and "Object" in action:
                    assert "/incoming/" in json.dumps(statement["Resource"]), name
                assert action != "s3:PutObject" or name == "GrantRole"


class TestTheTriggers:
    def test_T34_only_our_bucket_in_our_account_invokes_the_arrivals(self, api: Resource) -> None:
        permission = properties(api, "ArrivalsFromBucket")
        assert permission["Principal"] == "s3.amazonaws.com"
        assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}
        assert permission["SourceArn"]["Fn::Sub"] == "arn:${AWS::Partition}:s3:::${BucketName}"

    def test_T34_every_permission_names_its_source(self, api: Resource) -> None:
        for name, permission in of_type(api, "AWS::Lambda::Permission"):
            assert permission["Properties"]["SourceArn"], name

    def test_T42_only_what_is_incoming_triggers_and_no_function_may_write_there(
        self, bundle: Bundle
    ) -> None:
        outputs = json.loads(bundle.api_template)["Outputs"]
        assert json.loads(outputs["ArrivalsFilter"]["Value"]) == {
            "events": ["s3:ObjectCreated:*"],
            "prefix": "incoming/",
        }

    def test_the_sweep_runs_every_five_minutes(self, api: Resource) -> None:
        ((_, rule),) = of_type(api, "AWS::Events::Rule")
        assert rule["Properties"]["ScheduleExpression"] == "rate(5 minutes)"


class TestTheApi:
    def test_T01_every_route_but_the_recipients_page_asks_the_user_pool(
        self, api: Resource
    ) -> None:
        for path, method, operation in operations(api):
            if not path.startswith("/s/"):
                assert operation.get("security"), f"{method} {path}"

    def test_the_authorizer_is_the_pool_of_the_stack(self, api: Resource) -> None:
        definitions = properties(api, "RestAPI")["Body"]["securityDefinitions"]
        ((_, authorizer),) = [(k, v) for k, v in definitions.items() if k != "api_key"]
        asked = authorizer["x-amazon-apigateway-authorizer"]
        assert asked["type"] == "cognito_user_pools"
        assert asked["providerARNs"] == [{"Ref": "UserPoolArn"}]

    def test_T53_no_route_answers_other_origins(self, api: Resource) -> None:
        assert not [path for path, method, _ in operations(api) if method == "options"]
        assert "Access-Control" not in json.dumps(api)

    def test_what_the_gateway_refuses_by_itself_is_a_problem_with_a_code(
        self, api: Resource
    ) -> None:
        answers = properties(api, "RestAPI")["Body"]["x-amazon-apigateway-gateway-responses"]
        assert answers.keys() >= {"UNAUTHORIZED", "THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX"}
        for kind, answer in answers.items():
            said = decode(Problem, json.loads(answer["responseTemplates"]["application/json"]))
            assert STATUS[Code(said.code)] == said.status == int(answer["statusCode"]), kind
            kept = answer["responseParameters"]["gatewayresponse.header.Content-Type"]
            assert kept == "'application/problem+json'"

    def test_T52_the_stage_throttles_and_logs_no_request(self, api: Resource) -> None:
        ((_, stage),) = of_type(api, "AWS::ApiGateway::Stage")
        (settings,) = stage["Properties"]["MethodSettings"]
        assert settings["ThrottlingRateLimit"] and settings["ThrottlingBurstLimit"]
        assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("OFF", False)
        assert "AccessLogSetting" not in stage["Properties"]


class TestOperations:
    def test_T88_every_function_logs_for_thirty_days(self, api: Resource) -> None:
        groups = [r["Properties"] for _, r in of_type(api, "AWS::Logs::LogGroup")]
        functions = [name for name, _ in of_type(api, "AWS::Lambda::Function")]
        assert {g["LogGroupName"]["Fn::Sub"] for g in groups} == {
            f"/aws/lambda/${{{name}}}" for name in functions
        }
        assert all(g["RetentionInDays"] <= 30 for g in groups)

    def test_failures_and_a_filling_bucket_raise_an_alarm(self, api: Resource) -> None:
        metrics = {r["Properties"]["MetricName"] for _, r in of_type(api, "AWS::CloudWatch::Alarm")}
        assert metrics == {"5XXError", "Errors", "BucketSizeBytes", "OfferedBytes"}
        watched = [
            r["Properties"]["Dimensions"][0]["Value"]["Ref"]
            for _, r in of_type(api, "AWS::CloudWatch::Alarm")
            if r["Properties"]["MetricName"] == "Errors"
        ]
        assert set(watched) == {name for name, _ in of_type(api, "AWS::Lambda::Function")}

    def test_every_alarm_is_sent_to_the_operators_topic(self, bundle: Bundle) -> None:
        template = json.loads(bundle.api_template)
        for arn, actions in (("arn:aws:sns:r:0:t", [{"Ref": "AlarmTopicArn"}]), ("", None)):
            given = rendered(template, {"AlarmTopicArn": arn})
            alarms = of_type(given, "AWS::CloudWatch::Alarm")
            assert len(alarms) == ALARMS
            for name, alarm in alarms:
                assert alarm["Properties"].get("AlarmActions") == actions, name

    def test_T88_the_stage_key_is_not_shown(self, bundle: Bundle) -> None:
        template = json.loads(bundle.api_template)
        assert template["Parameters"]["Secret"]["NoEcho"] is True
        assert "Secret" not in json.dumps(template["Outputs"])

    def test_nothing_in_the_bundle_was_made_for_one_machine(self, bundle: Bundle) -> None:
        both = bundle.api_template + bundle.data_template
        assert str(Path.home()) not in both
        assert "/tmp" not in both
        assert "placeholder" not in both


def rendered(template: Resource, given: dict[str, str]) -> Resource:
    """The template with its conditions decided, as CloudFormation decides them."""
    parameters = {k: str(v.get("Default", "")) for k, v in template["Parameters"].items()} | given
    conditions = {
        name: decided(rule, parameters) for name, rule in template.get("Conditions", {}).items()
    }
    resources = {
        name: chosen(resource, conditions)
        for name, resource in template["Resources"].items()
        if conditions.get(resource.get("Condition", ""), True)
    }
    return {"Resources": resources}


def decided(rule: Any, parameters: dict[str, str]) -> bool:
    """One condition."""
    ((function, arguments),) = rule.items()
    if function == "Fn::Not":
        return not decided(arguments[0], parameters)
    assert function == "Fn::Equals"
    left, right = (parameters[a["Ref"]] if isinstance(a, dict) else a for a in arguments)
    return bool(left == right)


_NOTHING = {"Ref": "AWS::NoValue"}


def chosen(value: Any, conditions: dict[str, bool]) -> Any:
    """A value with every Fn::If replaced by the branch taken and nothing where nothing is asked."""
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            name, yes, no = value["Fn::If"]
            return chosen(yes if conditions[name] else no, conditions)
        made = {k: chosen(v, conditions) for k, v in value.items()}
        return {k: v for k, v in made.items() if v != _NOTHING}
    if isinstance(value, list):
        return [made for item in value if (made := chosen(item, conditions)) != _NOTHING]
    return value


def properties(template: Resource, name: str) -> Resource:
    """Properties of one resource."""
    found: Resource = template["Resources"][name]["Properties"]
    return found


def bucket_policy(template: Resource) -> list[Resource]:
    """Statements of the bucket's policy."""
    statements: list[Resource] = properties(template, "BucketPolicy")["PolicyDocument"]["Statement"]
    return statements


def of_type(template: Resource, kind: str) -> list[tuple[str, Resource]]:
    """Resources of one type, by name."""
    return [(name, r) for name, r in template["Resources"].items() if r["Type"] == kind]


def allowed(template: Resource) -> Iterator[tuple[str, Resource]]:
    """Every statement that allows something, with the resource it stands in."""
    for name, resource in template["Resources"].items():
        documents = [p["PolicyDocument"] for p in resource["Properties"].get("Policies", [])]
        if resource["Type"] == "AWS::IAM::Policy":
            documents.append(resource["Properties"]["PolicyDocument"])
        for document in documents:
            for statement in document["Statement"]:
                if statement["Effect"] == "Allow":
                    yield name, statement


def operations(template: Resource) -> Iterator[tuple[str, str, Resource]]:
    """Path, method and definition of every route deployed."""
    for path, item in properties(template, "RestAPI")["Body"]["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def listed(value: Any) -> list[Any]:
    """One or several as a list."""
    return value if isinstance(value, list) else [value]
