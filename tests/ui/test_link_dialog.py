"""The link dialog and the panic button: what is told, and what is shown of the answer."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import ChangeLink, RevokeAll, RevokeLink
from mydoctransfer.model.errors import Offline
from mydoctransfer.model.events import RowsChanged
from mydoctransfer.model.trees import LinkState
from mydoctransfer.ui.choices import Act, possible
from mydoctransfer.ui.link_dialog import LinkDialog
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.question import Question
from tests.ui.outside import NOW, Outside, row, shared_row, signed_in

LEFT = Qt.MouseButton.LeftButton
URL = "https://abc.example.org/api/s/token"
PLAN = row("plan.pdf")
LINKED = dataclasses.replace(PLAN, link=LinkState(NOW, 1, 3, True))
ANSWER = {
    "url": URL,
    "share_id": PLAN.share_id,
    "expires_at": "2026-11-23T10:30:00.000Z",
    "downloads": 1,
    "max_downloads": 3,
    "has_password": True,
}
ENDED = {**dict.fromkeys(ANSWER), "share_id": PLAN.share_id}


def opened(window: MainWindow, linked: bool = False) -> LinkDialog:
    shown = LINKED if linked else PLAN
    window.take_events((*signed_in(), RowsChanged((shown,))))
    window.documents.table.selectRow(0)
    window.documents.bar.buttons[Act.LINK].click()
    dialog = window.documents.findChild(LinkDialog)
    assert dialog is not None
    return dialog


def test_only_ones_own_live_documents_have_links_and_one_at_a_time() -> None:
    assert Act.LINK in possible((PLAN,))
    assert Act.LINK not in possible((PLAN, row("b")))
    assert Act.LINK not in possible((shared_row("c", PLAN.owner),))


def test_making_a_link_sends_its_terms_and_shows_its_address(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ChangeLink] = ANSWER
    dialog = opened(window)
    assert outside.told_of(ChangeLink) == []
    assert not dialog.address.isVisible()
    qtbot.keyClicks(dialog.password, "secret")
    qtbot.keyClicks(dialog.downloads, "3")
    dialog.lifetime.setCurrentIndex(1)
    qtbot.mouseClick(dialog.apply, LEFT)
    assert outside.told_of(ChangeLink) == [ChangeLink(str(PLAN.share_id), "secret", 3, 3600)]
    assert (dialog.address.text(), dialog.password.text()) == (URL, "")
    assert dialog.qr.isVisible() and dialog.qr.modules
    assert "1 of 3 downloads used, with a password" in dialog.state.text()


def test_a_link_there_is_is_shown_again_and_applying_it_unchanged_changes_nothing(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ChangeLink] = ANSWER
    dialog = opened(window, linked=True)
    assert dialog.address.text() == URL
    qtbot.mouseClick(dialog.apply, LEFT)
    assert outside.told_of(ChangeLink) == [ChangeLink(str(PLAN.share_id))] * 2


def test_a_password_and_a_limit_can_be_taken_away(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ChangeLink] = ANSWER
    dialog = opened(window, linked=True)
    dialog.no_password.setChecked(True)
    dialog.downloads.clear()
    qtbot.mouseClick(dialog.apply, LEFT)
    assert outside.told[-1] == ChangeLink(str(PLAN.share_id), "", 0)


def test_a_limit_of_none_is_asked_for_again(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    dialog = opened(window)
    qtbot.keyClicks(dialog.downloads, "0")
    qtbot.mouseClick(dialog.apply, LEFT)
    assert outside.told_of(ChangeLink) == []
    assert "from 1 to" in dialog.message.body.text()


def test_the_address_is_copied_and_the_button_says_so(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ChangeLink] = ANSWER
    dialog = opened(window, linked=True)
    qtbot.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text() == URL
    assert (dialog.copy.text(), dialog.copy.accessibleName()) == ("Copied!", "Copied!")


def test_ending_the_link_asks_first(window: MainWindow, outside: Outside, qtbot: QtBot) -> None:
    outside.answers |= {ChangeLink: ANSWER, RevokeLink: ENDED}
    dialog = opened(window, linked=True)
    qtbot.mouseClick(dialog.revoke, LEFT)
    question = dialog.findChild(Question)
    assert question is not None
    assert outside.told_of(RevokeLink) == []
    qtbot.mouseClick(question.yes, LEFT)
    assert outside.told[-1] == RevokeLink(str(PLAN.share_id))
    assert not dialog.address.isVisible()
    assert dialog.message.body.text() == "The link has ended."


def test_a_failure_is_said_in_the_dialog_and_can_be_tried_again(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ChangeLink] = Offline("The cloud cannot be reached.")
    dialog = opened(window)
    qtbot.keyClicks(dialog.password, "secret")
    qtbot.mouseClick(dialog.apply, LEFT)
    assert dialog.message.body.text() == "The cloud cannot be reached."
    assert dialog.apply.isEnabled()
    assert dialog.password.text() == "secret"


@pytest.mark.parametrize("is_sure", [False, True])
def test_the_panic_button_asks_first(
    window: MainWindow, outside: Outside, qtbot: QtBot, is_sure: bool
) -> None:
    panic = window.findChild(QAction, "menu-revoke-all")
    assert panic is not None
    assert not panic.isEnabled()
    window.take_events((*signed_in(), RowsChanged((PLAN,))))
    panic.trigger()
    question = window.findChild(Question, "revoke-all-question")
    assert question is not None
    qtbot.mouseClick(question.yes if is_sure else question.no, LEFT)
    assert outside.told_of(RevokeAll) == ([RevokeAll()] if is_sure else [])
    assert window.documents.message.isVisible() is is_sure


def test_the_dialog_stays_on_the_screen_when_the_link_makes_it_grow(
    window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[ChangeLink] = ANSWER
    dialog = opened(window)
    room = dialog.screen().availableGeometry()
    dialog.move(dialog.x(), room.bottom() - dialog.frameGeometry().height())
    before = dialog.frameGeometry().height()
    qtbot.mouseClick(dialog.apply, LEFT)
    qtbot.waitUntil(lambda: dialog.frameGeometry().height() > before + 100)
    qtbot.waitUntil(lambda: room.contains(dialog.frameGeometry()))
