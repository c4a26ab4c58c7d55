"""What happened is kept, bounded, and told again after a restart."""

import pytest

from mydoctransfer.engine.activity import KEY, MOST, MOST_PATHS, Activity
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Deed, Event, Happened, Happening
from mydoctransfer.model.trees import RelPath
from tests.engine.days import Day, a_day
from tests.simulation.world.disk import FOLDER


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


def paths_kept(notes: Notes) -> list[int]:
    """How many paths each thing that is kept knows, the oldest first."""
    activity, told = begun(notes)
    activity.turn()
    (event,) = told
    assert isinstance(event, Happened)
    return [len(entry.paths) for entry in event.entries]


def test_what_was_added_keeps_its_paths_over_a_restart(notes: Notes) -> None:
    activity, told = begun(notes)
    paths = [RelPath("Bücher/a.txt"), RelPath("caf\udce9.txt")]
    activity.added([])
    activity.added(paths)
    activity.turn()
    again, told_again = begun(notes)
    again.turn()
    for (event,) in (told, told_again):
        assert isinstance(event, Happened)
        (entry,) = event.entries
        assert (entry.deed, entry.names, entry.count) == (Deed.ADDED, ("a.txt", "caf\udce9.txt"), 2)
        assert entry.paths == tuple(paths)


def test_only_the_newest_paths_are_kept_and_none_of_what_is_too_large(notes: Notes) -> None:
    activity, told = begun(notes)
    some = [RelPath(f"{n}") for n in range(MOST_PATHS + 1)]
    for paths in (some[:10], some[: MOST_PATHS - 5], some[:5], some):
        activity.added(paths)
        activity.turn()
    assert paths_kept(notes) == [0, MOST_PATHS - 5, 5, 0]
    assert isinstance(told[-1], Happened)
    assert (told[-1].entries[0].count, told[-1].entries[0].paths) == (MOST_PATHS + 1, ())


def test_what_was_kept_before_there_were_paths_is_still_read(notes: Notes) -> None:
    activity, _ = begun(notes)
    activity.happened(Deed.PUBLISHED, ["a"])
    activity.turn()
    notes.values[KEY] = notes.values[KEY].replace(', "paths": []', "")
    assert "paths" not in notes.values[KEY]
    assert paths_kept(notes) == [0]


def test_another_account_hears_nothing_of_it(notes: Notes) -> None:
    activity, told = begun(notes)
    activity.did(c.RevokeAll(), {"ok": True}, None)
    activity.forget()
    activity.turn()
    assert told == []


def test_a_drop_is_told_with_its_paths_but_not_what_lay_in_the_folder_before() -> None:
    with a_day() as day:
        day.sync()
        day.write("here.txt")
        outside = day.device().disk.outside
        outside["/elsewhere/Bills/a.pdf"] = day.bytes_of("s00002")
        outside["/elsewhere/Bills/b.pdf"] = day.bytes_of("s00003")
        sources = ("/elsewhere/Bills", f"{FOLDER}/here.txt")
        answer = day.tell(c.AddFiles(sources))
        assert answer == {"added": ["Bills/a.pdf", "Bills/b.pdf", "here.txt"]}
        day.tell(c.AddFiles((f"{FOLDER}/here.txt",)))
        day.pass_time(60)
        (entry,) = [one for one in happened(day) if one.deed is Deed.ADDED]
        assert (entry.names, entry.paths) == (("a.pdf", "b.pdf"), ("Bills/a.pdf", "Bills/b.pdf"))


def test_of_a_drop_that_fails_half_way_what_was_copied_is_told() -> None:
    with a_day() as day:
        day.sync()
        day.device().disk.outside["/elsewhere/a.pdf"] = day.bytes_of("s00002")
        answer = day.tell(c.AddFiles(("/elsewhere/a.pdf", "/elsewhere/not there")))
        assert isinstance(answer, AppError)
        day.pass_time(60)
        (entry,) = [one for one in happened(day) if one.deed is Deed.ADDED]
        assert entry.paths == ("a.pdf",)
        assert day.live_paths() == ["a.pdf"]


def happened(day: Day) -> list[Happening]:
    events = [event for event in day.device().events if isinstance(event, Happened)]
    return [entry for event in events for entry in event.entries]
