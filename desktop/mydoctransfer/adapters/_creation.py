"""Creating a file whole or not at all, and never over an existing name.

Where the system can (Linux), the file has no name until its bytes are on the disk. Elsewhere it is
created under its final name; if writing then fails, it is removed again, being ours.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator

from mydoctransfer.adapters._content import OPEN

_TMPFILE = getattr(os, "O_TMPFILE", 0)
_WRITE = os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NEW = _WRITE | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_NO_TMPFILE = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)
_NO_LINK = (errno.ENOENT, errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOTDIR)
_CHUNK = 1024 * 1024

_Chunks = Callable[[], Iterable[bytes]]


def create(directory: int, name: str, content: bytes) -> None:
    """Create a file with this content in the directory (a descriptor).

    Raises:
        FileExistsError: the name is taken. OSError: it could not be written; nothing is left.
    """
    _create(directory, name, lambda: iter([content]))


def copy(source: str, directory: int, name: str) -> None:
    """Create a copy of the regular file `source`; raises as `create` does."""
    fd = os.open(source, OPEN)
    try:
        if _taken(directory, name):
            raise FileExistsError(errno.EEXIST, "the name is taken", name)

        def chunks() -> Iterator[bytes]:
            os.lseek(fd, 0, os.SEEK_SET)
            while chunk := os.read(fd, _CHUNK):
                yield chunk

        _create(directory, name, chunks)
    finally:
        os.close(fd)


def _create(directory: int, name: str, chunks: _Chunks) -> None:
    if not _created_nameless(directory, name, chunks):
        _create_named(directory, name, chunks)


def _created_nameless(directory: int, name: str, chunks: _Chunks) -> bool:
    if not _TMPFILE:
        return False
    try:
        fd = os.open(".", _WRITE | _TMPFILE, 0o666, dir_fd=directory)
    except OSError as exc:
        if exc.errno in _NO_TMPFILE:
            return False
        raise
    try:
        _write(fd, chunks())
        os.link(f"/proc/self/fd/{fd}", name, dst_dir_fd=directory, follow_symlinks=True)
    except OSError as exc:
        if exc.errno in _NO_LINK and exc.filename is not None:
            return False  # no /proc here
        raise
    finally:
        os.close(fd)
    return True


def _create_named(directory: int, name: str, chunks: _Chunks) -> None:
    fd = os.open(name, _NEW, 0o666, dir_fd=directory)
    try:
        _write(fd, chunks())
    except BaseException:
        _remove_own(directory, name, fd)
        raise
    finally:
        os.close(fd)


def _remove_own(directory: int, name: str, fd: int) -> None:
    ours, there = os.fstat(fd), os.lstat(name, dir_fd=directory)
    if (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino):
        os.unlink(name, dir_fd=directory)


def _write(fd: int, chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        left = memoryview(chunk)
        while left:
            left = left[os.write(fd, left) :]
    os.fsync(fd)


def _taken(directory: int, name: str) -> bool:
    try:
        os.lstat(name, dir_fd=directory)
    except FileNotFoundError:
        return False
    return True
