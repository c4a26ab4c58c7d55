"""How fast bytes may go one way: a token bucket that all transfers of that way share.

Promises: over any stretch of time no more than the limit plus a moment's worth passes, however many
threads send; a changed limit holds within a fifth of a second, but for small files that the sending
processes were given before there was a limit; without a limit nothing is slowed.
"""

import io
import threading
import time
from collections.abc import Callable

from mydoctransfer import testing

MOMENT = 0.25  # seconds whose bytes may pass at once after a rest
_LOOK = 0.2  # seconds after which a waiting thread looks at the limit again
_PIECE = 16 * 1024  # bytes that are let through at a time


class Stopped(OSError):
    """The program ends: nothing goes on."""


class Pace:
    """One way, up or down. Any thread may call it.

    Args:
        limit: tells the bytes a second that hold now; 0 is no limit.
    """

    def __init__(
        self,
        limit: Callable[[], int] = lambda: 0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free = 0.0  # bytes that may pass now; below zero, what was let through ahead of time
        self._at = monotonic()
        self._is_stopped = False

    def take(self, size: int) -> float:
        """Wait until `size` more bytes may pass; return the seconds waited.

        Raises:
            Stopped: `stop` was called.
        """
        testing.reach("bytes.midway")
        waited = 0.0
        while wait := self._wait_for(size):
            if self._is_stopped:
                raise Stopped("transfers have ended")
            self._sleep(wait)
            waited += wait
        return waited

    @property
    def is_limited(self) -> bool:
        """Whether a limit holds now."""
        return self._limit() > 0

    def body(
        self, content: bytes | bytearray, given: Callable[[int], None] = lambda amount: None
    ) -> "bytes | bytearray | PacedBody":
        """Return what to give to a connection as the body: `content` itself if nothing holds.

        `given` hears how many bytes a limit has let through.
        """
        return PacedBody(content, self, given) if self.is_limited else content

    def stop(self) -> None:
        """Let nobody wait any longer."""
        self._is_stopped = True

    def _wait_for(self, size: int) -> float:
        limit = self._limit()
        with self._lock:
            now = self._monotonic()
            if limit <= 0:
                self._free, self._at = 0.0, now
                return 0.0
            self._free = min(limit * MOMENT, self._free + (now - self._at) * limit)
            self._at = now
            if self._free < 0:
                return min(_LOOK, max(-self._free / limit, 0.001))
            self._free -= size
            return 0.0


class PacedBody(io.RawIOBase):
    """Bytes that are read no faster than the pace allows.

    Attributes:
        waited: seconds it was held back, which are no fault of the other side.
    """

    def __init__(
        self,
        content: bytes | bytearray,
        pace: Pace,
        given: Callable[[int], None] = lambda amount: None,
    ) -> None:
        self._given = given
        self._content = memoryview(content)
        self._pace = pace
        self._position = 0
        self.waited = 0.0

    def __len__(self) -> int:
        return len(self._content)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._content)}
        self._position = max(0, start[whence] + offset)
        return self._position

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        end = self._position + min(len(buffer), _PIECE)
        piece = self._content[self._position : end]
        if piece:
            self.waited += self._pace.take(len(piece))
        buffer[: len(piece)] = piece
        self._position += len(piece)
        if piece:
            self._given(self._position)
        return len(piece)
