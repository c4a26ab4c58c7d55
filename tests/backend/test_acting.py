"""Rename, delete, extend: one and many, over the stateful fakes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.controllers.acting import act, act_all
from chalicelib.controllers.sharing import download, share
from chalicelib.refusals import Refused
from chalicelib.rows import claim_key, document_key, tombstone_key
from mydoctransfer.engine.execution import errand
from mydoctransfer_contract.documents import (
    ActionKind,
    DocumentAction,
    DocumentActions,
    DocumentState,
    ShareChange,
)
from mydoctransfer_contract.times import parse_time
from mydoctransfer_contract.uploads import MAX_BATCH
from tests.backend.fakes import START, World, op

DAY = 86_400


def code_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem.code


def do(world, who, share_id, action, **more):
    return act(world.parts, who, world.now, share_id, DocumentAction(op(), action, **more)).document


def renames(world, who, moves):
    actions = tuple(
        DocumentAction(op(), ActionKind.RENAME, share_id=d.share_id, path=path) for d, path in moves
    )
    return act_all(world.parts, who, world.now, DocumentActions(actions)).results


def test_a_rename_moves_the_claim_and_keeps_the_rest():
    world = World()
    ada = world.person()
    before = world.publish(ada, path="old.txt")
    after = do(
        world, ada, before.share_id, ActionKind.RENAME, path="new.txt", display_name="new.txt"
    )
    assert (after.path, after.display_name, after.version) == ("new.txt", "new.txt", 1)
    assert claim_key(ada.sub, "old.txt") not in world.store.tables
    assert world.store.tables[claim_key(ada.sub, "new.txt")]["share_id"] == before.share_id
    assert world.publish(ada, path="old.txt").share_id != before.share_id


def test_a_rename_onto_a_live_document_is_refused():
    """R14."""
    world = World()
    ada = world.person()
    one, two = world.publish(ada, path="1"), world.publish(ada, path="2")
    with pytest.raises(Refused) as refused:
        do(world, ada, one.share_id, ActionKind.RENAME, path="2")
    assert refused.value.problem.code == "path_taken"
    assert refused.value.problem.share_id == two.share_id


@pytest.mark.parametrize("count", [2, 3, 20])
def test_documents_that_exchange_paths_do_so_together(count):
    """R2: a swap, a cycle."""
    world = World()
    ada = world.person()
    docs = [world.publish(ada, path=f"p{n}") for n in range(count)]
    results = renames(world, ada, [(d, f"p{(n + 1) % count}") for n, d in enumerate(docs)])
    assert [r.problem for r in results] == [None] * count
    for n, document in enumerate(docs):
        claim = world.store.tables[claim_key(ada.sub, f"p{(n + 1) % count}")]
        assert claim["share_id"] == document.share_id


@given(st.permutations(range(30)), st.integers(min_value=2, max_value=30))
@settings(max_examples=25)
def test_renames_in_any_order_leave_every_path_with_its_document(order, count):
    """R2, R14: chains of any length and order, also longer than one transaction takes."""
    world = World()
    ada = world.person()
    docs = [world.publish(ada, path=f"p{n:03d}") for n in range(count)]
    moves = [(docs[n], f"p{n + 1:03d}") for n in order if n < count]
    results = renames(world, ada, moves)
    assert [r.problem for r in results] == [None] * count
    for n, document in enumerate(docs):
        assert (
            world.store.tables[claim_key(ada.sub, f"p{n + 1:03d}")]["share_id"] == document.share_id
        )
    assert claim_key(ada.sub, "p000") not in world.store.tables


def test_two_renames_to_one_path_leave_one_winner():
    world = World()
    ada = world.person()
    one, two = world.publish(ada, path="1"), world.publish(ada, path="2")
    results = renames(world, ada, [(one, "x"), (two, "x")])
    assert [r.problem.code if r.problem else None for r in results] == [None, "path_taken"]


def test_a_hundred_renames_cost_a_bounded_number_of_calls():
    world = World()
    ada = world.person()
    docs = [world.publish(ada, path=f"old/{n}") for n in range(100)]
    world.store.forget_costs()
    results = renames(world, ada, [(d, f"new/{n}") for n, d in enumerate(docs)])
    assert all(r.document for r in results)
    assert world.store.calls.count("transaction") <= 6
    assert world.store.calls.count("read") <= 6


def test_actions_on_one_document_in_one_call_happen_in_order():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    actions = (
        DocumentAction(op(), ActionKind.RENAME, document.share_id, display_name="one"),
        DocumentAction(op(), ActionKind.RENAME, document.share_id, display_name="two"),
        DocumentAction(op(), ActionKind.DELETE, document.share_id),
        DocumentAction(op(), ActionKind.EXTEND, document.share_id, lifetime=60),
    )
    results = act_all(world.parts, ada, world.now, DocumentActions(actions)).results
    assert [r.document.display_name for r in results[:3]] == ["one", "two", "two"]
    assert results[3].problem.code == "removed"


def test_an_action_repeated_gives_the_same_answer_and_one_effect():
    """Invariant I17."""
    world = World()
    ada = world.person()
    document = world.publish(ada)
    action = DocumentAction(op(), ActionKind.DELETE)
    first = act(world.parts, ada, world.now, document.share_id, action)
    world.now += 1000
    assert act(world.parts, ada, world.now, document.share_id, action) == first
    assert world.audited().count("deleted") == 1


def test_an_op_id_used_for_another_action_is_refused():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    key = op()
    act(
        world.parts,
        ada,
        world.now,
        document.share_id,
        DocumentAction(key, ActionKind.RENAME, display_name="x"),
    )
    other = DocumentAction(key, ActionKind.RENAME, display_name="y")
    assert (
        code_of(lambda: act(world.parts, ada, world.now, document.share_id, other))
        == "invalid_request"
    )


def test_a_delete_leaves_a_tombstone_and_removes_the_object_at_once():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    after = do(world, ada, document.share_id, ActionKind.DELETE)
    assert after.state is DocumentState.REMOVED
    assert not world.objects.all_keys
    assert document_key(ada.sub, document.share_id) not in world.store.tables
    assert world.store.tables[tombstone_key(ada.sub, document.share_id)]["ttl"] > 0
    assert world.publish(ada).share_id != document.share_id


def test_a_delete_of_another_version_than_seen_is_refused():
    """R14."""
    world = World()
    ada = world.person()
    document = world.publish(ada)
    world.publish(ada, b"two", share_id=document.share_id, expected_version=1)
    assert (
        code_of(lambda: do(world, ada, document.share_id, ActionKind.DELETE, expected_version=1))
        == "version_conflict"
    )


def test_a_disabled_account_deletes_and_shares_nothing():
    """T08."""
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada)
    account = world.directory.accounts[ada.sub]
    world.directory.accounts[ada.sub] = type(account)(
        account.sub, account.email, account.given_name, account.family_name, False
    )
    assert (
        code_of(lambda: do(world, ada, document.share_id, ActionKind.DELETE)) == "unauthenticated"
    )
    body = ShareChange(op(), add=(bob.person.email,))
    assert (
        code_of(lambda: share(world.parts, ada, world.now, document.share_id, body))
        == "unauthenticated"
    )


@pytest.mark.parametrize("lifetime", [1, 60, 3600, 30 * DAY])
def test_extend_sets_the_end_from_now_sooner_or_later(lifetime):
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=7200)
    world.now += 1000
    after = do(world, ada, document.share_id, ActionKind.EXTEND, lifetime=lifetime)
    assert parse_time(after.expires_at) == START + 1000 + lifetime * 1000


@pytest.mark.parametrize(
    "most, words",
    [(2_592_000, "1 second to 30 days"), (86_400, "24 hours"), (5_400, "5400 seconds")],
)
def test_a_lifetime_that_is_refused_is_told_in_a_persons_units(most, words):
    world = World(max_lifetime=most, lifetimes=(60,), default_lifetime=60)
    ada = world.person()
    document = world.publish(ada)
    with pytest.raises(Refused) as caught:
        do(world, ada, document.share_id, ActionKind.EXTEND, lifetime=most + 1)
    assert words in caught.value.detail


def test_extend_never_passes_the_policys_age():
    world = World(max_age=100, max_lifetime=60, lifetimes=(60,), default_lifetime=60)
    ada = world.person()
    document = world.publish(ada)
    world.now += 39_000
    do(world, ada, document.share_id, ActionKind.EXTEND, lifetime=60)
    world.now += 2_000
    assert (
        code_of(lambda: do(world, ada, document.share_id, ActionKind.EXTEND, lifetime=60))
        == "lifetime_refused"
    )


def test_nothing_is_done_to_an_expired_document_at_the_very_millisecond():
    """R10, K05, K06: 410, no resurrection, though the sweep has not run."""
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=60)
    world.now += 59_999
    do(world, ada, document.share_id, ActionKind.RENAME, display_name="in time")
    world.now += 1
    for action, more in (
        (ActionKind.EXTEND, {"lifetime": 60}),
        (ActionKind.RENAME, {"display_name": "late"}),
        (ActionKind.DELETE, {}),
    ):
        assert code_of(lambda a=action, m=more: do(world, ada, document.share_id, a, **m)) == (
            "expired"
        )


def test_an_extension_that_commits_after_the_end_fails():
    """K05: the condition, not only the look before, compares with the end."""
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=60)
    key = document_key(ada.sub, document.share_id)

    def expire_meanwhile(_writes):
        world.store.tables[key]["expires_at"] = world.now - 1

    world.store.before_commit = expire_meanwhile
    assert (
        code_of(lambda: do(world, ada, document.share_id, ActionKind.EXTEND, lifetime=60))
        == "expired"
    )


def test_a_stranger_and_nobody_get_the_same_answer():
    """T16, T17, T18, T25."""
    world = World()
    ada, eve = world.person(), world.person("Eve")
    document = world.publish(ada)
    for action, more in (
        (ActionKind.DELETE, {}),
        (ActionKind.RENAME, {"display_name": "mine"}),
        (ActionKind.EXTEND, {"lifetime": 60}),
    ):
        problems = []
        for share_id in (document.share_id, "0" * 32, "nonsense"):
            with pytest.raises(Refused) as refused:
                do(world, eve, share_id, action, **more)
            problems.append(refused.value.problem)
        assert len(set(problems)) == 1
        assert problems[0].status == 404
    assert world.audited().count("denied") == 9


def test_a_foreign_document_takes_as_long_as_none():
    """T25: what is asked of AWS takes the time, and it is the same, row for row."""
    world = World()
    ada, eve = world.person(), world.person("Eve")
    document = world.publish(ada)
    asked = []
    for share_id in (document.share_id, "0" * 32):
        world.store.forget_costs()
        with pytest.raises(Refused):
            do(world, eve, share_id, ActionKind.DELETE)
        with pytest.raises(Refused):
            download(world.parts, eve, world.now, share_id)
        asked.append((list(world.store.calls), world.store.reads, world.store.writes))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    "name", ["", ".", "..", " . ", "a/b", "/", "\x00", "x\x00y", "é" * 200, "x" * 5000]
)
def test_a_bad_name_is_refused(name):
    """T45."""
    world = World()
    ada = world.person()
    document = world.publish(ada)
    assert (
        code_of(lambda: do(world, ada, document.share_id, ActionKind.RENAME, display_name=name))
        == "name_refused"
    )


@pytest.mark.parametrize("kind", [ActionKind.RENAME, ActionKind.DELETE, ActionKind.EXTEND])
def test_a_document_many_people_have_still_fits_its_transaction(kind):
    """The most people a document may have are chosen so that every change is one transaction."""
    world = World()
    ada = world.person()
    crowd = [world.person().person.email for _ in range(40)]
    document = world.publish(ada, people=tuple(crowd[:20]))
    share(world.parts, ada, world.now, document.share_id, ShareChange(op(), tuple(crowd[20:])))
    world.publish(ada, b"two", path="moved", share_id=document.share_id)
    more = {"path": "p", "display_name": "n"} if kind is ActionKind.RENAME else {}
    more = {"lifetime": 60} if kind is ActionKind.EXTEND else more
    assert len(do(world, ada, document.share_id, kind, **more).people) == 40


@pytest.mark.parametrize("crowds", [1, 4])
def test_an_exchange_that_fits_no_transaction_is_refused_and_changes_nothing(crowds):
    world = World()
    ada = world.person()
    crowd = [world.person().person.email for _ in range(20 * crowds)]
    docs = [
        world.publish(ada, path=f"{n}", people=tuple(crowd[20 * (n % crowds) :][:20]))
        for n in range(4)
    ]
    actions = tuple(
        DocumentAction(op(), ActionKind.RENAME, d.share_id, display_name="x", path=f"{(n + 1) % 4}")
        for n, d in enumerate(docs)
    )
    results = act_all(world.parts, ada, world.now, DocumentActions(actions)).results
    if crowds == 1:
        assert all(r.document for r in results)
        return
    assert {r.problem.code for r in results} == {"path_taken"}
    for n, document in enumerate(docs):
        assert world.store.tables[claim_key(ada.sub, f"{n}")]["share_id"] == document.share_id


def test_what_a_device_orders_fills_a_call():
    """A renamed folder of ten thousand files costs a hundred calls, and not one more."""
    assert errand.BATCH == MAX_BATCH
