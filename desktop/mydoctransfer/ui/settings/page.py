"""What every page of the settings is made of, and how it says what came of a choice."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mydoctransfer.model.commands import Command
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.pieces import Note, label


class Page(QWidget):
    """One page: parts below each other. What goes wrong is said in the window's one message.

    Attributes:
        on_late: called with what goes wrong after the window was closed.
    """

    def __init__(self, bridge: Bridge, message: Note) -> None:
        super().__init__()
        self._bridge = bridge
        self._message = message
        self.on_late: Callable[[AppError], None] = lambda error: None

    def _put(self, *parts: QWidget) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        for part in parts:
            layout.addWidget(part)
        layout.addStretch(1)

    def _tell(self, command: Command) -> None:
        self._message.silence()
        self._bridge.tell(command, self, self._answered)

    def _answered(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)

    def _complain(self, error: AppError) -> None:
        if self.window().isVisible():
            self._message.say("error", error.message, error.title)
        else:
            self.on_late(error)


def line(*parts: QWidget) -> QWidget:
    """Return the parts beside each other, at the side where reading begins."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        layout.addWidget(part, 0, Qt.AlignmentFlag.AlignLeading)
    layout.addStretch(1)
    return made


def muted(words: str) -> QWidget:
    """Return an explanation."""
    return label(words, "muted")
