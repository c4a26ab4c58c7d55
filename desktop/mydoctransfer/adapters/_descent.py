"""Walking into a folder by directory descriptor, never through a symlink (D04, T60).

Promises: whatever is opened lies beneath the root on the root's file system, however the tree is
changed meanwhile; paths of any length and depth work (C06).
"""

import errno
import os
from types import TracebackType

from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.model.trees import ROOT, RelPath, Stat

_DIRECTORY = (
    os.O_RDONLY
    | getattr(os, "O_DIRECTORY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
_KEPT = 64  # descriptors: deeper ancestors are opened anew when they are needed again

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ESTALE)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_PERMISSION = "You have no permission to read it. Make it readable, and it is sent by itself."
_TOO_MANY = "Too many files are open; it is tried again."
_LOCKED = "Another program has locked it; it is tried again."
_REASONS = {
    "EACCES": _NO_PERMISSION,
    "EPERM": _NO_PERMISSION,
    "EIO": "The disk reports an error.",
    "EXDEV": "It lies on another disk that is mounted here.",
    "ENAMETOOLONG": "Its path is too long.",
    "EMFILE": _TOO_MANY,
    "ENFILE": _TOO_MANY,
    "EBUSY": _LOCKED,
    "EAGAIN": _LOCKED,
    "ETXTBSY": _LOCKED,
    "EROFS": "The disk is read-only.",
}


class Descent:
    """The chain of open directories from the root to where the last call went.

    Going on to a neighbour costs one open, since the common ancestors stay open.
    """

    def __init__(self, root: str) -> None:
        """Open the root.

        Raises:
            OSError: it is not there, no directory, a symlink, or not readable.
        """
        self._path: str | None = ""
        self._names: list[str] = []
        self._fds = [os.open(root, _DIRECTORY)]
        self.ids = [_id_of(self._fds[0])]

    def __enter__(self) -> "Descent":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ascend(0)
        os.close(self._fds[0])

    @property
    def root(self) -> int:
        """The root's descriptor."""
        return self._fds[0]

    @property
    def dev(self) -> int:
        """The root's device id."""
        return self.ids[0][0]

    def directory(self, path: str) -> int:
        """Return a descriptor of the directory at `path`, good until the next call.

        Raises:
            OSError: it cannot be opened; EXDEV where another file system is mounted.
        """
        if path == self._path:  # as for most files of a batch
            return self._fds[-1]
        self._path = None
        names = path.split("/") if path else []
        self._ascend(_common(self._names, names))
        for name in names[len(self._names) :]:
            self._enter(name)
        self._path = path
        return self._fds[-1]

    def _ascend(self, level: int) -> None:
        while len(self._names) > level:
            self._names.pop()
            self.ids.pop()
            _close(self._fds.pop())
        if self._fds[-1] == -1:
            self._ascend(0)

    def _enter(self, name: str) -> None:
        if name in ("", ".", "..") or "\0" in name:
            raise OSError(errno.ENOENT, "no path in the folder")
        fd = os.open(name, _DIRECTORY, dir_fd=self._fds[-1])
        try:
            identity = _id_of(fd)
            if identity[0] != self.dev:
                raise OSError(errno.EXDEV, "another file system")
        except BaseException:
            os.close(fd)
            raise
        self._names.append(name)
        self._fds.append(fd)
        self.ids.append(identity)
        if len(self._fds) > _KEPT + 1:
            _close(self._fds[-_KEPT - 1])
            self._fds[-_KEPT - 1] = -1


def as_stat(found: os.stat_result) -> Stat:
    """Return what must be equal for bytes to count as unchanged."""
    return Stat(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def failure_of(exc: OSError, path: RelPath = ROOT) -> Failure:
    """Return what the engine is told about an error; of which path, where that is not plain."""
    shown = f"{path}: " if path else ""
    if exc.errno in _GONE:
        return Failure(FailureKind.MISSING, f"{shown}It is not there any more.", "missing")
    if exc.errno in _FULL:
        return Failure(FailureKind.NO_SPACE, f"{shown}The disk is full.", "disk_full")
    name = errno.errorcode.get(exc.errno or 0, "")
    reason = _REASONS.get(name, f"It cannot be read ({exc.strerror}).")
    return Failure(FailureKind.UNREADABLE, f"{shown}{reason}", "unreadable")


def _common(one: list[str], other: list[str]) -> int:
    level = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        level += 1
    return level


def _id_of(fd: int) -> tuple[int, int]:
    found = os.fstat(fd)
    return (found.st_dev, found.st_ino)


def _close(fd: int) -> None:
    if fd != -1:
        os.close(fd)
