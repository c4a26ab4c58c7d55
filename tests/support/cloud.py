"""Fixtures that hand tests a real local cloud: started, deployed into and stopped by real code.

`cloud` is one cloud for the whole session, in a directory of its own; tests keep apart by people
of their own (`person`, or `cloud.person()`), never by wiping. Register with
`pytest_plugins = ["tests.support.cloud"]`.
"""

import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from pycognito.aws_srp import AWSSRP

from mydoctransfer_cloud import localcloud
from mydoctransfer_cloud.localcloud.directory import Directory
from mydoctransfer_contract.connection import Connection

PASSWORD = "correct horse battery staple"
_START_SECONDS = 120.0

_connect: Any = boto3.client  # the service's name is not known to the type checker here
_Srp: Any = AWSSRP


@dataclass
class Cloud:
    """A local cloud of the tests, running or stopped.

    Attributes:
        data_dir: what `--data-dir` would name.
        backend: other sources than the checkout's, for tests of the deployer itself.
    """

    data_dir: Path
    backend: Path | None = None
    _thread: threading.Thread | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _failure: list[BaseException] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def connection_file(self) -> Path:
        """What `connect` takes."""
        return self.data_dir / "connection.json"

    @property
    def connection(self) -> Connection:
        """The connection, decoded."""
        found = Directory(self.data_dir).connection()
        assert found is not None, "the cloud was never started"
        return found

    @property
    def endpoint(self) -> str:
        """Address of the AWS services."""
        endpoint = self.connection.endpoint_url
        assert endpoint is not None
        return endpoint

    @property
    def api_url(self) -> str:
        """Address of the API, stage included."""
        return self.connection.api_url

    def start(self, port: int | None = None) -> None:
        """Start and return when the back-end answers; the same address as before.

        Raises:
            CloudError: what `up` raised.
        """
        self._stop, is_ready = threading.Event(), threading.Event()
        self._failure.clear()
        self._thread = threading.Thread(target=self._run, args=(port, is_ready), name="local-cloud")
        self._thread.start()
        if not is_ready.wait(_START_SECONDS):
            self.stop()
            raise TimeoutError(f"no local cloud within {_START_SECONDS} s: {self.data_dir}")
        if self._failure:
            self._thread.join()
            raise self._failure[0]

    def stop(self) -> None:
        """Stop, state saved, as SIGTERM does; a stopped cloud stays stopped."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        self._thread = None

    def add_user(
        self, email: str, given: str, family: str, password: str, admin: bool = False
    ) -> None:
        """Add a person, by the code behind `local add-user`."""
        localcloud.add_user(self.data_dir, email, given, family, password, admin)

    def person(self, given: str = "Ada", family: str = "Byron", *, admin: bool = False) -> "Person":
        """Add somebody nobody else in the session knows."""
        email = f"person{next(self._numbers)}@example.org"
        self.add_user(email, given, family, PASSWORD, admin)
        return Person(self, email, given, family, PASSWORD)

    def tokens(self, email: str, password: str) -> dict[str, str]:
        """Sign in with SRP, as the desktop does; return Cognito's AuthenticationResult."""
        where = self.connection
        client = _connect(
            "cognito-idp",
            region_name=where.region,
            endpoint_url=where.endpoint_url,
            config=Config(signature_version=UNSIGNED),
        )
        srp = _Srp(
            username=email,
            password=password,
            pool_id=where.user_pool_id,
            client_id=where.client_id,
            client=client,
        )
        result: dict[str, str] = srp.authenticate_user()["AuthenticationResult"]
        return result

    def id_token(self, email: str, password: str) -> str:
        """Return an ID token, as it goes into `Authorization`."""
        return self.tokens(email, password)["IdToken"]

    def boto3_client(self, service: str) -> Any:
        """Return a client with the account's root credentials: what the operator may do."""
        settings = Directory(self.data_dir).kept_settings()
        assert settings is not None
        return _connect(
            service,
            region_name=self.connection.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=settings.root_key,
            aws_secret_access_key="unused",
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"})
            if service == "s3"
            else None,
        )

    def call(
        self, method: str, path: str, token: str | None = None, body: object = None
    ) -> "Answer":
        """Make one call of the API over HTTP."""
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = token
        data = None if body is None else json.dumps(body).encode()
        url = self.api_url + path
        return send(urllib.request.Request(url, data, headers, method=method))

    def function(self, logical_id: str) -> str:
        """Name of the function `APIHandler`, `Arrivals` or `Sweep`."""
        described = self.boto3_client("cloudformation").describe_stack_resource(
            StackName=f"mydoctransfer-{localcloud.STAGE}-api", LogicalResourceId=logical_id
        )
        name: str = described["StackResourceDetail"]["PhysicalResourceId"]
        return name

    def sweep(self) -> None:
        """Run the sweep now, as its schedule does, and wait until it is done."""
        event = {
            "version": "0",
            "id": "00000000-0000-0000-0000-000000000000",
            "account": "000000000000",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "time": "2026-11-24T00:00:00Z",
            "region": self.connection.region,
            "resources": [],
            "detail": {},
        }
        answer = self.boto3_client("lambda").invoke(
            FunctionName=self.function("Sweep"), Payload=json.dumps(event).encode()
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    def logs(self, logical_id: str, since_ms: int = 0) -> list[str]:
        """What a function logged, ten thousand lines at most: the local cloud gives no more."""
        group = f"/aws/lambda/{self.function(logical_id)}"
        pages = self.boto3_client("logs").get_paginator("filter_log_events")
        return [
            event["message"]
            for page in pages.paginate(logGroupName=group, startTime=since_ms)
            for event in page["events"]
        ]

    def stack_outputs(self, stack: str) -> dict[str, str]:
        """Return the outputs of the stack `data` or `api`: names of tables, bucket, functions."""
        described = self.boto3_client("cloudformation").describe_stacks(
            StackName=f"mydoctransfer-{localcloud.STAGE}-{stack}"
        )
        return {o["OutputKey"]: o["OutputValue"] for o in described["Stacks"][0]["Outputs"]}

    def _run(self, port: int | None, is_ready: threading.Event) -> None:
        try:
            localcloud.up(
                self.data_dir, port, lambda _: is_ready.set(), self._stop, backend=self.backend
            )
        except BaseException as exc:
            self._failure.append(exc)
        finally:
            is_ready.set()


@dataclass(frozen=True)
class Answer:
    """What an HTTP server answered.

    Attributes:
        headers: names in lower case.
    """

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.text)


def send(request: urllib.request.Request) -> Answer:
    """Send a request; an error status is an answer, too."""
    try:
        response = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as refused:
        response = refused
    with response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, response.read().decode())


@dataclass
class Person:
    """Somebody with an account in a cloud."""

    cloud: Cloud
    email: str
    given_name: str
    family_name: str
    password: str
    _token: tuple[float, str] = (0.0, "")

    @property
    def token(self) -> str:
        """An ID token with at least two minutes to live."""
        if time.monotonic() - self._token[0] > 180 or not self._token[1]:
            signed_in = self.cloud.id_token(self.email, self.password)
            self._token = (time.monotonic(), signed_in)
        return self._token[1]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One real local cloud, with the checkout's back-end deployed, for the whole session."""
    running = Cloud(tmp_path_factory.mktemp("cloud"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def person(cloud: Cloud) -> Person:
    """Somebody with an account that only this test knows."""
    return cloud.person()
