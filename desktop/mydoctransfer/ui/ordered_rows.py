"""A table of rows in an order, as Qt sees it: rows come, go and change places.

The order is ascending; descending is the same list read from its end. Views are told of insertions,
removals and moves, never of a reset: selection and scroll position stay.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject

from mydoctransfer.model.events import Row
from mydoctransfer.ui.arranging import SORT_VALUES, Column
from mydoctransfer.ui.indexes import NO_INDEX, AnyIndex
from mydoctransfer.ui.orders import Entry, Order, place_of, slices
from mydoctransfer.ui.turns import Job


class OrderedRows(QAbstractTableModel):
    """Rows in the order of a column, those that are shown and those that are not.

    Attributes:
        on_rearranging: called before many rows change places.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_rearranging: Callable[[], None] = lambda: None
        self._rows: dict[str, Row] = {}
        self._order: Order = []
        self._sorted_by = Column.NAME  # what `_order` follows now
        self._is_descending = False
        self._wants_descending = False
        self._is_in_order = True  # not so while rows are changing places

    # What is asked

    def row_at(self, index: int) -> Row:
        """Return the document in a line of the table."""
        return self._rows[self._order[self._flip(index)][1]]

    def row(self, key: str) -> Row | None:
        """Return a document by its key, shown or not."""
        return self._rows.get(key)

    def with_share_id(self, share_id: str) -> Row | None:
        """Return a document by its id in the cloud."""
        return next((row for row in self._rows.values() if row.share_id == share_id), None)

    def named(self, name: str) -> Row | None:
        """Return a document by its key or, failing that, its name."""
        found = self._rows.get(name)
        return found or next((row for row in self._rows.values() if row.name == name), None)

    def every(self) -> Iterable[Row]:
        """Return all documents, shown or not."""
        return self._rows.values()

    def line_of(self, key: str) -> int | None:
        """Return where a document is shown; None: nowhere, or rows are just changing places."""
        row = self._rows.get(key)
        if row is None or not self._is_in_order:
            return None
        at = self._find(row)
        return None if at is None else self._flip(at)

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return the number of rows shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def keys_between(self, first: int, last: int) -> list[str]:
        """Return the keys of the documents in these lines, the last too, from top to bottom."""
        if not self._is_descending:
            return [key for _, key in self._order[first : last + 1]]
        end = len(self._order)
        return [key for _, key in reversed(self._order[end - 1 - last : end - first])]

    def find_lines(self, keys: Iterable[str], found: list[int]) -> Job:
        """Find where documents are shown, from top to bottom; a job, for there may be many."""
        wanted, at = set(keys), 0
        for batch in slices(reversed(self._order) if self._is_descending else self._order):
            found += [at + i for i, (_, key) in enumerate(batch) if key in wanted]
            at += len(batch)
            yield len(batch)

    # Order

    def _sort_value(self, row: Row) -> Entry:
        return SORT_VALUES[self._sorted_by](row), row.key

    def _flip(self, at: int) -> int:
        return len(self._order) - 1 - at if self._is_descending else at

    def _find(self, row: Row) -> int | None:
        value = self._sort_value(row)
        at = bisect_left(self._order, value)
        return at if at < len(self._order) and self._order[at] == value else None

    def _switch(
        self,
        order: Order,
        sorted_by: Column,
        difference: tuple[Order, Order, Order],
        rows: dict[str, Row],
        changed: Mapping[str, Row] | None = None,
        removed: Iterable[str] = (),
    ) -> Job:
        """Go from what is shown to `order`: remove, add, move; selection follows its rows.

        `difference` is what goes, stays and is new, as `orders.difference` returns it. Views hear
        of removals and additions at their end: that costs them least. Between the steps the event
        loop has its turn; whoever gives up the job there leaves rows that follow no wish.
        """
        gone, kept, added = difference
        was_in_order, self._is_in_order = self._is_in_order, False
        self.on_rearranging()
        yield len(order) // 8
        if gone:
            runs = (gone, kept) if self._is_descending else (kept, gone)
            # What a job that was given up has left is not sorted.
            place = partial(place_of, runs) if was_in_order else None
            self._lay_out(runs[0] + runs[1], self._is_descending, place)
            last = len(self._order) - 1
            self.beginRemoveRows(QModelIndex(), last - len(gone) + 1, last)
            self._order = kept
            self.endRemoveRows()
            yield len(kept) // 8
        self._rows = rows
        self._rows.update(changed or {})
        for key in removed:
            self._rows.pop(key, None)
        if added:
            first = len(self._order)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._order = added + self._order if self._is_descending else self._order + added
            self.endInsertRows()
            yield len(order) // 8
        value = SORT_VALUES[sorted_by]
        self._lay_out(
            order,
            self._wants_descending,
            lambda entry: bisect_left(order, (value(self._rows[entry[1]]), entry[1])),
        )
        self._sorted_by, self._is_in_order = sorted_by, True

    def _forget_rows(self, sorted_by: Column) -> None:
        """Have none; whoever calls resets the model around it."""
        self._rows, self._order = {}, []
        self._sorted_by, self._is_descending = sorted_by, self._wants_descending
        self._is_in_order = True

    def _lay_out(
        self, order: Order, is_descending: bool, place: Callable[[Entry], int] | None
    ) -> None:
        """Show the same rows in another order.

        `place`: where in it an entry of the order before is. None: nobody knows, and looking at
        each of 100,000 rows takes 30 ms.
        """
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        entries = [self._order[self._flip(index.row())] for index in old]
        self._order, self._is_descending = order, is_descending
        if old:
            at = self._places({entry[1]: entry for entry in entries}, place)
            lines = [self._flip(at[key]) for _, key in entries]
            new = [self.index(line, i.column()) for line, i in zip(lines, old, strict=True)]
            self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _places(
        self, wanted: dict[str, Entry], place: Callable[[Entry], int] | None
    ) -> dict[str, int]:
        if place is not None:
            return {key: place(entry) for key, entry in wanted.items()}
        return {key: at for at, (_, key) in enumerate(self._order) if key in wanted}

    # Single rows

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
