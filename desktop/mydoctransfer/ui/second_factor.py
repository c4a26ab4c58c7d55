"""Setting up a second factor: a QR code to scan, and a code back that proves it was."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from mydoctransfer.model.commands import BeginSecondFactor, Command, ConfirmSecondFactor, SignIn
from mydoctransfer.model.errors import AppError, Offline
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.passwords import Asking
from mydoctransfer.ui.pieces import named
from mydoctransfer.ui.qr_code import QrCode


class SecondFactor(Asking):
    """Shows the secret in two ways, and takes the first code made of it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, email: str = "") -> None:
        """`email`: whose factor it is, before they are signed in."""
        super().__init__(bridge, "second-factor", parent)
        self.setWindowTitle(self.tr("Set up a second factor"))
        self.setAccessibleName(self.windowTitle())
        self.command = self._confirm
        self.intro.setText(
            self.tr(
                "Scan the picture with an authenticator application on your phone, or type the "
                "key into it. Then enter the code it shows. From then on signing in asks for a "
                "code, so keep the application, or a copy of the key in a safe place."
            )
        )
        self.qr = QrCode("second-factor-qr", self.tr("QR code of the key"))
        self.body.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        self.key = named(QLineEdit(), "second-factor-key")
        self.key.setReadOnly(True)
        self.code = named(QLineEdit(), "second-factor-code")
        self.code.setMaxLength(16)
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.add(self.tr("&Key"), self.key)
        self.add(self.tr("C&ode"), self.code)
        self.submit.setText(self.tr("&Turn on"))
        self._allow(False)
        self._bridge.tell(BeginSecondFactor(email), self, self._begun)

    def _begun(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._failed(result)
            return
        secret = str(result["secret"])
        self.qr.encode(str(result["address"]))
        self.key.setText(" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)))
        self._allow(True)
        self.code.setFocus()

    def _allow(self, is_there: bool) -> None:
        self.submit.setEnabled(is_there)
        self.code.setEnabled(is_there)

    def _confirm(self) -> Command:
        return ConfirmSecondFactor(self._typed())

    def _typed(self) -> str:
        return "".join(self.code.text().split())


class RequiredFactor(SecondFactor):
    """The same in the middle of a sign-in, which it ends.

    Attributes:
        error: what the sign-in page is to say, when the dialog closes without having signed in.
    """

    error: AppError | None = None

    def __init__(self, bridge: Bridge, attempt: SignIn, parent: QWidget | None = None) -> None:
        """`attempt`: the sign-in that was told that a second factor is required."""
        super().__init__(bridge, parent, attempt.email)
        self._attempt = attempt
        self.command = self._sign_in
        self.intro.setText(
            self.tr(
                "Your organisation asks for a second factor. Scan the picture with an "
                "authenticator application on your phone, or type the key into it. Then enter the "
                "code it shows. From now on signing in asks for such a code."
            )
        )
        self.submit.setText(self.tr("Sign &in"))

    def _sign_in(self) -> Command:
        return replace(self._attempt, code=self._typed())

    def _failed(self, error: AppError) -> None:
        if error.code == "wrong_code" or isinstance(error, Offline):
            super()._failed(error)
            return
        self.error = error
        self.reject()
