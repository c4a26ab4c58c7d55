"""Hints from the system that something changed in the watched folder.

Promises: a hint for every directory in which something happened, many changes in one; a word
whenever hints may have been lost, or will not come any more. A hint is never a fact: what is there
is found out by looking. Leaves to others: looking.
"""

import errno
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from mydoctransfer.adapters import _mounts
from mydoctransfer.engine.messages import Hint, Message, WatchMode, WatchState
from mydoctransfer.model.ignore import RULES, is_ignored
from mydoctransfer.model.trees import ROOT, RelPath, name_of, parent

GATHER = 0.05  # seconds between two hints
LIMIT_RETRY = 300.0  # seconds after which a limit may have been raised

_LIMITS = (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSYS)

_NO_MORE_WATCHES = (
    "This system does not allow enough watches for so many folders: changes are looked for now "
    "and then. Raise fs.inotify.max_user_watches to have them noticed at once."
)
_ON_NETWORK = "The folder lies on a network drive: changes are looked for now and then."
_ROOT_GONE = "The folder is not there any more."
_ENDED = (
    "The part of this program that notices changes stopped. It was started again, and the whole "
    "folder is looked at."
)


class SystemWatch(Protocol):
    """A running watch of one system."""

    def is_alive(self) -> bool: ...
    def stop(self) -> None: ...


class FolderWatcher:
    """The `Watch` port over watchdog. `put` may be called from any thread."""

    def __init__(
        self,
        put: Callable[[Message], None],
        monotonic: Callable[[], float] = time.monotonic,
        is_network: Callable[[str], bool] = _mounts.is_network,
    ) -> None:
        self._put = put
        self._monotonic = monotonic
        self._is_network = is_network
        self._root = b""
        self._inode: tuple[int, int] | None = None
        self._system: SystemWatch | None = None
        self._retry_at: float | None = None
        self._is_limited = False
        self._gathered: set[RelPath] = set()
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def start(self, folder: str) -> None:
        """Watch this folder instead of whatever was watched; says how it goes."""
        self.stop()
        real = os.path.realpath(folder)
        self._root = os.fsencode(real)
        if self._is_network(real):
            self._put(WatchState(WatchMode.POLLING, _ON_NETWORK))
            return
        self._inode = _inode_of(real)
        self._is_limited = False
        try:
            self._system = self._watch(real)
        except OSError as exc:
            self._cannot(exc)
            return
        if self._is_limited:
            self._give_up()
        else:
            self._put(WatchState(WatchMode.WATCHING))

    def stop(self) -> None:
        """Watch nothing; hints that were not told yet are dropped."""
        system, self._system = self._system, None
        self._retry_at = None
        if system is not None:
            system.stop()
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
            self._gathered.clear()

    def check(self) -> None:
        """Find out whether it still watches; a dead one says so, once. Cheap: one stat.

        What watchdog does not tell: that the root was deleted or is another one now (F01), that
        its thread ended, that a limit was reached in a new directory (F13).
        """
        if self._retry_at is not None and self._monotonic() >= self._retry_at:
            self._retry_at = None
            self._put(WatchState(WatchMode.DEAD, _NO_MORE_WATCHES))
        if self._system is None:
            return
        if self._is_limited:
            self._give_up()
        elif self._inode is None or _inode_of(os.fsdecode(self._root)) != self._inode:
            self._died(WatchMode.DEAD, _ROOT_GONE)
        elif not self._system.is_alive():
            self._died(WatchMode.ENDED, _ENDED)

    # --- how it goes -----------------------------------------------------------------------------

    def _watch(self, root: str) -> SystemWatch:
        if sys.platform.startswith("linux"):
            from mydoctransfer.adapters import _inotify  # watchdog has it on Linux only

            return _inotify.InotifyWatch(
                root, _inotify.Listener(self._changed, self._overflowed, self._unwatched)
            )
        from mydoctransfer.adapters._observer import ObserverWatch  # 48 ms

        return ObserverWatch(root, self._changed)

    def _cannot(self, exc: OSError) -> None:
        if exc.errno in _LIMITS:
            self._give_up()
        else:
            self._put(WatchState(WatchMode.DEAD, _ROOT_GONE))

    def _give_up(self) -> None:
        self.stop()
        self._retry_at = self._monotonic() + LIMIT_RETRY
        self._put(WatchState(WatchMode.POLLING, _NO_MORE_WATCHES))

    def _died(self, mode: WatchMode, message: str) -> None:
        self.stop()
        self._put(WatchState(mode, message))

    # --- from the system's thread ----------------------------------------------------------------

    def _overflowed(self) -> None:
        self._put(WatchState(WatchMode.WATCHING))

    def _unwatched(self) -> None:
        self._is_limited = True

    def _changed(self, path: bytes, is_directory: bool) -> None:
        found = self._relative(path)
        if found is None or (found and _is_no_news(name_of(found), is_directory)):
            return
        around = parent(found)
        if _is_in_ignored(around):
            return
        with self._lock:
            self._gathered.add(around)
            if is_directory:
                self._gathered.add(found)
            if self._timer is None:
                self._timer = threading.Timer(GATHER, self._tell)
                self._timer.daemon = True
                self._timer.start()

    def _relative(self, path: bytes) -> RelPath | None:
        if path == self._root:
            return ROOT
        if not path.startswith(self._root + b"/"):
            return None
        return RelPath(os.fsdecode(path[len(self._root) + 1 :]).replace(os.sep, "/"))

    def _tell(self) -> None:
        with self._lock:
            gathered, self._gathered = frozenset(self._gathered), set()
            self._timer = None
        if gathered:
            self._put(Hint(gathered))


def _is_no_news(name: str, is_directory: bool) -> bool:
    return name != RULES and is_ignored(name, is_directory)


@lru_cache(4096)
def _is_in_ignored(directory: RelPath) -> bool:
    return any(is_ignored(name, True) for name in directory.split("/") if name)


def _inode_of(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
