"""The back-end: the real use cases over tables and bucket, reached the way the gateway does.

`Gateway` stands in for `adapters.web.Web`: the client's own adapter and translation run for real.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from chalicelib import wire
from chalicelib.config import Config
from chalicelib.connectors.ports import Account, Accounts
from chalicelib.controllers import acting, listing, publishing, receipts, sharing, uploads
from chalicelib.controllers.arrivals import ObjectArrived, arrived
from chalicelib.controllers.me import me
from chalicelib.controllers.sweep import sweep
from chalicelib.parts import Parts
from chalicelib.services.policy import Rules
from mydoctransfer.adapters.web import Reply
from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer_contract.documents import (
    DocumentAction,
    DocumentActions,
    Received,
    ShareChange,
)
from mydoctransfer_contract.uploads import CompleteUploads, RegisterUploads
from tests.simulation.world.bucket import Bucket, Minter
from tests.simulation.world.clock import Time
from tests.simulation.world.tables import Tables

API = "https://api.test/v1"
LOST = Failure(FailureKind.OFFLINE, "The cloud cannot be reached.", "offline")
SECRET = "stage-secret-canary"


class FunctionDied(BaseException):
    """A function ended in the middle: out of time or memory, or the machine went away."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in the directory."""

    sub: str
    email: str

    @property
    def token(self) -> str:
        return f"token-canary-{self.sub}"

    def claims(self, now_s: int) -> dict[str, object]:
        return {
            "sub": self.sub,
            "email": self.email,
            "given_name": self.sub.title(),
            "family_name": "Person",
            "iss": "https://idp.test/pool",
            "aud": "client",
            "token_use": "id",
            "exp": now_s + 3600,
            "iat": now_s - 10,
            "cognito:username": self.sub,
        }


USER = User("ann", "ann@example.org")
OTHER = User("bob", "bob@example.org")


class People:
    """The functions' `Directory` port."""

    def __init__(self, users: list[User]) -> None:
        self._accounts = {
            u.email: Account(u.sub, u.email, u.sub.title(), "Person", True) for u in users
        }

    def find(self, email: str) -> Account | None:
        return self._accounts.get(email)

    def search(self, attribute: str, prefix: str, after: str | None, limit: int) -> Accounts:
        found = (a for a in self._accounts.values() if getattr(a, attribute).startswith(prefix))
        return Accounts(tuple(found), None)

    def is_enabled(self, username: str) -> bool:
        return any(a.sub == username for a in self._accounts.values())


@dataclass(slots=True)
class Acting:
    """Who is changing the tables now: a device with its request, or the system."""

    device: str | None
    route: str
    body: dict[str, Any] = field(default_factory=dict)


class Backend:
    """Everything on the server's side of the wire.

    Attributes:
        acting: on whose behalf the tables change now. log: all that the functions printed.
        events: what the bucket has to tell and did not yet: (due ns, key, version, size).
    """

    def __init__(self, time: Time, users: list[User], rules: Rules, epoch: str = "epoch-1") -> None:
        self.time = time
        self.users = {u.token: u for u in users}
        self.tables = Tables()
        self.bucket = Bucket(lambda: time.ms)
        self.log: list[str] = []
        self.acting = Acting(None, "")
        self.swept_ns = time.ns
        self.parts = Parts(
            config=Config(
                "sim",
                epoch,
                "main",
                "audit",
                "bucket",
                "eu-central-1",
                "pool",
                "client",
                "role",
                "",
                SECRET,
            ),
            rules=rules,
            store=self.tables,
            objects=self.bucket,
            grants=Minter(lambda: time.ms),
            directory=People(users),
            clock=lambda: time.ms,
            pause=lambda seconds: None,
        )

    def answer(
        self, device: str | None, method: str, url: str, token: str, body: bytes | None
    ) -> wire.Answer:
        """Answer one request, as gateway and function do together.

        Raises:
            FunctionDied: the function was armed to.
        """
        __, route, use = _routed(method, url)
        who = self.users[token]
        decoded = json.loads(body) if body else {}
        before, self.acting = self.acting, Acting(device, route, decoded)
        try:
            request = wire.Request(
                route=route,
                context={
                    "authorizer": {"claims": who.claims(self.time.ms // 1000)},
                    "identity": {"sourceIp": "192.0.2.1"},
                    "requestId": "r",
                },
                query=dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)),
                content_type="application/json" if body is not None else "",
                body=body or b"",
            )
            return wire.respond(lambda: self.parts, request, use)
        finally:
            self.acting = before

    def tell_arrival(self, key: str, version: str, size: int) -> None:
        """Let the arrivals function take one of the bucket's events."""
        before, self.acting = self.acting, Acting(None, "arrival")
        try:
            arrived(self.parts, self.time.ms, ObjectArrived("bucket", key, version, size))
        finally:
            self.acting = before

    def sweep(self, seconds: float = 60.0) -> None:
        before, self.acting = self.acting, Acting(None, "sweep")
        try:
            self.swept_ns = self.time.ns
            sweep(self.parts, self.time.ms + int(seconds * 1000))
            self.bucket.lifecycle()
        finally:
            self.acting = before


def _routed(method: str, url: str) -> tuple[str, str, Callable[[wire.Call], object]]:
    path = urlsplit(url).path.removeprefix("/v1")
    segments = [unquote(s) for s in path.strip("/").split("/")]
    match (method, *segments):
        case ("GET", "me"):
            use = lambda call: me(call.parts, call.who, call.now)  # noqa: E731
        case ("GET", "docs"):
            use = lambda call: listing.documents(  # noqa: E731
                call.parts,
                call.who,
                call.now,
                call.text("scope", "all"),
                call.flag("gone"),
                call.optional("cursor"),
            )
        case ("GET", "docs", "changes"):
            use = lambda call: listing.changes(  # noqa: E731
                call.parts, call.who, call.now, call.optional("since")
            )
        case ("GET", "docs", share_id, "receipt"):
            use = lambda call: receipts.receipt(call.parts, call.who, call.now, share_id)  # noqa: E731
        case ("POST", "docs"):
            use = lambda call: acting.act_all(  # noqa: E731
                call.parts, call.who, call.now, call.body(DocumentActions)
            )
        case ("POST", "docs", share_id):
            use = lambda call: acting.act(  # noqa: E731
                call.parts, call.who, call.now, share_id, call.body(DocumentAction)
            )
        case ("POST", "uploads"):
            use = lambda call: uploads.register(  # noqa: E731
                call.parts, call.who, call.rate, call.now, call.body(RegisterUploads)
            )
        case ("POST", "uploads", "complete"):
            use = lambda call: publishing.complete(  # noqa: E731
                call.parts, call.who, call.now, call.body(CompleteUploads)
            )
        case ("DELETE", "uploads", upload_id):
            use = lambda call: uploads.abort(call.parts, call.who, call.now, upload_id) or {}  # noqa: E731
        case ("POST", "share", share_id, "received"):
            use = lambda call: sharing.received(  # noqa: E731
                call.parts, call.who, call.now, share_id, call.body(Received)
            )
        case ("POST", "share", share_id):
            use = lambda call: sharing.share(  # noqa: E731
                call.parts, call.who, call.now, share_id, call.body(ShareChange)
            )
        case ("GET", "share", share_id):
            use = lambda call: sharing.download(call.parts, call.who, call.now, share_id)  # noqa: E731
        case _:
            raise AssertionError(f"no route {method} {path}")
    return path, f"{method} /{segments[0]}" + ("/…" if len(segments) > 1 else ""), use


MUTATING = ("POST /docs", "POST /docs/…", "POST /uploads", "POST /uploads/…", "DELETE /uploads/…",
            "POST /share/…")  # fmt: skip


class Gateway:
    """What `HttpCloud` asks: the network of one device, with its faults.

    Attributes:
        fault: asked once a request; answers a kind of trouble, or None.
        asked: told of every request that reached the back-end: route, body, answer.
    """

    def __init__(
        self,
        backend: Backend,
        device: str,
        wall_ms: Callable[[], int],
        fault: Callable[[str], str | None],
        asked: Callable[[str, dict[str, Any], wire.Answer], None],
        operate: Callable[..., Any] = lambda name, act, refused: act(),
    ) -> None:
        self._backend = backend
        self._device = device
        self._wall_ms = wall_ms
        self._fault = fault
        self._asked = asked
        self._operate = operate

    def ask(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None = None
    ) -> Reply | Failure:
        answer: Reply | Failure = self._operate(
            f"{method} {urlsplit(url).path}",
            lambda: self._ask(method, url, headers, body),
            lambda: LOST,
        )
        return answer

    def _ask(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None
    ) -> Reply | Failure:
        kind = self._fault(f"{method} {urlsplit(url).path}")
        match kind:
            case "lost_before":
                return LOST
            case "busy":
                return self._reply(503, "text/plain", b"busy", {})
            case "internal_error":
                return self._reply(500, "application/json", b'{"message": "Internal"}', {})
            case "throttled":
                return self._reply(429, "text/plain", b"slowly", {"retry-after": "3"})
            case "portal":
                return self._reply(200, "text/html", b"<html>Sign in to this network</html>", {})
            case "unauthorized":
                return self._reply(401, "application/json", b'{"message": "expired"}', {})
        token = headers["Authorization"].removesuffix("+")
        try:
            answer = self._backend.answer(self._device, method, url, token, body)
        except FunctionDied:
            return self._reply(502, "application/json", b'{"message": "Internal"}', {})
        route = _routed(method, url)[1]
        self._asked(route, json.loads(body) if body else {}, answer)
        if kind == "lost_after":
            return LOST
        if kind == "timeout_after":
            return self._reply(504, "application/json", b'{"message": "Endpoint timed out"}', {})
        if kind == "truncated":
            half = answer.body.encode()[: len(answer.body) // 2]
            return self._reply(answer.status, "application/json", half, {})
        more = {name.lower(): value for name, value in answer.headers.items()}
        kind_of = more.pop("content-type")
        return self._reply(answer.status, kind_of, answer.body.encode(), more)

    def _reply(self, status: int, kind: str, body: bytes, more: dict[str, str]) -> Reply:
        offset = self._backend.time.ms - self._wall_ms()
        return Reply(status, {"content-type": kind, **more}, body, offset - 500, offset + 500)
