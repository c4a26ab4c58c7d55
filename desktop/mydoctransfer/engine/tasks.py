"""Generators of port calls, stepped by one thread.

A task yields what it wants of the world and receives the result. It never blocks, and nothing but
this module steps it, so that production (a thread pool) and the simulation (a seeded scheduler)
drive the same objects.
"""

import itertools
import logging
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

from mydoctransfer.engine.ports import JournalBroken
from mydoctransfer.model.errors import AppError

P = ParamSpec("P")
T = TypeVar("T")

# A process may have one engine after another: a late result for one that ended is nobody's.
_tickets = itertools.count(1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A call of a port, as a value. Yielding it resumes the task with the result."""

    method: Callable[..., T]
    args: tuple[Any, ...]

    def run(self) -> T:
        """Make the call. In the pool, or in the simulation's scheduler."""
        return self.method(*self.args)

    def __str__(self) -> str:
        """Name the port and the call, without the arguments: they may hold secrets."""
        return getattr(self.method, "__qualname__", repr(self.method))


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a call and go on; yielding it resumes the task at once with a ticket."""

    call: Call[Any]


@dataclass(frozen=True, slots=True)
class WaitAny:
    """Resume with `(ticket, result)` of whichever begun call ends first."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Resume after so many seconds."""

    seconds: float


Step = Call[Any] | Start | WaitAny | Sleep
Work = Generator[Step, Any, T]


def call(method: Callable[P, T], *args: P.args, **_: P.kwargs) -> Work[T]:
    """Yield one call and return its result: `x = yield from call(port.method, a, b)`."""
    result: T = yield Call(method, args)
    return result


class Task:
    """One running generator.

    Attributes:
        name: for the log. ended: called once with the result, or with the exception that ended it.
    """

    def __init__(
        self, name: str, work: Work[Any], ended: Callable[[Any, BaseException | None], None]
    ) -> None:
        self.name = name
        self.work = work
        self.ended = ended
        self.is_waiting_any = False
        self.results: deque[tuple[int, object]] = deque()


class Tasks:
    """All running generators, and which call's result goes to which of them.

    `submit(ticket, call)` hands a call to the pool; its result comes back through `done`.
    """

    def __init__(self, submit: Callable[[int, Call[Any]], None]) -> None:
        self._submit = submit
        self._awaited: dict[int, tuple[Task, bool]] = {}
        self._sleeping: list[tuple[float, int, Task]] = []
        self._now: Callable[[], float] = lambda: 0.0
        self.running: set[Task] = set()

    def use_clock(self, monotonic: Callable[[], float]) -> None:
        """Say what `Sleep` counts on."""
        self._now = monotonic

    def start(
        self,
        name: str,
        work: Work[T],
        ended: Callable[[Any, BaseException | None], None],
    ) -> Task:
        """Begin a generator; it runs up to its first call now."""
        task = Task(name, work, ended)
        self.running.add(task)
        self._step(task, None)
        return task

    def done(self, ticket: int, result: object) -> None:
        """Give a call's result to the task that asked; nobody asks any more after a cancel."""
        awaited = self._awaited.pop(ticket, None)
        if awaited is None:
            return
        task, was_started = awaited
        if not was_started:
            self._step(task, result)
            return
        task.results.append((ticket, result))
        if task.is_waiting_any:
            task.is_waiting_any = False
            self._resume_any(task)

    def wake(self) -> None:
        """Resume the sleepers whose time has come."""
        now = self._now()
        due = [entry for entry in self._sleeping if entry[0] <= now]
        self._sleeping = [entry for entry in self._sleeping if entry[0] > now]
        for _, _, task in sorted(due, key=lambda entry: entry[:2]):
            if task in self.running:
                self._step(task, None)

    def next_wake(self) -> float | None:
        """When the first sleeper wants to be woken (monotonic seconds)."""
        return min((entry[0] for entry in self._sleeping), default=None)

    def cancel(self, task: Task) -> None:
        """End a task where it stands; results of its calls are dropped when they come."""
        if task not in self.running:
            return
        self.running.discard(task)
        self._awaited = {t: a for t, a in self._awaited.items() if a[0] is not task}
        task.work.close()

    def _step(self, task: Task, value: object) -> None:
        while task in self.running:
            try:
                if isinstance(value, BaseException):
                    step = task.work.throw(value)
                else:
                    step = task.work.send(value)
            except StopIteration as stop:
                self._end(task, stop.value, None)
                return
            except JournalBroken:
                raise  # every task's, and the engine's: another one has to begin
            except AppError as exc:
                self._end(task, None, exc)
                return
            except Exception as exc:
                # The edge of the loop: one task's death is its own; its owner is told and says so.
                log.exception("%s ended with an error", task.name)
                self._end(task, None, exc)
                return
            match step:
                case Start(call=begun):
                    value = self._begin(task, begun, was_started=True)
                case WaitAny():
                    if not task.results:
                        task.is_waiting_any = True
                        return
                    value = self._first_result(task)
                case Sleep(seconds=seconds):
                    self._sleeping.append((self._now() + seconds, next(_tickets), task))
                    return
                case _:
                    self._begin(task, step, was_started=False)
                    return

    def _resume_any(self, task: Task) -> None:
        self._step(task, self._first_result(task))

    def _first_result(self, task: Task) -> object:
        ticket, result = task.results.popleft()
        return result if isinstance(result, BaseException) else (ticket, result)

    def _begin(self, task: Task, begun: Call[Any], was_started: bool) -> int:
        ticket = next(_tickets)
        self._awaited[ticket] = (task, was_started)
        self._submit(ticket, begun)
        return ticket

    def _end(self, task: Task, result: object, error: BaseException | None) -> None:
        self.running.discard(task)
        self._awaited = {t: a for t, a in self._awaited.items() if a[0] is not task}
        task.ended(result, error)
