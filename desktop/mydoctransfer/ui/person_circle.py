"""The circle with somebody's initials: its colour, and the circle as an icon."""

import zlib

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text, theme

_RATIO = 2


def circle_colour(person: Person) -> str:
    """Return the colour of somebody else's circle: always the same one for one address."""
    number = zlib.crc32(person.email.casefold().encode(errors="replace"))
    return theme.CIRCLES[number % len(theme.CIRCLES)]


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
