"""What the tray's menu says of the documents: the latest ones, and what lies in the cloud."""

import heapq
from collections.abc import Iterable

from mydoctransfer.model.events import ItemState, Row
from mydoctransfer.ui.choices import is_in_cloud

MOST = 5


def recent(rows: Iterable[Row], most: int = MOST) -> tuple[Row, ...]:
    """Return the documents that came to the cloud last and still are there, the newest first."""
    live = (row for row in rows if is_in_cloud(row) and row.uploaded_at is not None)
    return tuple(heapq.nlargest(most, live, key=lambda row: (row.uploaded_at or 0, row.key)))


def stored(rows: Iterable[Row]) -> tuple[int, int]:
    """Return how many documents of mine lie in the cloud, and how many bytes they have."""
    sizes = [row.size for row in rows if row.is_mine and is_in_cloud(row) and _is_sent(row)]
    return len(sizes), sum(sizes)


def _is_sent(row: Row) -> bool:
    return row.state in (ItemState.SYNCED, ItemState.CONFLICT)
