"""Links, files from the file manager, a second start: asked about first, and never lost."""

import json

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from mydoctransfer.model import links
from mydoctransfer.model.commands import AddFiles
from mydoctransfer.model.events import EngineState, ItemState, RowsChanged
from mydoctransfer.model.links import OpenShare
from mydoctransfer.model.trees import ShareId
from mydoctransfer.model.wishes import FollowLink, ShareFiles, Show
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.question import Question, Telling
from mydoctransfer.ui.settings import SettingsWindow
from tests.ui.outside import Outside, row, shared_row, signed_in

PLAN, THEIRS = row("plan.pdf"), shared_row("theirs.png")
LINK = FollowLink(OpenShare(THEIRS.share_id or ShareId("")))
SETUP = FollowLink(links.to_set_up(json.dumps({"api_url": "https://cloud.example/api"})))


def dialogs(window: MainWindow) -> list[QDialog]:
    return [d for d in window.findChildren(QDialog) if d.isVisible()]


def question(window: MainWindow, name: str) -> Question:
    (found,) = (d for d in dialogs(window) if d.objectName() == name)
    assert isinstance(found, Question)
    return found


def come_in(window: MainWindow, qtbot: QtBot, *rows: object) -> None:
    window.take_events((*signed_in(), RowsChanged((PLAN, THEIRS, *rows), (), True)))
    qtbot.waitUntil(lambda: window.model.is_settled)
    window.take_events(signed_in())


def test_a_link_to_a_document_asks_and_then_shows_it(window: MainWindow, qtbot: QtBot) -> None:
    come_in(window, qtbot)
    window.documents.filter_box.setText("plan")
    window.take_wish(LINK)
    asked = question(window, "link-question")
    assert asked.no.isDefault()
    assert "theirs.png" in asked.windowTitle()
    assert window.documents.table.chosen() == ()
    asked.yes.click()
    qtbot.waitUntil(lambda: window.model.is_settled)
    window.take_events(signed_in())
    assert window.documents.table.chosen() == (THEIRS,)


def test_saying_no_to_a_link_changes_nothing(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    come_in(window, qtbot)
    told = len(outside.told)
    window.take_wish(LINK)
    question(window, "link-question").no.click()
    assert window.documents.table.chosen() == ()
    assert not [c for c in outside.told[told:] if type(c).__name__ != "LookNow"]


def test_a_link_waits_until_somebody_is_signed_in_and_documents_are_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.take_wish(LINK)
    assert dialogs(window) == []
    window.take_events(signed_in(EngineState.SYNCING))
    assert dialogs(window) == []
    come_in(window, qtbot)
    assert question(window, "link-question").isVisible()


def test_a_link_to_what_is_not_mine_says_so(window: MainWindow, qtbot: QtBot) -> None:
    come_in(window, qtbot)
    window.take_wish(FollowLink(OpenShare(ShareId("0" * 32))))
    (told,) = dialogs(window)
    assert isinstance(told, Telling)
    assert "not among yours" in told.windowTitle()


def test_a_page_that_opens_many_links_gets_one_question(window: MainWindow, qtbot: QtBot) -> None:
    come_in(window, qtbot)
    for _ in range(20):
        window.take_wish(LINK)
    assert len(dialogs(window)) == 1


def test_a_setup_link_connects_only_after_the_host_was_shown(
    window: MainWindow, outside: Outside
) -> None:
    outside.has_connection = False
    window.take_wish(SETUP)
    asked = question(window, "setup-question")
    assert "cloud.example" in asked.windowTitle()
    assert outside.pasted == []
    asked.yes.click()
    assert json.loads(outside.pasted[0])["api_url"] == "https://cloud.example/api"


def test_a_setup_link_never_moves_an_installation_to_another_cloud(
    window: MainWindow, outside: Outside
) -> None:
    window.take_wish(SETUP)
    (told,) = dialogs(window)
    assert isinstance(told, Telling)
    assert outside.pasted == []


def test_files_are_copied_as_a_drop_does_and_shared_once_they_arrived(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    come_in(window, qtbot)
    outside.answers[AddFiles] = {"added": ["a.txt", "b.txt"]}
    window.take_wish(ShareFiles(("/tmp/a.txt", "/tmp/b.txt")))
    assert outside.told_of(AddFiles) == [AddFiles(("/tmp/a.txt", "/tmp/b.txt"))]
    come_in(window, qtbot, row("a.txt"), row("b.txt", share_id=None, state=ItemState.UPLOADING))
    assert dialogs(window) == []
    come_in(window, qtbot, row("a.txt"), row("b.txt"))
    assert [d.objectName() for d in dialogs(window)] == ["share-dialog"]
    assert window.documents.acts.share_dialog is not None
    assert window.documents.acts.share_dialog.keys == ("a.txt", "b.txt")


def test_a_file_of_the_folder_is_shared_where_it_lies(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    come_in(window, qtbot)
    window.take_wish(ShareFiles(("/home/ada/MyDoc Transfer/plan.pdf",)))
    assert outside.told_of(AddFiles) == []
    assert [d.objectName() for d in dialogs(window)] == ["share-dialog"]


def test_a_second_start_shows_the_window(window: MainWindow) -> None:
    window.hide()
    window.take_wish(Show())
    assert window.isVisible()


def test_the_setup_link_can_be_copied(window: MainWindow, outside: Outside, qtbot: QtBot) -> None:
    window.take_events(signed_in())
    window.show_settings()
    assert isinstance(window.settings, SettingsWindow)
    window.settings.account.setup_link.click()
    assert QGuiApplication.clipboard().text() == outside.setup_link


def test_the_file_manager_can_be_left_alone(window: MainWindow, outside: Outside) -> None:
    window.take_events(signed_in())
    window.show_settings()
    assert window.settings is not None
    window.settings.general.in_file_manager.toggle()
    assert outside.preferences.in_file_manager is False
