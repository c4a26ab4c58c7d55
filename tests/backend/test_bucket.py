"""One suite for the buckets of the tests and of the simulation, and for the real adapter over the
local cloud's S3; and what only the real one has to fear: pages, and answers of something else."""

import base64
import hashlib
import secrets
import socket
from types import SimpleNamespace

import pytest
from botocore.credentials import Credentials

from chalicelib.connectors import plain
from chalicelib.connectors.ports import ObjectFacts, OnlyVersion
from chalicelib.connectors.s3 import S3Objects
from mydoctransfer_contract.checksums import sha256_header
from tests.backend.fakes import FakeObjects
from tests.simulation.world.bucket import Bucket, Version
from tests.support.loopback import Answer, serving

DIGEST = base64.b64encode(hashlib.sha256(b"hello").digest()).decode()


class Real:
    """The adapter, and the hand that puts objects there."""

    def __init__(self, cloud, monkeypatch):
        self._s3 = cloud.boto3_client("s3")
        self._bucket = cloud.stack_outputs("data")["BucketName"]
        ours = self._s3._request_signer._credentials
        monkeypatch.setattr("chalicelib.connectors.s3.client", lambda service: self._s3)
        monkeypatch.setattr(plain, "client", lambda service: self._s3)
        monkeypatch.setattr(plain, "_credentials", ours.get_frozen_credentials)
        self.objects = S3Objects(self._bucket)

    def put(self, key, data):
        # Not beneath `incoming/`, where what nobody registered disappears at once.
        sha256 = sha256_header(hashlib.sha256(data).hexdigest())
        answer = self._s3.put_object(Bucket=self._bucket, Key=key, Body=data, ChecksumSHA256=sha256)
        return answer["VersionId"]

    def hide(self, key):
        self._s3.delete_object(Bucket=self._bucket, Key=key)


class Simulated:
    def __init__(self):
        self.objects = Bucket(lambda: 0)

    def put(self, key, data):
        version = f"v{self.objects.number()}"
        sha256 = sha256_header(hashlib.sha256(data).hexdigest())
        self.objects.store(key, Version(version, data, sha256, None, False))
        return version


def hang_up(objects: S3Objects) -> None:
    """Close the connection that this thread's questions keep; functions end with theirs open."""
    kept = getattr(objects._plain._local, "connection", None)
    if kept is not None:
        kept.close()


@pytest.fixture
def real(cloud, monkeypatch):
    made = Real(cloud, monkeypatch)
    yield made
    hang_up(made.objects)


@pytest.fixture(params=["stand-in", "simulation", "S3"])
def bucket(request):
    if request.param == "stand-in":
        fake = FakeObjects()
        return SimpleNamespace(objects=fake, put=fake.put)
    if request.param == "simulation":
        return Simulated()
    return request.getfixturevalue("real")


@pytest.fixture
def prefix():
    return f"suite/{secrets.token_hex(8)}/"


def test_an_object_tells_its_version_size_and_checksum(bucket, prefix):
    assert bucket.objects.facts(prefix + "a") is None
    version = bucket.put(prefix + "a", b"hello")
    facts = ObjectFacts(version, 5, DIGEST, None, False)
    assert bucket.objects.facts(prefix + "a") == facts
    assert bucket.objects.facts(prefix + "a", version) == facts


def test_what_has_one_version_is_told_of_by_its_key_and_nothing_else_is(bucket, prefix):
    one, empty = bucket.put(prefix + "one", b"hello"), bucket.put(prefix + "empty", b"")
    bucket.put(prefix + "two", b"first")
    bucket.put(prefix + "two", b"second")
    bucket.put(prefix[:-1] + "beside", b"beside")
    bucket.put("z" + prefix + "other", b"other")
    assert bucket.objects.only_versions(prefix) == {
        prefix + "one": OnlyVersion(one, 5),
        prefix + "empty": OnlyVersion(empty, 0),
    }
    assert bucket.objects.only_versions(prefix + "nothing/") == {}


def test_what_was_removed_for_good_is_told_of_no_more(bucket, prefix):
    bucket.put(prefix + "a", b"a")
    bucket.put(prefix + "b", b"b")
    left = bucket.put(prefix + "b", b"b again")
    bucket.objects.delete_version(prefix + "b", bucket.objects.facts(prefix + "b").version_id)
    bucket.objects.delete_all_versions(prefix + "a")
    only = bucket.objects.only_versions(prefix)
    assert set(only) == {prefix + "b"}
    assert only[prefix + "b"].version_id != left


# --- the real one --------------------------------------------------------------------------------


def test_what_lies_behind_a_delete_marker_is_not_told_of(real, prefix):
    real.put(prefix + "hidden", b"hidden")
    real.hide(prefix + "hidden")
    seen = real.put(prefix + "seen", b"seen")
    assert real.objects.only_versions(prefix) == {prefix + "seen": OnlyVersion(seen, 4)}
    assert real.objects.facts(prefix + "hidden") is None


def listing(*versions: tuple[str, str, str], truncated: str = "false") -> Answer:
    rows = "".join(
        f"<Version><Key>{key}</Key><VersionId>{version}</VersionId><IsLatest>{latest}</IsLatest>"
        f"<Size>3</Size></Version>"
        for key, version, latest in versions
    )
    body = (
        '<?xml version="1.0"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<IsTruncated>{truncated}</IsTruncated>{rows}</ListVersionsResult>"
    )
    return Answer(200, body.encode(), "application/xml")


def facing(server, monkeypatch) -> S3Objects:
    meta = SimpleNamespace(endpoint_url=server.url, region_name="eu-west-1")
    monkeypatch.setattr(plain, "client", lambda service: SimpleNamespace(meta=meta))
    monkeypatch.setattr(plain, "_credentials", lambda: Credentials("AKID", "s3cr3t"))
    return S3Objects("bucket")


def asked(answer: Answer, monkeypatch):
    """What the adapter makes of this answer to a listing, and what was asked."""
    with serving(lambda request: answer) as server:
        objects = facing(server, monkeypatch)
        told = objects.only_versions("incoming/s/g/")
        hang_up(objects)
        return told, [request.target for request in server.requests]


def test_one_page_is_asked_for_and_its_last_key_is_left_out_where_another_follows(monkeypatch):
    """The next page may begin with an older version of it."""
    versions = [("a", "v1", "true"), ("b", "v2", "true")]
    told, targets = asked(listing(*versions), monkeypatch)
    assert told == {"a": OnlyVersion("v1", 3), "b": OnlyVersion("v2", 3)}
    assert targets == ["/bucket?prefix=incoming%2Fs%2Fg%2F&versions="]
    told, targets = asked(listing(*versions, truncated="true"), monkeypatch)
    assert told == {"a": OnlyVersion("v1", 3)}
    assert len(targets) == 1


def test_a_version_that_is_not_the_newest_is_not_told_of(monkeypatch):
    told, _ = asked(listing(("a", "v1", "false"), ("b", "v2", "true")), monkeypatch)
    assert set(told) == {"b"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(503, b"<Error><Code>SlowDown</Code></Error>", "application/xml"),
        Answer(403, b"<Error><Code>AccessDenied</Code></Error>", "application/xml"),
        Answer(200, b"<html>sign in", "text/html"),
        Answer(200, b"<ListVersionsResult><Version/></ListVersionsResult>", "application/xml"),
        Answer(200, b"", "application/xml"),
    ],
)
def test_an_answer_that_is_no_listing_tells_of_nothing(monkeypatch, answer):
    """So that every object is asked for."""
    assert asked(answer, monkeypatch)[0] == {}


def test_a_connection_that_was_closed_meanwhile_is_opened_again(monkeypatch):
    """As S3 does with one that a waiting function has not used for some seconds: without that the
    first listing after every pause told of nothing."""
    with serving(lambda request: listing(("a", "v1", "true"))) as server:
        objects = facing(server, monkeypatch)
        assert objects.only_versions("p/") == {"a": OnlyVersion("v1", 3)}
        objects._plain._local.connection.sock.shutdown(socket.SHUT_RDWR)
        assert objects.only_versions("p/") == {"a": OnlyVersion("v1", 3)}
        hang_up(objects)


def test_a_bucket_that_cannot_be_reached_tells_of_nothing(monkeypatch):
    with serving(lambda request: listing(("a", "v1", "true"))) as server:
        objects = facing(server, monkeypatch)
    assert objects.only_versions("p/") == {}
    hang_up(objects)
