"""The API's adapter: against the real back-end, and against servers that misbehave (group G)."""

import json
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters import translate
from mydoctransfer.adapters.cloud import HttpCloud
from mydoctransfer.adapters.server_clock import ServerClock
from mydoctransfer.adapters.web import Deadlines, Reply, Web
from mydoctransfer.engine import answers
from mydoctransfer.engine.ports import (
    Completion,
    ExtendOrder,
    Failure,
    FailureKind,
    LinkWish,
    Registered,
    RenameOrder,
    UploadRequest,
    WithdrawOrder,
)
from mydoctransfer.model.trees import OpId, RelPath, ShareId
from mydoctransfer_contract.problems import Problem
from tests.support import loopback
from tests.support.cloud import Cloud, Person
from tests.support.loopback import Answer, Drip, HangUp, Never, Request, Tunnel, serving
from tests.support.waiting import PATIENCE

ID = ShareId("0" * 32)
PERSON = {"email": "a@example.org", "given_name": "A", "family_name": "B"}
DOCUMENT = {
    "share_id": ID,
    "owner": PERSON,
    "mine": True,
    "path": "dir/100%25 %FF.txt",
    "display_name": "100%.txt",
    "size": 3,
    "sha256": "ab" * 32,
    "version": 1,
    "revision": 4,
    "state": "live",
    "uploaded_at": "2026-11-23T09:30:00.000Z",
    "expires_at": "2026-11-23T10:30:00.000Z",
}
QUICK = Deadlines(connect=2.0, read=0.4, total=1.0)
PATIENT = Deadlines(connect=PATIENCE, read=PATIENCE, total=PATIENCE)

EVERY_CALL: dict[str, Callable[[HttpCloud], object]] = {
    "me": lambda c: c.me(),
    "documents": lambda c: c.documents(None),
    "changes": lambda c: c.changes("c"),
    "register": lambda c: c.register([], None),
    "complete": lambda c: c.complete([]),
    "abort": lambda c: c.abort("u"),
    "act": lambda c: c.act([]),
    "share": lambda c: c.share(OpId("o"), ID, [], []),
    "link": lambda c: c.link(ID),
    "receipt": lambda c: c.receipt(ID),
    "give_link": lambda c: c.give_link(OpId("o"), ID, LinkWish()),
    "revoke_link": lambda c: c.give_link(OpId("o"), ID, None),
    "revoke_all": lambda c: c.revoke_all(None),
    "received": lambda c: c.received(OpId("o"), ID, "ab" * 32, 1),
    "users": lambda c: c.users("a"),
    "audit": lambda c: c.audit("a"),
    "audit_csv": lambda c: c.audit_csv(),
}
every_call = pytest.mark.parametrize("call", EVERY_CALL.values(), ids=EVERY_CALL.keys())


def the_cloud(url: str, deadlines: Deadlines = PATIENT, **environ: str) -> HttpCloud:
    return HttpCloud(f"{url}/api", lambda stale: "token-1", "host", Web(deadlines, environ))


def said(value: object, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(value).encode(), headers=headers)


def problem(code: str, status: int, **more: object) -> Answer:
    body = {"code": code, "title": "No", "status": status, **more}
    return Answer(status, json.dumps(body).encode(), "application/problem+json")


def failure_of(answer: object) -> Failure:
    assert isinstance(answer, Failure), answer
    return answer


# --- the real back-end ---------------------------------------------------------------------------


@pytest.fixture
def real(cloud: Cloud, person: Person) -> HttpCloud:
    return HttpCloud(cloud.api_url, lambda stale: person.token, "this-host", Web())


def test_the_real_back_end_says_who_i_am(real: HttpCloud, person: Person) -> None:
    began = time.monotonic()
    me = real.me()
    assert not isinstance(me, Failure)
    assert (me.person.email, me.person.given_name) == (person.email, person.given_name)
    assert me.policy.default_lifetime == 3600
    # The server tells its time in whole seconds, somewhere on the way there and back.
    assert abs(real.clock_offset_ms()) < 1000 * (1 + time.monotonic() - began)


def test_the_real_back_end_lists_registers_and_refuses(real: HttpCloud) -> None:
    listed = real.documents(None)
    assert not isinstance(listed, Failure)
    assert listed.documents == ()
    request = UploadRequest(
        OpId("1" * 32),
        RelPath("a\udcff/100% ü.txt"),
        "100% ü.txt",
        3,
        "ab" * 32,
        None,
        None,
        60,
        (),
    )
    registered = real.register([request], None)
    assert not isinstance(registered, Failure)
    assert registered.grant is not None
    (upload,) = registered.results
    assert isinstance(upload, Registered), upload
    again = real.register([request], None)
    assert not isinstance(again, Failure)
    assert again.results == (upload,)
    completed = real.complete([Completion(upload.upload_id, 3, "ab" * 32)])
    assert not isinstance(completed, Failure)
    assert failure_of(completed.results[0]).code == "upload_incomplete"
    assert real.abort(upload.upload_id) is None


def test_the_real_back_end_answers_each_order_by_itself(real: HttpCloud) -> None:
    orders = (
        RenameOrder(OpId("2" * 32), ID, "new", None),
        WithdrawOrder(OpId("3" * 32), ID, 1),
        ExtendOrder(OpId("4" * 32), ID, 60),
    )
    answers = real.act(orders)
    assert not isinstance(answers, Failure)
    assert [failure_of(result).code for result in answers.results] == ["not_found"] * 3
    assert answers.stretch is None


def test_the_real_back_end_finds_people_but_not_me(real: HttpCloud, cloud: Cloud) -> None:
    other = cloud.person("Grace", "Hopper")
    found = real.users(other.email[:9])
    assert not isinstance(found, Failure)
    assert other.email in [person.email for person in found]


def test_only_administrators_read_the_real_audit(real: HttpCloud, cloud: Cloud) -> None:
    refused = failure_of(real.audit(""))
    assert (refused.kind, refused.code) == (FailureKind.REFUSED, "forbidden")
    admin = cloud.person(admin=True)
    as_admin = HttpCloud(cloud.api_url, lambda stale: admin.token, "h", Web())
    entries = as_admin.audit("")
    assert isinstance(entries, tuple)
    csv = as_admin.audit_csv()
    assert isinstance(csv, str)
    heading, *lines = csv.splitlines()
    assert heading.startswith('"at","email"')
    assert [line.rpartition(",")[2].strip('"') for line in lines][-len(entries) :] == [
        entry.id for entry in entries
    ]


def test_what_is_foreign_or_absent_is_not_found(real: HttpCloud) -> None:
    for answer in (
        real.link(ID),
        real.receipt(ID),
        real.share(OpId("5" * 32), ID, ["a@example.org"], []),
    ):
        assert failure_of(answer).code == "not_found"


def test_a_token_that_is_none_gets_a_real_401_and_ends_the_session(cloud: Cloud) -> None:
    asked: list[str | None] = []

    def token(stale: str | None) -> str:
        asked.append(stale)
        return "garbage"

    failure = failure_of(HttpCloud(cloud.api_url, token, "h", Web()).me())
    assert failure.kind is FailureKind.SIGNED_OUT
    assert asked == [None, "garbage"]


# --- decoding ------------------------------------------------------------------------------------


def test_paths_and_times_are_decoded_at_the_edge() -> None:
    """M04: what a newer server says beside is passed over."""
    newer = DOCUMENT | {"newer_field": {"deep": [1]}}
    page = {"documents": [newer], "cursor": None, "epoch": "e", "newer_field": 1}
    with serving(lambda _: said(page)) as server:
        listed = the_cloud(server.url).documents("a b&c")
    assert not isinstance(listed, Failure)
    (document,) = listed.documents
    assert document.path == "dir/100% \udcff.txt"
    assert document.expires_at - document.uploaded_at == 3_600_000
    assert server.requests[0].target == "/api/docs?scope=all&gone=true&cursor=a+b%26c"


def test_a_receipt_is_decoded_and_may_not_know_yet_that_every_byte_is_gone() -> None:
    gone = {
        "share_id": ID,
        "display_name": "plan",
        "size": 3,
        "sha256": "ab" * 32,
        "versions": 2,
        "state": "removed",
        "owner": PERSON,
        "people": [PERSON],
        "uploaded_at": "1970-01-01T00:00:01.000Z",
        "expires_at": "1970-01-01T01:00:01.000Z",
        "gone_at": "1970-01-01T00:30:00.000Z",
        "objects_gone_at": None,
    }
    with serving(lambda _: said(gone)) as server:
        receipt = the_cloud(server.url).receipt(ID)
        assert not isinstance(receipt, Failure)
        assert server.requests[0].target == f"/api/docs/{ID}/receipt"
    assert (receipt.gone_at, receipt.objects_gone_at) == (1_800_000, None)
    assert (receipt.versions, receipt.people) == (2, (receipt.owner,))
    swept = gone | {"objects_gone_at": "1970-01-01T00:35:00.000Z"}
    with serving(lambda _: said(swept)) as server:
        receipt = the_cloud(server.url).receipt(ID)
    assert not isinstance(receipt, Failure)
    assert receipt.objects_gone_at == 2_100_000


def test_names_are_sent_as_people_read_them_and_paths_as_they_are() -> None:
    request = UploadRequest(
        OpId("o"), RelPath("d/u\u0308\udcff"), "u\u0308\udcff", 3, None, None, None, None, ()
    )
    order = RenameOrder(OpId("o"), ID, "a/\udcff", RelPath("u\u0308"))
    with serving(lambda _: said({})) as server:
        cloud = the_cloud(server.url)
        cloud.register([request], None)
        cloud.act([order])
    (file,) = json.loads(server.requests[0].body)["files"]
    assert (file["path"], file["display_name"]) == ("d/u\u0308%FF", "ü\ufffd")
    (action,) = json.loads(server.requests[1].body)["actions"]
    assert (action["path"], action["display_name"]) == ("u\u0308", "a/\ufffd")


def test_pages_are_followed_and_an_endless_chain_ends() -> None:
    with serving(lambda _: said({"users": [PERSON], "cursor": "more"})) as server:
        found = the_cloud(server.url).users("é")
    assert isinstance(found, tuple)
    assert len(found) == len(server.requests) == 50
    assert server.requests[1].target == "/api/share/users?query=%C3%A9&cursor=more"


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (problem("expired", 410), FailureKind.REFUSED, "expired"),
        (problem("unknown_recipient", 422, emails=["x@y"]), FailureKind.REFUSED, None),
        (problem("path_taken", 409, share_id=ID), FailureKind.REFUSED, "path_taken"),
        (problem("quota_exceeded", 429), FailureKind.REFUSED, "quota_exceeded"),
        (problem("too_many_requests", 429), FailureKind.BUSY, "too_many_requests"),
        (problem("internal", 500), FailureKind.BUSY, "internal"),
        (problem("a_newer_code", 418), FailureKind.REFUSED, "a_newer_code"),
        (Answer(500), FailureKind.BUSY, "http_500"),
        (Answer(502, b"<html>", "text/html"), FailureKind.BUSY, "http_502"),
        (Answer(504), FailureKind.BUSY, "http_504"),
        (Answer(429), FailureKind.BUSY, "http_429"),
    ],
)
def test_g05_every_refusal_has_its_kind(
    answer: Answer, kind: FailureKind, code: str | None
) -> None:
    with serving(lambda _: answer) as server:
        failure = failure_of(the_cloud(server.url).share(OpId("o"), ID, ["x@y"], []))
    assert failure.kind is kind
    assert code is None or failure.code == code
    assert failure.message.endswith(".")


def test_a_refusal_brings_what_it_is_about() -> None:
    with serving(
        lambda _: problem("recipient_refused", 422, emails=["x@y"], share_id=ID)
    ) as server:
        failure = failure_of(the_cloud(server.url).share(OpId("o"), ID, ["x@y"], []))
    assert (failure.emails, failure.share_id) == (("x@y",), ID)


@pytest.mark.parametrize("code", ["unknown_recipient", "recipient_refused"])
def test_who_named_somebody_that_cannot_have_it_is_told_what_to_do(code: str) -> None:
    refused = Problem(code, "Somebody among the recipients cannot have it.", 422, emails=("x@y",))
    failure = translate.failure(refused)
    assert failure.message == "Somebody among the recipients cannot have it."  # a rule's row
    assert any(word in answers.error(failure).message for word in ("Check", "Leave them out"))


def test_g05_maintenance_is_waited_out_as_long_as_the_server_asks() -> None:
    with serving(lambda _: Answer(503, headers={"Retry-After": "17"})) as server:
        failure = failure_of(the_cloud(server.url).changes(None))
    assert (failure.kind, failure.retry_after) == (FailureKind.BUSY, 17.0)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_g05_only_rows_promise_that_it_is_tried_again(status: int) -> None:
    with serving(lambda _: Answer(status)) as server:
        failure = failure_of(the_cloud(server.url).share(OpId("o"), ID, ["x@y"], []))
    assert failure.message.endswith("It is tried again soon.")
    assert answers.error(failure).message.endswith("Try again in a moment.")


def test_results_of_something_else_than_was_asked_are_not_believed() -> None:
    with serving(lambda _: said({"results": [{"op_id": "other", "document": DOCUMENT}]})) as server:
        failure = failure_of(the_cloud(server.url).act([ExtendOrder(OpId("o"), ID, 60)]))
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "unexpected_answer")


# --- G09, G10: portals ---------------------------------------------------------------------------

PORTALS = {
    "a page": Answer(200, b"<html>Welcome to the hotel</html>", "text/html; charset=utf-8"),
    "a page for a refusal": Answer(403, b"<html>Blocked</html>", "text/html"),
    "a page for a missing session": Answer(401, b"<html>Sign in</html>", "text/html"),
    "511": Answer(511, b"<html>Sign in</html>", "text/html"),
    "a redirect to another host": Answer(
        302, b"", "text/html", {"Location": "http://portal.example/"}
    ),
    "a redirect to plain http": Answer(307, b"{}", headers={"Location": "http://localhost/"}),
    "no type at all": Answer(200, b"{}", ""),
}


@every_call
@pytest.mark.parametrize("answer", PORTALS.values(), ids=PORTALS.keys())
def test_g09_g10_what_a_portal_answers_is_never_a_fact(
    call: Callable[[HttpCloud], object], answer: Answer
) -> None:
    with serving(lambda _: answer) as server:
        failure = failure_of(call(the_cloud(server.url)))
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "captive_portal")
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"users": 3, "cursor": null}'])
def test_g09_json_of_another_shape_is_never_a_fact(body: bytes) -> None:
    with serving(lambda _: Answer(200, body)) as server:
        failure = failure_of(the_cloud(server.url).users("a"))
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "unexpected_answer")


@pytest.mark.parametrize(
    "wrong", [{"sha256": "none"}, {"sha256": "é" * 64}, {"share_id": "\udcff"}, {"expires_at": "?"}]
)
def test_g09_a_document_that_can_be_none_is_never_a_fact(wrong: dict[str, str]) -> None:
    """The journal cannot keep it: there it would be taken for damage."""
    with serving(lambda _: said({"documents": [DOCUMENT | wrong], "cursor": None})) as server:
        failure = failure_of(the_cloud(server.url).documents(None))
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "unexpected_answer")


def test_g10_a_redirect_is_not_followed_and_the_token_stays_here() -> None:
    with serving(lambda _: said(PERSON)) as elsewhere:
        target = {"Location": f"{elsewhere.url}/api/me"}
        with serving(lambda _: Answer(302, b"{}", headers=target)) as server:
            failure_of(the_cloud(server.url).me())
        assert elsewhere.requests == []


def test_g14_a_truncated_answer_is_no_answer() -> None:
    body = json.dumps({"users": [PERSON] * 100, "cursor": None}).encode()
    with serving(lambda _: Answer(200, body, cut=len(body) // 2)) as server:
        failure = failure_of(the_cloud(server.url).users("a"))
    assert failure.kind is FailureKind.OFFLINE


# --- G18: silence --------------------------------------------------------------------------------


@every_call
def test_g18_a_server_that_never_answers_is_given_up(call: Callable[[HttpCloud], object]) -> None:
    with serving(lambda _: Never()) as server:
        failure = failure_of(call(the_cloud(server.url, QUICK)))
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "timeout")


def test_g18_an_answer_that_drips_for_ever_is_given_up() -> None:
    with serving(lambda _: Drip()) as server:
        failure = failure_of(the_cloud(server.url, QUICK).me())
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "timeout")


def test_an_endless_answer_is_given_up() -> None:
    with serving(lambda _: Answer(200, b" " * 100_000)) as server:
        web = Web(QUICK, {}, max_body=50_000)
        failure = failure_of(HttpCloud(server.url, lambda _: "t", "h", web).me())
    assert failure.kind is FailureKind.OFFLINE


def test_g01_a_cloud_that_is_not_there_is_offline() -> None:
    with serving(lambda _: Answer()) as server:
        url = server.url
    failure = failure_of(the_cloud(url).me())
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "offline")
    assert "local up" in failure.message


def test_a_name_nobody_knows_is_offline() -> None:
    failure = failure_of(the_cloud("https://no-such-host.invalid").me())
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "offline")
    assert "no-such-host.invalid" in failure.message


def test_g02_a_line_that_is_cut_does_not_spoil_the_next_call() -> None:
    answers = iter([said({"users": [], "cursor": None}), Answer(200, b"{}", cut=0)])

    def answering(_: Request) -> Answer:
        return next(answers, said({"users": [], "cursor": None}))

    with serving(answering) as server:
        cloud = the_cloud(server.url)
        assert cloud.users("a") == ()
        failure_of(cloud.users("a"))
        assert cloud.users("a") == ()


# --- G12: TLS ------------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> loopback.Authority:
    made = loopback.authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def nobody(_: Request) -> Answer:
    return said({"users": [], "cursor": None})


def test_g12_an_authority_of_the_persons_own_is_trusted(authority: loopback.Authority) -> None:
    with serving(nobody, authority.context()) as server:
        assert the_cloud(server.url).users("a") == ()


@pytest.mark.parametrize(
    ("name", "days"), [("localhost", -1), ("other.example", 30)], ids=["expired", "wrong host"]
)
def test_g12_a_wrong_certificate_ends_it(
    authority: loopback.Authority, name: str, days: int
) -> None:
    with serving(nobody, authority.context(name, days)) as server:
        failure = failure_of(the_cloud(server.url).users("a"))
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "tls")
    assert "not secure" in failure.message
    assert server.requests == []


def test_g12_a_certificate_nobody_vouches_for_ends_it(tmp_path: Path) -> None:
    with serving(nobody, loopback.authority(tmp_path).context()) as server:
        failure = failure_of(the_cloud(server.url).users("a"))
    assert failure.code == "tls"
    assert server.requests == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_g12_an_old_protocol_ends_it(authority: loopback.Authority) -> None:
    context = authority.context(newest=ssl.TLSVersion.TLSv1_1)
    with serving(nobody, context) as server:
        failure = failure_of(the_cloud(server.url).users("a"))
    assert failure.code == "tls"
    assert server.requests == []


def test_g12_there_is_no_way_back_to_plain_http(authority: loopback.Authority) -> None:
    with serving(nobody) as server:
        failure = failure_of(the_cloud(server.url.replace("http:", "https:")).users("a"))
    assert failure.kind is FailureKind.OFFLINE
    assert "token-1" not in repr(server.requests)


def test_t72_session_keys_are_never_written_to_a_file(
    authority: loopback.Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with serving(nobody, authority.context()) as server:
        assert the_cloud(server.url).users("a") == ()
    assert not (tmp_path / "keys").exists()


# --- G13: proxies --------------------------------------------------------------------------------


def test_g13_the_environments_proxy_is_used() -> None:
    with serving(nobody) as proxy:
        environ = {"http_proxy": f"http://me:p%40ss@localhost:{proxy.port}"}
        assert the_cloud("http://api.example.org", **environ).users("a") == ()
    assert proxy.requests[0].target.startswith("http://api.example.org/api/share/users")
    assert proxy.requests[0].headers["proxy-authorization"] == "Basic bWU6cEBzcw=="


def test_g13_a_proxy_carries_tls_through_and_sees_no_token(authority: loopback.Authority) -> None:
    with serving(nobody, authority.context("api.example.org")) as server:

        def tunnel(request: Request) -> Tunnel:
            return Tunnel(server.port)

        with serving(tunnel) as proxy:
            cloud = the_cloud("https://api.example.org", HTTPS_PROXY=f"localhost:{proxy.port}")
            assert cloud.users("a") == ()
    (asked,) = proxy.requests
    assert (asked.method, asked.target) == ("CONNECT", "api.example.org:443")
    assert "authorization" not in asked.headers


@pytest.mark.parametrize("url", ["http://api.example.org", "https://api.example.org"])
def test_g13_a_proxy_that_wants_a_name_is_told_apart(url: str) -> None:
    with serving(lambda _: Answer(407, b"", "text/html")) as proxy:
        address = f"http://localhost:{proxy.port}"
        failure = failure_of(the_cloud(url, http_proxy=address, https_proxy=address).me())
    assert (failure.kind, failure.code) == (FailureKind.OFFLINE, "proxy_auth")


def test_g13_a_proxy_that_is_gone_is_offline() -> None:
    with serving(nobody) as proxy:
        address = proxy.url
    failure = failure_of(the_cloud("https://api.example.org", https_proxy=address).me())
    assert failure.kind is FailureKind.OFFLINE


@pytest.mark.parametrize("no_proxy", ["*", "example.org", "other.example, api.example.org"])
def test_g13_no_proxy_is_respected(no_proxy: str) -> None:
    with serving(nobody) as proxy:
        cloud = the_cloud("http://api.example.org.invalid", http_proxy=proxy.url, no_proxy=no_proxy)
        if no_proxy == "*":
            failure_of(cloud.me())
            assert proxy.requests == []
        else:
            failure_of(cloud.me())
            assert len(proxy.requests) == 1


def test_g13_this_machine_is_reached_without_a_proxy() -> None:
    with serving(nobody) as server:
        cloud = the_cloud(
            server.url, http_proxy="http://localhost:1", all_proxy="http://localhost:1"
        )
        assert cloud.users("a") == ()


# --- G14: lost answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [HangUp(), Answer(200, b"{}", cut=1)], ids=["at once", "within"])
def test_g14_a_change_whose_answer_was_lost_is_sent_again_once_under_its_key(
    lost: HangUp | Answer,
) -> None:
    answering = iter([lost, said({"document": DOCUMENT})])
    with serving(lambda _: next(answering)) as server:
        assert not isinstance(the_cloud(server.url).share(OpId("o"), ID, ["x@y"], []), Failure)
        first, second = server.requests
    assert first.body == second.body
    assert json.loads(second.body)["op_id"] == "o"


@pytest.mark.parametrize("lost", [HangUp(), Never()], ids=["broken", "silent"])
def test_g14_who_gave_a_command_whose_answer_stays_lost_hears_that_nobody_knows(
    lost: HangUp | Never,
) -> None:
    with serving(lambda _: lost) as server:
        cloud = the_cloud(server.url, QUICK if isinstance(lost, Never) else PATIENT)
        failure = failure_of(cloud.act([ExtendOrder(OpId("o"), ID, 60)]))
        assert len(server.requests) == (2 if isinstance(lost, HangUp) else 1)
    assert failure.kind is FailureKind.OFFLINE
    assert "not known whether this was done" in answers.error(failure).message
    assert "not known" not in failure.message  # a row's: what the engine does is tried again


def test_g14_of_a_cloud_that_goes_away_after_a_lost_answer_nobody_knows_either() -> None:
    def answering(_: Request) -> HangUp:
        server.refuse()
        return HangUp()

    with serving(answering) as server:
        failure = failure_of(the_cloud(server.url).share(OpId("o"), ID, ["x@y"], []))
    assert "not known whether this was done" in answers.error(failure).message


def test_g14_a_question_whose_answer_was_lost_changes_nothing_and_is_not_repeated() -> None:
    with serving(lambda _: HangUp()) as server:
        failure = failure_of(the_cloud(server.url).me())
        assert len(server.requests) == 1
    assert "does not run" not in failure.message  # it runs: it was reached
    assert "not known" not in answers.error(failure).message


# --- I08: the session ----------------------------------------------------------------------------


def test_i08_a_401_renews_the_token_once_and_sends_the_same_request_again() -> None:
    def answering(request: Request) -> Answer:
        if request.headers["authorization"] == "stale":
            return said({"message": "Unauthorized"}, 401)
        return said({"document": DOCUMENT})

    with serving(answering) as server:
        tokens = {None: "stale", "stale": "fresh"}
        cloud = HttpCloud(server.url, lambda stale: tokens[stale], "h", Web(PATIENT, {}))
        assert not isinstance(cloud.share(OpId("op-1"), ID, ["x@y"], []), Failure)
    first, second = server.requests
    assert first.body == second.body
    assert json.loads(second.body)["op_id"] == "op-1"


def test_i08_a_fresh_token_refused_too_ends_the_session() -> None:
    with serving(lambda _: said({"message": "Unauthorized"}, 401)) as server:
        failure = failure_of(the_cloud(server.url).me())
    assert failure.kind is FailureKind.SIGNED_OUT
    assert len(server.requests) == 2


def test_without_a_session_nothing_is_sent() -> None:
    signed_out = Failure(FailureKind.SIGNED_OUT, "Sign in.")
    with serving(nobody) as server:
        cloud = HttpCloud(server.url, lambda _: signed_out, "h", Web(PATIENT, {}))
        assert cloud.me() is signed_out
    assert server.requests == []


# --- the clock -----------------------------------------------------------------------------------


def reply(earliest: int, latest: int) -> Reply:
    return Reply(200, {}, b"", earliest, latest)


def test_the_servers_clock_is_measured_with_the_way_there_and_back() -> None:
    date = "Mon, 23 Nov 2026 09:30:00 GMT"
    moments = iter([1_795_426_190_000, 1_795_426_190_400])
    with serving(lambda _: said({"users": [], "cursor": None}, Date=date)) as server:
        web = Web(PATIENT, {}, wall_ms=lambda: next(moments))
        cloud = HttpCloud(server.url, lambda _: "t", "h", web)
        assert cloud.users("a") == ()
    # 09:30:00.000 to .999 there, 09:29:50.000 to .400 here
    assert cloud.clock_offset_ms() == (10_000 - 400 + 10_999) // 2


def test_each_answer_narrows_what_is_known_of_the_servers_clock() -> None:
    clock = ServerClock()
    assert clock.offset_ms() == 0
    for bounds in ((0, 1000), (-400, 600), (500, 1500)):
        clock.learn(reply(*bounds))
    assert clock.offset_ms() == 550


def test_a_clock_that_was_set_replaces_what_was_known() -> None:
    clock = ServerClock()
    clock.learn(reply(0, 1000))
    clock.learn(reply(60_000, 61_000))
    assert clock.offset_ms() == 60_500


def test_a_portals_date_teaches_nothing() -> None:
    headers = {"Date": "Mon, 23 Nov 2020 09:30:00 GMT"}
    with serving(lambda _: Answer(200, b"<html>", "text/html", headers)) as server:
        cloud = the_cloud(server.url)
        failure_of(cloud.me())
    assert cloud.clock_offset_ms() == 0


def test_secrets_do_not_show_in_what_is_logged() -> None:
    grant: dict[str, Any] = {
        "grant_id": "g",
        "bucket": "b",
        "region": "r",
        "prefix": "p",
        "access_key_id": "AKIA",
        "secret_access_key": "canary",
        "session_token": "canary",
        "expires_at": "2026-11-23T10:30:00.000Z",
    }
    with serving(lambda _: said({"grant": grant, "results": []})) as server:
        registered = the_cloud(server.url).register([], "g")
    assert "canary" not in repr(registered)
