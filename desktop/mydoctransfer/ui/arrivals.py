"""What arrived and is not shown yet, in order; what can be taken at once is put together."""

from collections import deque

from mydoctransfer.model.events import RowsChanged

MOST_MERGED = 2000


class Arrivals:
    """Changes of rows that wait for their turn."""

    def __init__(self) -> None:
        self._waiting: deque[RowsChanged] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, change: RowsChanged) -> None:
        """Take a change; it comes after those that wait."""
        self._waiting.append(change)

    def clear(self) -> None:
        """Forget all of them."""
        self._waiting.clear()

    def next(self) -> RowsChanged:
        """Return what arrived first, together with what can be taken with it at once."""
        change = self._waiting.popleft()
        if change.is_snapshot:
            return change
        rows = {row.key: row for row in change.rows}
        removed = dict.fromkeys(change.removed)
        while self._waiting and not self._waiting[0].is_snapshot:
            if len(rows) + len(removed) + amount(self._waiting[0]) > MOST_MERGED:
                break
            later = self._waiting.popleft()
            for key in later.removed:
                rows.pop(key, None)
                removed[key] = None
            for row in later.rows:
                removed.pop(row.key, None)
                rows[row.key] = row
        return RowsChanged(tuple(rows.values()), tuple(removed))


def amount(change: RowsChanged) -> int:
    """Return how many rows a change is about."""
    return len(change.rows) + len(change.removed)
