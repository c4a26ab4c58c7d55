"""What comes from other threads arrives on Qt's, whole and in order."""

import threading

import shiboken6
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import WhoAmI
from mydoctransfer.model.events import Event, Progress
from mydoctransfer.ui.bridge import Bridge, Result
from tests.ui.outside import Outside


def test_two_thousand_deliveries_from_another_thread_arrive_in_order(
    bridge: Bridge, qtbot: QtBot
) -> None:
    # 2,000: a PySide6 that drops a reference on every emit (6.12 on Python 3.11) dies before.
    got: list[Event] = []
    batches: list[int] = []

    def take(events: tuple[Event, ...]) -> None:
        got.extend(events)
        batches.append(len(events))

    bridge.on_events = take
    sent = [Progress("a", number, 2000) for number in range(2000)]
    thread = threading.Thread(target=lambda: [bridge.deliver((event,)) for event in sent])
    thread.start()
    qtbot.waitUntil(lambda: len(got) == 2000)
    thread.join()
    assert got == sent
    assert len(batches) < 200


def test_an_answer_from_another_thread_is_handled_on_qts(
    bridge: Bridge, outside: Outside, qtbot: QtBot
) -> None:
    outside.is_holding_back = True
    seen: list[tuple[bool, Result]] = []
    owner = QObject()
    here = QThread.currentThread()
    bridge.tell(WhoAmI(), owner, lambda r: seen.append((QThread.currentThread() is here, r)))
    thread = threading.Thread(target=outside.let_go)
    thread.start()
    qtbot.waitUntil(lambda: bool(seen))
    thread.join()
    assert seen == [(True, {"ok": True})]


def test_an_answer_to_a_window_that_is_gone_is_dropped(
    bridge: Bridge, outside: Outside, qtbot: QtBot
) -> None:
    outside.is_holding_back = True
    seen: list[Result] = []
    owner = QObject()
    bridge.tell(WhoAmI(), owner, seen.append)
    bridge.tell(WhoAmI(), bridge, seen.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not _is_alive(owner))
    outside.let_go()
    assert len(seen) == 1


def test_what_was_told_before_an_answer_is_shown_before_it(
    bridge: Bridge, outside: Outside
) -> None:
    order: list[str] = []
    bridge.on_events = lambda events: order.append("events")
    bridge.deliver((Progress("a", 1, 2),))
    bridge.tell(WhoAmI(), bridge, lambda result: order.append("answer"))
    assert order == ["events", "answer"]


def _is_alive(owner: QObject) -> bool:
    return shiboken6.isValid(owner)
