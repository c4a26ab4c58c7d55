"""What the oracle goes by when it judges: what is on the disk, and what was said at a turn."""

import itertools

import pytest

from mydoctransfer.engine.session import CLOCK_DOUBT_MS
from tests.engine.days import Day, a_day
from tests.simulation.world import rest
from tests.simulation.world.world import World

LIFETIME = 120  # seconds


def test_what_was_agreed_on_is_known_while_the_process_is_off() -> None:
    """The sweep publishes what was sent before it ended, also what traded places meanwhile (R2)."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        known = day.device().agreed()
        assert known.keys() == {"a.txt"}
        day.device().crash()
        assert day.device().agreed() == known


def test_an_end_between_two_turns_is_no_row_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant I15, R10: what is asked goes by the clock, and the window hears of it at a turn."""
    with a_day(lifetime=LIFETIME) as day:
        day.write("a.txt")
        day.sync()
        rounds, sync_once = itertools.count(1), rest.sync_all

        def ends_after_the_second(world: World) -> None:
            sync_once(world)
            if next(rounds) == 2:
                _pass_the_end(day)

        monkeypatch.setattr(rest, "sync_all", ends_after_the_second)
        rest.quiesce(day)
        assert day.states() == {"a.txt": "gone"}


def _pass_the_end(day: Day) -> None:
    """Let the time of the one document be up, and nobody have turned since."""
    (document,) = day.device().journal.documents()
    day.time.advance((document.expires_at + CLOCK_DOUBT_MS + 1 - day.time.ms) / 1000)
    assert day.device().wake_ns <= day.time.ns
