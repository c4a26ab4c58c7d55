"""What the journal keeps under a key makes no sense: the engine begins and goes on all the same."""

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

KEYS = sorted(
    {
        *(activity.KEY, auditing.AUDIT_KEY, expiring.TOLD_KEY, fetching.TOLD_KEY, former.KEY),
        *(given.TOLD_KEY, halting.KEY, holding.CONFIRMED_KEY, holding.HELD_KEY),
        *(observe._RULES_KEY, pause.PAUSED_KEY, removing.KEY),
        *(session.ACCOUNT_KEY, session.CURSOR_KEY, session.EPOCH_KEY, session.OFFSET_KEY),
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


@pytest.mark.parametrize("written", [None, "", "{", "[]", "null", "9e999"])
def test_what_cannot_be_decoded_is_nothing(written: str | None) -> None:
    assert keeping.read(written, lambda value: int(value[0] if value == [] else value)) is None


def test_what_makes_sense_is_read() -> None:
    assert keeping.read("[3]", lambda value: int(value[0])) == 3
