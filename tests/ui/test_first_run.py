"""The first run: five steps, each whole or not there, and the way back from each."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.commands import ChooseFolder, SignOut
from mydoctransfer.model.errors import AppError, Refused
from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.model.preferences import Preferences
from mydoctransfer.ui.bridge import Bridge, FolderFacts
from mydoctransfer.ui.defaults_page import DefaultsPage
from mydoctransfer.ui.folder_page import FolderPage
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.wizard import Wizard
from tests.ui.outside import Outside, signed_in

SIGNED_OUT = (StatusChanged(Status(EngineState.SIGNED_OUT)),)


@pytest.fixture
def wizard(window: MainWindow) -> Wizard:
    return window.wizard


@pytest.fixture
def unconnected(bridge: Bridge, outside: Outside, qtbot: QtBot) -> MainWindow:
    outside.has_connection = False
    window = MainWindow(bridge)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_quitting", True))
    window.show()
    return window


@pytest.fixture
def folder(window: MainWindow) -> FolderPage:
    window.take_events(signed_in(folder=None))
    assert window.pages.currentWidget() is window.wizard.folder
    return window.wizard.folder


@pytest.fixture
def defaults(folder: FolderPage, window: MainWindow) -> DefaultsPage:
    folder.use.click()
    assert window.pages.currentWidget() is window.wizard.defaults
    return window.wizard.defaults


def answer(window: MainWindow, yes: bool = True) -> str:
    """Answer the question that is asked; return what it said."""
    (question,) = [q for q in window.findChildren(Question) if q.isVisible()]
    said = question.windowTitle()
    (question.yes if yes else question.no).click()
    return said


# --- connect -----------------------------------------------------------------------------------


def test_without_a_connection_the_window_asks_for_one(unconnected: MainWindow) -> None:
    page = unconnected.wizard.connect_page
    assert unconnected.pages.currentWidget() is page
    assert page.step.text() == "Step 1 of 5"
    assert not page.back.isVisible() and not page.keep.isVisible()
    page.connect_to("/tmp/connection.json")
    assert unconnected.pages.currentWidget() is not page


def test_a_file_that_is_no_connection_is_refused_in_place(
    unconnected: MainWindow, outside: Outside
) -> None:
    outside.connected = AppError("Not a connection file", "It cannot be read.")
    page = unconnected.wizard.connect_page
    page.connect_to("/etc/passwd")
    assert unconnected.pages.currentWidget() is page
    assert page.message.body.text() == "It cannot be read."
    assert page.open_file.isEnabled()


def test_the_text_of_a_connection_file_can_be_pasted(
    unconnected: MainWindow, outside: Outside
) -> None:
    page = unconnected.wizard.connect_page
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    page.paste.click()
    assert outside.pasted == []
    assert "no text to paste" in page.message.body.text()
    clipboard.setText('  {"api_url": "https://example.org"}\n')
    page.paste.click()
    assert outside.pasted == ['{"api_url": "https://example.org"}']
    assert unconnected.pages.currentWidget() is not page


def test_one_more_account_is_offered_the_clouds_that_others_use(
    outside: Outside, bridge: Bridge, qtbot: QtBot
) -> None:
    outside.accounts = (
        KnownAccount("a", "ada@example.org", "a.example"),
        KnownAccount("b", "bob&co@example.org", "b.example"),
        KnownAccount("c", "eve@example.org", "a.example"),
        KnownAccount("d", is_current=True),
    )
    outside.has_connection = False
    window = MainWindow(bridge)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_quitting", True))
    window.show()
    page = window.wizard.connect_page
    first, second = page.known.buttons
    assert "ada@example.org" in first.text() and "bob&&co@example.org" in second.text()
    assert page.open_file.property("role") == ""
    assert window.focusWidget() is first
    assert "in a cloud that you use already" in page.how.text()
    outside.connected = AppError("No such account", "This account was removed meanwhile.")
    second.click()
    assert page.message.body.text() == "This account was removed meanwhile."
    assert page.known.isEnabled()
    outside.connected = None
    second.click()
    assert outside.pasted == ["b", "b"]
    assert window.pages.currentWidget() is not page


def test_clouds_of_one_address_are_told_apart_by_their_hosts(
    window: MainWindow, wizard: Wizard, outside: Outside
) -> None:
    outside.accounts = (
        KnownAccount("a", is_current=True),
        KnownAccount("b", "ada@example.org", "b.example"),
        KnownAccount("c", "ada@example.org", "c.example"),
    )
    window.take_events(SIGNED_OUT)
    wizard.sign_in.back.click()
    assert [made.text() for made in wizard.connect_page.known.buttons] == [
        "&Cloud at \u2068b.example\u2069",
        "&Cloud at \u2068c.example\u2069",
    ]


def test_the_present_cloud_and_no_cloud_are_not_offered_as_others(
    window: MainWindow, wizard: Wizard, outside: Outside
) -> None:
    outside.accounts = (
        KnownAccount("a", "ada@example.org", "a.example", is_current=True),
        KnownAccount("b", "bob@example.org", "a.example"),
        KnownAccount("c"),
    )
    window.take_events(SIGNED_OUT)
    wizard.sign_in.back.click()
    assert wizard.connect_page.known.buttons == []
    assert not wizard.connect_page.known.isVisible()
    assert wizard.connect_page.open_file.property("role") == "primary"


# --- back, cancel, quit ------------------------------------------------------------------------


def test_back_from_the_sign_in_another_cloud_can_be_chosen_or_the_present_one_kept(
    window: MainWindow, wizard: Wizard, outside: Outside
) -> None:
    window.take_events(SIGNED_OUT)
    assert wizard.sign_in.step.text() == "Step 2 of 5"
    wizard.sign_in.back.click()
    assert window.pages.currentWidget() is wizard.connect_page
    assert outside.has_connection
    wizard.connect_page.keep.click()
    assert window.pages.currentWidget() is wizard.sign_in
    wizard.sign_in.back.click()
    wizard.connect_page.connect_to("/tmp/connection.json")
    assert window.pages.currentWidget() is wizard.sign_in


def test_signing_in_again_later_is_no_step_of_a_set_up(window: MainWindow, wizard: Wizard) -> None:
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT, folder="/home/ada/Docs")),))
    assert window.pages.currentWidget() is wizard.sign_in
    for widget in (wizard.sign_in.step, wizard.sign_in.back, wizard.sign_in.cancel):
        assert not widget.isVisible()


def test_after_a_reset_the_first_run_begins_with_its_steps(
    window: MainWindow, wizard: Wizard, outside: Outside
) -> None:
    window.take_events(signed_in())
    outside.has_connection = False
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT, folder="/home/ada/Docs")),))
    assert window.pages.currentWidget() is wizard.connect_page
    window.take_events(SIGNED_OUT)
    assert wizard.connect_page.step.isVisible() and wizard.connect_page.cancel.isVisible()


def test_back_from_the_folder_signs_out(
    window: MainWindow, folder: FolderPage, outside: Outside
) -> None:
    folder.back.click()
    assert outside.told == [SignOut()]
    window.take_events(SIGNED_OUT)
    assert window.pages.currentWidget() is window.wizard.sign_in


def test_back_from_the_defaults_leaves_what_was_chosen(
    window: MainWindow, folder: FolderPage, outside: Outside, qtbot: QtBot
) -> None:
    folder.path.setText("/data/typed")
    qtbot.waitUntil(folder.use.isEnabled)
    folder.use.click()
    window.wizard.defaults._lifetime.setCurrentIndex(2)
    window.wizard.defaults.back.click()
    assert window.pages.currentWidget() is folder
    assert folder.path.text() == "/data/typed"
    folder.use.click()
    window.wizard.defaults.begin.click()
    assert outside.told == [ChooseFolder("/data/typed", 604_800, is_new=True)]


def test_nothing_is_told_or_kept_before_the_last_button(
    defaults: DefaultsPage, outside: Outside
) -> None:
    defaults.at_login.setChecked(True)
    defaults.notices.setChecked(False)
    assert outside.told == []
    assert outside.preferences == Preferences() and not outside.is_at_login


@pytest.mark.parametrize("page", ["folder", "defaults"])
def test_cancelling_takes_everything_back_and_ends(
    window: MainWindow, defaults: DefaultsPage, outside: Outside, page: str
) -> None:
    if page == "folder":
        defaults.back.click()
    getattr(window.wizard, page).cancel.click()
    assert answer(window) == "Cancel the set-up?"
    assert outside.told == [SignOut()]
    assert not outside.has_connection
    assert outside.has_quit


def test_whoever_does_not_cancel_after_all_goes_on(
    window: MainWindow, folder: FolderPage, outside: Outside
) -> None:
    folder.cancel.click()
    answer(window, yes=False)
    assert outside.told == [] and outside.has_connection and not outside.has_quit
    assert window.pages.currentWidget() is folder


def test_cancelling_before_anything_was_done_just_ends(
    unconnected: MainWindow, outside: Outside
) -> None:
    unconnected.wizard.connect_page.cancel.click()
    assert outside.has_quit and outside.told == []


def test_a_sign_out_that_fails_keeps_the_set_up_and_says_why(
    window: MainWindow, folder: FolderPage, outside: Outside
) -> None:
    outside.answers[SignOut] = AppError("Keyring", "The keyring is locked.")
    folder.cancel.click()
    answer(window)
    assert folder.message.body.text() == "The keyring is locked."
    assert outside.has_connection and not outside.has_quit


# --- the folder --------------------------------------------------------------------------------


def test_the_default_is_proposed_and_can_be_taken_at_once(
    folder: FolderPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    assert folder.path.text() == "/home/ada/MyDoc Transfer"
    assert folder.facts.text() == "It will be made for you. 50 GiB free."
    qtbot.mouseClick(folder.use, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.wizard.defaults.begin, Qt.MouseButton.LeftButton)
    assert outside.told[-1] == ChooseFolder("/home/ada/MyDoc Transfer", 3600, is_new=True)


def test_what_is_already_inside_is_told_before_it_is_sent(
    folder: FolderPage, outside: Outside
) -> None:
    outside.facts = FolderFacts(True, 1, 2048, False, 2**30)
    folder.propose("/data/papers")
    assert folder.facts.text() == "It holds 1 file, 2.0 KiB. 1.0 GiB free."
    assert folder.all_files.text() == "&Send 1 file to the cloud"
    assert folder.all_files.isChecked()
    outside.facts = FolderFacts(True, 12_345, 2048, False, 2**30)
    folder.propose("/data/papers")
    assert folder.facts.text() == "It holds 12,345 files, 2.0 KiB. 1.0 GiB free."
    assert folder.all_files.text() == "&Send all 12,345 files to the cloud"


def test_only_new_files_can_be_wanted(
    folder: FolderPage, window: MainWindow, outside: Outside
) -> None:
    outside.facts = FolderFacts(True, 42, 2048, False, 2**30)
    folder.propose("/data/papers")
    folder.only_new.setChecked(True)
    folder.use.click()
    window.wizard.defaults.begin.click()
    assert outside.told == [ChooseFolder("/data/papers", 3600, is_new=True, is_only_new=True)]


def test_a_choice_made_for_a_full_folder_does_not_hold_for_an_empty_one(
    folder: FolderPage, window: MainWindow, outside: Outside
) -> None:
    outside.facts = FolderFacts(True, 42, 2048, False, 2**30)
    folder.propose("/data/papers")
    folder.only_new.setChecked(True)
    outside.facts = FolderFacts(True, 0, 0, False, 2**30)
    folder.propose("/data/empty")
    assert not folder.only_new.isVisible()
    folder.use.click()
    window.wizard.defaults.begin.click()
    assert outside.told == [ChooseFolder("/data/empty", 3600, is_new=True)]


def test_a_folder_that_can_never_be_watched_is_refused_in_place(
    folder: FolderPage, outside: Outside
) -> None:
    outside.facts = AppError("This folder cannot be used", "It is your whole home directory.")
    folder.propose("/home/ada")
    assert folder.message.body.text() == "It is your whole home directory."
    assert not folder.use.isEnabled()


def test_a_refusal_of_the_engine_leads_back_to_the_folder(
    defaults: DefaultsPage, window: MainWindow, outside: Outside
) -> None:
    outside.answers[ChooseFolder] = AppError("Not here", "It cannot be written to.", "bad_folder")
    defaults.begin.click()
    assert window.pages.currentWidget() is window.wizard.folder
    assert window.wizard.folder.message.body.text() == "It cannot be written to."
    assert window.wizard.folder.use.isEnabled()


def test_a_lifetime_that_is_refused_is_said_where_it_was_chosen(
    defaults: DefaultsPage, window: MainWindow, outside: Outside
) -> None:
    outside.answers[ChooseFolder] = Refused("Too long", "It is too long.", "lifetime_refused")
    defaults.begin.click()
    assert window.pages.currentWidget() is defaults
    assert defaults.message.body.text() == "It is too long."
    assert defaults.begin.isEnabled()


def test_a_typed_path_is_looked_at_before_it_can_be_used(
    folder: FolderPage, window: MainWindow, qtbot: QtBot
) -> None:
    folder.path.setText("/data/typed")
    assert not folder.use.isEnabled()
    qtbot.waitUntil(folder.use.isEnabled)
    qtbot.mouseClick(folder.use, Qt.MouseButton.LeftButton)
    assert window.pages.currentWidget() is window.wizard.defaults
    assert folder.chosen == "/data/typed"


def test_without_a_folder_there_is_nothing_to_use(folder: FolderPage, qtbot: QtBot) -> None:
    folder.path.setText(" ")
    qtbot.waitUntil(lambda: not folder.facts.isVisible())
    assert not folder.use.isEnabled() and not folder.only_new.isVisible()


def test_a_tilde_is_the_persons_own_folder(
    folder: FolderPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    folder.path.setText("~/Documents")
    assert folder.chosen == "/home/ada/Documents"


def test_a_late_look_at_an_earlier_folder_changes_nothing(
    folder: FolderPage, outside: Outside
) -> None:
    outside.is_holding_back = True
    folder.propose("/slow")
    folder.propose("/quick")
    slow, quick = outside.held_back
    quick()
    told = folder.facts.text()
    outside.facts = AppError("No", "No.")
    slow()
    assert folder.facts.text() == told
    assert folder.use.isEnabled()


# --- the defaults and the end ------------------------------------------------------------------


def test_the_defaults_are_kept_when_it_begins(
    defaults: DefaultsPage, window: MainWindow, outside: Outside
) -> None:
    defaults.at_login.setChecked(True)
    defaults.notices.setChecked(False)
    defaults.begin.click()
    window.take_events(signed_in())
    assert outside.is_at_login
    assert outside.preferences == Preferences(False, False, False, False, False)
    assert window.pages.currentWidget() is window.wizard.done


def test_the_last_page_greets_and_says_that_there_is_no_tray(
    defaults: DefaultsPage, window: MainWindow, outside: Outside
) -> None:
    defaults.begin.click()
    window.take_events(signed_in())
    done = window.wizard.done
    assert "Ada" in done.title.text() and done.title.text().startswith("Good ")
    assert done.where.text().startswith("There is no tray on this desktop")
    assert done.step.text() == "Step 5 of 5"
    assert not done.back.isVisible() and not done.cancel.isVisible()
    done.close_page.click()
    assert window.pages.currentWidget() is window.home


def test_a_default_that_could_not_be_kept_is_said_at_the_end(
    defaults: DefaultsPage, window: MainWindow, outside: Outside
) -> None:
    outside.saved = AppError("Settings not saved", "The disk is full.")
    defaults.notices.setChecked(False)
    defaults.begin.click()
    window.take_events(signed_in())
    assert window.wizard.done.message.body.text() == "The disk is full."


def test_a_sign_out_on_the_last_page_leads_to_the_sign_in(
    defaults: DefaultsPage, window: MainWindow
) -> None:
    defaults.begin.click()
    window.take_events(signed_in())
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT, folder="/home/ada/Docs")),))
    assert window.pages.currentWidget() is window.wizard.sign_in


@pytest.mark.parametrize("page", ["connect_page", "sign_in", "folder", "defaults", "done"])
def test_every_page_has_a_name_for_screen_readers_and_a_focus(
    window: MainWindow, wizard: Wizard, page: str
) -> None:
    window.take_events(SIGNED_OUT)
    if page == "connect_page":
        wizard.sign_in.back.click()
    elif page != "sign_in":
        window.take_events(signed_in(folder=None))
    if page in ("defaults", "done"):
        wizard.folder.use.click()
    if page == "done":
        wizard.defaults.begin.click()
        window.take_events(signed_in())
    shown = getattr(wizard, page)
    assert window.pages.currentWidget() is shown
    assert shown.accessibleName() == shown.title.text() != ""
    focused = window.focusWidget()
    assert focused is not None and shown.isAncestorOf(focused)
    mnemonics = [
        b.text()[b.text().index("&") + 1].lower()
        for b in shown.findChildren(QPushButton)
        if b.isVisible() and "&" in b.text()
    ]
    assert len(mnemonics) == len(set(mnemonics))
