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


def test_what_is_saved_during_a_pause_is_counted_and_nothing_is_asked_of_the_cloud() -> None:
    """M09: looking goes on, calls and writes into the folder do not."""
    with a_day() as day:
        day.write("old.txt", "s00001")
        day.sync()
        day.tell(c.Pause())
        calls, version = dict(day.oracle.calls), day.device().folder.version
        day.device().folder.write("new.txt", day.bytes_of("s00002"))
        day.write("old.txt", "s00003")
        written = day.device().folder.version
        day.pass_time(30)
        status = day.status(day.device())
        assert (status["state"], status["queued"]) == ("paused", 2)
        assert day.states() == {"new.txt": "waiting", "old.txt": "waiting"}
        assert day.device().folder.version == written > version
        assert dict(day.oracle.calls) == calls
        day.tell(c.Resume())
        day.sync()
        assert day.status(day.device())["queued"] == 0
        assert day.live_paths() == ["new.txt", "old.txt"]


def test_a_pause_survives_a_restart_and_what_was_saved_meanwhile_is_counted() -> None:
    """M09."""
    with a_day() as day:
        day.sync()
        day.tell(c.Pause())
        day.device().crash()
        day.device().folder.write("a.txt", day.bytes_of("s00001"))
        day.device().start()
        day.pass_time(30)
        assert (_state(day), day.status(day.device())["queued"]) == ("paused", 1)
        assert day.live_paths() == []


def test_waiting_for_the_computer_s_reason_ends_with_the_reason() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.Wait("battery"))
        day.write("a.txt")
        day.pass_time(100)
        assert (_state(day), day.live_paths()) == ("paused", [])
        assert "battery" in day.device().engine.status().message
        day.tell(c.Wait(""))
        day.pass_time(30)
        assert (_state(day), day.live_paths()) == ("idle", ["a.txt"])


def test_the_person_s_pause_outlasts_the_computer_s_reason() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.Wait("metered"))
        day.tell(c.Pause())
        assert day.device().engine.status().message == ""
        day.tell(c.Wait(""))
        day.pass_time(30)
        assert _state(day) == "paused"


def test_resuming_sends_in_spite_of_the_computer_s_reason() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.Wait("battery"))
        day.write("a.txt")
        day.tell(c.Resume())
        day.pass_time(30)
        assert (_state(day), day.live_paths()) == ("idle", ["a.txt"])


def test_a_reason_nobody_knows_changes_nothing() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.Wait("the weather"))
        day.pass_time(30)
        assert _state(day) == "idle"


def test_the_end_of_a_pause_is_told_and_a_reason_has_none() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.Pause(1800))
        now = day.device().engine._clock.wall_ms()
        until = day.device().engine.status().paused_until
        assert until is not None and abs(until - now - 1_800_000) < 60_000
        day.tell(c.Resume())
        day.tell(c.Wait("battery"))
        assert day.device().engine.status().paused_until is None
