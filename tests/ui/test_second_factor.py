"""Setting up a second factor in the settings, and turning it off."""

import pytest
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import (
    BeginSecondFactor,
    ConfirmSecondFactor,
    EndSecondFactor,
    LookAtSecondFactor,
)
from mydoctransfer.model.errors import AppError, Offline, Refused
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.second_factor import SecondFactor
from mydoctransfer.ui.settings import SettingsWindow
from tests.ui.outside import Outside, signed_in

BEGUN = {"secret": "JBSWY3DPEHPK3PXP", "address": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"}


@pytest.fixture
def settings(window: MainWindow, outside: Outside) -> SettingsWindow:
    outside.answers[BeginSecondFactor] = BEGUN
    window.take_events(signed_in())
    window.show_settings()
    assert window.settings is not None
    window.settings.tabs.setCurrentIndex(1)
    return window.settings


@pytest.fixture
def dialog(settings: SettingsWindow) -> SecondFactor:
    settings.account.second_factor.click()
    (made,) = settings.findChildren(SecondFactor)
    return made


def test_the_secret_is_shown_as_a_picture_and_to_be_typed(dialog: SecondFactor) -> None:
    assert dialog.qr.modules
    assert dialog.key.text() == "JBSW Y3DP EHPK 3PXP"
    assert dialog.focusWidget() is dialog.code


def test_the_first_code_turns_it_on(
    dialog: SecondFactor, settings: SettingsWindow, outside: Outside, qtbot: QtBot
) -> None:
    qtbot.keyClicks(dialog.code, " 123 456")
    dialog.submit.click()
    assert outside.told[-1] == ConfirmSecondFactor("123456")
    assert settings.message.body.text() == "From now on signing in asks for a code."
    assert settings.account.second_factor.text() == "Turn off the second &factor…"


def test_a_wrong_code_is_said_in_place_and_can_be_tried_again(
    dialog: SecondFactor, settings: SettingsWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ConfirmSecondFactor] = Refused("Refused", "The code is wrong.", "wrong_code")
    dialog.submit.click()
    assert dialog.message.body.text() == "Please fill in every field."
    qtbot.keyClicks(dialog.code, "1")
    dialog.submit.click()
    assert dialog.message.body.text() == "The code is wrong."
    assert dialog.submit.isEnabled() and dialog.isVisible()
    assert settings.account.second_factor.text() == "Set up a second &factor…"


def test_without_a_secret_there_is_nothing_to_turn_on(
    settings: SettingsWindow, outside: Outside
) -> None:
    outside.answers[BeginSecondFactor] = Offline("The cloud cannot be reached.")
    settings.account.second_factor.click()
    (dialog,) = settings.findChildren(SecondFactor)
    assert dialog.message.body.text() == "The cloud cannot be reached."
    assert not dialog.submit.isEnabled()


def test_leaving_the_dialog_changes_nothing(
    dialog: SecondFactor, settings: SettingsWindow, outside: Outside
) -> None:
    dialog.reject()
    assert not outside.told_of(ConfirmSecondFactor)
    assert settings.account.second_factor.text() == "Set up a second &factor…"


@pytest.mark.parametrize("answer", [None, AppError("No", "It did not work.")])
def test_it_is_turned_off_after_a_question(
    window: MainWindow, outside: Outside, answer: AppError | None
) -> None:
    outside.answers[LookAtSecondFactor] = {"is_on": True}
    if answer is not None:
        outside.answers[EndSecondFactor] = answer
    window.take_events(signed_in())
    window.show_settings()
    assert window.settings is not None
    window.settings.account.second_factor.click()
    assert not outside.told_of(EndSecondFactor)
    (question,) = window.settings.findChildren(Question)
    question.yes.click()
    assert outside.told_of(EndSecondFactor)
    said = "It did not work." if answer else "Signing in asks for no code any more."
    assert window.settings.message.body.text() == said


def test_while_it_is_unknown_nothing_can_be_turned(window: MainWindow, outside: Outside) -> None:
    outside.answers[LookAtSecondFactor] = Offline("The cloud cannot be reached.")
    window.take_events(signed_in())
    window.show_settings()
    assert window.settings is not None
    assert not window.settings.account.second_factor.isEnabled()
    outside.answers[LookAtSecondFactor] = {"is_on": False}
    window.take_events(signed_in(queued=1))
    assert window.settings.account.second_factor.isEnabled()
