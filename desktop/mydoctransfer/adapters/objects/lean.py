"""One kept connection straight to the store: a request is one call, an answer a few.

`Web` can do more and costs ten times as much for each question; a proxy, a bandwidth limit and the
right sentence for a mishap are its business. Here every mishap is an OSError.
"""

import socket
import ssl
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from mydoctransfer.adapters.replies import Deadlines, Reply

_CHUNK = 64 * 1024
_PIECE = 1024 * 1024  # bytes given to the system at once
_MOST = 1024 * 1024  # bytes of an answer; a store's errors have a few hundred

Given = Callable[[int], None]  # hears how many bytes of the body were given to the system so far


class Need(Enum):
    """What a line that does not block waits for."""

    CONNECTION = auto()  # somebody calls `connect`, which takes a while
    INPUT = auto()
    ROOM = auto()  # for what is sent


class BadAnswer(OSError):
    """What came back is no answer of HTTP."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store listens: what a connection is made from. `tls` makes the context for https."""

    host: str
    port: int
    tls: Callable[[], ssl.SSLContext] | None


def place_of(base: str, tls: Callable[[], ssl.SSLContext]) -> Place:
    """Return where the store at this address listens."""
    parts = urlsplit(base)
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    return Place(parts.hostname or "", port, tls if is_secure else None)


class Line:
    """A connection that is opened when it is needed, and again when the other side closed it.

    For one thread. A request must do no harm when it arrives twice.

    Args:
        blocks: whether a call waits for the network. Where it does not, `steps` say what for.
    """

    def __init__(self, place: Place, deadlines: Deadlines, blocks: bool = True) -> None:
        self._place = place
        self._deadlines = deadlines
        self._blocks = blocks
        self._read = b""
        self.socket: socket.socket | None = None

    @property
    def host(self) -> str:
        """Who is asked."""
        return self._place.host

    def ask(
        self, head: bytes, body: bytes | bytearray, given: Given = lambda amount: None
    ) -> Reply:
        """Send one request and return its answer; for a line that blocks.

        Raises:
            OSError: no connection, no answer in time, or none of HTTP.
        """
        steps = self.steps(head, body, given)
        try:
            next(steps)
        except StopIteration as answered:
            reply: Reply = answered.value
            return reply
        raise RuntimeError("this line does not block")

    def steps(
        self, head: bytes, body: bytes | bytearray, given: Given = lambda amount: None
    ) -> Generator[Need, None, Reply]:
        """Do the same in steps: whoever takes them sees to each need, or throws an OSError in."""
        is_kept = self.socket is not None
        try:
            return (yield from self._asked(head, body, given))
        except TimeoutError:
            raise
        except OSError:
            if not is_kept:
                raise
            # The other side had closed it meanwhile (G16).
            return (yield from self._asked(head, body, given))

    def close(self) -> None:
        """Close it; the next question opens another."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _asked(
        self, head: bytes, body: bytes | bytearray, given: Given
    ) -> Generator[Need, None, Reply]:
        ends = time.monotonic() + self._deadlines.total
        try:
            if self.socket is None and self._blocks:
                self.connect()
            elif self.socket is None:
                yield Need.CONNECTION
            line = self.socket
            assert line is not None
            yield from _send(line, head, body, given)
            reply, is_kept = yield from self._answer(line, ends)
        except BaseException:
            self.close()
            raise
        if not is_kept:
            self.close()
        return reply

    def connect(self) -> None:
        """Open the connection. Blocks in any case.

        Raises:
            OSError: there is none.
        """
        place = self._place
        plain = socket.create_connection((place.host, place.port), self._deadlines.connect)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            line = (
                place.tls().wrap_socket(plain, server_hostname=place.host) if place.tls else plain
            )
            line.settimeout(self._deadlines.read if self._blocks else 0)
        except BaseException:
            plain.close()
            raise
        self.socket, self._read = line, b""

    def _answer(
        self, line: socket.socket, ends: float
    ) -> Generator[Need, None, tuple[Reply, bool]]:
        status, headers = yield from self._head(line, ends)
        while 100 <= status < 200:
            status, headers = yield from self._head(line, ends)
        if status == 204 or status == 304:
            return Reply(status, headers, b""), _is_kept(headers)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = yield from self._chunks(line, ends)
            return Reply(status, headers, body), _is_kept(headers)
        if "content-length" in headers:
            size = _number(headers["content-length"], 10)
            body = yield from self._exactly(line, size, ends)
            return Reply(status, headers, body), _is_kept(headers)
        body = yield from self._rest(line, ends)
        return Reply(status, headers, body), False

    def _head(
        self, line: socket.socket, ends: float
    ) -> Generator[Need, None, tuple[int, dict[str, str]]]:
        head = yield from self._until(line, b"\r\n\r\n", ends)
        lines = head.decode("latin-1").split("\r\n")
        version, _, rest = lines[0].partition(" ")
        if not version.startswith("HTTP/1."):
            raise BadAnswer("no answer of HTTP")
        pairs = (text.partition(":") for text in lines[1:])
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if version == "HTTP/1.0":
            headers.setdefault("connection", "close")
        return _number(rest[:3], 10), headers

    def _chunks(self, line: socket.socket, ends: float) -> Generator[Need, None, bytes]:
        body = b""
        while size := _chunk_size((yield from self._until(line, b"\r\n", ends))):
            body += yield from self._exactly(line, size, ends)
            yield from self._until(line, b"\r\n", ends)
            if len(body) > _MOST:
                raise BadAnswer("the answer is too long")
        while (yield from self._until(line, b"\r\n", ends)):
            pass  # trailers
        return body

    def _until(self, line: socket.socket, mark: bytes, ends: float) -> Generator[Need, None, bytes]:
        while mark not in self._read:
            if not (yield from self._more(line, ends)):
                raise BadAnswer("the connection was closed")
        found, _, self._read = self._read.partition(mark)
        return found

    def _exactly(self, line: socket.socket, size: int, ends: float) -> Generator[Need, None, bytes]:
        if size > _MOST:
            raise BadAnswer("the answer is too long")
        while len(self._read) < size:
            if not (yield from self._more(line, ends)):
                raise BadAnswer("the connection was closed")
        found, self._read = self._read[:size], self._read[size:]
        return found

    def _rest(self, line: socket.socket, ends: float) -> Generator[Need, None, bytes]:
        while (yield from self._more(line, ends)):
            pass
        return self._read

    def _more(self, line: socket.socket, ends: float) -> Generator[Need, None, bool]:
        if len(self._read) > _MOST + _CHUNK:
            raise BadAnswer("the answer is too long")
        if time.monotonic() > ends:
            raise TimeoutError("the answer takes too long")
        while True:
            try:
                received = line.recv(_CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError):
                yield Need.INPUT
            except ssl.SSLWantWriteError:
                yield Need.ROOM
            else:
                self._read += received
                return bool(received)


def request_head(method: str, target: str, headers: dict[str, str], length: int) -> bytes:
    """Return a request's first bytes. No value holds a line's end: they are made of hex, base64,
    a grant and an escaped address; what is not ASCII raises ValueError."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {target} HTTP/1.1\r\n{lines}content-length: {length}\r\n\r\n"
    return head.encode("ascii")


def _send(
    line: socket.socket, head: bytes, body: bytes | bytearray, given: Given
) -> Generator[Need, None, None]:
    """Send it all; the deadline is of each piece, since a slow line is no error (G08).

    Not `sendall`, whose deadline is of the whole.
    """
    if len(body) <= _CHUNK:
        yield from _send_whole(line, memoryview(head + body))
        return
    yield from _send_whole(line, memoryview(head))
    yield from _send_whole(line, memoryview(body), given)


def _send_whole(
    line: socket.socket, left: memoryview, given: Given = lambda amount: None
) -> Generator[Need, None, None]:
    size = len(left)
    while left:
        try:
            left = left[line.send(left[:_PIECE]) :]
        except (BlockingIOError, ssl.SSLWantWriteError):
            yield Need.ROOM
        except ssl.SSLWantReadError:
            yield Need.INPUT
        else:
            given(size - len(left))


def _chunk_size(line: bytes) -> int:
    return _number(line.partition(b";")[0].decode("latin-1"), 16)


def _number(text: str, base: int) -> int:
    try:
        number = int(text, base)
    except ValueError as exc:
        raise BadAnswer("no number where one belongs") from exc
    if number < 0:
        raise BadAnswer("a length below zero")
    return number


def _is_kept(headers: dict[str, str]) -> bool:
    return headers.get("connection", "").lower() != "close"
