"""Gives the lines of a table the room that their words need, so that they are read whole.

Measured here: `sizeHintForRow` leaves out what the style sheet keeps free, and is a line short.
"""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtWidgets import QTableView

MOST = 200  # lines that are measured: where more is in trouble, tooltips have the words
_BESIDE = 40  # what the style sheet and the style keep free at both sides of the words
_ABOVE_AND_BELOW = 10


class WholeLines(QObject):
    """Watches a table: its lines are measured when they, the columns or the letters change."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._soon = QTimer(self)  # many changes in one turn are one
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._measure)
        model = table.model()
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.dataChanged):
            changed.connect(self._soon.start)
        table.horizontalHeader().sectionResized.connect(self._soon.start)
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure anew with other letters."""
        if event.type() is QEvent.Type.FontChange:
            self._soon.start()
        return False

    def _measure(self) -> None:
        table, model = self._table, self._table.model()
        least = table.verticalHeader().defaultSectionSize()
        for line in range(min(model.rowCount(), MOST)):
            cells = range(model.columnCount())
            highest = max(self._height(line, column) for column in cells)
            table.setRowHeight(line, max(least, highest + _ABOVE_AND_BELOW))

    def _height(self, line: int, column: int) -> int:
        words = str(self._table.model().index(line, column).data() or "")
        room = QRect(0, 0, max(1, self._table.columnWidth(column) - _BESIDE), 10_000)
        return (
            self._table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()
        )
