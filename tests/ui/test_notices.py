"""Desktop notifications: once, together, and in words a person would use."""

import pytest
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import AnswerDeletes, Extend, Get
from mydoctransfer.model.events import (
    DeletesHeld,
    EngineState,
    ExpiringSoon,
    ItemState,
    ProblemRaised,
    Published,
    RowsChanged,
    SharedWithYou,
    Status,
    StatusChanged,
)
from mydoctransfer.model.trees import RelPath
from mydoctransfer.ui import text
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import BOB, NOW, Outside, row, shared_row, signed_in


@pytest.fixture
def ready(window: MainWindow) -> MainWindow:
    window.take_events((*signed_in(), RowsChanged((row("Acme/plan.pdf"), row("b.txt")))))
    return window


def test_a_published_document_is_told_with_its_end(ready: MainWindow, outside: Outside) -> None:
    ready.take_events((Published(("Acme/plan.pdf",)),))
    ready.notices.send()
    until = text.clock(NOW + 3_600_000, NOW)
    assert outside.notices == [
        ("published", f"\u2068plan.pdf\u2069 is in the cloud until {until}", "", ())
    ]


def test_many_published_documents_are_told_once(ready: MainWindow, outside: Outside) -> None:
    for start in range(0, 12, 4):
        ready.take_events((Published(tuple(f"{n}.txt" for n in range(start, start + 4))),))
    ready.notices.send()
    ((key, title, body, _),) = outside.notices
    assert (key, title) == ("published", "12 documents are in the cloud")
    assert body == "\u20680.txt\u2069, \u20681.txt\u2069, \u20682.txt\u2069 and 9 more"


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
    ((key, title, body, actions),) = outside.notices
    assert title == "\u2068Bob Recipient\u2069 shared a document with you"
    assert body.startswith("\u2068offer.pdf\u2069, until ")
    assert actions == (("download", "Download"),)
    ready.notification_activated(key, "download")
    assert outside.told[-1] == Get(str(theirs.share_id))


def test_a_mass_delete_can_be_stopped_from_its_notification(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((DeletesHeld(tuple(RelPath(str(n)) for n in range(30)), 40),))
    ((key, title, _, actions),) = outside.notices
    assert title == "30 files disappeared from your folder"
    assert [action for action, _ in actions] == ["keep", "show"]
    ready.notification_activated(key, "keep")
    assert outside.told[-1] == AnswerDeletes(False)


def test_a_problem_is_told_and_its_notification_leads_to_it(
    ready: MainWindow, outside: Outside
) -> None:
    bad = row("bad.iso", state=ItemState.PROBLEM)
    ready.take_events((RowsChanged((bad,)), ProblemRaised("bad.iso", "bad.iso", "Too large.")))
    ready.notices.send()
    ((key, title, body, _),) = outside.notices
    assert (title, body) == ("\u2068bad.iso\u2069 could not be sent", "Too large.")
    ready.hide()
    ready.notification_activated(key, "")
    assert ready.isVisible()
    assert ready.home.problems.isVisibleTo(ready)


def test_a_name_that_turns_the_text_around_stays_in_its_place(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((Published(("annexe\u202efdp.exe",)),))
    ready.notices.send()
    assert "annexe\\u202efdp.exe" in outside.notices[0][1]


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
    ((key, title, body, actions),) = outside.notices
    assert title == f"\u2068plan.pdf\u2069 leaves the cloud at {text.clock(NOW + 600_000, NOW)}"
    assert body == "Shared with \u2068Bob Recipient\u2069."
    assert actions == (("extend", "Keep for 1 hour"), ("let-go", "Let go"))
    ready.notification_activated(key, "extend")
    assert outside.told[-1] == Extend(str(plan.share_id), 3600)


def test_letting_an_expiring_document_go_tells_nothing_and_shows_no_window(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((ExpiringSoon((row("plan.pdf"),)),))
    ready.notices.send()
    ready.hide()
    told = list(outside.told)
    ready.notification_activated(outside.notices[0][0], "let-go")
    assert outside.told == told
    assert not ready.isVisible()


def test_many_expiring_documents_are_told_and_kept_together(
    ready: MainWindow, outside: Outside
) -> None:
    ready.take_events((ExpiringSoon(tuple(row(f"{n}.pdf") for n in range(3))),))
    ready.notices.send()
    ((key, title, _, _),) = outside.notices
    assert title == "3 documents leave the cloud within ten minutes"
    ready.notification_activated(key, "extend")
    assert outside.told_of(Extend) == [Extend(f"id of {n}.pdf", 3600) for n in range(3)]
