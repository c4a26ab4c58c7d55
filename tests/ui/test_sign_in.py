"""The sign-in page: what it asks, what it says, and that it never waits on Qt's thread."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import BeginSecondFactor, SignIn
from mydoctransfer.model.errors import AppError, NotSignedIn, Offline, Refused
from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.second_factor import RequiredFactor
from mydoctransfer.ui.sign_in import SignInPage
from tests.ui.outside import Outside


@pytest.fixture
def page(window: MainWindow) -> SignInPage:
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT, email="ada@example.org")),))
    assert window.pages.currentWidget() is window.wizard.sign_in
    return window.wizard.sign_in


def sign_in(page: SignInPage, qtbot: QtBot, password: str = "a password") -> None:
    page.password.clear()
    qtbot.keyClicks(page.password, password)
    qtbot.keyClick(page.password, Qt.Key.Key_Return)


def test_the_last_address_is_there_and_the_cursor_in_the_password(
    page: SignInPage, window: MainWindow
) -> None:
    assert page.email.text() == "ada@example.org"
    assert window.focusWidget() is page.password


def test_what_somebody_began_to_type_is_not_overwritten(page: SignInPage) -> None:
    page.email.setText("somebody.else@")
    page.suggest_email("ada@example.org")
    assert page.email.text() == "somebody.else@"


def test_return_signs_in(page: SignInPage, outside: Outside, qtbot: QtBot) -> None:
    sign_in(page, qtbot)
    assert outside.told == [SignIn("ada@example.org", "a password")]


def test_a_password_does_not_stay_after_it_was_right(
    page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    sign_in(page, qtbot)
    assert page.password.text() == ""


@pytest.mark.parametrize(
    "error",
    [
        NotSignedIn("The email address or the password is wrong.", "wrong_password"),
        NotSignedIn(
            "This computer's clock is 9 minutes slow. Set it and try again.", "clock_wrong"
        ),
        Offline("The cloud cannot be reached. Check your connection."),
    ],
    ids=lambda error: error.code,
)
def test_a_refusal_is_said_under_the_fields(
    page: SignInPage, outside: Outside, qtbot: QtBot, error: AppError
) -> None:
    outside.answers[SignIn] = error
    sign_in(page, qtbot)
    assert page.message.isVisible()
    assert page.message.body.text() == error.message
    assert page.message.body.objectName() == "sign-in-message"
    assert page.submit.isEnabled()


def test_trying_again_takes_the_old_message_away(
    page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[SignIn] = NotSignedIn("Wrong.", "wrong_password")
    sign_in(page, qtbot)
    outside.is_holding_back = True
    sign_in(page, qtbot)
    assert not page.message.isVisible()


def test_a_password_an_administrator_set_has_to_be_replaced(
    page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[SignIn] = NotSignedIn("", "new_password_required")
    sign_in(page, qtbot, "temporary")
    assert page.new_password.isVisible()
    qtbot.keyClicks(page.new_password, "my own")
    outside.answers.clear()
    qtbot.keyClick(page.new_password, Qt.Key.Key_Return)
    assert outside.told[-1] == SignIn("ada@example.org", "temporary", new_password="my own")
    assert not page.new_password.isVisible()


def test_a_code_is_asked_for_when_the_pool_wants_one(
    page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[SignIn] = NotSignedIn("Enter the code of your app.", "code_required")
    sign_in(page, qtbot)
    qtbot.keyClicks(page.code, "123456")
    outside.answers.clear()
    qtbot.mouseClick(page.submit, Qt.MouseButton.LeftButton)
    assert outside.told[-1] == SignIn("ada@example.org", "a password", code="123456")


@pytest.mark.parametrize("store", ["file", "memory"])
def test_without_a_keyring_the_person_chooses_where_the_sign_in_is_kept(
    page: SignInPage, outside: Outside, qtbot: QtBot, store: str
) -> None:
    outside.answers[SignIn] = AppError("No keyring", "There is none.", "no_keyring")
    sign_in(page, qtbot)
    assert "whoever can read your files" in page.message.body.text()
    choice = page.findChild(QPushButton, f"sign-in-store-{store}")
    assert choice is not None
    outside.answers.clear()
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
    assert outside.told[-1] == SignIn("ada@example.org", "a password", store)


def test_while_signing_in_nothing_can_be_sent_twice(
    page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.is_holding_back = True
    sign_in(page, qtbot)
    assert not page.submit.isEnabled()
    assert page.password.isReadOnly()
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    assert len(outside.told) == 1


def test_empty_fields_are_asked_for(page: SignInPage, outside: Outside, qtbot: QtBot) -> None:
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    assert outside.told == []
    assert page.message.isVisible()


def test_passwords_are_never_shown_and_never_in_a_repr(page: SignInPage) -> None:
    """T81."""
    for field in (page.password, page.new_password):
        assert field.echoMode() is QLineEdit.EchoMode.Password
    assert "secret" not in repr(SignIn("a@x", "secret", new_password="secret", code="secret"))


def test_the_page_can_be_used_with_the_keyboard_alone(
    page: SignInPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    page.email.setFocus()
    order = []
    for _ in range(3):
        focused = window.focusWidget()
        assert focused is not None
        order.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert order == ["sign-in-email", "sign-in-password", "sign-in-button"]


BEGUN = {"secret": "JBSWY3DPEHPK3PXP", "address": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"}


@pytest.fixture
def required(page: SignInPage, outside: Outside, qtbot: QtBot) -> RequiredFactor:
    """The dialog that comes up where a pool lets nobody in without a second factor."""
    outside.answers[SignIn] = NotSignedIn("Set one up.", "second_factor_required")
    outside.answers[BeginSecondFactor] = BEGUN
    sign_in(page, qtbot)
    (dialog,) = page.findChildren(RequiredFactor)
    return dialog


def test_a_required_second_factor_is_set_up_beside_the_sign_in(
    required: RequiredFactor, page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    """I10: QR code and key, the first code, and in."""
    assert required.qr.modules and required.key.text() == "JBSW Y3DP EHPK 3PXP"
    assert outside.told[-1] == BeginSecondFactor("ada@example.org")
    assert required.focusWidget() is required.code
    outside.answers.clear()
    qtbot.keyClicks(required.code, " 123 456")
    qtbot.keyClick(required.code, Qt.Key.Key_Return)
    assert outside.told[-1] == SignIn("ada@example.org", "a password", code="123456")
    assert not required.isVisible() and page.password.text() == ""


@pytest.mark.parametrize(
    "error", [Refused("Refused", "The code is wrong.", "wrong_code"), Offline("No line.")]
)
def test_what_another_try_may_mend_is_said_beside_the_code(
    required: RequiredFactor, outside: Outside, error: AppError
) -> None:
    outside.answers[SignIn] = error
    required.code.setText("1")
    required.submit.click()
    assert required.isVisible() and required.message.body.text() == error.message
    assert required.submit.isEnabled()


def test_a_set_up_that_is_over_is_said_on_the_page(
    required: RequiredFactor, page: SignInPage, outside: Outside
) -> None:
    outside.answers[SignIn] = Refused("Refused", "It took too long.", "set_up_over")
    required.code.setText("123456")
    required.submit.click()
    assert not required.isVisible()
    assert page.message.body.text() == "It took too long." and page.submit.isEnabled()


def test_a_missing_keyring_is_answered_on_the_page_after_the_set_up(
    required: RequiredFactor, page: SignInPage, outside: Outside
) -> None:
    outside.answers[SignIn] = AppError("No keyring", "There is none.", "no_keyring")
    required.code.setText("123456")
    required.submit.click()
    assert page.findChild(QPushButton, "sign-in-store-file") is not None


def test_cancelling_the_set_up_leaves_the_sign_in_as_it_was(
    required: RequiredFactor, page: SignInPage, outside: Outside, qtbot: QtBot
) -> None:
    qtbot.keyClick(required, Qt.Key.Key_Escape)
    assert page.password.text() == "a password" and page.submit.isEnabled()
    assert not page.message.isVisible()
