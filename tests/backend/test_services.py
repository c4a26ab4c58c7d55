"""The small decisions: names, addresses, claims, policy, cursors, rates, authorisation."""

import dataclasses
import json
import re
import urllib.parse

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib import wire
from chalicelib.connectors.cognito import quoted
from chalicelib.connectors.sts import StsGrants
from chalicelib.model import Identity, StoredDocument, Upload
from chalicelib.refusals import Refused
from chalicelib.services import claims, cursors, ids, policy, rate
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.emails import canonical
from chalicelib.services.names import MAX_NAME, checked_path, content_disposition, stored_name
from mydoctransfer_contract.documents import DocumentState, Person
from mydoctransfer_contract.paths import display_name, encode_path
from tests.backend.fakes import START, World

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(TEXT, st.booleans())
def test_a_stored_name_is_stored_as_itself(text, is_of_file):
    """T45: normalised once; storing it again changes nothing."""
    try:
        name = stored_name(text, of_file=is_of_file)
    except Refused as refused:
        assert refused.code.value == "name_refused"
        return
    assert stored_name(name, of_file=is_of_file) == name
    assert 0 < len(name.encode()) <= MAX_NAME
    assert not re.search(r"[\x00-\x1f\x7f/\u202a-\u202e\u2066-\u2069]", name)


@given(st.binary(min_size=1, max_size=255).filter(lambda b: b"/" not in b and b"\0" not in b))
@example(b"...")
@example(b" ")
@example(b"\xc2\xa0.")
def test_every_file_name_of_a_disk_can_be_sent(raw):
    """D10."""
    path = raw.decode("utf-8", "surrogateescape")
    if path in (".", ".."):
        return
    assert checked_path(encode_path(path)) == encode_path(path)
    assert stored_name(display_name(path), of_file=True)


@pytest.mark.parametrize("name", ["", ".", "..", "...", " ", "\u00a0.", "x" * 256])
def test_a_name_that_is_typed_says_something_and_is_not_cut(name):
    """T45: what is a file's name, or the end of it, may be none that a person should type."""
    with pytest.raises(Refused):
        stored_name(name)


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_is_a_place_is_no_files(name):
    with pytest.raises(Refused):
        stored_name(name, of_file=True)


@given(TEXT)
def test_no_name_reaches_the_header_unescaped(text):
    """T66."""
    header = content_disposition(text)
    match = re.fullmatch(r"attachment; filename=\"([^\"\\]*)\"; filename\*=UTF-8''(.*)", header)
    assert match
    assert header.isascii()
    assert header.isprintable()
    assert urllib.parse.unquote(match.group(2), errors="strict") == text
    assert ";" not in match.group(1) + match.group(2)


@given(st.text(max_size=80))
def test_a_canonical_address_is_canonical(text):
    """T50."""
    found = canonical(text)
    if found is not None:
        assert canonical(found) == found
        assert canonical(found.upper()) == found
        assert canonical(f" {found} ") == found
        assert found.count("@") == 1


@pytest.mark.parametrize(
    ("spelled", "found"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("\ufb01ona@example.org", "fiona@example.org"),
        ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("a.b+c@example.org", "a.b+c@example.org"),
        (".a@example.org", None),
        ("a..b@example.org", None),
        ("a@-example.org", None),
        ("a@exa mple.org", None),
        ("a\u200d@example.org", None),
        ("a\n@example.org", None),
        ("<a@example.org>", None),
        ('"a"@example.org', None),
        ("victim#A#B", None),
        ("a@" + "x" * 300, None),
    ],
)
def test_addresses_have_one_spelling(spelled, found):
    assert canonical(spelled) == found


@given(st.text(max_size=40))
def test_no_text_ends_a_filters_string(text):
    """T37."""
    inner = quoted(text)[1:-1]
    assert re.fullmatch(r'(?:[^"\\]|\\["\\])*', inner, re.DOTALL)


NOW = START
GOOD = {
    "sub": "0123-abc",
    "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool",
    "aud": "client",
    "token_use": "id",
    "exp": str(NOW // 1000 + 300),
    "iat": str(NOW // 1000),
    "email": "Ada@Example.org",
    "given_name": "Ada",
    "family_name": "Byron",
    "cognito:username": "ada",
}


def claimed(**changes):
    told = {k: v for k, v in (GOOD | changes).items() if v is not ...}
    return claims.identity(told, "192.0.2.1", NOW, World().config)


def test_good_claims_are_somebody():
    who = claimed()
    assert (who.sub, who.person.email, who.is_admin) == ("0123-abc", "ada@example.org", False)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-client"},
        {"aud": ["client"]},
        {"aud": ...},
        {"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"},
        {"iss": "https://evil/xeu-west-1_pool"},
        {"iss": ...},
        {"token_use": "access"},
        {"token_use": ...},
        {"sub": ...},
        {"sub": ""},
        {"sub": "a/../b"},
        {"sub": ["x"]},
        {"exp": str(NOW // 1000)},
        {"exp": str(NOW // 1000 - 1)},
        {"exp": ...},
        {"exp": "NaN"},
        {"exp": "1e30"},
        {"exp": 10**18},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": True},
        {"exp": None},
        {"exp": "-1"},
        {"iat": str(NOW // 1000 + 3600)},
        {"nbf": str(NOW // 1000 + 3600)},
        {"nbf": "tomorrow"},
    ],
)
def test_claims_that_are_not_all_right_are_nobody(changes):
    """T04, T05, T06."""
    with pytest.raises(Refused) as refused:
        claimed(**changes)
    assert refused.value.problem.status == 401
    assert refused.value.problem.detail == ""


@pytest.mark.parametrize("told", [None, [], "x", 5, {}])
def test_no_claims_are_nobody(told):
    """T01."""
    with pytest.raises(Refused):
        claims.identity(told, "", NOW, World().config)


@pytest.mark.parametrize(
    "changes",
    [
        {"given_name": ...},
        {"given_name": ["x"]},
        {"email": ...},
        {"email": ["a@b.c"]},
        {"email": "nonsense"},
        {"family_name": "x\n\x1b[31m"},
        {"cognito:username": ...},
        {"cognito:groups": 5},
    ],
)
def test_odd_claims_for_show_are_no_error(changes):
    """T13."""
    who = claimed(**changes)
    assert who.sub == "0123-abc"
    assert "\n" not in who.person.family_name


def test_the_gateways_spelling_of_a_time_is_read():
    assert claimed(exp="Fri Jan 15 09:00:00 UTC 2027")


@pytest.mark.parametrize(
    ("groups", "is_admin"),
    [
        ("admins", True),
        ("staff,admins", True),
        ("[staff admins]", True),
        (["admins"], True),
        ("administrators", False),
        ("", False),
        (["staff"], False),
        ({"admins": 1}, False),
    ],
)
def test_only_the_group_makes_an_administrator(groups, is_admin):
    """The original: a self-writable nickname."""
    who = claimed(**{"cognito:groups": groups, "nickname": "admins", "custom:role": "admins"})
    assert who.is_admin is is_admin


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"max_byte": 5}',
        '{"max_bytes": 0}',
        '{"max_bytes": "5"}',
        '{"directory": "everything"}',
        '{"max_lifetime": 10}',
        '{"max_age": 10}',
        '{"max_people": 41}',
        '{"allowed_recipients": ["Example.org"]}',
        '{"refused_recipients": ["a b"]}',
        '{"lifetimes": []}',
        '{"lifetimes": [0]}',
        '{"links_allowed": "no"}',
        '{"daily_bytes": 0}',
        '{"requests_per_second": 1000001}',
        '{"daily_downloads": 1000001}',
    ],
)
def test_a_policy_with_a_mistake_is_refused_whole(text):
    with pytest.raises(policy.PolicyError):
        policy.load(text)


def test_a_policy_overrides_what_it_names():
    rules = policy.load('{"daily_bytes": 5, "allowed_recipients": ["example.org"]}')
    assert rules.shown.daily_bytes == 5
    assert rules.allows_recipient("a@example.org")
    assert not rules.allows_recipient("a@sub.example.org")


def test_whatever_the_policy_says_of_sharing_is_shown_before_one_shares():
    """Issue 4: `GET /me` carries it. What is left out limits requests and says so when it does."""
    chosen = {"refused_recipients": ["eve@example.org", "x.org"], "links_allowed": False}
    shown = policy.load(json.dumps(chosen)).shown
    assert shown.refused_recipients == ("eve@example.org", "x.org")
    assert shown.links_allowed is False
    untold = {"max_people", "daily_downloads", "requests_per_second", "burst"}
    names = {field.name for field in dataclasses.fields(policy.Rules)}
    assert {field.name for field in dataclasses.fields(shown)} == names - untold


@given(st.binary(max_size=60))
def test_no_bytes_are_a_cursor_of_ours(raw):
    import base64

    with pytest.raises(Refused):
        cursors.unseal("secret", "docs", "sub", base64.urlsafe_b64encode(raw).decode())


def test_ids_are_random_ascending_or_only_ours_to_derive():
    """T22, T57."""
    assert len({ids.fresh() for _ in range(1000)}) == 1000
    made = [ids.ulid(START) for _ in range(1000)]
    assert made == sorted(set(made))
    assert ids.ulid(START + 1) > made[-1]
    assert ids.derived("a", "x", "y") != ids.derived("b", "x", "y") != ids.derived("b", "xy")


@pytest.mark.parametrize("prefix", ["incoming/*/", "incoming/a?/", "incoming", "", "a${x}/"])
def test_a_grant_is_never_minted_for_a_wild_prefix(prefix):
    with pytest.raises(ValueError, match="prefix"):
        StsGrants("arn:aws:iam::1:role/x", "bucket").session_policy(prefix)


def test_a_person_in_a_hurry_is_slowed_down_and_nobody_else():
    """T52."""
    world = World(requests_per_second=5, burst=10)
    for _ in range(10):
        rate.take(world.parts, "eager", world.now)
    with pytest.raises(Refused) as refused:
        rate.take(world.parts, "eager", world.now)
    assert refused.value.problem.status == 429
    assert refused.value.retry_after >= 1
    rate.take(world.parts, "calm", world.now)
    world.now += 1000
    for _ in range(5):
        rate.take(world.parts, "eager", world.now)
    with pytest.raises(Refused):
        rate.take(world.parts, "eager", world.now)


def test_an_idle_persons_request_costs_one_write():
    world = World()
    rate.take(world.parts, "x", world.now)
    world.now += 1000
    world.store.forget_costs()
    rate.take(world.parts, "x", world.now)
    assert world.store.calls == ["write"]


OWNER = Identity("owner", "o", Person("o@x.org", "", ""))
RECIPIENT = Identity("recipient", "r", Person("r@x.org", "", ""))
STRANGER = Identity("stranger", "s", Person("s@x.org", "", ""))
ADMIN = Identity("admin", "a", Person("a@x.org", "", ""), groups=("admins",))
OWNERS = {"rename", "delete", "extend", "share", "link", "publish"}
READERS = {"see", "download", "received"}
FREE = {"see_self", "list", "act", "upload", "search_people", "revoke_all"}


def document(state: DocumentState, expires_at: int = NOW + 1000) -> StoredDocument:
    return StoredDocument(
        "0" * 32, "owner", OWNER.person, "p", "n", 1, "s", 1, 1, NOW, expires_at, "k", "v",
        people={"recipient": RECIPIENT.person}, state=state,
    )  # fmt: skip


STATES = {
    "live": (document(DocumentState.LIVE), None),
    "expired, not swept": (document(DocumentState.LIVE, NOW), "expired"),
    "expired": (document(DocumentState.EXPIRED), "expired"),
    "removed": (document(DocumentState.REMOVED), "removed"),
    "absent": (None, "not_found"),
}


def expected(who: Identity, state: str, action: str) -> str | None:
    gone = STATES[state][1]
    if state == "absent":
        allowed = action in FREE or (action == "read_audit" and who is ADMIN)
        if allowed:
            return None
        return "forbidden" if action == "read_audit" else "not_found"
    if who not in (OWNER, RECIPIENT):
        return "not_found"
    if action == "see_gone" or (action == "receipt" and who is OWNER):
        return None
    if gone is not None:
        return gone
    return None if action in (OWNERS | READERS if who is OWNER else READERS) else "forbidden"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("who", [OWNER, RECIPIENT, STRANGER, ADMIN], ids=lambda w: w.sub)
def test_the_authorisation_matrix(who, action, state):
    """T16, T17, T18, T20, T21, T25: every action x who x state, default deny."""
    code = expected(who, state, action.value)
    if code is None:
        authorize(who, STATES[state][0], action, NOW)
        return
    with pytest.raises(Refused) as refused:
        authorize(who, STATES[state][0], action, NOW)
    assert refused.value.problem.code == code


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("who", [OWNER, STRANGER, ADMIN], ids=lambda w: w.sub)
def test_an_upload_is_its_owners_to_complete_and_abort_and_nothing_else(who, action):
    """T20."""
    upload = Upload(
        "u", "o", "owner", OWNER.person, "g", "k", "p", "n", 1, None, "s", True, None, 1, {}, "",
        NOW, "f",
    )  # fmt: skip
    if who is OWNER and action in (Action.COMPLETE, Action.ABORT):
        authorize(who, upload, action, NOW)
        return
    with pytest.raises(Refused) as refused:
        authorize(who, upload, action, NOW)
    assert refused.value.problem.code == "not_found"


def answered(world: World, who: Identity, use) -> wire.Answer:
    """What a route over this use case answers to somebody with a good token."""
    told = GOOD | {"sub": who.sub}
    request = wire.Request("GET /new", {"authorizer": {"claims": told}}, {}, "", b"")
    return wire.respond(lambda: world.parts, request, use)


def test_a_route_that_forgets_to_ask_answers_nobody():
    """Issue 4: default deny, also where `authorize` is forgotten."""
    world = World()
    secret = {"secret": "everybody's documents"}
    for who in (OWNER, ADMIN):
        forgetful = answered(world, who, lambda call: secret)
        assert forgetful.status == 500
        assert "secret" not in forgetful.body

        def asks(call):
            authorize(call.who, None, Action.LIST, call.now)
            return secret

        assert answered(world, who, asks).status == 200
        # What one request asked counts for no other.
        assert answered(world, who, lambda call: secret).status == 500


def test_what_was_refused_and_swallowed_was_asked_and_is_the_routes_to_answer():
    """A list passes over what it may not show; a batch says it of one of many."""

    def asks(call):
        with pytest.raises(Refused):
            authorize(call.who, None, Action.SEE, call.now)
        return {"documents": []}

    assert answered(World(), STRANGER, asks).status == 200
