"""Draws every icon on a light and a dark background, in the sizes they are used, into one picture.

python -m scripts.icons out/icons.png
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).parents[1] / "resources" / "icons"
SIZES = (16, 22, 32, 64)
LABEL, GAP, ROW, COLUMNS = 130, 16, 72, 2
LIGHT, DARK = ("#f5f6f8", "#1b2027"), ("#202329", "#e9ebee")  # background, text
SIDE = sum(SIZES) + GAP * (len(SIZES) + 1)


def draw(icon: Path, edge: int, colour: str) -> QImage:
    """Draw one icon at `edge` pixels, on nothing."""
    source = icon.read_text("utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    if not renderer.isValid():
        raise ValueError(f"{icon.name} cannot be drawn")
    picture = QImage(edge, edge, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    return picture


def contact_sheet(icons: list[Path]) -> QImage:
    """Draw all of them, a row each, in columns."""
    rows = -(-len(icons) // COLUMNS)
    width = LABEL + 2 * SIDE
    sheet = QImage(width * COLUMNS, rows * ROW, QImage.Format.Format_RGB32)
    sheet.fill(QColor(LIGHT[0]))
    painter = QPainter(sheet)
    for number, icon in enumerate(icons):
        left, top = number // rows * width, number % rows * ROW
        painter.setPen(QColor(LIGHT[1]))
        painter.drawText(left + 8, top + ROW // 2, icon.stem)
        for side, (back, colour) in enumerate((LIGHT, DARK)):
            x = left + LABEL + side * SIDE
            painter.fillRect(x, top, SIDE, ROW, QColor(back))
            for edge in SIZES:
                x += GAP
                painter.drawImage(x, top + (ROW - edge) // 2, draw(icon, edge, colour))
                x += edge
    painter.end()
    return sheet


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QGuiApplication([])
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    return 0 if contact_sheet(sorted(ICONS.glob("*.svg"))).save(str(target)) else 1


if __name__ == "__main__":
    sys.exit(main())
