"""What is on its way, and what can be done about it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mydoctransfer.model.commands import LookNow, Pause, Resume
from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.ui.bridge import Bridge, Then
from mydoctransfer.ui.list_page import ListPage, ListTable
from mydoctransfer.ui.pieces import button
from mydoctransfer.ui.transfers_model import TransfersModel


class TransfersPage(QWidget):
    """Shows the transfers; everything can be paused, and what waits can be tried at once."""

    def __init__(self, bridge: Bridge, model: TransfersModel, complain: Then) -> None:
        super().__init__()
        self._bridge = bridge
        self._complain = complain
        self._is_paused = False
        self.pause = button("", "transfers-pause", self._pause_or_resume)
        self.retry = button(
            self.tr("&Try again now"), "transfers-retry", self._try_again, "", "send-again"
        )
        widths = {1: 14, 2: 10, 3: 9, 4: 22}
        self.table = ListTable(model, "transfers-table", self.tr("Transfers"), widths, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ListPage(self.tr("Transfers"), self.table, (self.retry, self.pause)))
        self.take_status(Status(EngineState.SIGNED_OUT))

    def take_status(self, status: Status) -> None:
        """Show how the engine stands."""
        self._is_paused = status.state is EngineState.PAUSED
        self.pause.setText(self.tr("&Resume") if self._is_paused else self.tr("&Pause"))
        self.pause.setEnabled(status.account is not None)
        self.refresh()

    def refresh(self) -> None:
        """Bring what depends on the rows up to date."""
        self.retry.setEnabled(self.table.model().rowCount() > 0 and not self._is_paused)
        self.table.hint(
            "check",
            self.tr("Nothing is on its way"),
            self.tr("What you save in your folder appears here until it is in the cloud."),
        )

    def _pause_or_resume(self) -> None:
        self._bridge.tell(Resume() if self._is_paused else Pause(), self, self._complain)

    def _try_again(self) -> None:
        self._bridge.tell(LookNow(), self, self._complain)
