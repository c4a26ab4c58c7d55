"""A table of words that is only read: what the models of plain lists have in common."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from mydoctransfer.ui import text
from mydoctransfer.ui.indexes import NO_INDEX, AnyIndex


class WordedTable(QAbstractTableModel):
    """Shows lines of words, for eyes and for screen readers; a tooltip has a cell whole.

    Args:
        titles: what stands above the columns. count: how many lines there are.
        words: what the cell in a line and a column says.
    """

    def __init__(
        self,
        titles: Callable[[], tuple[str, ...]],
        count: Callable[[], int],
        words: Callable[[int, int], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._titles_now = titles
        self._count = count
        self._words_at = words

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else self._count()

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._titles_now())

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a column's title."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return self._titles_now()[section]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell says."""
        if not index.isValid() or index.row() >= self._count():
            return None
        words = self._words_at(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return words
        return text.tip(words) if role == Qt.ItemDataRole.ToolTipRole and words else None
