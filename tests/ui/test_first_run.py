"""Connecting, and choosing the folder."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import ChooseFolder
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui.bridge import Bridge, FolderFacts
from mydoctransfer.ui.first_run import FolderPage
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import Outside, signed_in


@pytest.fixture
def folder(window: MainWindow) -> FolderPage:
    window.take_events(signed_in(folder=None))
    assert window.pages.currentWidget() is window.folder
    return window.folder


def test_without_a_connection_the_window_asks_for_one(
    bridge: Bridge, outside: Outside, qtbot: QtBot
) -> None:
    outside.has_connection = False
    window = MainWindow(bridge)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_quitting", True))
    assert window.pages.currentWidget() is window.connect_page
    window.connect_page.connect_to("/tmp/connection.json")
    assert window.pages.currentWidget() is not window.connect_page


def test_a_file_that_is_no_connection_is_refused_in_place(
    bridge: Bridge, outside: Outside, qtbot: QtBot
) -> None:
    outside.has_connection = False
    outside.connected = AppError("Not a connection file", "It cannot be read.")
    window = MainWindow(bridge)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_quitting", True))
    window.connect_page.connect_to("/etc/passwd")
    assert window.pages.currentWidget() is window.connect_page
    assert window.connect_page.message.body.text() == "It cannot be read."
    assert window.connect_page.open_file.isEnabled()


def test_the_text_of_a_connection_file_can_be_pasted(
    bridge: Bridge, outside: Outside, qtbot: QtBot
) -> None:
    outside.has_connection = False
    window = MainWindow(bridge)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_quitting", True))
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    window.connect_page.paste.click()
    assert outside.pasted == []
    assert "no text to paste" in window.connect_page.message.body.text()
    clipboard.setText('  {"api_url": "https://example.org"}\n')
    window.connect_page.paste.click()
    assert outside.pasted == ['{"api_url": "https://example.org"}']
    assert window.pages.currentWidget() is not window.connect_page


def test_the_default_is_proposed_and_can_be_taken_at_once(
    folder: FolderPage, outside: Outside, qtbot: QtBot
) -> None:
    assert folder.path.text() == "/home/ada/MyDoc Transfer"
    assert folder.facts.text() == "It will be made for you. 50 GiB free."
    qtbot.mouseClick(folder.use, Qt.MouseButton.LeftButton)
    assert outside.told[-1] == ChooseFolder("/home/ada/MyDoc Transfer", 3600, is_new=True)


def test_what_is_already_inside_is_told_before_it_is_sent(
    folder: FolderPage, outside: Outside
) -> None:
    outside.facts = FolderFacts(True, 1, 2048, False, 2**30)
    folder.propose("/data/papers")
    assert folder.facts.text() == (
        "It holds 1 file, 2.0 KiB. They will be sent to the cloud. 1.0 GiB free."
    )


def test_a_folder_that_can_never_be_watched_is_refused_in_place(
    folder: FolderPage, outside: Outside
) -> None:
    outside.facts = AppError("This folder cannot be used", "It is your whole home directory.")
    folder.propose("/home/ada")
    assert folder.message.body.text() == "It is your whole home directory."
    assert not folder.use.isEnabled()


def test_a_refusal_of_the_engine_is_shown_too(
    folder: FolderPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ChooseFolder] = AppError("Not writable", "It cannot be written to.")
    qtbot.mouseClick(folder.use, Qt.MouseButton.LeftButton)
    assert folder.message.body.text() == "It cannot be written to."
    assert folder.use.isEnabled()


def test_a_typed_path_is_looked_at_before_it_can_be_used(
    folder: FolderPage, outside: Outside, qtbot: QtBot
) -> None:
    folder.path.setText("/data/typed")
    assert not folder.use.isEnabled()
    qtbot.waitUntil(folder.use.isEnabled)
    qtbot.mouseClick(folder.use, Qt.MouseButton.LeftButton)
    assert outside.told[-1] == ChooseFolder("/data/typed", 3600, is_new=True)


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


def test_the_lifetimes_offered_are_those_of_the_policy(
    folder: FolderPage, outside: Outside, qtbot: QtBot
) -> None:
    folder._lifetime.setCurrentIndex(2)
    qtbot.mouseClick(folder.use, Qt.MouseButton.LeftButton)
    assert outside.told[-1] == ChooseFolder("/home/ada/MyDoc Transfer", 604_800, is_new=True)
