"""The documents table as drawn: circles, countdowns, progress, and what to say when it is empty."""

import zlib
from collections.abc import Callable, Iterator
from itertools import islice

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QLocale,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    QUrl,
)
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mydoctransfer.model.events import ItemState, Row
from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text, theme
from mydoctransfer.ui.arranging import Column
from mydoctransfer.ui.choices import can_share
from mydoctransfer.ui.documents_model import (
    PROGRESS_ROLE,
    ROW_ROLE,
    DocumentsModel,
)
from mydoctransfer.ui.empty_hint import EmptyHint
from mydoctransfer.ui.file_types import file_type
from mydoctransfer.ui.turns import Job, Turns

ROW_HEIGHT = 46
CIRCLE = 26
TICK = 12
MOST_CIRCLES = 4
MANY = 1000
_GAP = 10
_MARGIN = 16
_SMALL = 0.88
_LEAST = 24

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

# Column, its width in ems, that in a narrow window, and in a very narrow one (0: left out).
_WIDTHS = (
    (Column.SIZE, (8, 7, 0)),
    (Column.OWNER, (13, 6, 0)),
    (Column.PEOPLE, (12, 12, 11)),  # "Click to share…" has to fit
    (Column.EXPIRES, (11, 10, 9)),
    (Column.STATE, (22, 17, 14)),
)
_NARROW, _VERY_NARROW = 86, 62  # ems of the whole table

_BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.OtherFocusReason,
    }
)

AnyIndex = QModelIndex | QPersistentModelIndex


class DocumentsView(QTableView):
    """The table. Its countdowns tick by repainting the visible expiry cells alone.

    Attributes:
        presses: how often a button of the mouse was pressed in it.
    """

    def __init__(self, model: DocumentsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents-table")
        self.setAccessibleName(self.tr("Documents"))
        self.on_open: Callable[[Row], None] = lambda row: None
        self.on_press: Callable[[Column], bool] = lambda column: False
        self.on_drag: Callable[[tuple[Row, ...]], list[str]] = lambda rows: []
        self.presses = 0
        self._dragged_with: int | None = None
        self._documents = model
        self._em = self.fontMetrics().horizontalAdvance("m")
        self._tight: int | None = None
        self._parked: list[str] = []
        self._restoring = Turns(self)
        self._ticks = 0
        model.on_rearranging = self._park_selection
        model.layoutAboutToBeChanged.connect(self._park_selection)  # before the view's own
        self.setModel(model)
        for changed in (model.layoutChanged, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._restore_selection)
        self.setItemDelegate(_Delegate(model, self))
        self._set_up_behaviour()
        self._set_up_headers()
        self.empty = EmptyHint(self.viewport())
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._repaint_expiries)
        theme.on_change(self, self.viewport().update)

    def chosen(self) -> tuple[Row, ...]:
        """Return the documents selected, from top to bottom."""
        rows = map(self._documents.row, self.chosen_keys())
        return tuple(row for row in rows if row is not None)

    def chosen_keys(self) -> list[str]:
        """Return the keys of the documents selected, from top to bottom."""
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(number) for number in range(chosen.count())]
        lines = sorted({(one.top(), one.bottom()) for one in ranges})
        return [key for line in lines for key in self._documents.keys_between(*line)]

    def current_cell(self) -> QRect:
        """Return where the current cell is on the screen."""
        rect = self.visualRect(self.currentIndex())
        return QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do on Return what a click on the cell does, else open; all else as tables do."""
        at = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at.isValid():
            if not self.on_press(Column(at.column())):
                self.on_open(self._documents.row_at(at.row()))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the current row where the keyboard came with none chosen: F2 has to mean one."""
        super().focusInEvent(event)
        is_chosen = self.selectionModel().hasSelection()
        if event.reason() in _BY_KEYBOARD and not is_chosen and self._documents.rowCount():
            self.selectRow(max(0, self.currentIndex().row()))

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Let somebody drag copies of the files out of the window."""
        self._dragged_with = self.presses
        self.drag(self.on_drag(self.chosen()))

    def drag(self, paths: list[str]) -> None:
        """Have these files under the pointer until the button is let go; nothing without any."""
        data = files_of(paths)
        if data.hasUrls():
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the presses of the button apart."""
        self.presses += 1
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose nothing more with a press that began a drag, while what is dragged is fetched."""
        if not event.buttons() or self._dragged_with != self.presses:
            super().mouseMoveEvent(event)

    def is_held_since(self, press: int) -> bool:
        """Whether the button has been down since that press."""
        held = QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton
        return press == self.presses and bool(held)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the focus be seen where no row has it: in an empty table, or before the first key."""
        super().paintEvent(event)
        if self.hasFocus() and not self.currentIndex().isValid():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(theme.current().accent), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width, and keep the hint in the middle."""
        super().resizeEvent(event)
        self._share_out_width()
        self.empty.setGeometry(self.viewport().rect())

    def showEvent(self, event: QShowEvent) -> None:
        """Tick while somebody can see it."""
        super().showEvent(event)
        self._tick.start(1000)

    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing while nobody can."""
        super().hideEvent(event)
        self._tick.stop()

    def _set_up_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.doubleClicked.connect(lambda at: self.on_open(self._documents.row_at(at.row())))

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        # Its own, empty one: a header asks of every row whether it is selected, at each repaint.
        columns.setSelectionModel(QItemSelectionModel(self._documents, columns))
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        columns.setMinimumSectionSize(64)
        columns.setSortIndicator(Column.NAME.value, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        columns.setSectionResizeMode(Column.NAME.value, QHeaderView.ResizeMode.Stretch)

    def _share_out_width(self) -> None:
        """Give the columns their widths: the narrower the window, the less beside the name."""
        ems = self.viewport().width() / max(self._em, 1)
        tight = (ems < _NARROW) + (ems < _VERY_NARROW)
        if tight == self._tight:
            return
        self._tight = tight
        for column, widths in _WIDTHS:
            self.setColumnHidden(column.value, widths[tight] == 0)
            self.setColumnWidth(column.value, self._em * widths[tight])

    def _park_selection(self) -> None:
        """Let go of a large selection while rows change places: Qt would move cell by cell."""
        keys = self.chosen_keys()
        if keys:
            self._restoring.drop()
            self._parked = keys if len(keys) > MANY else []
        if self._parked:
            self.selectionModel().reset()

    def _restore_selection(self) -> None:
        if self._parked:
            self._restoring.start(self._select_parked())

    def _select_parked(self) -> Job:
        model, lines = self._documents, list[int]()
        yield from model.find_lines(self._parked, lines)
        self._parked = []
        if self.selectionModel().hasSelection():
            return  # somebody chose something else meanwhile
        runs = _runs(lines)
        while some := list(islice(runs, MANY // 4)):
            chosen = QItemSelection()
            for first, last in some:
                chosen.select(model.index(first, 0), model.index(last, model.columnCount() - 1))
            self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)
            yield MANY

    def _repaint_expiries(self) -> None:
        """Let the countdowns tick: every second where one runs out, else six times a minute."""
        self._ticks += 1
        first = self.rowAt(0)
        if first < 0 or (self._ticks % 10 and not self._is_any_soon(first)):
            return
        left = self.columnViewportPosition(Column.EXPIRES.value)
        width = self.columnWidth(Column.EXPIRES.value)
        self.viewport().update(left, 0, width, self.viewport().height())

    def _is_any_soon(self, first: int) -> bool:
        last = self.rowAt(self.viewport().height())
        lines = range(first, (last if last >= 0 else self._documents.rowCount() - 1) + 1)
        left = (self._documents.words.left_ms(self._documents.row_at(line)) for line in lines)
        return any(-2000 < time < text.SOON_MS + 60_000 for time in left if time is not None)


class _Delegate(QStyledItemDelegate):
    """Draws the cells. Rectangles are those of left-to-right and mirrored where they are used."""

    def __init__(self, model: DocumentsModel, view: DocumentsView) -> None:
        super().__init__(view)
        self._documents = model
        self._view = view

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        """Keep a text's direction its own affair."""
        return text.isolated(str(value))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Rows are of one height."""
        return QSize(80, ROW_HEIGHT)

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
        match Column(index.column()):
            case Column.NAME:
                _paint_name(cell, row, words)
            case Column.SIZE:
                cell.line(words, cell.muted)
            case Column.OWNER:
                _paint_owner(cell, row, words)
            case Column.PEOPLE:
                _paint_people(cell, row, words)
            case Column.EXPIRES:
                left = self._documents.words.left_ms(row)
                is_soon = left is not None and left < text.SOON_MS
                _paint_expiry(cell, words, is_soon, is_link=cell.is_hovered and can_share(row))
            case Column.STATE:
                _paint_state(cell, row, words, index.data(PROGRESS_ROLE))
        painter.restore()


class _Cell:
    """One cell being drawn: where, with what, in which direction.

    Attributes:
        left: how much of the cell is used up from its leading side.
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
            font.setPointSizeF(font.pointSizeF() * _SMALL)
        metrics = QFontMetrics(font)
        fitting = text.isolated(metrics.elidedText(words, elide, self.room()))
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        side = QStyle.visualAlignment(
            self.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        flags = int(side) | int(Qt.TextFlag.TextSingleLine)
        self.painter.drawText(self.place(self.room(), metrics.height(), top), flags, fitting)

    def two_lines(self, words: str, colour: str) -> None:
        """Draw text on one line, or small on two where it is too long; the rest is elided."""
        if QFontMetrics(self.font).horizontalAdvance(words) <= self.room():
            self.line(words, colour)
            return
        font = QFont(self.font)
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        metrics = QFontMetrics(font)
        first, rest = words, ""
        while " " in first and metrics.horizontalAdvance(first) > self.room():
            first, _, last = first.rpartition(" ")
            rest = f"{last} {rest}"
        if not rest:
            self.line(words, colour, is_small=True)
            return
        self.line(first, colour, top=6, is_small=True)
        self.line(rest.strip(), colour, top=23, is_small=True)

    def circle(self, letters: str, back: str, front: str, edge: str | None = None) -> None:
        """Draw somebody; does not move on."""
        rect = QRectF(self.place(CIRCLE, CIRCLE))
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
        circle = self.place(CIRCLE, CIRCLE)
        is_mirrored = self.direction is Qt.LayoutDirection.RightToLeft
        left = circle.right() - TICK + 3 if is_mirrored else circle.left() - 2
        badge = QRect(left, circle.bottom() - TICK + 3, TICK, TICK)
        self.painter.setPen(QPen(QColor(edge), 1))
        self.painter.setBrush(QColor(edge))
        self.painter.drawEllipse(badge)
        drawn = theme.pixmap("check", TICK, self.ratio, colour)
        if drawn is not None:
            self.painter.drawPixmap(badge.topLeft(), drawn)


def files_of(paths: list[str]) -> QMimeData:
    """Return what is dragged: files of this computer."""
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def _runs(lines: list[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of every run of lines that follow each other."""
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or lines[at] != lines[at - 1] + 1:
            yield lines[start], lines[at - 1]
            start = at


def circle_colour(person: Person) -> str:
    """Return the colour of somebody else's circle: always the same one for one address."""
    number = zlib.crc32(person.email.casefold().encode(errors="replace"))
    return theme.CIRCLES[number % len(theme.CIRCLES)]


def _paint_name(cell: _Cell, row: Row, words: str) -> None:
    cell.left = _MARGIN
    cell.picture(f"file-{file_type(row.name)}", 28)
    colour = cell.muted if row.state in (ItemState.GONE, ItemState.SKIPPED) else cell.text
    folder = row.path.rpartition("/")[0] if row.path else ""
    if not folder:
        cell.line(words, colour, elide=Qt.TextElideMode.ElideMiddle)
        return
    cell.line(words, colour, top=5, elide=Qt.TextElideMode.ElideMiddle)
    where = text.shown(folder)
    cell.line(where, cell.muted, top=24, elide=Qt.TextElideMode.ElideMiddle, is_small=True)


def _paint_owner(cell: _Cell, row: Row, words: str) -> None:
    if row.owner is None:
        return
    back = cell.colours.accent if row.is_mine else circle_colour(row.owner)
    front = cell.colours.on_accent if row.is_mine else "#ffffff"
    cell.circle(text.initials(row.owner), back, front)
    cell.left += CIRCLE + 8
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
        cell.left += CIRCLE - 6
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
        cell.two_lines(words, colour)
        return
    sent, total = progress
    cell.line(words, cell.text, top=6)
    _paint_bar(cell, sent / max(total, 1))


def _paint_bar(cell: _Cell, part: float) -> None:
    whole = QRectF(cell.place(cell.room(), 5, 31))
    done = QRectF(cell.place(round(cell.room() * min(part, 1.0)), 5, 31))
    cell.painter.setPen(Qt.PenStyle.NoPen)
    cell.painter.setBrush(QColor(cell.colours.edge if cell.is_selected else cell.colours.line))
    cell.painter.drawRoundedRect(whole, 2.5, 2.5)
    cell.painter.setBrush(QColor(cell.colours.accent))
    cell.painter.drawRoundedRect(done, 2.5, 2.5)
