"""What is in trouble, each with what helps, and a button where there is one."""

import os

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mydoctransfer.model.commands import LookNow
from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.ui.bridge import Bridge, Then
from mydoctransfer.ui.footer import status_words
from mydoctransfer.ui.list_page import ListPage, ListTable
from mydoctransfer.ui.pieces import button
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.problems_model import ProblemsModel
from mydoctransfer.ui.whole_lines import WholeLines


class ProblemsPage(QWidget):
    """Shows the problems."""

    def __init__(self, bridge: Bridge, model: ProblemsModel, complain: Then) -> None:
        super().__init__()
        self._bridge = bridge
        self._complain = complain
        self._model = model
        self._status = Status(EngineState.SIGNED_OUT)
        self.show_file = button(
            self.tr("Show in &folder"), "problems-show", self._show, "", "folder"
        )
        self.retry = button(
            self.tr("&Try again now"), "problems-retry", self._try_again, "primary", "send-again"
        )
        self.table = ListTable(model, "problems-table", self.tr("Problems"), {0: 20, 2: 26}, 1, 24)
        WholeLines(self.table)
        self.table.selectionModel().selectionChanged.connect(lambda new, old: self.refresh())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ListPage(self.tr("Problems"), self.table, (self.show_file, self.retry)))
        self.refresh()

    def take_status(self, status: Status) -> None:
        """Know where the folder lies, and what concerns no single document."""
        self._status = status
        self.refresh()

    def show_document(self, key: str) -> None:
        """Go to what is wrong with a document; the keyboard goes along."""
        line = self._model.line_of(key)
        if line is not None:
            self.table.selectRow(line)
            self.table.scrollTo(self._model.index(line, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Bring what depends on the rows up to date."""
        chosen = self.table.chosen()
        self.show_file.setEnabled(len(chosen) == 1 and bool(self._model.row_at(chosen[0]).path))
        self.retry.setEnabled(self._model.rowCount() > 0)
        if self._status.state in (EngineState.OFFLINE, EngineState.PROBLEM):
            head = self.tr("No document has a problem of its own")
            self.table.hint("warning", head, status_words(self._status))
        else:
            words = self.tr(
                "Everything is in order. What needs you would stand here, with what helps."
            )
            self.table.hint("check", self.tr("No problems"), words)

    def _show(self) -> None:
        (line,) = self.table.chosen()
        path = os.path.join(self._status.folder or "", self._model.row_at(line).path or "")
        open_path(os.path.dirname(path))

    def _try_again(self) -> None:
        self._bridge.tell(LookNow(), self, self._complain)
