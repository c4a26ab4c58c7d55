"""The main page: what can be done with documents, and what is said about it."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QMimeData, QModelIndex, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import (
    AddFiles,
    AnswerDeletes,
    Extend,
    FindUsers,
    Get,
    LookNow,
    Pause,
    Remove,
    Rename,
    Resume,
    ResumeFiles,
    SendAgain,
    Share,
    SignOut,
    Unshare,
)
from mydoctransfer.model.errors import AppError, Offline, Refused
from mydoctransfer.model.events import (
    DeletesHeld,
    EngineState,
    Halt,
    ItemState,
    Progress,
    RowsChanged,
    Status,
    StatusChanged,
)
from mydoctransfer.model.trees import Fetched, Policy, RelPath
from mydoctransfer.ui.arranging import Column, View
from mydoctransfer.ui.choices import Act, possible
from mydoctransfer.ui.documents_cells import small
from mydoctransfer.ui.documents_page import DocumentsPage
from mydoctransfer.ui.documents_view import files_of
from mydoctransfer.ui.drop_zone import local_paths
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.name_editor import NameEditor
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.share_dialog import ShareDialog
from tests.ui.outside import ACCOUNT, ADA, BOB, EVE, NOW, Outside, row, shared_row, signed_in

LEFT = Qt.MouseButton.LeftButton
GONE = row("gone.txt", state=ItemState.GONE, expires_at=NOW - 1)
PLAN = row("plan.pdf", people=(BOB,))
THEIRS = shared_row("theirs.pdf", BOB)
EVERY = set(Act) - {Act.SEND_AGAIN, Act.RECEIPT, Act.RESUME}  # of what is mine and in the cloud


@pytest.fixture
def page(window: MainWindow) -> DocumentsPage:
    window.take_events((*signed_in(), RowsChanged((GONE, PLAN, THEIRS))))
    assert window.pages.currentWidget() is window.home
    return window.documents


def choose(page: DocumentsPage, *keys: str) -> None:
    page.table.clearSelection()
    for key in keys:
        line = page.model.line_of(key)
        assert line is not None
        selection = page.table.selectionModel()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        selection.setCurrentIndex(page.model.index(line, 0), flags)


def press(page: DocumentsPage, act: Act, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.bar.buttons[act], LEFT)


def found(kind, page: DocumentsPage):
    dialog = page.findChild(kind)
    assert dialog is not None
    return dialog


# What can be done


def test_nothing_chosen_nothing_possible(page: DocumentsPage) -> None:
    page.table.clearSelection()
    assert not any(button.isEnabled() for button in page.bar.buttons.values())


@pytest.mark.parametrize(
    ("rows", "acts"),
    [
        (
            (PLAN,),
            EVERY - {Act.SHARE_AS_BEFORE, Act.FOLDER_RULE},
        ),
        ((row("f/r", former=("b@x.org",)),), EVERY),
        ((row("p", share_id=None, halt=Halt.PAUSED),), {Act.RESUME, Act.OPEN, Act.SHOW_FILE}),
        ((row("p", halt=Halt.PAUSED), row("c", share_id=None, halt=Halt.CANCELLED)), {Act.RESUME}),
        ((PLAN, row("b")), {Act.SHARE, Act.DOWNLOAD, Act.EXTEND, Act.DELETE}),
        ((THEIRS,), {Act.DOWNLOAD}),
        ((PLAN, THEIRS), {Act.DOWNLOAD}),
        ((GONE,), {Act.SEND_AGAIN, Act.OPEN, Act.SHOW_FILE, Act.RECEIPT}),
        ((GONE, GONE), {Act.SEND_AGAIN}),
        ((GONE, PLAN), set()),
        ((row("w", share_id=None, state=ItemState.WAITING),), {Act.OPEN, Act.SHOW_FILE}),
        ((shared_row("g", state=ItemState.GONE),), set()),
        ((row("f/d", share_id=None, state=ItemState.PROBLEM, is_directory=True),), {Act.SHOW_FILE}),
    ],
)
def test_what_is_possible_follows_from_the_rows(rows: tuple, acts: set[Act]) -> None:
    assert possible(rows) == acts


def test_what_somebody_stopped_is_resumed_where_its_row_says_so(
    page: DocumentsPage, window: MainWindow, outside: Outside
) -> None:
    stopped = row("p.iso", share_id=None, state=ItemState.WAITING, halt=Halt.PAUSED, goes_up=True)
    window.take_events((RowsChanged((stopped,)),))
    choose(page, "p.iso")
    resume = page.bar.actions_by_act[Act.RESUME]
    assert resume in page.bar.context_menu().actions()
    resume.trigger()
    assert outside.told_of(ResumeFiles) == [ResumeFiles((RelPath("p.iso"),))]


def test_a_button_says_why_it_does_nothing_for_a_mixed_selection(page: DocumentsPage) -> None:
    withdraw = page.bar.buttons[Act.DELETE]
    choose(page, PLAN.key, THEIRS.key)
    assert not withdraw.isEnabled()
    assert withdraw.toolTip() == "Withdraw (Del): not possible with all that is selected"
    choose(page, PLAN.key)
    assert withdraw.toolTip() == "Withdraw (Del)"
    page.table.clearSelection()
    assert withdraw.toolTip() == "Withdraw (Del)"


def test_what_is_neither_here_nor_in_the_cloud_stands_under_gone_alone(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    """Sent again, it has the same name as the document that went before."""
    before = replace(row("plan.pdf", state=ItemState.GONE), key="5" * 32, path=None)
    count = page.model.counts[View.ALL]
    window.take_events((RowsChanged((before,)),))
    qtbot.waitUntil(lambda: page.model.row(before.key) is not None and page.model.is_settled)
    assert page.model.counts[View.ALL] == page.model.rowCount() == count
    page.show_document(before.key)
    assert page.model.line_of(before.key) is not None
    assert page.table.chosen() == (before,)


def test_the_original_name_is_the_files(page: DocumentsPage, window: MainWindow) -> None:
    window.take_events((RowsChanged((row("a/draft.txt", name="Final.txt"),)),))
    choose(page, "a/draft.txt")
    page.bar.actions_by_act[Act.RENAME].trigger()
    dialog = found(NameEditor, page)
    original = dialog.findChild(QLabel, "rename-original")
    assert isinstance(original, QLabel) and "draft.txt" in original.text()
    assert "Final" not in original.text() and dialog.name.text() == "Final.txt"


def test_who_has_fetched_it_stands_where_it_is_shared(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    fetched = row("plan.pdf", people=(BOB, EVE), version=1, fetched=(Fetched(BOB, 1, NOW),))
    window.take_events((RowsChanged((fetched,)),))
    people = share_dialog(page, qtbot).people
    assert not people.horizontalScrollBar().maximum()
    bob, eve = (people.item(line).text() for line in range(people.count()))
    assert "downloaded at" in bob and bob.startswith("\u2068Bob Recipient")
    assert "not downloaded yet" in eve


def test_download_goes_to_the_inbox_and_says_so(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[Get] = {"path": "/home/ada/MyDoc Inbox/theirs (2).pdf"}
    choose(page, THEIRS.key)
    press(page, Act.DOWNLOAD, qtbot)
    assert outside.told[-1] == Get(str(THEIRS.share_id))
    assert page.message.body.text() == "\u2068theirs (2).pdf\u2069 is in your inbox."


def test_send_again_sends_the_file_that_is_gone(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    choose(page, GONE.key)
    press(page, Act.SEND_AGAIN, qtbot)
    assert outside.told[-1] == SendAgain("gone.txt")


def test_extend_offers_the_lifetimes_of_the_policy(page: DocumentsPage, outside: Outside) -> None:
    choose(page, PLAN.key)
    actions = page.bar.extend_menu.actions()
    assert [a.text() for a in actions] == [
        "1 hour from now",
        "1 day from now",
        "7 days from now",
        "30 days from now",
    ]
    actions[1].trigger()
    assert outside.told[-1] == Extend(str(PLAN.share_id), 86_400)


def test_withdrawing_asks_and_the_careful_answer_is_the_default(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    choose(page, PLAN.key)
    press(page, Act.DELETE, qtbot)
    question = found(Question, page)
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert outside.told_of(Remove) == []


def test_withdrawing_happens_after_a_yes(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    choose(page, PLAN.key)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    question = found(Question, page)
    qtbot.mouseClick(question.yes, LEFT)
    assert outside.told_of(Remove) == [Remove(str(PLAN.share_id))]


def test_refusals_of_many_are_said_once(
    page: DocumentsPage, outside: Outside, window: MainWindow
) -> None:
    window.take_events((RowsChanged(tuple(row(f"{n}.txt") for n in range(5))),))
    outside.answers[Extend] = Refused("Not extended", "The policy allows 30 days.", "too_long")
    choose(page, *(f"{n}.txt" for n in range(5)))
    page.bar.extend_menu.actions()[0].trigger()
    assert page.message.body.text() == (
        "The policy allows 30 days. The same goes for 4 more documents."
    )


def test_rename_shows_the_old_name_and_takes_the_new(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    choose(page, PLAN.key)
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    dialog = found(NameEditor, page)
    assert dialog.name.text() == "plan.pdf"
    assert dialog.name.selectedText() == "plan"
    qtbot.keyClicks(dialog.name, "draft")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert outside.told[-1] == Rename(str(PLAN.share_id), "draft.pdf")
    assert not dialog.isVisible()
    qtbot.waitUntil(page.table.hasFocus)


def test_a_name_is_written_where_the_old_one_stands_and_goes_with_its_row(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    choose(page, PLAN.key)
    press(page, Act.RENAME, qtbot)
    editor = found(NameEditor, page)
    line = page.model.line_of(PLAN.key)
    cell = page.table.visualRect(page.model.index(line or 0, Column.NAME.value))
    middle = page.table.viewport().mapTo(page, cell.center())
    assert editor.geometry().contains(middle) and page.rect().contains(editor.geometry())
    before = editor.y()
    window.take_events((RowsChanged((row("a first one.txt"),)),))
    qtbot.waitUntil(lambda: editor.y() > before)
    window.take_events((RowsChanged((), (PLAN.key,)),))
    qtbot.waitUntil(lambda: not page.findChildren(NameEditor))
    assert not any(isinstance(command, Rename) for command in outside.told)


def test_a_name_refused_after_its_row_went_out_of_sight_is_seen(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    many = tuple(row(f"{number:03}.txt") for number in range(200))
    window.take_events((RowsChanged(many, is_snapshot=True),))
    qtbot.waitUntil(lambda: page.model.rowCount() == 200)
    choose(page, "000.txt")
    press(page, Act.RENAME, qtbot)
    editor = found(NameEditor, page)
    outside.answers[Rename] = Refused("Not renamed", "You have one of that name.", "exists")
    outside.is_holding_back = True
    qtbot.keyClicks(editor.name, "other")
    qtbot.keyClick(editor.name, Qt.Key.Key_Return)
    page.table.scrollToBottom()
    outside.let_go()
    assert editor.isVisible() and editor.message.isVisible()
    assert page.table.rowAt(0) == 0


@pytest.mark.parametrize("how", ["escape", "elsewhere", "unchanged", "empty"])
def test_a_name_that_is_left_stays_the_old_one(
    page: DocumentsPage, outside: Outside, qtbot: QtBot, how: str
) -> None:
    choose(page, PLAN.key)
    press(page, Act.RENAME, qtbot)
    name = found(NameEditor, page).name
    qtbot.waitUntil(name.hasFocus)
    match how:
        case "escape":
            qtbot.keyClicks(name, "other")
            qtbot.keyClick(name, Qt.Key.Key_Escape)
        case "elsewhere":
            qtbot.keyClicks(name, "other")
            page.filter_box.setFocus(Qt.FocusReason.MouseFocusReason)
        case "unchanged":
            qtbot.keyClick(name, Qt.Key.Key_Return)
        case "empty":
            name.clear()
            qtbot.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.findChildren(NameEditor))
    assert not any(isinstance(command, Rename) for command in outside.told)
    qtbot.waitUntil((page.filter_box if how == "elsewhere" else page.table).hasFocus)


def test_a_refused_name_stays_to_be_corrected(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[Rename] = Refused("Not renamed", "You have one of that name.", "exists")
    choose(page, PLAN.key)
    press(page, Act.RENAME, qtbot)
    dialog = found(NameEditor, page)
    qtbot.keyClicks(dialog.name, "other")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.isVisible() and dialog.name.text() == "other.pdf"
    assert dialog.message.body.text() == "You have one of that name."
    assert page.rect().contains(dialog.geometry())


def test_a_name_with_a_byte_that_is_no_text_can_be_renamed(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    window.take_events((RowsChanged((row("caf\udce9.txt"),)),))
    choose(page, "caf\udce9.txt")
    press(page, Act.RENAME, qtbot)
    found(NameEditor, page).close()


def test_the_keyboard_comes_to_a_table_with_a_row_chosen_so_that_f2_means_one(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    page.filter_box.setFocus()
    qtbot.waitUntil(page.filter_box.hasFocus)
    page.table.setCurrentIndex(QModelIndex())
    page.table.clearSelection()
    page.model.filter("plan")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    assert page.table.chosen() == (PLAN,)
    qtbot.waitUntil(page.bar.actions_by_act[Act.RENAME].isEnabled)
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    assert found(NameEditor, page).isVisible()


# Sharing


def share_dialog(page: DocumentsPage, qtbot: QtBot) -> ShareDialog:
    choose(page, PLAN.key)
    press(page, Act.SHARE, qtbot)
    return found(ShareDialog, page)


USERS = {
    "users": [
        {"email": ADA.email, "given_name": "Ada", "family_name": "Sender"},
        {"email": EVE.email, "given_name": "Eve", "family_name": "Müller"},
    ]
}


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy(), "everybody in your organisation. Documents"),
        (Policy(allowed_recipients=("example.org",)), "with: example.org. Documents"),
        (Policy(refused_recipients=("x@example.org",)), "organisation. Not with: x@example.org. D"),
        (
            Policy(
                allowed_recipients=("a.org", "b.org"), refused_recipients=("c@a.org", "d.a.org")
            ),
            "with: a.org, b.org. Not with: c@a.org, d.a.org. Documents",
        ),
    ],
)
def test_whom_one_may_share_with_is_said_before_sharing(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot, policy: Policy, said: str
) -> None:
    window.take_events(signed_in(account=replace(ACCOUNT, policy=policy)))
    line = share_dialog(page, qtbot).findChild(QLabel, "share-policy")
    assert line is not None
    assert said in re.sub("[\u2066-\u2069]", "", line.text())


def test_one_is_never_offered_oneself_nor_who_has_it(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    bob = {"email": BOB.email, "given_name": "Bob", "family_name": "Recipient"}
    outside.answers[FindUsers] = {"users": [*USERS["users"], bob]}
    dialog = share_dialog(page, qtbot)
    qtbot.keyClicks(dialog.field.search, "e")
    qtbot.waitUntil(lambda: dialog.field.found.count() == 1)
    assert dialog.field.found.item(0).text() == "Eve Müller (eve@example.org)"


def test_a_list_of_nobody_says_so(page: DocumentsPage, window: MainWindow, qtbot: QtBot) -> None:
    window.take_events((RowsChanged((row("plan.pdf"),)),))
    dialog = share_dialog(page, qtbot)
    assert dialog.nobody.isVisible()
    assert dialog.people.accessibleDescription() == "Nobody else has it yet."
    window.take_events((RowsChanged((row("plan.pdf", people=(BOB,)),)),))
    assert not dialog.nobody.isVisible()
    assert dialog.people.accessibleDescription() == ""


def test_sharing_with_the_keyboard_alone(
    page: DocumentsPage, outside: Outside, window: MainWindow, qtbot: QtBot
) -> None:
    outside.answers[FindUsers] = USERS
    dialog = share_dialog(page, qtbot)
    qtbot.keyClicks(dialog.field.search, "eve")
    qtbot.waitUntil(lambda: dialog.field.found.count() == 1)
    qtbot.keyClick(dialog.field.search, Qt.Key.Key_Return)
    assert outside.told_of(Share) == []  # chosen, not shared yet
    qtbot.keyClick(dialog.field.search, Qt.Key.Key_Return)
    assert outside.told_of(Share) == [Share(str(PLAN.share_id), (EVE.email,))]
    assert dialog.field.chosen() == ()
    window.take_events((RowsChanged((row("plan.pdf", people=(BOB, EVE)),)),))
    assert [dialog.people.item(n).text()[1:4] for n in (0, 1)] == ["Bob", "Eve"]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_is_still_written_is_shared_with_too(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[FindUsers] = USERS
    dialog = share_dialog(page, qtbot)
    qtbot.keyClicks(dialog.field.search, EVE.email)
    qtbot.mouseClick(dialog.add, LEFT)
    assert outside.told_of(Share) == [Share(str(PLAN.share_id), (EVE.email,))]


def test_refused_people_are_named_and_the_others_shared_with_at_the_next_try(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    who = "who@example.com"
    outside.answers[FindUsers] = Offline("The directory is busy.")
    outside.answers[Share] = Refused("Refused", "Somebody …", "unknown_recipient", (who,))
    dialog = share_dialog(page, qtbot)
    dialog.field.add((who, EVE.email))
    qtbot.mouseClick(dialog.add, LEFT)
    assert who in dialog.field.message.body.text()
    assert dialog.field.chosen() == (EVE.email,)
    outside.answers[Share] = {"ok": True}
    qtbot.mouseClick(dialog.add, LEFT)
    assert outside.told_of(Share)[-1] == Share(str(PLAN.share_id), (EVE.email,))
    assert who in dialog.field.message.body.text()


def test_what_went_wrong_otherwise_is_said_and_the_people_stay_chosen(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.answers[FindUsers] = USERS
    outside.answers[Share] = Offline("The cloud cannot be reached.")
    dialog = share_dialog(page, qtbot)
    dialog.field.add((EVE.email,))
    qtbot.mouseClick(dialog.add, LEFT)
    assert dialog.message.body.text() == "The cloud cannot be reached."
    assert dialog.field.chosen() == (EVE.email,)


def test_people_can_be_taken_away_again(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    dialog = share_dialog(page, qtbot)
    assert not dialog.remove.isEnabled()
    dialog.people.item(0).setSelected(True)
    qtbot.mouseClick(dialog.remove, LEFT)
    assert outside.told_of(Unshare) == [Unshare(str(PLAN.share_id), (BOB.email,))]


def test_click_to_share_opens_the_dialog(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    window.take_events((RowsChanged((row("alone.txt"),)),))
    click(page, "alone.txt", Column.PEOPLE, qtbot)
    assert found(ShareDialog, page).isVisible()


def click(page: DocumentsPage, key: str, column: Column, qtbot: QtBot) -> None:
    line = page.model.line_of(key)
    assert line is not None
    at = page.table.visualRect(page.model.index(line, column.value)).center()
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=at)


def test_a_click_on_when_a_document_expires_offers_more_time_right_there(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    click(page, PLAN.key, Column.EXPIRES, qtbot)
    menu, cell = page.bar.extend_menu, page.table.current_cell()
    assert menu.isVisible()
    assert menu.pos().y() == cell.bottom()
    assert menu.pos().x() <= cell.left() <= menu.geometry().right()  # a small screen moves it
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert outside.told_of(Extend) == [Extend(str(PLAN.share_id), 86_400)]


def test_from_right_to_left_the_menu_ends_where_the_cell_begins(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    click(page, PLAN.key, Column.EXPIRES, qtbot)
    menu, cell = page.bar.extend_menu, page.table.current_cell()
    assert menu.isVisible()
    assert abs(menu.geometry().right() - cell.right()) <= 1
    menu.close()


@pytest.mark.parametrize("key", [GONE.key, THEIRS.key])
def test_a_click_on_an_expiry_that_is_not_mine_to_move_only_chooses_the_row(
    page: DocumentsPage, key: str, qtbot: QtBot
) -> None:
    click(page, key, Column.EXPIRES, qtbot)
    assert [one.key for one in page.table.chosen()] == [key]
    assert not page.bar.extend_menu.isVisible()


def test_return_does_in_a_cell_what_a_click_does_for_all_that_is_chosen(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    window.take_events((RowsChanged((row("draft.txt"),)),))
    choose(page, PLAN.key, "draft.txt")
    selection = page.table.selectionModel()
    expires = page.table.currentIndex().siblingAtColumn(Column.EXPIRES.value)
    selection.setCurrentIndex(expires, selection.SelectionFlag.NoUpdate)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.bar.extend_menu.isVisible()
    qtbot.keyClick(page.bar.extend_menu, Qt.Key.Key_Return)
    wanted = {Extend(str(one), 3600) for one in (PLAN.share_id, "id of draft.txt")}
    assert set(outside.told_of(Extend)) == wanted
    people = expires.siblingAtColumn(Column.PEOPLE.value)
    selection.setCurrentIndex(people, selection.SelectionFlag.NoUpdate)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert len(found(ShareDialog, page).keys) == 2


def test_return_in_a_cell_with_nothing_to_do_opens_the_document(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    choose(page, THEIRS.key)
    page.table.setCurrentIndex(page.table.currentIndex().siblingAtColumn(Column.EXPIRES.value))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert outside.told_of(Get) == [Get(str(THEIRS.share_id))]


def test_return_on_a_state_with_something_wrong_leads_to_all_that_is_said_of_it(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    other, bad = (row(name, state=ItemState.PROBLEM, message="It is full.") for name in "ab")
    window.take_events((RowsChanged((other, bad)),))
    choose(page, bad.key)
    page.table.setCurrentIndex(page.table.currentIndex().siblingAtColumn(Column.STATE.value))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    problems = window.home.problems.table
    assert problems.isVisibleTo(window)
    (line,) = problems.chosen()
    assert problems.model().index(line, 0).data() == "b"


def test_a_row_has_room_for_its_folder_however_large_the_letters_become(
    page: DocumentsPage, qapp: QApplication
) -> None:
    before = QFont(qapp.font())
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * 2)
    narrow = page.table.columnWidth(Column.EXPIRES.value)
    try:
        qapp.setFont(larger)
        lines = QFontMetrics(larger).height() + QFontMetrics(small(larger)).height()
        assert page.table.rowHeight(0) >= lines
        assert page.table.columnWidth(Column.EXPIRES.value) > narrow
    finally:
        qapp.setFont(before)
    assert page.table.columnWidth(Column.EXPIRES.value) == narrow


def test_return_means_the_row_it_is_in_when_what_was_chosen_is_gone(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    window.take_events((RowsChanged((row("a chosen.pdf"),)),))
    choose(page, "a chosen.pdf")
    page.table.setCurrentIndex(page.table.currentIndex().siblingAtColumn(Column.EXPIRES.value))
    window.take_events((RowsChanged((), ("a chosen.pdf",)),))
    assert not page.table.chosen()
    at = page.table.currentIndex()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.table.currentIndex() == at
    assert page.table.chosen() == (page.model.row_at(at.row()),)


def test_screen_readers_and_tooltips_say_that_the_expiry_can_be_moved(page: DocumentsPage) -> None:
    spoken = {}
    for key in (PLAN.key, THEIRS.key):
        line = page.model.line_of(key)
        assert line is not None
        cell = page.model.index(line, Column.EXPIRES.value)
        spoken[key] = cell.data(Qt.ItemDataRole.AccessibleDescriptionRole)
        assert "Expires at" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert spoken[PLAN.key].endswith(". Click or press Return for more time.")
    assert "Return" not in spoken[THEIRS.key]


def test_a_late_answer_to_an_earlier_search_is_not_shown(
    page: DocumentsPage, outside: Outside, qtbot: QtBot
) -> None:
    outside.is_holding_back = True
    outside.answers[FindUsers] = USERS
    dialog = share_dialog(page, qtbot)
    dialog.field.search.setText("e")
    dialog.field._search()
    dialog.field.search.setText("zzz")
    dialog.field._search()
    outside.held_back[0]()
    assert dialog.field.found.count() == 0


# Held deletions


def test_a_mass_delete_is_asked_about_and_keeping_is_the_default(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    paths = tuple(RelPath(f"{n}") for n in range(30))
    window.take_events((*signed_in(held_deletes=30), DeletesHeld(paths, 40)))
    keep = page.held.findChild(QPushButton, "held-deletes-keep")
    confirm = page.held.findChild(QPushButton, "held-deletes-confirm")
    assert keep is not None and confirm is not None
    assert confirm.text() == "&Withdraw 30 documents"
    assert keep.isDefault()
    qtbot.mouseClick(keep, LEFT)
    assert outside.told_of(AnswerDeletes) == [AnswerDeletes(False)]
    assert not page.held.isVisible()


def test_a_mass_delete_can_be_confirmed(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    window.take_events(signed_in(held_deletes=7))
    confirm = page.held.findChild(QPushButton, "held-deletes-confirm")
    assert confirm is not None
    qtbot.mouseClick(confirm, LEFT)
    assert outside.told_of(AnswerDeletes) == [AnswerDeletes(True)]


def test_the_question_grows_with_what_is_held(page: DocumentsPage, window: MainWindow) -> None:
    window.take_events(signed_in(held_deletes=7))
    window.take_events(signed_in(held_deletes=9))
    confirm = page.held.findChild(QPushButton, "held-deletes-confirm")
    assert confirm is not None
    assert confirm.text() == "&Withdraw 9 documents"


def test_the_question_goes_when_it_was_answered_elsewhere(
    page: DocumentsPage, window: MainWindow
) -> None:
    window.take_events(signed_in(held_deletes=7))
    assert page.held.isVisible()
    window.take_events(signed_in())
    assert not page.held.isVisible()


# Dropping


def drop(window: MainWindow, *urls: str) -> bool:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    at, copy = QPoint(50, 50), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at, copy, data, LEFT, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    assert (
        window._drop_zone.isVisible() or window.pages.currentWidget() is window.wizard.connect_page
    )
    event = QDropEvent(at, copy, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    return True


def test_files_and_folders_can_be_dropped(
    page: DocumentsPage, window: MainWindow, outside: Outside
) -> None:
    assert drop(window, "file:///tmp/a%20b.pdf", "file:///tmp/folder")
    assert outside.told[-1] == AddFiles(("/tmp/a b.pdf", "/tmp/folder"))
    assert not window._drop_zone.isVisible()


def test_what_is_no_file_of_this_computer_is_not_taken(
    page: DocumentsPage, window: MainWindow
) -> None:
    assert not drop(window, "https://example.org/x")


def test_a_refused_copy_is_said(page: DocumentsPage, window: MainWindow, outside: Outside) -> None:
    outside.answers[AddFiles] = AppError("Not copied", "The disk is full.")
    drop(window, "file:///tmp/a")
    assert page.message.body.text() == "The disk is full."


# How things stand


@pytest.mark.parametrize(
    ("state", "queued", "words"),
    [
        (EngineState.IDLE, 0, "Everything is up to date"),
        (EngineState.SYNCING, 1, "Sending 1 document"),
        (EngineState.SYNCING, 0, "Looking for changes"),
        (EngineState.PAUSED, 3, "Paused, 3 documents waiting"),
        (EngineState.OFFLINE, 0, "Offline"),
        (EngineState.PROBLEM, 0, "Something needs your attention"),
    ],
)
def test_the_footer_says_how_things_stand(
    page: DocumentsPage, window: MainWindow, state: EngineState, queued: int, words: str
) -> None:
    window.take_events(signed_in(state, queued=queued))
    assert page.footer.state.text() == words
    assert page.footer.state.objectName() == "state-label"


def test_a_long_sentence_in_the_footer_ends_in_an_ellipsis_and_is_whole_in_its_tooltip(
    page: DocumentsPage, window: MainWindow
) -> None:
    words = "Nothing in it is sent or withdrawn, for it cannot be read. " * 4
    window.take_events(signed_in(EngineState.PROBLEM, message=words))
    state = page.footer.state
    assert state.text().endswith(words)
    assert state.shown().endswith("…")
    assert state.fontMetrics().horizontalAdvance(state.shown()) <= state.width()
    assert words.strip() in state.toolTip()
    window.take_events(signed_in())
    assert state.shown() == state.text()


@pytest.mark.parametrize(("locale", "number"), [("en_GB", "12,345"), ("it_IT", "12.345")])
def test_large_numbers_in_the_footer_are_written_as_the_person_s_locale_has_them(
    page: DocumentsPage, window: MainWindow, locale: str, number: str
) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        window.take_events(signed_in(EngineState.SYNCING, queued=12_345))
        assert page.footer.state.text() == f"Sending {number} documents"
        later = NOW + 60_000
        window.take_events(signed_in(EngineState.PAUSED, queued=12_345, paused_until=later))
        assert page.footer.state.text().endswith(f", {number} documents waiting")
        page.footer.show_problems(12_345)
        assert page.footer.problems.text() == f"{number} items need attention"
    finally:
        QLocale.setDefault(before)


def test_problems_are_counted_and_one_click_shows_them(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    bad = row("bad", state=ItemState.PROBLEM, message="It cannot be read.")
    window.take_events((RowsChanged((bad,)),))
    assert page.footer.problems.text() == "1 item needs attention"
    qtbot.mouseClick(page.footer.problems, LEFT)
    problems = window.home.problems.table.model()
    assert problems.rowCount() == 1
    assert problems.index(0, 1).data() == "It cannot be read."
    assert not page.isVisible()


def test_an_empty_table_says_what_to_do(window: MainWindow) -> None:
    window.take_events(signed_in())
    assert window.documents.table.empty.isVisible()
    window.take_events((RowsChanged((PLAN,)),))
    assert not window.documents.table.empty.isVisible()


def test_typing_into_the_filter_filters(page: DocumentsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.filter_box, "plan")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)


def test_the_menu_pauses_and_resumes(
    page: DocumentsPage, window: MainWindow, outside: Outside
) -> None:
    window.menu.pause_action.trigger()
    window.take_events(signed_in(EngineState.PAUSED))
    assert window.menu.pause_action.text() == "&Resume"
    window.menu.pause_action.trigger()
    assert outside.told_of(Pause) + outside.told_of(Resume) == [Pause(), Resume()]


def test_signing_out_leaves_nothing_to_be_seen(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    """T80."""
    dialog = share_dialog(page, qtbot)
    window.menu.sign_out_action.trigger()
    assert outside.told_of(SignOut) == [SignOut()]
    window.take_events((StatusChanged(Status(EngineState.SIGNED_OUT, email=ADA.email)),))
    assert window.pages.currentWidget() is window.wizard.sign_in
    assert window.model.row(PLAN.key) is None
    assert not dialog.isVisible()
    assert page.footer.account.text() == ""


def test_showing_the_window_has_the_engine_look(window: MainWindow, outside: Outside) -> None:
    window.take_events(signed_in())
    window.hide()
    window.summon()
    assert window.isVisible()
    assert outside.told_of(LookNow) == [LookNow()]


def test_views_are_tabs_with_counts(page: DocumentsPage, qtbot: QtBot) -> None:
    words = {view: tab.text() for view, tab in page._tabs.items()}
    assert words == {
        View.ALL: "All  3",
        View.MINE: "Mine  1",
        View.SHARED: "Shared with me  1",
        View.GONE: "Gone  1",
    }
    qtbot.mouseClick(page._tabs[View.GONE], LEFT)
    assert page.model.rowCount() == 1


def test_the_context_menu_offers_what_is_possible(page: DocumentsPage) -> None:
    choose(page, THEIRS.key)
    words = [a.text() for a in page.bar.context_menu().actions() if not a.isSeparator()]
    assert words == ["&Download"]


def test_progress_without_a_row_is_harmless(window: MainWindow) -> None:
    window.take_events((*signed_in(), Progress("unknown", 1, 2)))


def test_what_was_sent_again_is_shared_as_before_with_one_click(
    page: DocumentsPage, window: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    """R13."""
    again = row("again.txt", former=("bob@example.org", "eve@example.org"))
    window.take_events((RowsChanged((again,)),))
    line = page.model.line_of("again.txt")
    assert line is not None
    index = page.model.index(line, Column.PEOPLE.value)
    assert index.data() == "Share as before"
    assert "eve@example.org" in index.data(Qt.ItemDataRole.ToolTipRole)
    at = page.table.visualRect(index).center()
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=at)
    assert outside.told[-1] == Share("id of again.txt", again.former)
    page.bar.actions_by_act[Act.SHARE_AS_BEFORE].trigger()
    assert outside.told_of(Share) == [Share("id of again.txt", again.former)] * 2
    window.take_events((RowsChanged((row("again.txt", people=(BOB,)),)),))
    assert not page.bar.actions_by_act[Act.SHARE_AS_BEFORE].isEnabled()


def test_files_are_dragged_out_of_the_window_and_never_back_into_it(
    page: DocumentsPage, window: MainWindow
) -> None:
    files = (row("sub/odd name ü.pdf"), row("gone.txt", state=ItemState.GONE))
    gone = shared_row("theirs.pdf", state=ItemState.GONE)
    window.take_events((RowsChanged((*files, gone), (), True),))
    page.table.selectAll()
    index = page.model.index(0, 0)
    assert page.model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    paths = page.table.on_drag(page.table.chosen())
    folder = "/home/ada/MyDoc Transfer"
    assert sorted(paths) == [f"{folder}/gone.txt", f"{folder}/sub/odd name ü.pdf"]
    data = files_of(paths)
    assert sorted(local_paths(data)) == sorted(paths)
    assert not files_of([]).hasUrls()
