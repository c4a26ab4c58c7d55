"""The deployed API of the real local cloud, over HTTP, with tokens from a real sign-in."""

import base64
import concurrent.futures
import hashlib
import json
import secrets
import urllib.error
import urllib.request
import zlib

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mydoctransfer_contract.checksums import composite_crc32, sha256_header
from mydoctransfer_contract.codec import decode
from mydoctransfer_contract.documents import (
    AuditPage,
    ChangePage,
    DocumentAnswer,
    DocumentPage,
    Download,
    Me,
    PeoplePage,
)
from mydoctransfer_contract.problems import Problem
from mydoctransfer_contract.uploads import (
    SINGLE_PUT_MAX,
    CompletedUploads,
    Grant,
    RegisteredUploads,
)
from tests.support.cloud import send

JSON = {"Content-Type": "application/json"}


def op() -> str:
    return secrets.token_hex(16)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def ask(kind, person, method, path, body=None):
    answer = person.cloud.call(method, path, person.token, body)
    assert answer.status == 200, answer.text
    return decode(kind, answer.json)


def refused(person, method, path, body=None) -> Problem:
    answer = person.cloud.call(method, path, person.token, body)
    assert answer.status >= 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = decode(Problem, answer.json)
    assert problem.status == answer.status
    return problem


def new(data: bytes, path: str, **more) -> dict:
    return {
        "op_id": op(),
        "path": path,
        "display_name": path.rsplit("/", 1)[-1],
        "size": len(data),
        "sha256": sha256(data),
        **more,
    }


def bucket(cloud, grant: Grant):
    return boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name=grant.region,
        aws_access_key_id=grant.access_key_id,
        aws_secret_access_key=grant.secret_access_key,
        aws_session_token=grant.session_token,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


def put(cloud, grant: Grant, key: str, data: bytes):
    return bucket(cloud, grant).put_object(
        Bucket=grant.bucket,
        Key=key,
        Body=data,
        ChecksumSHA256=sha256_header(sha256(data)),
        IfNoneMatch="*",
    )


def publish(person, data: bytes = b"hello", path: str = "a.txt", **more):
    files = {"files": [new(data, path, **more)]}
    registered = ask(RegisteredUploads, person, "POST", "/uploads", files)
    result = registered.results[0]
    assert result.problem is None, result.problem
    put(person.cloud, registered.grant, result.key, data)
    body = {"uploads": [{"upload_id": result.upload_id, "size": len(data), "sha256": sha256(data)}]}
    done = ask(CompletedUploads, person, "POST", "/uploads/complete", body).results[0]
    assert done.problem is None, done.problem
    return done.document


def share(person, share_id, *emails, remove=()):
    body = {"op_id": op(), "add": list(emails), "remove": list(remove)}
    return ask(DocumentAnswer, person, "POST", f"/share/{share_id}", body).document


def act(person, share_id, action, **more):
    body = {"op_id": op(), "action": action, **more}
    return ask(DocumentAnswer, person, "POST", f"/docs/{share_id}", body).document


def test_me_says_who_what_is_allowed_and_when(person):
    me = ask(Me, person, "GET", "/me")
    assert me.person.email == person.email
    assert me.policy.default_lifetime == 3600
    assert me.groups == ()


def test_a_document_goes_from_one_person_to_another_and_away(cloud, person):
    bob = cloud.person("Bob")
    since = ask(ChangePage, bob, "GET", "/docs/changes").cursor
    data = secrets.token_bytes(70_000)
    document = publish(person, data, "deep/er/ü.bin")
    share(person, document.share_id, bob.email.upper())
    page = ask(ChangePage, bob, "GET", f"/docs/changes?since={since}")
    assert [c.document.display_name for c in page.changes] == ["ü.bin"]
    link = ask(Download, bob, "GET", f"/share/{document.share_id}")
    with urllib.request.urlopen(link.url) as response:
        fetched = response.read()
    assert fetched == data
    received = {"op_id": op(), "sha256": sha256(fetched), "version": link.version}
    ask(DocumentAnswer, bob, "POST", f"/share/{document.share_id}/received", received)
    act(person, document.share_id, "delete", expected_version=1)
    assert refused(bob, "GET", f"/share/{document.share_id}").code == "removed"
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(link.url)
    gone.value.close()
    assert gone.value.code == 404
    root = cloud.person("Root", admin=True)
    entries = ask(AuditPage, root, "GET", f"/audit?query={document.share_id}").entries
    assert [entry.action for entry in entries] == [
        "deleted",
        "downloaded",
        "download link issued",
        "shared with",
        "uploaded",
    ]


def test_a_file_above_8_mib_is_published_by_parts(person):
    part = 5 * 1024 * 1024
    data = secrets.token_bytes(SINGLE_PUT_MAX + 4321)
    files = {"files": [new(data, "big.bin", sha256=None)]}
    registered = ask(RegisteredUploads, person, "POST", "/uploads", files)
    result, grant = registered.results[0], registered.grant
    s3 = bucket(person.cloud, grant)
    where = {"Bucket": grant.bucket, "Key": result.key}
    upload_id = s3.create_multipart_upload(**where, ChecksumAlgorithm="CRC32")["UploadId"]
    crcs, parts = [], []
    for number, start in enumerate(range(0, len(data), part), 1):
        piece = data[start : start + part]
        crcs.append(zlib.crc32(piece))
        sum32 = base64.b64encode(crcs[-1].to_bytes(4, "big")).decode()
        sent = s3.upload_part(
            **where, UploadId=upload_id, PartNumber=number, Body=piece, ChecksumCRC32=sum32
        )
        parts.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumCRC32": sum32})
    s3.complete_multipart_upload(
        **where, UploadId=upload_id, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
    )
    asked = {
        "upload_id": result.upload_id,
        "size": len(data),
        "sha256": sha256(data),
        "part_size": part,
        "checksum": composite_crc32(crcs),
    }
    wrong = {"uploads": [{**asked, "checksum": composite_crc32([*crcs[:-1], 1])}]}
    done = ask(CompletedUploads, person, "POST", "/uploads/complete", wrong).results[0]
    assert done.problem.code == "checksum_mismatch"
    done = ask(CompletedUploads, person, "POST", "/uploads/complete", {"uploads": [asked]})
    document = done.results[0].document
    assert (document.size, document.sha256) == (len(data), sha256(data))


def test_a_grant_puts_under_its_prefix_and_does_nothing_else(cloud, person):
    """T28, T30: no reading, no listing, no deleting, no other prefix, no overwriting."""
    eve = cloud.person("Eve")
    mine = ask(RegisteredUploads, person, "POST", "/uploads", {"files": [new(b"x", "x")]})
    other = ask(RegisteredUploads, eve, "POST", "/uploads", {"files": [new(b"y", "y")]})
    s3, grant, key = bucket(cloud, mine.grant), mine.grant, mine.results[0].key
    put(cloud, grant, key, b"x")
    where = {"Bucket": grant.bucket, "Key": key}
    for attempt in (
        lambda: s3.get_object(**where),
        lambda: s3.head_object(**where),
        lambda: s3.delete_object(**where),
        lambda: s3.list_objects_v2(Bucket=grant.bucket),
        lambda: s3.put_object(Bucket=grant.bucket, Key=other.results[0].key, Body=b"z"),
        lambda: s3.put_object(Bucket=grant.bucket, Key="incoming/z", Body=b"z"),
        lambda: s3.put_object(Bucket=grant.bucket, Key="z", Body=b"z"),
        lambda: put(cloud, grant, key, b"other"),
    ):
        with pytest.raises(ClientError) as denied:
            attempt()
        assert denied.value.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 412)


def test_a_hundred_files_take_two_calls(person):
    datas = [b"%d" % n * 100 for n in range(100)]
    files = [new(data, f"many/{n}.txt") for n, data in enumerate(datas)]
    registered = ask(RegisteredUploads, person, "POST", "/uploads", {"files": files})
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in pool.map(
            lambda pair: put(person.cloud, registered.grant, pair[0].key, pair[1]),
            zip(registered.results, datas, strict=True),
        ):
            pass
    uploads = [
        {"upload_id": r.upload_id, "size": f["size"], "sha256": f["sha256"]}
        for r, f in zip(registered.results, files, strict=True)
    ]
    done = ask(CompletedUploads, person, "POST", "/uploads/complete", {"uploads": uploads})
    assert all(result.document for result in done.results)
    listed, cursor = [], ""
    while True:
        page = ask(DocumentPage, person, "GET", f"/docs?scope=mine{cursor}")
        listed += page.documents
        if page.cursor is None:
            break
        cursor = f"&cursor={page.cursor}"
    assert {d.path for d in listed} == {f["path"] for f in files}


def test_two_devices_completing_at_once_lose_no_change(person):
    """The feed's numbers, written by concurrent functions, have no gap."""
    since = ask(ChangePage, person, "GET", "/docs/changes").cursor

    def device(name: str) -> None:
        for n in range(6):
            publish(person, f"{name}{n}".encode(), f"{name}/{n}")

    assert person.token
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(device, name) for name in ("a", "b", "c")]:
            done.result()
    seen, more = set(), True
    while more:
        page = ask(ChangePage, person, "GET", f"/docs/changes?since={since}")
        assert not page.reset
        seen |= {c.document.path for c in page.changes}
        since, more = page.cursor, page.more
    assert seen == {f"{name}/{n}" for name in "abc" for n in range(6)}


def test_what_was_on_its_way_when_all_was_taken_back_reaches_nobody(cloud, person):
    bob = cloud.person("Bob")
    files = {"files": [new(b"hello", "on its way.txt", people=[bob.email])]}
    registered = ask(RegisteredUploads, person, "POST", "/uploads", files)
    result = registered.results[0]
    put(cloud, registered.grant, result.key, b"hello")
    assert cloud.call("POST", "/me/revoke-all", person.token).json["more"] is False
    one = {"upload_id": result.upload_id, "size": 5, "sha256": sha256(b"hello")}
    done = ask(CompletedUploads, person, "POST", "/uploads/complete", {"uploads": [one]})
    assert done.results[0].document.people == ()
    received = ask(DocumentPage, bob, "GET", "/docs?scope=shared")
    assert done.results[0].document.share_id not in {d.share_id for d in received.documents}
    given = publish(person, path="afterwards.txt", people=[bob.email])
    assert [p.email for p in given.people] == [bob.email]


def test_people_are_found_by_prefix_and_a_quote_finds_nobody(cloud, person):
    """T37."""
    other = cloud.person("Quentin")
    page = ask(PeoplePage, person, "GET", f"/share/users?query={other.email[:-4]}")
    assert [p.email for p in page.users] == [other.email]
    for injection in ("%22", "%22%20or%20email%20^=%20%22", "%5C", "*"):
        page = ask(PeoplePage, person, "GET", f"/share/users?query={injection}")
        assert page.users == ()


def test_the_audit_is_closed_to_everybody_but_administrators(cloud, person):
    """T21: the group, not a writable attribute, makes an administrator."""
    assert refused(person, "GET", "/audit").code == "forbidden"
    root = cloud.person("Root", admin=True)
    assert ask(AuditPage, root, "GET", "/audit").entries


def test_a_stranger_cannot_tell_a_foreign_document_from_none(cloud, person):
    """T16, T17, T18, T25."""
    eve = cloud.person("Eve")
    document = publish(person)
    bodies = {
        "/docs/{}": {"op_id": op(), "action": "delete"},
        "/share/{}": {"op_id": op(), "add": []},
        "/share/{}/received": {"op_id": op(), "sha256": "0" * 64, "version": 1},
    }
    for path, body in bodies.items():
        problems = {
            refused(eve, "POST", path.format(i), body)
            for i in (document.share_id, "0" * 32, "nonsense")
        }
        assert len(problems) == 1
        assert problems.pop().status == 404
    assert refused(eve, "GET", f"/share/{document.share_id}").code == "not_found"


def raw(person, path: str, data: bytes, headers=None, method="POST"):
    sent = {"Authorization": person.token, **JSON, **(headers or {})}
    url = person.cloud.api_url + path
    return send(urllib.request.Request(url, data, sent, method=method))


HOSTILE = {
    "list": b"[]",
    "null": b"null",
    "empty": b"",
    "number": b"1",
    "text": b'"x"',
    "not JSON": b"{",
    "BOM": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "invalid UTF-8": b'{"op_id": "\xff"}',
    "lone surrogate": b'{"op_id": "\\ud800", "action": "delete"}',
    "surrogate name": b'{"\\ud800": 1}',
    "duplicate names": b'{"op_id": "a", "op_id": "b"}',
    "huge integer": b'{"op_id": "x", "lifetime": ' + b"9" * 400 + b"}",
    "huge float": b'{"lifetime": 1e400}',
    "NaN": b'{"lifetime": NaN}',
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
}


HOSTILE_ACTIONS = {
    "null op": b'{"op_id": null, "action": "delete"}',
    "unknown action": json.dumps({"op_id": "0" * 32, "action": "explode"}).encode(),
    "action is a list": json.dumps({"op_id": "0" * 32, "action": ["delete"]}).encode(),
    "name is an object": json.dumps(
        {"op_id": "0" * 32, "action": "rename", "display_name": {"a": 1}}
    ).encode(),
    "true for a number": json.dumps(
        {"op_id": "0" * 32, "action": "extend", "lifetime": True}
    ).encode(),
}


@pytest.fixture(scope="module")
def victim(cloud):
    return cloud.person("Victim")


@pytest.fixture(scope="module")
def document(victim):
    return publish(victim)


@pytest.mark.parametrize("what", HOSTILE | HOSTILE_ACTIONS)
def test_hostile_bodies_are_refused_with_a_problem(victim, document, what):
    """T46, T26, T54: always a 4xx problem, never a 5xx, never a trace."""
    paths = [f"/docs/{document.share_id}", "/docs", "/uploads", "/uploads/complete"]
    if what in HOSTILE:
        paths += [f"/share/{document.share_id}", f"/share/{document.share_id}/received"]
    for path in paths:
        answer = raw(victim, path, (HOSTILE | HOSTILE_ACTIONS)[what])
        assert answer.status == 400, (path, answer.text)
        assert answer.json["code"] == "invalid_request"
        assert "Traceback" not in answer.text


def test_a_body_of_another_type_is_a_problem_too(victim):
    answer = raw(victim, "/docs", b"<x/>", {"Content-Type": "text/xml"})
    assert 400 <= answer.status < 500
    assert answer.json["code"] == "invalid_request"


@pytest.mark.parametrize(
    "query",
    [
        "/docs?scope=all&cursor=x",
        "/docs?scope=everything",
        "/docs?gone=maybe",
        "/docs?cursor=%00",
        "/share/users?query=" + "x" * 200,
        "/share/users?cursor=%ff",
    ],
)
def test_hostile_queries_are_refused_with_a_problem(victim, query):
    answer = raw(victim, query, None, method="GET")
    assert answer.status == 400
    assert answer.json["code"] == "invalid_request"


def test_no_cross_origin_headers_and_no_caching(victim):
    """T53, T33."""
    answer = victim.cloud.call("GET", "/me", victim.token)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
