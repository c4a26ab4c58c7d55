"""The circle with somebody's initials, as an icon."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text
from mydoctransfer.ui.documents_view import circle_colour

_RATIO = 2


def person_circle(person: Person, edge: int = 26) -> QIcon:
    """Return somebody's circle, `edge` pixels wide."""
    picture = QPixmap(edge * _RATIO, edge * _RATIO)
    picture.setDevicePixelRatio(_RATIO)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(circle_colour(person)))
    painter.drawEllipse(0, 0, edge, edge)
    font = painter.font()
    font.setPixelSize(round(edge * 0.42))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(0, 0, edge, edge, Qt.AlignmentFlag.AlignCenter, text.initials(person))
    painter.end()
    return QIcon(picture)
