"""What can lie in the sync thread's inbox: the only place where threads meet."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from mydoctransfer.model.commands import Answer, Command
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.trees import RelPath, ShareId

Reply = Answer | AppError


@dataclass(frozen=True, slots=True)
class Told:
    """A command and where its one answer goes. `reply` must not block; any thread may be called."""

    command: Command
    reply: Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Hint:
    """Directories in which something may have changed. A hint to look, never a fact."""

    directories: frozenset[RelPath]


class WatchMode(Enum):
    """How changes in the folder come to be noticed."""

    WATCHING = "watching"  # the system tells
    POLLING = "polling"  # the system cannot tell (limit, network folder): look now and then
    ENDED = "ended"  # its thread died, which is the program's fault: as DEAD, and say so
    DEAD = "dead"  # the watcher ended: start a new one and look at everything


@dataclass(frozen=True, slots=True)
class WatchState:
    """The watcher stands otherwise than before. Every one of these means: look at everything.

    `message` is a sentence for the person where the mode is not WATCHING.
    """

    mode: WatchMode
    message: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes of a part under way that were given to the line, for progress. Not a fact to keep."""

    path: RelPath
    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class Came:
    """Bytes of a download that are here, of how many."""

    share_id: ShareId
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a call that ran in the pool; an exception the adapter did not foresee is one
    too (the task that asked gets it raised)."""

    ticket: int
    result: object


@dataclass(frozen=True, slots=True)
class Stop:
    """End the loop: running calls are given up, nothing is lost."""


Message = Told | Hint | WatchState | Sent | Came | Done | Stop
