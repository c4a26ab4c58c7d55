"""The greeting by name."""

import pytest
from PySide6.QtCore import QDate, QDateTime, QTime

from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.model.trees import Person
from mydoctransfer.ui.greeting import greeting
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import Outside, signed_in


def at(hour: int, minute: int = 0) -> int:
    return QDateTime(QDate(2026, 11, 26), QTime(hour, minute)).toMSecsSinceEpoch()


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (at(5), "Good morning"),
        (at(11, 59), "Good morning"),
        (at(12), "Good afternoon"),
        (at(17, 59), "Good afternoon"),
        (at(18), "Good evening"),
        (at(4, 59), "Good evening"),
    ],
)
def test_it_follows_the_time_of_the_day(time: int, words: str) -> None:
    assert greeting(Person("ada@example.org", "Ada"), time) == f"{words}, \u2068Ada\u2069"


def test_who_has_no_name_is_greeted_by_the_address() -> None:
    assert "ada@example.org" in greeting(Person("ada@example.org"), at(9))


def test_a_name_that_turns_the_direction_turns_nothing_else() -> None:
    assert "\u202e" not in greeting(Person("a@example.org", "A\u202eda"), at(9))


def test_the_menu_greets_whoever_is_signed_in_and_nobody_else(
    window: MainWindow, outside: Outside
) -> None:
    outside.now = at(9)
    assert not window.menu.greeting_action.isVisible()
    window.take_events(signed_in())
    assert window.menu.greeting_action.isVisible()
    assert window.menu.greeting_action.text() == "Good morning, \u2068Ada\u2069"
    outside.now = at(19)
    window.menu.aboutToShow.emit()
    assert window.menu.greeting_action.text() == "Good evening, \u2068Ada\u2069"
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    assert not window.menu.greeting_action.isVisible()
