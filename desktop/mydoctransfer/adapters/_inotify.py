"""watchdog's inotify watches, without its way to the handler.

watchdog keeps a watch on every directory, also on those that come and go; that part is used. Its
way from there (two more threads, half a second for every move, an object for every event) costs
160 µs an event; here an event costs its path. What watchdog keeps quiet about is told: a queue
that overflowed, and a directory it could not watch. Linux only.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from watchdog.observers.inotify import InotifyWatchGroup
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyFD,
    Mask,
    WatchCallback,
    WatchDescriptor,
)
from watchdog.observers.inotify_move_event_grouper import (
    GroupedInotifyEvent,
    InotifyMoveEventGrouper,
    PathedInotifyEvent,
)

# Not IN_OPEN nor IN_CLOSE_NOWRITE: our own reading would wake us, for ever in a large tree.
_MASK = Mask(
    InotifyConstants.IN_CREATE
    | InotifyConstants.IN_MODIFY
    | InotifyConstants.IN_ATTRIB
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_MOVED_FROM
    | InotifyConstants.IN_MOVED_TO
    | InotifyConstants.IN_DELETE
    | InotifyConstants.IN_DELETE_SELF
)
_MOVES_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class Listener:
    """What is told, from watchdog's thread.

    Attributes:
        changed: something happened at this path; whether it is a directory that is there now.
        overflowed: events were lost. unwatched: no watch could be had for a directory.
    """

    changed: Callable[[bytes, bool], None]
    overflowed: Callable[[], None]
    unwatched: Callable[[], None]


class InotifyWatch:
    """Watches a directory and everything beneath it, from now until `stop`."""

    def __init__(self, root: str, listener: Listener) -> None:
        """Begin.

        Raises:
            OSError: ENOSPC or EMFILE: a limit is reached; else the root cannot be watched.
        """
        self._fd = _Descriptor()
        self._fd.start()
        try:
            self._group = _Group(self._fd, os.fsencode(root), listener)
        except BaseException:
            self._fd.stop()
            self._fd.join()
            raise

    def is_alive(self) -> bool:
        """Whether the root is watched and somebody listens."""
        return self._fd.is_alive() and self._group.is_root_watched()

    def stop(self) -> None:
        """End, and give the watches back."""
        self._group.deactivate()
        self._fd.stop()
        if threading.current_thread() is not self._fd:
            self._fd.join()


class _Descriptor(InotifyFD):
    def _add_callback(
        self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
    ) -> WatchDescriptor:
        """Without watchdog's warning: a new directory is met twice, by walking and by its event."""
        watch = self._get_or_create_watch(path, mask)
        watch.callbacks[id_] = callback
        return watch.wd


class _Group(InotifyWatchGroup):
    def __init__(self, fd: InotifyFD, root: bytes, listener: Listener) -> None:
        self._listener = listener
        super().__init__(fd, root, is_recursive=True, event_mask=_MASK)

    def __post_init__(self) -> None:
        self._move_event_grouper = _Passing(self._listener.changed)
        super().__post_init__()

    def is_root_watched(self) -> bool:
        return self.path in self._active_callbacks_by_path

    def on_queue_overflow(self) -> None:
        super().on_queue_overflow()
        self._listener.overflowed()

    def _add_callback(self, path: bytes) -> None:
        super()._add_callback(path)
        if path not in self._active_callbacks_by_path and os.access(path, os.R_OK):
            self._listener.unwatched()


class _Passing(InotifyMoveEventGrouper):
    """Passes paths on at once; remembers where directories went away, by the move's cookie."""

    def __init__(self, changed: Callable[[bytes, bool], None]) -> None:
        self._changed = changed
        self._moves: OrderedDict[int, PathedInotifyEvent] = OrderedDict()
        self._closed = threading.Event()

    def put_event(self, event: PathedInotifyEvent) -> None:
        what = event.ev
        if what.is_moved_from:
            self._moves[what.cookie] = event
            if len(self._moves) > _MOVES_REMEMBERED:
                self._moves.popitem(last=False)
        is_there = what.is_directory and not (what.is_moved_from or what.is_delete)
        self._changed(event.path, is_there)
        if is_there and what.is_moved_to:
            for directory, names, _ in os.walk(event.path):
                for name in names:
                    self._changed(os.path.join(directory, name), True)

    def get_queued_moved_from_event(self, cookie: int) -> PathedInotifyEvent | None:
        return self._moves.pop(cookie, None)

    def discard_pending_events(self) -> None:
        self._moves.clear()

    def read_event(self) -> GroupedInotifyEvent | None:
        self._closed.wait()
        return None

    def close(self) -> None:
        self._closed.set()
