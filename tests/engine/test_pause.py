"""A pause for a while ends by itself, and outlives a restart."""

from mydoctransfer.engine.pause import PAUSED_KEY
from mydoctransfer.model import commands as c
from tests.engine.days import Day, a_day


def _state(day: Day) -> str:
    return day.device().engine.status().state.value


def test_a_pause_for_a_while_ends_by_itself_and_then_sends_what_was_saved() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.Pause(1800))
        day.write("a.txt")
        day.pass_time(1700)
        assert (_state(day), day.live_paths()) == ("paused", [])
        day.pass_time(200)
        assert (_state(day), day.live_paths()) == ("idle", ["a.txt"])


def test_a_pause_until_resumed_does_not_end_by_itself() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.Pause())
        day.pass_time(100_000)
        assert _state(day) == "paused"
        day.tell(c.Resume())
        assert _state(day) != "paused"


def test_a_clock_set_back_makes_no_pause_longer() -> None:
    with a_day() as day:
        day.sync()
        far = day.device().engine._clock.wall_ms() + 86_400_000
        day.device().journal.put(PAUSED_KEY, f"{far} 1800000")
        day.pass_time(30)
        assert _state(day) == "idle"
