"""A file on its way into a directory: nameless to people until it is whole, then there at once.

Promises: the temporary file is new, ours alone and not to be guessed (T64); what is dead is swept
and what another process is still writing is not (J02); an existing name is never replaced (J17).
"""

import contextlib
import ctypes
import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Callable
from types import TracebackType

from mydoctransfer import testing
from mydoctransfer.model.names import numbered

_FORM = re.compile(r"\.mydoctransfer-[0-9a-f]{32}\.part")
_NEW = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_OLD = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_RENAME_NOREPLACE = 1
_NOT_SUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EMLINK)


class Arrival:
    """A temporary file in the directory `into` (a descriptor). A context manager: it goes away
    with it, unless it was settled."""

    def __init__(self, into: int) -> None:
        """Create it. Raises OSError."""
        self._into = into
        self.name = f".mydoctransfer-{secrets.token_hex(16)}.part"
        self.fd = os.open(self.name, _NEW, 0o600, dir_fd=into)
        _lock(self.fd)

    def __enter__(self) -> "Arrival":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.fd)
        self.discard()

    def discard(self) -> None:
        """Let the temporary file go, if it is there; from any thread while `into` is open."""
        with contextlib.suppress(OSError):
            os.unlink(self.name, dir_fd=self._into)

    def write(self, chunk: bytes) -> None:
        """Append. Raises OSError."""
        left = memoryview(chunk)
        while left:
            left = left[os.write(self.fd, left) :]

    def restart(self) -> None:
        """Throw away what was written."""
        os.ftruncate(self.fd, 0)
        os.lseek(self.fd, 0, os.SEEK_SET)

    def settle(self, name: str, origin: str) -> str:
        """Make it durable, give it this name or the next free one, and return that.

        `origin` is where it came from, kept as a mark with the file (O06); no secret.

        Raises:
            FileNotFoundError: somebody removed it meanwhile (O05). OSError: no room, no right.
        """
        _mark(self.fd, origin)
        os.fsync(self.fd)
        number = 1
        while True:
            wanted = numbered(name, number)
            testing.reach("inbox.rename.before")
            try:
                _rename_new(self._into, self.name, wanted)
            except FileExistsError:
                number += 1
                continue
            testing.reach("inbox.rename.after")
            os.fsync(self._into)
            return wanted


def sweep(into: int) -> None:
    """Remove what dead processes have left in this directory."""
    for name in os.listdir(into):
        if _FORM.fullmatch(name):
            with contextlib.suppress(OSError):
                _remove_if_dead(into, name)


def open_existing(into: int, name: str) -> int | None:
    """Open a regular file of this name for reading; None where there is nothing of the kind."""
    try:
        if not stat.S_ISREG(os.lstat(name, dir_fd=into).st_mode):
            return None
        return os.open(name, _OLD, dir_fd=into)
    except OSError:
        return None


def exists(into: int, name: str) -> bool:
    """Whether the name is taken, by whatever."""
    try:
        os.lstat(name, dir_fd=into)
    except FileNotFoundError:
        return False
    return True


def _remove_if_dead(into: int, name: str) -> None:
    fd = open_existing(into, name)
    if fd is None:
        return
    try:
        _lock(fd)
        os.unlink(name, dir_fd=into)
    finally:
        os.close(fd)


def _lock(fd: int) -> None:
    """Take the lock that says: somebody is writing this. Raises OSError where somebody is."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _mark(fd: int, origin: str) -> None:
    if sys.platform.startswith("linux"):
        # Not every file system has room for it; then there is none.
        with contextlib.suppress(OSError):
            os.setxattr(fd, "user.xdg.origin.url", origin.encode())


def _rename_new(directory: int, old: str, new: str) -> None:
    """Rename without replacing, by the best means this file system has."""
    for rename in (_rename_noreplace, _rename_by_link, _rename_by_placeholder):
        try:
            rename(directory, old, new)
            return
        except OSError as exc:
            if exc.errno not in _NOT_SUPPORTED:
                raise
    raise OSError(errno.EOPNOTSUPP, "no way to rename without replacing", new)


def _rename_noreplace(directory: int, old: str, new: str) -> None:
    if _renameat2 is None:
        raise OSError(errno.ENOSYS, "no renameat2 here")
    names = os.fsencode(old), os.fsencode(new)
    if _renameat2(directory, names[0], directory, names[1], _RENAME_NOREPLACE) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), new)


def _rename_by_link(directory: int, old: str, new: str) -> None:
    os.link(old, new, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
    os.unlink(old, dir_fd=directory)


def _rename_by_placeholder(directory: int, old: str, new: str) -> None:
    """Take the name with an empty file of our own, and replace only that."""
    os.close(os.open(new, _NEW, 0o600, dir_fd=directory))
    os.replace(old, new, src_dir_fd=directory, dst_dir_fd=directory)


def _find_renameat2() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2  # glibc 2.28, musl 1.2.6
    except (OSError, AttributeError):
        return None
    renameat2.argtypes = [
        ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint,
    ]  # fmt: skip
    renameat2.restype = ctypes.c_int
    found: Callable[..., int] = renameat2
    return found


_renameat2 = _find_renameat2()
