"""What the guard lets through and what it sends away, without a cloud behind it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer_cloud.localcloud.guard import RESERVED_BYTES, Guard

PORT = 4711


class Behind:
    """The application behind the guard: answers 200 and remembers the paths it saw."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.raw_paths: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.paths.append(scope["path"])
        self.raw_paths.append(scope["raw_path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Asked:
    """A guard with everything around it.

    Attributes:
        changes: how often it said that something may have been written.
    """

    def __init__(self, api_file: Path, free: int = 10 * RESERVED_BYTES) -> None:
        self.behind, self.changes = Behind(), 0
        self.guard = Guard(self.behind, PORT, api_file, self._changed, lambda: free)

    def __call__(self, method: str, path: str, query: str = "", **headers: str) -> int:
        """Send one request; return the status."""
        given = {"host": f"127.0.0.1:{PORT}", **headers}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in given.items()
            ],
        }
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            raise AssertionError("the guard reads no bodies")

        asyncio.run(self.guard(scope, receive, send))
        status: int = sent[0]["status"]
        return status

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def api_file(tmp_path: Path) -> Path:
    file = tmp_path / "api"
    file.write_text("/_aws/execute-api/abc/v1")
    return file


@pytest.fixture
def ask(api_file: Path) -> Asked:
    return Asked(api_file)


def signed(key: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential={key}/20261124/us-east-1/s3/aws4_request, Signature=0"


class TestTheApisAddress:
    def test_it_leads_to_the_api_deployed_now(self, ask: Asked, api_file: Path) -> None:
        ask("GET", "/api/me")
        api_file.write_text("/_aws/execute-api/another/v1")
        ask("GET", "/api/me")
        assert ask.behind.paths == [
            "/_aws/execute-api/abc/v1/me",
            "/_aws/execute-api/another/v1/me",
        ]

    def test_T24_what_follows_it_is_passed_on_to_the_letter(self, ask: Asked) -> None:
        ask("GET", "/api//docs%2f..")
        assert ask.behind.raw_paths == [b"/_aws/execute-api/abc/v1//docs%2f.."]

    def test_a_bucket_that_begins_like_it_is_a_bucket(self, ask: Asked) -> None:
        ask("GET", "/apiary/x", authorization=signed("ASIA1"))
        assert ask.behind.paths == ["/apiary/x"]


class TestRefusals:
    @pytest.mark.parametrize("key", ["test", "000000000000", "123456789012"])
    @pytest.mark.parametrize("how", ["header", "v2", "query", "v2 query"])
    def test_a_key_everybody_knows(self, ask: Asked, key: str, how: str) -> None:
        status = {
            "header": lambda: ask("GET", "/b/k", authorization=signed(key)),
            "v2": lambda: ask("GET", "/b/k", authorization=f"AWS {key}:sig"),
            "query": lambda: ask("GET", "/b/k", f"X-Amz-Credential={key}%2F2026%2Fx&X-Amz-Date=1"),
            "v2 query": lambda: ask("GET", "/b/k", f"AWSAccessKeyId={key}&Signature=x"),
        }[how]()
        assert (status, ask.behind.paths) == (403, [])

    @pytest.mark.parametrize("key", ["LOCAL12", "ASIA000000000000", "testing", "1234567890123"])
    def test_other_keys_are_for_the_emulator_to_judge(self, ask: Asked, key: str) -> None:
        assert ask("GET", "/b/k", authorization=signed(key)) == 200

    @pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/ready", "/_localstack/x"])
    def test_the_emulators_administration(self, ask: Asked, path: str) -> None:
        assert ask("POST", path) == 403

    @pytest.mark.parametrize(
        "host",
        [
            "example.org",
            "127.0.0.1",
            "127.0.0.1:1",
            "b.localhost:4711",
            "d1.cloudfront.net",
            "d1.cloudfront.localhost:4711",
            "d1.cloudfront.127.0.0.1:1",
            "evil.org.cloudfront.127.0.0.1:4711",
        ],
    )
    def test_another_host(self, ask: Asked, host: str) -> None:
        assert ask("GET", "/api/me", host=host) == 403

    @pytest.mark.parametrize("origin", ["https://example.org", "http://127.0.0.1:1"])
    def test_another_origin(self, ask: Asked, origin: str) -> None:
        assert ask("POST", "/api/me", origin=origin) == 403

    @pytest.mark.parametrize("origin", ["null", f"http://127.0.0.1:{PORT}"])
    def test_the_recipients_page_may_send_its_form(self, ask: Asked, origin: str) -> None:
        assert ask("POST", "/api/s/token", origin=origin) == 200

    def test_an_object_the_disk_has_no_room_for(self, api_file: Path) -> None:
        ask = Asked(api_file, free=RESERVED_BYTES + 1000)
        assert ask("PUT", "/b/k", authorization=signed("ASIA1"), content_length="1001") == 507
        assert ask("PUT", "/b/k", authorization=signed("ASIA1"), content_length="1000") == 200

    def test_the_records_of_a_full_disk_are_still_written(self, api_file: Path) -> None:
        ask = Asked(api_file, free=0)
        put = "DynamoDB_20120810.PutItem"
        assert ask("POST", "/", authorization=signed("A"), x_amz_target=put) == 200
        assert ask("POST", "/api/docs/x", content_length="100") == 200


class TestWhatCountsAsAChange:
    @pytest.mark.parametrize(
        ("method", "path", "target"),
        [
            ("GET", "/b/k", ""),
            ("HEAD", "/b/k", ""),
            ("POST", "/", "DynamoDB_20120810.Query"),
            ("POST", "/", "DynamoDB_20120810.GetItem"),
            ("POST", "/", "AWSCognitoIdentityProviderService.ListUsers"),
        ],
    )
    def test_reading_is_none(self, ask: Asked, method: str, path: str, target: str) -> None:
        ask(method, path, authorization=signed("A"), **({"x_amz_target": target} if target else {}))
        assert ask.changes == 0

    @pytest.mark.parametrize(
        ("method", "path", "target"),
        [
            ("PUT", "/b/k", ""),
            ("DELETE", "/b/k", ""),
            ("POST", "/", "DynamoDB_20120810.TransactWriteItems"),
            ("POST", "/", "AWSCognitoIdentityProviderService.AdminCreateUser"),
            ("POST", "/", ""),
        ],
    )
    def test_writing_is_one_before_and_after(
        self, ask: Asked, method: str, path: str, target: str
    ) -> None:
        ask(method, path, authorization=signed("A"), **({"x_amz_target": target} if target else {}))
        assert ask.changes == 2

    def test_what_was_refused_is_none(self, ask: Asked) -> None:
        ask("POST", "/_ministack/reset")
        ask("PUT", "/b/k", host="example.org")
        assert ask.changes == 0
