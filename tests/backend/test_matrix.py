"""Every route x everybody x every state of the document, against the deployed API.

A route without a row here fails the last test. T01, T02, T04, T05, T16 to T21, T25.
"""

import base64
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore import UNSIGNED
from botocore.config import Config
from pycognito.aws_srp import AWSSRP

from tests.backend.test_api import act, new, op, publish, share
from tests.support.cloud import PASSWORD

OPENAPI = Path(__file__).resolve().parents[2] / "backend" / "openapi.yaml"
GONE = {"expired": "expired", "removed": "removed", "absent": "not_found"}
ALIVE = ("live", "uploading")  # the second with a new version registered and not yet sent
STATES = (*ALIVE, *GONE)
PEOPLE = ("owner", "recipient", "former recipient", "stranger", "admin")
FREE = {
    ("GET", "/me"): None,
    ("GET", "/docs"): None,
    ("GET", "/docs/changes"): None,
    ("GET", "/share/users"): None,
}


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@pytest.fixture(scope="module")
def scene(cloud):
    """People, one document in each state, an open upload, and tokens of every wrong kind."""
    people = {name: cloud.person(name.title(), admin=name == "admin") for name in PEOPLE}
    owner, recipient, former = (people[n] for n in ("owner", "recipient", "former recipient"))
    ids = {"absent": "0" * 32}
    for state in (*ALIVE, "removed", "expired"):
        document = publish(owner, state.encode(), f"{state}.txt")
        share(owner, document.share_id, recipient.email, former.email)
        share(owner, document.share_id, remove=(former.email,))
        ids[state] = document.share_id
    next_one = [new(b"next", "uploading.txt", share_id=ids["uploading"], expected_version=1)]
    answer = cloud.call("POST", "/uploads", owner.token, {"files": next_one})
    assert code_of(answer) is None
    act(owner, ids["removed"], "delete")
    act(owner, ids["expired"], "extend", lifetime=1)
    name = {"op_id": op(), "action": "rename", "display_name": "late"}
    while cloud.call("POST", f"/docs/{ids['expired']}", owner.token, name).status != 410:
        name["op_id"] = op()  # asks until the second is over
    cloud.sweep()  # now, not when the five minutes are over in the middle of a test
    data = secrets.token_bytes(10)
    answer = cloud.call("POST", "/uploads", owner.token, {"files": [new(data, "open.txt")]}).json
    return {
        "cloud": cloud,
        "people": people,
        "ids": ids,
        "upload": answer["results"][0]["upload_id"],
        "wrong": wrong_tokens(cloud, owner),
    }


def wrong_tokens(cloud, owner) -> dict[str, str | None]:
    header, payload, signature = owner.token.split(".")
    none = b64(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    hs256 = b64(json.dumps({"alg": "HS256", "kid": "x"}).encode())
    array = b64(json.dumps({"alg": ["RS256"]}).encode())
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    other = b64(json.dumps({**claims, "sub": secrets.token_hex(8)}).encode())
    mac = b64(hmac.digest(b"public key", f"{hs256}.{payload}".encode(), "sha256"))
    return {
        "none": None,
        "empty": "",
        "garbage": "garbage",
        "alg none": f"{none}.{payload}.",
        "alg none, signed": f"{none}.{payload}.{signature}",
        "alg HS256": f"{hs256}.{payload}.{mac}",
        "alg an array": f"{array}.{payload}.{signature}",
        "another payload": f"{header}.{other}.{signature}",
        "signature cut": f"{header}.{payload}.{signature[:-8]}",
        "access token": cloud.tokens(owner.email, PASSWORD)["AccessToken"],
        "another client": token_of_another_client(cloud, owner),
    }


def token_of_another_client(cloud, owner) -> str:
    pool = cloud.connection.user_pool_id
    root = cloud.boto3_client("cognito-idp")
    made = root.create_user_pool_client(
        UserPoolId=pool, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )
    import boto3

    client = boto3.client(
        "cognito-idp",
        region_name=cloud.connection.region,
        endpoint_url=cloud.endpoint,
        config=Config(signature_version=UNSIGNED),
    )
    srp: Any = AWSSRP(
        username=owner.email,
        password=PASSWORD,
        pool_id=pool,
        client_id=made["UserPoolClient"]["ClientId"],
        client=client,
    )
    return srp.authenticate_user()["AuthenticationResult"]["IdToken"]


def action(kind: str, **more):
    return lambda share_id: {"op_id": op(), "action": kind, "share_id": share_id, **more}


# (method, path, name) -> (body, the code an owner of a live document gets, may a recipient)
ROUTES = {
    ("POST", "/docs/{share_id}", "rename"): (action("rename", display_name="x"), None, False),
    ("POST", "/docs/{share_id}", "extend"): (action("extend", lifetime=3600), None, False),
    ("POST", "/docs/{share_id}", "delete"): (
        action("delete", expected_version=999),
        "version_conflict",
        False,
    ),
    ("POST", "/docs", "rename"): (
        lambda i: {"actions": [action("rename", display_name="y")(i)]},
        None,
        False,
    ),
    ("POST", "/docs", "extend"): (
        lambda i: {"actions": [action("extend", lifetime=7200)(i)]},
        None,
        False,
    ),
    ("POST", "/docs", "delete"): (
        lambda i: {"actions": [action("delete", expected_version=999)(i)]},
        "version_conflict",
        False,
    ),
    ("POST", "/share/{share_id}", "share"): (
        lambda i: {"op_id": op(), "add": ["nobody@example.org"]},
        "unknown_recipient",
        False,
    ),
    ("POST", "/share/{share_id}", "unshare"): (
        lambda i: {"op_id": op(), "remove": ["nobody@example.org"]},
        None,
        False,
    ),
    ("GET", "/share/{share_id}", "download"): (None, None, True),
    ("POST", "/share/{share_id}/received", "received"): (
        lambda i: {"op_id": op(), "sha256": "0" * 64, "version": 1},
        "checksum_mismatch",
        True,
    ),
    ("POST", "/links/{share_id}", "link"): (
        lambda i: {"op_id": op(), "action": "revoke"},
        None,
        False,
    ),
}


def expected(who: str, state: str, owners: str | None, is_readable: bool) -> str | None:
    if who not in ("owner", "recipient"):
        return "not_found"
    if state in GONE:
        return GONE[state]
    return owners if who == "owner" or is_readable else "forbidden"


def code_of(answer) -> str | None:
    """The refusal of a call, or of the only item of its batch."""
    assert answer.status < 500, answer.text
    if answer.status >= 400:
        assert answer.json["status"] == answer.status
        return answer.json["code"]
    results = answer.json.get("results")
    return results[0]["problem"]["code"] if results and results[0]["problem"] else None


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_who_may_do_what_to_a_document(scene, route, state):
    method, path, _ = route
    body, owners, is_readable = ROUTES[route]
    share_id = scene["ids"][state]
    for name, person in scene["people"].items():
        answer = scene["cloud"].call(
            method,
            path.replace("{share_id}", share_id),
            person.token,
            body(share_id) if body else None,
        )
        assert code_of(answer) == expected(name, state, owners, is_readable), name


@pytest.mark.parametrize("state", STATES)
def test_who_may_publish_a_version(scene, state):
    for name, person in scene["people"].items():
        files = [new(b"v", f"{state}.txt", share_id=scene["ids"][state], expected_version=999)]
        answer = scene["cloud"].call("POST", "/uploads", person.token, {"files": files})
        owners = GONE.get(state, "version_conflict")
        assert code_of(answer) == (owners if name == "owner" else "not_found"), name


@pytest.mark.parametrize("state", STATES)
def test_who_may_have_a_receipt(scene, state):
    codes = {
        "live": ("invalid_request", "forbidden"),
        "uploading": ("invalid_request", "forbidden"),
        "expired": (None, "expired"),
        "removed": (None, "removed"),
        "absent": ("not_found", "not_found"),
    }
    for name, person in scene["people"].items():
        path = f"/docs/{scene['ids'][state]}/receipt"
        answer = scene["cloud"].call("GET", path, person.token)
        by_role = dict(zip(("owner", "recipient"), codes[state], strict=True))
        assert code_of(answer) == by_role.get(name, "not_found"), name


def test_who_may_settle_an_upload(scene):
    for name, person in scene["people"].items():
        if name == "owner":
            continue
        for upload_id in (scene["upload"], "0" * 32):
            one = {"upload_id": upload_id, "size": 10, "sha256": "0" * 64}
            answer = scene["cloud"].call(
                "POST", "/uploads/complete", person.token, {"uploads": [one]}
            )
            assert code_of(answer) == "not_found"
            answer = scene["cloud"].call("DELETE", f"/uploads/{upload_id}", person.token)
            assert code_of(answer) == "not_found"
    owner = scene["people"]["owner"]
    answer = scene["cloud"].call("DELETE", f"/uploads/{scene['upload']}", owner.token)
    assert (answer.status, answer.json) == (200, {})


@pytest.mark.parametrize("name", PEOPLE)
def test_what_everybody_may_and_only_administrators_may(scene, name):
    person = scene["people"][name]
    for method, path in FREE:
        assert scene["cloud"].call(method, path, person.token).status == 200
    answer = scene["cloud"].call("GET", "/audit", person.token)
    assert code_of(answer) == (None if name == "admin" else "forbidden")
    if name not in ("owner", "recipient"):
        answer = scene["cloud"].call("POST", "/me/revoke-all", person.token)
        assert answer.json == {"shares": 0, "links": 0, "more": False, "cursor": None}


def every_call() -> set[tuple[str, str]]:
    document = yaml.safe_load(OPENAPI.read_text())
    return {(m.upper(), path) for path, item in document["paths"].items() for m in item}


KINDS = (
    "none", "empty", "garbage", "alg none", "alg none, signed", "alg HS256", "alg an array",
    "another payload", "signature cut", "access token", "another client",
)  # fmt: skip


def places() -> list[tuple[str, str, str]]:
    """Every call, those of a document once for each of its states."""
    return [
        (method, path, state)
        for method, path in sorted(every_call())
        for state in (STATES if "{share_id}" in path else ("live",))
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_no_route_answers_a_wrong_token(scene, kind):
    """T01, T02, T04, T05: nothing of the document's state shows, either."""
    answers = set()
    assert set(scene["wrong"]) == set(KINDS)
    for method, path, state in places():
        concrete = path.replace("{share_id}", scene["ids"][state])
        concrete = concrete.replace("{upload_id}", scene["upload"])
        body = {} if method == "POST" else None
        answer = scene["cloud"].call(method, concrete, scene["wrong"][kind], body)
        assert answer.status == 401, (method, path, answer.text)
        answers.add(answer.text)
    assert len(answers) == 1


TRICKS = ("//me", "/me/", "/ME", "/docs/../me", "/docs%2fchanges", "/share/users/", "/s/x", "/")


@pytest.mark.parametrize("path", TRICKS)
def test_tricks_with_paths_and_verbs_reach_nothing_without_a_token(scene, path):
    """T24."""
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"):
        answer = scene["cloud"].call(method, path, None)
        assert answer.status in (401, 403, 404, 405), (method, path)


def test_the_matrix_has_six_hundred_cells():
    """Route x who x state: those with a good token, and those without."""
    of_documents = (len(ROUTES) + len(["version", "receipt"])) * len(PEOPLE) * len(STATES)
    of_everybody = (len(FREE) + len(["audit"])) * len(PEOPLE)
    assert of_documents + of_everybody + len(KINDS) * len(places()) >= 600


def test_every_route_has_its_rows():
    rows = {(method, path) for method, path, _ in ROUTES} | set(FREE)
    rows |= {
        ("POST", "/uploads"),
        ("POST", "/uploads/complete"),
        ("DELETE", "/uploads/{upload_id}"),
        ("GET", "/docs/{share_id}/receipt"),
        ("GET", "/audit"),
        ("POST", "/me/revoke-all"),
    }
    assert rows == every_call()
