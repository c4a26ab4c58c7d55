"""The documents table: what is wished to be shown of what arrives, and what its cells say.

Everything that touches many rows (a snapshot, a sort, a filter) is a job, done in turns of the
event loop.
"""

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt

from mydoctransfer.model.events import ItemState, Progress, Row, RowsChanged
from mydoctransfer.ui import orders, text
from mydoctransfer.ui.arranging import SORT_VALUES, Column, View, belongs, contains, count
from mydoctransfer.ui.arrivals import MOST_MERGED, Arrivals, amount
from mydoctransfer.ui.indexes import AnyIndex
from mydoctransfer.ui.ordered_rows import OrderedRows
from mydoctransfer.ui.orders import Order
from mydoctransfer.ui.row_words import RowWords
from mydoctransfer.ui.turns import Job, Shift, Turns

FEW = 64

ROW_ROLE = Qt.ItemDataRole.UserRole
PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 1


class DocumentsModel(OrderedRows):
    """The documents table.

    Attributes:
        counts: rows of each view, whatever the filter says.
        on_settled: called when every job is done.
        shift: the time for long work, shared by whatever shows these documents.
    """

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        """Make an empty table; `now_ms` is the server's time."""
        super().__init__(parent)
        self.counts = dict.fromkeys(View, 0)
        self.on_settled: Callable[[], None] = lambda: None
        self.words = RowWords(now_ms, self)
        self._column = Column.NAME  # what is wished for
        self._view = View.ALL
        self._needle = ""
        # The view and filter that the order follows now; None while rows are changing places.
        self._shown_for: tuple[View, str] | None = (View.ALL, "")
        self._arriving = Arrivals()
        self._is_stale = False
        self._is_arranging = False
        self.shift = Shift(self)
        self._turns = Turns(self.shift)
        self._turns.next_job = self._pick
        self._turns.on_idle = lambda: self.on_settled()

    # What comes in

    def apply(self, change: RowsChanged) -> None:
        """Take rows that are new or different and keys that are no more."""
        self._arriving.add(change)
        self._turns.go_on()

    def apply_progress(self, progress: Progress) -> None:
        """Take how far an upload has come."""
        self.words.progress[progress.key] = (progress.sent, progress.total)
        self._tell_changed(progress.key, Column.STATE, Column.STATE)

    def clear(self) -> None:
        """Forget everything, at once: somebody signed out."""
        self._arriving.clear()
        self._turns.drop()
        self._is_stale = False
        self.beginResetModel()
        self._forget_rows(self._column)
        self._shown_for = self._view, self._needle
        self.words.progress.clear()
        self.endResetModel()
        self.counts = dict.fromkeys(View, 0)
        self.on_settled()

    def show_view(self, view: View) -> None:
        """Show the rows of a view."""
        if view is not self._view:
            self._view = view
            self._rearrange()

    def filter(self, needle: str) -> None:
        """Show only rows in which every word of this occurs: name, path, people."""
        needle = text.folded(needle)
        if needle != self._needle:
            self._needle = needle
            self._rearrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort; what is equal is ordered by key."""
        self._wants_descending = order is Qt.SortOrder.DescendingOrder
        if Column(column) is not self._column:
            self._column = Column(column)
            self._rearrange()
        elif self._sorted_by is self._column and self._is_descending != self._wants_descending:
            place = partial(orders.place_of, (self._order,)) if self._is_in_order else None
            self._lay_out(self._order, self._wants_descending, place)

    @property
    def is_settled(self) -> bool:
        """Whether everything that came in is shown."""
        return not self._turns.is_busy and not self._arriving and not self._is_stale

    # What is asked

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a column's title, or a row's name."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:  # hidden; screen readers say it of a row
            return text.shown(self.row_at(section).name) if section < len(self._order) else None
        return (
            self.tr("Name"),
            self.tr("Size"),
            self.tr("Owner"),
            self.tr("Shared with"),
            self.tr("Expires in"),
            self.tr("State"),
        )[section]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell: text for eyes and for screen readers, the row itself for delegates."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        row = self.row_at(index.row())
        column = Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words.text(row, column)
        if role == ROW_ROLE:
            return row
        if role == PROGRESS_ROLE:
            return self.words.progress.get(row.key)
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = self.words.tip(row, column)
            return text.tip(tip) if tip else None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self.words.description(row, column)
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Return what can be done with a cell: it can be dragged out of the window, too."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    # Jobs

    def _is_wanted(self, row: Row) -> bool:
        return belongs(row, self._view) and contains(row, self._needle.split())

    def _rearrange(self) -> None:
        self._is_stale = True
        if self._is_arranging:  # what it has so far follows yesterday's wish
            self._turns.drop()
        self._turns.go_on()

    def _pick(self) -> Job | None:
        self._is_arranging = self._is_stale
        if self._is_stale:
            self._is_stale = False
            return self._arrange(self._rows)
        if self._arriving:
            return self._take(self._arriving.next())
        return None

    def _take(self, change: RowsChanged) -> Job:
        """Take a batch: a few rows one by one, more by merging, very many by arranging anew."""
        many = amount(change)
        if change.is_snapshot or many > MOST_MERGED:
            yield from self._replace(change)
        elif many > FEW:
            yield many + len(self._order) // 16
            yield from self._merge(change)
        else:
            yield many
            for key in change.removed:
                self._drop(key)
            for row in change.rows:
                self._put(row)

    def _replace(self, change: RowsChanged) -> Job:
        rows = {} if change.is_snapshot else dict(self._rows)
        counts = dict.fromkeys(View, 0) if change.is_snapshot else dict(self.counts)
        for keys in orders.slices(change.removed):
            for key in keys:
                count(counts, rows.pop(key, None), -1)
            yield len(keys)
        for batch in orders.slices(change.rows):
            for row in batch:
                count(counts, rows.get(row.key), -1)
                count(counts, row, +1)
                rows[row.key] = row
            yield len(batch)
        yield from self._arrange(rows)
        self.counts = counts

    def _arrange(self, rows: dict[str, Row]) -> Job:
        """Sort what is wanted of these rows, a run at a time, then merge the runs and show them."""
        column, view, needle = self._column, self._view, self._needle
        value, words = SORT_VALUES[column], needle.split()
        runs: deque[Order] = deque()
        for batch in orders.slices(rows.values()):
            wanted = (row for row in batch if belongs(row, view) and contains(row, words))
            runs.append(sorted((value(row), row.key) for row in wanted))
            yield len(batch)
        while len(runs) > 1:
            runs.append((yield from orders.merged(runs.popleft(), runs.popleft())))
        order = runs[0] if runs else []
        if rows is self._rows and self._shown_for == (view, needle):
            difference: tuple[Order, Order, Order] = [], self._order, []
        else:
            difference = yield from orders.difference(self._order, order)
        old_order, old_rows = self._order, self._rows
        self._shown_for = None
        yield from self._switch(order, column, difference, rows)
        self._shown_for = view, needle
        for outdated in (difference[0], old_order):
            yield from orders.let_go(outdated)
        if old_rows is not rows:
            outdated_rows = list(old_rows.values())
            old_rows.clear()
            yield from orders.let_go(outdated_rows)

    def _merge(self, change: RowsChanged) -> Job:
        """Take a batch into the order as it is: everything untouched stays where it is."""
        fresh = sorted(self._sort_value(row) for row in change.rows if self._is_wanted(row))
        yield len(change.rows)
        rows = {row.key: row for row in change.rows}
        touched = [self._rows[key] for key in (*change.removed, *rows) if key in self._rows]
        at = sorted(i for row in touched if (i := self._find(row)) is not None)
        yield len(touched)
        stays = {self._order[i][1] for i in at} & {key for _, key in fresh}
        leaves = [i for i in at if self._order[i][1] not in stays]
        gone = [self._order[i] for i in leaves]
        kept = yield from orders.without(self._order, leaves)
        added = [entry for entry in fresh if entry[1] not in stays]
        others = yield from orders.without(self._order, at)
        order = yield from orders.with_few(others, fresh)
        for row in touched:
            count(self.counts, row, -1)
        for row in rows.values():
            count(self.counts, row, +1)
        yield len(touched) + len(rows)
        outdated, shown_for = self._order, self._shown_for
        self._shown_for = None
        difference = gone, kept, added
        yield from self._switch(
            order, self._sorted_by, difference, self._rows, rows, change.removed
        )
        self._shown_for = shown_for
        yield from orders.let_go(outdated)

    # Single rows

    def _drop(self, key: str) -> None:
        row = self._rows.get(key)
        if row is None:
            return
        at = self._find(row)
        if at is not None:
            self._take_out(at)
        del self._rows[key]
        self.words.progress.pop(key, None)
        count(self.counts, row, -1)

    def _put(self, row: Row) -> None:
        old = self._rows.get(row.key)
        at = None if old is None else self._find(old)
        count(self.counts, old, -1)
        count(self.counts, row, +1)
        if row.state is not ItemState.UPLOADING:
            self.words.progress.pop(row.key, None)
        if at is None:
            self._rows[row.key] = row
            if self._is_wanted(row):
                self._put_in(row)
        elif not self._is_wanted(row):
            self._take_out(at)
            self._rows[row.key] = row
        else:
            self._rows[row.key] = row
            self._move(at, row)
            self._tell_changed(row.key, Column.NAME, Column.STATE)
