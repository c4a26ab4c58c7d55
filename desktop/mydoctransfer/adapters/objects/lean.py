"""One kept connection straight to the store: a request is one call, an answer a few.

`Web` can do more and costs ten times as much for each question; a proxy, a bandwidth limit and the
right sentence for a mishap are its business. Here every mishap is an OSError.
"""

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from mydoctransfer.adapters.replies import Deadlines, Reply

_CHUNK = 64 * 1024
_PIECE = 1024 * 1024  # bytes given to the system at once
_MOST = 1024 * 1024  # bytes of an answer; a store's errors have a few hundred

Given = Callable[[int], None]  # hears how many bytes of the body were given to the system so far


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
    """

    def __init__(self, place: Place, deadlines: Deadlines) -> None:
        self._place = place
        self._deadlines = deadlines
        self._socket: socket.socket | None = None
        self._read = b""

    @property
    def host(self) -> str:
        """Who is asked."""
        return self._place.host

    def ask(
        self, head: bytes, body: bytes | bytearray, given: Given = lambda amount: None
    ) -> Reply:
        """Send one request and return its answer.

        Raises:
            OSError: no connection, no answer in time, or none of HTTP.
        """
        is_kept = self._socket is not None
        try:
            return self._asked(head, body, given)
        except TimeoutError:
            raise
        except OSError:
            if not is_kept:
                raise
            return self._asked(head, body, given)  # the other side had closed it meanwhile (G16)

    def close(self) -> None:
        """Close it; the next question opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _asked(self, head: bytes, body: bytes | bytearray, given: Given) -> Reply:
        ends = time.monotonic() + self._deadlines.total
        try:
            line = self._socket or self._connected()
            _send(line, head, body, given)
            reply, is_kept = self._answer(line, ends)
        except BaseException:
            self.close()
            raise
        if not is_kept:
            self.close()
        return reply

    def _connected(self) -> socket.socket:
        place = self._place
        plain = socket.create_connection((place.host, place.port), self._deadlines.connect)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            line = (
                place.tls().wrap_socket(plain, server_hostname=place.host) if place.tls else plain
            )
            line.settimeout(self._deadlines.read)
        except BaseException:
            plain.close()
            raise
        self._socket, self._read = line, b""
        return line

    def _answer(self, line: socket.socket, ends: float) -> tuple[Reply, bool]:
        status, headers = self._head(line, ends)
        while 100 <= status < 200:
            status, headers = self._head(line, ends)
        if status == 204 or status == 304:
            return Reply(status, headers, b""), _is_kept(headers)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return Reply(status, headers, self._chunks(line, ends)), _is_kept(headers)
        if "content-length" in headers:
            body = self._exactly(line, _number(headers["content-length"], 10), ends)
            return Reply(status, headers, body), _is_kept(headers)
        return Reply(status, headers, self._rest(line, ends)), False

    def _head(self, line: socket.socket, ends: float) -> tuple[int, dict[str, str]]:
        lines = self._until(line, b"\r\n\r\n", ends).decode("latin-1").split("\r\n")
        version, _, rest = lines[0].partition(" ")
        if not version.startswith("HTTP/1."):
            raise BadAnswer("no answer of HTTP")
        pairs = (text.partition(":") for text in lines[1:])
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if version == "HTTP/1.0":
            headers.setdefault("connection", "close")
        return _number(rest[:3], 10), headers

    def _chunks(self, line: socket.socket, ends: float) -> bytes:
        body = b""
        while size := _number(self._until(line, b"\r\n", ends).partition(b";")[0].decode(), 16):
            body += self._exactly(line, size, ends)
            self._until(line, b"\r\n", ends)
            if len(body) > _MOST:
                raise BadAnswer("the answer is too long")
        while self._until(line, b"\r\n", ends):
            pass  # trailers
        return body

    def _until(self, line: socket.socket, mark: bytes, ends: float) -> bytes:
        while mark not in self._read:
            if not self._more(line, ends):
                raise BadAnswer("the connection was closed")
        found, _, self._read = self._read.partition(mark)
        return found

    def _exactly(self, line: socket.socket, size: int, ends: float) -> bytes:
        if size > _MOST:
            raise BadAnswer("the answer is too long")
        while len(self._read) < size:
            if not self._more(line, ends):
                raise BadAnswer("the connection was closed")
        found, self._read = self._read[:size], self._read[size:]
        return found

    def _rest(self, line: socket.socket, ends: float) -> bytes:
        while self._more(line, ends):
            pass
        return self._read

    def _more(self, line: socket.socket, ends: float) -> bool:
        if len(self._read) > _MOST + _CHUNK:
            raise BadAnswer("the answer is too long")
        if time.monotonic() > ends:
            raise TimeoutError("the answer takes too long")
        received = line.recv(_CHUNK)
        self._read += received
        return bool(received)


def request_head(method: str, target: str, headers: dict[str, str], length: int) -> bytes:
    """Return a request's first bytes. No value holds a line's end: they are made of hex, base64,
    a grant and an escaped address; what is not ASCII raises ValueError."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {target} HTTP/1.1\r\n{lines}content-length: {length}\r\n\r\n"
    return head.encode("ascii")


def _send(line: socket.socket, head: bytes, body: bytes | bytearray, given: Given) -> None:
    """Send it all; the deadline is of each piece, since a slow line is no error (G08).

    Not `sendall`, whose deadline is of the whole.
    """
    if len(body) <= _CHUNK:
        _send_whole(line, memoryview(head + body))
        return
    _send_whole(line, memoryview(head))
    _send_whole(line, memoryview(body), given)


def _send_whole(line: socket.socket, left: memoryview, given: Given = lambda amount: None) -> None:
    size = len(left)
    while left:
        left = left[line.send(left[:_PIECE]) :]
        given(size - len(left))


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
