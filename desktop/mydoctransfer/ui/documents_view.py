"""The documents table: keys and mouse, widths, ticking countdowns, and what it says when empty."""

from collections.abc import Callable, Iterator
from itertools import islice

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QRect,
    Qt,
    QTimer,
    QUrl,
)
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFocusEvent,
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
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mydoctransfer.model.events import Row
from mydoctransfer.ui import text, theme
from mydoctransfer.ui.arranging import Column
from mydoctransfer.ui.documents_cells import DocumentsDelegate, row_height
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.empty_hint import EmptyHint
from mydoctransfer.ui.turns import Job, Turns

MANY = 1000

# Column, its widths in ems, from a wide window to the narrowest (0: left out).
_WIDTHS = (
    (Column.SIZE, (8, 7, 0, 0, 0)),
    (Column.OWNER, (13, 6, 0, 0, 0)),
    (Column.PEOPLE, (12, 12, 12, 11, 0)),  # "Click to share…" has to fit
    (Column.EXPIRES, (11, 10, 10, 9, 9)),
    (Column.STATE, (22, 17, 17, 14, 14)),
)
_NAME = 18  # ems that are left for the name

_BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.OtherFocusReason,
    }
)


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
        self._em = 0
        self._tight: int | None = None
        self._parked: list[str] = []
        self._restoring = Turns(model.shift)
        self._ticks = 0
        model.on_rearranging = self._park_selection
        model.layoutAboutToBeChanged.connect(self._park_selection)  # before the view's own
        self.setModel(model)
        for changed in (model.layoutChanged, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._restore_selection)
        self.setItemDelegate(DocumentsDelegate(model, self))
        self._set_up_behaviour()
        self._set_up_headers()
        self._follow_letters()
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
        keys: list[str] = []
        for first, last in self._ranges():
            keys += self._documents.keys_between(first, last)
        return keys

    def each_chosen(self) -> Iterator[str]:
        """Yield the keys of the documents selected, from top to bottom, as they are asked for."""
        for first, last in self._ranges():
            for at in range(first, last + 1, MANY):
                yield from self._documents.keys_between(at, min(at + MANY - 1, last))

    def _ranges(self) -> list[tuple[int, int]]:
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(number) for number in range(chosen.count())]
        return sorted({(one.top(), one.bottom()) for one in ranges})

    def current_cell(self) -> QRect:
        """Return where the current cell is on the screen."""
        rect = self.visualRect(self.currentIndex())
        return QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do on Return what a click on the cell does, else open; all else as tables do."""
        at = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at.isValid():
            if not self.selectionModel().hasSelection():  # what was chosen here is gone
                self._choose_current()
            if not self.on_press(Column(at.column())):
                self.on_open(self._documents.row_at(at.row()))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the current row where the keyboard came with none chosen: F2 has to mean one."""
        super().focusInEvent(event)
        is_chosen = self.selectionModel().hasSelection()
        if event.reason() in _BY_KEYBOARD and not is_chosen and self._documents.rowCount():
            self._choose_current()

    def _choose_current(self) -> None:
        """Choose the row where the keyboard is, which stays in its column; else the first."""
        at = self.currentIndex()
        if not at.isValid():
            self.selectRow(0)
            return
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(at, flag.ClearAndSelect | flag.Rows)

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

    def changeEvent(self, event: QEvent) -> None:
        """Keep up with the letters' size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._follow_letters()

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
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        # Its own, empty one: a header asks of every row whether it is selected, at each repaint.
        columns.setSelectionModel(QItemSelectionModel(self._documents, columns))
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        columns.setMinimumSectionSize(64)
        columns.setSortIndicator(Column.NAME.value, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        columns.setSectionResizeMode(Column.NAME.value, QHeaderView.ResizeMode.Stretch)

    def _follow_letters(self) -> None:
        self.verticalHeader().setDefaultSectionSize(row_height(self.font()))
        self._em, self._tight = self.fontMetrics().horizontalAdvance("m"), None
        self._share_out_width()

    def _share_out_width(self) -> None:
        """Give the columns their widths: the narrower the window, the less beside the name."""
        room = self.viewport().width() // max(self._em, 1) - _NAME
        sums = [sum(widths) for widths in zip(*(widths for _, widths in _WIDTHS), strict=True)]
        tight = next((at for at, ems in enumerate(sums) if ems <= room), len(sums) - 1)
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
        """Let the countdowns tick: every second where one runs out, else six times a minute.

        The names, which take the colour of what runs out, are drawn anew six times a minute.
        """
        self._ticks += 1
        first, is_now = self.rowAt(0), self._ticks % 10 == 0
        if first < 0 or not (is_now or self._is_any_soon(first)):
            return
        for column in (Column.EXPIRES, Column.NAME)[: 1 + is_now]:
            left, width = self.columnViewportPosition(column.value), self.columnWidth(column.value)
            self.viewport().update(left, 0, width, self.viewport().height())

    def _is_any_soon(self, first: int) -> bool:
        last = self.rowAt(self.viewport().height())
        lines = range(first, (last if last >= 0 else self._documents.rowCount() - 1) + 1)
        left = (self._documents.words.left_ms(self._documents.row_at(line)) for line in lines)
        return any(-2000 < time < text.SOON_MS + 60_000 for time in left if time is not None)


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
