"""The tray icon: how things stand by its shape, and a menu.

A tray icon made before the tray's host is there never shows: so it is looked for now and then, and
a new icon is made when one appears.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.ui import theme
from mydoctransfer.ui.footer import status_words

LOOK_MS = 2000


class Tray(QObject):
    """Keeps an icon in the tray for as long as there is a tray.

    Attributes:
        on_open: called when the icon is clicked.
    """

    def __init__(self, menu: QMenu, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_open: Callable[[], None] = lambda: None
        self._menu = menu
        self._status = Status(EngineState.SIGNED_OUT)
        self._name = ""
        self._icon: QSystemTrayIcon | None = None
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self.look)

    def start(self) -> None:
        """Show the icon, now or as soon as there is a tray."""
        self.look()
        self._look.start()

    def stop(self) -> None:
        """Take the icon away."""
        self._look.stop()
        self._let_go()

    @property
    def is_there(self) -> bool:
        """Whether there is an icon somebody can click."""
        return self._icon is not None and QSystemTrayIcon.isSystemTrayAvailable()

    def take_status(self, status: Status) -> None:
        """Show how the engine stands."""
        self._status = status
        self._draw()

    def call(self, name: str) -> None:
        """Say whose icon it is, where several accounts have one; "" for nobody's name."""
        self._name = name
        self._draw()

    def look(self) -> None:
        """See whether the tray came or went."""
        is_available = QSystemTrayIcon.isSystemTrayAvailable()
        if is_available and self._icon is None:
            self._make()
        elif not is_available and self._icon is not None:
            self._let_go()

    def _make(self) -> None:
        self._icon = QSystemTrayIcon(self)
        self._icon.setObjectName("tray-icon")
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._draw()
        self._icon.show()

    def _let_go(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _draw(self) -> None:
        if self._icon is None:
            return
        self._icon.setIcon(state_icon(self._status.state))
        whose = f" - {self._name}" if self._name else ""
        self._icon.setToolTip(f"MyDoc Transfer{whose}\n{status_words(self._status)}")

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        ):
            self.on_open()


def state_icon(state: EngineState) -> QIcon:
    """Return the icon of a state, in the sizes trays use."""
    name = "offline" if state is EngineState.SIGNED_OUT else state.value
    made = QIcon()
    for edge in (16, 22, 24, 32, 48, 64):
        picture = theme.pixmap(f"tray-{name}", edge, 1)
        if picture is not None:
            made.addPixmap(picture)
    return made
