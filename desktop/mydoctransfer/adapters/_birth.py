"""When a file was born: the one thing `os.stat` does not tell on Linux."""

import ctypes
import os
import struct
import sys
import threading
from collections.abc import Callable

_AT_EMPTY_PATH = 0x1000
_STATX_BTIME = 0x800
_MASK = struct.Struct("=I")
_BIRTH = struct.Struct("=qI")
_BIRTH_AT = 80  # offset of stx_btime in struct statx


def _find_statx() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        statx = ctypes.CDLL(None, use_errno=True).statx  # glibc 2.28, musl 1.2.3
    except (OSError, AttributeError):
        return None
    statx.argtypes = [
        ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_char_p,
    ]  # fmt: skip
    statx.restype = ctypes.c_int
    found: Callable[..., int] = statx
    return found


_statx = _find_statx()


class _Room(threading.local):
    """A thread's place for an answer: making one for each file costs more than asking."""

    def __init__(self) -> None:
        self.answer = ctypes.create_string_buffer(256)


_room = _Room()


def birth_ns(fd: int) -> int:
    """Return the birth time in nanoseconds since the epoch; 0 where nobody tells it."""
    if _statx is None:
        found = os.fstat(fd)
        seconds = getattr(found, "st_birthtime", 0)
        return int(getattr(found, "st_birthtime_ns", 0) or seconds * 1_000_000_000)
    answer = _room.answer
    if _statx(fd, b"", _AT_EMPTY_PATH, _STATX_BTIME, answer) != 0:
        return 0
    if not _MASK.unpack_from(answer)[0] & _STATX_BTIME:
        return 0
    seconds, nanoseconds = _BIRTH.unpack_from(answer, _BIRTH_AT)
    return int(seconds) * 1_000_000_000 + int(nanoseconds)
