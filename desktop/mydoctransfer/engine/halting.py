"""Which single files the person has stopped: paused until resumed, cancelled until changed.

It is in the journal, so it outlives a restart. A file that is renamed stays stopped. Leaves to
others: ending what runs, and what a row says of it.
"""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.execution import errand
from mydoctransfer.engine.ports import Journal
from mydoctransfer.model.actions import Action, Publish
from mydoctransfer.model.events import Halt
from mydoctransfer.model.trees import RelPath

KEY = "halted"
MOST = 10_000

_Inode = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Halted:
    """How a file was stopped; `sha256` is None until it was read."""

    how: Halt
    inode: _Inode
    sha256: str | None


class Halts:
    """Remembers what is stopped. `touched` is told whose rows look otherwise."""

    def __init__(self, journal: Journal, touched: Callable[[Iterable[RelPath]], None]) -> None:
        self._journal = journal
        self._touched = touched
        self._halted = keeping.read(journal.get(KEY), _halted_of) or {}

    def __len__(self) -> int:
        """How many files are stopped."""
        return len(self._halted)

    def of(self, path: RelPath, sha256: str | None) -> Halt | None:
        """Return how a file is stopped; a cancelled one is so only with the content it had."""
        halted = self._halted.get(path)
        if halted is None or (halted.how is Halt.CANCELLED and _is_other(halted.sha256, sha256)):
            return None
        return halted.how

    def stop(self, paths: Iterable[RelPath], how: Halt) -> None:
        """Stop these files from now on; what is not in the folder cannot be stopped."""
        for path in paths:
            seen = self._journal.local(path)
            if seen is not None:
                self._halted.pop(path, None)  # the latest last: those are kept
                inode = (seen.stat.dev, seen.stat.ino)
                self._halted[path] = _Halted(how, inode, seen.sha256)
        self._keep(paths)

    def go_on(self, paths: Collection[RelPath]) -> None:
        """Stop these no longer."""
        going = [path for path in paths if self._halted.pop(path, None) is not None]
        if going:
            self._keep(going)

    def forget(self) -> None:
        """Another account or folder: nothing of this concerns it."""
        if self._halted:
            self._halted.clear()
            self._keep(())

    def stopped(self, actions: Iterable[Action]) -> dict[RelPath, Halt]:
        """Return which of the files a plan would send are stopped.

        | the file                                              | then            |
        |-------------------------------------------------------|-----------------|
        | is stopped under this name                            | it stays so     |
        | was stopped, and renamed since                        | it stays so     |
        | was cancelled, and has other content now              | it is sent      |
        | needs not be sent any more: it is in the cloud as is  | it is forgotten |
        """
        if not self._halted:
            return {}
        wanted = {action.path: action for action in actions if isinstance(action, Publish)}
        before = dict(self._halted)
        self._follow(wanted.values())
        for path in [path for path in self._halted if path not in wanted]:
            self._forget_what_is_sent(path)
        for path in wanted.keys() & self._halted.keys():
            self._compare(wanted[path])
        if self._halted != before:
            self._keep({*before, *self._halted})
        return {p: self._halted[p].how for p in wanted if p in self._halted}

    def _follow(self, files: Iterable[Publish]) -> None:
        """Take a stop along with a file that was renamed."""
        homes = {h.inode: path for path, h in self._halted.items()}
        for action in files:
            home = homes.get((action.file.stat.dev, action.file.stat.ino))
            if home is None or action.path in self._halted:
                continue
            is_same = self._halted[home].sha256 == action.file.sha256  # inodes are used again
            if is_same and self._journal.local(home) is None:
                self._halted[action.path] = self._halted.pop(home)

    def _forget_what_is_sent(self, path: RelPath) -> None:
        seen, agreed = self._journal.local(path), self._journal.synced(path)
        is_same = seen is not None and agreed is not None and seen.sha256 == agreed.sha256
        if is_same:
            del self._halted[path]

    def _compare(self, action: Publish) -> None:
        halted, sha256 = self._halted[action.path], action.file.sha256
        inode = (action.file.stat.dev, action.file.stat.ino)
        if halted.how is Halt.CANCELLED and _is_other(halted.sha256, sha256):
            del self._halted[action.path]
        elif halted.inode != inode or halted.sha256 is None:
            self._halted[action.path] = replace(halted, inode=inode, sha256=sha256)

    def _keep(self, touched: Iterable[RelPath]) -> None:
        self._halted = dict(list(self._halted.items())[-MOST:])
        rows = [[p, h.how.value, h.inode, h.sha256] for p, h in self._halted.items()]
        self._journal.put(KEY, json.dumps(rows) if rows else None)
        self._touched(touched)


def leaves_nothing(action: Action, stopped: dict[RelPath, Halt]) -> bool:
    """Whether what was begun for a stopped file is to be taken back.

    A large one that is paused keeps its parts. A small one that has arrived and is not completed
    would be published by the sweep: it is begun anew when it is resumed.
    """
    if not isinstance(action, Publish) or action.path not in stopped:
        return False
    is_small = action.file.stat.size <= errand.SINGLE_PUT_MAX
    return is_small or stopped[action.path] is Halt.CANCELLED


def _is_other(before: str | None, now: str | None) -> bool:
    return before is not None and now is not None and before != now


def _halted_of(written: Any) -> dict[RelPath, _Halted]:
    return {
        RelPath(path): _Halted(Halt(how), (int(dev), int(ino)), sha256)
        for path, how, (dev, ino), sha256 in written
    }
