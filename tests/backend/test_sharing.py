"""Sharing, downloading, and what a recipient sees, over the stateful fakes."""

import pytest

from chalicelib.controllers.acting import act
from chalicelib.controllers.listing import changes, documents
from chalicelib.controllers.people import search
from chalicelib.controllers.receipts import receipt
from chalicelib.controllers.sharing import download, received, share
from chalicelib.refusals import Refused
from chalicelib.rows import document_key
from mydoctransfer_contract.documents import (
    ActionKind,
    ChangeKind,
    DocumentAction,
    Received,
    ShareChange,
)
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.times import format_time, parse_time
from tests.backend.fakes import World, op


def problem_of(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem


def give(world, who, share_id, *emails, remove=()):
    body = ShareChange(op(), add=tuple(emails), remove=tuple(remove))
    return share(world.parts, who, world.now, share_id, body).document


def test_sharing_is_a_set_operation_on_canonical_addresses():
    """K08, K13, T50: spelled differently, still one person."""
    world = World()
    ada, bob = world.person(), world.person("Bob", email="bob@example.org")
    document = world.publish(ada)
    give(world, ada, document.share_id, "BOB@Example.ORG", " bob@example.org ")
    after = give(world, ada, document.share_id, "\uff42\uff4f\uff42@example.org")
    assert [p.email for p in after.people] == ["bob@example.org"]
    assert world.audited().count("shared with") == 1
    assert bob.sub in world.stored(document_key(ada.sub, document.share_id))["people"]
    gone = give(world, ada, document.share_id, remove=("Bob@example.org",))
    assert gone.people == ()


def test_sharing_is_all_or_nothing_and_names_who_is_in_the_way():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada)
    problem = problem_of(
        lambda: give(world, ada, document.share_id, bob.person.email, "who@x.org", "no@x.org")
    )
    assert (problem.code, problem.emails) == ("unknown_recipient", ("who@x.org", "no@x.org"))
    assert not world.rows("SHR#")
    assert world.audited() == ["uploaded", "sharing denied"]


@pytest.mark.parametrize(
    "spelling",
    ["blocked@evil.org", "BLOCKED@EVIL.ORG", "blocked@EVIL.org ", "\uff42locked@evil.org"],
)
def test_a_refused_recipient_is_refused_in_every_spelling(spelling):
    """T50: the original was passed by letter case."""
    world = World(refused_recipients=("evil.org",))
    ada = world.person()
    world.person("Mallory", email="blocked@evil.org")
    document = world.publish(ada)
    problem = problem_of(lambda: give(world, ada, document.share_id, spelling))
    assert (problem.code, problem.emails) == ("recipient_refused", ("blocked@evil.org",))


@pytest.mark.parametrize(
    "poison",
    ["victim#A#B", "bad", "", "@", "a@", "a@b@c", "a\u200bb@x.org", "a b@x.org", "x" * 500],
)
def test_a_poison_recipient_changes_nothing_and_breaks_no_list(poison):
    """T44."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada)
    problem = problem_of(lambda: give(world, ada, document.share_id, bob.person.email, poison))
    assert problem.status == 400
    assert documents(world.parts, bob, world.now, "all", True, None).documents == ()
    assert len(documents(world.parts, ada, world.now, "all", True, None).documents) == 1


def test_a_document_is_not_shared_with_its_owner():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    problem = problem_of(lambda: give(world, ada, document.share_id, ada.person.email))
    assert problem.code == "recipient_refused"


def test_people_added_and_removed_at_the_same_moment_are_all_heeded():
    """K13: the loser of the race repeats its set operation on what is there now."""
    world = World()
    ada, bob, eve = world.person(), world.person("Bob"), world.person("Eve")
    document = world.publish(ada, people=(bob.person.email,))

    def meanwhile(_writes):
        give(world, ada, document.share_id, remove=(bob.person.email,))

    world.store.before_commit = meanwhile
    after = give(world, ada, document.share_id, eve.person.email)
    assert [p.email for p in after.people] == [eve.person.email]


def test_a_recipient_sees_no_path_no_device_and_no_other_recipient():
    """Invariant I19."""
    world = World()
    ada, bob, eve = world.person(), world.person("Bob"), world.person("Eve")
    world.publish(
        ada, path="private/x.txt", host="laptop", people=(bob.person.email, eve.person.email)
    )
    (seen,) = documents(world.parts, bob, world.now, "shared", False, None).documents
    assert (seen.path, seen.host, seen.mine, seen.link) == (None, "", False, None)
    assert [p.email for p in seen.people] == [bob.person.email]


def test_a_download_link_never_outlives_the_document_and_names_its_version():
    """T32, T30, invariant I18."""
    world = World(daily_downloads=1000)
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, lifetime=90, people=(bob.person.email,))
    ends = parse_time(document.expires_at)
    for _ in range(400):
        if world.now >= ends:
            break
        try:
            link = download(world.parts, bob, world.now, document.share_id)
        except Refused as refused:
            assert refused.problem.code == "expired"
            assert ends - world.now < 1000
        else:
            assert parse_time(link.expires_at) <= min(ends, world.now + 60_000)
        world.now += 333
    assert problem_of(lambda: download(world.parts, bob, world.now, document.share_id)).code == (
        "expired"
    )
    assert {(key_version[1], key_version[3] <= 60) for key_version in world.objects.presigned} == {
        ("v1", True)
    }
    assert "downloaded" not in world.audited()


def test_only_the_recipients_word_says_downloaded():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    download(world.parts, bob, world.now, document.share_id)
    assert "downloaded" not in world.audited()
    body = Received(op(), document.sha256, 1)
    received(world.parts, bob, world.now, document.share_id, body)
    received(world.parts, bob, world.now, document.share_id, body)
    assert world.audited().count("downloaded") == 1
    lie = Received(op(), "0" * 64, 1)
    assert (
        problem_of(lambda: received(world.parts, bob, world.now, document.share_id, lie)).code
        == "checksum_mismatch"
    )


@pytest.mark.parametrize(
    ("sha256", "version"),
    [(None, 0), (None, -7), ("nonsense", 1), ("AB" * 32, 1), ("nonsense", -7)],
)
def test_a_word_on_what_is_no_version_or_no_hash_is_refused(sha256, version):
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    world.publish(ada, b"other", share_id=document.share_id, expected_version=1)
    word = Received(op(), sha256 or document.sha256, version)
    refused = problem_of(lambda: received(world.parts, bob, world.now, document.share_id, word))
    assert refused.code == "invalid_request"
    assert "downloaded" not in world.audited()


def test_of_a_replaced_version_the_audit_says_that_the_word_was_not_verified():
    """Its hash is not kept: whatever is said of it may be true."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    newer = world.publish(ada, b"other", share_id=document.share_id, expected_version=1)
    got(world, bob, document, 1)
    world.now += 1
    got(world, bob, newer, 2)
    said = [e["detail"] for e in world.audit_entries() if e["action"] == "downloaded"]
    assert said == ["version 1, not verified", "version 2"]


def got(world, who, document, version=1):
    body = Received(op(), document.sha256, version)
    return received(world.parts, who, world.now, document.share_id, body).document


def seen(world, who, document):
    """What somebody sees of it: the e-mail, the version, and milliseconds after the start."""
    page = documents(world.parts, who, world.now, "all", True, None).documents
    (row,) = [d for d in page if d.share_id == document.share_id]
    return [(f.person.email, f.version, f.at) for f in row.fetched]


def test_the_owner_is_shown_who_confirmed_what_and_when():
    world = World()
    ada, bob, eve = world.person(), world.person("Bob"), world.person("Eve")
    document = world.publish(ada, people=(bob.person.email, eve.person.email))
    assert seen(world, ada, document) == []
    cursor = changes(world.parts, ada, world.now, None).cursor
    first = world.now
    got(world, eve, document)
    world.now += 1000
    got(world, bob, document)
    eves = (eve.person.email, 1, format_time(first))
    bobs = (bob.person.email, 1, format_time(first + 1000))
    assert seen(world, ada, document) == [eves, bobs]
    (change,) = changes(world.parts, ada, world.now, cursor).changes
    assert [f.person.email for f in change.document.fetched] == [eves[0], bobs[0]]
    assert seen(world, bob, document) == [bobs]  # and nothing of the others


def test_a_link_handed_out_is_no_download():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    download(world.parts, bob, world.now, document.share_id)
    assert seen(world, ada, document) == []


def test_a_word_repeated_tells_the_owner_nothing_new():
    """The same call again, and the same said with another key."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    body = Received(op(), document.sha256, 1)
    first = received(world.parts, bob, world.now, document.share_id, body)
    told, cursor = seen(world, ada, document), changes(world.parts, ada, world.now, None).cursor
    world.now += 5000
    assert received(world.parts, bob, world.now, document.share_id, body) == first
    got(world, bob, document)
    assert seen(world, ada, document) == told
    assert not changes(world.parts, ada, world.now, cursor).changes
    assert world.audited().count("downloaded") == 2


def test_a_new_version_is_confirmed_anew_and_an_old_word_takes_nothing_back():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    got(world, bob, document)
    newer = world.publish(ada, b"other", share_id=document.share_id, expected_version=1)
    assert [f[1] for f in seen(world, ada, document)] == [1]
    got(world, bob, newer, 2)
    got(world, bob, newer, 1)
    assert [f[1] for f in seen(world, ada, document)] == [2]


def test_an_owner_who_downloads_their_own_confirms_nothing():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    assert got(world, ada, document).fetched == ()
    assert seen(world, ada, document) == []


def test_who_fetched_it_stays_known_when_it_is_taken_back_and_when_it_is_gone():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    got(world, bob, document)
    give(world, ada, document.share_id, remove=(bob.person.email,))
    assert [f[0] for f in seen(world, ada, document)] == [bob.person.email]
    delete = DocumentAction(op(), ActionKind.DELETE)
    act(world.parts, ada, world.now, document.share_id, delete)
    assert [f[0] for f in seen(world, ada, document)] == [bob.person.email]
    written = receipt(world.parts, ada, world.now, document.share_id)
    assert [f.person.email for f in written.fetched] == [bob.person.email]


def test_a_row_stays_small_however_many_have_had_a_document():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    emails = []
    for number in range(102):
        one = world.person(f"P{number}")
        emails.append(one.person.email)
        give(world, ada, document.share_id, one.person.email)
        world.now += 1
        got(world, one, document)
        give(world, ada, document.share_id, remove=(one.person.email,))
    assert [f[0] for f in seen(world, ada, document)] == emails[2:]


def test_a_former_recipient_is_a_stranger_from_that_moment():
    """A2, K09."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,))
    cursor = changes(world.parts, bob, world.now, None).cursor
    give(world, ada, document.share_id, remove=(bob.person.email,))
    assert problem_of(lambda: download(world.parts, bob, world.now, document.share_id)).code == (
        "not_found"
    )
    page = changes(world.parts, bob, world.now, cursor)
    assert [(c.kind, c.document) for c in page.changes] == [(ChangeKind.NO_LONGER_SHARED, None)]
    act(world.parts, ada, world.now, document.share_id, DocumentAction(op(), ActionKind.DELETE))
    assert problem_of(lambda: download(world.parts, bob, world.now, document.share_id)).code == (
        "not_found"
    )


def test_gone_is_said_to_those_who_had_it_and_to_nobody_else():
    world = World()
    ada, bob, eve = world.person(), world.person("Bob"), world.person("Eve")
    document = world.publish(ada, people=(bob.person.email,))
    act(world.parts, ada, world.now, document.share_id, DocumentAction(op(), ActionKind.DELETE))
    for who, code in ((ada, "removed"), (bob, "removed"), (eve, "not_found")):
        problem = problem_of(
            lambda who=who: download(world.parts, who, world.now, document.share_id)
        )
        assert problem.code == code


def test_a_renamed_account_keeps_what_was_shared_with_it():
    """K20, T12: a share is with a `sub`; an address that changes hands transfers nothing."""
    world = World()
    ada, bob = world.person(), world.person("Bob", email="bob@example.org")
    document = world.publish(ada, people=("bob@example.org",))
    account = world.directory.accounts.pop(bob.sub)
    assert download(world.parts, bob, world.now, document.share_id)
    squatter = world.person("Squatter", email=account.email)
    assert problem_of(
        lambda: download(world.parts, squatter, world.now, document.share_id)
    ).code == ("not_found")


@pytest.mark.parametrize(
    ("mode", "query", "found"),
    [
        ("search", "bo", ["bob@example.org"]),
        ("search", "Bob", ["bob@example.org"]),
        ("search", "", ["bob@example.org"]),
        ("search", "ada", []),
        ("exact", "BOB@example.org", ["bob@example.org"]),
        ("exact", "bob", []),
        ("off", "bob@example.org", []),
    ],
)
def test_people_are_shown_as_far_as_the_policy_says_and_never_oneself(mode, query, found):
    """T14."""
    world = World(directory=mode)
    ada = world.person("Ada", email="ada@example.org")
    world.person("Bob", email="bob@example.org")
    page = search(world.parts, ada, world.now, query, None)
    assert [p.email for p in page.users] == found


def test_a_long_directory_comes_in_pages_without_gaps():
    world = World()
    ada = world.person()
    everybody = {world.person("Zoe").person.email for _ in range(173)}
    seen, cursor = set(), None
    while True:
        page = search(world.parts, ada, world.now, "", cursor)
        seen |= {p.email for p in page.users}
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == everybody


def test_a_document_is_downloaded_by_one_person_only_so_often_a_day():
    """T89: who pays for the traffic is the operator."""
    world = World(daily_downloads=3)
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, people=(bob.person.email,), lifetime=7 * 86_400)
    other = world.publish(ada, path="other", people=(bob.person.email,))

    def fetch(who, share_id=document.share_id):
        return download(world.parts, who, world.now, share_id)

    for _ in range(3):
        fetch(bob)
    issued = world.audited().count("link_issued")
    with pytest.raises(Refused) as refused:
        fetch(bob)
    assert refused.value.code is Code.TOO_MANY_REQUESTS
    assert refused.value.retry_after == 86_400 // 3 + 1
    assert world.audited().count("link_issued") == issued
    assert len(world.objects.presigned) == 3
    fetch(ada)  # nobody else has to wait, and no other document
    fetch(bob, other.share_id)
    world.now += refused.value.retry_after * 1000
    fetch(bob)
    with pytest.raises(Refused):
        fetch(bob)
