"""A folder chosen with "only new files": what was there is left alone until somebody edits it."""

from collections.abc import Iterator

import pytest

from mydoctransfer.engine.rows import FROM_BEFORE
from mydoctransfer.model import commands as c
from tests.engine.days import Day, a_day
from tests.simulation.world.device import FOLDER
from tests.simulation.world.troubles import TROUBLES


@pytest.fixture
def day() -> Iterator[Day]:
    """A device whose folder held two files before it was chosen."""
    with a_day() as day:
        day.write("old.txt", "s00001")
        day.write("sub/older.txt", "s00002")
        day.time.advance(1.0)
        assert day.tell(c.ChooseFolder(FOLDER, is_only_new=True)) == {"ok": True}
        day.time.advance(1.0)
        yield day


def test_what_was_there_is_not_sent_and_what_comes_is(day: Day) -> None:
    day.write("new.txt", "s00003")
    answer = day.sync()
    assert day.live_paths() == ["new.txt"]
    assert day.puts == 1
    assert answer["uploaded"] == 1 and answer["failed"] == 0
    assert day.states() == {"new.txt": "synced", "old.txt": "skipped", "sub/older.txt": "skipped"}
    (item,) = [i for i in day.status(day.device())["items"] if i["path"] == "old.txt"]
    assert item["message"] == FROM_BEFORE


def test_what_is_left_alone_is_not_counted_as_waiting_to_be_sent() -> None:
    with a_day() as day:
        day.write("old.txt", "s00001")
        day.write("older.txt", "s00002")
        day.time.advance(1.0)
        day.tell(c.ChooseFolder(FOLDER, is_only_new=True))
        day.write("new.txt", "s00003")
        counted: set[int] = set()

        def has_arrived() -> bool:
            counted.add(day.status(day.device())["queued"])
            return day.live_paths() == ["new.txt"]

        day.until(has_arrived, "the new file is not sent")
        assert counted == {0, 1}


def test_a_second_look_and_a_restart_change_nothing(day: Day) -> None:
    day.sync()
    day.device().crash()
    day.device().start()
    day.sync()
    assert day.live_paths() == [] and day.puts == 0
    assert set(day.states().values()) == {"skipped"}


def test_an_edit_sends_it_for_the_first_time(day: Day) -> None:
    day.sync()
    day.write("old.txt", "s00009")
    day.sync()
    assert day.live_paths() == ["old.txt"]
    assert day.content_at("old.txt") == "s00009"


def test_an_edit_before_the_first_look_counts_too(day: Day) -> None:
    day.write("old.txt", "s00009")
    day.sync()
    assert day.live_paths() == ["old.txt"]


def test_a_new_name_is_no_edit(day: Day) -> None:
    day.sync()
    assert day.device().folder.rename("old.txt", "renamed.txt")
    day.did("old.txt", "renamed.txt")
    day.sync()
    assert day.live_paths() == [] and day.puts == 0
    assert day.states()["renamed.txt"] == "skipped"


def test_another_time_is_no_edit(day: Day) -> None:
    day.sync()
    assert day.device().folder.touch("old.txt")
    day.did("old.txt")
    day.sync()
    assert day.live_paths() == []


def test_a_copy_under_another_name_is_new(day: Day) -> None:
    day.sync()
    day.write("copy.txt", "s00001")
    day.sync()
    assert day.live_paths() == ["copy.txt"]


def test_deleting_one_withdraws_nothing_and_forgets_it(day: Day) -> None:
    day.write("new.txt", "s00003")
    day.sync()
    assert day.device().folder.delete("old.txt")
    day.did("old.txt")
    day.sync(grace=0)
    assert day.live_paths() == ["new.txt"]
    assert "old.txt" not in day.states()


def test_sending_it_all_the_same_is_one_command(day: Day) -> None:
    day.sync()
    day.tell(c.SendAgain("old.txt"))
    day.sync()
    assert day.live_paths() == ["old.txt"]


def test_a_lost_journal_sends_nothing_either(day: Day) -> None:
    """The time stands in the settings, not in the journal alone."""
    day.sync()
    TROUBLES["drop_journal"](day, day.device())
    day.sync()
    assert day.live_paths() == [] and day.puts == 0


def test_another_lifetime_for_the_same_folder_keeps_the_choice(day: Day) -> None:
    assert day.tell(c.ChooseFolder(FOLDER, 7200)) == {"ok": True}
    day.sync()
    assert day.live_paths() == []
