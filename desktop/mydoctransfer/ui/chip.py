"""One person chosen, as a chip: initials, name, and a button that takes them out again."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from mydoctransfer.model.recipients import Doubt
from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text, theme
from mydoctransfer.ui.person_circle import person_circle
from mydoctransfer.ui.pieces import button

_EDGE = 20
_LONGEST = 34

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: -1000,
    Qt.Key.Key_End: 1000,
}


class Chip(QFrame):
    """Shows a person; the keyboard comes to it with the arrows, not with Tab.

    Attributes:
        person: who it is; an address alone until more is known.
        doubt: what speaks against them, if anything does.
        on_remove: called when they are to be taken out; with -1 or 1: where the keyboard goes.
        on_walk: called with how many chips to go on, towards the end of the line.
        on_write: called with what was typed while the chip had the keyboard.
    """

    def __init__(self, stem: str, person: Person, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.person = person
        self.doubt: Doubt | None = None
        self.on_remove: Callable[[int], None] = lambda towards: None
        self.on_walk: Callable[[int], None] = lambda steps: None
        self.on_write: Callable[[str], None] = lambda words: None
        self.face = _Face(self)
        self.face.setObjectName(f"{stem}-chip")
        self.remove = button(
            "", f"{stem}-chip-remove", lambda: self.on_remove(1), "chip-remove", "close"
        )
        self.remove.setIconSize(QSize(10, 10))
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard: Delete on the chip
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 1, 4, 1)
        layout.setSpacing(0)
        layout.addWidget(self.face)
        layout.addWidget(self.remove)
        theme.on_change(self, self._draw)
        self._draw()

    def know(self, person: Person, doubt: Doubt | None) -> None:
        """Show who it is, and whether something speaks against them."""
        self.person, self.doubt = person, doubt
        self._draw()

    def _draw(self) -> None:
        name = text.middle(text.full_name(self.person), _LONGEST)
        self.face.setText(text.isolated(name).replace("&", "&&"))
        described = text.isolated(text.described(self.person))
        if self.doubt is None:
            self.face.setIcon(person_circle(self.person, _EDGE))
            spoken = self.tr("{who}, chosen").format(who=described)
        else:
            self.face.setIcon(theme.icon("warning", theme.current().danger))
            spoken = self.tr("{who}, cannot be chosen").format(who=described)
        self.face.setAccessibleName(spoken)
        self.face.setToolTip(text.tip(described))
        words = self.tr("Remove {who}").format(who=text.isolated(name))
        self.remove.setAccessibleName(words)
        self.remove.setToolTip(text.tip(words))
        self.setProperty("isDoubted", self.doubt is not None)
        self.style().unpolish(self)
        self.style().polish(self)


class _Face(QPushButton):
    """What has the keyboard of a chip."""

    def __init__(self, chip: Chip) -> None:
        super().__init__(chip)
        self._chip = chip
        self.setProperty("role", "chip")
        self.setAutoDefault(False)
        self.setIconSize(QSize(_EDGE, _EDGE))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleDescription(self.tr("Delete removes it; the arrows lead on."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, remove, or write on."""
        key = Qt.Key(event.key())
        steps = _STEPS.get(key)
        if steps is not None:
            is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            is_arrow = key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            self._chip.on_walk(-steps if is_mirrored and is_arrow else steps)
        elif key is Qt.Key.Key_Backspace:
            self._chip.on_remove(-1)
        elif key is Qt.Key.Key_Delete:
            self._chip.on_remove(1)
        elif event.text().isprintable() and event.text().strip():
            self._chip.on_write(event.text())
        else:
            event.ignore()
