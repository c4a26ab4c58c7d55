"""Fetching documents: which are on their way, how far each has come, and ending one.

It is for people to see; nothing is kept.
"""

from collections import Counter
from collections.abc import Callable

from mydoctransfer.engine.ports import DownloadLink, Failure, Inbox
from mydoctransfer.engine.rows import Rows
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.events import Downloading, Event
from mydoctransfer.model.trees import ShareId


class Downloads:
    """Has the inbox fetch, and tells of it from beginning to end."""

    def __init__(self, inbox: Inbox, rows: Rows, publish: Callable[[Event], None]) -> None:
        self._inbox = inbox
        self._rows = rows
        self._publish = publish
        self._running: Counter[ShareId] = Counter()

    def fetch(
        self, link: DownloadLink, directory: str | None, share_id: ShareId
    ) -> Work[str | Failure]:
        """Download; answers like the port."""
        self._inbox.allow(share_id)
        self._running[share_id] += 1
        self.came(share_id, 0, link.size)
        try:
            return (yield from call(self._inbox.fetch, link, directory, share_id))
        finally:
            self._ended(share_id)

    def came(self, share_id: ShareId, number: int, total: int) -> None:
        """So many bytes are here."""
        if self._running[share_id] > 0:
            for row in self._rows.of_documents((share_id,)):
                self._publish(Downloading(share_id, row, number, total))

    def cancel(self, share_id: ShareId) -> None:
        """End a download, if it runs."""
        if self._running[share_id] > 0:
            self._inbox.cancel(share_id)

    def _ended(self, share_id: ShareId) -> None:
        self._running[share_id] -= 1
        if self._running[share_id] <= 0:
            self._publish(Downloading(share_id, None))
