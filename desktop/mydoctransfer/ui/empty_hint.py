"""What an empty table says."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mydoctransfer.ui import theme


class EmptyHint(QWidget):
    """What an empty table says: a picture, a head line, a sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture, self._head, self._body = QLabel(), QLabel(), QLabel()
        self._head.setProperty("role", "heading")
        self._head.setObjectName("empty-head")
        self._body.setProperty("role", "muted")
        self._body.setObjectName("empty-body")
        self._body.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        for label in (self._picture, self._head, self._body):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addStretch(3)
        layout.setSpacing(8)
        layout.setContentsMargins(48, 0, 48, 0)
        self._icon = ""
        theme.on_change(self, self._draw)

    def say(self, icon: str, head: str, body: str) -> None:
        """Say it."""
        self._icon = icon
        self._head.setText(head)
        self._body.setText(body)
        self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        picture = theme.pixmap(self._icon, 64, ratio, theme.current().edge)
        self._picture.setVisible(picture is not None)
        if picture is not None:
            self._picture.setPixmap(picture)
