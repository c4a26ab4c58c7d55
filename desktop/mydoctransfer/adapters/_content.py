"""The bytes of a regular file, hashed from one descriptor.

Promises: a read counts only if the file is the expected one after it. Leaves to others: what is
expected, and how the file is reached.
"""

import hashlib
import os

from mydoctransfer.adapters._birth import look_at
from mydoctransfer.engine.ports import Along, Entry
from mydoctransfer.model.trees import LocalFile, Stat

OPEN = (  # to read; a symlink is not followed, and a FIFO not waited for
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
BUFFER = 1024 * 1024
SMALL = 64 * 1024  # read in one call


def read(fd: int, expects: Stat, buffer: memoryview) -> tuple[int, str] | None:
    """Return birth time and SHA-256 of an open file, and close it; None when it is another.

    Raises:
        OSError: it cannot be read.
    """
    try:
        digest = _digest(fd, expects.size, buffer)
        if digest is None:
            return None
        after, born = look_at(fd)
        return (born, digest) if after == expects else None
    finally:
        os.close(fd)


def _digest(fd: int, size: int, buffer: memoryview) -> str | None:
    """Return the SHA-256 of exactly `size` bytes; None if the file has fewer or more."""
    # One byte more than expected, so that the end is seen without another call.
    if size < SMALL:
        data = os.read(fd, size + 1)
        return hashlib.sha256(data).hexdigest() if len(data) == size else None
    sha256 = hashlib.sha256()
    left = size
    while True:
        wanted = min(len(buffer), left + 1)
        count = os.readv(fd, [buffer[:wanted]])
        if count > left:
            return None
        sha256.update(buffer[:count])
        left -= count
        if count < wanted:
            return sha256.hexdigest() if left == 0 else None


class Reader:
    """Reads files along with a listing, each right after it was looked at."""

    def __init__(self, along: Along) -> None:
        self._along = along
        self._left = along.most_files
        self._buffer = memoryview(bytearray(BUFFER))

    def read(self, directory: int, entry: Entry) -> LocalFile | None:
        """Read a file of this open directory, if it is one to be read. None also where it cannot
        be read: why is told when it is read by itself."""
        if self._left <= 0 or not self._along.has(entry):
            return None
        self._left -= 1
        stat = entry.stat
        try:
            found = read(os.open(entry[0], OPEN, dir_fd=directory), stat, self._buffer)
        except OSError:
            return None
        return None if found is None else tuple.__new__(LocalFile, (stat, *found, False))
