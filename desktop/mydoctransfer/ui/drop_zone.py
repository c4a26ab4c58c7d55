"""What appears while somebody drags files over the window: what letting go will do."""

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mydoctransfer.ui import theme


class DropZone(QWidget):
    """Covers its parent while something is dragged over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop-zone")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over = parent
        self._head = self._body = ""
        self.hide()

    def say(self, head: str, body: str) -> None:
        """Cover the parent and say it."""
        self._head, self._body = head, body
        self.setAccessibleName(f"{head} {body}")
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a dashed frame, an arrow and two lines."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back = QColor(colours.tint)
        back.setAlphaF(0.96)
        painter.fillRect(self.rect(), back)
        frame = QRectF(self.rect()).adjusted(18, 18, -18, -18)
        painter.setPen(QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 14, 14)
        middle = frame.center()
        picture = theme.pixmap("upload", 56, self.devicePixelRatioF(), colours.accent)
        if picture is not None:
            painter.drawPixmap(int(middle.x()) - 28, int(middle.y()) - 96, picture)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setWeight(QFont.Weight.DemiBold)
        self._write(painter, font, colours.text, middle.y() - 16, self._head)
        self._write(painter, self.font(), colours.muted, middle.y() + 26, self._body)

    def _write(self, painter: QPainter, font: QFont, colour: str, top: float, words: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        rect = QRectF(48, top, self.width() - 96, 80)
        painter.drawText(rect, int(flags) | int(Qt.TextFlag.TextWordWrap), words)


def local_paths(data: QMimeData) -> tuple[str, ...]:
    """Return the files and folders of this computer among what is dragged."""
    return tuple(url.toLocalFile() for url in data.urls() if url.isLocalFile())
