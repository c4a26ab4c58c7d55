"""A QR code, for a phone's camera."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

_QUIET = 4  # modules of white around a QR code: readers need them


class QrCode(QWidget):
    """An address for a phone's camera: black on white in every theme, as readers want it."""

    EDGE = 168

    def __init__(self, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setFixedSize(self.EDGE, self.EDGE)
        self.modules: tuple[bytearray, ...] = ()

    def encode(self, address: str) -> None:
        """Show this address; nothing for an empty one."""
        self.modules = _matrix(address) if address else ()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw every module as whole device pixels, so that no grey seam shows."""
        if not self.modules:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        side = len(self.modules) + 2 * _QUIET
        ratio = self.devicePixelRatioF()
        edge = max(1, int(self.EDGE * ratio) // side)
        painter.scale(1 / ratio, 1 / ratio)
        start = (int(self.EDGE * ratio) - edge * len(self.modules)) // 2
        for y, line in enumerate(self.modules):
            for x, is_dark in enumerate(line):
                if is_dark:
                    at = QRect(start + x * edge, start + y * edge, edge, edge)
                    painter.fillRect(at, QColor(Qt.GlobalColor.black))


def _matrix(address: str) -> tuple[bytearray, ...]:
    # Imported late: 3 MB for what few people look at.
    import segno

    return segno.make_qr(address).matrix
