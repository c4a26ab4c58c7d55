"""Accounts: several of them, made by oneself, let in with a second factor only."""

from dataclasses import replace

from PySide6.QtCore import Qt

from mydoctransfer.model import otpauth
from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.commands import BeginSecondFactor, ConfirmSignUp, SignIn
from mydoctransfer.model.errors import Refused
from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.model.links import OpenShare
from mydoctransfer.model.trees import ShareId
from mydoctransfer.model.wishes import FollowLink
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.second_factor import RequiredFactor
from mydoctransfer.ui.signing_up import SigningUp
from mydoctransfer.ui.which_account import WhichAccount
from scripts.screenshots.stage import Stage, arrive
from scripts.screenshots.states.documents import three_rows
from scripts.screenshots.states.first_run import connect_page
from tests.ui.outside import ADA, Outside

ACCOUNTS = (
    KnownAccount("a", ADA.email, "files.example.org", None, True),
    KnownAccount("b", "ada@studio.example", "studio.example"),
    KnownAccount("c", "ada@studio.example", "partners.studio.example"),
)


def sign_in_with_others(window: MainWindow, outside: Outside) -> None:
    outside.accounts = ACCOUNTS
    _signed_out(window, outside)


def connect_known(window: MainWindow, outside: Outside) -> None:
    used = (replace(ACCOUNTS[0], is_current=False), *ACCOUNTS[1:])
    outside.accounts = (*used, KnownAccount("d", is_current=True))
    connect_page(window, outside)


def sign_up(window: MainWindow, outside: Outside) -> None:
    _sign_up(window, outside)


def sign_up_code(window: MainWindow, outside: Outside) -> None:
    dialog = _sign_up(window, outside)
    dialog.email.setText("nora@example.org")
    dialog.given_name.setText("Nora")
    dialog.family_name.setText("Newcomer")
    dialog.password.setText("words of my own")
    dialog.submit.click()
    outside.answers[ConfirmSignUp] = Refused(
        "Refused", "The code is too old. Have another one sent.", "code_expired"
    )
    dialog.code.setText("123456")
    dialog.submit.click()


def required_factor(window: MainWindow, outside: Outside) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    begun = {"secret": secret, "address": otpauth.address(secret, ADA.email)}
    outside.answers[BeginSecondFactor] = begun
    outside.answers[SignIn] = Refused("Refused", "", "second_factor_required")
    _signed_out(window, outside)
    page = window.wizard.sign_in
    page.email.setText(ADA.email)
    page.password.setText("words of my own")
    page.submit.click()
    (dialog,) = page.findChildren(RequiredFactor)
    dialog.code.setFocus()


def accounts_menu(window: MainWindow, outside: Outside) -> None:
    outside.accounts = ACCOUNTS
    three_rows(window, outside)
    menu = window.menu.accounts
    menu.setParent(window, Qt.WindowType.Widget)
    menu.resize(menu.sizeHint())
    menu.move(420, 260)
    menu.show()
    menu.raise_()


def remove_account(window: MainWindow, outside: Outside) -> None:
    outside.accounts = ACCOUNTS
    three_rows(window, outside)
    window.menu.accounts.ask_to_remove()


def which_account(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    WhichAccount(ACCOUNTS, FollowLink(OpenShare(ShareId("0" * 32))), window).show()


def _signed_out(window: MainWindow, outside: Outside) -> None:
    outside.can_sign_up = True
    arrive(window, StatusChanged(Status(EngineState.SIGNED_OUT)))


def _sign_up(window: MainWindow, outside: Outside) -> SigningUp:
    _signed_out(window, outside)
    window.wizard.sign_in.sign_up.click()
    (dialog,) = window.wizard.sign_in.findChildren(SigningUp)
    return dialog


STAGES: tuple[Stage, ...] = (
    connect_known,
    sign_in_with_others,
    sign_up,
    sign_up_code,
    required_factor,
    accounts_menu,
    remove_account,
    which_account,
)
