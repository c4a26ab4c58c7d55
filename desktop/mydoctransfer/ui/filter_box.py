"""The line one filters with: what is written narrows a table, and its keys lead into it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class FilterBox(QLineEdit):
    """Escape empties it; Return and the arrow down go to what was found.

    Attributes:
        on_leave: called when somebody goes on to what was found.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("filter-box")
        self.setPlaceholderText(self.tr("Filter by name or person"))
        self.setAccessibleName(self.tr("Filter"))
        self.setClearButtonEnabled(True)
        self.setMaximumWidth(300)
        self.setMinimumWidth(160)
        self.on_leave: Callable[[], None] = lambda: None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the keys of a filter do; all else as lines do."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.on_leave()
        else:
            super().keyPressEvent(event)
