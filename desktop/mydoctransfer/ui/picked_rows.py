"""A short table of some documents: those of a certain kind, in the order they got there."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject

from mydoctransfer.model.events import Row, RowsChanged
from mydoctransfer.ui.indexes import NO_INDEX
from mydoctransfer.ui.orders import slices
from mydoctransfer.ui.turns import Job, Shift, Turns
from mydoctransfer.ui.worded_table import WordedTable

FEW = 64


class PickedRows(WordedTable):
    """Follows the rows that are picked; `cell` says what stands in a row's column.

    Attributes:
        on_change: called when the rows are others.
    """

    def __init__(
        self,
        is_picked: Callable[[Row], bool],
        titles: Callable[[], tuple[str, ...]],
        cell: Callable[[Row, int], str],
        shift: Shift,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(
            titles,
            lambda: len(self._keys),
            lambda line, column: cell(self.row_at(line), column),
            parent,
        )
        self.on_change: Callable[[], None] = lambda: None
        self._is_picked = is_picked
        self._rows: dict[str, Row] = {}
        self._keys: list[str] = []
        self._arriving: deque[RowsChanged] = deque()
        self._turns = Turns(shift)
        self._turns.next_job = lambda: (
            self._take(self._arriving.popleft()) if self._arriving else None
        )

    def apply(self, change: RowsChanged) -> None:
        """Take rows that are new or different and keys that are no more."""
        self._arriving.append(change)
        self._turns.go_on()

    def _take(self, change: RowsChanged) -> Job:
        """Pick from what came; most rows are none of these."""
        wanted: dict[str, Row] = {}
        for batch in slices(change.rows):
            wanted.update((row.key, row) for row in batch if self._is_picked(row))
            yield len(batch)
        if change.is_snapshot:
            self._show(wanted | self._stays())
            return
        came = self._rows.keys() & (row.key for row in change.rows)
        gone = came - wanted.keys() | (self._rows.keys() & change.removed)
        if len(gone) + len(wanted) > FEW:
            kept = {key: row for key, row in self._rows.items() if key not in gone}
            self._show({**kept, **wanted})
        elif gone or wanted:
            self._change(gone, wanted)

    def _stays(self) -> dict[str, Row]:
        """Return what is in no snapshot, and stays all the same."""
        return {}

    def clear(self) -> None:
        """Forget everything, and what is still arriving."""
        self._arriving.clear()
        self._turns.drop()
        self._show({})

    def row_at(self, line: int) -> Row:
        """Return the document in a line."""
        return self._rows[self._keys[line]]

    def line_of(self, key: str) -> int | None:
        """Return the line of a document, where it is among these."""
        return self._keys.index(key) if key in self._rows else None

    def tell_changed(self, key: str) -> None:
        """A document looks otherwise now."""
        line = self.line_of(key)
        if line is not None:
            last = self.columnCount() - 1
            self.dataChanged.emit(self.index(line, 0), self.index(line, last))

    def _show(self, rows: dict[str, Row]) -> None:
        self.beginResetModel()
        self._rows, self._keys = rows, list(rows)
        self.endResetModel()
        self.on_change()

    def _change(self, gone: Iterable[str], wanted: dict[str, Row]) -> None:
        for key in gone:
            line = self._keys.index(key)
            self.beginRemoveRows(NO_INDEX, line, line)
            del self._keys[line]
            del self._rows[key]
            self.endRemoveRows()
        for key, row in wanted.items():
            if key in self._rows:
                self._rows[key] = row
                self.tell_changed(key)
            else:
                self.beginInsertRows(NO_INDEX, len(self._keys), len(self._keys))
                self._keys.append(key)
                self._rows[key] = row
                self.endInsertRows()
        self.on_change()
