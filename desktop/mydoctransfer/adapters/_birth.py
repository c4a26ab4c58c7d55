"""How an open file stands, with its birth time: the one thing `os.fstat` does not tell on Linux."""

import ctypes
import os
import struct
import sys
import threading
from collections.abc import Callable

from mydoctransfer.adapters._descent import as_stat
from mydoctransfer.model.trees import Stat

_AT_EMPTY_PATH = 0x1000
_STATX_BTIME = 0x800
_WANTED = 0x7FF | _STATX_BTIME  # STATX_BASIC_STATS
# From struct statx: the mask, inode number and size; seconds and nanoseconds of birth, change and
# modification; the two halves of the device number.
_STATX = struct.Struct("=I28xQQ32xqI4xqI4xqI12xII")


def _find_statx() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        # Without `argtypes`, whose conversions take as long as the call: all that it is given are
        # numbers that fit an int, a literal and a pointer.
        found: Callable[..., int] = ctypes.CDLL(None).statx  # glibc 2.28, musl 1.2.3
    except (OSError, AttributeError):
        return None
    return found


_statx = _find_statx()


class _Room(threading.local):
    """A thread's place for an answer: making one for each file costs more than asking."""

    def __init__(self) -> None:
        self.answer = ctypes.create_string_buffer(256)
        self.place = ctypes.byref(self.answer)


_room = _Room()


def look_at(fd: int) -> tuple[Stat, int]:
    """Return how an open file stands now and its birth time in nanoseconds since the epoch (0
    where nobody tells it), in one call where the system can.

    Raises:
        OSError: nothing can be told.
    """
    if _statx is not None and _statx(fd, b"", _AT_EMPTY_PATH, _WANTED, _room.place) == 0:
        return _decoded(_room.answer)
    found = os.fstat(fd)
    seconds = getattr(found, "st_birthtime", 0)
    born = int(getattr(found, "st_birthtime_ns", 0) or seconds * 1_000_000_000)
    return as_stat(found), born


def _decoded(answer: "ctypes.Array[ctypes.c_char]") -> tuple[Stat, int]:
    mask, ino, size, born, born_ns, c, c_ns, m, m_ns, major, minor = _STATX.unpack_from(answer)
    found = (
        os.makedev(major, minor), ino, size, m * 1_000_000_000 + m_ns, c * 1_000_000_000 + c_ns
    )  # fmt: skip
    return tuple.__new__(Stat, found), born * 1_000_000_000 + born_ns if mask & _STATX_BTIME else 0
