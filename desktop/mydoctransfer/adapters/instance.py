"""One engine for one installation: a lock the operating system takes back when its holder dies."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mydoctransfer.model.errors import AppError

_POLL = 0.02  # seconds


class AlreadyRunning(AppError):
    """Another process works on this installation."""

    def __init__(self) -> None:
        super().__init__(
            "Already running",
            "MyDoc Transfer is already running on this home. Quit it (or stop `sync`) first.",
            "already_running",
        )


class InstanceLock:
    """The lock in one file. The file stays; who holds it is the system's knowledge, not the file's.

    Held from `take` to `release`, or until the process ends in whatever way.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def take(self, patience: float = 0.0) -> bool:
        """Take it; False when somebody else still holds it after `patience` seconds.

        Raises:
            AppError: the file cannot be made.
        """
        descriptor = self._opened()
        ends = time.monotonic() + patience
        while not _lock(descriptor):
            if time.monotonic() >= ends:
                os.close(descriptor)
                return False
            time.sleep(_POLL)
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)  # closing releases
            self._descriptor = None

    def _opened(self) -> int:
        try:
            return os.open(self._file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError as exc:
            raise AppError(
                "No place to work",
                f"{self._file} cannot be opened ({exc.strerror})."
                " Put that right, or name another place with --home.",
                "home_unusable",
            ) from exc


@contextmanager
def held(file: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock in `file`.

    Raises:
        AlreadyRunning: somebody else holds it.
    """
    lock = InstanceLock(file)
    if not lock.take(patience):
        raise AlreadyRunning
    try:
        yield
    finally:
        lock.release()


def is_held(file: Path) -> bool:
    """Whether some process holds the lock now."""
    if not file.exists():
        return False
    lock = InstanceLock(file)
    if not lock.take():
        return True
    lock.release()
    return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
