"""Dragging out of the window what lies in the cloud alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import Get
from mydoctransfer.model.errors import Offline
from mydoctransfer.model.events import EngineState, Row, RowsChanged, Status, StatusChanged
from mydoctransfer.ui.documents_page import DocumentsPage
from mydoctransfer.ui.dragging_out import MOST
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import Outside, row, shared_row, signed_in

LEFT = Qt.MouseButton.LeftButton
THEIRS = shared_row("theirs.pdf", version=1)
MINE = row("mine.pdf")


class Hand:
    """A mouse over the table, and what was dragged out with it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.page: DocumentsPage = window.documents
        self.dragged: list[list[str]] = []
        # A real drag runs until the system says that it ended, which a test cannot say.
        self.page.table.drag = self._took  # type: ignore[method-assign]

    def drags(self, key: str) -> None:
        """Press on a row, and move far enough for a drag."""
        self.press(key)
        self.move()
        self.move()

    def press(self, key: str) -> None:
        line = self.page.model.line_of(key)
        assert line is not None
        self._at = self._in_window(
            self.page.table.visualRect(self.page.model.index(line, 0)).center()
        )
        QTest.mousePress(self._handle(), LEFT, Qt.KeyboardModifier.NoModifier, self._at)

    def move(self) -> None:
        self._at += QPoint(40, 0)
        QTest.mouseMove(self._handle(), self._at)

    def lets_go(self) -> None:
        QTest.mouseRelease(self._handle(), LEFT, Qt.KeyboardModifier.NoModifier, self._at)

    def reads(self) -> str:
        """What the message line says."""
        message = self.page.message
        return message.body.text() if message.isVisible() else ""

    def _handle(self) -> QWindow:
        handle = self._window.windowHandle()
        assert handle is not None
        return handle

    def _in_window(self, at: QPoint) -> QPoint:
        return self.page.table.viewport().mapTo(self._window, at)

    def _took(self, paths: list[str]) -> None:
        if paths:
            self.dragged.append(paths)


@pytest.fixture
def hand(window: MainWindow) -> Hand:
    window.take_events((*signed_in(), RowsChanged((THEIRS, MINE))))
    return Hand(window)


@pytest.fixture
def inbox(outside: Outside, tmp_path: Path) -> Path:
    """An inbox where everything arrives as one file, when the test lets the answer go."""
    file = tmp_path / "theirs (2).pdf"
    file.write_bytes(b"theirs")
    outside.answers[Get] = {"path": str(file), "share_id": THEIRS.share_id}
    outside.is_holding_back = True
    return file


def test_what_is_still_held_when_it_has_arrived_is_dragged(
    hand: Hand, outside: Outside, inbox: Path, qtbot: QtBot
) -> None:
    hand.drags(THEIRS.key)
    assert outside.told_of(Get) == [Get(str(THEIRS.share_id))]
    assert hand.reads() == "Downloading \u2068theirs.pdf\u2069: hold on to it."
    for _ in range(4):
        hand.move()  # asks for it once, however long it takes
    assert len(outside.told_of(Get)) == 1
    assert hand.dragged == []
    assert hand.page.table.chosen() == (THEIRS,)  # what the pointer passes is not chosen with it
    outside.let_go()
    qtbot.waitUntil(lambda: hand.dragged == [[str(inbox)]])
    assert hand.reads() == ""
    hand.lets_go()


def test_what_was_let_go_before_is_in_the_inbox_and_dragged_at_once_the_next_time(
    hand: Hand, outside: Outside, inbox: Path, qtbot: QtBot
) -> None:
    hand.drags(THEIRS.key)
    hand.lets_go()
    outside.let_go()
    again = "\u2068theirs.pdf\u2069 is in your inbox now: drag it again."
    qtbot.waitUntil(lambda: hand.reads() == again)
    assert hand.dragged == []
    hand.drags(THEIRS.key)
    assert hand.dragged[0] == [str(inbox)]
    assert len(outside.told_of(Get)) == 1
    hand.lets_go()


def test_another_drag_is_not_mistaken_for_the_one_before(
    hand: Hand, outside: Outside, inbox: Path, qtbot: QtBot
) -> None:
    hand.drags(THEIRS.key)
    hand.lets_go()
    hand.press(MINE.key)
    outside.let_go()
    qtbot.waitUntil(lambda: "drag it again" in hand.reads())
    assert hand.dragged == []
    hand.lets_go()


def test_files_of_the_folder_go_along_with_what_is_fetched(
    hand: Hand, outside: Outside, inbox: Path, qtbot: QtBot
) -> None:
    hand.page.table.selectAll()
    hand.drags(THEIRS.key)
    outside.let_go()
    mine = "/home/ada/MyDoc Transfer/mine.pdf"
    qtbot.waitUntil(lambda: hand.dragged == [[mine, str(inbox)]])
    hand.lets_go()


def test_what_cannot_be_fetched_is_said_and_tried_again_with_the_next_drag(
    hand: Hand, outside: Outside, inbox: Path, qtbot: QtBot
) -> None:
    answer, outside.answers[Get] = outside.answers[Get], Offline("The cloud cannot be reached.")
    hand.drags(THEIRS.key)
    outside.let_go()
    assert hand.reads() == "The cloud cannot be reached."
    hand.move()
    assert len(outside.told_of(Get)) == 1
    hand.lets_go()
    outside.answers[Get] = answer
    hand.drags(THEIRS.key)
    outside.let_go()
    qtbot.waitUntil(lambda: hand.dragged == [[str(inbox)]])
    hand.lets_go()


@pytest.mark.parametrize("how", ["a newer version", "thrown away", "signed out"])
def test_what_was_downloaded_is_dragged_only_while_it_is_what_the_cloud_has(
    hand: Hand, outside: Outside, window: MainWindow, inbox: Path, how: str
) -> None:
    outside.is_holding_back = False
    hand.page.acts.download((THEIRS,))
    assert files(hand, THEIRS) == [str(inbox)]
    now = THEIRS
    match how:
        case "a newer version":
            now = replace(THEIRS, version=2)
        case "thrown away":
            inbox.unlink()
        case _:
            window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    outside.is_holding_back = True
    assert files(hand, now) == []
    assert len(outside.told_of(Get)) == 2


def test_several_are_dragged_when_the_last_of_them_is_here(
    hand: Hand, outside: Outside, window: MainWindow, inbox: Path, qtbot: QtBot
) -> None:
    other = shared_row("other.pdf")
    window.take_events((RowsChanged((other,)),))
    hand.page.table.on_drag((THEIRS, other))
    assert hand.reads() == "Downloading 2 documents: hold on to them."
    first, last = outside.held_back
    assert len(outside.told_of(Get)) == 2
    first()
    assert hand.reads().startswith("Downloading")
    answer = outside.answers[Get]
    assert isinstance(answer, dict)
    answer["share_id"] = other.share_id
    last()
    again = "2 documents are in your inbox now: drag them again."
    qtbot.waitUntil(lambda: hand.reads() == again)


def test_very_many_are_not_fetched_by_a_slip_of_the_hand(hand: Hand, outside: Outside) -> None:
    many = tuple(shared_row(f"{n}.pdf") for n in range(MOST + 1))
    assert files(hand, *many) == []
    assert outside.told_of(Get) == []
    assert hand.reads() == "These are too many to drag at once: download them first."


def files(hand: Hand, *rows: Row) -> list[str]:
    """What a drag of these has under the pointer at once."""
    return hand.page.table.on_drag(rows)
