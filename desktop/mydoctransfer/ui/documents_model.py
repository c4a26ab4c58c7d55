"""The rows of the documents table, sorted and filtered, however many there are.

The order is an own list of `(sort value, key)` in ascending order; descending is the same list read
from its end. Everything that touches many rows (a snapshot, a sort, a filter) is a job: a generator
that says how many rows it has handled. At most `BUDGET` rows are handled in one turn of the event
loop, so the window never stands still; what is small is therefore done at once. Views get row
changes, moves and insertions, never a reset: selection and scroll position stay.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from enum import Enum
from itertools import islice
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from mydoctransfer.model.events import ItemState, Progress, Row, RowsChanged
from mydoctransfer.ui import text
from mydoctransfer.ui.choices import can_share

BUDGET = 4000
SLICE = 1000
FEW = 64

Order = list[tuple[Any, str]]
Job = Generator[int, None, None]
AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class Column(Enum):
    """The columns, in the order shown."""

    NAME = 0
    SIZE = 1
    OWNER = 2
    PEOPLE = 3
    EXPIRES = 4
    STATE = 5


class View(Enum):
    """Which rows are wanted."""

    ALL = "all"
    MINE = "mine"
    SHARED = "shared"
    GONE = "gone"
    ATTENTION = "attention"


ROW_ROLE = Qt.ItemDataRole.UserRole
PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 1

NEEDS_ATTENTION = frozenset({ItemState.PROBLEM, ItemState.CONFLICT})


def belongs(row: Row, view: View) -> bool:
    """Whether a row is among those a view wants.

    | view      | rows                                           |
    |-----------|------------------------------------------------|
    | ALL       | every one                                      |
    | MINE      | mine, not gone                                 |
    | SHARED    | other people's, not gone                       |
    | GONE      | what is gone from the cloud, mine or not       |
    | ATTENTION | problems and conflicts                         |
    """
    match view:
        case View.ALL:
            return True
        case View.MINE:
            return row.is_mine and row.state is not ItemState.GONE
        case View.SHARED:
            return not row.is_mine and row.state is not ItemState.GONE
        case View.GONE:
            return row.state is ItemState.GONE
        case View.ATTENTION:
            return row.state in NEEDS_ATTENTION


class DocumentsModel(QAbstractTableModel):
    """The documents table.

    Attributes:
        counts: rows of each view, whatever the filter says.
        on_settled: called when every job is done.
    """

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        """Make an empty table; `now_ms` is the server's time."""
        super().__init__(parent)
        self.counts = dict.fromkeys(View, 0)
        self.on_settled: Callable[[], None] = lambda: None
        self._now_ms = now_ms
        self._rows: dict[str, Row] = {}
        self._progress: dict[str, tuple[int, int]] = {}
        self._order: Order = []
        self._sorted_by = Column.NAME  # what `_order` follows now
        self._is_descending = False
        self._column = Column.NAME  # what is wished for
        self._wants_descending = False
        self._view = View.ALL
        self._needle = ""
        self._arriving: deque[RowsChanged] = deque()
        self._is_stale = False
        self._job: Job | None = None
        self._is_arranging = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._work)

    # What comes in

    def apply(self, change: RowsChanged) -> None:
        """Take rows that are new or different and keys that are no more."""
        self._arriving.append(change)
        self._go_on()

    def apply_progress(self, progress: Progress) -> None:
        """Take how far an upload has come."""
        self._progress[progress.key] = (progress.sent, progress.total)
        self._tell_changed(progress.key, Column.STATE, Column.STATE)

    def clear(self) -> None:
        """Forget everything, at once: somebody signed out."""
        self._arriving.clear()
        self._job, self._is_stale = None, False
        self.beginResetModel()
        self._rows, self._order, self._progress = {}, [], {}
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
        needle = needle.casefold()
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
            self._lay_out(self._order, self._wants_descending)

    # What is asked

    @property
    def is_settled(self) -> bool:
        """Whether everything that came in is shown."""
        return self._job is None and not self._arriving and not self._is_stale

    def row_at(self, index: int) -> Row:
        """Return the document in a line of the table."""
        return self._rows[self._order[self._flip(index)][1]]

    def row(self, key: str) -> Row | None:
        """Return a document by its key, shown or not."""
        return self._rows.get(key)

    def named(self, name: str) -> Row | None:
        """Return a document by its key or, failing that, its name."""
        found = self._rows.get(name)
        return found or next((row for row in self._rows.values() if row.name == name), None)

    def line_of(self, key: str) -> int | None:
        """Return where in the table a document is shown; None where it is not."""
        row = self._rows.get(key)
        if row is None:
            return None
        at = self._find(row)
        return None if at is None else self._flip(at)

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return the number of rows shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
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
            return self._text(row, column)
        if role == ROW_ROLE:
            return row
        if role == PROGRESS_ROLE:
            return self._progress.get(row.key)
        if role == Qt.ItemDataRole.ToolTipRole:
            words = self._tip(row, column)
            return text.tip(words) if words else None
        return None

    def left_ms(self, row: Row) -> int | None:
        """Return the time until a document expires; None where it is not in the cloud."""
        if row.expires_at is None or row.state is ItemState.GONE:
            return None
        return row.expires_at - self._now_ms()

    # Cells in words

    def _text(self, row: Row, column: Column) -> str:
        match column:
            case Column.NAME:
                return text.shown(row.name)
            case Column.SIZE:
                return text.size(row.size)
            case Column.OWNER:
                return self._owner(row)
            case Column.PEOPLE:
                return self._people(row)
            case Column.EXPIRES:
                left = self.left_ms(row)
                return "" if left is None else text.countdown(left)
            case Column.STATE:
                return self._state(row)

    def _owner(self, row: Row) -> str:
        if row.is_mine:
            return self.tr("You")
        return text.full_name(row.owner) if row.owner else ""

    def _people(self, row: Row) -> str:
        if row.people:
            return ", ".join(text.full_name(person) for person in row.people)
        return self.tr("Click to share…") if can_share(row) else ""

    def _state(self, row: Row) -> str:
        if row.state is ItemState.UPLOADING and row.key in self._progress:
            sent, total = self._progress[row.key]
            return self.tr("Sending {percent} %").format(percent=sent * 100 // max(total, 1))
        return (row.message and text.shown(row.message)) or self._plain_state(row)

    def _plain_state(self, row: Row) -> str:
        left = self.left_ms(row)
        match row.state:
            case ItemState.SYNCED if left is not None and left <= 0:
                return self.tr("Its time is up")
            case ItemState.SYNCED:
                return self.tr("In the cloud") if row.is_mine else self.tr("Ready to download")
            case ItemState.WAITING:
                return self.tr("Waiting")
            case ItemState.UPLOADING:
                return self.tr("Sending")
            case ItemState.BUSY:
                return self.tr("Still being written")
            case ItemState.SKIPPED:
                return self.tr("Not sent")
            case ItemState.PROBLEM:
                return self.tr("Problem")
            case ItemState.GONE if row.is_mine and row.path is not None:
                return self.tr("Gone from the cloud, kept here")
            case ItemState.GONE:
                return self.tr("Gone from the cloud")
            case ItemState.CONFLICT:
                return self.tr("Two versions, both kept")

    def _tip(self, row: Row, column: Column) -> str | None:
        match column:
            case Column.NAME:
                return text.shown(row.path or row.name, 600)
            case Column.SIZE:
                return self.tr("%n byte(s)", "", row.size) if row.size < 2**31 else None
            case Column.OWNER:
                return text.described(row.owner) if row.owner else None
            case Column.PEOPLE:
                return "\n".join(text.described(person) for person in row.people[:40]) or None
            case Column.EXPIRES if row.expires_at is not None:
                when = text.clock(row.expires_at, self._now_ms())
                if row.state is ItemState.GONE:
                    return self.tr("Expired at {time}").format(time=when)
                return self.tr("Expires at {time}").format(time=when)
            case Column.STATE:
                return self._state(row)
            case _:
                return None

    # Order

    def _sort_value(self, row: Row) -> tuple[Any, str]:
        return _SORT_VALUES[self._sorted_by](row), row.key

    def _is_wanted(self, row: Row) -> bool:
        return belongs(row, self._view) and contains(row, self._needle.split())

    def _flip(self, at: int) -> int:
        return len(self._order) - 1 - at if self._is_descending else at

    def _find(self, row: Row) -> int | None:
        value = self._sort_value(row)
        at = bisect_left(self._order, value)
        return at if at < len(self._order) and self._order[at] == value else None

    # Jobs

    def _go_on(self) -> None:
        if not self._turn.isActive():
            self._work()

    def _rearrange(self) -> None:
        self._is_stale = True
        if self._is_arranging:  # what it has so far follows yesterday's wish
            self._job = None
        self._go_on()

    def _work(self) -> None:
        """Handle at most about BUDGET rows, then give the event loop its turn."""
        spent = 0
        while spent < BUDGET:
            if self._job is None and not self._pick():
                self.on_settled()
                return
            assert self._job is not None
            amount = next(self._job, None)
            if amount is None:
                self._job = None
            else:
                spent += amount
        self._turn.start()

    def _pick(self) -> bool:
        if self._is_stale:
            self._is_stale, self._is_arranging = False, True
            self._job = self._arrange(self._rows)
        elif self._arriving:
            self._is_arranging = False
            self._job = self._take(self._arriving.popleft())
        return self._job is not None

    def _take(self, change: RowsChanged) -> Job:
        """Take one batch: few rows each with its own signal, many through a new arrangement."""
        if not change.is_snapshot and len(change.rows) + len(change.removed) <= FEW:
            for key in change.removed:
                self._drop(key)
            for row in change.rows:
                self._put(row)
            yield len(change.rows) + len(change.removed)
            return
        rows = {} if change.is_snapshot else dict(self._rows)
        counts = dict.fromkeys(View, 0) if change.is_snapshot else dict(self.counts)
        for keys in _slices(change.removed):
            for key in keys:
                _count(counts, rows.pop(key, None), -1)
            yield len(keys)
        for batch in _slices(change.rows):
            for row in batch:
                _count(counts, rows.get(row.key), -1)
                _count(counts, row, +1)
                rows[row.key] = row
            yield len(batch)
        self.counts = counts
        yield from self._arrange(rows)

    def _arrange(self, rows: Mapping[str, Row]) -> Job:
        """Sort what is wanted of these rows, a run at a time, then merge the runs and show them."""
        column, view, words = self._column, self._view, self._needle.split()
        value = _SORT_VALUES[column]
        runs: list[Order] = []
        for batch in _slices(rows.values()):
            wanted = (row for row in batch if belongs(row, view) and contains(row, words))
            runs.append(sorted((value(row), row.key) for row in wanted))
            yield len(batch)
        while len(runs) > 1:
            # Two sorted runs one after the other are what `sorted` merges in one pass.
            one, other = runs.pop(0), runs.pop(0)
            runs.append(sorted(one + other))
            yield (len(one) + len(other)) // 8
        self._switch(rows, runs[0] if runs else [])
        self._sorted_by = column

    def _switch(self, rows: Mapping[str, Row], order: Order) -> None:
        """Go from what is shown to `order`: remove, add, move; selection follows its rows."""
        if self._is_descending:  # from here on a line is its place in the list
            self._order.reverse()
            self._is_descending = False
        wanted, had = {key for _, key in order}, {key for _, key in self._order}
        gone = [entry for entry in self._order if entry[1] not in wanted]
        if gone:
            self._lay_out([entry for entry in self._order if entry[1] in wanted] + gone, False)
            last = len(self._order) - 1
            self.beginRemoveRows(QModelIndex(), last - len(gone) + 1, last)
            del self._order[-len(gone) :]
            self.endRemoveRows()
        self._rows = dict(rows)
        added = [entry for entry in order if entry[1] not in had]
        if added:
            first = len(self._order)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._order.extend(added)
            self.endInsertRows()
        self._lay_out(order, self._wants_descending)

    def _lay_out(self, order: Order, is_descending: bool) -> None:
        """Show the same rows in another order."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [self._order[self._flip(index.row())][1] for index in old]
        self._order, self._is_descending = order, is_descending
        if old:
            wanted = set(keys)
            at = {key: self._flip(i) for i, (_, key) in enumerate(order) if key in wanted}
            new = [self.index(at[key], i.column()) for key, i in zip(keys, old, strict=True)]
            self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    # Single rows

    def _drop(self, key: str) -> None:
        row = self._rows.get(key)
        if row is None:
            return
        at = self._find(row)
        if at is not None:
            self._take_out(at)
        del self._rows[key]
        self._progress.pop(key, None)
        _count(self.counts, row, -1)

    def _put(self, row: Row) -> None:
        old = self._rows.get(row.key)
        at = None if old is None else self._find(old)
        _count(self.counts, old, -1)
        _count(self.counts, row, +1)
        if row.state is not ItemState.UPLOADING:
            self._progress.pop(row.key, None)
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

    def _put_in(self, row: Row) -> None:
        value = self._sort_value(row)
        at = bisect_left(self._order, value)
        line = len(self._order) - at if self._is_descending else at
        self.beginInsertRows(QModelIndex(), line, line)
        self._order.insert(at, value)
        self.endInsertRows()

    def _take_out(self, at: int) -> None:
        line = self._flip(at)
        self.beginRemoveRows(QModelIndex(), line, line)
        del self._order[at]
        self.endRemoveRows()

    def _move(self, at: int, row: Row) -> None:
        value = self._sort_value(row)
        to = bisect_left(self._order, value)
        to -= to > at
        if to == at:
            self._order[at] = value
            return
        line, goal = self._flip(at), self._flip(to)
        self.beginMoveRows(QModelIndex(), line, line, QModelIndex(), goal + (goal > line))
        del self._order[at]
        self._order.insert(to, value)
        self.endMoveRows()

    def _tell_changed(self, key: str, first: Column, last: Column) -> None:
        line = self.line_of(key)
        if line is not None:
            self.dataChanged.emit(self.index(line, first.value), self.index(line, last.value))


def contains(row: Row, words: Iterable[str]) -> bool:
    """Whether every word (case-folded) occurs in the document's name, path or people."""
    return all(word in _haystack(row) for word in words)


def _haystack(row: Row) -> str:
    people = (row.owner, *row.people) if row.owner else row.people
    who = "\n".join(f"{p.given_name} {p.family_name} {p.email}" for p in people)
    return f"{row.name}\n{row.path or ''}\n{who}".casefold()


def _count(counts: dict[View, int], row: Row | None, by: int) -> None:
    if row is None:
        return
    counts[View.ALL] += by
    if row.state is ItemState.GONE:
        counts[View.GONE] += by
    else:
        counts[View.MINE if row.is_mine else View.SHARED] += by
    if row.state in NEEDS_ATTENTION:
        counts[View.ATTENTION] += by


def _slices(values: Iterable[Any]) -> Iterator[list[Any]]:
    values = iter(values)
    while batch := list(islice(values, SLICE)):
        yield batch


def _expiry(row: Row) -> int:
    is_live = row.expires_at is not None and row.state is not ItemState.GONE
    return row.expires_at if is_live and row.expires_at else 2**63


_STATE_ORDER = {
    state: place
    for place, state in enumerate(
        (
            ItemState.PROBLEM,
            ItemState.CONFLICT,
            ItemState.UPLOADING,
            ItemState.BUSY,
            ItemState.WAITING,
            ItemState.SYNCED,
            ItemState.GONE,
            ItemState.SKIPPED,
        )
    )
}

_SORT_VALUES: dict[Column, Callable[[Row], Any]] = {
    Column.NAME: lambda row: row.name.casefold(),
    Column.SIZE: lambda row: row.size,
    Column.OWNER: lambda row: text.full_name(row.owner).casefold() if row.owner else "",
    Column.PEOPLE: lambda row: len(row.people),
    Column.EXPIRES: _expiry,
    Column.STATE: lambda row: _STATE_ORDER[row.state],
}
