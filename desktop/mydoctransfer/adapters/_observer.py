"""watchdog's own way to tell of changes, on the systems that are not Linux."""

import os
from collections.abc import Callable

from watchdog.events import (
    DirModifiedEvent,
    FileClosedNoWriteEvent,
    FileOpenedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

_NOISE = (DirModifiedEvent, FileOpenedEvent, FileClosedNoWriteEvent)


class ObserverWatch:
    """Watches a directory and everything beneath it, from now until `stop`."""

    def __init__(self, root: str, changed: Callable[[bytes, bool], None]) -> None:
        """Begin. Raises OSError where the root cannot be watched."""
        self._observer = Observer()
        self._observer.schedule(_Listener(changed), root, recursive=True)
        self._observer.start()

    def is_alive(self) -> bool:
        """Whether every thread lives."""
        emitters = self._observer.emitters
        return self._observer.is_alive() and all(one.is_alive() for one in emitters)

    def stop(self) -> None:
        """End."""
        self._observer.stop()
        self._observer.join()


class _Listener(FileSystemEventHandler):
    def __init__(self, changed: Callable[[bytes, bool], None]) -> None:
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        if isinstance(event, _NOISE):
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._changed(os.fsencode(path), event.is_directory)
