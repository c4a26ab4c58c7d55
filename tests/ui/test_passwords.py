"""A forgotten password, and another one."""

from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import ChangePassword, ForgotPassword, ResetPassword, SignIn
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.passwords import AnotherPassword, ForgottenPassword
from tests.ui.outside import Outside, signed_in


def _forgotten(window: MainWindow) -> ForgottenPassword:
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT, email="ada@example.org")),))
    window.wizard.sign_in.forgot.click()
    (dialog,) = window.findChildren(ForgottenPassword)
    return dialog


def test_a_forgotten_password_is_replaced_with_a_code(window: MainWindow, outside: Outside) -> None:
    dialog = _forgotten(window)
    assert dialog.email.text() == "ada@example.org"
    assert not dialog.code.isVisible()
    dialog.submit.click()
    assert outside.told[-1] == ForgotPassword("ada@example.org")
    assert "If there is an account" in dialog.intro.text()
    dialog.code.setText(" 123456 ")
    dialog.new_password.setText("new words 1")
    dialog.submit.click()
    assert outside.told[-1] == ResetPassword("ada@example.org", "123456", "new words 1")
    assert "was changed" in window.wizard.sign_in.message.body.text()


def test_a_wrong_code_is_said_and_another_can_be_had(window: MainWindow, outside: Outside) -> None:
    dialog = _forgotten(window)
    dialog.submit.click()
    outside.answers[ResetPassword] = AppError("Not done", "The code is wrong.", "wrong_code")
    dialog.code.setText("1")
    dialog.new_password.setText("new words 1")
    dialog.submit.click()
    assert dialog.message.body.text() == "The code is wrong."
    dialog.again.click()
    assert not dialog.code.isVisible()
    dialog.submit.click()
    assert outside.told_of(ForgotPassword) == [ForgotPassword("ada@example.org")] * 2


def test_a_password_an_administrator_reset_asks_for_the_code_that_was_sent(
    window: MainWindow, outside: Outside
) -> None:
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT, email="ada@example.org")),))
    outside.answers[SignIn] = AppError("Reset", "It was reset.", "password_reset_required")
    window.wizard.sign_in.password.setText("old")
    window.wizard.sign_in.submit.click()
    (dialog,) = window.findChildren(ForgottenPassword)
    assert dialog.code.isVisible()


def test_nothing_is_sent_with_a_field_empty(window: MainWindow, outside: Outside) -> None:
    dialog = _forgotten(window)
    dialog.email.clear()
    told = len(outside.told)
    dialog.submit.click()
    assert len(outside.told) == told
    assert dialog.message.isVisible()


def test_the_password_is_changed_in_the_settings(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    window.take_events(signed_in())
    window.show_settings()
    assert window.settings is not None
    window.settings.account.change_password.click()
    (dialog,) = window.settings.findChildren(AnotherPassword)
    dialog.password.setText("old")
    dialog.new_password.setText("new")
    dialog.submit.click()
    assert outside.told[-1] == ChangePassword("old", "new")
    assert window.settings.message.body.text() == "Your password was changed."
