"""Links, the panic button and receipts, over the stateful fakes."""

import pytest

from chalicelib.controllers.acting import act
from chalicelib.controllers.linking import change_link, revoke_all
from chalicelib.controllers.listing import documents
from chalicelib.controllers.receipts import receipt
from chalicelib.controllers.sharing import share
from chalicelib.controllers.sweep import sweep
from chalicelib.refusals import Refused
from chalicelib.rows import document_key, link_key
from chalicelib.services.links import is_password, token_hash
from mydoctransfer_contract.documents import ActionKind, DocumentAction, DocumentState, ShareChange
from mydoctransfer_contract.links import LinkAction, LinkChange
from mydoctransfer_contract.times import format_time
from mydoctransfer_contract.uploads import CompleteUpload
from tests.backend.fakes import World, op, sha256


def link(world, who, share_id, **fields):
    return change_link(world.parts, who, world.now, share_id, LinkChange(op(), **fields))


def links_stored(world):
    return [key for key in world.store.tables if key.pk.startswith("L#")]


def remove(world, who, share_id):
    act(world.parts, who, world.now, share_id, DocumentAction(op(), ActionKind.DELETE))


def code_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem.code


def test_a_link_is_shown_again_but_stored_only_as_a_hash():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    made = link(world, ada, document.share_id, password="pw", max_downloads=3)
    again = link(world, ada, document.share_id)
    assert again.link_path == made.link_path
    assert (made.document.link.max_downloads, made.document.link.has_password) == (3, True)
    token = made.link_path.removeprefix("/s/")
    assert links_stored(world) == [link_key(token_hash(token))]
    assert token not in str(world.store.tables)
    assert "'pw'" not in str(world.store.tables)
    stored = world.stored(document_key(ada.sub, document.share_id))["link"]["password"]
    assert is_password("pw", stored)
    assert not is_password("PW", stored)


def test_changing_keeps_what_is_not_named_and_empties_what_is_emptied():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    link(world, ada, document.share_id, password="pw", max_downloads=3)
    after = link(world, ada, document.share_id, lifetime=60).document.link
    assert (after.max_downloads, after.has_password) == (3, True)
    assert after.expires_at == format_time(world.now + 60_000)
    after = link(world, ada, document.share_id, password="", max_downloads=0).document.link
    assert (after.max_downloads, after.has_password) == (None, False)


def test_a_revoked_link_is_nobodys_and_the_next_one_is_another():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    first = link(world, ada, document.share_id).link_path
    revoked = link(world, ada, document.share_id, action=LinkAction.REVOKE)
    assert (revoked.link_path, revoked.document.link) == (None, None)
    assert not links_stored(world)
    assert link(world, ada, document.share_id).link_path != first


def test_a_link_never_outlives_its_document_and_goes_with_it():
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=60)
    made = link(world, ada, document.share_id)
    assert made.document.link.expires_at == document.expires_at
    world.now += 60_000
    assert code_of(lambda: link(world, ada, document.share_id)) == "expired"
    sweep(world.parts, world.now + 1000)
    assert not links_stored(world)


def test_links_are_the_owners_and_only_where_the_policy_allows_them():
    world = World(links_allowed=False)
    ada, bob, eve = world.person(), world.person("Bob"), world.person("Eve")
    document = world.publish(ada, people=(bob.person.email,))
    assert code_of(lambda: link(world, ada, document.share_id)) == "links_refused"
    assert code_of(lambda: link(world, bob, document.share_id)) == "forbidden"
    assert code_of(lambda: link(world, eve, document.share_id)) == "not_found"


def test_revoke_against_link_leaves_no_link():
    """Issue 4, races: the loser repeats on what is there."""
    world = World()
    ada = world.person()
    document = world.publish(ada)
    link(world, ada, document.share_id)

    def meanwhile(_writes):
        link(world, ada, document.share_id, max_downloads=5)

    world.store.before_commit = meanwhile
    link(world, ada, document.share_id, action=LinkAction.REVOKE)
    assert not links_stored(world)


def test_the_panic_button_leaves_nobody_and_no_link():
    world = World(max_people=40)
    ada = world.person()
    crowd = [world.person(f"P{n}") for n in range(40)]
    docs = [world.publish(ada, path=f"{n}") for n in range(60)]
    crowded = world.publish(ada, path="x", people=tuple(p.person.email for p in crowd[:20]))
    more = ShareChange(op(), add=tuple(p.person.email for p in crowd[20:]))
    share(world.parts, ada, world.now, crowded.share_id, more)
    for document in docs[:55]:
        link(world, ada, document.share_id)
    shares = links = calls = 0
    cursor = None
    while True:
        done = revoke_all(world.parts, ada, world.now, cursor)
        cursor = done.cursor
        shares, links, calls = shares + done.shares, links + done.links, calls + 1
        if not done.more:
            break
        assert calls < 10
    assert (shares, links) == (40, 55)
    assert not links_stored(world)
    assert not world.rows("SHR#")
    page = documents(world.parts, ada, world.now, "mine", False, None).documents
    assert {(d.people, d.link) for d in page} == {((), None)}
    assert documents(world.parts, crowd[0], world.now, "all", True, None).documents == ()
    assert crowded.share_id in {d.share_id for d in page}


def sent(world, who, to, path="a.txt"):
    """Register a file for a person and send its bytes; return what is left to be completed."""
    file = world.new(path=path, people=(to.person.email,))
    registered = world.register(who, file).results[0]
    world.objects.put(registered.key, b"hello")
    return CompleteUpload(registered.upload_id, 5, sha256(b"hello"))


@pytest.mark.parametrize("is_swept", [False, True], ids=["its client", "the sweep"])
def test_what_was_on_its_way_at_the_panic_button_is_given_to_nobody(is_swept):
    """Whoever publishes it later, and however often the button was pressed before."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    revoke_all(world.parts, ada, world.now, None)
    waiting = sent(world, ada, bob)
    revoke_all(world.parts, ada, world.now, None)
    if is_swept:
        world.now += 200_000
        sweep(world.parts, world.now + 1000)
    else:
        assert world.complete(ada, waiting).results[0].document.people == ()
    (document,) = documents(world.parts, ada, world.now, "mine", False, None).documents
    assert document.people == ()
    assert not world.rows("SHR#")
    assert "shared with" not in world.audited()


def test_what_is_registered_after_the_panic_button_is_given_to_its_people_again():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    revoke_all(world.parts, ada, world.now, None)
    document = world.complete(ada, sent(world, ada, bob)).results[0].document
    assert [p.email for p in document.people] == [bob.person.email]


def test_a_panic_button_that_meets_a_busy_table_is_not_answered_before_it_has_worked():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    waiting = sent(world, ada, bob)
    world.store.busy_next = 3
    revoke_all(world.parts, ada, world.now, None)
    assert world.complete(ada, waiting).results[0].document.people == ()
    world.store.busy_next = 100
    assert code_of(lambda: revoke_all(world.parts, ada, world.now, None)) == "too_many_requests"


def test_the_panic_button_reaches_the_end_of_any_list_in_calls_that_end():
    """What is given away lies behind two thousand documents that are not."""
    world = World()
    ada, bob, eve = world.person(), world.person("Bob"), world.person("Eve")
    given = world.publish(ada, people=(bob.person.email,))
    link(world, ada, given.share_id)
    alone = world.store.tables[document_key(ada.sub, world.publish(ada, path="alone").share_id)]
    for n in range(2_100):
        share_id = f"{n:032x}"
        world.store.tables[document_key(ada.sub, share_id)] = alone | {"share_id": share_id}
    cursor, calls = None, 0
    while True:
        world.store.forget_costs()
        done = revoke_all(world.parts, ada, world.now, cursor)
        assert world.store.reads <= 300
        calls += 1
        if not done.more:
            break
        cursor = done.cursor
        assert calls < 5
    assert calls == 3
    assert not links_stored(world)
    assert not world.rows("SHR#")
    assert code_of(lambda: revoke_all(world.parts, eve, world.now, cursor)) == "invalid_request"


def test_a_receipt_says_who_had_it_when_it_went_and_that_every_version_is_gone():
    world = World()
    ada, bob, eve = world.person(), world.person("Bob"), world.person("Eve")
    document = world.publish(ada, people=(bob.person.email,))
    world.publish(ada, b"two", share_id=document.share_id)
    asked = lambda who: receipt(world.parts, who, world.now, document.share_id)  # noqa: E731
    assert code_of(lambda: asked(ada)) == "invalid_request"
    remove(world, ada, document.share_id)
    assert asked(ada).objects_gone_at is None
    world.now += 1000
    sweep(world.parts, world.now + 1000)
    proof = asked(ada)
    assert proof.objects_gone_at == format_time(world.now)
    assert (proof.state, proof.versions) == (DocumentState.REMOVED, 2)
    assert [p.email for p in proof.people] == [bob.person.email]
    assert not world.objects.all_keys
    assert code_of(lambda: asked(bob)) == "removed"
    assert code_of(lambda: asked(eve)) == "not_found"


def test_an_expired_document_has_its_receipt_when_the_sweep_has_been_there():
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=60)
    world.now += 60_000
    asked = lambda: receipt(world.parts, ada, world.now, document.share_id)  # noqa: E731
    assert code_of(asked) == "invalid_request"
    sweep(world.parts, world.now + 1000)
    assert asked().state is DocumentState.EXPIRED
