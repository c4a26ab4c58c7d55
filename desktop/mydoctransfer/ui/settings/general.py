"""The page of what concerns the application as a whole on this computer."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker

from mydoctransfer.model.errors import AppError
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.pieces import Note, TickBox, explained, named
from mydoctransfer.ui.settings.page import Page, muted


class GeneralSettings(Page):
    """Starting at login, and the entries in the file manager."""

    def __init__(self, bridge: Bridge, message: Note) -> None:
        super().__init__(bridge, message)
        self.at_login = named(
            TickBox(self.tr("&Start MyDoc Transfer when I log in")), "settings-at-login"
        )
        self.at_login.setEnabled(False)  # until it is known
        # Not `clicked`: a screen reader toggles without a click.
        self.at_login.toggled.connect(self._start_at_login)
        words = self.tr("It begins in the tray, without its window.")
        self.in_file_manager = named(
            TickBox(self.tr("Offer “Share with MyDoc Transfer” in the &file manager")),
            "settings-in-file-manager",
        )
        self.in_file_manager.setChecked(bridge.outside.preferences.in_file_manager)
        self.in_file_manager.toggled.connect(self._choose_entries)
        links = self.tr("Links that begin with mydoctransfer:// open here, too, after a question.")
        about = muted(links)
        self._put(explained(self.at_login, words), self.in_file_manager, about)
        # The desktop knows one application: what it offers there is the first account's choice.
        for widget in (self.in_file_manager, about):
            widget.setVisible(bridge.outside.is_first_account)
        bridge.look_at_login_start(self, self._show_login_start)

    def _show_login_start(self, result: bool | AppError) -> None:
        if isinstance(result, AppError):
            self._complain(result)
            return
        self.at_login.setEnabled(True)
        with QSignalBlocker(self.at_login):
            self.at_login.setChecked(result)

    def _start_at_login(self, wanted: bool) -> None:
        self._message.silence()
        self.at_login.setEnabled(False)
        self._bridge.start_at_login(wanted, self, self._show_login_start)

    def _choose_entries(self, wanted: bool) -> None:
        preferences = replace(self._bridge.outside.preferences, in_file_manager=wanted)
        self._bridge.prefer(preferences, self, self._answered)
