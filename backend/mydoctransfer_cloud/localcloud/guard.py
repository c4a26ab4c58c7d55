"""What stands before the local cloud: the doors it would leave open are shut here.

The emulator listens on loopback, where every user of the machine and every web page open in a
browser can reach it. Left alone it takes the key id "test" and any twelve digits for the root
of an account, and lets anybody erase everything with one POST. Behind this guard

- a request must name the address the cloud listens on (no DNS rebinding);
- the emulator's own administration answers nobody;
- a request signed with a key everybody knows is refused, and listing buckets without any;
- a web page of another origin is refused, before and instead of CORS;
- an object is refused while the disk has no room for it. The emulator would keep it in memory, say
  that it is stored, and lose it at the next start.

It is also what gives the API an address that stays: `/api` leads to the API deployed now, whatever
id the emulator gave it.
"""

import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

RESERVED_BYTES = 64 * 1024**2
"""Kept free for the records, which are worth nothing if they cannot be saved."""

READY_PATH = "/ready"
API_PATH = "/api"

_READING = (b"Query", b"GetItem", b"BatchGetItem", b"Scan", b"Describe", b"List", b"AdminGet")
_KNOWN_KEY = re.compile(r"test|\d{12}")
_HEADER_KEY = re.compile(r"Credential=([^/,\s]*)|^AWS ([^:]*):")


class Guard:
    """An ASGI application in front of another.

    Attributes:
        api_file: holds the path of the API deployed now; read again when it changes.
        changed: called before and after every request that may write.
        room: bytes free for objects.
    """

    def __init__(
        self,
        app: Application,
        port: int,
        api_file: Path,
        changed: Callable[[], None],
        room: Callable[[], int],
    ) -> None:
        self._app = app
        self._room = room
        self._changed = changed
        self._origins = {f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")}
        self._hosts = {origin.removeprefix("http://") for origin in self._origins}
        self._api_file = api_file
        self._api: tuple[int, str] = (0, "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a refusal."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope) if scope["type"] == "http" else "Not served here"
        if refusal:
            await _answer(send, 403, refusal)
            return
        if scope["path"] == READY_PATH:
            # Says which process answers: on a port of an earlier start, it may be another.
            await _answer(send, 200, str(os.getpid()))
            return
        if _may_write(scope):
            if _object_bytes(scope) > self._room() - RESERVED_BYTES:
                await _answer(send, 507, "The disk of the local cloud is full")
                return
            self._changed()
            await self._app(self._routed(scope), receive, send)
            self._changed()  # again: what was saved meanwhile may lack this change
            return
        await self._app(self._routed(scope), receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        path = scope["path"]
        if not self._is_ours(headers.get("host", "")):
            return "Unknown host"
        if headers.get("origin", "null") not in {"null", *self._origins}:
            return "Unknown origin"
        if path.startswith(("/_ministack", "/_localstack")):
            return "Not served here"
        keys = _claimed_keys(scope, headers)
        if any(_KNOWN_KEY.fullmatch(key) for key in keys):
            return "Unknown key"
        if path == "/" and scope["method"] == "GET" and not keys:
            return "No key"  # the emulator lists its buckets to anybody
        return None

    def _is_ours(self, host: str) -> bool:
        """Whether a request names this cloud, or a distribution it serves.

        A name that ends in digits is never looked up, so no rebinding hides behind the latter.
        """
        distribution, dot, rest = host.partition(".cloudfront.")
        is_distribution = bool(dot) and distribution.isalnum() and rest.startswith("127.0.0.1:")
        return (rest if is_distribution else host) in self._hosts

    def _routed(self, scope: Scope) -> Scope:
        path = scope["path"]
        if path != API_PATH and not path.startswith(API_PATH + "/"):
            return scope
        target = self._current_api()
        raw = scope.get("raw_path") or path.encode()
        return {
            **scope,
            "path": target + path[len(API_PATH) :],
            "raw_path": target.encode() + raw[len(API_PATH) :],
        }

    def _current_api(self) -> str:
        stamp = self._api_file.stat().st_mtime_ns
        if stamp != self._api[0]:
            self._api = (stamp, self._api_file.read_text("utf-8"))
        return self._api[1]


def _may_write(scope: Scope) -> bool:
    """Whether a request may change what is kept: those that only read say so in their name."""
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return False
    target = next((value for name, value in scope["headers"] if name == b"x-amz-target"), b"")
    return not target.rpartition(b".")[2].startswith(_READING)


def _object_bytes(scope: Scope) -> int:
    """Size of the object or part a request carries; less than nothing for all other calls."""
    headers = dict(scope["headers"])
    if scope["path"].startswith(API_PATH) or b"x-amz-target" in headers or scope["path"] == "/":
        return -RESERVED_BYTES
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _claimed_keys(scope: Scope, headers: dict[str, str]) -> list[str]:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    named = [value.split("/")[0] for value in query.get("X-Amz-Credential", [])]
    named += query.get("AWSAccessKeyId", [])
    found = _HEADER_KEY.search(headers.get("authorization", ""))
    return [*named, *(group for group in (found.groups() if found else ()) if group)]


async def _answer(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
