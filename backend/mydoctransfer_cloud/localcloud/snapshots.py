"""Saving the emulator's state while it runs.

By itself it saves when it ends, so a power cut or `kill -9` would lose every account and every
record since the last clean stop, and with the first start even the ids clients connect to. Here
a fork saves the state soon after something changed: the copy is of one instant, and nobody waits.
Who is served goes first: the copy takes what processor time they leave.

While something is not yet saved a mark lies beside the state. A start that finds it knows that
the records may have gone back in time, and the deployment then gets another epoch.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

SETTLE_SECONDS = 2.0
SHARE_OF_TIME = 0.05
"""Saving takes at most this part of the processor's time: 20 s apart when it takes a second."""
_NICE = 10
"""With this a copy gets a tenth of what who is served gets on a busy processor."""


class Snapshots:
    """Saves by `save` soon after `changed`, until `close`."""

    def __init__(self, save: Callable[[], None], mark: Path) -> None:
        self._save = save
        self._mark = mark
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._marking = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True, name="snapshots")
        self._thread.start()

    def changed(self) -> None:
        """Note that something is about to change, or has changed. Cheap: called for every write."""
        if self._dirty.is_set():
            return
        with self._marking:
            self._mark.touch(mode=0o600)
            self._dirty.set()

    def close(self) -> None:
        """Save no more; a snapshot under way is finished first, so that a later save wins."""
        self._closing.set()
        self._dirty.set()
        self._thread.join()

    def _run(self) -> None:
        pause = SETTLE_SECONDS
        while True:
            self._dirty.wait()
            if self._closing.wait(pause):
                return
            self._dirty.clear()
            is_saved, took = self._save_apart()
            with self._marking:
                if is_saved and not self._dirty.is_set():
                    self._mark.unlink(missing_ok=True)
            if not is_saved:
                self._dirty.set()  # for want of space, perhaps: try again
            pause = max(SETTLE_SECONDS, took / SHARE_OF_TIME)

    def _save_apart(self) -> tuple[bool, float]:
        """Return whether it is saved, and how many seconds of the processor that took."""
        if not hasattr(os, "fork"):
            return self._save_here()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.nice(_NICE)
                self._save()
                status = 0
            finally:
                os._exit(status)
        _, ended, used = os.wait4(child, 0)
        return os.waitstatus_to_exitcode(ended) == 0, used.ru_utime + used.ru_stime

    def _save_here(self) -> tuple[bool, float]:
        started = time.thread_time()
        try:
            self._save()
        except OSError:
            return False, time.thread_time() - started
        return True, time.thread_time() - started
