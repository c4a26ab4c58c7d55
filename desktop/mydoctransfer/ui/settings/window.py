"""The settings window: every choice holds at once, and each has a default that needs no visit."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Status
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.pieces import Note, button, named
from mydoctransfer.ui.rules_model import RulesModel
from mydoctransfer.ui.scrolled import Scrolled
from mydoctransfer.ui.settings.account import AccountSettings
from mydoctransfer.ui.settings.advanced import AdvancedSettings
from mydoctransfer.ui.settings.folder import FolderSettings
from mydoctransfer.ui.settings.general import GeneralSettings
from mydoctransfer.ui.settings.network import NetworkSettings
from mydoctransfer.ui.settings.notifications import NotificationsSettings
from mydoctransfer.ui.settings.page import Page


class SettingsWindow(QDialog):
    """Shows what is chosen and takes other choices, a page for each matter."""

    def __init__(self, bridge: Bridge, rules: RulesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings-dialog")
        self.setWindowTitle(self.tr("Settings"))
        self.message = Note("settings-message")
        self.tabs = named(QTabWidget(), "settings-tabs")
        self.tabs.setAccessibleName(self.tr("Settings"))
        self.general = GeneralSettings(bridge, self.message)
        self.account = AccountSettings(bridge, self.message)
        self.folder = FolderSettings(bridge, self.message, rules)
        self.notifications = NotificationsSettings(bridge, self.message)
        self.network = NetworkSettings(bridge, self.message)
        self.advanced = AdvancedSettings(bridge, self.message, self.accept)
        for page, title in self._pages():
            self.tabs.addTab(Scrolled(page), title)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(button(self.tr("&Close"), "settings-close", self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addWidget(self.tabs)
        layout.addWidget(self.message)
        layout.addLayout(last)
        self.resize(self.sizeHint().expandedTo(QSize(660, 400)))

    def complain(self, error: AppError) -> None:
        """Say what did not work."""
        self.message.say("error", error.message, error.title)

    def tell_late_errors(self, to: Callable[[AppError], None]) -> None:
        """Have `to` called with what goes wrong after the window was closed."""
        for page, _ in self._pages():
            page.on_late = to

    def take_status(self, status: Status) -> None:
        """Show account and folder as they are now."""
        self.account.take_status(status)
        self.folder.take_status(status)

    def show_folder(self) -> None:
        """Go to the page of the folder and its rules."""
        self.tabs.setCurrentIndex(2)

    def _pages(self) -> tuple[tuple[Page, str], ...]:
        return (
            (self.general, self.tr("General")),
            (self.account, self.tr("Account")),
            (self.folder, self.tr("Folder and rules")),
            (self.notifications, self.tr("Notifications")),
            (self.network, self.tr("Network")),
            (self.advanced, self.tr("Advanced")),
        )
