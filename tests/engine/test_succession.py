"""One engine after the other: on a full disk, without its journal, and until somebody says stop."""

import errno
import queue
from typing import Any

import pytest

from mydoctransfer.engine import answers
from mydoctransfer.engine.messages import Hint, Message, Reply, Stop, Told
from mydoctransfer.engine.ports import JournalBroken, JournalLost
from mydoctransfer.engine.succession import REST, Publisher, Succession
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Published, Status, StatusChanged
from mydoctransfer.model.trees import Account, Person, Policy

FOLDER = "/home/anna/Documents"
UNSHARE = c.Unshare("a.txt", ("a@example.org",))


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

    def get_nowait(self) -> Message:
        return self.get(0.0)

    def put(self, message: Message) -> None:
        self._coming.insert(0, (0.0, message))


class Engine:
    """An engine that works until it is told to stop, or meets what `ends` raises."""

    is_stopped = False

    def __init__(self, clock: Clock, lasts: float, error: Exception | None) -> None:
        self.took: list[Message] = []
        self.abandoned: Exception | None = None
        self.is_closed = False
        self._clock = clock
        self._lasts = lasts
        self._error = error

    @property
    def engine(self) -> "Engine":
        return self

    def close(self) -> None:
        self.is_closed = True

    def turn(self) -> None:
        if self._error is not None:
            self._clock.now += self._lasts
            raise self._error

    def receive(self, message: Message) -> None:
        self.took.append(message)
        self.is_stopped = isinstance(message, Stop)

    def next_wake(self) -> float:
        return 60.0

    def abandon(self, error: Exception) -> None:
        self.abandoned = error


class Reserve:
    """A reserve that can be given so many times."""

    def __init__(self, gifts: int) -> None:
        self.gifts = gifts

    def keep(self) -> None: ...
    def tend(self) -> None: ...

    def give(self) -> bool:
        self.gifts -= 1
        return self.gifts >= 0


class Stage:
    """A succession of engines, each of which ends as is said, the last at a stop."""

    def __init__(
        self, *ends: Exception | None, lasts: float = 60.0, has_room: bool = False
    ) -> None:
        self.clock = Clock()
        self.published: list[Any] = []
        self.engines: list[Engine] = []
        self.reserve = Reserve(1 if has_room else 0)
        self._ends = list(ends)
        self._lasts = lasts

    def play(self, *coming: tuple[float, Message]) -> None:
        inbox: Any = Inbox(self.clock, *coming)
        self.play_on(inbox)

    def play_on(self, inbox: "queue.Queue[Message]") -> None:
        clock: Any = self.clock
        publisher = Publisher(self.published.append, lambda: FOLDER)
        succession: Any = Succession(inbox, clock, publisher, self.reserve)
        succession.run(lambda: self.begin())  # as it is then

    def begin(self) -> Engine:
        self.engines.append(Engine(self.clock, self._lasts, self._ends.pop(0)))
        return self.engines[-1]


def full() -> OSError:
    return OSError(errno.ENOSPC, "full")


def lost() -> JournalLost:
    return JournalLost("It was deleted.", "journal_deleted")


def unreadable() -> JournalBroken:
    return JournalBroken("It cannot be read.")


def code(reply: Reply) -> str:
    assert isinstance(reply, AppError)
    return reply.code


# --- one after the other -------------------------------------------------------------------------


def test_an_engine_that_is_told_to_stop_is_the_last() -> None:
    stage = Stage(None)
    stage.play((1.0, Stop()))
    assert [engine.is_closed for engine in stage.engines] == [True]
    assert stage.published == []


def test_on_a_full_disk_another_engine_begins_after_a_rest() -> None:
    """J05."""
    stage = Stage(full(), full(), None)
    stage.play((REST + 1, Hint(frozenset())), (REST + 2, Stop()))
    assert [engine.is_closed for engine in stage.engines] == [True] * 3
    assert isinstance(stage.engines[0].abandoned, OSError)
    assert stage.clock.now >= 100.0 + 2 * 60.0 + 2 * REST
    assert [event.status.message for event in stage.published] == [answers.NO_ROOM] * 2


def test_who_says_stop_does_not_wait_for_the_end_of_a_rest() -> None:
    stage = Stage(full())
    stage.play((2.0, Stop()))
    assert stage.clock.now == 100.0 + 60.0 + 2.0


@pytest.mark.parametrize(("lasts", "rests"), [(60.0, 0.0), (1.0, REST)])
def test_without_its_journal_another_begins_at_once_but_not_over_and_over(
    lasts: float, rests: float
) -> None:
    """J09."""
    stage = Stage(lost(), None, lasts=lasts)
    stage.play((20.0, Stop()))
    assert len(stage.engines) == 2
    assert stage.clock.now == 100.0 + lasts + rests + 20.0
    assert stage.published[0].status.message == "It was deleted."


def test_a_journal_that_cannot_be_read_is_tried_again_and_again() -> None:
    """J14: its disk is away for a minute, say."""
    stage = Stage(unreadable(), *[unreadable()] * 3, None, lasts=1.0)
    stage.play(*[(REST + 1, Hint(frozenset()))] * 4, (20.0, Stop()))
    assert len(stage.engines) == 5
    assert [event.status.message for event in stage.published] == ["It cannot be read."] * 4


def test_an_urgent_command_is_tried_at_once_but_not_over_and_over() -> None:
    """J05, J14: the next engine may end as the one before, and not even take it."""
    replies: list[Reply] = []
    stage = Stage(unreadable(), unreadable(), None, lasts=0.0)
    stage.play((1.0, Told(UNSHARE, replies.append)), (REST + 1.0, Hint(frozenset())), (5.0, Stop()))
    assert [code(reply) for reply in replies] == ["journal_broken"]
    assert len(stage.engines) == 3


def test_a_disk_that_takes_long_to_fail_keeps_nobody_from_stopping() -> None:
    """J14."""
    stage = Stage(unreadable())
    first = stage.begin

    def begin() -> Engine:
        if not stage.engines:
            return first()
        stage.clock.now += 2 * REST
        raise unreadable()

    stage.begin = begin  # type: ignore[method-assign]
    stage.play((5.0, Stop()))
    assert len(stage.published) == 2


def test_the_first_engine_that_meets_damage_is_not_the_last() -> None:
    """T78: the next one sets that journal aside."""
    stage = Stage(None)
    second = stage.begin

    def begin() -> Engine:
        stage.begin = second  # type: ignore[method-assign]
        raise JournalLost("It was damaged.", "journal_damaged")

    stage.begin = begin  # type: ignore[method-assign]
    stage.play((REST + 20.0, Stop()), (1.0, Stop()))
    assert len(stage.engines) == 1
    assert stage.published[0].status.message == "It was damaged."


def test_where_not_even_the_first_engine_can_begin_it_is_raised() -> None:
    """J18: on a network drive, say."""
    clock: Any = Clock()
    inbox: Any = Inbox(clock, (1.0, Stop()))
    published: list[Any] = []

    def begin() -> Any:
        raise JournalBroken("It would lie on a network drive.", "journal_on_network")

    succession = Succession(inbox, clock, Publisher(published.append, lambda: None), Reserve(0))
    with pytest.raises(JournalBroken, match="network"):
        succession.run(begin)
    assert published == []


def test_what_no_engine_survives_is_raised_when_everybody_is_answered() -> None:
    """J14: a journal of a newer version, say. A stop behind it still counts."""
    replies: list[Reply] = []
    stage = Stage(AppError("No", "It is newer.", "journal_newer"))
    inbox: queue.Queue[Message] = queue.Queue()
    for message in (Told(c.GetStatus(), replies.append), Stop(), Told(UNSHARE, replies.append)):
        inbox.put(message)
    with pytest.raises(AppError, match="newer"):
        stage.play_on(inbox)
    assert [code(reply) for reply in replies] == ["journal_newer"] * 2
    assert inbox.get_nowait() == Stop()
    assert inbox.empty()


# --- at rest -------------------------------------------------------------------------------------


def at_rest(command: c.Command, has_room: bool = False) -> tuple[Stage, list[Any]]:
    """Say this a second after a full disk has ended an engine."""
    replies: list[Any] = []
    stage = Stage(full(), None, has_room=has_room)
    stage.play((1.0, Told(command, replies.append)), (30.0, Stop()))
    return stage, replies


def test_at_rest_it_is_said_how_things_stand() -> None:
    """J05: `status` is what somebody asks first who wonders why nothing happens."""
    _, replies = at_rest(c.GetStatus())
    assert replies == [
        {
            "state": "problem",
            "folder": FOLDER,
            "queued": 0,
            "items": [{"path": ".", "state": "problem", "message": answers.NO_ROOM}],
            "held_deletes": 0,
        }
    ]


def test_at_rest_other_commands_are_told_what_is_wrong() -> None:
    stage, replies = at_rest(c.Share("a.txt", ("a@example.org",)), has_room=True)
    assert [code(reply) for reply in replies] == ["disk_full"]
    assert stage.reserve.gifts == 1


@pytest.mark.parametrize("command", [c.RevokeAll(), UNSHARE, c.ListDocuments()])
def test_what_takes_something_back_wakes_an_engine_if_room_was_put_by(command: c.Command) -> None:
    """J05."""
    stage, replies = at_rest(command, has_room=True)
    assert replies == []
    (told, *_) = stage.engines[1].took
    assert isinstance(told, Told)
    assert told.command == command
    assert stage.clock.now < 100.0 + 60.0 + REST + 30.0


def test_without_room_put_by_it_is_said_that_nothing_can_be_taken_back() -> None:
    _, replies = at_rest(c.RevokeAll())
    assert [code(reply) for reply in replies] == ["disk_full"]


def test_that_no_engine_runs_is_published_with_all_that_was_known() -> None:
    """J05: a window that hears of no account takes its documents off the table."""
    told: list[Any] = []
    publisher = Publisher(told.append, lambda: FOLDER)
    publisher.broken(answers.NO_ROOM)
    assert told[-1].status == Status(EngineState.PROBLEM, answers.NO_ROOM, folder=FOLDER)
    account = Account("me", Person("a@example.org", "A", "B"), (), Policy(), "e")
    publisher(StatusChanged(Status(EngineState.IDLE, folder=FOLDER, queued=3, account=account)))
    publisher(Published(("a.txt",)))
    publisher.broken(answers.NO_ROOM)
    assert told[1:3] == [StatusChanged(told[1].status), Published(("a.txt",))]
    assert told[-1].status == Status(
        EngineState.PROBLEM, answers.NO_ROOM, FOLDER, queued=3, account=account
    )
