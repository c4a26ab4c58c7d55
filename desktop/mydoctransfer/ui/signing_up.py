"""Making an account of one's own: who one is, a password, and the code that comes by e-mail."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from mydoctransfer.model.commands import Command, ConfirmSignUp, SendSignUpCode, SignUp
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.passwords import Asking, secret
from mydoctransfer.ui.pieces import button, named


class SigningUp(Asking):
    """Asks for what the account needs, then for the code. Whoever accepts it may sign in."""

    def __init__(
        self,
        bridge: Bridge,
        email: str,
        password: str,
        is_code_sent: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`is_code_sent`: the account is there and waits for its code."""
        super().__init__(bridge, "sign-up", parent)
        self.setWindowTitle(self.tr("Create an account"))
        self.setAccessibleName(self.windowTitle())
        self.command = self._sign_up_or_confirm
        self.email = named(QLineEdit(email), "sign-up-email")
        self.given_name = named(QLineEdit(), "sign-up-given-name")
        self.family_name = named(QLineEdit(), "sign-up-family-name")
        self.password = secret("sign-up-password")
        self.code = named(QLineEdit(), "sign-up-code")
        self.code.setMaxLength(16)
        self.add(self.tr("&Email address"), self.email)
        self._before = [
            self.add(self.tr("&First name"), self.given_name),
            self.given_name,
            self.add(self.tr("&Last name"), self.family_name),
            self.family_name,
            self.add(self.tr("&Password"), self.password),
            self.password,
        ]
        self._after = [self.add(self.tr("C&ode"), self.code), self.code]
        if is_code_sent:
            self.password.setText(password)
        self.again = button(
            self.tr("Send another &code"), "sign-up-again", self._send_again, "link"
        )
        self.body.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeading)
        self._ask(is_code_sent)

    def _ask(self, is_code_sent: bool) -> None:
        self._is_code_sent = is_code_sent
        for widget in self._before:
            widget.setVisible(not is_code_sent)
        for widget in (*self._after, self.again):
            widget.setVisible(is_code_sent)
        self.email.setReadOnly(is_code_sent)
        self.message.silence()
        address = text.isolated(text.shown(self.email.text().strip(), 100))
        sent = self.tr("A code was sent to {address}. Enter it to show that the address is yours.")
        shown = self.tr("Your name and address are shown to the people you share documents with.")
        self.intro.setText(sent.format(address=address) if is_code_sent else shown)
        self.submit.setText(self.tr("Con&firm") if is_code_sent else self.tr("&Create account"))
        first = self.given_name if self.email.text() else self.email
        (self.code if is_code_sent else first).setFocus()

    def _sign_up_or_confirm(self) -> Command:
        email = self.email.text().strip()
        if self._is_code_sent:
            return ConfirmSignUp(email, "".join(self.code.text().split()))
        names = (self.given_name.text().strip(), self.family_name.text().strip())
        return SignUp(email, self.password.text(), *names)

    def _done(self) -> None:
        if self._is_code_sent:
            self.accept()
        else:
            self._ask(True)

    def _send_again(self) -> None:
        self.message.silence()
        self.again.setEnabled(False)
        self._bridge.tell(SendSignUpCode(self.email.text().strip()), self, self._sent_again)

    def _sent_again(self, result: Result) -> None:
        self.again.setEnabled(True)
        if isinstance(result, AppError):
            self._failed(result)
            return
        self.message.say("note", self.tr("Another code was sent."))
        self.code.clear()
        self.code.setFocus()
