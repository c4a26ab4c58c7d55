"""Transfers, activity and problems beside the documents."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import (
    CancelFiles,
    CancelGet,
    Extend,
    Get,
    LookNow,
    Pause,
    PauseFiles,
    Remove,
    Resume,
    ResumeFiles,
    SendAgain,
    Share,
    Unshare,
)
from mydoctransfer.model.errors import Offline, Refused
from mydoctransfer.model.events import (
    Deed,
    Downloading,
    EngineState,
    Halt,
    Happened,
    Happening,
    ItemState,
    Progress,
    Row,
    RowsChanged,
    Status,
    StatusChanged,
)
from mydoctransfer.model.trees import RelPath
from mydoctransfer.ui.activity_model import MOST, ActivityModel
from mydoctransfer.ui.arranging import View
from mydoctransfer.ui.home import Place
from mydoctransfer.ui.list_page import ListTable
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.picked_rows import FEW, PickedRows
from mydoctransfer.ui.problems_model import ProblemsModel
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.transfers_model import TransfersModel
from mydoctransfer.ui.turns import Shift
from mydoctransfer.ui.undoing import undoing
from tests.ui.outside import NOW, Outside, row, shared_row, signed_in

UPLOADING, WAITING, SYNCED = ItemState.UPLOADING, ItemState.WAITING, ItemState.SYNCED


@pytest.fixture
def ready(window: MainWindow) -> MainWindow:
    window.take_events(signed_in())
    return window


def cells(table: ListTable) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(line, column).data() for column in range(model.columnCount())]
        for line in range(model.rowCount())
    ]


def choose(table: ListTable, line: int) -> None:
    table.selectRow(line)


def test_what_is_on_its_way_is_listed_until_it_is_in_the_cloud(ready: MainWindow) -> None:
    ready.take_events(
        (RowsChanged((row("a.iso", state=UPLOADING), row("b.txt", state=WAITING), row("c.txt"))),)
    )
    table = ready.home.transfers.table
    assert [line[0] for line in cells(table)] == ["a.iso", "b.txt"]
    assert ready.home._buttons[Place.TRANSFERS].text() == "Transfers  2"
    ready.take_events((RowsChanged((row("a.iso"),), ("b.txt",)),))
    assert cells(table) == []
    assert "Nothing is on its way" in table.accessibleDescription()
    assert ready.home._buttons[Place.TRANSFERS].text() == "Transfers"


def test_speed_and_time_left_come_from_the_last_seconds(
    ready: MainWindow, outside: Outside
) -> None:
    size = 100 * 2**20
    ready.take_events((RowsChanged((row("a.iso", size=size, state=UPLOADING),)),))
    for second in range(31):
        outside.now = NOW + second * 1000
        sent = second * 2**20 if second < 20 else (20 + (second - 20) * 2) * 2**20
        ready.take_events((Progress("a.iso", sent, size),))
    assert cells(ready.home.transfers.table) == [
        ["a.iso", "40 % of 100 MiB", "2.0 MiB/s", "0:30", "Sending"]
    ]
    ready.take_events((Progress("a.iso", 0, size),))  # it begins anew: the past says nothing
    assert cells(ready.home.transfers.table)[0][1:4] == ["0 % of 100 MiB", "", ""]


def test_the_name_of_a_transfer_keeps_its_room_in_a_narrow_window(ready: MainWindow) -> None:
    table = ready.home.transfers.table
    ready.home.show_place(Place.TRANSFERS)
    em = table.fontMetrics().horizontalAdvance("m")
    table.resize(45 * em, 300)
    assert table.columnWidth(0) >= 11 * em
    table.resize(200 * em, 300)
    assert table.columnWidth(1) == 14 * em


def test_transfers_are_paused_resumed_and_tried_again(ready: MainWindow, outside: Outside) -> None:
    page = ready.home.transfers
    assert not page.retry.isEnabled()
    ready.take_events((RowsChanged((row("a.iso", state=WAITING),)),))
    page.retry.click()
    page.pause.click()
    ready.take_events(signed_in(EngineState.PAUSED))
    assert page.pause.text() == "Resume &all"
    assert not page.retry.isEnabled()
    page.pause.click()
    assert outside.told_of(LookNow)[-1:] + outside.told_of(Pause) + outside.told_of(Resume) == [
        LookNow(),
        Pause(),
        Resume(),
    ]


def going_up(name: str, **more: object) -> Row:
    return row(name, **{"state": WAITING, "goes_up": True, "share_id": None, **more})


PAUSED = going_up("p.txt", halt=Halt.PAUSED)
CANCELLED = going_up("c.txt", halt=Halt.CANCELLED, state=ItemState.SKIPPED)


def test_chosen_transfers_are_paused_resumed_and_cancelled(
    ready: MainWindow, outside: Outside
) -> None:
    page = ready.home.transfers
    ready.take_events((RowsChanged((going_up("a.iso"), going_up("b.txt"), PAUSED, CANCELLED)),))
    assert not page.pause_one.isEnabled() and not page.cancel.isEnabled()
    page.table.selectRow(0)
    assert page.pause_one.text() == "&Pause"
    page.pause_one.click()
    page.cancel.click()
    page.table.selectRow(2)
    assert page.pause_one.text() == "&Resume"
    page.pause_one.click()
    page.table.selectRow(3)
    assert page.pause_one.text() == "&Resume"
    assert not page.cancel.isEnabled()
    page.retry.click()
    assert outside.told[-4:] == [
        PauseFiles(("a.iso",)),
        CancelFiles(("a.iso",)),
        ResumeFiles(("p.txt",)),
        ResumeFiles(("c.txt",)),
    ]


def test_of_several_chosen_those_that_go_are_paused_together(
    ready: MainWindow, outside: Outside
) -> None:
    page = ready.home.transfers
    ready.take_events((RowsChanged((going_up("a.iso"), PAUSED)),))
    page.table.selectAll()
    assert page.pause_one.text() == "&Pause"
    page.pause_one.click()
    assert outside.told[-1] == PauseFiles(("a.iso", "p.txt"))


def test_the_keyboard_does_what_the_buttons_do(
    ready: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    page = ready.home.transfers
    ready.home.show_place(Place.TRANSFERS)
    ready.take_events((RowsChanged((going_up("a.iso"),)),))
    page.table.setFocus()
    page.table.selectRow(0)
    told = len(outside.told)
    qtbot.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.keyClick(page.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert outside.told[told:] == [
        PauseFiles(("a.iso",)),
        CancelFiles(("a.iso",)),
        ResumeFiles(("a.iso",)),
    ]


def test_the_menu_of_a_transfer_has_the_same_actions(ready: MainWindow, outside: Outside) -> None:
    page = ready.home.transfers
    ready.take_events((RowsChanged((going_up("a.iso"),)),))
    page.table.selectRow(0)
    menu = page.menu()
    assert [action.text() for action in menu.actions()] == ["&Pause", "&Cancel", "&Try again now"]
    menu.actions()[1].trigger()
    assert outside.told[-1] == CancelFiles(("a.iso",))
    menu.deleteLater()


def test_a_withdrawal_that_waits_cannot_be_paused(ready: MainWindow) -> None:
    page = ready.home.transfers
    gone = row("a.iso", state=WAITING, message="Gone from the folder.")
    ready.take_events((RowsChanged((gone,)),))
    page.table.selectRow(0)
    assert not page.pause_one.isEnabled() and not page.cancel.isEnabled()


def test_a_download_is_listed_with_its_progress_and_cancelled(
    ready: MainWindow, outside: Outside
) -> None:
    page, size = ready.home.transfers, 100 * 2**20
    theirs = shared_row("offer.pdf", size=size)
    for second in range(4):
        outside.now = NOW + second * 1000
        came = Downloading(theirs.share_id, theirs, second * 2**20, size)
        ready.take_events((came, RowsChanged((theirs,))))
    expected = ["offer.pdf", "3 % of 100 MiB", "1.0 MiB/s", "1:37", "Downloading"]
    assert cells(page.table) == [expected]
    ready.take_events((RowsChanged((theirs,), (), True),))  # a snapshot has none of it
    assert cells(page.table) == [expected]
    page.table.selectRow(0)
    assert not page.pause_one.isEnabled()
    page.cancel.click()
    assert outside.told[-1] == CancelGet(theirs.share_id)
    ready.take_events((Downloading(theirs.share_id, None),))
    assert cells(page.table) == []


def test_nobody_complains_of_a_download_that_was_cancelled(
    ready: MainWindow, outside: Outside
) -> None:
    outside.answers[Get] = Refused("Refused", "The download was cancelled.", "cancelled")
    theirs = shared_row("offer.pdf")
    ready.take_events((RowsChanged((theirs,)),))
    ready.documents.acts.download((theirs,))
    ready.notice_actions.take(f"shared:{theirs.share_id}", "download")
    assert len(outside.told_of(Get)) == 2
    assert not ready.documents.message.isVisibleTo(ready)


def test_what_was_cancelled_stays_with_the_transfers_and_is_no_problem(ready: MainWindow) -> None:
    words = "Cancelled. It is sent when you change it or resume it."
    cancelled = going_up("c.txt", halt=Halt.CANCELLED, state=ItemState.SKIPPED, message=words)
    ready.take_events((RowsChanged((cancelled,)),))
    assert [line[-1] for line in cells(ready.home.transfers.table)] == [words]
    assert cells(ready.home.problems.table) == []
    ready.take_events((RowsChanged((row("c.txt"),)),))
    assert cells(ready.home.transfers.table) == []


def test_every_problem_has_a_sentence_and_what_helps(ready: MainWindow, outside: Outside) -> None:
    bad = row("sub/bad.iso", state=ItemState.PROBLEM, message="It cannot be read.")
    two = row("two.txt", state=ItemState.CONFLICT)
    link = row("link", state=ItemState.SKIPPED, message="A link, not a file.", share_id=None)
    ready.take_events((RowsChanged((bad, two, link, row("good.txt"))),))
    page = ready.home.problems
    assert [line[:2] for line in cells(page.table)] == [
        ["sub/bad.iso", "It cannot be read."],
        ["two.txt", "Two versions, both kept"],
        ["link", "A link, not a file."],
    ]
    assert all(line[2] for line in cells(page.table))
    assert ready.home._buttons[Place.PROBLEMS].text() == "Problems  2"
    assert not page.show_file.isEnabled()
    choose(page.table, 0)
    assert page.show_file.isEnabled()
    page.retry.click()
    assert outside.told[-1] == LookNow()


def test_what_is_wrong_can_be_read_whole_in_a_narrow_window(
    ready: MainWindow, qtbot: QtBot
) -> None:
    words = "Nothing in it is sent or withdrawn, for it cannot be read. " * 4
    long = row("sub", state=ItemState.PROBLEM, message=words)
    ready.take_events((RowsChanged((long, row("b", state=ItemState.PROBLEM, message="Short."))),))
    ready.home.show_place(Place.PROBLEMS)
    table = ready.home.problems.table

    def needed() -> int:
        room = QRect(0, 0, table.columnWidth(1) - 32, 10_000)
        return table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()

    qtbot.waitUntil(lambda: table.rowHeight(0) > needed())
    wide = needed()
    assert table.rowHeight(1) < wide
    ready.resize(680, 500)
    qtbot.waitUntil(lambda: needed() > wide and table.rowHeight(0) > needed())


def test_what_fails_is_said_on_every_page(ready: MainWindow, outside: Outside) -> None:
    outside.answers[LookNow] = Offline("There is no line.")
    ready.take_events((RowsChanged((row("a.iso", state=WAITING),)),))
    ready.home.show_place(Place.TRANSFERS)
    ready.home.transfers.retry.click()
    assert ready.documents.message.isVisibleTo(ready)
    assert ready.documents.message.body.text() == "There is no line."


def happening(deed: Deed, name: str = "a.pdf", at: int = NOW, **more: object) -> Happening:
    return Happening(at, deed, (name,), 1, **more)  # type: ignore[arg-type]


def test_what_happened_is_told_newest_first(ready: MainWindow) -> None:
    first = Happening(NOW - 60_000, Deed.PUBLISHED, ("a", "b", "c"), 7)
    second = happening(Deed.SHARED, people="bob@example.org")
    ready.take_events((Happened((first,), is_all=True), Happened((second,))))
    lines = cells(ready.home.activity.table)
    assert [line[1:] for line in lines] == [
        ["Shared", "\u2068a.pdf\u2069", "bob@example.org"],
        ["Sent to the cloud", "\u2068a\u2069, \u2068b\u2069, \u2068c\u2069 and 4 more", ""],
    ]


@pytest.mark.parametrize(
    ("deed", "now", "command"),
    [
        (Deed.SHARED, {}, Unshare("id", ("b@x", "c@x"))),
        (Deed.UNSHARED, {}, Share("id", ("b@x", "c@x"))),
        (Deed.EXTENDED, {}, Extend("id", 3600)),
        (Deed.EXPIRED, {"state": ItemState.GONE}, SendAgain("a.pdf")),
        (Deed.WITHDRAWN, {"state": ItemState.GONE}, SendAgain("a.pdf")),
        (Deed.WITHDRAWN, {"state": ItemState.GONE, "path": None}, None),
        (Deed.EXPIRED, {}, None),
        (Deed.SHARED, {"state": ItemState.GONE}, None),
        (Deed.SHARED, {"is_mine": False}, None),
        (Deed.RENAMED, {}, None),
        (Deed.FETCHED, {}, None),
    ],
)
def test_what_can_be_undone_is(deed: Deed, now: dict[str, object], command: object) -> None:
    entry = happening(deed, share_id="id", people="b@x, c@x", before=NOW + 3_600_000)
    how = undoing(entry, row("a.pdf", share_id="id", **now), NOW)
    assert (how.command if how else None) == command


def test_a_time_that_has_passed_does_not_come_back() -> None:
    entry = happening(Deed.EXTENDED, share_id="id", before=NOW + 59_000)
    assert undoing(entry, row("a.pdf", share_id="id"), NOW) is None
    assert undoing(entry, None, NOW) is None


def test_the_button_says_how_it_is_undone_and_does_it(ready: MainWindow, outside: Outside) -> None:
    page = ready.home.activity
    entry = happening(Deed.SHARED, share_id="id of a.pdf", people="bob@example.org")
    ready.take_events((RowsChanged((row("a.pdf"),)), Happened((entry,))))
    assert not page.undo.isEnabled()
    choose(page.table, 0)
    assert page.undo.text() == "&Take back"
    page.undo.click()
    assert outside.told[-1] == Unshare("id of a.pdf", ("bob@example.org",))


def added(*paths: str) -> Happening:
    known = tuple(map(RelPath, paths))
    return Happening(NOW, Deed.ADDED, paths[:3], len(paths), paths=known)


def undone(ready: MainWindow) -> Question | None:
    """Press the button beside what happened last; the question it asks, if it asks one."""
    page = ready.home.activity
    ready.home.show_place(Place.ACTIVITY)
    choose(page.table, 0)
    assert page.undo.text() == "&Withdraw…"
    page.undo.click()
    return ready.findChild(Question, "delete-question")


def test_adding_files_is_undone_by_withdrawing_what_is_live_after_a_question(
    ready: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    """R1: the copies stay in the folder, as the question says."""
    going = row("in/c.pdf", state=WAITING, share_id=None, goes_up=True)
    gone = row("in/d.pdf", state=ItemState.GONE)
    rows = (row("in/a.pdf"), row("in/b.pdf"), going, gone, row("in/other.pdf"))
    paths = ("in/a.pdf", "in/b.pdf", "in/c.pdf", "in/d.pdf", "in/moved away.pdf")
    ready.take_events((RowsChanged(rows), Happened((added(*paths),))))
    assert cells(ready.home.activity.table)[0][1] == "Added to the folder"
    question = undone(ready)
    assert question is not None and question.isVisible()
    assert "2 documents" in " ".join(one.text() for one in question.findChildren(QLabel))
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert outside.told == []
    question = undone(ready)
    assert question is not None
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert set(outside.told) == {
        CancelFiles((RelPath("in/c.pdf"),)),
        Remove("id of in/a.pdf"),
        Remove("id of in/b.pdf"),
    }


def test_what_was_added_and_is_not_in_the_cloud_yet_stays_here_without_a_question(
    ready: MainWindow, outside: Outside
) -> None:
    going = row("c.pdf", state=UPLOADING, share_id=None, goes_up=True)
    ready.take_events((RowsChanged((going,)), Happened((added("c.pdf"),))))
    assert undone(ready) is None
    assert outside.told == [CancelFiles((RelPath("c.pdf"),))]
    cancelled = replace(going, state=ItemState.SKIPPED, halt=Halt.CANCELLED)
    ready.take_events((RowsChanged((cancelled,)),))
    assert not ready.home.activity.undo.isEnabled()


def test_what_was_added_can_be_withdrawn_as_soon_as_it_is_seen(ready: MainWindow) -> None:
    page = ready.home.activity
    ready.take_events((Happened((added("c.pdf"),)),))
    choose(page.table, 0)
    assert not page.undo.isEnabled()
    ready.take_events((RowsChanged((row("c.pdf"),)),))
    assert page.undo.isEnabled()
    ready.take_events((RowsChanged((row("c.pdf", is_mine=False),)),))
    assert not page.undo.isEnabled()


def test_adding_so_many_files_that_nobody_kept_their_names_is_told_and_not_undone(
    ready: MainWindow,
) -> None:
    many = Happening(NOW, Deed.ADDED, ("a", "b", "c"), 4000)
    ready.take_events((RowsChanged((row("a"),)), Happened((many,))))
    choose(ready.home.activity.table, 0)
    assert not ready.home.activity.undo.isEnabled()


def test_signing_out_leaves_nothing_of_what_happened(ready: MainWindow) -> None:
    bad = row("bad.iso", state=ItemState.PROBLEM)
    ready.take_events(
        (RowsChanged((bad, row("b", state=WAITING))), Happened((happening(Deed.SHARED),)))
    )
    ready.home.show_place(Place.ACTIVITY)
    ready.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    for page in (ready.home.transfers, ready.home.activity, ready.home.problems):
        assert cells(page.table) == []
    assert ready.documents.isVisibleTo(ready.home)


def test_the_keyboard_reaches_every_page(ready: MainWindow, qtbot: QtBot) -> None:
    ready.activateWindow()
    for key, place in zip("2341", (*list(Place)[1:], Place.DOCUMENTS), strict=True):
        qtbot.keyClick(ready, key, Qt.KeyboardModifier.ControlModifier)
        assert ready.home._buttons[place].isChecked()


@pytest.mark.parametrize("count", [3, FEW + 10])
@pytest.mark.parametrize("make", [partial(TransfersModel, lambda: NOW), ProblemsModel])
def test_the_tables_are_sound_whatever_comes_and_goes(
    qtmodeltester: ModelTester, qapp: object, make: Callable[[Shift], PickedRows], count: int
) -> None:
    model = make(Shift())
    qtmodeltester.check(model)
    states = (WAITING, ItemState.PROBLEM)
    rows = [row(f"{n:03d}", state=states[n % 2]) for n in range(2 * count)]
    model.apply(RowsChanged(tuple(rows)))
    assert model.rowCount() == count
    swapped = [row(it.key, state=states[it.state is WAITING]) for it in rows]
    model.apply(RowsChanged(tuple(swapped)))
    assert model.rowCount() == count
    model.apply(RowsChanged((), tuple(it.key for it in rows[:2])))
    assert model.rowCount() == count - 1
    model.apply(RowsChanged(tuple(rows[:1]), (), True))
    model.clear()
    assert model.rowCount() == 0


def test_activity_is_bounded(qtmodeltester: ModelTester, qapp: object) -> None:
    model = ActivityModel(lambda: NOW)
    qtmodeltester.check(model)
    for n in range(MOST // 20 + 3):
        model.apply(Happened(tuple(happening(Deed.SHARED, f"{n}-{m}") for m in range(20))))
    assert model.rowCount() == MOST
    assert model.index(0, 2).data() == f"\u2068{MOST // 20 + 2}-19\u2069"


def test_the_button_for_one_transfer_shows_what_it_is_for(ready: MainWindow) -> None:
    page = ready.home.transfers
    ready.take_events((RowsChanged((going_up("a.iso", state=WAITING),)),))
    choose(page.table, 0)
    pausing = page.pause_one.icon().cacheKey()
    drawn = page.pause_one.icon().pixmap(16).toImage()
    ready.take_events((RowsChanged((going_up("a.iso", state=WAITING, halt=Halt.PAUSED),)),))
    assert page.pause_one.icon().cacheKey() != pausing
    assert page.pause_one.icon().pixmap(16).toImage() != drawn


def test_what_was_sent_before_the_pause_is_still_told(ready: MainWindow) -> None:
    table = ready.home.transfers.table
    size = 100 * 2**20
    ready.take_events((RowsChanged((going_up("a.iso", size=size, state=UPLOADING),)),))
    ready.take_events((Progress("a.iso", 40 * 2**20, size),))
    paused = going_up("a.iso", size=size, state=WAITING, halt=Halt.PAUSED)
    ready.take_events((RowsChanged((paused,)),))
    assert cells(table)[0][1:4] == ["40 % of 100 MiB", "", ""]
    ready.take_events((RowsChanged((replace(paused, halt=Halt.CANCELLED),)),))
    assert cells(table)[0][1] == "100 MiB"


def test_what_is_paused_is_not_called_up_to_date(ready: MainWindow) -> None:
    footer = ready.documents.footer
    assert footer.state.text() == "Everything is up to date"
    paused = going_up("a.iso", state=WAITING, halt=Halt.PAUSED)
    ready.take_events((RowsChanged((paused, going_up("b.iso", halt=Halt.CANCELLED))),))
    assert footer.state.text() == "1 document paused, all else is up to date"
    ready.take_events((StatusChanged(Status(EngineState.OFFLINE)),))
    assert footer.state.text() == "Offline"
    ready.take_events((*signed_in(), RowsChanged((row("a.iso"),))))
    assert footer.state.text() == "Everything is up to date"


def test_the_problems_page_does_not_call_it_in_order_while_nothing_gets_through(
    ready: MainWindow,
) -> None:
    table = ready.home.problems.table
    assert "Everything is in order" in table.accessibleDescription()
    ready.take_events((StatusChanged(Status(EngineState.OFFLINE, message="No line.")),))
    assert "in order" not in table.accessibleDescription()
    assert "Offline: No line." in table.accessibleDescription()


def test_a_screen_reader_toggles_to_a_place_and_a_view(ready: MainWindow) -> None:
    for place in (Place.PROBLEMS, Place.DOCUMENTS):
        ready.home._buttons[place].toggle()
        assert ready.home._stack.currentIndex() == list(Place).index(place)
    ready.take_events((RowsChanged((row("a.txt"), shared_row("b.txt"))),))
    ready.documents._tabs[View.SHARED].toggle()
    assert [ready.model.row_at(n).name for n in range(ready.model.rowCount())] == ["b.txt"]


def test_the_key_of_a_page_takes_the_keyboard_to_what_is_listed_there(
    ready: MainWindow, qtbot: QtBot
) -> None:
    ready.activateWindow()
    home = ready.home
    pages = (home.documents, home.transfers, home.activity, home.problems)
    for number in (2, 3, 4, 1):
        qtbot.keyClick(ready, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(pages[number - 1].table.hasFocus)
