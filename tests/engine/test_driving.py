"""An engine that cannot go on: whoever waits is told, and on a full disk another one is tried."""

import errno
import os
import queue
from typing import Any

import pytest

from mydoctransfer.engine import answers
from mydoctransfer.engine.driving import REST, Teller, rest, run
from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.messages import Done, Hint, Message, Reply, Stop, Told
from mydoctransfer.engine.pool import Pool
from mydoctransfer.engine.ports import JournalLost
from mydoctransfer.engine.tasks import Call, Tasks, call
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Published, Status, StatusChanged
from mydoctransfer.model.trees import Account, Person, Policy
from tests.engine.days import a_day
from tests.support.waiting import wait_for

FOLDER = "/home/anna/Documents"


class Clock:
    """A clock that goes on by what somebody waited for."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


class Inbox:
    """An inbox with messages, each of which comes after so many seconds."""

    def __init__(self, clock: Clock, *coming: tuple[float, Message]) -> None:
        self._clock = clock
        self._coming = list(coming)

    def get(self, timeout: float) -> Message:
        if not self._coming or self._coming[0][0] > timeout:
            self._clock.now += timeout
            raise queue.Empty
        after, message = self._coming.pop(0)
        self._clock.now += after
        return message

    def put(self, message: Message) -> None:
        self._coming.insert(0, (0.0, message))


def resting(*coming: tuple[float, Message], has_room: bool = False) -> tuple[bool, Clock, Any]:
    """Rest while this comes in; whether to go on, the clock after it, and the inbox."""
    clock = Clock()
    inbox: Any = Inbox(clock, *coming)
    goes_on = rest(inbox, clock, lambda: has_room, lambda: FOLDER)  # type: ignore[arg-type]
    return goes_on, clock, inbox


def code(reply: Reply) -> str:
    assert isinstance(reply, AppError)
    return reply.code


# --- at rest -------------------------------------------------------------------------------------


def test_a_rest_ends_by_itself() -> None:
    """J05."""
    goes_on, clock, _ = resting((3.0, Hint(frozenset())))
    assert (goes_on, clock.now) == (True, 100.0 + REST)


def test_who_says_stop_does_not_wait_for_the_end_of_a_rest() -> None:
    goes_on, clock, _ = resting((2.0, Stop()))
    assert (goes_on, clock.now) == (False, 102.0)


def test_at_rest_it_is_said_how_things_stand() -> None:
    """J05: `status` is what somebody asks first who wonders why nothing happens."""
    replies: list[Any] = []
    resting((1.0, Told(c.GetStatus(), replies.append)))
    assert replies[0]["state"] == "problem"
    assert replies[0]["folder"] == FOLDER
    assert replies[0]["items"] == [{"path": ".", "state": "problem", "message": answers.NO_ROOM}]


def test_at_rest_other_commands_are_told_what_is_wrong() -> None:
    replies: list[Reply] = []
    _, clock, _ = resting((1.0, Told(c.Share("a.txt", ("a@example.org",)), replies.append)))
    assert [code(reply) for reply in replies] == ["disk_full"]
    assert clock.now == 100.0 + REST


@pytest.mark.parametrize("command", [c.RevokeAll(), c.Unshare("a.txt", ("a@example.org",))])
def test_what_takes_something_back_wakes_an_engine_if_room_is_put_by(command: c.Command) -> None:
    replies: list[Reply] = []
    told = Told(command, replies.append)
    goes_on, clock, inbox = resting((1.0, told), has_room=True)
    assert (goes_on, clock.now, replies) == (True, 101.0, [])
    assert inbox.get(0.0) is told


def test_without_room_put_by_it_is_said_that_nothing_can_be_taken_back() -> None:
    replies: list[Reply] = []
    resting((1.0, Told(c.RevokeAll(), replies.append)))
    assert [code(reply) for reply in replies] == ["disk_full"]


def test_that_no_engine_runs_is_told_with_all_that_was_known() -> None:
    """J05: a window that hears of no account takes its documents off the table."""
    told: list[Any] = []
    tell = Teller(told.append, lambda: FOLDER)
    tell.broken(answers.NO_ROOM)
    assert told[-1].status == Status(EngineState.PROBLEM, answers.NO_ROOM, folder=FOLDER)
    account = Account("me", Person("a@example.org", "A", "B"), (), Policy(), "e")
    tell(StatusChanged(Status(EngineState.IDLE, folder=FOLDER, queued=3, account=account)))
    tell(Published(("a.txt",)))
    tell.broken(answers.NO_ROOM)
    assert told[1:3] == [StatusChanged(told[1].status), Published(("a.txt",))]
    assert told[-1].status == Status(
        EngineState.PROBLEM, answers.NO_ROOM, FOLDER, queued=3, account=account
    )


# --- the end of an engine ------------------------------------------------------------------------


def test_an_engine_that_ends_by_an_error_answers_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """J05, J14: a pause that cannot be written down ends the engine, and does not hang."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with a_day() as day:
        engine = day.device().engine
        assert isinstance(engine, Engine)
        replies: list[Reply] = []
        inbox: queue.Queue[Message] = queue.Queue()
        monkeypatch.setattr(day.device().journal, "put", full)
        inbox.put(Told(c.ReadAudit(), replies.append))  # its answer is still on its way
        inbox.put(Told(c.Pause(), replies.append))
        with pytest.raises(OSError, match="full"):
            run(engine, inbox)
        assert [code(reply) for reply in replies] == ["disk_full", "disk_full"]


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


def test_the_threads_of_an_engine_that_ended_end_too() -> None:
    inbox: queue.Queue[Message] = queue.Queue()
    pool = Pool(inbox, threads=2)
    pool.submit(1, Call(len, ("abc",)))
    pool.close()
    assert inbox.get(timeout=30) == Done(1, 3)
    wait_for(lambda: not any(thread.is_alive() for thread in pool._threads))


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
        day.sync()
        assert day.device().engine.status().state.value == "idle"


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
