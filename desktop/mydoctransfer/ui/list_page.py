"""A page with a head line, buttons and a table: transfers, activity and problems are such pages."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QLocale, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.ui import text
from mydoctransfer.ui.empty_hint import EmptyHint
from mydoctransfer.ui.pieces import label


class _Isolating(QStyledItemDelegate):
    """Keeps a text's direction its own affair."""

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        """Return what is drawn."""
        return text.isolated(str(value))


class ListTable(QTableView):
    """Whole rows are chosen; what an empty one says stands in its middle.

    `wide`: the column that takes the room that is left; `widths`: of the others, in ems. Where that
    would leave too little (`least` ems), in a narrow window or with large letters, they give way
    all alike.
    """

    def __init__(
        self,
        model: QAbstractItemModel,
        name: str,
        title: str,
        widths: dict[int, int],
        wide: int,
        least: int = 12,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("role", "list")
        self.setModel(model)
        self.setItemDelegate(_Isolating(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self._widths = widths
        self._least = least
        self._share = 0.0
        self._follow_letters()
        columns.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        self.empty = EmptyHint(self.viewport())

    def chosen(self) -> list[int]:
        """Return the lines that are selected, from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def changeEvent(self, event: QEvent) -> None:
        """Keep up with the letters' size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._follow_letters()
            self._share_out_width()

    def _follow_letters(self) -> None:
        self.verticalHeader().setDefaultSectionSize(2 * self.fontMetrics().lineSpacing() + 10)
        self._share = 0.0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint in the middle, and room for the wide column."""
        super().resizeEvent(event)
        self.empty.setGeometry(self.viewport().rect())
        self._share_out_width()

    def _share_out_width(self) -> None:
        """Give the columns their widths. Those that somebody drew stay while there is room."""
        em = self.fontMetrics().horizontalAdvance("m")
        room = self.viewport().width() - self._least * em
        share = max(0.0, min(1.0, room / (em * sum(self._widths.values()))))
        if share == self._share:
            return
        self._share = share
        for column, ems in self._widths.items():
            self.setColumnWidth(column, round(em * ems * share))

    def hint(self, icon: str, head: str, body: str) -> None:
        """Say this while there is nothing in the table."""
        is_empty = self.model().rowCount() == 0
        self.empty.setVisible(is_empty)
        self.empty.say(icon, head, body)
        self.setAccessibleDescription(f"{head}. {body}" if is_empty else "")


class ListPage(QWidget):
    """Puts a table under its title and buttons."""

    def __init__(self, title: str, table: ListTable, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self.table = table
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 16, 8)
        head.setSpacing(8)
        heading = label(title, "heading")
        heading.setWordWrap(False)
        head.addWidget(heading)
        head.addStretch(1)
        for made in buttons:
            head.addWidget(made)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(table, 1)
