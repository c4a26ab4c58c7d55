"""What is on its way, and what can be done about it: with everything, or with the chosen files."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from mydoctransfer.model.commands import (
    CancelFiles,
    CancelGet,
    Command,
    LookNow,
    Pause,
    PauseFiles,
    Resume,
    ResumeFiles,
)
from mydoctransfer.model.events import EngineState, Halt, Row, Status
from mydoctransfer.ui import theme
from mydoctransfer.ui.bridge import Bridge, Then
from mydoctransfer.ui.list_page import ListPage, ListTable
from mydoctransfer.ui.pieces import button
from mydoctransfer.ui.transfers_model import TransfersModel, is_download


class TransfersPage(QWidget):
    """Shows the transfers; each can be paused, resumed and cancelled, and all of them together.

    Attributes:
        actions_by_id: what can be done with the chosen files; the same for buttons, keys and menu.
    """

    def __init__(self, bridge: Bridge, model: TransfersModel, complain: Then) -> None:
        super().__init__()
        self._bridge = bridge
        self._complain = complain
        self._model = model
        self._is_paused = False
        self._is_to_pause = True  # what the button for the chosen files is for
        widths = {1: 14, 2: 10, 3: 11, 4: 22}
        self.table = ListTable(model, "transfers-table", self.tr("Transfers"), widths, 0)
        self.actions_by_id: dict[str, QAction] = {}
        one = self._action("transfers-pause-one", self._pause_one, "Ctrl+P")
        cancel = self._action("transfers-cancel", self._cancel, "Del")
        retry = self._action("transfers-retry", self._try_again, "Ctrl+R")
        retry.setText(self.tr("&Try again now"))
        cancel.setText(self.tr("&Cancel"))
        self._one, self._cancel_action, self._retry = one, cancel, retry
        self.pause_one, self.cancel, self.retry = map(self._button, (one, cancel, retry))
        self.pause = button("", "transfers-pause", self._pause_or_resume)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.selectionModel().selectionChanged.connect(lambda new, old: self.refresh())
        buttons = (self.pause_one, self.cancel, self.retry, self.pause)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ListPage(self.tr("Transfers"), self.table, buttons))
        self.take_status(Status(EngineState.SIGNED_OUT))
        theme.on_change(self, self._draw_icons)

    def take_status(self, status: Status) -> None:
        """Show how the engine stands."""
        self._is_paused = status.state is EngineState.PAUSED
        self.pause.setText(self.tr("Resume &all") if self._is_paused else self.tr("Pause &all"))
        self.pause.setEnabled(status.account is not None)
        self.refresh()

    def refresh(self) -> None:
        """Bring what depends on the rows up to date."""
        chosen = self._chosen()
        self._is_to_pause = not chosen or any(row.halt is None for row in chosen)
        self._one.setText(self.tr("&Pause") if self._is_to_pause else self.tr("&Resume"))
        self._one.setEnabled(bool(chosen))
        self._draw_icons()
        can_cancel = any(row.halt is not Halt.CANCELLED for row in chosen)
        self._cancel_action.setEnabled(can_cancel or bool(self._downloads()))
        self._retry.setEnabled(self._model.rowCount() > 0 and not self._is_paused)
        self.table.hint(
            "check",
            self.tr("Nothing is on its way"),
            self.tr(
                "Drop files onto the window or save them in your folder: you can follow them here "
                "until they are in the cloud."
            ),
        )

    def menu(self) -> QMenu:
        """Return what the chosen files offer."""
        made = QMenu(self)
        made.setObjectName("transfers-menu")
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.addActions(list(self.actions_by_id.values()))
        return made

    def _action(self, name: str, does: Callable[[], None], key: str) -> QAction:
        made = QAction(self)
        made.setObjectName(f"{name}-action")
        made.setShortcut(QKeySequence(key))
        made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        made.triggered.connect(lambda checked=False: does())
        self.table.addAction(made)
        self.actions_by_id[name] = made
        return made

    def _button(self, action: QAction) -> QPushButton:
        made = button(action.text(), self._name_of(action), action.trigger)

        def follow() -> None:
            made.setText(action.text())
            made.setIcon(action.icon())
            made.setEnabled(action.isEnabled())
            plain, keys = action.text().replace("&", ""), action.shortcut()
            shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
            made.setToolTip(f"{plain} ({shown})")

        action.changed.connect(follow)
        follow()
        return made

    def _draw_icons(self) -> None:
        icons = ("pause" if self._is_to_pause else "resume", "close", "send-again")
        colour = theme.current().text
        for action, icon in zip(self.actions_by_id.values(), icons, strict=True):
            action.setIcon(theme.icon(icon, colour))

    def _name_of(self, action: QAction) -> str:
        return next(name for name, known in self.actions_by_id.items() if known is action)

    def _chosen(self) -> list[Row]:
        """Return the chosen files that go up, or would."""
        rows = (self._model.row_at(line) for line in self.table.chosen())
        return [
            row for row in rows if row.goes_up and row.path is not None and not is_download(row)
        ]

    def _paths(self) -> tuple[str, ...]:
        return tuple(row.path for row in self._chosen() if row.path is not None)

    def _pause_one(self) -> None:
        paths = self._paths()
        self._tell(PauseFiles(paths) if self._is_to_pause else ResumeFiles(paths))

    def _downloads(self) -> list[Row]:
        rows = (self._model.row_at(line) for line in self.table.chosen())
        return [row for row in rows if is_download(row)]

    def _cancel(self) -> None:
        for row in self._downloads():
            self._tell(CancelGet(row.share_id or ""))
        if paths := self._paths():
            self._tell(CancelFiles(paths))

    def _try_again(self) -> None:
        """Try the chosen files again, or everything where none is chosen."""
        paths = self._paths()
        self._tell(ResumeFiles(paths) if paths else LookNow())

    def _pause_or_resume(self) -> None:
        self._tell(Resume() if self._is_paused else Pause())

    def _tell(self, command: Command) -> None:
        self._bridge.tell(command, self, self._complain)

    def _show_menu(self, at: QPoint) -> None:
        self.menu().popup(self.table.viewport().mapToGlobal(at))
