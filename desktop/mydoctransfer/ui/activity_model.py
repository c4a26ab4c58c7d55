"""What happened, newest first, in words."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from mydoctransfer.model.events import Deed, Happened, Happening
from mydoctransfer.ui import text
from mydoctransfer.ui.documents_model import NO_INDEX, AnyIndex

MOST = 200


class ActivityColumn(IntEnum):
    """The columns, as they stand."""

    TIME = 0
    DEED = 1
    DOCUMENTS = 2
    PEOPLE = 3


class ActivityModel(QAbstractTableModel):
    """The activity table."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
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

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return how many things are told."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(ActivityColumn)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a column's title."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return (
            self.tr("Time"),
            self.tr("What happened"),
            self.tr("Documents"),
            self.tr("People"),
        )[section]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell, for eyes and for screen readers; the tooltip has it whole."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        words = self._words(self._entries[index.row()], ActivityColumn(index.column()))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return words
        return text.tip(words) if role == Qt.ItemDataRole.ToolTipRole and words else None

    def _words(self, entry: Happening, column: ActivityColumn) -> str:
        match column:
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
        return f"{names} {self.tr('and %n more', '', more)}" if more > 0 else names

    def _deed(self, deed: Deed) -> str:
        return {
            Deed.PUBLISHED: self.tr("Sent to the cloud"),
            Deed.RECEIVED: self.tr("Shared with you"),
            Deed.SHARED: self.tr("Shared"),
            Deed.UNSHARED: self.tr("No longer shared"),
            Deed.EXTENDED: self.tr("Stays longer"),
            Deed.RENAMED: self.tr("Renamed"),
            Deed.WITHDRAWN: self.tr("Withdrawn"),
            Deed.FETCHED: self.tr("Downloaded"),
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
