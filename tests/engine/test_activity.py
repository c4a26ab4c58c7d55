"""What happened is kept, bounded, and told again after a restart."""

import pytest

from mydoctransfer.engine.activity import KEY, MOST, Activity
from mydoctransfer.model import commands as c
from mydoctransfer.model.events import Deed, Event, Happened


class Notes:
    """The journal's small values, and a clock."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.writes = 0
        self.documents: dict[str, object] = {}

    def get(self, key: str) -> str | None:
        return self.values.get(key)

    def put(self, key: str, value: str) -> None:
        self.values[key] = value
        self.writes += 1

    def document(self, share_id: str) -> object:
        return self.documents.get(share_id)

    def wall_ms(self) -> int:
        return 1_790_000_000_000


@pytest.fixture
def notes() -> Notes:
    return Notes()


def begun(notes: Notes) -> tuple[Activity, list[Event]]:
    told: list[Event] = []
    return Activity(notes, notes, told.append), told  # type: ignore[arg-type]


ANSWER = {"document": {"display_name": "plan.pdf", "share_id": "1" * 32}}


def test_what_a_command_did_is_told_once_and_again_after_a_restart(notes: Notes) -> None:
    activity, told = begun(notes)
    activity.did(c.Share("1" * 32, ("b@x", "c@x")), ANSWER, None)
    activity.turn()
    activity.turn()
    (event,) = told
    assert isinstance(event, Happened)
    (entry,) = event.entries
    assert (entry.deed, entry.names, entry.people) == (Deed.SHARED, ("plan.pdf",), "b@x, c@x")
    again, told_again = begun(notes)
    again.turn()
    assert told_again == [Happened((entry,), is_all=True)]


def test_it_is_bounded_and_a_turn_writes_once(notes: Notes) -> None:
    activity, told = begun(notes)
    for n in range(MOST + 50):
        activity.happened(Deed.PUBLISHED, [f"{n}\udcff"])
    activity.turn()
    activity.turn()
    assert notes.writes == 1
    again, told = begun(notes)
    again.turn()
    assert isinstance(told[0], Happened)
    assert len(told[0].entries) == MOST
    assert told[0].entries[-1].names == (f"{MOST + 49}\udcff",)


@pytest.mark.parametrize("written", ["", "{", "[1]", '[{"deed": "flown"}]', '{"a": 1}', "null"])
def test_what_another_version_wrote_is_let_go(notes: Notes, written: str) -> None:
    notes.values[KEY] = written
    activity, told = begun(notes)
    activity.turn()
    assert told == []


def test_another_account_hears_nothing_of_it(notes: Notes) -> None:
    activity, told = begun(notes)
    activity.did(c.RevokeAll(), {"ok": True}, None)
    activity.forget()
    activity.turn()
    assert told == []
