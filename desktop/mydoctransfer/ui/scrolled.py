"""A part of a window that scrolls where the screen, or the room, is too small for it."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QWidget

_AROUND = 200  # title bar, buttons and margins of a window, and the desktop's panel


class Scrolled(QScrollArea):
    """As tall as its content, but never taller than the screen allows; the rest is scrolled to.

    Whatever gets the keyboard's focus inside is scrolled into sight, which is Qt's doing.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for more or less room when the content changes."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move a dialog up that has grown beyond the bottom of the screen, with its buttons."""
        super().resizeEvent(event)
        window = self.window()
        if isinstance(window, QDialog) and window.isVisible():
            frame, room = window.frameGeometry(), self.screen().availableGeometry()
            if frame.bottom() > room.bottom():
                up = frame.bottom() - room.bottom()
                window.move(frame.left(), max(room.top(), frame.top() - up))

    def sizeHint(self) -> QSize:
        """Return the content's size, as far as the screen has room for it."""
        return self._bounded(self._content.sizeHint())

    def minimumSizeHint(self) -> QSize:
        """Return the same: a window grows with its content until the screen is full.

        What words need that wrap is known once they have a width; without it they are cut off.
        """
        least = self._content.minimumSizeHint()
        if self.hasHeightForWidth() and self.isVisible():
            width = max(self.width(), least.width())
            least.setHeight(max(least.height(), self._content.heightForWidth(width)))
        return self._bounded(least)

    def hasHeightForWidth(self) -> bool:
        """Words wrap: how tall they are follows from how wide."""
        return self._content.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """Return how tall the content is at that width, as far as the screen has room."""
        return min(self._content.heightForWidth(width), self._most())

    def _bounded(self, size: QSize) -> QSize:
        return QSize(size.width(), min(size.height(), self._most()))

    def _most(self) -> int:
        return max(160, self.screen().availableGeometry().height() - _AROUND)
