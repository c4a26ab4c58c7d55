"""The first page: which cloud. Another account's, or by its file, the file's text or a link."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.file_dialogs import show
from mydoctransfer.ui.known_clouds import KnownClouds
from mydoctransfer.ui.pieces import Note, button, give_role, label
from mydoctransfer.ui.set_up_card import SetUpCard


class ConnectPage(SetUpCard):
    """Asks for the connection file. `on_connected` is called when there is one."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("connect", 1, parent)
        self.title.setText(self.tr("Welcome"))
        self.intro.setText(
            self.tr(
                "MyDoc Transfer sends documents through your organisation's own cloud, and they "
                "are gone from there when their time is up."
            )
        )
        self._bridge = bridge
        self.on_connected: Callable[[], None] = _nothing
        self.how = label(name="connect-how")
        self.body.addWidget(self.how)
        self.message = Note("connect-message")
        self.body.addWidget(self.message)
        self.known = KnownClouds(self._connect_like)
        self.open_file = button(
            self.tr("&Open connection file…"), "connect-file-button", self._choose, "primary"
        )
        self.paste = button(self.tr("&Paste text or link"), "connect-paste-button", self._paste)
        self.paste.setShortcut(QKeySequence.StandardKey.Paste)
        self.keep = button(
            self.tr("&Keep the present cloud"), "connect-keep-button", lambda: self.on_connected()
        )
        self.end_with(self.known, self.open_file, self.paste, self.keep)
        self._offer(())

    def prepare(self) -> None:
        """Offer the clouds there are: the present one, to who came back, and other accounts'."""
        self.message.silence()
        self.keep.setVisible(self._bridge.outside.has_connection)
        self._bridge.look_at_accounts(self, self._offer)

    def connect_to(self, path: str) -> None:
        """Use this connection file (chosen, or dropped on the page)."""
        self._be_busy(True)
        self._bridge.connect_file(path, self, self._answered)

    def connect_by(self, text: str) -> None:
        """Use the text of a connection file, or a set-up link."""
        self._be_busy(True)
        self._bridge.connect_text(text, self, self._answered)

    def take_focus(self) -> None:
        """Put the focus on the one thing to do."""
        self._first().setFocus()

    def _first(self) -> QPushButton:
        return self.known.buttons[0] if self.known.buttons else self.open_file

    def _offer(self, accounts: tuple[KnownAccount, ...] | AppError) -> None:
        """Offer other accounts' clouds first; where nobody can be looked at, the file will do."""
        # Not `hasFocus`: it says no as long as the window is not the active one.
        had_focus = self.window().focusWidget() is self._first()
        self.known.offer(() if isinstance(accounts, AppError) else accounts)
        give_role(self.open_file, "" if self.known.buttons else "primary")
        self.how.setText(self._how())
        if had_focus:
            self._first().setFocus()

    def _how(self) -> str:
        if self.known.buttons:
            return self.tr(
                "Your new account may be in a cloud that you use already, or in another one. For "
                "another one, open its connection file, or copy the file's text or a set-up link "
                "and paste it."
            )
        return self.tr(
            "To begin, open the connection file you were given. It is usually called "
            "connection.json. Or copy its text or a set-up link, as it came in a message, "
            "and paste it."
        )

    def _connect_like(self, key: str) -> None:
        self._be_busy(True)
        self._bridge.connect_like(key, self, self._answered)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Open connection file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Connection files") + " (*.json)", self.tr("All files") + " (*)"]
        )
        show(dialog, "connect-file-dialog", self.connect_to)

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text().strip()
        if not text:
            self.message.say(
                "warning",
                self.tr(
                    "There is no text to paste. Copy the link or the connection file's text first."
                ),
            )
            return
        self.connect_by(text)

    def _be_busy(self, is_busy: bool) -> None:
        if is_busy:
            self.message.silence()
        for each in (self.known, self.open_file, self.paste, self.keep):
            each.setEnabled(not is_busy)

    def _answered(self, result: Result) -> None:
        self._be_busy(False)
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
            self._first().setFocus()
            return
        self.on_connected()


def _nothing() -> None:
    """Nobody waits."""
