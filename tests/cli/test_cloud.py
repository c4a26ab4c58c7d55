"""`cloud deploy` and `cloud destroy`, carried out on a running local cloud as if it were AWS."""

import importlib.util
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer_cloud.localcloud.directory import Directory
from tests.cli.conftest import CommandLine
from tests.support.cloud import Cloud, send

VARIABLES = (
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ENDPOINT_URL",
)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which nobody has set up credentials."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def operator(cloud: Cloud, nobody: None, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The account of the local cloud, as boto3's ordinary chain finds it."""
    settings = Directory(cloud.data_dir).kept_settings()
    assert settings is not None
    use(monkeypatch, cloud, settings.root_key, "unused")
    return cloud


@pytest.fixture
def stage(operator: Cloud, line: CommandLine) -> Iterator[str]:
    """A stage that is gone after the test."""
    yield "second"
    line("cloud", "destroy", "--yes", *where("second"))


def use(monkeypatch: pytest.MonkeyPatch, cloud: Cloud, key: str, secret: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)


def where(stage: str, region: str = "us-east-1") -> tuple[str, ...]:
    return ("--stage", stage, "--region", region)


def stacks(cloud: Cloud) -> set[str]:
    found = cloud.boto3_client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"] for stack in found}


def parameters(cloud: Cloud, stack: str) -> dict[str, str]:
    described = cloud.boto3_client("cloudformation").describe_stacks(StackName=stack)
    return {p["ParameterKey"]: p["ParameterValue"] for p in described["Stacks"][0]["Parameters"]}


class TestDeploying:
    def test_a_stage_is_made_once_described_and_removed(
        self, operator: Cloud, line: CommandLine, stage: str
    ) -> None:
        before = stacks(operator)
        first = line.json("cloud", "deploy", *where(stage))
        assert first.code == 0, first.stderr
        assert set(first.json) == {"connection", "api_url", "changed", "made", "estimate"}
        assert first.json["changed"] is True
        assert {f"mydoctransfer-{stage}-data", f"mydoctransfer-{stage}-api"} <= stacks(operator)
        connection = Path(first.json["connection"])
        assert json.loads(connection.read_text("utf-8"))["api_url"] == first.json["api_url"]
        assert (connection.stat().st_mode & 0o777, connection.parent.stat().st_mode & 0o777) == (
            0o600,
            0o700,
        )
        second = line.json("cloud", "deploy", *where(stage)).json
        assert second == {**first.json, "changed": False}
        gone = line.json("cloud", "destroy", "--yes", *where(stage))
        assert sorted(gone.json["removed"]) == first.json["made"]
        assert stacks(operator) == before
        assert not connection.exists()

    def test_the_connection_file_leads_to_a_back_end_that_asks_for_a_token(
        self, operator: Cloud, line: CommandLine, stage: str
    ) -> None:
        deployed = line.json("cloud", "deploy", *where(stage)).json
        assert line("connect", deployed["connection"]).code == 0
        asked = urllib.request.Request(deployed["api_url"] + "/me")
        assert send(asked).status == 401

    def test_people_read_what_was_made_what_it_costs_and_how_to_connect(
        self, operator: Cloud, line: CommandLine, stage: str
    ) -> None:
        said = line("cloud", "deploy", *where(stage)).stdout
        assert f"Deploying stage {stage} to us-east-1, account 000000000000" in said
        assert f"S3::Bucket               mydoctransfer-{stage}-data" in said
        assert "US dollars a month without free tiers, for 10 people" in said
        assert "In Cognito an active person costs 0.020: its tier is PLUS." in said
        assert "mydoctransfer connect " in said
        again = line("cloud", "deploy", *where(stage)).stdout
        assert "All was up to date already" in again

    def test_policy_alarms_and_boundary_are_kept_until_others_are_given(
        self, operator: Cloud, line: CommandLine, stage: str, tmp_path: Path
    ) -> None:
        policy = tmp_path / "policy.json"
        policy.write_text('{"directory": "exact"}')
        topic, boundary = "arn:aws:sns:us-east-1:0:t", "arn:aws:iam::0:policy/b"
        chosen = ("--policy", str(policy), "--alarm-topic", topic, "--boundary", boundary)
        chosen += ("--concurrency", "7", "--pool-tier", "ESSENTIALS", "--sign-up", "on")
        assert line.json("cloud", "deploy", *where(stage), *chosen).code == 0
        again = line.json("cloud", "deploy", *where(stage)).json
        assert again["changed"] is False
        assert (again["estimate"]["pool_tier"], again["estimate"]["person"]) == (
            "ESSENTIALS",
            0.015,
        )
        data = parameters(operator, f"mydoctransfer-{stage}-data")
        assert (data["PoolTier"], data["SignUp"]) == ("ESSENTIALS", "on")
        assert json.loads(Path(again["connection"]).read_text())["sign_up"] is True
        given = parameters(operator, f"mydoctransfer-{stage}-api")
        assert json.loads(given["Policy"]) == {"directory": "exact"}
        assert (given["AlarmTopicArn"], given["BoundaryArn"]) == (topic, boundary)
        assert given["Concurrency"] == "7"
        line.json("cloud", "deploy", *where(stage), "--policy", "standard")
        assert parameters(operator, f"mydoctransfer-{stage}-api")["Policy"] == ""

    @pytest.mark.parametrize(
        ("content", "reason"),
        [("{", "cannot be read as JSON"), ('{"lifetimse": [1]}', "knows no lifetimse")],
    )
    def test_a_policy_that_is_none_deploys_nothing(
        self, operator: Cloud, line: CommandLine, tmp_path: Path, content: str, reason: str
    ) -> None:
        before = stacks(operator)
        policy = tmp_path / "policy.json"
        policy.write_text(content)
        ran = line.json("cloud", "deploy", *where("bad"), "--policy", str(policy))
        assert ran.code == 1
        assert reason in ran.json["error"]["message"]
        assert stacks(operator) == before


class TestDestroying:
    @pytest.mark.parametrize("answer", [b"", b"\n", b"yes\n", b"secon\n"])
    def test_only_the_stages_name_is_a_yes(
        self, operator: Cloud, line: CommandLine, stage: str, answer: bytes
    ) -> None:
        line("cloud", "deploy", *where(stage))
        before = stacks(operator)
        ran = line.json("cloud", "destroy", *where(stage), stdin=answer)
        assert ran.code == 1
        assert ran.json["error"]["code"] in ("not_confirmed", "no_input")
        assert "for good" in ran.stderr
        assert stacks(operator) == before

    def test_the_stages_name_on_stdin_removes_it(
        self, operator: Cloud, line: CommandLine, stage: str
    ) -> None:
        line("cloud", "deploy", *where(stage))
        ran = line("cloud", "destroy", *where(stage), stdin=f"{stage}\n".encode())
        assert (ran.code, ran.stdout.splitlines()[-1]) == (
            0,
            f"Removed stage {stage} in us-east-1, account 000000000000.",
        )

    def test_nothing_there_is_said_and_not_asked_about(
        self, operator: Cloud, line: CommandLine
    ) -> None:
        ran = line("cloud", "destroy", *where("never"))
        assert (ran.code, ran.stderr) == (0, "")
        assert "There is nothing of stage never" in ran.stdout


class TestWhatIsMissing:
    @pytest.mark.parametrize("command", ["deploy", "destroy"])
    def test_no_credentials(self, nobody: None, line: CommandLine, command: str) -> None:
        ran = line.json("cloud", command, *where("main"))
        assert ran.code == 1
        assert ran.json["error"]["code"] == f"{command}_failed"
        assert "There are no AWS credentials. Set up" in ran.json["error"]["message"]

    def test_a_profile_that_is_none(
        self, nobody: None, line: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_PROFILE", "elsewhere")
        ran = line.json("cloud", "deploy", *where("main"))
        assert "elsewhere" in ran.json["error"]["message"]
        assert "Set up credentials" in ran.json["error"]["message"]

    def test_no_permission(
        self, operator: Cloud, line: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        iam = operator.boto3_client("iam")
        iam.create_user(UserName="trainee")
        key = iam.create_access_key(UserName="trainee")["AccessKey"]
        use(monkeypatch, operator, key["AccessKeyId"], key["SecretAccessKey"])
        ran = line.json("cloud", "deploy", *where("main"))
        assert ran.code == 1
        assert "do not suffice" in ran.json["error"]["message"]
        assert "operator's guide" in ran.json["error"]["message"]

    def test_a_region_that_is_none(self, operator: Cloud, line: CommandLine) -> None:
        message = line.json("cloud", "deploy", *where("main", "eu-centrall-1")).json["error"]
        assert "There are: " in message["message"]
        assert "eu-central-1" in message["message"]

    def test_aws_out_of_reach(
        self, operator: Cloud, line: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        ran = line.json("cloud", "deploy", *where("main"))
        assert "AWS cannot be reached" in ran.json["error"]["message"]

    def test_the_deploy_extra(self, line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        find = importlib.util.find_spec

        def without_chalice(name: str, *more: Any) -> Any:
            return None if name == "chalice" else find(name, *more)

        monkeypatch.setattr(importlib.util, "find_spec", without_chalice)
        ran = line.json("cloud", "deploy", *where("main"))
        assert ran.json["error"]["code"] == "deploy_extra_missing"
        assert "pip install 'mydoctransfer[deploy]'" in ran.json["error"]["message"]

    @pytest.mark.parametrize("words", [(), ("--stage", "a"), ("--region", "b")])
    def test_stage_and_region(self, line: CommandLine, words: tuple[str, ...]) -> None:
        assert line("cloud", "deploy", *words).code == 2
