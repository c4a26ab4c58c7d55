"""Several accounts: the switcher in window and tray, and the question which one is meant."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Published, Status, StatusChanged
from mydoctransfer.model.links import OpenShare
from mydoctransfer.model.trees import ShareId
from mydoctransfer.model.wishes import FollowLink, ShareFiles
from mydoctransfer.ui.accounts_menu import AccountsMenu
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.which_account import WhichAccount
from tests.ui.outside import Outside, signed_in

ADA = KnownAccount("a", "ada@example.org", "a.example", "/home/ada/Docs", True)
BOB = KnownAccount("b", "bob@example.org", "b.example")


@pytest.fixture
def menu(window: MainWindow, outside: Outside) -> AccountsMenu:
    outside.accounts = (ADA, BOB)
    window.take_events(signed_in())
    return window.menu.accounts


def names(menu: AccountsMenu) -> list[str]:
    return [plain(action.text()) for action in menu.actions() if action.isCheckable()]


def plain(words: str) -> str:
    return words.replace("\u2068", "").replace("\u2069", "")


def test_the_accounts_stand_in_the_menu_of_window_and_tray_and_this_one_is_marked(
    menu: AccountsMenu, window: MainWindow
) -> None:
    assert names(menu) == ["ada@example.org", "bob@example.org"]
    assert [a.isChecked() for a in menu.actions() if a.isCheckable()] == [True, False]
    assert menu.menuAction() in window.menu.actions()


def test_choosing_another_account_goes_to_its_window_and_leaves_this_one(
    menu: AccountsMenu, outside: Outside
) -> None:
    other = next(a for a in menu.actions() if a.objectName() == "menu-account-2")
    other.trigger()
    assert outside.went_to == ["b"]
    assert [a.isChecked() for a in menu.actions() if a.isCheckable()] == [True, False]


def test_choosing_the_present_account_shows_its_window(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    window.hide()
    next(a for a in menu.actions() if a.objectName() == "menu-account-1").trigger()
    assert window.isVisible() and outside.went_to == []


def test_an_account_another_window_added_is_there_when_the_menu_opens(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    outside.accounts = (ADA, BOB, replace(BOB, key="c", email="eve@example.org"))
    window.menu.aboutToShow.emit()
    assert names(menu)[-1] == "eve@example.org"


def test_one_address_in_two_clouds_is_told_apart_by_the_cloud(
    menu: AccountsMenu, outside: Outside
) -> None:
    outside.accounts = (ADA, replace(BOB, email="ada@example.org"))
    menu.look()
    assert names(menu) == ["ada@example.org (a.example)", "ada@example.org (b.example)"]


def test_windows_of_several_accounts_say_whose_they_are(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    assert plain(window.windowTitle()) == "ada@example.org - MyDoc Transfer"
    outside.accounts = (ADA,)
    menu.look()
    assert window.windowTitle() == "MyDoc Transfer"


def test_notifications_of_several_accounts_say_whose_they_are(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    window.take_events((Published(("a.txt", "b.txt")),))
    window.notices.send()
    assert plain(outside.notices[-1].body).splitlines()[1:] == ["ada@example.org"]
    outside.accounts = (ADA,)
    menu.look()
    window.take_events((Published(("c.txt", "d.txt")),))
    window.notices.send()
    assert "ada@example.org" not in outside.notices[-1].body


def test_one_more_account_is_added(menu: AccountsMenu, outside: Outside) -> None:
    menu.add_action.trigger()
    assert outside.went_to == [""]


def test_what_cannot_be_opened_is_said(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    outside.saved = AppError("Not opened", "It could not be started.", "account_not_started")
    menu.add_action.trigger()
    assert window.documents.message.body.text() == "It could not be started."


def test_removing_asks_and_says_what_stays(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    menu.remove_action.trigger()
    (question,) = window.findChildren(Question, "remove-account-question")
    body = question.findChild(QLabel, "remove-account-question-body")
    assert "ada@example.org" in question.windowTitle()
    for stays in ("all your files", "in the cloud", "sign in again", "Other accounts"):
        assert stays in body.text()
    question.no.click()
    assert not outside.has_quit
    menu.remove_action.trigger()
    window.findChildren(Question, "remove-account-question")[-1].yes.click()
    assert outside.has_quit


def test_the_last_account_removed_begins_anew_in_its_window(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    outside.accounts = (ADA,)
    menu.look()
    menu.ask_to_remove()
    window.findChildren(Question, "remove-account-question")[-1].yes.click()
    assert not outside.has_quit


def test_an_account_that_could_not_be_removed_is_said_and_stays(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    outside.removed = AppError("Keyring", "The keyring is locked.", "keyring_locked")
    menu.ask_to_remove()
    window.findChildren(Question, "remove-account-question")[-1].yes.click()
    assert not outside.has_quit
    assert window.documents.message.body.text() == "The keyring is locked."


def test_before_there_is_a_cloud_nothing_can_be_removed(
    window: MainWindow, outside: Outside
) -> None:
    outside.accounts = (replace(ADA, email="", cloud=""),)
    window.menu.accounts.look()
    assert not window.menu.accounts.remove_action.isEnabled()
    assert names(window.menu.accounts) == ["New account"]


def test_the_sign_in_leads_to_the_other_accounts(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    page = window.wizard.sign_in
    assert page.accounts.isVisible()
    page.accounts.click()
    assert menu.isVisible()
    menu.close()
    outside.accounts = (ADA,)
    menu.look()
    assert not page.accounts.isVisible()


def test_the_settings_remove_the_account_by_the_same_question(
    menu: AccountsMenu, window: MainWindow
) -> None:
    window.show_settings()
    assert window.settings is not None
    window.settings.account.remove.click()
    assert window.findChildren(Question, "remove-account-question")


def test_only_the_first_account_decides_what_the_desktop_offers(
    menu: AccountsMenu, window: MainWindow, outside: Outside
) -> None:
    outside.is_first_account = False
    window.show_settings()
    assert window.settings is not None
    assert window.settings.general.in_file_manager.isHidden()


# --- which account is meant ----------------------------------------------------------------------


def test_which_account_a_link_is_for_is_answered_by_the_keyboard(qtbot: QtBot) -> None:
    dialog = WhichAccount((ADA, BOB), FollowLink(OpenShare(ShareId("0" * 32))))
    qtbot.addWidget(dialog)
    dialog.show()
    assert [plain(made.text()) for made in dialog.choices] == [ADA.email, BOB.email]
    assert dialog.focusWidget() is dialog.choices[0]
    qtbot.keyClick(dialog.choices[0], Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.choices[1]
    qtbot.keyClick(dialog.choices[1], Qt.Key.Key_Return)
    assert dialog.key == "b" and not dialog.isVisible()


def test_nobody_has_to_say_which_account(qtbot: QtBot) -> None:
    dialog = WhichAccount((ADA, BOB), ShareFiles(("/tmp/x", "/tmp/y")))
    qtbot.addWidget(dialog)
    dialog.show()
    body = dialog.findChild(QLabel, "which-account-body")
    assert body.text() == "2 files are to be shared."
    dialog.findChild(QPushButton, "which-account-no").click()
    assert dialog.key is None and not dialog.isVisible()
