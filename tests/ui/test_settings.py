"""The settings window: each choice holds at once, and what fails is said beside it."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import ChooseFolder, SignOut
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Published, Status, StatusChanged
from mydoctransfer.model.preferences import Network
from mydoctransfer.ui.bridge import FolderFacts
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.question import Choosing, Question
from mydoctransfer.ui.settings import SettingsWindow
from tests.ui.outside import Outside, signed_in


@pytest.fixture
def settings(window: MainWindow) -> SettingsWindow:
    window.take_events(signed_in())
    window.menu.settings_action.trigger()
    assert window.settings is not None
    return window.settings


def test_the_settings_say_who_is_signed_in_and_which_folder_is_watched(
    settings: SettingsWindow,
) -> None:
    assert "Ada Sender (ada@example.org)" in settings.account.who.text()
    assert "/home/ada/MyDoc Transfer" in settings.folder.folder.text()
    assert settings.folder.lifetime.currentData() == 3600


def test_starting_at_login_is_switched_on_and_off(
    settings: SettingsWindow, outside: Outside
) -> None:
    assert not settings.general.at_login.isChecked()
    settings.general.at_login.click()
    assert outside.is_at_login and settings.general.at_login.isChecked()
    settings.general.at_login.click()
    assert not outside.is_at_login and not settings.general.at_login.isChecked()


def test_a_kind_of_notification_that_is_switched_off_is_told_no_more(
    window: MainWindow, settings: SettingsWindow, outside: Outside
) -> None:
    settings.notifications.kinds["tell_published"].click()
    window.take_events((Published(("a.txt",)),))
    window.notices.send()
    assert outside.notices == []
    settings.notifications.kinds["tell_published"].click()
    window.take_events((Published(("a.txt",)),))
    window.notices.send()
    assert len(outside.notices) == 1


def test_a_screen_reader_can_toggle_a_choice(settings: SettingsWindow, outside: Outside) -> None:
    settings.general.at_login.toggle()
    settings.notifications.kinds["tell_shared"].toggle()
    assert outside.is_at_login
    assert not outside.preferences.tell_shared


def test_a_limit_for_uploads_holds_at_once(settings: SettingsWindow, outside: Outside) -> None:
    assert settings.network.upload_limit.text() == "No limit"
    settings.network.upload_limit.setValue(512)
    assert outside.network == Network(upload_limit_kib=512)
    settings.network.download_limit.setValue(2048)
    assert outside.network == Network(512, 2048)
    settings.network.upload_limit.setValue(0)
    assert outside.network == Network(0, 2048)


def test_a_proxy_and_authorities_are_taken_when_they_are_whole(
    settings: SettingsWindow, outside: Outside
) -> None:
    """G13."""
    settings.network.proxy.setText(" http://proxy:3128 ")
    assert outside.network == Network()
    settings.network.proxy.editingFinished.emit()
    assert outside.network == Network(proxy="http://proxy:3128")
    settings.network.ca_file.setText("/etc/ca.pem")
    settings.network.ca_file.editingFinished.emit()
    settings.network.upload_limit.setValue(512)
    assert outside.network == Network(512, proxy="http://proxy:3128", ca_file="/etc/ca.pem")
    settings.network.proxy.clear()
    settings.network.proxy.editingFinished.emit()
    assert outside.network == Network(512, ca_file="/etc/ca.pem")


def test_a_limit_that_cannot_be_saved_is_said(settings: SettingsWindow, outside: Outside) -> None:
    outside.saved = AppError("Settings not saved", "The disk is full.", "config_not_saved")
    settings.network.upload_limit.setValue(64)
    assert "The disk is full." in settings.message.body.text()


def test_another_lifetime_holds_at_once(settings: SettingsWindow, outside: Outside) -> None:
    settings.folder.lifetime.setCurrentIndex(settings.folder.lifetime.findData(86_400))
    assert outside.told[-1] == ChooseFolder("/home/ada/MyDoc Transfer", 86_400)


def test_a_full_folder_is_asked_about_before_it_is_sent(
    settings: SettingsWindow, outside: Outside
) -> None:
    outside.facts = FolderFacts(True, 1300, 2048, False, 2**30)
    settings.folder._look_at("/data/papers")
    (question,) = settings.findChildren(Choosing)
    assert question.windowTitle() == "Send what is in \u2068papers\u2069?"
    body = question.findChild(QLabel, "another-folder-body")
    assert body is not None and body.text().startswith("It holds 1,300 files, 2.0 KiB. What is")
    assert outside.told_of(ChooseFolder) == []
    only_new, _ = question.ways
    only_new.click()
    assert outside.told[-1] == ChooseFolder("/data/papers", is_only_new=True)
    settings.folder._look_at("/data/papers")
    settings.findChildren(Choosing)[-1].ways[1].click()
    assert outside.told[-1] == ChooseFolder("/data/papers")


def test_an_empty_folder_is_used_at_once_and_an_impossible_one_refused_in_place(
    settings: SettingsWindow, outside: Outside
) -> None:
    outside.facts = FolderFacts(True, 0, 0, False, 2**30)
    settings.folder._look_at("/data/empty")
    assert outside.told[-1] == ChooseFolder("/data/empty")
    outside.facts = AppError("Not this folder", "/etc belongs to the system.")
    settings.folder._look_at("/etc")
    assert settings.message.body.text() == "/etc belongs to the system."
    assert outside.told[-1] == ChooseFolder("/data/empty")


def test_signing_out_everywhere_asks_first(settings: SettingsWindow, outside: Outside) -> None:
    settings.account.sign_out_everywhere.click()
    assert outside.told_of(SignOut) == []
    (question,) = settings.findChildren(Question)
    question.yes.click()
    assert outside.told_of(SignOut) == [SignOut(everywhere=True)]


def test_what_could_not_be_saved_is_said_in_the_window(
    settings: SettingsWindow, outside: Outside
) -> None:
    outside.saved = AppError("Settings not saved", "The disk is full.")
    settings.notifications.kinds["tell_shared"].click()
    assert settings.message.body.text() == "The disk is full."


def test_diagnostics_are_saved_where_the_person_says(
    settings: SettingsWindow, outside: Outside
) -> None:
    settings.advanced.save_diagnostics("/tmp/d.zip")
    assert outside.diagnostics == ["/tmp/d.zip"]
    assert "/tmp/d.zip" in settings.message.body.text()


def test_the_settings_do_not_stay_open_over_the_sign_in(
    window: MainWindow, settings: SettingsWindow, outside: Outside
) -> None:
    settings.account.sign_out.click()
    assert outside.told_of(SignOut) == [SignOut()]
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    assert window.settings is None and not settings.isVisible()
    assert window.pages.currentWidget() is window.wizard.sign_in


def test_a_session_that_could_not_be_forgotten_is_said_on_the_page_that_follows(
    window: MainWindow, settings: SettingsWindow, outside: Outside
) -> None:
    outside.answers[SignOut] = AppError("Keyring", "The keyring is locked.", "keyring_locked")
    outside.is_holding_back = True
    settings.account.sign_out.click()
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    outside.let_go()
    assert window.wizard.sign_in.message.body.text() == "The keyring is locked."


def test_signing_out_everywhere_that_fails_is_said_in_the_settings(
    settings: SettingsWindow, outside: Outside
) -> None:
    outside.answers[SignOut] = AppError("Offline", "The cloud cannot be reached.", "offline")
    settings.account.sign_out_everywhere.click()
    (question,) = settings.findChildren(Question)
    question.yes.click()
    assert settings.message.body.text() == "The cloud cannot be reached."


def test_a_reset_that_fails_after_the_sign_out_is_said_on_the_page_that_follows(
    window: MainWindow, settings: SettingsWindow, outside: Outside
) -> None:
    outside.saved = AppError("No answer", "The application is busy.", "engine_busy")
    outside.is_holding_back = True
    settings.advanced.reset.click()
    (question,) = settings.findChildren(Question)
    question.yes.click()
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    outside.let_go()
    assert window.wizard.sign_in.message.body.text() == "The application is busy."


def test_signing_out_everywhere_is_in_the_menu_too(window: MainWindow, outside: Outside) -> None:
    assert not window.menu.everywhere_action.isEnabled()
    window.take_events(signed_in())
    window.menu.everywhere_action.trigger()
    assert outside.told_of(SignOut) == []
    (question,) = window.findChildren(Question)
    question.yes.click()
    assert outside.told_of(SignOut) == [SignOut(everywhere=True)]


def test_signed_out_nothing_of_account_and_folder_can_be_chosen(window: MainWindow) -> None:
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    window.menu.settings_action.trigger()
    settings = window.settings
    assert settings is not None
    for widget in (
        settings.account.sign_out,
        settings.account.sign_out_everywhere,
        settings.folder.lifetime,
    ):
        assert not widget.isEnabled()
    assert settings.account.who.text() == "Nobody is signed in."


def test_every_control_has_an_id_and_a_name(settings: SettingsWindow) -> None:
    for widget in (
        *settings.notifications.kinds.values(),
        settings.general.at_login,
        settings.account.sign_out,
    ):
        assert widget.objectName() and widget.text()
    assert settings.tabs.accessibleName() and settings.folder.lifetime.accessibleName()


def test_a_closed_settings_window_opens_again(
    window: MainWindow, settings: SettingsWindow, qtbot: QtBot
) -> None:
    settings.accept()
    assert window.settings is None
    window.show_settings()
    assert window.settings is not None and window.settings.isVisible()


def test_resetting_asks_and_then_begins_anew(
    window: MainWindow, settings: SettingsWindow, outside: Outside
) -> None:
    settings.advanced.reset.click()
    (question,) = settings.findChildren(Question, "reset-question")
    assert question.no.isDefault()
    assert outside.has_connection
    question.yes.click()
    assert not outside.has_connection
    assert window.settings is None
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    assert window.pages.currentWidget() is window.wizard.connect_page


def test_a_reset_that_fails_says_why_and_leaves_the_settings_open(
    window: MainWindow, settings: SettingsWindow, outside: Outside
) -> None:
    outside.saved = AppError("No answer", "It is busy.", "engine_busy")
    settings.advanced.reset.click()
    (question,) = settings.findChildren(Question, "reset-question")
    question.yes.click()
    assert outside.has_connection
    assert "It is busy." in settings.message.body.text()
