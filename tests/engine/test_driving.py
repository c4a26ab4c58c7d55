"""An engine that cannot go on: whoever waits is told, and nothing of it reaches the next one."""

import errno
import os
import queue
import threading
from typing import Any

import pytest

from mydoctransfer.engine import answers
from mydoctransfer.engine.driving import run
from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.messages import Done, Message, Reply, Stop, Told
from mydoctransfer.engine.pool import Pool
from mydoctransfer.engine.ports import Failure, FailureKind, JournalLost
from mydoctransfer.engine.tasks import Call, Tasks, call
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from tests.engine.days import Day, a_day
from tests.support.waiting import wait_for


def code(reply: Reply) -> str:
    assert isinstance(reply, AppError)
    return reply.code


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "full")


class FullReserve:
    """Room of which nothing can be given, on a disk where somebody counts how often it is kept."""

    def __init__(self) -> None:
        self.kept = 0

    def keep(self) -> None:
        self.kept += 1

    def tend(self) -> bool:
        return bool(full())

    def give(self) -> bool:
        return False


def ended(day: Day, *messages: Message) -> "queue.Queue[Message]":
    """Run the engine on these messages until the full disk ends it; what is in its inbox then."""
    engine = day.device().engine
    assert isinstance(engine, Engine)
    inbox: queue.Queue[Message] = queue.Queue()
    for message in messages:
        inbox.put(message)
    with pytest.raises(OSError, match="full"):
        run(engine, inbox)
    return inbox


def test_an_engine_that_ends_by_an_error_answers_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """J05, J14: a pause that cannot be written down ends the engine, and does not hang."""
    replies: list[Reply] = []
    with a_day() as day:
        monkeypatch.setattr(day.device().journal, "put", full)
        # The first one's answer is still on its way then.
        ended(day, Told(c.ReadAudit(), replies.append), Told(c.Pause(), replies.append))
    assert [code(reply) for reply in replies] == ["disk_full", "disk_full"]


def test_a_stop_that_was_taken_outlives_the_error_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """J05: who says stop to a program on a full disk says it once."""
    with a_day() as day:
        monkeypatch.setattr(day.device().journal, "put", full)
        inbox = ended(day, Stop(), Told(c.Pause(), lambda reply: None))
    assert inbox.get_nowait() == Stop()


def test_who_takes_something_back_is_answered_also_where_no_room_can_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replies: list[Reply] = []
    with a_day() as day:
        monkeypatch.setattr(day.device().engine._parts, "reserve", FullReserve())
        ended(day, Told(c.RevokeAll(), replies.append))
    assert [code(reply) for reply in replies] == ["disk_full"]


def test_an_engine_whose_journal_was_taken_away_ends_in_whatever_task() -> None:
    """J09: it can remember nothing any more; a look that fails for ever would be all."""
    with a_day() as day:
        os.rename(day.device().journal_path, f"{day.device().journal_path}.away")
        day.write("a.txt")
        with pytest.raises(JournalLost):
            day.until(lambda: False, "it goes on without a journal")


def test_a_late_result_for_the_engine_before_is_nobodys() -> None:
    """Both take their messages from one inbox: the window's."""

    def asks() -> Any:
        return (yield from call(len, "abc"))

    asked: list[tuple[int, Call[Any]]] = []
    got: list[object] = []
    for _ in range(2):
        tasks = Tasks(lambda ticket, what: asked.append((ticket, what)))
        tasks.start("ask", asks(), lambda result, error: got.append(result))
    (before, _), (now, _) = asked
    tasks.done(before, "of another cloud")
    assert got == []
    tasks.done(now, 3)
    assert got == [3]


def test_the_threads_of_an_engine_that_ended_end_too_and_begin_nothing_more() -> None:
    """What it had asked for and nobody had begun would be done beside the next engine."""
    inbox: queue.Queue[Message] = queue.Queue()
    pool = Pool(inbox, threads=1)
    began, may_end = threading.Event(), threading.Event()

    def under_way() -> bool:
        began.set()
        return may_end.wait(30)

    pool.submit(1, Call(under_way, ()))
    pool.submit(2, Call(len, ("abc",)))
    assert began.wait(30)
    pool.close()
    may_end.set()
    wait_for(lambda: not any(thread.is_alive() for thread in pool._threads))
    assert inbox.get_nowait() == Done(1, True)
    assert inbox.empty()


def test_a_full_disk_is_not_taken_for_a_cloud_that_nobody_understands() -> None:
    """J05: what the cloud said cannot be written down."""
    with a_day() as day:
        day.sync()
        day.crashes["D1"] = ("learn", 0, "full")
        day.write("a.txt")

        def says_so() -> bool:
            return day.device().engine.status().message == answers.NO_ROOM

        day.until(says_so, "nothing is said")
        assert day.device().engine.status().state.value == "problem"
        told = [i["message"] for i in day.status(day.device())["items"] if i["path"] == "."]
        assert told == [answers.NO_ROOM]
        day.sync()
        assert day.device().engine.status().state.value == "idle"
        assert "." not in day.states()


def test_a_session_that_ended_is_not_told_with_the_trouble_before() -> None:
    """J05."""
    with a_day() as day:
        day.sync()
        session = day.device().engine._session
        session.failed(OSError(errno.ENOSPC, "full"))
        assert "." in day.states()
        session.noticed(Failure(FailureKind.SIGNED_OUT, "It is over.", "session"))
        assert "." not in day.states()


def test_room_is_put_by_again_while_the_program_runs() -> None:
    """J05: a second full disk finds it, too."""
    with a_day() as day:
        day.sync()
        reserve = FullReserve()
        day.device().engine._parts.reserve = reserve
        day.pass_time(60)
        assert reserve.kept > 1


def test_on_a_full_disk_the_documents_are_listed_as_they_were_known() -> None:
    """J05: who wants to take one back looks for it first."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.write("b.txt", d="D1")
        day.crashes["D1"] = ("learn", 0, "full")
        listed = day.tell(c.ListDocuments())
        assert "D1" not in day.crashes
        assert [document["path"] for document in listed["documents"]] == ["a.txt"]
