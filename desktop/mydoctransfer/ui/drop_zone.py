"""What appears while somebody drags files over the window: what letting go will do, and where."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QWidget

from mydoctransfer.ui import text, theme
from mydoctransfer.ui.folder_rules import Target

_EDGE = 18
_TILE = 64
_GAP = 10


class DropZone(QWidget):
    """Covers its parent while something is dragged over it.

    One target is the whole window; where there are more, each has a tile, and what is not over
    one goes into the first.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop-zone")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over = parent
        self._head = ""
        self._targets: Sequence[Target] = ()
        self._at = 0
        self.hide()

    def say(self, count: int, targets: Sequence[Target]) -> None:
        """Cover the parent and say what becomes of that many things."""
        self._head = self.tr("Drop to send %Ln item(s)", "", count)
        self._targets, self._at = targets, 0
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self._tell()

    def point(self, at: QPoint) -> None:
        """Mean the target that lies there."""
        tiles = self.tiles()
        under = next((n for n, tile in enumerate(tiles) if tile.contains(at.toPointF())), 0)
        if under != self._at:
            self._at = under
            self._tell()
            self.update()

    def folder(self) -> str:
        """Return the folder that is meant, relative to the watched one."""
        return self._targets[self._at].folder if self._targets else ""

    def words(self) -> str:
        """Return what letting go will do."""
        return self._targets[self._at].words if self._targets else ""

    def tiles(self) -> list[QRectF]:
        """Return where the targets lie; none where there is only one."""
        if len(self._targets) < 2:
            return []
        width = min(460.0, self.width() - 4.0 * _EDGE)
        top = self.height() / 2.0 + 10
        left = (self.width() - width) / 2
        lines = range(len(self._targets))
        return [QRectF(left, top + n * (_TILE + _GAP), width, _TILE) for n in lines]

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._head} {self.words()}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a dashed frame, an arrow, what happens, and the targets."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back = QColor(colours.tint)
        back.setAlphaF(0.97)
        painter.fillRect(self.rect(), back)
        frame = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        painter.setPen(QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 14, 14)
        tiles = self.tiles()
        middle = frame.center().y() - len(tiles) * 34 if tiles else frame.center().y()
        picture = theme.pixmap("upload", 56, self.devicePixelRatioF(), colours.accent)
        if picture is not None:
            painter.drawPixmap(int(frame.center().x()) - 28, int(middle) - 106, picture)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setWeight(QFont.Weight.DemiBold)
        self._write(painter, font, colours.text, middle - 36, self._head)
        self._write(painter, self.font(), colours.muted, middle + 2, self.words())
        for number, (tile, target) in enumerate(zip(tiles, self._targets, strict=False)):
            self._draw_tile(painter, tile, target, number == self._at)

    def _write(self, painter: QPainter, font: QFont, colour: str, top: float, words: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        rect = QRectF(64, top, self.width() - 128, 90)
        painter.drawText(rect, int(flags) | int(Qt.TextFlag.TextWordWrap), words)

    def _draw_tile(self, painter: QPainter, tile: QRectF, target: Target, is_meant: bool) -> None:
        colours = theme.current()
        painter.setPen(
            QPen(QColor(colours.accent if is_meant else colours.edge), 3 if is_meant else 1)
        )
        painter.setBrush(QColor(colours.selected if is_meant else colours.base))
        painter.drawRoundedRect(tile, 10, 10)
        icon = theme.pixmap("folder", 24, self.devicePixelRatioF(), colours.accent)
        where = tile.adjusted(14, 20, 14 + 24 - tile.width(), -20).toRect()
        if icon is not None:
            painter.drawPixmap(self._mirrored(where, tile).topLeft(), icon)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        front = colours.on_selected if is_meant else colours.text
        muted = colours.on_selected if is_meant else colours.muted
        lines = ((bold, front, text.shown(target.name)), (self.font(), muted, target.brief))
        for line, (font, colour, words) in enumerate(lines):
            place = tile.adjusted(52, 8 + line * 24, -12, 0).toRect()
            place.setHeight(24)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            fitting = QFontMetrics(font).elidedText(
                words, Qt.TextElideMode.ElideMiddle, place.width()
            )
            side = QStyle.visualAlignment(
                self.layoutDirection(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            )
            painter.drawText(self._mirrored(place, tile), int(side), text.isolated(fitting))

    def _mirrored(self, place: QRect, tile: QRectF) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), tile.toRect(), place)


def local_paths(data: QMimeData) -> tuple[str, ...]:
    """Return the files and folders of this computer among what is dragged."""
    return tuple(url.toLocalFile() for url in data.urls() if url.isLocalFile())
