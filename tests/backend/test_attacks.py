"""What nobody has listed: cursors of others, lookalikes, one wish told eight times at once.

All of it over HTTP against the API deployed in the local cloud.
"""

import base64
import concurrent.futures
import json
import urllib.request
from datetime import datetime
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from mydoctransfer_contract.codec import decode
from mydoctransfer_contract.documents import ChangePage, DocumentPage, Download, PeoplePage
from mydoctransfer_contract.times import parse_time
from mydoctransfer_contract.uploads import RegisteredUploads
from tests.backend.test_api import act, ask, new, op, publish, put, refused, sha256
from tests.support.cloud import send

LOOKALIKES = (
    "\uff56ictim@example.org",
    "victim\u200b@example.org",
    "vict\u0131m@example.org",
    "victim@exa\u00admple.org",
    "victim@EXAMPLE\u3002org",
    "\u202evictim@example.org",
    "victim@@example.org",
    "victim@example.org\u0000",
    "victim@example.org\r\nBcc: x@example.org",
    "\ufb01@" + "\ufb01" * 300 + ".org",
    "@",
    "",
)


@pytest.fixture(scope="module")
def ada(cloud):
    return cloud.person("Ada")


@pytest.fixture(scope="module")
def eve(cloud):
    return cloud.person("Eve")


@pytest.fixture(scope="module")
def document(ada):
    return publish(ada)


def everybody_at_once(call):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return [done.result() for done in [pool.submit(call) for _ in range(8)]]


def test_a_cursor_is_good_for_its_person_and_its_list_only(cloud, ada, eve, document):
    """Among changes a wrong cursor means: begin anew. It tells nothing of anybody."""
    cursor = ask(ChangePage, ada, "GET", "/docs/changes").cursor
    publish(ada, b"later", "later.txt")
    page = ask(ChangePage, eve, "GET", f"/docs/changes?since={cursor}")
    assert (page.changes, page.reset) == ((), True)
    for path in ("/docs?cursor=", "/share/users?query=ada&cursor="):
        assert refused(ada, "GET", path + cursor).code == "invalid_request", path
    root = cloud.person("Root", admin=True)
    assert refused(root, "GET", f"/audit?cursor={cursor}").code == "invalid_request"


def test_a_cursor_with_any_character_changed_leads_nowhere(ada, document):
    cursor = ask(ChangePage, ada, "GET", "/docs/changes").cursor
    publish(ada, b"after", "after.txt")
    assert not ask(ChangePage, ada, "GET", f"/docs/changes?since={cursor}").reset
    for place in range(0, len(cursor.rstrip("=")) - 1, 5):
        other = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + other + cursor[place + 1 :]
        page = ask(ChangePage, ada, "GET", f"/docs/changes?since={changed}")
        assert (page.changes, page.reset) == ((), True), place


def test_an_address_that_only_looks_like_one_of_ours_is_never_an_error_of_ours(ada, document):
    """T50."""
    for address in LOOKALIKES:
        body = {"op_id": op(), "add": [address], "remove": []}
        answer = ada.cloud.call("POST", f"/share/{document.share_id}", ada.token, body)
        assert 200 <= answer.status < 500, (ascii(address), answer.text)
        if answer.status == 200:
            assert answer.json["document"]["people"] == [], ascii(address)


def test_a_page_cannot_be_made_larger_nor_a_list_foreign_by_a_parameter(ada, eve, document):
    own = {d.share_id for d in ask(DocumentPage, ada, "GET", "/docs?scope=mine").documents}
    assert document.share_id in own
    for more in ("limit=100000", "owner=" + "0" * 32, "sub=x", "scope=mine&scope=all"):
        page = ask(DocumentPage, eve, "GET", f"/docs?{more}")
        assert not own & {d.share_id for d in page.documents}, more


def test_one_wish_told_eight_times_at_once_is_done_once(ada):
    document = publish(ada, b"once", "once.txt")
    body = {"op_id": op(), "action": "rename", "display_name": "twice.txt"}
    path = f"/docs/{document.share_id}"
    answers = everybody_at_once(lambda: ada.cloud.call("POST", path, ada.token, body))
    done = [a for a in answers if a.status == 200]
    assert done and all(a.status in (200, 409, 429) for a in answers)
    assert {a.json["document"]["display_name"] for a in done} == {"twice.txt"}


def test_completing_one_upload_eight_times_at_once_publishes_one_document(ada):
    data = b"eight"
    asked = {"files": [new(data, "eight.txt")]}
    registered = ask(RegisteredUploads, ada, "POST", "/uploads", asked)
    upload = registered.results[0]
    put(ada.cloud, registered.grant, upload.key, data)
    body = {"uploads": [{"upload_id": upload.upload_id, "size": len(data), "sha256": sha256(data)}]}
    answers = everybody_at_once(
        lambda: ada.cloud.call("POST", "/uploads/complete", ada.token, body)
    )
    assert all(a.status < 500 for a in answers), [a.text for a in answers]
    results = [a.json["results"][0] for a in answers if a.status == 200]
    made = {r["document"]["share_id"] for r in results if r.get("document")}
    assert len(made) == 1, results


def test_a_download_link_never_outlives_the_document(ada):
    """T32: not by a second."""
    document = publish(ada, b"short", "short.txt")
    shortened = act(ada, document.share_id, "extend", lifetime=50)
    answer = ada.cloud.call("GET", f"/share/{document.share_id}", ada.token)
    link = decode(Download, answer.json)
    asked = parse_qs(urlsplit(link.url).query)
    signed = datetime.strptime(asked["X-Amz-Date"][0], "%Y%m%dT%H%M%S%z")
    ends = int(signed.timestamp() + int(asked["X-Amz-Expires"][0])) * 1000
    assert int(asked["X-Amz-Expires"][0]) <= 60
    assert ends <= parse_time(shortened.expires_at)


def test_an_expired_document_is_refused_from_its_second_on(ada):
    """R10: nothing has to be swept first."""
    document = publish(ada, b"gone", "gone.txt")
    ends = parse_time(act(ada, document.share_id, "extend", lifetime=1).expires_at)
    while True:
        before = parse_time(ask_time(ada))
        answer = ada.cloud.call("GET", f"/share/{document.share_id}", ada.token)
        if before >= ends:
            break
    assert answer.status == 410
    assert answer.json["code"] == "expired"


def ask_time(person) -> str:
    return person.cloud.call("GET", "/me", person.token).json["server_time"]


@pytest.mark.parametrize(
    "path",
    ["/me/", "//me", "/docs/../me", "/%6de", "/docs%2fchanges", "/share/users/", "/ME", "/me;x=1"],
)
def test_a_path_spelled_otherwise_lets_nobody_in_without_a_token(cloud, path):
    """T24."""
    answer = cloud.call("GET", quote(path, safe="/%;."), None)
    assert 400 <= answer.status < 500, (path, answer.text)


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_makes_another_request_of_one(ada, eve, document, name):
    """T24: what was asked for is what the gateway saw, whoever asks."""
    path = f"/share/{document.share_id}"
    for person, status in ((ada, 200), (eve, 404)):
        sent = {"Authorization": person.token, name: "POST"}
        answer = send(urllib.request.Request(ada.cloud.api_url + path, headers=sent))
        assert answer.status == status, answer.text
    listed = ask(DocumentPage, ada, "GET", "/docs?scope=mine").documents
    assert document.share_id in {d.share_id for d in listed}


def test_the_directory_is_no_document_and_no_document_the_directory(ada, eve, document):
    """T24: `/share/users` beside `/share/{share_id}`, however either is spelled."""
    found = ask(PeoplePage, ada, "GET", f"/share/users?query={eve.email}")
    assert [p.email for p in found.users] == [eve.email]
    for method, path in (("POST", "/share/users"), ("GET", "/docs/users/receipt")):
        assert refused(ada, method, path, {"op_id": op()} if method == "POST" else None)
    for spelled in (
        "users%00",
        "Users",
        "%75sers%20",
        document.share_id + "%2freceived",
    ):
        answer = eve.cloud.call("GET", f"/share/{spelled}", eve.token)
        assert answer.status in (400, 403, 404), (spelled, answer.text)
        assert "users" not in answer.json


def base64url(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unbase64url(text: str):
    return json.loads(base64.urlsafe_b64decode(text + "=="))


def test_a_genuine_token_bent_in_any_part_opens_nothing(cloud, ada):
    """T02, T06: the header, the claims or the signature of a good one changed."""
    head, claims, signature = ada.token.split(".")
    header, said = unbase64url(head), unbase64url(claims)
    heads = [
        {"alg": "none"},
        {**header, "alg": "nOnE"},
        {**header, "alg": "HS256"},
        {**header, "alg": ["RS256"]},
        {"kid": header["kid"]},
        {**header, "kid": "../../x"},
        {**header, "kid": [1]},
        {**header, "jwk": {"kty": "oct", "k": "eA"}},
    ]
    bodies = [
        {**said, "cognito:groups": ["admins"]},
        {**said, "exp": float("nan")},
        {**said, "exp": 10**18},
        {**said, "exp": str(said["exp"] + 1)},
        [1],
        None,
    ]
    bent = [f"{base64url(other)}.{claims}.{signature}" for other in heads]
    bent += [f"{head}.{base64url(other)}.{signature}" for other in bodies]
    bent += [f"{head}.{claims}.", f"{head}.{claims}.{signature[:-8]}", "...", "a" * 6000]
    bent += [f"{ada.token},{ada.token}", f"{ada.token} x"]
    assert cloud.call("GET", "/me", ada.token).status == 200
    for token in bent:
        answer = cloud.call("GET", "/me", token)
        assert answer.status == 401, (token[:60], answer.text)
        assert answer.json["code"] == "unauthenticated"
