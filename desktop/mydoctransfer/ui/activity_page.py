"""What happened, and how to undo it where that is possible."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mydoctransfer.ui.activity_model import ActivityModel
from mydoctransfer.ui.bridge import Bridge, Then
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.list_page import ListPage, ListTable
from mydoctransfer.ui.pieces import button
from mydoctransfer.ui.undoing import Undo, Undoing, Withdrawal, undoing, withdrawal


class ActivityPage(QWidget):
    """Shows the activity."""

    def __init__(
        self,
        bridge: Bridge,
        model: ActivityModel,
        documents: DocumentsModel,
        now_ms: Callable[[], int],
        complain: Then,
        withdraw: Callable[[Withdrawal], None],
    ) -> None:
        """`withdraw` asks first, and then withdraws documents."""
        super().__init__()
        self._bridge = bridge
        self._model = model
        self._documents = documents
        self._now_ms = now_ms
        self._complain = complain
        self._withdraw = withdraw
        self.undo = button("", "activity-undo", self._undo, "", "send-again")
        widths = {0: 12, 1: 16, 3: 20}
        self.table = ListTable(model, "activity-table", self.tr("Activity"), widths, 2)
        self.table.selectionModel().selectionChanged.connect(lambda new, old: self.refresh())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ListPage(self.tr("Activity"), self.table, (self.undo,)))
        self.refresh()

    def refresh(self) -> None:
        """Offer to undo what is chosen, where that is possible now."""
        how = self._undoing()
        self.undo.setEnabled(how is not None)
        self.undo.setText(self._words(how))
        self.table.hint(
            "clock",
            self.tr("Nothing has happened yet"),
            self.tr(
                "Add or share a document: what you and others do is listed here, and much of it "
                "can be undone."
            ),
        )

    def _undoing(self) -> Undoing | Withdrawal | None:
        chosen = self.table.chosen()
        if len(chosen) != 1:
            return None
        entry = self._model.entry_at(chosen[0])
        if entry.paths:
            return withdrawal(entry, self._documents.row)
        row = self._documents.with_share_id(entry.share_id) if entry.share_id else None
        return undoing(entry, row, self._now_ms())

    def _words(self, how: Undoing | Withdrawal | None) -> str:
        if how is None:
            return self.tr("&Undo")
        if isinstance(how, Withdrawal):
            return self.tr("&Withdraw…")
        return {
            Undo.TAKE_BACK: self.tr("&Take back"),
            Undo.SHARE_AGAIN: self.tr("Share &again"),
            Undo.EXTEND_BACK: self.tr("&Extend back"),
            Undo.SEND_AGAIN: self.tr("&Send again"),
        }[how.kind]

    def _undo(self) -> None:
        how = self._undoing()
        if isinstance(how, Withdrawal):
            self._withdraw(how)
        elif how is not None:
            self._bridge.tell(how.command, self, self._complain)
