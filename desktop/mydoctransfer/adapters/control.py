"""The way into a running engine: two sockets in a directory that is closed to everybody else.

`control` takes one command a connection, one JSON line of at most 1 MiB, and answers one JSON line
`{"answer": {…}}` or `{"error": {"code", "message", "title", "exit", "emails"}}`. `window` takes the
wishes of `model.wishes` and nothing else. What is not understood is refused and changes nothing.
"""

import json
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from mydoctransfer.adapters.frames import from_frame, to_frame
from mydoctransfer.adapters.home import Home
from mydoctransfer.engine.messages import Reply, Told
from mydoctransfer.model.commands import Answer, Command
from mydoctransfer.model.errors import (
    BY_EXIT_CODE,
    AppError,
    NotSignedIn,
    Offline,
    UsageError,
)
from mydoctransfer.model.wishes import Wish, from_line, to_line

FRAME_MAX = 1024 * 1024
CONTROL = "control"
WINDOW = "window"

_CLIENTS_MAX = 32
_FRAME_DEADLINE = 10.0  # seconds a client has to send its line


class LocalServer:
    """Answers lines on one socket, from threads of its own, to programs of this person only."""

    def __init__(self, path: Path, answer: Callable[[bytes], bytes]) -> None:
        self._path = path
        self._answer = answer
        self._places = threading.BoundedSemaphore(_CLIENTS_MAX)
        self._listener: socket.socket | None = None
        self._thread = threading.current_thread()

    def start(self) -> None:
        """Begin to listen. Who calls this holds the installation's lock: an old socket is dead.

        Raises:
            AppError: the socket cannot be made.
        """
        if not hasattr(socket, "AF_UNIX"):
            return  # Windows: commands work while no engine runs
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._path.unlink(missing_ok=True)
            listener.bind(str(self._path))
            self._path.chmod(0o600)
            listener.listen(_CLIENTS_MAX)
        except OSError as exc:
            listener.close()
            raise AppError(
                "No place to work",
                f"The socket {self._path} cannot be made ({exc.strerror or exc}).",
                "home_unusable",
            ) from exc
        self._listener = listener
        self._thread = threading.Thread(
            target=self._serve, args=(listener,), name=f"{self._path.name}-socket", daemon=True
        )
        self._thread.start()

    def is_alive(self) -> bool:
        """Whether it answers; what was never started, or was closed, is not dead."""
        return self._listener is None or self._thread.is_alive()

    def restart(self) -> str:
        """Begin to listen again. Raises OSError, RuntimeError: the system has no room for it."""
        self.close()
        self.start()
        return "The part of this program that commands talk to stopped. It was started again."

    def close(self) -> None:
        """Stop listening; whoever still waits is cut off."""
        listener, self._listener = self._listener, None
        if listener is not None:
            self._path.unlink(missing_ok=True)
            # shutdown wakes the thread that waits in accept, close alone does not
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if not self._places.acquire(blocking=False):
                client.close()
                continue
            threading.Thread(target=self._attend, args=(client,), daemon=True).start()

    def _attend(self, client: socket.socket) -> None:
        try:
            with client:
                client.settimeout(_FRAME_DEADLINE)
                if not _is_ours(client):
                    return
                line = _read_line(client, FRAME_MAX)
                answer = self._answer(line)
                client.sendall(answer)
        except OSError:
            return  # the client went away, or never said anything
        finally:
            self._places.release()


def control_server(runtime: Path, tell: Callable[[Told], None]) -> LocalServer:
    """Return the server that puts commands into the engine's inbox through `tell`."""

    def answer(line: bytes) -> bytes:
        try:
            command = from_frame(json.loads(line))
        except UsageError as exc:
            return _line(_error(exc))
        except (ValueError, RecursionError):
            return _line(_error(UsageError("Not understood", "That is no command.", "usage")))
        told: Future[Reply] = Future()
        tell(Told(command, told.set_result))
        reply = told.result()
        return _line(_error(reply) if isinstance(reply, AppError) else {"answer": reply})

    return LocalServer(runtime / CONTROL, answer)


def window_server(runtime: Path, take: Callable[[Wish], None]) -> LocalServer:
    """Return the server by which a second start says to the first what it wants."""

    def answer(line: bytes) -> bytes:
        try:
            wish = from_line(line)
        except UsageError:
            return b"no\n"
        take(wish)
        return b"ok\n"

    return LocalServer(runtime / WINDOW, answer)


def send(home: Home, command: Command, timeout: float | None = None) -> Answer | None:
    """Have the running engine carry out a command; None when no engine runs.

    Raises:
        AppError: what the engine answered, or that it ended before it answered. A socket nobody
            listens on is no engine.
    """
    frame = json.dumps(to_frame(command)).encode() + b"\n"
    if len(frame) > FRAME_MAX:
        raise UsageError("Too much", "That is too much for one command.", "usage")
    line = _exchange(home, CONTROL, frame, timeout)
    if line is None:
        return None
    try:
        answered = json.loads(line)
        if "error" in answered:
            raise _raised(answered["error"])
        answer: Answer = answered["answer"]
        return answer
    except (ValueError, KeyError, TypeError) as exc:
        raise _ended() from exc


def hand_over(home: Home, wish: Wish, timeout: float = 10.0) -> bool:
    """Have the running application's window do what is wished; False when there is none."""
    try:
        return _exchange(home, WINDOW, to_line(wish) + b"\n", timeout) == b"ok"
    except AppError:
        return False


def _exchange(home: Home, name: str, frame: bytes, timeout: float | None) -> bytes | None:
    runtime = home.known_runtime()
    if runtime is None or not hasattr(socket, "AF_UNIX"):
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(timeout)
        try:
            client.connect(str(runtime / name))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        try:
            client.sendall(frame)
            return _read_line(client, None)
        except TimeoutError as exc:
            raise AppError(
                "No answer",
                "The running application is busy and did not answer in time.",
                "engine_busy",
            ) from exc
        except OSError as exc:
            raise _ended() from exc


def _read_line(peer: socket.socket, most: int | None) -> bytes:
    """Return what comes before the first newline.

    Raises:
        OSError: the peer went away before, or sends more than `most` bytes.
    """
    received = bytearray()
    while True:
        piece = peer.recv(65_536)
        received += piece
        if not piece or (most is not None and len(received) > most):
            raise ConnectionError("no line")
        end = piece.find(b"\n")
        if end >= 0:
            return bytes(received[: len(received) - len(piece) + end])


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _error(exc: AppError) -> dict[str, Any]:
    return {
        "error": {
            "code": exc.code,
            "message": exc.message,
            "title": exc.title,
            "exit": exc.exit_code,
            "emails": list(exc.emails),
        }
    }


def _raised(error: dict[str, Any]) -> AppError:
    message, code = str(error["message"]), str(error["code"])
    if error["exit"] == NotSignedIn.exit_code:
        return NotSignedIn(message, code)
    if error["exit"] == Offline.exit_code:
        return Offline(message, code)
    kind = BY_EXIT_CODE.get(error["exit"], AppError)
    return kind(str(error["title"]), message, code, tuple(map(str, error.get("emails", ()))))


def _ended() -> AppError:
    return AppError(
        "Ended", "The running application ended before it answered. Try again.", "engine_ended"
    )


def _is_ours(client: socket.socket) -> bool:
    """Whether the program on the other side runs as this person (Linux; elsewhere the directory's
    mode alone keeps others out)."""
    if sys.platform != "linux":
        return True
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())
