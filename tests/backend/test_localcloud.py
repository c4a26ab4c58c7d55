"""The local cloud as people use it: started, stopped, killed, started again, called over HTTP."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from mydoctransfer_cloud import CloudError, localcloud
from tests.support import tiny_backend
from tests.support.cloud import Answer, Cloud, Person, send
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A running local cloud with the tiny back-end."""
    backend = tiny_backend.make(tmp_path_factory.mktemp("backend"))
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), backend)
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def ada(tiny: Cloud) -> Person:
    return tiny.person()


@pytest.fixture(scope="module")
def grant(tiny: Cloud, ada: Person) -> dict[str, str]:
    made: dict[str, str] = tiny.call("POST", "/grant", ada.token, {}).json
    return made


@pytest.fixture(scope="module")
def s3(tiny: Cloud, grant: dict[str, str]) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=tiny.endpoint,
        region_name="us-east-1",
        aws_access_key_id=grant["AccessKeyId"],
        aws_secret_access_key=grant["SecretAccessKey"],
        aws_session_token=grant["SessionToken"],
        config=Config(s3={"addressing_style": "path"}),
    )


@pytest.fixture
def other(tiny: Cloud, tmp_path: Path) -> Iterator[Cloud]:
    """A cloud of its own, stopped, for tests that start, kill and change it."""
    assert tiny.backend is not None
    backend = tiny_backend.make(tmp_path / "backend")
    cloud = Cloud(tmp_path / "cloud", backend)
    yield cloud
    cloud.stop()


def raw(cloud: Cloud, method: str, path: str, **headers: str) -> Answer:
    request = urllib.request.Request(cloud.endpoint + path, method=method, headers=headers)
    return send(request)


class TestTheApi:
    def test_a_call_without_a_token_is_refused(self, tiny: Cloud) -> None:
        assert tiny.call("GET", "/me").status == 401

    @pytest.mark.parametrize("token", ["garbage", "a.b.c", "Bearer x"])
    def test_garbage_is_not_a_token(self, tiny: Cloud, token: str) -> None:
        assert tiny.call("GET", "/me", token).status == 401

    def test_a_forged_signature_is_refused(self, tiny: Cloud, ada: Person) -> None:
        head, claims, _ = ada.token.split(".")
        assert tiny.call("GET", "/me", f"{head}.{claims}.{'A' * 342}").status == 401

    def test_a_token_of_the_pool_is_let_in(self, tiny: Cloud, ada: Person) -> None:
        answer = tiny.call("GET", "/me", ada.token)
        assert (answer.status, answer.json["answer"]) == (200, "first")

    def test_a_call_to_a_warm_function_takes_less_than_the_wait_for_logs(
        self, tiny: Cloud, ada: Person
    ) -> None:
        """The emulator as it comes waits 50 ms for log lines after every call."""
        tiny.call("GET", "/me", ada.token)

        def took() -> float:
            started = time.perf_counter()
            tiny.call("GET", "/me", ada.token)
            return time.perf_counter() - started

        wait_for(lambda: took() < 0.045)

    def test_a_burst_of_calls_is_served_by_a_bounded_number_of_processes(
        self, tiny: Cloud, ada: Person
    ) -> None:
        token = ada.token
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: tiny.call("GET", "/slow", token), range(16)))
        assert {answer.status for answer in answers} == {200}
        workers = {answer.json["worker"] for answer in answers}
        assert 1 < len(workers) <= 8

    def test_nothing_of_the_operators_environment_reaches_a_function(
        self, tiny: Cloud, ada: Person
    ) -> None:
        seen = tiny.call("GET", "/environment", ada.token).json
        settings = json.loads((tiny.data_dir / "cloud.json").read_text())
        assert settings["root_key"] not in json.dumps(seen)
        assert seen["AWS_ACCESS_KEY_ID"].startswith("ASIA")
        assert "PYTEST_CURRENT_TEST" not in seen


class TestTheTriggers:
    def test_a_created_object_reaches_the_arrivals_function(self, tiny: Cloud) -> None:
        bucket = tiny.stack_outputs("data")["BucketName"]
        tiny.boto3_client("s3").put_object(Bucket=bucket, Key="incoming/a/b/c", Body=b"x")
        wait_for(lambda: "incoming/a/b/c" in rows(tiny, "arrivals"))

    def test_an_object_outside_incoming_reaches_nobody(self, tiny: Cloud) -> None:
        bucket, s3 = tiny.stack_outputs("data")["BucketName"], tiny.boto3_client("s3")
        s3.put_object(Bucket=bucket, Key="elsewhere/one", Body=b"x")
        s3.put_object(Bucket=bucket, Key="incoming/after", Body=b"x")
        wait_for(lambda: "incoming/after" in rows(tiny, "arrivals"))
        assert "elsewhere/one" not in rows(tiny, "arrivals")

    def test_a_hundred_objects_at_once_all_arrive(self, tiny: Cloud) -> None:
        bucket, s3 = tiny.stack_outputs("data")["BucketName"], tiny.boto3_client("s3")
        keys = {f"incoming/many/{n}" for n in range(100)}
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda key: s3.put_object(Bucket=bucket, Key=key, Body=b"x"), keys))
        wait_for(lambda: keys <= rows(tiny, "arrivals"))

    def test_the_sweep_runs_when_its_schedule_says_so(self, tiny: Cloud) -> None:
        tiny.sweep()
        assert "2026-11-24T00:00:00Z" in rows(tiny, "sweep")
        assert any("START" in line for line in tiny.logs("Sweep"))

    def test_the_sweep_is_scheduled_every_five_minutes(self, tiny: Cloud) -> None:
        events = tiny.boto3_client("events")
        (rule,) = events.list_rules()["Rules"]
        (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        assert (rule["ScheduleExpression"], rule["State"]) == ("rate(5 minutes)", "ENABLED")
        assert "Sweep" in target["Arn"]


class TestGrants:
    def test_a_grant_puts_under_its_prefix(self, s3: Any, grant: dict[str, str]) -> None:
        where = {"Bucket": grant["bucket"], "Key": grant["prefix"] + "new"}
        assert s3.put_object(**where, Body=b"x", IfNoneMatch="*")["VersionId"]

    def test_T30_a_grant_does_not_overwrite(self, s3: Any, grant: dict[str, str]) -> None:
        where = {"Bucket": grant["bucket"], "Key": grant["prefix"] + "twice"}
        s3.put_object(**where, Body=b"x", IfNoneMatch="*")
        with pytest.raises(ClientError, match="PreconditionFailed"):
            s3.put_object(**where, Body=b"y", IfNoneMatch="*")

    @pytest.mark.parametrize("key", ["incoming/somebody/one/x", "x", "deploy/code.zip"])
    def test_a_grant_puts_nowhere_else(self, s3: Any, grant: dict[str, str], key: str) -> None:
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket=grant["bucket"], Key=key, Body=b"x", IfNoneMatch="*")

    def test_a_grant_reads_lists_and_deletes_nothing(self, s3: Any, grant: dict[str, str]) -> None:
        where = {"Bucket": grant["bucket"], "Key": grant["prefix"] + "mine"}
        s3.put_object(**where, Body=b"x", IfNoneMatch="*")
        for refused in (
            lambda: s3.get_object(**where),
            lambda: s3.delete_object(**where),
            lambda: s3.list_objects_v2(Bucket=grant["bucket"], Prefix=grant["prefix"]),
        ):
            with pytest.raises(ClientError, match="AccessDenied"):
                refused()

    def test_a_secret_of_another_grant_signs_nothing(
        self, tiny: Cloud, grant: dict[str, str]
    ) -> None:
        forged = boto3.client(
            "s3",
            endpoint_url=tiny.endpoint,
            region_name="us-east-1",
            aws_access_key_id=grant["AccessKeyId"],
            aws_secret_access_key="guessed",
            aws_session_token=grant["SessionToken"],
        )
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            forged.put_object(Bucket=grant["bucket"], Key=grant["prefix"] + "f", Body=b"x")


class TestTheGuard:
    """What other users of the machine and open web pages try."""

    def test_nobody_can_erase_everything(self, tiny: Cloud, ada: Person) -> None:
        assert raw(tiny, "POST", "/_ministack/reset").status == 403
        assert tiny.call("GET", "/me", ada.token).status == 200

    def test_nobody_can_reconfigure_the_emulator(self, tiny: Cloud) -> None:
        assert raw(tiny, "POST", "/_ministack/config").status == 403
        assert raw(tiny, "GET", "/_localstack/health").status == 403

    @pytest.mark.parametrize("key", ["test", "000000000000", "123456789012"])
    def test_keys_that_everybody_knows_open_nothing(self, tiny: Cloud, key: str) -> None:
        client = boto3.client(
            "s3",
            endpoint_url=tiny.endpoint,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key="test",
        )
        with pytest.raises(ClientError, match="403"):
            client.list_buckets()

    def test_such_a_key_in_a_presigned_address_opens_nothing(self, tiny: Cloud) -> None:
        bucket = tiny.stack_outputs("data")["BucketName"]
        client = boto3.client(
            "s3",
            endpoint_url=tiny.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )
        url = client.generate_presigned_url("list_objects_v2", Params={"Bucket": bucket})
        assert send(urllib.request.Request(url)).status == 403

    @pytest.mark.parametrize(
        ("service", "call"),
        [
            ("dynamodb", "list_tables"),
            ("lambda", "list_functions"),
            ("apigateway", "get_rest_apis"),
            ("cloudformation", "describe_stacks"),
            ("s3", "list_buckets"),
        ],
    )
    def test_no_key_at_all_opens_nothing(self, tiny: Cloud, service: Any, call: str) -> None:
        unsigned = Config(signature_version=UNSIGNED)
        client = boto3.client(
            service, endpoint_url=tiny.endpoint, region_name="us-east-1", config=unsigned
        )
        with pytest.raises(ClientError):
            getattr(client, call)()

    def test_a_web_page_of_another_origin_is_refused(self, tiny: Cloud, ada: Person) -> None:
        answer = raw(tiny, "GET", "/api/me", Origin="https://example.org", Authorization=ada.token)
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers

    def test_another_name_for_this_address_is_refused(self, tiny: Cloud) -> None:
        assert raw(tiny, "GET", "/api/me", Host="rebound.example.org").status == 403

    def test_it_listens_on_loopback_only(self, tiny: Cloud) -> None:
        port = tiny.endpoint.rpartition(":")[2]
        listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        locals_ = {line.split()[1] for line in listening.splitlines() if " 0A " in line}
        assert {a for a in locals_ if a.endswith(f":{int(port):04X}")} == {
            f"0100007F:{int(port):04X}"
        }


class TestPeople:
    def test_adding_somebody_again_changes_names_password_and_rights(self, tiny: Cloud) -> None:
        email = "grace@example.org"
        tiny.add_user(email, "Grace", "Murray", "first password", admin=True)
        assert groups(tiny, email) == ["admins"]
        tiny.add_user(email, "Grace", "Hopper", "second password")
        assert groups(tiny, email) == []
        with pytest.raises(Exception, match="NotAuthorized"):
            tiny.id_token(email, "first password")
        answer = tiny.call("GET", "/me", tiny.id_token(email, "second password"))
        assert answer.status == 200

    def test_a_password_that_is_too_short_is_refused_with_the_reason(self, tiny: Cloud) -> None:
        with pytest.raises(CloudError, match=r"new@example\.org: .*[Pp]assword"):
            tiny.add_user("new@example.org", "A", "B", "short")

    def test_adding_somebody_where_no_cloud_runs_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(CloudError, match=r"No local cloud is running .*local up"):
            localcloud.add_user(tmp_path, "a@example.org", "A", "B", "long enough", False)


class TestRunning:
    def test_everything_survives_a_restart_and_nothing_is_deployed_again(
        self, other: Cloud
    ) -> None:
        other.start()
        person, before = other.person(), other.connection
        api = (other.data_dir / "api").read_text()
        epoch = other.call("GET", "/me", person.token).json["epoch"]
        other.stop()
        other.start()
        assert other.connection == before
        assert (other.data_dir / "api").read_text() == api
        assert other.call("GET", "/me", person.token).json["epoch"] == epoch
        assert other.id_token(person.email, person.password)

    def test_events_nobody_has_handled_yet_survive_a_restart(self, other: Cloud) -> None:
        other.start()
        bucket, s3 = other.stack_outputs("data")["BucketName"], other.boto3_client("s3")
        keys = {f"incoming/many/{n}" for n in range(100)}
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda key: s3.put_object(Bucket=bucket, Key=key, Body=b"x"), keys))
        other.stop()
        other.start()
        wait_for(lambda: keys <= rows(other, "arrivals"))

    def test_a_policy_in_the_directory_holds_from_the_next_start_on(self, tmp_path: Path) -> None:
        cloud = Cloud(tmp_path / "cloud")
        cloud.data_dir.mkdir()
        (cloud.data_dir / "policy.json").write_text('{"max_bytes": 1000}')
        try:
            cloud.start()
            me = cloud.call("GET", "/me", cloud.person().token).json
        finally:
            cloud.stop()
        assert me["policy"]["max_bytes"] == 1000

    def test_a_policy_that_is_none_is_named_with_its_mistake(self, tmp_path: Path) -> None:
        cloud = Cloud(tmp_path / "cloud")
        cloud.data_dir.mkdir()
        (cloud.data_dir / "policy.json").write_text('{"max_bites": 1000}')
        with pytest.raises(CloudError, match="max_bites"):
            cloud.start()
        assert not members(cloud.data_dir)

    def test_what_lies_in_the_directory_is_the_persons_own(self, other: Cloud) -> None:
        other.start()
        assert stat.S_IMODE(other.data_dir.stat().st_mode) == 0o700
        for name in ("cloud.json", "connection.json"):
            assert stat.S_IMODE((other.data_dir / name).stat().st_mode) == 0o600

    def test_a_second_cloud_on_one_directory_is_refused(self, other: Cloud) -> None:
        other.start()
        with pytest.raises(CloudError, match="already running"):
            localcloud.up(other.data_dir, None, lambda _: None, threading.Event())

    def test_two_clouds_run_side_by_side(self, tiny: Cloud, other: Cloud) -> None:
        other.start()
        person = other.person()
        assert other.call("GET", "/me", person.token).status == 200
        assert tiny.call("GET", "/me", person.token).status == 401

    def test_a_port_that_is_taken_is_named(self, other: Cloud) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(CloudError, match=f"uses port {port}"):
                other.start(port)

    def test_another_port_is_kept_from_then_on(self, other: Cloud) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        other.start(port)
        other.stop()
        other.start()
        assert other.endpoint == f"http://127.0.0.1:{port}"

    def test_an_update_with_another_route_keeps_address_and_data(self, other: Cloud) -> None:
        other.start()
        person, before = other.person(), other.connection
        epoch = other.call("GET", "/me", person.token).json["epoch"]
        other.stop()
        assert other.backend is not None
        tiny_backend.make(other.backend, answer="second", more=tiny_backend.ANOTHER_ROUTE)
        other.start()
        assert other.connection == before
        me = other.call("GET", "/me", person.token).json
        assert (me["answer"], me["epoch"]) == ("second", epoch)
        assert other.call("GET", "/another", person.token).json == {"another": True}


_UP = """
import sys, threading
from pathlib import Path
from mydoctransfer_cloud import localcloud
say = lambda ready: print(ready.api_url, flush=True)
localcloud.up(Path(sys.argv[1]), None, say, threading.Event(), backend=Path(sys.argv[2]))
"""


class TestDying:
    """The cloud as a process of its own, the way `local up` is one."""

    @pytest.fixture
    def up(self, other: Cloud) -> Iterator[Any]:
        started: list[subprocess.Popen[str]] = []

        def start() -> subprocess.Popen[str]:
            command = [sys.executable, "-c", _UP, str(other.data_dir), str(other.backend)]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            started.append(process)
            assert process.stdout is not None
            assert process.stdout.readline().startswith("http")
            return process

        yield start
        for process in started:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        wait_for(lambda: not members(other.data_dir))

    def test_sigterm_ends_every_process_and_keeps_the_state(self, other: Cloud, up: Any) -> None:
        process = up()
        person = other.person()
        other.call("GET", "/me", person.token)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert not members(other.data_dir)
        up()
        assert other.id_token(person.email, person.password)

    def test_no_process_outlives_a_killed_parent_and_the_state_is_saved(
        self, other: Cloud, up: Any
    ) -> None:
        process = up()
        person = other.person()
        other.call("GET", "/me", person.token)
        process.kill()
        process.wait()
        wait_for(lambda: not members(other.data_dir))
        up()
        assert other.id_token(person.email, person.password)

    def test_after_a_crash_ids_and_people_are_there_and_the_epoch_is_kept_if_nothing_was_lost(
        self, other: Cloud, up: Any
    ) -> None:
        process = up()
        person, before = other.person(), other.connection
        epoch = other.call("GET", "/me", person.token).json["epoch"]
        wait_for(lambda: not (other.data_dir / "unsaved").exists())
        crash(other.data_dir)
        assert process.wait(30) == 1
        up()
        assert other.connection == before
        assert other.call("GET", "/me", person.token).json["epoch"] == epoch

    def test_after_a_crash_that_lost_something_the_epoch_is_another(
        self, other: Cloud, up: Any
    ) -> None:
        process = up()
        person = other.person()
        epoch = other.call("GET", "/me", person.token).json["epoch"]
        wait_for(lambda: not (other.data_dir / "unsaved").exists())
        other.person()
        assert (other.data_dir / "unsaved").exists()
        crash(other.data_dir)
        assert process.wait(30) == 1
        up()
        assert other.call("GET", "/me", person.token).json["epoch"] != epoch


def rows(cloud: Cloud, partition: str) -> set[str]:
    """Sort keys of one partition of the main table."""
    found = cloud.boto3_client("dynamodb").query(
        TableName=cloud.stack_outputs("data")["MainTableName"],
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": partition}},
    )
    return {item["sk"]["S"] for item in found["Items"]}


def groups(cloud: Cloud, email: str) -> list[str]:
    """Cognito groups of a person."""
    found = cloud.boto3_client("cognito-idp").admin_list_groups_for_user(
        UserPoolId=cloud.connection.user_pool_id, Username=email
    )
    return [group["GroupName"] for group in found["Groups"]]


def members(data_dir: Path) -> set[int]:
    """Processes working in or below a data directory: the emulator and its functions."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink().is_relative_to(data_dir):
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def crash(data_dir: Path) -> None:
    """Kill the emulator and its functions without a word, as a power cut does."""
    for pid in members(data_dir):
        with contextlib.suppress(ProcessLookupError):  # a function ends with its emulator
            os.kill(pid, signal.SIGKILL)
