"""Somebody sets this machine's clock, at the worst moment."""

import pytest

from tests.engine.days import Day, a_day


def _poll_is_answered(day: Day) -> bool:
    return any(
        pending.is_run and pending.call.method.__name__ == "changes"
        for pending in day.device().calls.values()
    )


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_set_between_an_answer_and_its_use_ends_no_document(hours: int) -> None:
    """E04. The answer's date was measured by the clock as it was before."""
    with a_day(lifetime=3600) as day:
        day.write("a.txt")
        day.sync()
        day.pass_time(30)
        day.until(lambda: _poll_is_answered(day), "nobody polls", 100_000)
        day.device().clock.wall_offset_ms += hours * 3_600_000
        day.pass_time(60)
        assert day.states() == {"a.txt": "synced"}
        day.write("a.txt", "s00002")
        day.sync()
        assert (day.content_at("a.txt"), day.states()) == ("s00002", {"a.txt": "synced"})


def test_a_document_still_ends_in_time_after_the_clock_was_set() -> None:
    """By the server's clock, which the monotonic one carries on (R10)."""
    with a_day(lifetime=120) as day:
        day.write("a.txt")
        day.sync()
        day.until(lambda: _poll_is_answered(day), "nobody polls", 100_000)
        day.device().clock.wall_offset_ms -= 24 * 3_600_000
        day.pass_time(125)
        assert day.states() == {"a.txt": "gone"}


def test_a_clock_set_back_and_forth_makes_no_deletions_look_old() -> None:
    """R5, E04: the third of three deletions within the hour is asked about all the same."""
    with a_day() as day:
        for name in ("a.txt", "b.txt", "c.txt"):
            day.write(name, f"s0000{name[0]}")
        day.sync()
        for name, hours in (("a.txt", -2), ("b.txt", 0)):
            day.device().clock.wall_offset_ms = hours * 3_600_000
            day.device().folder.delete(name)
            day.did(name)
            day.sync(grace=0)
        assert day.live_paths() == ["c.txt"]
        day.device().folder.delete("c.txt")
        day.did("c.txt")
        day.pass_time(200)
        assert day.live_paths() == ["c.txt"]
        assert day.status(day.device())["held_deletes"] == 1
