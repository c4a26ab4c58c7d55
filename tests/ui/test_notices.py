"""Desktop notifications: once, together, and in words a person would use."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import AnswerDeletes, Extend, Get, ResumeFiles
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import (
    DeletesHeld,
    Downloaded,
    EngineState,
    ExpiringSoon,
    ItemState,
    ProblemRaised,
    Published,
    Row,
    RowsChanged,
    SharedWithYou,
    Status,
    StatusChanged,
)
from mydoctransfer.model.notifications import Notification
from mydoctransfer.model.preferences import Preferences
from mydoctransfer.model.trees import Fetched, Person, RelPath
from mydoctransfer.ui import text
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import BOB, EVE, NOW, Outside, row, shared_row, signed_in


@pytest.fixture
def ready(window: MainWindow) -> MainWindow:
    window.take_events((*signed_in(), RowsChanged((row("Acme/plan.pdf"), row("b.txt")))))
    return window


def test_a_published_document_is_told_with_its_end(ready: MainWindow, outside: Outside) -> None:
    ready.take_events((Published(("Acme/plan.pdf",)),))
    ready.notices.send()
    until = text.clock(NOW + 3_600_000, NOW)
    title = f"\u2068plan.pdf\u2069 is in the cloud until {until}"
    assert outside.notices == [Notification("published", title)]


def test_large_numbers_are_written_as_the_locale_does(ready: MainWindow, outside: Outside) -> None:
    ready.take_events((Published(tuple(f"{n}.txt" for n in range(1234))),))
    ready.notices.send()
    (note,) = outside.notices
    assert note.title == "1,234 documents are in the cloud"
    assert note.body.endswith("and 1,231 more")


def test_many_published_documents_are_told_once(ready: MainWindow, outside: Outside) -> None:
    for start in range(0, 12, 4):
        ready.take_events((Published(tuple(f"{n}.txt" for n in range(start, start + 4))),))
    ready.notices.send()
    (note,) = outside.notices
    assert (note.key, note.title) == ("published", "12 documents are in the cloud")
    assert note.body == "\u20680.txt\u2069, \u20681.txt\u2069, \u20682.txt\u2069 and 9 more"


def test_notifications_go_out_by_themselves(
    ready: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    ready.notices._timer.setInterval(0)
    ready.take_events((Published(("b.txt",)),))
    qtbot.waitUntil(lambda: len(outside.notices) == 1)


def test_a_shared_document_can_be_downloaded_from_its_notification(
    ready: MainWindow, outside: Outside
) -> None:
    theirs = shared_row("offer.pdf", BOB)
    ready.take_events((SharedWithYou((theirs,)),))
    ready.notices.send()
    (note,) = outside.notices
    assert note.title == "\u2068Bob Recipient\u2069 shared a document with you"
    assert note.body.startswith("\u2068offer.pdf\u2069, until ")
    assert note.actions == (("download", "Download"),)
    outside.answers[Get] = {"path": "/home/ada/MyDoc Inbox/offer.pdf", "share_id": "1"}
    ready.notice_actions.take(note.key, "download")
    assert outside.told[-1] == Get(str(theirs.share_id))
    came = outside.notices[-1]
    assert (came.key, came.title) == (note.key, "\u2068offer.pdf\u2069 is in your inbox")
    assert came.actions == (("show-file", "Show in folder"),)


def test_what_was_downloaded_from_a_notification_is_shown_from_it(
    ready: MainWindow, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("mydoctransfer.ui.notice_actions.open_path", opened.append)
    outside.answers[Get] = {"path": "/home/ada/MyDoc Inbox/offer.pdf", "share_id": "1"}
    ready.notice_actions.take("shared:1", "download")
    ready.hide()
    ready.notice_actions.take("shared:1", "show-file")
    assert opened == ["/home/ada/MyDoc Inbox"] and not ready.isVisible()


@pytest.mark.parametrize(
    ("key", "action", "command"),
    [
        ("shared:1", "download", Get),
        ("held", "keep", AnswerDeletes),
        ("problem", "retry", ResumeFiles),
    ],
)
def test_what_could_not_be_done_is_told_where_it_was_asked(
    ready: MainWindow, outside: Outside, key: str, action: str, command: type
) -> None:
    ready.hide()
    outside.answers[command] = AppError("Offline", "The cloud cannot be reached.")
    ready.notice_actions.take(key, action)
    told = outside.notices[-1]
    assert (told.key, told.title, told.body) == (key, "Offline", "The cloud cannot be reached.")


def test_a_mass_delete_can_be_stopped_from_its_notification(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((DeletesHeld(tuple(RelPath(str(n)) for n in range(30)), 40),))
    (note,) = outside.notices
    assert note.title == "30 files disappeared from your folder"
    assert [action for action, _ in note.actions] == ["keep", "show"]
    ready.notice_actions.take(note.key, "keep")
    assert outside.told[-1] == AnswerDeletes(False)


def test_a_problem_is_told_and_its_notification_leads_to_it(
    ready: MainWindow, outside: Outside
) -> None:
    bad = row("bad.iso", state=ItemState.PROBLEM)
    ready.take_events((RowsChanged((bad,)), ProblemRaised("bad.iso", "bad.iso", "Too large.")))
    ready.notices.send()
    (note,) = outside.notices
    assert (note.title, note.body) == ("\u2068bad.iso\u2069 could not be sent", "Too large.")
    assert note.actions == (("retry", "Try again"), ("show", "Show"))
    ready.hide()
    ready.notice_actions.take(note.key, "")
    assert ready.isVisible()
    assert ready.home.problems.isVisibleTo(ready)


def test_a_name_that_turns_the_text_around_stays_in_its_place(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((Published(("annexe\u202efdp.exe",)),))
    ready.notices.send()
    assert "annexe\\u202efdp.exe" in outside.notices[0].title


def test_nothing_is_told_after_signing_out(ready: MainWindow, outside: Outside) -> None:
    ready.take_events((Published(("b.txt",)),))
    ready.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    ready.notices.send()
    assert outside.notices == []


def test_an_expiring_document_can_be_kept_from_its_notification(
    ready: MainWindow, outside: Outside
) -> None:
    plan = row("plan.pdf", expires_at=NOW + 600_000, people=(BOB,))
    ready.take_events((ExpiringSoon((plan,)),))
    ready.notices.send()
    (note,) = outside.notices
    assert (
        note.title == f"\u2068plan.pdf\u2069 leaves the cloud at {text.clock(NOW + 600_000, NOW)}"
    )
    assert note.body == "Not downloaded yet by \u2068Bob Recipient\u2069."
    assert note.actions == (("extend", "Keep for 1 hour"), ("let-go", "Let go"))
    ready.notice_actions.take(note.key, "extend")
    assert outside.told[-1] == Extend(str(plan.share_id), 3600)
    assert outside.notices[-1] == Notification(note.key, "\u2068plan.pdf\u2069 stays for 1 hour")


def test_letting_an_expiring_document_go_tells_nothing_and_shows_no_window(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((ExpiringSoon((row("plan.pdf"),)),))
    ready.notices.send()
    ready.hide()
    told = list(outside.told)
    ready.notice_actions.take(outside.notices[0].key, "let-go")
    assert outside.told == told
    assert not ready.isVisible()


def test_many_expiring_documents_are_told_and_kept_together(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((ExpiringSoon(tuple(row(f"{n}.pdf") for n in range(3))),))
    ready.notices.send()
    (note,) = outside.notices
    assert note.title == "3 documents leave the cloud within ten minutes"
    ready.notice_actions.take(note.key, "extend")
    assert outside.told_of(Extend) == [Extend(f"id of {n}.pdf", 3600) for n in range(3)]
    assert outside.notices[1:] == [Notification(note.key, "3 documents stay for 1 hour")]
    outside.answers[Extend] = AppError("Offline", "The cloud cannot be reached.")
    ready.notice_actions.take(note.key, "extend")
    assert outside.notices[2:] == [
        Notification(note.key, "Offline", "The cloud cannot be reached.")
    ]


def _expiring(ready: MainWindow, outside: Outside, *rows: Row) -> str:
    ready.take_events((ExpiringSoon(rows),))
    ready.notices.send()
    return outside.notices[-1].body


def test_who_has_not_fetched_an_expiring_document_is_named(
    ready: MainWindow, outside: Outside
) -> None:
    both = {"people": (BOB, EVE), "version": 2}
    plan = row("plan.pdf", fetched=(Fetched(BOB, 2, NOW),), **both)
    assert _expiring(ready, outside, plan) == "Not downloaded yet by \u2068Eve M\u00fcller\u2069."
    older = row("plan.pdf", fetched=(Fetched(BOB, 2, NOW), Fetched(EVE, 1, NOW)), **both)
    assert "Eve" in _expiring(ready, outside, older)
    everybody = row("plan.pdf", fetched=(Fetched(BOB, 2, NOW), Fetched(EVE, 2, NOW)), **both)
    assert _expiring(ready, outside, everybody) == "Everybody has downloaded it."
    assert _expiring(ready, outside, row("plan.pdf")) == ""


def test_many_who_have_not_fetched_it_are_counted(ready: MainWindow, outside: Outside) -> None:
    people = tuple(Person(f"p{n}@example.org", f"P{n}") for n in range(5))
    body = _expiring(ready, outside, row("plan.pdf", people=people))
    assert (
        body == "Not downloaded yet by \u2068P0\u2069, \u2068P1\u2069, \u2068P2\u2069 and 2 more."
    )


def test_of_several_expiring_documents_each_says_who_has_not_fetched_it(
    ready: MainWindow, outside: Outside
) -> None:
    body = _expiring(ready, outside, row("a.pdf", people=(BOB,)), row("b.pdf"))
    assert (
        body
        == "\u2068a.pdf\u2069: Not downloaded yet by \u2068Bob Recipient\u2069.\n\u2068b.pdf\u2069"
    )


def _downloaded(ready: MainWindow, outside: Outside, *pairs: tuple[Row, Person]) -> tuple[str, str]:
    ready.take_events(tuple(Downloaded((pair,)) for pair in pairs))
    ready.notices.send()
    (note,) = outside.notices
    assert (note.key, note.actions) == ("downloaded", ())
    return note.title, note.body


def test_a_download_is_told_with_who_it_was(ready: MainWindow, outside: Outside) -> None:
    title, body = _downloaded(ready, outside, (row("plan.pdf"), BOB))
    assert (title, body) == ("\u2068Bob Recipient\u2069 downloaded \u2068plan.pdf\u2069", "")


def test_one_document_downloaded_by_several_is_told_once(
    ready: MainWindow, outside: Outside
) -> None:
    plan = row("plan.pdf")
    title, body = _downloaded(ready, outside, (plan, BOB), (plan, EVE))
    assert title == "\u2068plan.pdf\u2069 was downloaded"
    assert body == "By \u2068Bob Recipient\u2069, \u2068Eve M\u00fcller\u2069."


def test_several_documents_downloaded_are_told_once(ready: MainWindow, outside: Outside) -> None:
    pairs = [(row(f"{n}.pdf"), BOB) for n in range(12)]
    title, body = _downloaded(ready, outside, *pairs)
    assert title == "12 documents were downloaded"
    assert body == "By \u2068Bob Recipient\u2069."


KINDS = {
    "tell_published": Published(("b.txt",)),
    "tell_shared": SharedWithYou((shared_row("offer.pdf"),)),
    "tell_downloaded": Downloaded(((row("b.txt"), BOB),)),
    "tell_expiring": ExpiringSoon((row("b.txt"),)),
    "tell_problems": ProblemRaised("bad.iso", "bad.iso", "Too large."),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_switched_off_alone(
    ready: MainWindow, outside: Outside, kind: str
) -> None:
    outside.preferences = replace(Preferences(), **{kind: False})
    for event in KINDS.values():
        ready.take_events((event,))
    ready.notices.send()
    told = {note.key.partition(":")[0] for note in outside.notices}
    every = {"tell_published": "published", "tell_shared": "shared", "tell_problems": "problem"}
    every |= {"tell_downloaded": "downloaded", "tell_expiring": "expiring"}
    assert told == set(every.values()) - {every[kind]}


def test_a_problem_is_tried_again_from_its_notification_without_the_window(
    ready: MainWindow, outside: Outside
) -> None:
    raised = tuple(ProblemRaised(f"{n}.iso", f"{n}.iso", "The disk is full.") for n in range(3))
    ready.take_events(raised)
    ready.notices.send()
    (note,) = outside.notices
    assert note.title == "3 items need attention"
    ready.hide()
    ready.notice_actions.take(note.key, "retry")
    assert outside.told[-1] == ResumeFiles(("0.iso", "1.iso", "2.iso"))
    assert not ready.isVisible()
    ready.notice_actions.take(note.key, "show")
    assert ready.home.problems.isVisibleTo(ready)


@pytest.mark.parametrize("now", [ItemState.SYNCED, ItemState.BUSY])
def test_what_passed_meanwhile_or_passes_by_itself_is_no_problem_to_tell(
    ready: MainWindow, outside: Outside, now: ItemState
) -> None:
    ready.take_events((ProblemRaised("a.iso", "a.iso", "It keeps changing."),))
    ready.take_events((RowsChanged((row("a.iso", state=now),)),))
    ready.notices.send()
    assert outside.notices == []


def test_an_expiring_document_is_not_told_of_when_it_is_gone(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((ExpiringSoon((row("a.pdf"), row("b.pdf", expires_at=NOW + 60_000))),))
    ready.notices.send()
    assert [note.until_ms for note in outside.notices] == [NOW + 3_600_000]
