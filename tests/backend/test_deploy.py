"""The deployer: what it packages, what it changes, what it leaves, what it removes."""

import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mydoctransfer_cloud import CloudError, localcloud
from mydoctransfer_cloud.deploy import (
    Settings,
    Target,
    Use,
    aws_target,
    deploy,
    destroy,
    estimate,
    local_target,
)
from mydoctransfer_cloud.deploy.bundle import build
from mydoctransfer_cloud.deploy.sources import backend_dir
from mydoctransfer_cloud.deploy.stacks import Stacks
from mydoctransfer_cloud.localcloud.directory import Directory
from mydoctransfer_cloud.localcloud.process import REGION
from tests.support import tiny_backend
from tests.support.cloud import Cloud


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_backend.make(tmp_path_factory.mktemp("backend"))


@pytest.fixture(scope="module")
def running(backend: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A local cloud whose account the tests deploy further stages into."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), backend)
    cloud.start()
    yield cloud
    cloud.stop()


def stage(cloud: Cloud, name: str) -> Target:
    settings = Directory(cloud.data_dir).kept_settings()
    assert settings is not None
    return local_target(settings.endpoint_url, settings.root_key, REGION, name)


class TestTheBundle:
    def test_equal_sources_give_equal_bytes(self, backend: Path, tmp_path: Path) -> None:
        first, second = build(tmp_path / "a", backend), build(tmp_path / "b", backend)
        assert first.digest == second.digest
        assert first.api_template == second.api_template
        assert first.data_template == second.data_template

    def test_a_changed_line_gives_another_bundle(self, tmp_path: Path) -> None:
        source = tiny_backend.make(tmp_path / "source")
        before = build(tmp_path / "cache", source).digest
        tiny_backend.make(source, answer="second")
        assert build(tmp_path / "cache", source).digest != before

    def test_it_holds_the_code_the_contract_and_nothing_of_the_deployer(
        self, tmp_path: Path
    ) -> None:
        with zipfile.ZipFile(io.BytesIO(build(tmp_path).code)) as bundle:
            top = {name.split("/")[0] for name in bundle.namelist()}
        assert top == {"app.py", "chalice", "chalicelib", "mydoctransfer_contract"}

    def test_it_is_smaller_than_two_megabytes(self, tmp_path: Path) -> None:
        assert len(build(tmp_path).code) < 2_000_000

    def test_sources_that_do_not_import_are_named_with_the_reason(self, tmp_path: Path) -> None:
        source = tiny_backend.make(tmp_path / "source")
        (source / "app.py").write_text("import no_such_module_anywhere\n")
        with pytest.raises(CloudError, match="no_such_module_anywhere"):
            build(tmp_path / "cache", source)

    def test_packaging_leaves_nothing_in_the_sources(self, backend: Path, tmp_path: Path) -> None:
        before = {path for path in backend.rglob("*")}
        build(tmp_path, backend)
        assert {path for path in backend.rglob("*")} == before

    def test_packaging_needs_no_network_and_no_credentials(
        self, backend: Path, tmp_path: Path
    ) -> None:
        code = (
            "import socket, sys; from pathlib import Path\n"
            "def refuse(*_): raise AssertionError('the network was used')\n"
            "socket.socket.connect = refuse\n"
            "from mydoctransfer_cloud.deploy import package\n"
            "package.main(Path(sys.argv[1]))\n"
        )
        source = tiny_backend.make(tmp_path / "source")
        subprocess.run([sys.executable, "-c", code, str(source)], check=True, timeout=60)
        assert (source / "out" / "api.json").is_file()


class TestDeploying:
    def test_a_second_deployment_changes_nothing(self, running: Cloud, backend: Path) -> None:
        target, cache = stage(running, "twice"), running.data_dir / "bundles"
        first = deploy(target, cache, backend=backend)
        second = deploy(target, cache, backend=backend)
        assert (first.changed, second.changed) == (True, False)
        assert first.connection == second.connection

    def test_a_policy_is_kept_until_another_is_given(self, running: Cloud, tmp_path: Path) -> None:
        target, cache = stage(running, "policy"), running.data_dir / "bundles"
        real = tmp_path / "real"
        shutil.copytree(backend_dir(), real, ignore=shutil.ignore_patterns("__pycache__"))
        deploy(
            target,
            cache,
            backend=real,
            settings=Settings(
                policy='{"max_age": 8640000, "max_lifetime": 86400, "lifetimes": [3600]}'
            ),
        )
        assert not deploy(target, cache, backend=real).changed
        assert parameter(running, target.data_stack, "ObjectDays") == "102"
        assert "8640000" in parameter(running, target.api_stack, "Policy")
        assert expiration_days(running, target) == 102
        deploy(target, cache, backend=real, settings=Settings(policy=""))
        assert parameter(running, target.data_stack, "ObjectDays") == "367"
        assert parameter(running, target.api_stack, "Policy") == ""
        assert expiration_days(running, target) == 367

    def test_stages_in_one_account_are_apart(self, running: Cloud, backend: Path) -> None:
        cache = running.data_dir / "bundles"
        one = deploy(stage(running, "one"), cache, backend=backend).connection
        two = deploy(stage(running, "two"), cache, backend=backend).connection
        assert one.user_pool_id != two.user_pool_id
        assert one.api_url != two.api_url

    def test_destroy_removes_all_of_it_documents_included(
        self, running: Cloud, backend: Path
    ) -> None:
        before = inventory(running)
        target = stage(running, "gone")
        deploy(target, running.data_dir / "bundles", backend=backend)
        bucket = next(iter(inventory(running)["buckets"] - before["buckets"]))
        s3 = running.boto3_client("s3")
        # Not where arrivals are told of: a function called meanwhile would write its log anew.
        s3.put_object(Bucket=bucket, Key="kept/a", Body=b"1")
        s3.put_object(Bucket=bucket, Key="kept/a", Body=b"2")
        s3.delete_object(Bucket=bucket, Key="kept/a")
        s3.create_multipart_upload(Bucket=bucket, Key="kept/b")
        switched: list[dict[str, Any]] = []
        target.session.events.register(
            "provide-client-params.dynamodb.UpdateContinuousBackups",
            lambda params, **_: switched.append(params),
        )
        destroy(target)
        assert inventory(running) == before
        off = {"PointInTimeRecoveryEnabled": False}
        assert [call["PointInTimeRecoverySpecification"] for call in switched] == [off, off]
        assert len({call["TableName"] for call in switched}) == 2

    def test_destroying_what_is_not_there_is_done_at_once(self, running: Cloud) -> None:
        destroy(stage(running, "never"))

    def test_the_data_cannot_be_deleted_by_accident(self, running: Cloud, backend: Path) -> None:
        target = stage(running, "kept")
        deploy(target, running.data_dir / "bundles", backend=backend)
        with pytest.raises(ClientError, match=r"[Tt]ermination"):
            running.boto3_client("cloudformation").delete_stack(StackName=target.data_stack)

    def test_what_the_cloud_refuses_is_told_with_its_reason(
        self, running: Cloud, tmp_path: Path
    ) -> None:
        broken = tiny_backend.make(tmp_path / "broken")
        template = broken / "infrastructure" / "data.yaml"
        template.write_text(template.read_text().replace("UserPoolGroup", "NoSuchThing"))
        with pytest.raises(CloudError, match="NoSuchThing"):
            deploy(stage(running, "broken"), tmp_path / "cache", backend=broken)

    def test_rows_expire_and_backups_are_kept(self, running: Cloud) -> None:
        dynamodb, outputs = running.boto3_client("dynamodb"), running.stack_outputs("data")
        for name in (outputs["MainTableName"], outputs["AuditTableName"]):
            ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
            backups = dynamodb.describe_continuous_backups(TableName=name)
            point_in_time = backups["ContinuousBackupsDescription"][
                "PointInTimeRecoveryDescription"
            ]
            assert point_in_time["PointInTimeRecoveryStatus"] == "ENABLED"

    def test_T38_T41_the_bucket_collects_garbage_and_owns_what_lies_in_it(
        self, running: Cloud, backend: Path
    ) -> None:
        s3, bucket = running.boto3_client("s3"), running.stack_outputs("data")["BucketName"]
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert {rule["ID"]: acts(rule) for rule in rules} == {
            "unfinished-uploads": {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
            "noncurrent-versions": {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
            "delete-markers": {"Expiration": {"ExpiredObjectDeleteMarker": True}},
            "past-every-lifetime": {"Expiration": {"Days": 367}},
        }
        prefixes = {rule["ID"]: rule["Filter"].get("Prefix", "") for rule in rules}
        assert prefixes.pop("past-every-lifetime") == "incoming/"
        assert set(prefixes.values()) == {""}
        owner = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
        assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]

    def test_what_was_made_is_listed(self, running: Cloud, backend: Path) -> None:
        made = deploy(stage(running, "twice"), running.data_dir / "bundles", backend=backend).made
        kinds = {entry.split(" ")[0] for entry in made}
        assert {"Cognito::UserPool", "DynamoDB::Table", "S3::Bucket", "Lambda::Function"} <= kinds
        assert all(entry.split(" ")[1] for entry in made)


class Elsewhere:
    """CloudFormation, where somebody else has begun something; each look sees the next status."""

    def __init__(self, *statuses: str) -> None:
        self._statuses = list(statuses)
        self.updates = 0

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return {"Stacks": [{"StackName": StackName, "StackStatus": status, "Parameters": []}]}

    def get_template(self, StackName: str) -> dict[str, Any]:
        return {"TemplateBody": '{"Resources": {"Old": {}}}'}

    def update_stack(self, **_: Any) -> None:
        self.updates += 1
        if self._statuses[0] == "REVIEW_IN_PROGRESS":
            error = {"Code": "ValidationError", "Message": "is in REVIEW_IN_PROGRESS state"}
            raise ClientError({"Error": error}, "UpdateStack")


class TestWhatIsUnderWay:
    @pytest.mark.parametrize(
        "status", ["CREATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"]
    )
    def test_an_interrupted_deployment_is_waited_for(self, status: str) -> None:
        elsewhere = Elsewhere(status, status, "CREATE_COMPLETE", "UPDATE_COMPLETE")
        assert Stacks(elsewhere, is_local=True).deploy("s", '{"Resources": {}}', {}) == ({}, True)
        assert elsewhere.updates == 1

    def test_a_stack_in_review_is_told_about_rather_than_waited_for(self) -> None:
        with pytest.raises(ClientError, match="REVIEW_IN_PROGRESS"):
            Stacks(Elsewhere("REVIEW_IN_PROGRESS"), is_local=True).deploy("s", "{}", {})


class TestTheTargetOnAws:
    @pytest.mark.parametrize("name", ["", "UPPER", "1st", "a" * 21, "two words", "a_b"])
    def test_a_stage_that_cannot_name_a_stack_is_refused(self, name: str) -> None:
        with pytest.raises(CloudError, match="a stage is named by"):
            aws_target(name, "eu-central-1")

    def test_a_region_that_is_none_is_refused(self) -> None:
        with pytest.raises(CloudError, match="moon-west-1"):
            aws_target("main", "moon-west-1")


class TestTheEstimate:
    def test_every_service_costs_something_and_more_use_costs_more(self) -> None:
        little = estimate(Use(), "PLUS")
        much = estimate(Use(people=100, documents=100_000), "PLUS")
        for service, dollars in little.items():
            assert 0 < dollars < much[service], service

    def test_ten_people_with_a_thousand_documents_pay_a_few_dollars(self) -> None:
        assert 1 < sum(estimate(Use(), "PLUS").values()) < 10

    def test_the_pools_tier_is_paid_for_each_person_and_nothing_else_depends_on_it(self) -> None:
        cheap, plus = (estimate(Use(people=200), tier) for tier in ("ESSENTIALS", "PLUS"))
        assert (cheap.pop("Cognito"), plus.pop("Cognito")) == (pytest.approx(3), pytest.approx(4))
        assert cheap == plus


class TestWhatTheApiFunctionMayDo:
    """Its own role, enforced by the local cloud, tried from inside the function."""

    @pytest.fixture(scope="class")
    @classmethod
    def token(cls, running: Cloud) -> str:
        return running.person().token

    @pytest.mark.parametrize(
        ("service", "call", "arguments"),
        [
            ("dynamodb", "put_item", {"TableName": "MAIN", "Item": {"pk": "a", "sk": "b"}}),
            ("dynamodb", "get_item", {"TableName": "MAIN", "Key": {"pk": "a", "sk": "b"}}),
            ("dynamodb", "delete_item", {"TableName": "MAIN", "Key": {"pk": "a", "sk": "b"}}),
            ("dynamodb", "put_item", {"TableName": "AUDIT", "Item": {"pk": "a", "sk": "b"}}),
            ("s3", "list_object_versions", {"Bucket": "BUCKET", "Prefix": "incoming/x"}),
            (
                "s3",
                "delete_object",
                {"Bucket": "BUCKET", "Key": "incoming/x", "VersionId": "none"},
            ),
        ],
    )
    def test_it_may(
        self, running: Cloud, token: str, service: str, call: str, arguments: dict[str, Any]
    ) -> None:
        assert tried(running, token, service, call, arguments) is None

    @pytest.mark.parametrize(
        ("service", "call", "arguments"),
        [
            ("dynamodb", "scan", {"TableName": "MAIN"}),
            ("dynamodb", "scan", {"TableName": "AUDIT"}),
            ("dynamodb", "delete_table", {"TableName": "MAIN"}),
            ("dynamodb", "delete_item", {"TableName": "AUDIT", "Key": {"pk": "a", "sk": "b"}}),
            ("dynamodb", "get_item", {"TableName": "AUDIT", "Key": {"pk": "a", "sk": "b"}}),
            ("dynamodb", "list_tables", {}),
            ("s3", "put_object", {"Bucket": "BUCKET", "Key": "incoming/x", "Body": "x"}),
            ("s3", "get_object", {"Bucket": "BUCKET", "Key": "deploy/x"}),
            ("s3", "delete_object", {"Bucket": "BUCKET", "Key": "incoming/x"}),
            ("s3", "list_object_versions", {"Bucket": "BUCKET"}),
            ("s3", "list_buckets", {}),
            ("s3", "delete_bucket", {"Bucket": "BUCKET"}),
            ("iam", "list_roles", {}),
            ("lambda", "list_functions", {}),
            ("sts", "assume_role", {"RoleArn": "arn:aws:iam::000000000000:role/other"}),
            ("cloudformation", "describe_stacks", {}),
        ],
    )
    def test_it_may_not(
        self, running: Cloud, token: str, service: str, call: str, arguments: dict[str, Any]
    ) -> None:
        if service == "sts":
            arguments = {**arguments, "RoleSessionName": "somebody"}
        refusal = tried(running, token, service, call, arguments)
        assert refusal and ("AccessDenied" in refusal or "not authorized" in refusal)


def tried(
    cloud: Cloud, token: str, service: str, call: str, arguments: dict[str, Any]
) -> str | None:
    """Make the API function call AWS; return how it was refused."""
    typed = {
        name: {k: {"S": v} for k, v in value.items()} if isinstance(value, dict) else value
        for name, value in arguments.items()
    }
    body = {"service": service, "call": call, "with": typed}
    answer = cloud.call("POST", "/try", token, body)
    assert answer.status == 200, answer.text
    refused: str | None = answer.json["refused"]
    return refused


def expiration_days(cloud: Cloud, target: Target) -> int:
    """How long the bucket of a stage keeps a document's object at most."""
    described = cloud.boto3_client("cloudformation").describe_stacks(StackName=target.data_stack)
    outputs = {o["OutputKey"]: o["OutputValue"] for o in described["Stacks"][0]["Outputs"]}
    s3 = cloud.boto3_client("s3")
    rules = s3.get_bucket_lifecycle_configuration(Bucket=outputs["BucketName"])["Rules"]
    (days,) = [rule["Expiration"]["Days"] for rule in rules if "Days" in rule.get("Expiration", {})]
    return int(days)


def acts(rule: dict[str, Any]) -> dict[str, Any]:
    """What a lifecycle rule does, without its name and where it holds."""
    return {k: v for k, v in rule.items() if k not in ("ID", "Status", "Filter")}


def parameter(cloud: Cloud, stack: str, name: str) -> str:
    """A parameter a stack was deployed with."""
    described = cloud.boto3_client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    values = {p["ParameterKey"]: p["ParameterValue"] for p in described["Parameters"]}
    found: str = values[name]
    return found


def inventory(cloud: Cloud) -> dict[str, set[str]]:
    """Names of everything a deployment makes, over the whole account."""
    client = cloud.boto3_client
    return {
        "buckets": {b["Name"] for b in client("s3").list_buckets()["Buckets"]},
        "tables": set(client("dynamodb").list_tables()["TableNames"]),
        "pools": {
            p["Id"] for p in client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        },
        "functions": {f["FunctionName"] for f in client("lambda").list_functions()["Functions"]},
        "roles": {r["RoleName"] for r in client("iam").list_roles()["Roles"]},
        "apis": {a["id"] for a in client("apigateway").get_rest_apis()["items"]},
        "rules": {r["Name"] for r in client("events").list_rules()["Rules"]},
        "alarms": {a["AlarmName"] for a in client("cloudwatch").describe_alarms()["MetricAlarms"]},
        "logs": {g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]},
    }


def test_the_stage_of_a_local_cloud_is_named_local() -> None:
    assert localcloud.STAGE == "local"
