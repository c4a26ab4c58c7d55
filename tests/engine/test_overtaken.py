"""What traded places and is no exchange is an edit (R2), also where another device's comes first
(R7)."""

from collections.abc import Iterator

import pytest

from mydoctransfer.model import commands as c
from tests.engine.days import Day, a_day
from tests.simulation.schedule import Event
from tests.simulation.world.rest import quiesce


@pytest.fixture
def day() -> Iterator[Day]:
    """Two devices with one document, which the second has edited since the first slept."""
    with a_day(devices=2) as day:
        day.write("a.txt", d="D1")
        day.sync()
        day.write("a.txt", d="D2")
        day.sync()
        yield day


def _edited_there(day: Day) -> None:
    day.write("a.txt", "s00009", d="D2")
    day.sync("D2")


def _trade(day: Day, one: str, other: str) -> None:
    """The person lets two files trade places."""
    files = [path for path, _ in day.device().folder.files()]
    picks = {"pick": files.index(one), "other": files.index(other)}
    day.happen(Event(0, "swap", picks))


def _contents(day: Day) -> dict[str, str]:
    return {path: day.content_at(path) for path in day.live_paths()}


def test_a_newcomer_that_traded_with_what_another_device_edits_is_in_conflict(day: Day) -> None:
    """The path keeps its document with the other device's bytes; what it had here is new where it
    lies."""
    document = day.id_of("a.txt")
    day.device().crash()
    assert day.device().folder.write("new.txt", day.bytes_of("s00002"))
    _edited_there(day)
    _trade(day, "a.txt", "new.txt")
    day.device().start()
    quiesce(day)
    conflict, *_ = [path for path in day.live_paths() if "conflict from D1" in path]
    assert _contents(day) == {"a.txt": "s00009", conflict: "s00002", "new.txt": "s00001"}
    assert day.id_of("a.txt") == document
    assert day.states() == {"a.txt": "conflict", "new.txt": "synced"}


def test_a_renamed_file_that_traded_unseen_with_what_another_device_edits_is_in_conflict(
    day: Day,
) -> None:
    """Nobody saw it under its new name: to the path it came to it is an edit, and its own document
    ends."""
    document = day.id_of("a.txt")
    day.write("b.txt", "s00002")
    day.sync("D1")
    day.device().crash()
    assert day.device().folder.rename("b.txt", "c.txt")
    _trade(day, "a.txt", "c.txt")
    _edited_there(day)
    day.device().start()
    quiesce(day)
    conflict, *_ = [path for path in day.live_paths() if "conflict from D1" in path]
    assert _contents(day) == {"a.txt": "s00009", conflict: "s00002", "c.txt": "s00001"}
    assert day.id_of("a.txt") == document
    assert day.states() == {"a.txt": "conflict", "c.txt": "synced"}


def test_what_left_the_cloud_is_not_sent_again_by_a_device_that_has_its_bytes():
    """R6: another tool keeps the folders of two devices equal; the second had not heard of the
    version that was removed."""
    with a_day(devices=2) as day:
        day.write("a.txt", "s00001")
        day.write("a.txt", "s00001", d="D2")
        day.sync()
        share_id = day.id_of("a.txt")
        day.write("a.txt", "s00002")
        day.sync("D1")
        day.tell(c.Remove(share_id))
        day.write("a.txt", "s00002", d="D2")
        day.sync("D2")
        assert day.live_paths() == []
        assert day.states("D2") == {"a.txt": "gone"}
        day.tell(c.SendAgain("a.txt"), "D2")
        assert day.live_paths() == ["a.txt"]
        day.write("a.txt", "s00003", d="D2")
        day.sync("D2")
        assert day.content_at("a.txt") == "s00003"


@pytest.mark.parametrize("hears_between", [True, False])
def test_what_another_device_sends_again_is_adopted(hears_between):
    """R14: it was called gone here, while the very bytes lay in the cloud for somebody else's edit
    to become a second document."""
    with a_day(devices=2) as day:
        day.write("a.txt", "s00001")
        day.write("a.txt", "s00001", d="D2")
        day.sync()
        day.tell(c.Remove(day.id_of("a.txt")))
        if hears_between:
            day.sync()
            assert day.states("D2") == {"a.txt": "gone"}
        day.tell(c.SendAgain("a.txt"))
        again = day.id_of("a.txt")
        day.sync("D2")
        assert day.states("D2") == {"a.txt": "synced"}
        day.write("a.txt", "s00002", d="D2")
        day.sync("D2")
        assert (day.live_paths(), day.id_of("a.txt")) == (["a.txt"], again)
        assert day.content_at("a.txt") == "s00002"
