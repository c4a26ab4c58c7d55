"""The last page of the first run: where the icon is, and what happens when the window is closed."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.greeting import greeting
from mydoctransfer.ui.pieces import Note, button, label
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.set_up_card import SetUpCard
from mydoctransfer.ui.tray import Tray, state_icon

ICON = 32  # pixels


class DonePage(SetUpCard):
    """Says that all is set, and how to find the application again.

    Attributes:
        on_done: called when somebody has read it.
    """

    WIDTH = 520

    def __init__(self, bridge: Bridge, tray: Tray, parent: QWidget | None = None) -> None:
        super().__init__("done", 5, parent)
        self._bridge = bridge
        self._tray = tray
        self._folder = ""
        self.on_done: Callable[[], None] = _nothing
        self.where = label(name="done-tray")
        self._icon = QLabel()
        self._icon.setFixedSize(ICON, ICON)
        pointed = QHBoxLayout()
        pointed.setSpacing(12)
        pointed.addWidget(self._icon)
        pointed.addWidget(self.where, 1)
        self.body.addLayout(pointed)
        self.message = Note("done-message")
        self.body.addWidget(self.message)
        self.open = button(
            self.tr("Open &folder"), "done-open-folder", lambda: open_path(self._folder)
        )
        self.close_page = button(
            self.tr("&Show my documents"), "done-close", lambda: self.on_done(), "primary"
        )
        self.end_with(self.close_page, self.open)

    def prepare(self, status: Status) -> None:
        """Greet who has just begun, and point at the icon if there is one."""
        assert status.account is not None and status.folder is not None
        self._folder = status.folder
        self.title.setText(greeting(status.account.person, self._bridge.outside.now_ms()))
        self.intro.setText(
            self.tr("All is set. Whatever you save in {folder} is sent from now on.").format(
                folder=text.isolated(text.shown(status.folder, 80))
            )
        )
        self.look_at_tray()

    def look_at_tray(self) -> None:
        """Say how the application is found again: a tray may come later, or go."""
        is_there = self._tray.is_there
        self._icon.setVisible(is_there)
        self._icon.setPixmap(state_icon(EngineState.IDLE).pixmap(ICON, ICON))
        self.where.setText(
            self.tr(
                "This icon is in your tray now. Its shape says how things stand, and a click on "
                "it opens this window. Closing the window does not end the application."
            )
            if is_there
            else self.tr(
                "There is no tray on this desktop, so closing the window minimises it. To end "
                "the application, choose Quit in the menu."
            )
        )

    def take_focus(self) -> None:
        """Put the focus on going on."""
        self.close_page.setFocus()

    def complain(self, error: AppError) -> None:
        """Say what else could not be done; the folder is watched all the same."""
        self.message.say("warning", error.message, error.title)


def _nothing() -> None:
    """Nobody waits."""
