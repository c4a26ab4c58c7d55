"""The sign-in page: address and password, and what the pool may ask for on top.

The password stays in its field until the answer is there, is never written anywhere, and the field
is emptied as soon as somebody is signed in or the page is left.
"""

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from mydoctransfer.model.commands import LookNow, SignIn, Store
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.passwords import ForgottenPassword, secret
from mydoctransfer.ui.pieces import Note, button, label, named
from mydoctransfer.ui.second_factor import RequiredFactor
from mydoctransfer.ui.set_up_card import SetUpCard
from mydoctransfer.ui.signing_up import SigningUp


class SignInPage(SetUpCard):
    """Asks who it is. What the server wants besides, it asks for when the server does."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("sign-in", 2, parent)
        self.title.setText(self.tr("Sign in"))
        self.intro.setText(self.tr("Use the account your organisation gave you."))
        self._bridge = bridge
        self._is_busy = False
        self._store = Store.KEYRING
        self._told_trouble = ""
        self._build()

    def suggest_email(self, email: str) -> None:
        """Fill in the address, unless somebody has begun to type."""
        if email and not self.email.text():
            self.email.setText(email)

    def take_status(self, status: Status) -> None:
        """Propose the address known; say why a stored session could not be taken up."""
        self.suggest_email(status.email)
        trouble = status.message if status.state is EngineState.SIGNED_OUT else ""
        if trouble and trouble != self._told_trouble:
            again = button(self.tr("&Try again"), "sign-in-again", self._look_again)
            self.message.say("warning", trouble, "", again)
        self._told_trouble = trouble

    def reset(self) -> None:
        """Begin again, with nothing but the address left."""
        for field in (self.password, self.new_password, self.code):
            field.clear()
        self._store = Store.KEYRING
        self._ask_for_new_password(False)
        self._ask_for_code(False)
        self.message.silence()
        self._be_busy(False)

    def take_focus(self) -> None:
        """Put the cursor where typing goes on, and offer what this cloud does."""
        self.sign_up.setVisible(self._bridge.outside.can_sign_up)
        (self.password if self.email.text() else self.email).setFocus()

    def _build(self) -> None:
        self.email = named(QLineEdit(), "sign-in-email")
        self.password = secret("sign-in-password")
        self.new_password = secret("sign-in-new-password")
        self.code = named(QLineEdit(), "sign-in-code")
        self.code.setMaxLength(16)
        self.add_field(self.tr("&Email address"), self.email)
        self.add_field(self.tr("&Password"), self.password)
        self._new_caption = self.add_field(self.tr("&New password"), self.new_password)
        self._code_caption = self.add_field(self.tr("&Code"), self.code)
        self.message = Note("sign-in-message")
        self.body.addWidget(self.message)
        self.submit = button(self.tr("&Sign in"), "sign-in-button", self._submit, "primary")
        self.submit.setDefault(True)
        self.forgot = button(
            self.tr("&Forgot your password?"), "sign-in-forgot", self._forgot, "link"
        )
        self.sign_up = button(
            self.tr("Create an &account…"), "sign-in-sign-up", self._sign_up, "link"
        )
        privacy = self.tr("Your password goes to your organisation's sign-in only, encrypted.")
        self.privacy = label(privacy, "muted")
        self.end_with(self.submit, self.forgot, self.sign_up, self.privacy)
        for field in (self.email, self.password, self.new_password, self.code):
            field.returnPressed.connect(self._submit)
        self._ask_for_new_password(False)
        self._ask_for_code(False)

    def _submit(self) -> None:
        if self._is_busy:
            return
        empty = next((f for f in self._asked() if not f.text()), None)
        if empty is not None:
            empty.setFocus()
            self.message.say("warning", self.tr("Please fill in every field."))
            return
        self.message.silence()
        self._be_busy(True)
        self._bridge.tell(self._attempt(), self, self._answered)

    def _attempt(self) -> SignIn:
        return SignIn(
            self.email.text().strip(),
            self.password.text(),
            self._store.value,
            self.new_password.text() if self.new_password.isVisibleTo(self) else None,
            self.code.text().strip() if self.code.isVisibleTo(self) else None,
        )

    def _asked(self) -> list[QLineEdit]:
        fields = (self.email, self.password, self.new_password, self.code)
        return [field for field in fields if field.isVisibleTo(self)]

    def _answered(self, result: Result) -> None:
        self._be_busy(False)
        if not isinstance(result, AppError):
            self.reset()
            return
        match result.code:
            case "new_password_required":
                self._ask_for_new_password(True)
                self.message.say(
                    "note",
                    self.tr("Your password was set by an administrator. Choose your own."),
                )
                self.new_password.setFocus()
            case "code_required":
                self._ask_for_code(True)
                self.message.say("note", result.message)
                self.code.setFocus()
            case "not_confirmed":
                self._sign_up(is_code_sent=True)
            case "second_factor_required":
                self._set_up_factor()
            case "password_reset_required":
                self._forgot(is_code_sent=True)
            case "no_keyring":
                self._offer_other_stores(result)
            case _:
                self._refuse(result)

    def _forgot(self, is_code_sent: bool = False) -> None:
        self.message.silence()
        dialog = ForgottenPassword(self._bridge, self.email.text().strip(), is_code_sent, self)
        dialog.accepted.connect(lambda: self._has_new_password(dialog.email.text().strip()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _set_up_factor(self) -> None:
        dialog = RequiredFactor(self._bridge, self._attempt(), self)

        def ended() -> None:
            if dialog.result() == QDialog.DialogCode.Accepted:
                self.reset()
            elif dialog.error is not None:
                self._answered(dialog.error)

        dialog.finished.connect(ended)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _sign_up(self, is_code_sent: bool = False) -> None:
        self.message.silence()
        email, password = self.email.text().strip(), self.password.text()
        dialog = SigningUp(self._bridge, email, password, is_code_sent, self)

        def ended() -> None:
            self.email.setText(dialog.email.text().strip())
            self.password.setText(dialog.password.text())
            self._submit()

        dialog.accepted.connect(ended)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _has_new_password(self, email: str) -> None:
        self.email.setText(email)
        self.password.clear()
        self.message.say("note", self.tr("Your password was changed. Sign in with it now."))
        self.password.setFocus()

    def _refuse(self, error: AppError) -> None:
        self.message.say("error", error.message, error.title)
        again = self.code if self.code.isVisibleTo(self) else self.password
        if self.new_password.isVisibleTo(self):
            again = self.new_password
        again.setFocus()
        again.selectAll()

    def _look_again(self) -> None:
        self.message.silence()
        self._bridge.tell(LookNow(), self)

    def _offer_other_stores(self, error: AppError) -> None:
        sentence = self.tr(
            "There is no keyring on this computer to keep the sign-in safe. "
            "A file can be read by whoever can read your files."
        )
        self.message.say(
            "warning",
            sentence,
            error.title,
            button(self.tr("Keep in a &file"), "sign-in-store-file", lambda: self._use(Store.FILE)),
            button(
                self.tr("Only until I &quit"),
                "sign-in-store-memory",
                lambda: self._use(Store.MEMORY),
            ),
        )

    def _use(self, store: Store) -> None:
        self._store = store
        self._submit()

    def _be_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.submit.setEnabled(not is_busy)
        self.submit.setText(self.tr("Signing in…") if is_busy else self.tr("&Sign in"))
        for field in (self.email, self.password, self.new_password, self.code):
            field.setReadOnly(is_busy)

    def _ask_for_new_password(self, is_asked: bool) -> None:
        self._new_caption.setVisible(is_asked)
        self.new_password.setVisible(is_asked)

    def _ask_for_code(self, is_asked: bool) -> None:
        self._code_caption.setVisible(is_asked)
        self.code.setVisible(is_asked)
