"""What is in trouble, and what can be done about it."""

from PySide6.QtCore import QObject

from mydoctransfer.model.events import ItemState, Row
from mydoctransfer.ui import text
from mydoctransfer.ui.arranging import NEEDS_ATTENTION
from mydoctransfer.ui.choices import is_trouble
from mydoctransfer.ui.picked_rows import PickedRows
from mydoctransfer.ui.said import said
from mydoctransfer.ui.turns import Shift


class ProblemsModel(PickedRows):
    """The problems table."""

    def __init__(self, shift: Shift, parent: QObject | None = None) -> None:
        super().__init__(is_trouble, self._titles, self._cell, shift, parent)

    def attention(self) -> int:
        """Return how many want somebody's attention: what is skipped may stay so."""
        return sum(row.state in NEEDS_ATTENTION for row in self._rows.values())

    def _titles(self) -> tuple[str, ...]:
        return self.tr("Document"), self.tr("What is wrong"), self.tr("What helps")

    def _cell(self, row: Row, column: int) -> str:
        match column:
            case 0:
                return text.shown(row.path or row.name)
            case 1:
                return text.shown(said(row.message)) if row.message else self._plain(row)
            case _:
                return self._remedy(row)

    def _plain(self, row: Row) -> str:
        if row.state is ItemState.CONFLICT:
            return self.tr("Two versions, both kept")
        return self.tr("Not sent")

    def _remedy(self, row: Row) -> str:
        match row.state:
            case ItemState.PROBLEM:
                return self.tr("It is tried again by itself. Mend the cause, then try again now.")
            case ItemState.CONFLICT:
                return self.tr("Compare the two, and delete the one you do not want.")
            case _ if row.is_from_before:
                return self.tr("To send it anyway, choose “Send again” among the documents.")
            case _:
                return self.tr("Only files are sent. Put a copy in its place to send it.")
