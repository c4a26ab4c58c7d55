"""The API, as the engine sees it (port `Cloud`): contract values in, model values out.

This is the only place where the two meet. The ID token goes to the API's own host and nowhere else.
An answer that is not our cloud's (another content type, another shape, a redirect: a captive
portal) is OFFLINE, never a fact about documents. A 401 renews the token once and sends the same
request again, with the same op_id in it; a change whose answer was lost is sent again once, too.
"""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote, urlencode

from mydoctransfer.adapters import translate
from mydoctransfer.adapters.replies import ANSWER_LOST, TIMEOUT, Headers
from mydoctransfer.adapters.server_clock import ServerClock
from mydoctransfer.adapters.web import Reply, Web
from mydoctransfer.engine.ports import (
    Answers,
    AuditEntry,
    Changes,
    Completion,
    Documents,
    DownloadLink,
    Failure,
    FailureKind,
    GivenLink,
    LinkWish,
    Order,
    Receipt,
    Registration,
    Revoked,
    UploadRequest,
)
from mydoctransfer.model.trees import Account, Document, OpId, Person, ShareId
from mydoctransfer_contract import documents as wire
from mydoctransfer_contract import links as linking
from mydoctransfer_contract import uploads as sending
from mydoctransfer_contract.codec import WireError, decode, encode
from mydoctransfer_contract.problems import Problem
from mydoctransfer_contract.spreadsheet import csv_text

T = TypeVar("T")
R = TypeVar("R")
Token = Callable[[str | None], str | Failure]

_MOST_PAGES = 50
_MOST_PAGES_KEPT = 10_000  # of what is saved, which is to be whole


class HttpCloud:
    """The API behind one address.

    Args:
        api_url: base address, stage included. host: what this device calls itself.
        token: an ID token; given a stale one (a 401), a fresh one.
    """

    def __init__(self, api_url: str, token: Token, host: str, web: Web) -> None:
        self._api_url = api_url.rstrip("/")
        self._token = token
        self._host = host
        self._web = web
        self._clock = ServerClock()
        # Every completion takes the next numbers of this person's change feed. Two at once only
        # make each other's transactions fail and go again, which costs more than the wait.
        # Reentrant: the simulation answers one call in the middle of another, in one thread.
        self._completing = threading.RLock()

    # --- the port --------------------------------------------------------------------------------

    def clock_offset_ms(self) -> int:
        return self._clock.offset_ms()

    def me(self) -> Account | Failure:
        return _then(self._get(wire.Me, "/me"), translate.account)

    def documents(self, cursor: str | None) -> Documents | Failure:
        path = _with_query("/docs", scope="all", gone="true", cursor=cursor)
        return _then(self._get(wire.DocumentPage, path), translate.documents)

    def changes(self, since: str | None) -> Changes | Failure:
        path = _with_query("/docs/changes", since=since)
        return _then(self._get(wire.ChangePage, path), translate.changes)

    def register(self, files: Sequence[UploadRequest], renew: str | None) -> Registration | Failure:
        body = sending.RegisterUploads(
            tuple(translate.new_upload(file, self._host) for file in files), renew
        )
        answer = self._post(sending.RegisteredUploads, "/uploads", body)
        return _then(answer, lambda a: translate.registration(a, [file.op_id for file in files]))

    def complete(self, uploads: Sequence[Completion]) -> Answers | Failure:
        body = sending.CompleteUploads(tuple(translate.completion(u) for u in uploads))
        with self._completing:
            answer = self._post(sending.CompletedUploads, "/uploads/complete", body)
        return _then(answer, lambda a: translate.completed(a, [u.upload_id for u in uploads]))

    def abort(self, upload_id: str) -> Failure | None:
        return self._do("DELETE", f"/uploads/{_segment(upload_id)}", None)

    def act(self, orders: Sequence[Order]) -> Answers | Failure:
        body = wire.DocumentActions(tuple(translate.action(order) for order in orders))
        answer = self._post(wire.DocumentResults, "/docs", body)
        return _then(answer, lambda a: translate.results(a, [order.op_id for order in orders]))

    def share(
        self, op_id: OpId, share_id: ShareId, add: Sequence[str], remove: Sequence[str]
    ) -> Document | Failure:
        body = wire.ShareChange(op_id, tuple(add), tuple(remove))
        answer = self._post(wire.DocumentAnswer, f"/share/{_segment(share_id)}", body)
        return _then(answer, lambda a: translate.document(a.document))

    def give_link(
        self, op_id: OpId, share_id: ShareId, wish: LinkWish | None
    ) -> GivenLink | Failure:
        body = translate.link_change(op_id, wish)
        answer = self._post(linking.LinkAnswer, f"/links/{_segment(share_id)}", body)
        return _then(answer, lambda a: translate.given_link(a, self._api_url))

    def revoke_all(self, cursor: str | None) -> Revoked | Failure:
        path = _with_query("/me/revoke-all", cursor=cursor)
        answer = self._decoded(linking.Revoked, self._ask("POST", path, None))
        return _then(answer, lambda a: Revoked(a.shares, a.links, a.more, a.cursor))

    def receipt(self, share_id: ShareId) -> Receipt | Failure:
        answer = self._get(linking.Receipt, f"/docs/{_segment(share_id)}/receipt")
        return _then(answer, translate.receipt)

    def link(self, share_id: ShareId) -> DownloadLink | Failure:
        return _then(self._get(wire.Download, f"/share/{_segment(share_id)}"), translate.download)

    def received(self, op_id: OpId, share_id: ShareId, sha256: str, version: int) -> Failure | None:
        body = wire.Received(op_id, sha256, version)
        return self._do("POST", f"/share/{_segment(share_id)}/received", body)

    def users(self, query: str) -> tuple[Person, ...] | Failure:
        def page(cursor: str | None) -> tuple[list[Person], str | None] | Failure:
            path = _with_query("/share/users", query=query, cursor=cursor)
            return _then(
                self._get(wire.PeoplePage, path),
                lambda p: ([translate.person(user) for user in p.users], p.cursor),
            )

        return _all_pages(page)

    def audit(self, query: str) -> tuple[AuditEntry, ...] | Failure:
        return _then(
            self._audit(query, _MOST_PAGES),
            lambda entries: tuple(translate.audit_entry(entry) for entry in entries),
        )

    def audit_csv(self) -> str | Failure:
        return _then(self._audit("", _MOST_PAGES_KEPT), csv_text)

    def _audit(self, query: str, most: int) -> tuple[wire.AuditEntry, ...] | Failure:
        def page(cursor: str | None) -> tuple[list[wire.AuditEntry], str | None] | Failure:
            path = _with_query("/audit", query=query, cursor=cursor)
            return _then(self._get(wire.AuditPage, path), lambda p: (list(p.entries), p.cursor))

        return _all_pages(page, most)

    # --- asking ----------------------------------------------------------------------------------

    def _get(self, kind: type[T], path: str) -> T | Failure:
        return self._decoded(kind, self._ask("GET", path, None))

    def _post(self, kind: type[T], path: str, body: object) -> T | Failure:
        return self._decoded(kind, self._ask("POST", path, body))

    def _do(self, method: str, path: str, body: object | None) -> Failure | None:
        """Ask where the answer says nothing but that it was done."""
        reply = self._ask(method, path, body)
        if isinstance(reply, Failure):
            return reply
        return None if reply.status == 204 or _is_json(reply) else _FOREIGN

    def _ask(self, method: str, path: str, body: object | None) -> Reply | Failure:
        """Return a 2xx answer of our cloud, or why there is none."""
        raw = None if body is None else json.dumps(encode(body)).encode()
        stale: str | None = None
        while True:
            token = self._token(stale)
            if isinstance(token, Failure):
                return token
            headers = {"Authorization": token, "Accept": "application/json"}
            if raw is not None:
                headers["Content-Type"] = "application/json"
            reply = self._sent(method, self._api_url + path, headers, raw)
            if isinstance(reply, Failure):
                return reply
            if reply.status != 401 or not _is_json(reply):
                return self._judged(reply)
            if stale is not None:
                return _SESSION_REFUSED
            stale = token

    def _sent(self, method: str, url: str, headers: Headers, raw: bytes | None) -> Reply | Failure:
        """Send it; a change (a POST) once more when the line broke before its answer was here.

        It is carried out once all the same: it carries its key, or says what is to be in the end
        (docs/adr/0012).
        """
        reply = self._web.ask(method, url, headers, raw)
        if method != "POST" or not isinstance(reply, Failure):
            return reply
        if reply.code not in (ANSWER_LOST, TIMEOUT):
            return reply
        if reply.code == ANSWER_LOST:
            reply = self._web.ask(method, url, headers, raw)
        return replace(reply, in_answer=_NOBODY_KNOWS) if isinstance(reply, Failure) else reply

    def _judged(self, reply: Reply) -> Reply | Failure:
        """Return the answer if it is a success, else what it means."""
        if reply.status >= 500 and reply.status != 511:
            return _busy(
                reply,
                "The cloud is busy or being looked after. It is tried again soon.",
                "The cloud is busy or being looked after. Try again in a moment.",
            )
        if not _is_json(reply) and reply.status != 204:
            return _FOREIGN
        if 200 <= reply.status < 300:
            self._clock.learn(reply)
            return reply
        problem = _problem_in(reply)
        if problem is not None:
            self._clock.learn(reply)
            return translate.failure(problem, reply.retry_after)
        if reply.status == 429:
            return _busy(
                reply,
                "Too many requests at once. It is tried again soon.",
                "Too many requests at once. Try again in a moment.",
            )
        return _FOREIGN

    def _decoded(self, kind: type[T], reply: Reply | Failure) -> T | Failure:
        if isinstance(reply, Failure):
            return reply
        try:
            return decode(kind, json.loads(reply.body))
        except (WireError, ValueError, RecursionError) as exc:
            return _unexpected(exc)


def _all_pages(
    page: Callable[[str | None], tuple[list[T], str | None] | Failure], most: int = _MOST_PAGES
) -> tuple[T, ...] | Failure:
    found: list[T] = []
    cursor: str | None = None
    for _ in range(most):
        answer = page(cursor)
        if isinstance(answer, Failure):
            return answer
        items, cursor = answer
        found += items
        if cursor is None:
            break
    return tuple(found)


def _then(answer: T | Failure, translated: Callable[[T], R]) -> R | Failure:
    """Return the model's value of an answer that fits the contract."""
    if isinstance(answer, Failure):
        return answer
    try:
        return translated(answer)
    except (ValueError, OverflowError) as exc:  # a time that is none, results out of order
        return _unexpected(exc)


def _with_query(path: str, **parameters: str | None) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def _segment(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _is_json(reply: Reply) -> bool:
    return reply.content_type in ("application/json", "application/problem+json")


def _problem_in(reply: Reply) -> Problem | None:
    if reply.content_type != "application/problem+json":
        return None
    try:
        return decode(Problem, json.loads(reply.body))
    except (WireError, ValueError, RecursionError):
        return None


def _busy(reply: Reply, message: str, in_answer: str) -> Failure:
    problem = _problem_in(reply)
    code = problem.code if problem is not None else f"http_{reply.status}"
    return Failure(
        FailureKind.BUSY, message, code, retry_after=reply.retry_after, in_answer=in_answer
    )


def _unexpected(exc: Exception) -> Failure:
    return Failure(
        FailureKind.OFFLINE,
        f"The cloud's answer was not understood ({exc}). Is this application up to date?",
        "unexpected_answer",
    )


_NOBODY_KNOWS = (
    "No answer came from the cloud, so it is not known whether this was done. Look with `ls` or in "
    "the window, and try again if it was not."
)
_FOREIGN = Failure(
    FailureKind.OFFLINE,
    "The answer did not come from your cloud. If this network asks you to sign in to it, do that "
    "in a browser first.",
    "captive_portal",
)
_SESSION_REFUSED = Failure(
    FailureKind.SIGNED_OUT,
    "The cloud does not accept your session. Sign in again.",
    "session_ended",
)
