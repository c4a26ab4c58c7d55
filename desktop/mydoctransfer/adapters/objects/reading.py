"""Reading what is sent: from one descriptor, and only while the file is the expected one."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from zlib_ng import zlib_ng

from mydoctransfer.adapters._descent import as_stat
from mydoctransfer.engine.ports import Digest, Failure, FailureKind
from mydoctransfer.model.trees import RelPath, Stat

OpenFile = Callable[[RelPath, Stat], int | Failure]

_CHUNK = 4 * 1024 * 1024  # hashed at once: between two of them Python's lock is waited for
_BUFFERS = 4  # kept


class Source:
    """The folder's files, opened as expected or not at all."""

    def __init__(self, open_file: OpenFile) -> None:
        self._open_file = open_file
        self._buffers = _Buffers()

    def whole(self, path: RelPath, expects: Stat, sha256: str) -> bytearray | Failure:
        """Return the file's bytes; CHANGED when they are not those of this hash."""
        content = bytearray(expects.size)
        if failure := self._filled(path, expects, 0, content):
            return failure
        is_right = hashlib.sha256(content).hexdigest() == sha256
        return content if is_right else changed(path)

    @contextmanager
    def part(
        self, path: RelPath, expects: Stat, offset: int, length: int
    ) -> Iterator[bytearray | Failure]:
        """Lend `length` bytes from `offset`; CHANGED when the file did not keep still."""
        with self._buffers.lent(length) as buffer:
            yield self._filled(path, expects, offset, buffer) or buffer

    def _filled(
        self, path: RelPath, expects: Stat, offset: int, buffer: bytearray
    ) -> Failure | None:
        with self._opened(path, expects) as fd:
            if isinstance(fd, Failure):
                return fd
            try:
                is_whole = _fill(fd, offset, buffer)
                is_same = as_stat(os.fstat(fd)) == expects
            except OSError as exc:
                return unreadable(path, exc)
            return None if is_whole and is_same else changed(path)

    def digest(self, path: RelPath, expects: Stat, part_size: int) -> Digest | Failure:
        """Return the hash of all and the checksum of each part, from one reading."""
        with self._opened(path, expects) as fd:
            if isinstance(fd, Failure):
                return fd
            try:
                digest = _digest(fd, expects.size, part_size)
                is_same = as_stat(os.fstat(fd)) == expects
            except OSError as exc:
                return unreadable(path, exc)
            return digest if digest is not None and is_same else changed(path)

    @contextmanager
    def _opened(self, path: RelPath, expects: Stat) -> Iterator[int | Failure]:
        fd = self._open_file(path, expects)
        try:
            yield fd
        finally:
            if not isinstance(fd, Failure):
                os.close(fd)


def changed(path: RelPath) -> Failure:
    """Return the failure for a file that is another one by now."""
    return Failure(FailureKind.CHANGED, f"{path}: It changed while it was being sent.", "changed")


def unreadable(path: RelPath, exc: OSError) -> Failure:
    """Return the failure for a file whose bytes cannot be read."""
    return Failure(
        FailureKind.UNREADABLE, f"{path}: It cannot be read ({exc.strerror}).", "unreadable"
    )


class _Buffers:
    """Parts' buffers, used again: fresh memory costs as much as filling it."""

    def __init__(self) -> None:
        self._free: deque[bytearray] = deque(maxlen=_BUFFERS)

    @contextmanager
    def lent(self, length: int) -> Iterator[bytearray]:
        try:
            buffer = self._free.pop()
        except IndexError:
            buffer = bytearray(length)
        if len(buffer) != length:
            buffer = bytearray(length)
        try:
            yield buffer
        finally:
            self._free.append(buffer)


def _fill(fd: int, offset: int, buffer: bytearray) -> bool:
    """Read until the buffer is full; False where the file ends before."""
    left = memoryview(buffer)
    while left:
        count = os.preadv(fd, [left], offset)
        if count == 0:
            return False
        left, offset = left[count:], offset + count
    return True


def _digest(fd: int, size: int, part_size: int) -> Digest | None:
    """Return the checksums of exactly `size` bytes; None if the file has fewer or more."""
    sha256, buffer = hashlib.sha256(), memoryview(bytearray(_CHUNK))
    crcs: list[int] = []
    crc, position = 0, 0
    while position < size:
        room = part_size - position % part_size
        count = os.readv(fd, [buffer[: min(_CHUNK, room, size - position)]])
        if count == 0:
            return None
        sha256.update(buffer[:count])
        crc = zlib_ng.crc32(buffer[:count], crc)
        position += count
        if position % part_size == 0 or position == size:
            crcs.append(crc)
            crc = 0
    return Digest(sha256.hexdigest(), tuple(crcs)) if not os.read(fd, 1) else None
