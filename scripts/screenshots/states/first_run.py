"""From the connection to the last page of the wizard, and signing in."""

from PySide6.QtWidgets import QSystemTrayIcon

from mydoctransfer.model.commands import ChooseFolder, SignIn
from mydoctransfer.model.errors import AppError, NotSignedIn, Refused
from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.ui.bridge import FolderFacts
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.passwords import ForgottenPassword
from scripts.screenshots.stage import Stage, arrive
from tests.ui.outside import ADA, Outside, signed_in


def connect_page(window: MainWindow, outside: Outside) -> None:
    outside.has_connection = False
    window._show_page()


def connect_refused(window: MainWindow, outside: Outside) -> None:
    connect_page(window, outside)
    outside.connected = AppError(
        "Not connected",
        "letter.pdf is not a connection file. Ask the person who runs your cloud for the file.",
    )
    window.wizard.connect_page.connect_to("/home/ada/letter.pdf")


def sign_in(window: MainWindow, outside: Outside) -> None:
    arrive(window, StatusChanged(Status(EngineState.SIGNED_OUT, email=ADA.email)))
    window.wizard.sign_in.password.setText("a password")


def wrong_password(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = NotSignedIn("The e-mail address or the password is wrong.", "wrong")
    window.wizard.sign_in._submit()


def new_password(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = NotSignedIn("", "new_password_required")
    window.wizard.sign_in._submit()


def no_keyring(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = AppError("Not signed in", "", "no_keyring")
    window.wizard.sign_in._submit()


def signing_in(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.is_holding_back = True
    window.wizard.sign_in._submit()


def folder(window: MainWindow, outside: Outside) -> None:
    outside.facts = FolderFacts(True, 42, 310_000_000, False, 50 * 2**30)
    arrive(window, *signed_in(folder=None))


def folder_refused(window: MainWindow, outside: Outside) -> None:
    outside.facts = AppError(
        "Not this folder",
        "/home/ada is your home folder, with everything you have in it. Choose another folder.",
    )
    arrive(window, *signed_in(folder=None))


def folder_only_new(window: MainWindow, outside: Outside) -> None:
    folder(window, outside)
    window.wizard.folder.only_new.setChecked(True)


def connect_again(window: MainWindow, outside: Outside) -> None:
    arrive(window, StatusChanged(Status(EngineState.SIGNED_OUT)))
    window.wizard.sign_in.back.click()


def defaults(window: MainWindow, outside: Outside) -> None:
    arrive(window, *signed_in(folder=None))
    window.wizard.folder.use.click()


def defaults_refused(window: MainWindow, outside: Outside) -> None:
    outside.answers[ChooseFolder] = Refused(
        "Too long",
        "Your organisation does not allow documents to stay that long.",
        "lifetime_refused",
    )
    defaults(window, outside)
    window.wizard.defaults.begin.click()


def done(window: MainWindow, outside: Outside) -> None:
    defaults(window, outside)
    window.wizard.defaults.begin.click()
    arrive(window, *signed_in())


def done_with_tray(window: MainWindow, outside: Outside) -> None:
    available = QSystemTrayIcon.isSystemTrayAvailable
    QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)  # type: ignore[method-assign]
    window.tray.look()
    done(window, outside)
    QSystemTrayIcon.isSystemTrayAvailable = available  # type: ignore[method-assign]


def cancel_set_up(window: MainWindow, outside: Outside) -> None:
    arrive(window, *signed_in(folder=None))
    window.wizard.folder.cancel.click()


def forgotten_password(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    window.wizard.sign_in.forgot.click()
    (dialog,) = window.findChildren(ForgottenPassword)
    dialog.submit.click()


def sign_in_code(window: MainWindow, outside: Outside) -> None:
    sign_in(window, outside)
    outside.answers[SignIn] = Refused(
        "Refused", "Enter the code of your second factor to go on.", "code_required"
    )
    window.wizard.sign_in._submit()


STAGES: tuple[Stage, ...] = (
    connect_page,
    connect_refused,
    sign_in,
    wrong_password,
    new_password,
    no_keyring,
    signing_in,
    folder,
    folder_refused,
    folder_only_new,
    connect_again,
    defaults,
    defaults_refused,
    done,
    done_with_tray,
    cancel_set_up,
    forgotten_password,
    sign_in_code,
)
