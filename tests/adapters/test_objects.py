"""The bucket's bytes: against the real local cloud, and against a store that misbehaves."""

import base64
import datetime
import hashlib
import itertools
import os
import string
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mydoctransfer.adapters.cloud import HttpCloud
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.objects import S3Objects, plane, puts, signing, skewed
from mydoctransfer.adapters.web import Deadlines, Web
from mydoctransfer.engine import answers
from mydoctransfer.engine.ports import (
    Answers,
    Arrived,
    Completion,
    Failure,
    FailureKind,
    Grant,
    Part,
    PartPut,
    Registered,
    Registration,
    SmallPut,
    UploadRequest,
)
from mydoctransfer.model.checksums import composite_crc32
from mydoctransfer.model.trees import Document, OpId, RelPath, Stat
from tests.adapters.suites.objects import PART, ObjectsSuite, kind_of, send, small
from tests.support.cloud import Cloud, Person
from tests.support.loopback import Answer, Loopback, Never, Request, authority

GRANT = Grant("g", "bucket", "eu-west-1", "incoming/s/g/", "AKID", "s3cr3t-canary", "tok-canary", 0)


class RealBucket:
    """The local cloud's bucket through a grant of its API; `Bucket` of the suite."""

    def __init__(self, cloud: Cloud, person: Person, folder: Path) -> None:
        self.folder = folder
        self.api = HttpCloud(cloud.api_url, lambda _: person.token, "host", Web())
        self.disk = FolderDisk(str(folder))
        self.objects = S3Objects(cloud.endpoint, self.disk.open_file, self.api.clock_offset_ms)
        # The back-end deletes what nobody registered, and what is larger than was said.
        registration = self.register([f"key{n}" for n in range(8)], 32 * 1024 * 1024)
        assert registration.grant is not None
        self.grant = registration.grant
        self._keys = iter(r.key for r in registration.results if isinstance(r, Registered))
        self._s3 = cloud.boto3_client("s3")

    def register(self, paths: list[str], size: int) -> Registration:
        requests = [
            UploadRequest(
                OpId(os.urandom(16).hex()), RelPath(p), p, size, None, None, None, None, ()
            )
            for p in paths
        ]
        answer = self.api.register(requests, None)
        assert isinstance(answer, Registration), answer
        return answer

    def write(self, path: str, content: bytes) -> Stat:
        (self.folder / path).write_bytes(content)
        found = self.disk.stat(RelPath(path))
        assert isinstance(found, Stat)
        return found

    def key(self) -> str:
        return next(self._keys)

    def content(self, key: str) -> bytes | None:
        try:
            found = self._s3.get_object(Bucket=self.grant.bucket, Key=key)
        except ClientError:
            return None
        body: bytes = found["Body"].read()
        return body

    def version(self, key: str) -> str | None:
        found = self._s3.head_object(Bucket=self.grant.bucket, Key=key)
        return str(found["VersionId"])

    def uploads(self) -> set[str]:
        listed = self._s3.list_multipart_uploads(Bucket=self.grant.bucket, Prefix=self.grant.prefix)
        return {u["Key"] for u in listed.get("Uploads", [])}


@pytest.fixture
def bucket(cloud: Cloud, person: Person, tmp_path: Path) -> Iterator[RealBucket]:
    made = RealBucket(cloud, person, tmp_path)
    yield made
    made.objects.close()


class TestS3Objects(ObjectsSuite):
    """The real one over the real local cloud, held to the port's suite."""


class TestSendingProcesses(ObjectsSuite):
    """The same where every small file goes through other processes."""

    @pytest.fixture(autouse=True)
    def _one_is_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(plane, "MANY", 1)


# --- as a whole, with the API --------------------------------------------------------------------


def test_a_large_file_is_published_under_the_checksum_the_client_computed(
    bucket: RealBucket,
) -> None:
    """H02. The composite checksum is what the store keeps, or `complete` would refuse."""
    content = os.urandom(PART * 2 + 12345)
    expects = bucket.write("big", content)
    registration = bucket.register(["big"], len(content))
    (registered,) = registration.results
    assert isinstance(registered, Registered)
    assert registration.grant is not None
    bucket.grant = registration.grant
    key = registered.key
    multipart_id = bucket.objects.start(bucket.grant, key)
    assert isinstance(multipart_id, str)
    sent = {
        n + 1: send(
            bucket,
            PartPut(
                RelPath("big"), expects, key, multipart_id, n + 1, at, min(PART, len(content) - at)
            ),
        )
        for n, at in enumerate(range(0, len(content), PART))
    }
    assert bucket.objects.finish(bucket.grant, key, multipart_id, sent) is None
    digest = bucket.objects.digest(RelPath("big"), expects, PART)
    assert not isinstance(digest, Failure)
    completed = bucket.api.complete(
        [
            Completion(
                registered.upload_id,
                len(content),
                digest.sha256,
                PART,
                composite_crc32(digest.crcs),
            )
        ]
    )
    assert isinstance(completed, Answers)
    (document,) = completed.results
    assert isinstance(document, Document)
    assert document.sha256 == hashlib.sha256(content).hexdigest()


def test_a_clock_that_is_wrong_by_days_still_signs_rightly(
    bucket: RealBucket, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H08, E05. Both ways of signing use the server's clock."""
    day = 86_400
    seconds, now = time.time, datetime.datetime.now

    class Late(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return now(tz) - datetime.timedelta(seconds=day)

    monkeypatch.setattr(puts.time, "time", lambda: seconds() - day)
    monkeypatch.setattr(skewed.datetime, "datetime", Late)
    late = S3Objects(cloud.endpoint, bucket.disk.open_file, lambda: day * 1000)
    put = small(bucket, "a", b"a")
    (outcome,) = late.put_many(bucket.grant, [put])
    assert isinstance(outcome, Arrived)
    assert isinstance(late.start(bucket.grant, bucket.key()), str)
    late.close()


def test_a_grant_the_store_does_not_know_any_more_has_ended(bucket: RealBucket) -> None:
    """H10. A local cloud forgets sessions when it restarts; a renewed grant works again."""
    put = small(bucket, "a", b"a")
    old = replace(bucket.grant, access_key_id="ASIA0123456789ABCDEF", session_token="forgotten")
    (outcome,) = bucket.objects.put_many(old, [put])
    assert kind_of(outcome) is FailureKind.GRANT_ENDED
    assert kind_of(bucket.objects.start(old, put.key)) is FailureKind.GRANT_ENDED


# --- signatures ----------------------------------------------------------------------------------

texts = st.text(string.ascii_letters + string.digits + "/+=-_", min_size=1, max_size=60)
keys = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@given(
    key_id=st.text(string.ascii_uppercase + string.digits, min_size=4, max_size=20),
    secret=texts,
    token=texts,
    region=st.sampled_from(["eu-west-1", "us-east-1", "cn-north-1"]),
    key=keys,
    content=st.binary(max_size=200),
    at=st.datetimes(datetime.datetime(2000, 1, 1), datetime.datetime(2099, 12, 31)),
)
@settings(max_examples=300)
def test_the_planes_signature_is_botocores(
    key_id: str,
    secret: str,
    token: str,
    region: str,
    key: str,
    content: bytes,
    at: datetime.datetime,
) -> None:
    grant = Grant("g", "b", region, "p/", key_id, secret, token, 0)
    digest = hashlib.sha256(content)
    checksum = base64.b64encode(digest.digest()).decode()
    uri = signing.canonical_uri(f"/b/{key}")
    date = at.strftime("%Y%m%dT%H%M%SZ")
    ours = signing.signed_headers(
        grant,
        "s3.example.org:4566",
        uri,
        {"if-none-match": "*", "x-amz-checksum-sha256": checksum},
        digest.hexdigest(),
        date,
    )

    class Dated(S3SigV4Auth):
        def _modify_request_before_signing(self, request: Any) -> None:
            request.context["timestamp"] = date
            super()._modify_request_before_signing(request)  # type: ignore[misc]

    request = AWSRequest(
        "PUT",
        f"http://s3.example.org:4566{uri}",
        {"If-None-Match": "*", "x-amz-checksum-sha256": checksum},
        content,
    )
    Dated(Credentials(key_id, secret, token), "s3", region).add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]
    assert ours["x-amz-date"] == request.headers["X-Amz-Date"]
    assert ours["x-amz-content-sha256"] == request.headers["X-Amz-Content-SHA256"]
    assert ours["x-amz-security-token"] == request.headers["X-Amz-Security-Token"]


@given(
    number=st.integers(1, 10_000),
    upload=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40),
    key=keys,
    crc32=st.integers(0, 2**32 - 1),
)
@settings(max_examples=200)
def test_the_signature_of_a_part_is_botocores(
    number: int, upload: str, key: str, crc32: int
) -> None:
    part = PartPut(RelPath("f"), Stat(1, 2, 3, 4, 5), key, upload, number, 0, 3)
    endpoint = "http://s3.example.org:4566"
    base, target, ours = puts.part_question(endpoint, GRANT, part, crc32, 0)

    class Dated(S3SigV4Auth):
        def _modify_request_before_signing(self, request: Any) -> None:
            request.context["timestamp"] = ours["x-amz-date"]
            request.headers["X-Amz-Content-SHA256"] = "UNSIGNED-PAYLOAD"
            super()._modify_request_before_signing(request)  # type: ignore[misc]

        def payload(self, request: Any) -> str:
            return "UNSIGNED-PAYLOAD"

    checksum = base64.b64encode(crc32.to_bytes(4, "big")).decode()
    request = AWSRequest("PUT", base + target, {"x-amz-checksum-crc32": checksum}, b"abc")
    Dated(
        Credentials(GRANT.access_key_id, GRANT.secret_access_key, GRANT.session_token),
        "s3",
        GRANT.region,
    ).add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]


def test_a_grant_does_not_show_its_secrets() -> None:
    """Invariant I24."""
    assert "canary" not in repr(GRANT)
    assert "canary" not in str(GRANT)


# --- a store that misbehaves ---------------------------------------------------------------------

ETAG = {"ETag": '"e"', "x-amz-request-id": "1", "x-amz-version-id": "v7"}


def error(code: str, status: int, message: str = "", **headers: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, body.encode(), "application/xml", headers)


def ready(server: Loopback, folder: Path, content: bytes = b"x") -> tuple[S3Objects, SmallPut]:
    disk = FolderDisk(str(folder))
    (folder / "f").write_bytes(content)
    expects = disk.stat(RelPath("f"))
    assert isinstance(expects, Stat)
    objects = S3Objects(
        server.url, disk.open_file, lambda: 0, Web(Deadlines(connect=5, read=1, total=5))
    )
    put = SmallPut(RelPath("f"), expects, hashlib.sha256(content).hexdigest(), "incoming/s/g/k")
    return objects, put


def part_of(put: SmallPut) -> PartPut:
    return PartPut(put.path, put.expects, put.key, "m", 1, 0, put.expects.size)


PORTAL = Answer(200, b"<html>sign in</html>", "text/html")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error("ExpiredToken", 400), FailureKind.GRANT_ENDED),
        (error("AccessDenied", 403, "Request has expired"), FailureKind.GRANT_ENDED),
        (error("AccessDenied", 403, "Access Denied"), FailureKind.REFUSED),
        (error("RequestTimeTooSkewed", 403), FailureKind.CLOCK_WRONG),
        (error("SlowDown", 503), FailureKind.BUSY),
        (error("InternalError", 500), FailureKind.BUSY),
        (error("BadDigest", 400), FailureKind.CORRUPT),
        (error("EntityTooLarge", 400), FailureKind.REFUSED),
        (error("ConditionalRequestConflict", 409), FailureKind.BUSY),
        (Answer(502, b"<html>bad gateway</html>", "text/html"), FailureKind.BUSY),
        (Answer(403, b"<html>blocked</html>", "text/html"), FailureKind.OFFLINE),
        (Answer(511, b"<html>sign in</html>", "text/html"), FailureKind.OFFLINE),
        (
            Answer(302, b"", "text/html", {"Location": "http://portal.example/"}),
            FailureKind.OFFLINE,
        ),
        (PORTAL, FailureKind.OFFLINE),
    ],
)
def test_each_error_of_the_store_has_its_meaning(
    tmp_path: Path, answer: Answer, kind: FailureKind
) -> None:
    """G05, G09, G10, H02, H08, H09, H22. Over both ways to the store."""
    with Loopback(lambda _: answer) as server:
        objects, put = ready(server, tmp_path)
        (outcome,) = objects.put_many(GRANT, [put])
        assert kind_of(outcome) is kind
        if answer.status != 302:
            assert kind_of(objects.put_part(GRANT, part_of(put))) is kind
        objects.close()


def test_the_stores_wish_to_wait_is_passed_on(tmp_path: Path) -> None:
    """G05."""
    slow = error("SlowDown", 503, **{"Retry-After": "7"})
    with Loopback(lambda _: slow) as server:
        objects, put = ready(server, tmp_path)
        (outcome,) = objects.put_many(GRANT, [put])
        assert isinstance(outcome, Failure)
        assert outcome.retry_after == 7.0
        objects.close()


def test_who_waits_for_a_busy_store_is_told_to_try_again(tmp_path: Path) -> None:
    """G05."""
    with Loopback(lambda _: error("SlowDown", 503)) as server:
        objects, put = ready(server, tmp_path)
        (outcome,) = objects.put_many(GRANT, [put])
        assert isinstance(outcome, Failure)
        assert outcome.message == "The store is busy; it is tried again."
        assert answers.error(outcome).message == "The store is busy. Try again in a moment."
        objects.close()


def test_an_error_inside_of_a_200_is_an_error(tmp_path: Path) -> None:
    """H05."""
    hidden = replace(error("InternalError", 200), status=200)
    with Loopback(lambda _: hidden) as server:
        objects, put = ready(server, tmp_path)
        parts = {1: Part('"e"', 1, 1)}
        assert kind_of(objects.finish(GRANT, put.key, "m", parts)) is FailureKind.BUSY
        (outcome,) = objects.put_many(GRANT, [put])
        assert kind_of(outcome) is FailureKind.BUSY
        objects.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error("NoSuchUpload", 404), FailureKind.UPLOAD_ENDED),
        (error("ConditionalRequestConflict", 409), FailureKind.UPLOAD_ENDED),
        (error("InvalidPart", 400), FailureKind.BUSY),
        (error("PreconditionFailed", 412), None),
        (PORTAL, FailureKind.OFFLINE),
    ],
)
def test_the_end_of_a_multipart_upload_has_its_own_errors(
    tmp_path: Path, answer: Answer, kind: FailureKind | None
) -> None:
    """H01, H04, H20."""
    with Loopback(lambda _: answer) as server:
        objects, put = ready(server, tmp_path)
        outcome = objects.finish(GRANT, put.key, "m", {1: Part('"e"', 1, 1)})
        assert (None if outcome is None else outcome.kind) is kind
        objects.close()


def test_a_portal_that_answers_everything_starts_and_lists_nothing(tmp_path: Path) -> None:
    """G09."""
    with Loopback(lambda _: PORTAL) as server:
        objects, put = ready(server, tmp_path)
        assert kind_of(objects.start(GRANT, put.key)) is FailureKind.OFFLINE
        assert kind_of(objects.list_parts(GRANT, put.key, "m")) is FailureKind.OFFLINE
        objects.close()


def test_what_is_sent_says_what_it_is_and_overwrites_nothing(tmp_path: Path) -> None:
    """H21: the store answers an ETag that is no hash of anything, and it is only handed on."""
    content = b"the content"
    with Loopback(lambda _: Answer(200, b"", "application/xml", ETAG)) as server:
        objects, put = ready(server, tmp_path, content)
        assert objects.put_many(GRANT, [put]) == [Arrived("v7")]
        sent = server.requests[0]
        assert (sent.method, sent.target, sent.body) == ("PUT", "/bucket/incoming/s/g/k", content)
        assert sent.headers["if-none-match"] == "*"
        assert sent.headers["x-amz-content-sha256"] == put.sha256
        assert base64.b64decode(sent.headers["x-amz-checksum-sha256"]).hex() == put.sha256
        part = objects.put_part(GRANT, part_of(put))
        assert part == Part('"e"', zlib.crc32(content), len(content))
        crc = base64.b64decode(server.requests[1].headers["x-amz-checksum-crc32"])
        assert int.from_bytes(crc, "big") == zlib.crc32(content)
        assert "s3cr3t-canary" not in repr(server.requests)
        objects.close()


def test_a_kept_connection_that_was_closed_costs_no_file(tmp_path: Path) -> None:
    """G02, G16. The body is sent again from its first byte."""
    count = itertools.count()

    def answering(request: Request) -> Answer:
        good = Answer(200, b"", "application/xml", ETAG)
        # Cut in the middle of the answer's head: as if the line broke.
        return replace(good, status=200, body=b"xx", cut=0) if next(count) == 0 else good

    with Loopback(answering) as server:
        objects, put = ready(server, tmp_path, b"whole body")
        assert objects.put_many(GRANT, [put]) == [Arrived("v7")]
        assert [r.body for r in server.requests] == [b"whole body"] * 2
        objects.close()


def test_a_store_that_never_answers_is_offline_after_its_deadline(tmp_path: Path) -> None:
    """G18."""
    with Loopback(lambda _: Never()) as server:
        objects, put = ready(server, tmp_path)
        (outcome,) = objects.put_many(GRANT, [put])
        assert kind_of(outcome) is FailureKind.OFFLINE
        assert len(server.requests) == 1
        objects.close()


def test_a_store_that_is_not_there_is_offline(tmp_path: Path) -> None:
    """G01."""
    with Loopback(lambda _: PORTAL) as server:
        objects, put = ready(server, tmp_path)
    (outcome,) = objects.put_many(GRANT, [put])
    assert kind_of(outcome) is FailureKind.OFFLINE
    assert kind_of(objects.start(GRANT, put.key)) is FailureKind.OFFLINE
    objects.close()


def test_an_untrusted_certificate_is_the_end(tmp_path: Path) -> None:
    """G12. Not one byte of a file is sent."""
    (tmp_path / "files").mkdir()
    with Loopback(lambda _: PORTAL, authority(tmp_path).context()) as server:
        objects, put = ready(server, tmp_path / "files")
        for outcome in (*objects.put_many(GRANT, [put]), objects.start(GRANT, put.key)):
            assert kind_of(outcome) is FailureKind.OFFLINE
            assert isinstance(outcome, Failure)
            assert outcome.code == "tls"
        assert server.requests == []
        objects.close()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_a_companys_own_authority_is_believed_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """T72, G13."""
    (tmp_path / "files").mkdir()
    known = authority(tmp_path)
    for name in ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(known.file))
    with Loopback(lambda _: Answer(200, b"", "application/xml", ETAG), known.context()) as server:
        objects, put = ready(server, tmp_path / "files")
        assert objects.put_many(GRANT, [put]) == [Arrived("v7")]
        assert isinstance(objects.put_part(GRANT, part_of(put)), Part)
        objects.close()


def test_what_the_planes_signature_does_not_get_through_botocore_tries(tmp_path: Path) -> None:
    def answering(request: Request) -> Answer:
        if "aws-sdk" in request.headers.get("user-agent", "").lower() or (
            "boto" in request.headers.get("user-agent", "").lower()
        ):
            return Answer(200, b"", "application/xml", ETAG)
        return error("SignatureDoesNotMatch", 403)

    with Loopback(answering) as server:
        objects, put = ready(server, tmp_path, b"content")
        assert objects.put_many(GRANT, [put]) == [Arrived("v7")]
        assert server.requests[-1].body == b"content"
        assert server.requests[-1].headers["if-none-match"] == "*"
        objects.close()


def test_many_large_bodies_are_not_in_memory_at_once(tmp_path: Path) -> None:
    """Invariant I21. Forty files of 8 MiB through sixteen threads hold 48 MiB at most."""
    size = 8 * 1024 * 1024
    held: list[int] = []
    memory = plane._Memory(48 * 1024 * 1024)

    def use(_: int) -> None:
        with memory.taken(size):
            held.append(memory._size - memory._free)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(use, range(200)))
    assert max(held) <= 48 * 1024 * 1024
    assert memory._free == memory._size


def test_importing_the_adapter_does_not_import_boto3() -> None:
    """AWS imports stay off the way to the window."""
    code = (
        "import sys, mydoctransfer.adapters.objects, mydoctransfer.adapters.disk;"
        "sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
