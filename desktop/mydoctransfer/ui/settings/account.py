"""The page of the person who is signed in: password, second factor, signing out."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from mydoctransfer.model.commands import EndSecondFactor, LookAtSecondFactor
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Status
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.passwords import AnotherPassword
from mydoctransfer.ui.pieces import Note, button, label
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.second_factor import SecondFactor
from mydoctransfer.ui.settings.page import Page, line, muted


class AccountSettings(Page):
    """Says who is signed in, and what they can do about it.

    Attributes:
        on_sign_out, on_sign_out_everywhere, on_remove: called when that was chosen.
    """

    def __init__(self, bridge: Bridge, message: Note) -> None:
        super().__init__(bridge, message)
        self.on_sign_out: Callable[[], None] = lambda: None
        self.on_sign_out_everywhere: Callable[[], None] = lambda: None
        self.on_remove: Callable[[], None] = lambda: None
        self._has_second_factor = False
        self._asked_about = ""
        self.who = label(name="settings-who")
        self.sign_out = button(
            self.tr("Sign &out here"), "settings-sign-out", lambda: self.on_sign_out()
        )
        self.sign_out_everywhere = button(
            self.tr("Sign out &everywhere…"),
            "settings-sign-out-everywhere",
            lambda: self.on_sign_out_everywhere(),
            "danger",
        )
        self.remove = button(
            self.tr("&Remove this account…"),
            "settings-remove-account",
            lambda: self.on_remove(),
            "danger",
        )
        self.change_password = button(
            self.tr("Change &password…"), "settings-change-password", self._change_password
        )
        self.second_factor = button(
            self.tr("Set up a second &factor…"), "settings-second-factor", self._second_factor_asked
        )
        self.second_factor.setEnabled(False)  # until it is known whether there is one
        self.setup_link = button(
            self.tr("Copy set-up &link"), "settings-setup-link", self._copy_setup_link
        )
        self.setup_link.setEnabled(bool(bridge.outside.setup_link))
        words = self.tr(
            "The link connects another computer to the same cloud. There is no password in it."
        )
        self._put(
            self.who,
            line(self.change_password, self.second_factor),
            line(self.sign_out, self.sign_out_everywhere),
            line(self.setup_link),
            muted(words),
            line(self.remove),
        )

    def take_status(self, status: Status) -> None:
        """Show the account as it is now."""
        account = status.account
        for widget in (self.change_password, self.sign_out, self.sign_out_everywhere):
            widget.setEnabled(account is not None)
        self._look_at_second_factor(account.sub if account is not None else "")
        self.who.setText(
            self.tr("Nobody is signed in.")
            if account is None
            else self.tr("You are signed in as {name}.").format(
                name=text.isolated(text.described(account.person))
            )
        )

    def _change_password(self) -> None:
        self._message.silence()
        dialog = AnotherPassword(self._bridge, self)
        dialog.accepted.connect(
            lambda: self._message.say("note", self.tr("Your password was changed."))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _copy_setup_link(self) -> None:
        QGuiApplication.clipboard().setText(self._bridge.outside.setup_link)
        self._message.say("note", self.tr("Copied. Send it to whoever is to use this cloud."))

    # The second factor

    def _look_at_second_factor(self, sub: str) -> None:
        if sub != self._asked_about:
            self._asked_about = sub
            self.second_factor.setEnabled(False)
            if sub:
                self._bridge.tell(LookAtSecondFactor(), self, self._show_second_factor)

    def _show_second_factor(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._asked_about = ""  # it is asked again with the next change of state
            return
        self._has_second_factor = bool(result.get("is_on"))
        self.second_factor.setEnabled(True)
        self.second_factor.setText(
            self.tr("Turn off the second &factor…")
            if self._has_second_factor
            else self.tr("Set up a second &factor…")
        )

    def _second_factor_asked(self) -> None:
        self._message.silence()
        if self._has_second_factor:
            self._ask_to_end_second_factor()
            return
        dialog = SecondFactor(self._bridge, self)
        dialog.accepted.connect(self._has_turned_on)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_to_end_second_factor(self) -> None:
        Question(
            "end-second-factor",
            self.tr("Turn off the second factor?"),
            self.tr("From then on your password alone is enough to sign in."),
            self.tr("&Turn off"),
            lambda: self._bridge.tell(EndSecondFactor(), self, self._has_turned_off),
            self,
        ).open()

    def _has_turned_on(self) -> None:
        self._show_second_factor({"is_on": True})
        self._message.say("note", self.tr("From now on signing in asks for a code."))

    def _has_turned_off(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
            return
        self._show_second_factor({"is_on": False})
        self._message.say("note", self.tr("Signing in asks for no code any more."))
