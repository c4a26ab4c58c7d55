"""What was begun under one sign-in is over with the next: late answers, late plans, late polls."""

import pytest

from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.model import commands as c
from mydoctransfer.model.events import EngineState
from tests.engine.days import Day, a_day
from tests.simulation.world.clock import SECOND
from tests.simulation.world.cloud import OTHER
from tests.simulation.world.device import Pending

ENDED = Failure(FailureKind.SIGNED_OUT, "Your session has ended. Sign in again.", "session_ended")
LONG = 3600 * SECOND


def _asked(day: Day, name: str) -> Pending | None:
    """Return the call of this name that was asked for and has no answer yet."""
    calls = day.device().calls.values()
    return next((p for p in calls if p.call.method.__name__ == name and not p.is_run), None)


def _hold(day: Day, name: str, result: object) -> int:
    """Have the next call of this name answered so, but late; returns its ticket."""
    day.until(lambda: _asked(day, name) is not None, f"nobody asks for {name}", 100_000)
    pending = _asked(day, name)
    assert pending is not None
    pending.is_run, pending.result, pending.due_ns = True, result, day.time.ns + LONG
    return pending.ticket


def _sign_in(day: Day) -> None:
    assert day.tell(c.SignIn(day.device().user.email, "right")) == {"ok": True}


def _state(day: Day) -> str:
    return str(day.status(day.device())["state"])


@pytest.mark.parametrize("name", ["register", "complete", "changes", "act"])
def test_a_late_word_that_the_session_is_over_ends_no_later_one(name: str) -> None:
    """I08: whichever call it answers."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.device().folder.rename("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.write("c.txt", "s00002")
        late = _hold(day, name, ENDED)
        _sign_in(day)
        day.device().deliver(late)
        assert _state(day) != EngineState.SIGNED_OUT.value
        day.sync()
        assert day.live_paths() == ["b.txt", "c.txt"]


def test_a_stored_session_found_missing_late_ends_no_later_one() -> None:
    with a_day() as day:
        late = _hold(day, "restore", False)
        _sign_in(day)
        day.device().deliver(late)
        assert _state(day) != EngineState.SIGNED_OUT.value


def test_nothing_of_the_folder_goes_to_another_account_before_it_is_known_to_be_another() -> None:
    """I13."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        device = day.device()
        device.user = OTHER
        device.tell(c.SignIn(OTHER.email, "right"))
        for _ in ("the command", "the poll that is due"):
            day.until(lambda: _asked(day, "me") is not None, "nobody asks who that is", 100_000)
            me = _asked(day, "me")
            assert me is not None
            device.run(me.ticket)
            me.due_ns = day.time.ns + 600 * SECOND
        day.write("b.txt", "s00002")
        day.pass_time(500)
        assert day.documents(OTHER.sub) == []
        day.pass_time(500)
        assert day.documents(OTHER.sub) == []
        assert device.watched is None


def test_a_late_page_of_one_account_is_not_learned_by_the_next() -> None:
    """I13."""
    with a_day(devices=2) as day:
        day.write("a.txt", d="D2")
        day.sync()
        day.write("b.txt", "s00002", d="D2")
        day.sync("D2")
        device = day.device()
        day.until(lambda: _asked(day, "changes") is not None, "nobody polls", 100_000)
        page = _asked(day, "changes")
        assert page is not None
        device.run(page.ticket)
        page.due_ns = day.time.ns + LONG
        device.user = OTHER
        _sign_in(day)
        device.deliver(page.ticket)
        assert list(device.journal.documents()) == []
