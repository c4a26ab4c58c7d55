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
