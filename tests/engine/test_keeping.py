"""What the journal keeps under a key makes no sense: the engine begins and goes on all the same."""

from collections.abc import Callable
from typing import Any

import pytest

from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine import (
    activity,
    auditing,
    expiring,
    fetching,
    former,
    given,
    halting,
    holding,
    keeping,
    observe,
    pause,
    removing,
    session,
)
from mydoctransfer.model import commands as c
from tests.engine.days import a_day

# But for the sign of the folder and its disk: nonsense there says that it is another folder.
KEYS = sorted(
    {
        *(activity.KEY, auditing.AUDIT_KEY, expiring.TOLD_KEY, fetching.TOLD_KEY, former.KEY),
        *(given.TOLD_KEY, halting.KEY, holding.CONFIRMED_KEY, holding.HELD_KEY),
        *(observe._RULES_KEY, pause.PAUSED_KEY, removing.KEY),
        *(session.ACCOUNT_KEY, session.CURSOR_KEY, session.EPOCH_KEY, session.OFFSET_KEY),
        session.SESSION_KEY,
    }
)


@pytest.mark.parametrize(
    "written", ["", "{", "3", "null", "[3]", '["x"]', '{"x": 3}', '{"x": "\\u0100"}']
)
def test_an_engine_begins_whatever_is_kept(written: str) -> None:
    """T78."""
    with a_day() as day:
        day.write("before.txt")
        day.pass_time(30)
        day.device().crash()
        journal = SqliteJournal(day.device().journal_path)
        for key in KEYS:
            journal.put(key, written)
        journal.close()
        day.device().start()
        day.tell(c.Resume())
        day.write("after.txt")
        day.pass_time(600)
        assert day.live_paths() == ["after.txt", "before.txt"]
        assert set(day.states().values()) == {"synced"}


UNREADABLE = [(None, int), ("", int), ("{", int), ("[]", int), ("9e999", int), ("[]", max)]


@pytest.mark.parametrize(("written", "decode"), UNREADABLE)
def test_what_cannot_be_decoded_is_nothing(
    written: str | None, decode: Callable[[Any], object]
) -> None:
    assert keeping.read(written, decode) is None


def test_what_makes_sense_is_read() -> None:
    assert keeping.read("3", int) == 3
