"""The keys of the filter: into what was found, and out of it."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mydoctransfer.model.events import RowsChanged
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import row, signed_in


def filtering(window: MainWindow, qtbot: QtBot, words: str) -> None:
    window.take_events((*signed_in(), RowsChanged((row("a.txt"), row("plan.pdf")))))
    box = window.documents.filter_box
    box.setFocus()
    qtbot.keyClicks(box, words)


def test_down_and_return_lead_from_the_filter_to_what_was_found(
    window: MainWindow, qtbot: QtBot
) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        filtering(window, qtbot, "plan")
        window.documents.table.clearSelection()
        qtbot.keyClick(window.documents.filter_box, key)  # at once, before the pause is over
        qtbot.waitUntil(window.documents.table.hasFocus)
        assert window.documents.table.chosen_keys() == ["plan.pdf"]
        window.documents.filter_box.clear()


def test_escape_empties_the_filter(window: MainWindow, qtbot: QtBot) -> None:
    filtering(window, qtbot, "plan")
    qtbot.waitUntil(lambda: window.model.rowCount() == 1)
    qtbot.keyClick(window.documents.filter_box, Qt.Key.Key_Escape)
    assert window.documents.filter_box.text() == ""
    assert window.documents.filter_box.hasFocus()
    qtbot.waitUntil(lambda: window.model.rowCount() == 2)
