"""Room put by on the disk with the journal, for taking something back when that disk is full.

Promises: the room is really taken from the disk, and given back at once. It is nobody's but the
next writer's then, which may be another program: better than none, no more.
"""

import logging
import os
import shutil
from pathlib import Path

SIZE = 8 * 1024 * 1024  # bytes; learning of 10,000 documents took 4.2 MB (SQLite 3.40)
PLENTY = 4 * SIZE  # from here on nobody misses what is put by

_PIECE = bytes(64 * 1024)

log = logging.getLogger(__name__)


class ReserveFile:
    """One file of this size, as long as there is room."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._has_failed = False

    def tend(self) -> bool:
        """Put room by where there is plenty, give it back where there is hardly any; whether it
        was given."""
        if self._free() < SIZE:
            return self.give()
        self.keep()
        return False

    def keep(self) -> None:
        """Put room by where there is plenty."""
        if self._free() >= PLENTY and not self._is_whole():
            self._put_by()

    def give(self) -> bool:
        """Give the room back; whether there was any."""
        try:
            self._file.unlink()
        except OSError:
            return False
        return True

    def _free(self) -> int:
        """Bytes that may still be written; none where nobody can tell."""
        try:
            return shutil.disk_usage(self._file.parent).free
        except OSError:
            return 0

    def _is_whole(self) -> bool:
        try:
            return self._file.stat().st_size == SIZE
        except OSError:
            return False

    def _put_by(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            with open(os.open(self._file, flags, 0o600), "wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, SIZE)
                else:
                    for _ in range(SIZE // len(_PIECE)):
                        file.write(_PIECE)
        except OSError as exc:
            # Nothing depends on it yet, and it is tried again, every few seconds: told once. What
            # is half made would be no reserve, but keep from others what is left of a quota.
            self.give()
            if not self._has_failed:
                log.warning("no room could be put by: %s", exc)
            self._has_failed = True
