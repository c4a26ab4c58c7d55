"""What happened, newest first, in words."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QObject

from mydoctransfer.model.events import Deed, Happened, Happening
from mydoctransfer.ui import text
from mydoctransfer.ui.indexes import NO_INDEX
from mydoctransfer.ui.worded_table import WordedTable

MOST = 200


class ActivityColumn(IntEnum):
    """The columns, as they stand."""

    TIME = 0
    DEED = 1
    DOCUMENTS = 2
    PEOPLE = 3


class ActivityModel(WordedTable):
    """The activity table."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(self._titles, lambda: len(self._entries), self._words, parent)
        self._now_ms = now_ms
        self._entries: list[Happening] = []
        self.on_change: Callable[[], None] = lambda: None

    def apply(self, happened: Happened) -> None:
        """Take what happened; the oldest is let go."""
        fresh = list(reversed(happened.entries))[:MOST]
        if happened.is_all:
            self._show(fresh)
        elif fresh:
            self.beginInsertRows(NO_INDEX, 0, len(fresh) - 1)
            self._entries[:0] = fresh
            self.endInsertRows()
            self._let_go()
            self.on_change()

    def clear(self) -> None:
        """Forget everything."""
        self._show([])

    def entry_at(self, line: int) -> Happening:
        """Return what is told in a line."""
        return self._entries[line]

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Time"),
            self.tr("What happened"),
            self.tr("Documents"),
            self.tr("People"),
        )

    def _words(self, line: int, column: int) -> str:
        entry = self._entries[line]
        match ActivityColumn(column):
            case ActivityColumn.TIME:
                return text.clock(entry.at, self._now_ms())
            case ActivityColumn.DEED:
                return self._deed(entry.deed)
            case ActivityColumn.DOCUMENTS:
                return self._documents(entry)
            case ActivityColumn.PEOPLE:
                return text.shown(entry.people)

    def _documents(self, entry: Happening) -> str:
        names = ", ".join(text.isolated(text.shown(name, 80)) for name in entry.names)
        more = entry.count - len(entry.names)
        rest = self.tr("and %Ln more", "", more)
        return f"{names} {rest}" if more > 0 else names

    def _deed(self, deed: Deed) -> str:
        return {
            Deed.ADDED: self.tr("Added to the folder"),
            Deed.PUBLISHED: self.tr("Sent to the cloud"),
            Deed.RECEIVED: self.tr("Shared with you"),
            Deed.SHARED: self.tr("Shared"),
            Deed.UNSHARED: self.tr("No longer shared"),
            Deed.EXTENDED: self.tr("Expiry changed"),
            Deed.RENAMED: self.tr("Renamed"),
            Deed.WITHDRAWN: self.tr("Withdrawn"),
            Deed.FETCHED: self.tr("Downloaded"),
            Deed.DOWNLOADED: self.tr("Downloaded by"),
            Deed.EXPIRED: self.tr("Its time was up"),
            Deed.REVOKED: self.tr("Everything revoked"),
        }[deed]

    def _show(self, entries: list[Happening]) -> None:
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()
        self.on_change()

    def _let_go(self) -> None:
        last = len(self._entries) - 1
        if last >= MOST:
            self.beginRemoveRows(NO_INDEX, MOST, last)
            del self._entries[MOST:]
            self.endRemoveRows()
