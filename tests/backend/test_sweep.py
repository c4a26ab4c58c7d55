"""The sweep and the arrivals, over the stateful fakes and a clock that tests turn."""

import pytest

from chalicelib.connectors.ports import Key
from chalicelib.controllers.acting import act
from chalicelib.controllers.arrivals import ObjectArrived, Unsettled, arrived
from chalicelib.controllers.listing import documents
from chalicelib.controllers.sweep import sweep
from chalicelib.rows import (
    WATERMARK_KEY,
    document_key,
    hint_pk,
    shared_tombstone_key,
    tombstone_key,
    upload_key,
)
from chalicelib.services.hints import hour_of
from mydoctransfer_contract.documents import ActionKind, DocumentAction
from mydoctransfer_contract.uploads import SINGLE_PUT_MAX, CompleteUpload
from tests.backend.fakes import BUCKET, World, op, sha256

MINUTE = 60_000
DAY = 86_400_000


def swept(world, **more):
    return sweep(world.parts, world.now + 10**9, **more)


def put(world, who, data=b"hello", *, sent=None, **more):
    file = world.new(data, **more)
    result = world.register(who, file).results[0]
    version = world.objects.put(result.key, data if sent is None else sent)
    size = len(data if sent is None else sent)
    return file, result, ObjectArrived(BUCKET, result.key, version, size)


def test_what_expired_is_buried_with_every_version_and_a_receipt():
    world = World()
    ada, bob = world.person(), world.person("Bob")
    document = world.publish(ada, lifetime=3600, people=(bob.person.email,))
    world.publish(ada, b"two", share_id=document.share_id)
    world.now += 3600_000
    assert swept(world).expired == 1
    swept(world)
    assert not world.objects.all_keys
    tombstone = world.store.tables[tombstone_key(ada.sub, document.share_id)]
    assert tombstone["state"] == "expired"
    assert tombstone["receipt"]["objects_gone_at"] == world.now
    assert tombstone["ttl"] == (world.now + 30 * DAY) // 1000
    assert document_key(ada.sub, document.share_id) not in world.store.tables
    assert shared_tombstone_key(bob.sub, document.share_id) in world.store.tables
    assert not world.rows("SHR#")
    assert not [k for k in world.store.tables if k.pk.startswith("C#")]
    assert world.audited()[-2:] == ["deleted because expired", "every version gone"]


def test_what_the_first_sweep_did_not_get_to_is_settled_by_the_next_however_late(monkeypatch):
    """R10: where the first one begins is known before it does anything."""
    world = World()
    world.publish(world.person(), lifetime=3600)
    world.now += 3600_000

    def dies(*_, **__):
        raise TimeoutError

    with monkeypatch.context() as first, pytest.raises(TimeoutError):
        first.setattr(world.store, "page", dies)
        swept(world)
    world.now += 4 * DAY
    assert swept(world).expired == 1
    assert not world.objects.all_keys


def test_what_was_extended_meanwhile_stays():
    """K05."""
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=60)
    action = DocumentAction(op(), ActionKind.EXTEND, lifetime=7200)
    act(world.parts, ada, world.now, document.share_id, action)
    world.now += 120_000
    assert swept(world).expired == 0
    assert world.objects.all_keys
    world.now += 7200_000
    assert swept(world).expired == 1


def test_an_extension_at_the_last_moment_beats_the_sweep_or_loses_to_it():
    """K05: the sweep's write holds the revision it saw and the end."""
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=60)
    key = document_key(ada.sub, document.share_id)
    world.now += 60_000

    def extend_meanwhile(_writes):
        row = world.store.tables[key]
        row["expires_at"] += 3600_000
        row["revision"] += 1

    world.store.before_commit = extend_meanwhile
    assert swept(world).expired == 0
    assert key in world.store.tables
    assert world.objects.all_keys


def test_sweeping_twice_or_in_parallel_changes_nothing_more():
    """K17."""
    world = World()
    ada = world.person()
    for n in range(7):
        world.publish(ada, path=f"{n}", lifetime=60)
    world.now += 60_000

    def another_sweep(_writes):
        swept(world)

    world.store.before_commit = another_sweep
    swept(world)
    swept(world)
    before = dict(world.store.tables)
    swept(world)
    assert {k: v for k, v in world.store.tables.items() if k != WATERMARK_KEY} == {
        k: v for k, v in before.items() if k != WATERMARK_KEY
    }
    assert world.audited().count("deleted because expired") == 7
    assert world.audited().count("every version gone") == 7


def test_poison_rows_and_a_broken_object_stop_nothing_else():
    """T56."""
    world = World()
    ada = world.person()
    docs = [world.publish(ada, path=f"{n}", lifetime=60) for n in range(5)]
    key = document_key(ada.sub, docs[2].share_id)
    good = dict(world.store.tables[key])
    sent = world.stored(key)["key"]
    world.store.tables[key]["body"] = "poison"
    world.objects.broken.add(sent)
    world.store.tables[Key(hint_pk(hour_of(world.now)), "0000#poison")] = {"look": "nonsense"}
    world.now += 60_000
    result = swept(world)
    assert result.expired == 4
    assert result.put_off >= 2
    assert len(world.objects.all_keys) == 5  # the buried ones' objects are due in a moment
    world.now += 1
    swept(world)
    assert world.objects.all_keys == {sent}
    world.store.tables[key] = good
    world.objects.broken.clear()
    for _ in range(3):
        world.now += 15 * MINUTE
        swept(world)
    assert not world.objects.all_keys
    assert world.audited().count("deleted because expired") == 5


def test_a_sweep_that_runs_out_of_time_goes_on_where_it_stopped():
    """K17."""
    world = World()
    ada = world.person()
    for n in range(9):
        world.publish(ada, path=f"{n}", lifetime=60 + n)
    world.now += 3_600_000
    clock = iter(range(10**6))
    object.__setattr__(world.parts, "clock", lambda: world.now + next(clock))
    expired, rounds = 0, 0
    while expired < 9:
        result = sweep(world.parts, world.now + next(clock) + 12)
        expired += result.expired
        rounds += 1
        assert rounds < 50
    assert rounds > 1


def test_nothing_due_costs_a_few_queries_and_no_write():
    world = World()
    ada = world.person()
    world.publish(ada, lifetime=30 * 86_400)
    swept(world)
    world.store.forget_costs()
    swept(world)
    assert set(world.store.calls) == {"read", "query"}
    assert len(world.store.calls) <= 4


def test_after_a_month_without_sweeps_everything_due_is_found():
    """K16."""
    world = World()
    ada = world.person()
    swept(world)
    for n in range(40):
        world.now += 18 * 3_600_000
        world.publish(ada, path=f"{n}", lifetime=60)
    world.now += 60_000
    assert swept(world).expired == 40


def test_a_deleted_documents_receipt_comes_with_the_next_sweep():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    key = world.stored(document_key(ada.sub, document.share_id))["key"]
    world.objects.broken.add(key)
    act(world.parts, ada, world.now, document.share_id, DocumentAction(op(), ActionKind.DELETE))
    assert world.objects.all_keys == {key}  # the bucket did not answer; the deletion stands
    world.objects.broken.clear()
    swept(world)
    assert not world.objects.all_keys
    assert "receipt" in world.store.tables[tombstone_key(ada.sub, document.share_id)]


def test_a_replaced_version_is_removed_a_little_later():
    world = World()
    ada = world.person()
    document = world.publish(ada)
    world.publish(ada, b"two", share_id=document.share_id)
    assert len(world.objects.all_keys) == 2
    world.now += 15 * MINUTE
    swept(world)
    (left,) = world.objects.all_keys
    assert world.stored(document_key(ada.sub, document.share_id))["key"] == left


def test_an_arrival_is_noted_with_one_write_and_published_by_nobody_yet():
    world = World()
    ada = world.person()
    _, result, event = put(world, ada)
    world.store.forget_costs()
    arrived(world.parts, world.now, event)
    assert world.store.calls == ["write"]
    assert world.objects.looks == 0
    row = world.store.tables[upload_key(result.upload_id)]
    assert (row["state"], row["arrived_vid"]) == ("open", event.version_id)
    assert documents(world.parts, ada, world.now, "all", False, None).documents == ()


@pytest.mark.parametrize("noted", [True, False])
def test_an_upload_whose_client_died_is_published_by_the_sweep(noted):
    """H13: also when the event was lost."""
    world = World()
    ada = world.person()
    _, result, event = put(world, ada)
    if noted:
        arrived(world.parts, world.now, event)
    world.now += 2 * MINUTE
    assert swept(world).published == 1
    (document,) = documents(world.parts, ada, world.now, "all", False, None).documents
    assert document.sha256 == sha256(b"hello")
    again = world.complete(ada, CompleteUpload(result.upload_id, 5, sha256(b"hello"))).results[0]
    assert again.document == document


def test_an_upload_without_a_declared_hash_waits_for_its_client_and_is_given_up_after_a_week():
    """Invariant I16."""
    world = World()
    ada = world.person()
    data = b"x" * (SINGLE_PUT_MAX + 1)
    _, result, event = put(world, ada, data, sha256=None)
    arrived(world.parts, world.now, event)
    for _ in range(30):
        world.now += 5 * MINUTE
        assert swept(world).published == 0
    assert world.objects.all_keys
    for _ in range(40):
        world.now += 6 * 3_600_000
        swept(world)
    assert not world.objects.all_keys
    assert world.store.tables[upload_key(result.upload_id)]["state"] == "aborted"


def test_what_arrives_after_the_sweep_gave_its_upload_up_is_removed_when_no_grant_is_left():
    """Invariant I16: its client died right after it had sent the bytes, and the event was lost."""
    world = World()
    ada = world.person()
    _, result, _ = put(world, ada, sent=b"HELLO")
    world.now += 2 * MINUTE
    assert swept(world).published == 0
    assert world.store.tables[upload_key(result.upload_id)]["state"] == "refused"
    world.objects.put(result.key, b"hello")
    for _ in range(4):
        world.now += 20 * MINUTE
        swept(world)
    assert not world.objects.all_keys
    assert not [key for key in world.store.tables if key.pk.startswith("H#")]


def test_an_upload_still_under_way_is_looked_at_again_and_then_published():
    world = World()
    ada = world.person()
    file = world.new()
    result = world.register(ada, file).results[0]
    for _ in range(20):
        world.now += 5 * MINUTE
        swept(world)
    world.objects.put(result.key, b"hello")
    world.now += 15 * MINUTE
    assert swept(world).published == 1


def test_what_nobody_registered_is_removed_at_once_and_audited():
    """T38, T28."""
    world = World()
    ada = world.person()
    for key in (
        f"incoming/{ada.sub}/{'0' * 32}/{'0' * 32}",
        f"incoming/{ada.sub}/report.pdf",
        "incoming/x/y/z/w",
        "incoming/",
        "incoming/../../etc",
    ):
        version = world.objects.put(key, b"stray")
        arrived(world.parts, world.now, ObjectArrived(BUCKET, key, version, 5))
    assert not world.objects.all_keys
    assert world.audited() == ["arrival refused"] * 5


def test_a_larger_object_than_declared_is_removed_and_blocks_grants():
    """T38."""
    world = World()
    ada = world.person()
    _, _, event = put(world, ada, sent=b"much more than declared")
    arrived(world.parts, world.now, event)
    assert not world.objects.all_keys
    (rate,) = world.rows("RATE")
    assert world.store.tables[rate]["blocked_until"] > world.now


def test_a_forged_event_removes_nothing():
    """T34: the object itself is asked before anything is removed."""
    world = World()
    ada = world.person()
    _, _, event = put(world, ada)
    lies = (
        ObjectArrived("attacker", event.key, event.version_id, 5),
        ObjectArrived(BUCKET, event.key, event.version_id, 10**12),
        ObjectArrived(BUCKET, event.key, "no-such-version", 10**12),
        ObjectArrived(BUCKET, "incoming/a/b", "v999", 5),
    )
    for lie in lies:
        arrived(world.parts, world.now, lie)
    assert world.objects.all_keys == {event.key}
    world.publish(ada, path="other")
    for lie in lies:
        arrived(world.parts, world.now, lie)
    assert event.key in world.objects.all_keys


@pytest.mark.parametrize("times", [1, 2, 3])
def test_late_and_repeated_events_change_nothing(times):
    """Invariant I17."""
    world = World()
    ada = world.person()
    file, result, event = put(world, ada)
    for _ in range(times):
        arrived(world.parts, world.now, event)
    world.complete(ada, CompleteUpload(result.upload_id, 5, file.sha256))
    before = dict(world.store.tables)
    for _ in range(times):
        arrived(world.parts, world.now, event)
    assert world.store.tables == before
    assert world.objects.all_keys == {event.key}


def test_an_overwrite_after_publication_goes_and_the_published_version_stays():
    """T30."""
    world = World()
    ada = world.person()
    file, result, event = put(world, ada)
    world.complete(ada, CompleteUpload(result.upload_id, 5, file.sha256))
    swapped = world.objects.put(event.key, b"swapped")
    arrived(world.parts, world.now, ObjectArrived(BUCKET, event.key, swapped, 7))
    assert [v[0] for v in world.objects.versions[event.key]] == [event.version_id]


def test_a_busy_table_makes_the_event_come_again():
    world = World()
    ada = world.person()
    _, _, event = put(world, ada)
    world.store.busy_next = 99
    with pytest.raises(Unsettled):
        arrived(world.parts, world.now, event)
    world.store.busy_next = 0
    arrived(world.parts, world.now, event)


def hints(world) -> int:
    return sum(1 for key in world.store.tables if key.pk.startswith("H#"))


def test_two_sweeps_beside_each_other_put_a_thing_off_once():
    """Each sees the hint and the failure; only one writes when to look again."""
    world = World()
    ada = world.person()
    document = world.publish(ada, lifetime=60)
    world.now += 61_000
    swept(world)
    (key,) = world.objects.all_keys
    world.objects.broken.add(key)
    before = hints(world)
    world.store.before_commit = lambda _writes: swept(world)
    swept(world)
    assert hints(world) == before
    world.objects.broken.clear()
    world.now += DAY
    swept(world)
    assert not world.objects.all_keys
    receipt = world.store.tables[tombstone_key(ada.sub, document.share_id)]["receipt"]
    assert receipt["objects_gone_at"] == world.now
