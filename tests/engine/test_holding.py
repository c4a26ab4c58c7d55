"""The answer to a held mass delete: what it holds for, and until when (R5)."""

import json
from collections.abc import Callable, Iterator

import pytest

from mydoctransfer.engine.holding import CONFIRMED_KEY
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from tests.engine.days import Day, a_day

NAMES = ("1.txt", "2.txt", "3.txt")


@pytest.fixture
def day() -> Iterator[Day]:
    """A device that has asked about its three documents, gone from the folder, and withdraws
    nothing yet: it is paused."""
    with a_day() as day:
        for n, name in enumerate(NAMES):
            day.write(name, f"s0000{n}")
        day.sync()
        _delete(day)
        assert _is_asked(day)
        day.tell(c.Pause())
        yield day


def test_a_yes_ends_when_the_files_are_back(day: Day) -> None:
    day.confirm_deletes()
    _restart(day, lambda: _bring_back(day))
    assert day.sync()["unchanged"] == 3
    _delete(day)
    assert _is_asked(day)
    assert day.live_paths() == [*NAMES]


def test_a_yes_does_not_hold_for_the_next_version(day: Day) -> None:
    day.confirm_deletes()
    _restart(day, lambda: _bring_back(day, edited="9"))
    assert day.sync()["uploaded"] == 3
    _delete(day)
    assert _is_asked(day)
    assert day.live_paths() == [*NAMES]


def test_a_yes_ends_as_well_while_paused(day: Day) -> None:
    day.confirm_deletes()
    _bring_back(day)
    day.pass_time(30)
    _delete(day)
    day.pass_time(30)
    day.tell(c.Resume())
    assert _is_asked(day)
    assert day.live_paths() == [*NAMES]


def test_a_yes_outlives_a_restart_while_the_files_stay_away(day: Day) -> None:
    day.confirm_deletes()
    _restart(day)
    assert day.sync()["withdrawn"] == 3
    assert day.live_paths() == []


def test_what_was_answered_is_forgotten_with_its_document(day: Day) -> None:
    day.confirm_deletes()
    assert day.device().journal.get(CONFIRMED_KEY) is not None
    day.tell(c.Resume())
    day.sync()
    assert day.device().journal.get(CONFIRMED_KEY) is None


def test_a_yes_in_the_form_of_the_version_before_is_asked_for_again(day: Day) -> None:
    day.device().journal.put("deletes_confirmed", json.dumps([*NAMES]))
    _restart(day)
    assert _is_asked(day)


def _restart(day: Day, meanwhile: Callable[[], None] = lambda: None) -> None:
    day.device().crash()
    meanwhile()
    day.device().start()
    day.tell(c.Resume())


def _delete(day: Day) -> None:
    for name in NAMES:
        assert day.device().folder.delete(name)
    day.did(*NAMES)


def _bring_back(day: Day, edited: str = "0") -> None:
    for n, name in enumerate(NAMES):
        day.write(name, f"s000{edited}{n}")


def _is_asked(day: Day) -> bool:
    answer = day.sync()
    return isinstance(answer, AppError) and answer.code == "deletes_held"
