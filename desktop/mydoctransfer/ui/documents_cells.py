"""The cells of the documents table as drawn: names, circles, countdowns, progress."""

from PySide6.QtCore import QLocale, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from mydoctransfer.model.events import ItemState, Row
from mydoctransfer.ui import text, theme
from mydoctransfer.ui.arranging import Column
from mydoctransfer.ui.choices import can_share, is_trouble
from mydoctransfer.ui.documents_model import PROGRESS_ROLE, ROW_ROLE, DocumentsModel
from mydoctransfer.ui.file_types import icon_of
from mydoctransfer.ui.indexes import AnyIndex
from mydoctransfer.ui.person_circle import circle_colour

LEAST_HEIGHT = 46
LEAST_CIRCLE = 26
TICK = 12
MOST_CIRCLES = 4
_GAP = 10
_MARGIN = 16
_SMALL = 0.88
_LEAST = 24
_BAR = 5

STATE_ICONS = {
    ItemState.SYNCED: ("state-synced", "good"),
    ItemState.WAITING: ("state-waiting", "muted"),
    ItemState.UPLOADING: ("state-uploading", "accent"),
    ItemState.BUSY: ("state-busy", "muted"),
    ItemState.SKIPPED: ("state-skipped", "muted"),
    ItemState.PROBLEM: ("state-problem", "danger"),
    ItemState.GONE: ("state-gone", "muted"),
    ItemState.CONFLICT: ("state-conflict", "warning"),
}


def row_height(font: QFont) -> int:
    """Return how high a row is: room for a line and a small one beneath it."""
    return max(LEAST_HEIGHT, _height(font) + _height(small(font)) + 10)


def small(font: QFont) -> QFont:
    """Return the font of what stands beneath."""
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * _SMALL)
    return made


def _height(font: QFont) -> int:
    return QFontMetrics(font).height()


class DocumentsDelegate(QStyledItemDelegate):
    """Draws the cells. Rectangles are those of left-to-right and mirrored where they are used."""

    def __init__(self, model: DocumentsModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._documents = model
        self._view = view

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        """Keep a text's direction its own affair."""
        return text.isolated(str(value))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Rows are of one height."""
        return QSize(80, row_height(option.font))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one cell."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = _Cell(painter, option, theme.current(), self._view.devicePixelRatioF())
        cell.background(row)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        is_soon = self._documents.words.is_soon(row)
        match Column(index.column()):
            case Column.NAME:
                _paint_name(cell, row, words, is_soon)
            case Column.SIZE:
                cell.line(words, cell.muted)
            case Column.OWNER:
                _paint_owner(cell, row, words)
            case Column.PEOPLE:
                if self._documents.words.has_link(row):
                    cell.picture("link", 16, cell.muted)
                _paint_people(cell, row, words)
            case Column.EXPIRES:
                _paint_expiry(cell, words, is_soon, is_link=cell.is_hovered and can_share(row))
            case Column.STATE:
                _paint_state(cell, row, words, index.data(PROGRESS_ROLE))
        painter.restore()


class _Cell:
    """One cell being drawn: where, with what, in which direction.

    Attributes:
        left: how much of the cell is used up from its leading side.
        circle_edge: how large a person's circle is: initials have to fit.
    """

    def __init__(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        colours: theme.Colours,
        ratio: float,
    ) -> None:
        self.painter = painter
        self.colours = colours
        self.ratio = ratio
        self.rect: QRect = option.rect
        self.direction: Qt.LayoutDirection = option.direction
        self.font: QFont = option.font
        self.is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self.has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        self.is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self.left = _GAP
        self.circle_edge = max(LEAST_CIRCLE, round(1.35 * _height(self.font)))
        self.text = colours.on_selected if self.is_selected else colours.text
        self.muted = colours.on_selected if self.is_selected else colours.muted

    def tone(self, name: str) -> str:
        """Return a colour of the theme, readable also on a selected row."""
        return self.text if self.is_selected else str(getattr(self.colours, name))

    def background(self, row: Row) -> None:
        """Draw what lies behind: selection, hover, the tint of what is not mine; and the focus."""
        colours = self.colours
        if self.is_selected:
            back = colours.selected
        elif self.is_hovered:
            back = colours.hover
        else:
            back = colours.base if row.is_mine else colours.tint
        self.painter.fillRect(self.rect, QColor(back))
        self.painter.fillRect(
            self.rect.left(), self.rect.bottom(), self.rect.width(), 1, QColor(colours.line)
        )
        if self.has_focus:
            self.painter.setPen(QPen(QColor(colours.accent), 2))
            self.painter.drawRoundedRect(QRectF(self.rect).adjusted(2, 2, -2, -3), 4, 4)

    def room(self) -> int:
        """Return the width that is left."""
        return self.rect.width() - self.left - _GAP

    def place(self, width: int, height: int, top: int | None = None) -> QRect:
        """Return the next rectangle from the leading side, centred unless `top` is given."""
        down = (self.rect.height() - height) // 2 if top is None else top
        rect = QRect(self.rect.left() + self.left, self.rect.top() + down, width, height)
        return QStyle.visualRect(self.direction, self.rect, rect)

    def picture(self, name: str, edge: int, colour: str | None = None) -> None:
        """Draw an icon and move on; nothing where there is no such icon."""
        drawn = theme.pixmap(name, edge, self.ratio, colour)
        if drawn is not None:
            self.painter.drawPixmap(self.place(edge, edge).topLeft(), drawn)
            self.left += edge + 8

    def line(
        self,
        words: str,
        colour: str,
        *,
        top: int | None = None,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        is_bold: bool = False,
        is_small: bool = False,
        is_underlined: bool = False,
    ) -> None:
        """Draw one line of text into the room that is left."""
        if self.room() < _LEAST:
            return
        font = QFont(self.font)
        font.setUnderline(is_underlined)
        if is_bold:
            font.setWeight(QFont.Weight.DemiBold)
        if is_small:
            font = small(font)
        metrics = QFontMetrics(font)
        fitting = text.isolated(metrics.elidedText(words, elide, self.room()))
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        side = QStyle.visualAlignment(
            self.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        flags = int(side) | int(Qt.TextFlag.TextSingleLine)
        self.painter.drawText(self.place(self.room(), metrics.height(), top), flags, fitting)

    def one_above_other(self, first: int, second: int) -> tuple[int, int]:
        """Return where two lines of these heights begin, together in the middle."""
        top = (self.rect.height() - first - second) // 2
        return top, top + first

    def two_lines(self, words: str, colour: str, *, is_underlined: bool = False) -> None:
        """Draw text on one line, or small on two where it is too long; the rest is elided."""
        if QFontMetrics(self.font).horizontalAdvance(words) <= self.room():
            self.line(words, colour, is_underlined=is_underlined)
            return
        font = small(self.font)
        metrics = QFontMetrics(font)
        first, rest = words, ""
        while " " in first and metrics.horizontalAdvance(first) > self.room():
            first, _, last = first.rpartition(" ")
            rest = f"{last} {rest}"
        if not rest:
            self.line(words, colour, is_small=True, is_underlined=is_underlined)
            return
        tops = self.one_above_other(metrics.height(), metrics.height())
        for line, top in zip((first, rest.strip()), tops, strict=True):
            self.line(line, colour, top=top, is_small=True, is_underlined=is_underlined)

    def circle(self, letters: str, back: str, front: str, edge: str | None = None) -> None:
        """Draw somebody; does not move on."""
        rect = QRectF(self.place(self.circle_edge, self.circle_edge))
        self.painter.setPen(QPen(QColor(edge or back), 2))
        self.painter.setBrush(QColor(back))
        self.painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        font = QFont(self.font)
        font.setPointSizeF(font.pointSizeF() * 0.78)
        font.setWeight(QFont.Weight.DemiBold)
        self.painter.setFont(font)
        self.painter.setPen(QColor(front))
        self.painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letters)

    def tick(self, colour: str, edge: str) -> None:
        """Draw a tick on the circle drawn last, where the next one does not cover it."""
        circle = self.place(self.circle_edge, self.circle_edge)
        is_mirrored = self.direction is Qt.LayoutDirection.RightToLeft
        left = circle.right() - TICK + 3 if is_mirrored else circle.left() - 2
        badge = QRect(left, circle.bottom() - TICK + 3, TICK, TICK)
        self.painter.setPen(QPen(QColor(edge), 1))
        self.painter.setBrush(QColor(edge))
        self.painter.drawEllipse(badge)
        drawn = theme.pixmap("check", TICK, self.ratio, colour)
        if drawn is not None:
            self.painter.drawPixmap(badge.topLeft(), drawn)


def _paint_name(cell: _Cell, row: Row, words: str, is_soon: bool) -> None:
    cell.left = _MARGIN
    cell.picture(icon_of(row), 28)
    colour = cell.tone("warning") if is_soon else cell.text
    if row.state in (ItemState.GONE, ItemState.SKIPPED):
        colour = cell.muted
    folder = row.path.rpartition("/")[0] if row.path else ""
    if not folder:
        cell.line(words, colour, elide=Qt.TextElideMode.ElideMiddle)
        return
    above, below = cell.one_above_other(_height(cell.font), _height(small(cell.font)))
    cell.line(words, colour, top=above, elide=Qt.TextElideMode.ElideMiddle)
    where = text.shown(folder)
    cell.line(where, cell.muted, top=below, elide=Qt.TextElideMode.ElideMiddle, is_small=True)


def _paint_owner(cell: _Cell, row: Row, words: str) -> None:
    if row.owner is None:
        return
    back = cell.colours.accent if row.is_mine else circle_colour(row.owner)
    front = cell.colours.on_accent if row.is_mine else "#ffffff"
    cell.circle(text.initials(row.owner), back, front)
    cell.left += cell.circle_edge + 8
    cell.line(words, cell.text)


def _paint_people(cell: _Cell, row: Row, words: str) -> None:
    if not row.people:
        if words:
            cell.line(words, cell.tone("accent"), is_underlined=True)
        return
    shown = row.people[:MOST_CIRCLES]
    ring = cell.colours.selected if cell.is_selected else cell.colours.base
    for person in shown:
        cell.circle(text.initials(person), circle_colour(person), "#ffffff", ring)
        if row.is_mine and row.has_fetched(person):
            cell.tick(cell.tone("good"), ring)
        cell.left += cell.circle_edge - 6
    cell.left += 12
    if len(row.people) == 1:
        cell.line(words, cell.text)
    elif len(row.people) > len(shown):
        cell.line(f"+{len(row.people) - len(shown)}", cell.muted)


def _paint_expiry(cell: _Cell, words: str, is_soon: bool, *, is_link: bool) -> None:
    if not is_soon:
        cell.line(words, cell.text, is_underlined=is_link)
        return
    cell.picture("state-soon", 16, cell.tone("warning"))
    cell.line(words, cell.tone("warning"), is_bold=True, is_underlined=is_link)


def _paint_state(
    cell: _Cell, row: Row, words: str, progress: tuple[int, int] | list[int] | None
) -> None:
    icon, tone = STATE_ICONS[row.state]
    cell.picture(icon, 16, cell.tone(tone))
    is_loud = row.state in (ItemState.PROBLEM, ItemState.CONFLICT)
    colour = cell.tone(tone) if is_loud else cell.muted
    if row.state is not ItemState.UPLOADING or not progress:
        cell.two_lines(words, colour, is_underlined=cell.is_hovered and is_trouble(row))
        return
    sent, total = progress
    above, below = cell.one_above_other(_height(cell.font) + 5, _BAR)
    cell.line(words, cell.text, top=above)
    _paint_bar(cell, sent / max(total, 1), below)


def _paint_bar(cell: _Cell, part: float, top: int) -> None:
    whole = QRectF(cell.place(cell.room(), _BAR, top))
    done = QRectF(cell.place(round(cell.room() * min(part, 1.0)), _BAR, top))
    cell.painter.setPen(Qt.PenStyle.NoPen)
    cell.painter.setBrush(QColor(cell.colours.edge if cell.is_selected else cell.colours.line))
    cell.painter.drawRoundedRect(whole, 2.5, 2.5)
    cell.painter.setBrush(QColor(cell.colours.accent))
    cell.painter.drawRoundedRect(done, 2.5, 2.5)
