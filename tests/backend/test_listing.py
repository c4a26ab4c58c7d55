"""Lists, cursors and the change feed, over the stateful fakes."""

import base64
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.connectors.ports import Key, TableName
from chalicelib.controllers.acting import act
from chalicelib.controllers.auditing import entries
from chalicelib.controllers.listing import changes, documents
from chalicelib.controllers.sharing import share
from chalicelib.controllers.sweep import sweep
from chalicelib.refusals import Refused
from chalicelib.rows import document_key, feed_pk, feed_sk, person_pk, sequence_key
from mydoctransfer_contract.documents import (
    ActionKind,
    DocumentAction,
    DocumentState,
    ShareChange,
)
from tests.backend.fakes import World, op


def listed(world, who, scope="all", gone=False):
    found, cursor, pages = [], None, 0
    while True:
        page = documents(world.parts, who, world.now, scope, gone, cursor)
        found += page.documents
        cursor, pages = page.cursor, pages + 1
        if cursor is None:
            return found
        assert pages < 100


def followed(world, who, cursor):
    found = []
    while True:
        page = changes(world.parts, who, world.now, cursor)
        assert not page.reset
        found += page.changes
        cursor = page.cursor
        if not page.more:
            return found, cursor


def remove(world, who, share_id):
    act(world.parts, who, world.now, share_id, DocumentAction(op(), ActionKind.DELETE))


def test_a_long_list_comes_in_pages_without_gaps():
    """T48: the original saw one page of rows."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    mine = {world.publish(ada, path=f"{n}").share_id for n in range(230)}
    given_ = {
        world.publish(bob, path=f"{n}", people=(ada.person.email,)).share_id for n in range(70)
    }
    assert {d.share_id for d in listed(world, ada, "mine")} == mine
    assert {d.share_id for d in listed(world, ada, "shared")} == given_
    assert {d.share_id for d in listed(world, ada)} == mine | given_


def test_a_page_of_own_documents_is_one_query():
    """Issue 4, figures."""
    world = World()
    ada = world.person()
    for n in range(150):
        world.publish(ada, path=f"{n}")
    world.store.forget_costs()
    page = documents(world.parts, ada, world.now, "mine", False, None)
    assert world.store.calls == ["query"]
    assert len(page.documents) == 100
    world.store.forget_costs()
    documents(world.parts, ada, world.now, "shared", False, None)
    assert world.store.calls == ["query"]


def test_expired_documents_leave_the_list_at_once_and_gone_shows_them():
    """R10, K04."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    world.publish(ada, lifetime=60, people=(bob.person.email,))
    world.now += 60_000
    for swept in (False, True):
        if swept:
            sweep(world.parts, world.now + 1000)
        assert listed(world, ada) == listed(world, bob) == []
        for who in (ada, bob):
            (gone,) = listed(world, who, gone=True)
            assert gone.state is DocumentState.EXPIRED


def test_one_bad_row_breaks_nobodys_list():
    """T44."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    good = world.publish(ada, people=(bob.person.email,))
    for pk, sk, row in (
        (person_pk(ada.sub), "DOC#0000", {"share_id": 5}),
        (person_pk(bob.sub), "SHR#0000", {"owner": None}),
        (person_pk(bob.sub), "SHR#0001", {"share_id": "0001", "owner": "nobody"}),
    ):
        world.store.tables[Key(pk, sk)] = row
    assert [d.share_id for d in listed(world, ada)] == [good.share_id]
    assert [d.share_id for d in listed(world, bob)] == [good.share_id]


def test_a_cursor_is_good_for_one_person_and_one_list():
    world = World()
    ada, eve = world.person(), world.person("Eve")
    for n in range(101):
        world.publish(ada, path=f"{n}")
    cursor = documents(world.parts, ada, world.now, "mine", False, None).cursor
    raw = base64.urlsafe_b64decode(cursor)
    forged = base64.urlsafe_b64encode(raw[:-2] + b"9}").decode()
    for who, scope, tried in (
        (eve, "mine", cursor),
        (ada, "all", cursor),
        (ada, "mine", forged),
        (ada, "mine", "nonsense"),
        (ada, "mine", ""),
        (ada, "mine", "é"),
        (ada, "mine", "A" * 10_000),
    ):
        with pytest.raises(Refused) as refused:
            documents(world.parts, who, world.now, scope, False, tried)
        assert refused.value.problem.status == 400


def test_changes_tell_of_everything_once_and_of_the_end():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    start_ada = changes(world.parts, ada, world.now, None).cursor
    start_bob = changes(world.parts, bob, world.now, None).cursor
    first = world.publish(ada, path="1", people=(bob.person.email,))
    second = world.publish(ada, path="2")
    remove(world, ada, first.share_id)
    found, cursor = followed(world, ada, start_ada)
    assert {(c.share_id, c.document.state) for c in found} == {
        (first.share_id, DocumentState.REMOVED),
        (second.share_id, DocumentState.LIVE),
    }
    ((seen,), _) = followed(world, bob, start_bob)
    assert (seen.share_id, seen.document.state) == (first.share_id, DocumentState.REMOVED)
    assert followed(world, ada, cursor)[0] == []


def test_nothing_new_costs_one_query_of_one_unit():
    world = World()
    ada = world.person()
    world.publish(ada)
    cursor = changes(world.parts, ada, world.now, None).cursor
    world.store.forget_costs()
    changes(world.parts, ada, world.now, cursor)
    assert (world.store.calls, world.store.reads) == (["query"], 1)


@pytest.mark.parametrize("why", ["too old", "another epoch", "forged", "lines lost"])
def test_a_cursor_that_may_have_missed_something_says_reset(why):
    world = World()
    ada = world.person()
    cursor = changes(world.parts, ada, world.now, None).cursor
    world.publish(ada, path="1")
    world.publish(ada, path="2")
    match why:
        case "too old":
            world.now += 29 * 86_400_000
        case "another epoch":
            object.__setattr__(world.config, "epoch", "epoch-2")
        case "forged":
            cursor = "x" + cursor[1:]
        case "lines lost":
            del world.store.tables[Key(feed_pk(ada.sub), feed_sk(1))]
    page = changes(world.parts, ada, world.now, cursor)
    assert page.reset
    assert page.changes == ()
    assert not changes(world.parts, ada, world.now, page.cursor).reset


def test_a_line_seen_before_the_one_before_it_is_not_taken_yet():
    """A query is no snapshot: line 2 may show while line 1 does not."""
    world = World()
    ada = world.person()
    world.publish(ada, path="1")
    cursor = changes(world.parts, ada, world.now, None).cursor
    world.publish(ada, path="2")
    world.publish(ada, path="3")
    world.publish(ada, path="4")
    hidden = Key(feed_pk(ada.sub), feed_sk(3))
    row = world.store.tables.pop(hidden)
    page = changes(world.parts, ada, world.now, cursor)
    assert [c.document.path for c in page.changes] == ["2"]
    assert page.more
    world.store.tables[hidden] = row
    found, _ = followed(world, ada, page.cursor)
    assert [c.document.path for c in found] == ["3", "4"]


@given(st.lists(st.sampled_from("pudse"), min_size=1, max_size=25), st.data())
@settings(max_examples=40)
def test_following_the_feed_gives_what_the_list_gives(actions, data):
    """Invariants I5 and I13: whatever happens, list + changes = list now; revisions never fall."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    views = {ada: {}, bob: {}}
    cursors = {who: changes(world.parts, who, world.now, None).cursor for who in views}
    ids = []
    for n, action in enumerate(actions):
        world.now += 1000
        chosen = data.draw(st.sampled_from(ids)) if ids else None
        try:
            if action == "p" or chosen is None:
                ids.append(world.publish(ada, path=f"{n}", lifetime=3600).share_id)
            elif action == "u":
                world.publish(ada, b"%d" % n, path=f"v{n}", share_id=chosen)
            elif action == "d":
                remove(world, ada, chosen)
            elif action == "s":
                body = ShareChange(op(), add=(bob.person.email,))
                share(world.parts, ada, world.now, chosen, body)
            else:
                body = ShareChange(op(), remove=(bob.person.email,))
                share(world.parts, ada, world.now, chosen, body)
        except (Refused, AssertionError):
            pass
        if n % 3 == 0:
            for who, view in views.items():
                found, cursors[who] = followed(world, who, cursors[who])
                for change in found:
                    if change.document is None:
                        view.pop(change.share_id, None)
                        continue
                    before = view.get(change.share_id)
                    assert before is None or before.revision <= change.document.revision
                    view[change.share_id] = change.document
    for who, view in views.items():
        found, _ = followed(world, who, cursors[who])
        view.update({c.share_id: c.document for c in found})
        live = {i: d for i, d in view.items() if d and d.state is DocumentState.LIVE}
        assert live == {d.share_id: d for d in listed(world, who)}


def test_writers_racing_for_one_feed_leave_no_gap():
    """Ten documents whose transactions each find the number taken meanwhile."""
    world = World()
    ada = world.person()
    start = changes(world.parts, ada, world.now, None).cursor
    for n in range(10):

        def meanwhile(_writes, n=n):
            world.publish(ada, path=f"other {n}")

        file = world.new(path=f"mine {n}")
        answer = world.register(ada, file).results[0]
        world.objects.put(answer.key, b"hello")
        world.store.before_commit = meanwhile
        from mydoctransfer_contract.uploads import CompleteUpload

        done = world.complete(ada, CompleteUpload(answer.upload_id, 5, file.sha256))
        assert done.results[0].document
    found, _ = followed(world, ada, start)
    assert len(found) == 20
    assert world.store.tables[sequence_key(ada.sub)]["n"] == 20


def test_a_busy_table_is_waited_for():
    world = World()
    ada = world.person()
    world.store.busy_next = 3
    assert world.publish(ada)


def test_the_audit_is_for_administrators_newest_first_and_searched():
    """T21."""
    world = World()
    ada, root = world.person(), world.person("Root", groups=("admins",))
    with pytest.raises(Refused) as refused:
        entries(world.parts, ada, world.now, "", None)
    assert refused.value.problem.code == "forbidden"
    for n in range(130):
        world.now += 3_600_000
        world.publish(ada, path=f"report {n}.pdf")
    found, cursor = [], None
    while True:
        page = entries(world.parts, root, world.now, "REPORT", cursor)
        found += page.entries
        cursor = page.cursor
        if cursor is None:
            break
    assert [e.display_name for e in found] == [f"report {n}.pdf" for n in reversed(range(130))]
    assert all(e.id > f.id for e, f in itertools.pairwise(found))
    assert found[-1].expired
    assert not found[0].expired
    assert "incoming/" not in str(found)
    denied = entries(world.parts, root, world.now, "read_audit", None)
    while not denied.entries:
        denied = entries(world.parts, root, world.now, "read_audit", denied.cursor)
    assert denied.entries[0].action == "denied"


def test_two_audit_entries_never_share_a_place():
    """T57: the original's key was a timestamp, so entries overwrote each other."""
    world = World()
    ada = world.person()
    for n in range(30):
        world.publish(ada, path=f"{n}")
    audit = [k for k in world.store.tables if k.table is TableName.AUDIT and k.pk[:4] == "DAY#"]
    assert len(audit) == 30
    assert len(world.audited()) == 30


def test_listing_costs_the_same_however_many_documents_others_have():
    """T48."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    world.publish(ada)

    def cost():
        world.store.forget_costs()
        listed(world, ada)
        changes(world.parts, ada, world.now, None)
        return world.store.reads, list(world.store.calls)

    before = cost()
    for n in range(300):
        world.publish(bob, path=f"{n}")
    assert cost() == before
    assert document_key(ada.sub, "x").pk == person_pk(ada.sub)
