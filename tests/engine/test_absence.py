"""When an absence counts as a deletion (R5)."""

from collections.abc import Iterator

import pytest

from tests.engine.days import Day, a_day


@pytest.fixture
def day() -> Iterator[Day]:
    """A device with one document whose file was renamed, and cannot be read since: neither a move
    nor a deletion, as far as anybody can tell."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        folder = day.device().folder
        assert folder.permit("a.txt", is_readable=False)
        assert folder.rename("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.pass_time(300)
        assert (day.live_paths(), day.states()["b.txt"]) == (["a.txt"], "problem")
        yield day


def test_an_unread_file_that_leaves_has_to_stay_away_as_well(day: Day) -> None:
    """For a moment it was seen under no name: a disk that is away during a look, say (F02)."""
    folder = day.device().folder
    assert folder.rename("b.txt", ".b.swp")
    day.did("b.txt")
    day.pass_time(30)
    assert day.live_paths() == ["a.txt"]
    assert folder.rename(".b.swp", "b.txt")
    day.did("b.txt")
    day.pass_time(600)
    assert day.live_paths() == ["a.txt"]
    assert folder.permit("b.txt", is_readable=True)
    day.did("b.txt")
    day.pass_time(60)
    assert (day.live_paths(), day.puts) == (["b.txt"], 1)


def test_an_unread_file_that_stays_away_takes_its_document_along(day: Day) -> None:
    assert day.device().folder.delete("b.txt")
    day.did("b.txt")
    day.pass_time(300)
    assert day.live_paths() == []


def test_an_absence_that_ended_counts_no_more(day: Day) -> None:
    """Something else lay there meanwhile; when that goes too, the two looks begin anew."""
    folder = day.device().folder
    assert folder.delete("b.txt")
    day.did("b.txt")
    day.pass_time(30)
    day.write("c.txt", "s00002")  # in the inode that is free now
    assert folder.write("a.txt", day.bytes_of("s00003"))
    assert folder.permit("a.txt", is_readable=False)
    day.did("a.txt")
    day.pass_time(300)
    assert day.live_paths() == ["a.txt", "c.txt"]
    assert folder.delete("a.txt")
    day.did("a.txt")
    day.pass_time(30)
    assert day.live_paths() == ["a.txt", "c.txt"]
    day.pass_time(300)
    assert day.live_paths() == ["c.txt"]
