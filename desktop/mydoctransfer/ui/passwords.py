"""Passwords: a new one for somebody who forgot theirs, and another one for somebody signed in.

What is typed stays in its fields until the answer is there, and goes with the dialog.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mydoctransfer.model.commands import ChangePassword, Command, ForgotPassword, ResetPassword
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.pieces import Note, button, label, named
from mydoctransfer.ui.scrolled import Scrolled


def secret(name: str) -> QLineEdit:
    """Return a field that does not show what is typed."""
    field = named(QLineEdit(), name)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


class Asking(QDialog):
    """Asks for a few things, sends them off, and says beside them what was wrong.

    Attributes:
        command: makes of the fields what is sent off; set by whoever adds the fields.
    """

    command: Callable[[], Command]

    def __init__(self, bridge: Bridge, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._bridge = bridge
        self.intro = label(name=f"{name}-intro")
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self.message = Note(f"{name}-message")
        self.submit = button("", f"{name}-submit", self._submit, "primary")
        self.submit.setDefault(True)
        self.last = QHBoxLayout()
        self.last.addStretch(1)
        self.last.addWidget(button(self.tr("&Cancel"), f"{name}-cancel", self.reject))
        self.last.addWidget(self.submit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(self.intro)
        inside.addLayout(self.body)
        inside.addWidget(self.message)
        inside.addStretch(1)
        layout.addWidget(Scrolled(content), 1)
        layout.addLayout(self.last)
        layout.addStrut(392)

    def add(self, caption: str, field: QLineEdit) -> QLabel:
        """Put a field under its caption."""
        above = label(caption, "field")
        above.setBuddy(field)
        field.setAccessibleName(caption.replace("&", ""))
        self.body.addWidget(above)
        self.body.addWidget(field)
        return above

    def _fields(self) -> list[QLineEdit]:
        return [field for field in self.findChildren(QLineEdit) if field.isVisibleTo(self)]

    def _submit(self) -> None:
        empty = next((field for field in self._fields() if not field.text()), None)
        if empty is not None:
            self.message.say("warning", self.tr("Please fill in every field."))
            empty.setFocus()
            return
        self.message.silence()
        self.submit.setEnabled(False)
        self._bridge.tell(self.command(), self, self._answered)

    def _answered(self, result: Result) -> None:
        self.submit.setEnabled(True)
        if isinstance(result, AppError):
            self._failed(result)
        else:
            self._done()

    def _failed(self, error: AppError) -> None:
        self.message.say("error", error.message, error.title)

    def _done(self) -> None:
        self.accept()


class ForgottenPassword(Asking):
    """Has a code sent, then takes it with the new password."""

    def __init__(
        self, bridge: Bridge, email: str, is_code_sent: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(bridge, "forgotten-password", parent)
        self.setWindowTitle(self.tr("Choose a new password"))
        self.command = self._code_or_reset
        self.email = named(QLineEdit(email), "forgotten-email")
        self.code = named(QLineEdit(), "forgotten-code")
        self.code.setMaxLength(16)
        self.new_password = secret("forgotten-new-password")
        self.add(self.tr("&Email address"), self.email)
        self._later = [
            self.add(self.tr("C&ode"), self.code),
            self.code,
            self.add(self.tr("&New password"), self.new_password),
            self.new_password,
        ]
        self.again = button(
            self.tr("Send another &code"), "forgotten-again", lambda: self._ask(False), "quiet"
        )
        self.last.insertWidget(0, self.again)
        self._ask(is_code_sent)

    def _ask(self, is_code_sent: bool) -> None:
        self._is_code_sent = is_code_sent
        for widget in (*self._later, self.again):
            widget.setVisible(is_code_sent)
        self.email.setReadOnly(is_code_sent)
        self.message.silence()
        self.intro.setText(
            self.tr("If there is an account for this address, a code was sent to it.")
            if is_code_sent
            else self.tr("A code is sent to your address. With it you choose a new password.")
        )
        self.submit.setText(
            self.tr("&Set password") if is_code_sent else self.tr("&Send me a code")
        )
        (self.code if is_code_sent else self.email).setFocus()

    def _code_or_reset(self) -> Command:
        email = self.email.text().strip()
        if not self._is_code_sent:
            return ForgotPassword(email)
        return ResetPassword(email, self.code.text().strip(), self.new_password.text())

    def _done(self) -> None:
        if self._is_code_sent:
            self.accept()
        else:
            self._ask(True)


class AnotherPassword(Asking):
    """Replaces the password of whoever is signed in."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, "another-password", parent)
        self.setWindowTitle(self.tr("Change password"))
        self.command = self._change
        self.intro.setText(self.tr("Your devices stay signed in."))
        self.password = secret("another-password-present")
        self.new_password = secret("another-password-new")
        self.add(self.tr("&Present password"), self.password)
        self.add(self.tr("&New password"), self.new_password)
        self.submit.setText(self.tr("Change &password"))
        self.password.setFocus()

    def _change(self) -> Command:
        return ChangePassword(self.password.text(), self.new_password.text())
