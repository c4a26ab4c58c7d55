"""The line in which somebody is looked for: it knows which keys mean more than a letter."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

_TAKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_LOOKING = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PeopleEntry(QLineEdit):
    """Tells what a key means here; all else is a line edit's.

    Attributes:
        on_take: Return, or Tab after something was written.
        on_finish: Return where nothing is written.
        on_back: Backspace or the arrow back at the beginning of an empty line.
        on_look: the arrows up and down, by how many.
        on_focus: whether it has the keyboard now.
        on_escape: asked before Escape closes the window; True where it meant something else.
    """

    def __init__(self) -> None:
        super().__init__()
        self.on_take: Callable[[], None] = lambda: None
        self.on_finish: Callable[[], None] = lambda: None
        self.on_back: Callable[[], None] = lambda: None
        self.on_look: Callable[[int], None] = lambda steps: None
        self.on_focus: Callable[[bool], None] = lambda has_it: None
        self.on_escape: Callable[[], bool] = lambda: False
        self.setFrame(False)

    def event(self, event: QEvent) -> bool:
        """Take what is written on Tab: it would go to the next widget before a key is pressed."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and self.text().strip()
        ):
            self.on_take()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key means here."""
        key = Qt.Key(event.key())
        if key in _TAKING:
            (self.on_take if self.text().strip() else self.on_finish)()
        elif key in _LOOKING:
            self.on_look(_LOOKING[key])
        elif not self.text() and key in (Qt.Key.Key_Backspace, self._arrow_back()):
            self.on_back()
        elif key is Qt.Key.Key_Escape and self.on_escape():
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell whoever draws the frame."""
        super().focusInEvent(event)
        self.on_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell whoever draws the frame."""
        super().focusOutEvent(event)
        self.on_focus(False)

    def _arrow_back(self) -> Qt.Key:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return Qt.Key.Key_Right if is_mirrored else Qt.Key.Key_Left
