"""One suite for the tables of the tests and of the simulation, and for the real adapter over the
local cloud's DynamoDB.

Whatever is concluded from the stand-ins holds only as far as all of them agree here.
"""

import secrets
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from chalicelib.connectors import verbatim
from chalicelib.connectors.dynamodb import DynamoStore
from chalicelib.connectors.ports import (
    Absent,
    AnyOf,
    AtMost,
    Busy,
    Cancelled,
    Change,
    Check,
    Committed,
    ConditionFailed,
    Delete,
    Is,
    Key,
    Missing,
    MoreThan,
    Put,
    TableName,
    Wrote,
)
from tests.backend.fakes import FakeStore
from tests.simulation.world.tables import Tables


@pytest.fixture(params=["stand-in", "simulation", "DynamoDB"])
def store(request, monkeypatch):
    if request.param == "stand-in":
        return FakeStore()
    if request.param == "simulation":
        return Tables()
    cloud = request.getfixturevalue("cloud")
    dynamo = cloud.boto3_client("dynamodb")
    verbatim.register(dynamo.meta.events)
    monkeypatch.setattr("chalicelib.connectors.dynamodb.client", lambda service: dynamo)
    tables = cloud.stack_outputs("data")
    return DynamoStore(tables["MainTableName"], tables["AuditTableName"])


@pytest.fixture
def pk():
    return f"TEST#{secrets.token_hex(8)}"


def plain(row):
    return {k: v for k, v in row.items() if k not in ("pk", "sk")}


CELLS = {
    "text": "ü\u202e\U0001f600",
    "empty": "",
    "number": -(2**60),
    "yes": True,
    "no": False,
    "none": None,
    "map": {"a": {"b": [1, "2", None, {"c": False}]}},
    "list": [],
}


def test_what_is_put_is_read_back_exactly(store, pk):
    key = Key(pk, "1")
    assert isinstance(store.write(Put(key, CELLS, (Absent(),))), Wrote)
    assert plain(store.read([key])[key]) == CELLS
    assert store.read([Key(pk, "2")]) == {}


def test_a_failed_condition_writes_nothing_and_shows_what_is_there(store, pk):
    key = Key(pk, "1")
    store.write(Put(key, {"n": 1}, (Absent(),)))
    failed = store.write(Put(key, {"n": 2}, (Absent(),)))
    assert isinstance(failed, ConditionFailed)
    assert plain(failed.row) == {"n": 1}
    assert plain(store.read([key])[key]) == {"n": 1}


@pytest.mark.parametrize(
    ("condition", "on_row", "on_none"),
    [
        (Absent(), False, True),
        (Missing("n"), False, True),
        (Missing("x"), True, True),
        (Is("n", 5), True, False),
        (Is("n", "5"), False, False),
        (Is("x", 5), False, False),
        (AtMost("n", 5), True, False),
        (AtMost("n", 4), False, False),
        (AtMost("x", 4), False, False),
        (AtMost("s", 4), False, False),
        (MoreThan("n", 4), True, False),
        (MoreThan("n", 5), False, False),
        (AnyOf((Is("n", 1), AtMost("n", 9))), True, False),
        (AnyOf((Missing("n"), AtMost("n", 1))), False, True),
    ],
)
def test_conditions_mean_the_same(store, pk, condition, on_row, on_none):
    row, none = Key(pk, "row"), Key(pk, "none")
    store.write(Put(row, {"n": 5, "s": "text"}, (Absent(),)))
    for key, holds in ((row, on_row), (none, on_none)):
        beside = Put(Key(pk, f"beside {key.sk}"), {}, (Absent(),))
        checked = store.commit([Check(key, (condition,)), beside])
        assert isinstance(checked, Committed) is holds, key


def test_all_conditions_of_a_write_hold_together(store, pk):
    key = Key(pk, "1")
    store.write(Put(key, {"n": 5, "s": "x"}, (Absent(),)))
    for when, fits in (((Is("n", 5), Is("s", "x")), True), ((Is("n", 5), Is("s", "y")), False)):
        assert isinstance(store.write(Put(key, {"n": 5, "s": "x"}, when)), Wrote) is fits


def test_a_change_sets_adds_and_drops(store, pk):
    key = Key(pk, "1")
    made = store.write(Change(key, (Absent(),), assign={"a": 1, "key": "word"}, add={"n": 2}))
    assert plain(made.row) == {"a": 1, "key": "word", "n": 2}
    changed = store.write(Change(key, (Is("a", 1),), add={"n": 3}, drop=("a",)))
    assert plain(changed.row) == {"key": "word", "n": 5}


def test_a_transaction_is_all_or_nothing_and_says_which_write_failed(store, pk):
    store.write(Put(Key(pk, "there"), {"n": 1}, (Absent(),)))
    result = store.commit(
        [
            Put(Key(pk, "new"), {"n": 2}, (Absent(),)),
            Put(Key(pk, "there"), {"n": 3}, (Absent(),)),
            Delete(Key(pk, "none"), (Is("n", 1),)),
            Put(Key(pk, "audit", TableName.AUDIT), {"n": 4}, (Absent(),)),
        ]
    )
    assert isinstance(result, Cancelled)
    assert [type(reason) for reason in result.reasons] == [
        type(None),
        ConditionFailed,
        ConditionFailed,
        type(None),
    ]
    assert plain(result.reasons[1].row) == {"n": 1}
    assert result.reasons[2].row is None
    assert store.read([Key(pk, "new"), Key(pk, "audit", TableName.AUDIT)]) == {}


def test_a_transaction_of_a_hundred_reaches_both_tables(store, pk):
    keys = [Key(pk, f"{n:03d}", list(TableName)[n % 2]) for n in range(100)]
    assert isinstance(store.commit([Put(key, {"n": 1}, (Absent(),)) for key in keys]), Committed)
    assert set(store.read(keys)) == set(keys)


def test_pages_go_on_where_they_stopped_in_both_directions(store, pk):
    for n in range(25):
        store.write(Put(Key(pk, f"A#{n:03d}"), {"n": n}, (Absent(),)))
    store.write(Put(Key(pk, "B#000"), {"n": 99}, (Absent(),)))
    for newest_first in (False, True):
        seen, after = [], None
        while True:
            page = store.page(
                TableName.MAIN, pk, prefix="A#", after=after, newest_first=newest_first, limit=7
            )
            seen += [row["n"] for row in page.rows]
            after = page.after
            if after is None:
                break
        assert seen == sorted(range(25), reverse=newest_first)
    after_absent = store.page(TableName.MAIN, pk, after="A#020x", limit=100)
    assert [row["n"] for row in after_absent.rows] == [21, 22, 23, 24, 99]
    up_to = store.page(TableName.MAIN, pk, up_to="A#003~")
    assert [row["n"] for row in up_to.rows] == [0, 1, 2, 3]
    assert store.page(TableName.AUDIT, pk).rows == ()


def test_more_than_a_hundred_keys_are_read_in_batches(store, pk):
    keys = [Key(pk, f"{n}") for n in range(130)]
    for start in (0, 65):
        store.commit([Put(key, {"n": 1}, (Absent(),)) for key in keys[start : start + 65]])
    assert set(store.read([*keys, *keys])) == set(keys)


def test_a_transaction_in_conflict_is_busy_not_broken():
    """AWS says TransactionConflict; the local cloud never does, so the answer is played back."""

    class Conflict(ClientError):
        pass

    class Dynamo:
        exceptions = SimpleNamespace(ClientError=ClientError, TransactionCanceledException=Conflict)

        def transact_write_items(self, TransactItems):
            reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
            raise Conflict({"Error": {"Code": "x"}, "CancellationReasons": reasons}, "op")

    store = DynamoStore("main", "audit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chalicelib.connectors.dynamodb.client", lambda service: Dynamo())
        result = store.commit([Delete(Key("a", "b"), ()), Delete(Key("a", "c"), ())])
    assert result == Cancelled((Busy(), None))
