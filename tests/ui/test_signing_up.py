"""Making an account of one's own, from the sign-in page."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import ConfirmSignUp, SendSignUpCode, SignIn, SignUp
from mydoctransfer.model.errors import NotSignedIn, Offline, Refused
from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.sign_in import SignInPage
from mydoctransfer.ui.signing_up import SigningUp
from tests.ui.outside import Outside


@pytest.fixture
def page(window: MainWindow, outside: Outside) -> SignInPage:
    outside.can_sign_up = True
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    return window.wizard.sign_in


@pytest.fixture
def dialog(page: SignInPage) -> SigningUp:
    page.sign_up.click()
    (made,) = page.findChildren(SigningUp)
    return made


def fill(dialog: SigningUp) -> None:
    dialog.email.setText(" nora@example.org ")
    dialog.given_name.setText("Nora")
    dialog.family_name.setText("Newcomer")
    dialog.password.setText("words of my own")


def test_it_is_offered_only_where_the_cloud_takes_such_accounts(
    window: MainWindow, outside: Outside
) -> None:
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    assert not window.wizard.sign_in.sign_up.isVisible()
    outside.can_sign_up = True
    window.wizard.prepare(window.wizard.sign_in)
    assert window.wizard.sign_in.sign_up.isVisible()


def test_address_name_password_and_code_lead_in(
    dialog: SigningUp, page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    assert dialog.focusWidget() is dialog.email and not dialog.code.isVisible()
    fill(dialog)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    assert outside.told == [SignUp("nora@example.org", "words of my own", "Nora", "Newcomer")]
    assert dialog.focusWidget() is dialog.code and not dialog.password.isVisible()
    assert "nora@example.org" in dialog.intro.text()
    qtbot.keyClicks(dialog.code, " 123 456")
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    assert outside.told[1:] == [
        ConfirmSignUp("nora@example.org", "123456"),
        SignIn("nora@example.org", "words of my own"),
    ]
    assert not dialog.isVisible() and page.password.text() == ""


def test_nothing_is_sent_before_every_field_is_filled(dialog: SigningUp, outside: Outside) -> None:
    fill(dialog)
    dialog.family_name.clear()
    dialog.submit.click()
    assert outside.told == [] and dialog.focusWidget() is dialog.family_name
    assert dialog.message.body.text() == "Please fill in every field."


@pytest.mark.parametrize(
    "error",
    [
        Refused("Refused", "There is an account with this address already.", "account_exists"),
        Refused("Refused", "Password not long enough.", "password_refused"),
        Offline("The cloud cannot be reached."),
    ],
    ids=lambda error: error.code,
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    dialog: SigningUp, outside: Outside, error: Exception
) -> None:
    outside.answers[SignUp] = error  # type: ignore[assignment]
    fill(dialog)
    dialog.submit.click()
    assert dialog.message.body.text() == str(error)
    assert dialog.password.text() == "words of my own" and dialog.submit.isEnabled()


def test_a_wrong_code_is_said_and_another_one_sent(dialog: SigningUp, outside: Outside) -> None:
    fill(dialog)
    dialog.submit.click()
    outside.answers[ConfirmSignUp] = Refused("Refused", "The code is too old.", "code_expired")
    dialog.code.setText("1")
    dialog.submit.click()
    assert dialog.isVisible() and dialog.message.body.text() == "The code is too old."
    dialog.again.click()
    assert outside.told[-1] == SendSignUpCode("nora@example.org")
    assert dialog.message.body.text() == "Another code was sent."
    assert dialog.code.text() == "" and dialog.focusWidget() is dialog.code


def test_a_code_that_cannot_be_sent_again_is_said(dialog: SigningUp, outside: Outside) -> None:
    fill(dialog)
    dialog.submit.click()
    outside.answers[SendSignUpCode] = Offline("Too many attempts. Wait a minute.")
    dialog.again.click()
    assert dialog.message.body.text() == "Too many attempts. Wait a minute."
    assert dialog.again.isEnabled()


def test_who_left_before_the_code_goes_on_with_it_at_the_sign_in(
    page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[SignIn] = NotSignedIn("Not confirmed.", "not_confirmed")
    page.email.setText("nora@example.org")
    page.password.setText("words of my own")
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    (dialog,) = page.findChildren(SigningUp)
    assert dialog.code.isVisible() and not dialog.given_name.isVisible()
    outside.answers.clear()
    dialog.code.setText("123456")
    dialog.submit.click()
    assert outside.told[-2:] == [
        ConfirmSignUp("nora@example.org", "123456"),
        SignIn("nora@example.org", "words of my own"),
    ]


def test_cancelling_makes_nothing(dialog: SigningUp, outside: Outside, qtbot: QtBot) -> None:
    fill(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert outside.told == [] and not dialog.isVisible()


def test_every_field_has_a_name_a_screen_reader_says(dialog: SigningUp) -> None:
    fields = (dialog.email, dialog.given_name, dialog.family_name, dialog.password, dialog.code)
    names = [field.accessibleName() for field in fields]
    assert names == ["Email address", "First name", "Last name", "Password", "Code"]
