"""From a request to a use case and back to a response, without Chalice.

Decoding is strict: UTF-8 without a byte-order mark, one JSON object, no duplicate names, no
numbers beyond 64 bits, no lone surrogates, two megabytes, ten thousand values. Whatever goes wrong
is a problem document; nothing of an exception reaches the client, and nothing of a request reaches
the log.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from chalicelib.connectors.ports import Row
from chalicelib.logs import log, log_failure
from chalicelib.model import Identity
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.services import rate
from chalicelib.services.authorize import permitted
from chalicelib.services.claims import identity
from mydoctransfer_contract.codec import WireError, decode, encode
from mydoctransfer_contract.documents import AuditPage
from mydoctransfer_contract.problems import STATUS, Code
from mydoctransfer_contract.spreadsheet import csv_text

MAX_BODY = 2 * 1024 * 1024
_MAX_DEPTH = 32
_MAX_VALUES = 10_000
# Possessive, and whole without a closing quote: linear whatever is sent.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """What the gateway hands over. Header and query names as sent; `query` has the last values."""

    route: str
    context: Mapping[str, Any]
    query: Mapping[str, str]
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A response."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Text:
    """What a use case answers that is no JSON. `headers` are beside those of every answer."""

    media_type: str
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """A request of somebody known, on its way into a use case."""

    parts: Parts
    who: Identity
    rate: Row
    now: int
    request: Request

    def body(self, kind: type[T]) -> T:
        """Return the body as a contract value.

        Raises:
            Refused: it is none.
        """
        return read_body(kind, self.request.content_type, self.request.body)

    def text(self, name: str, default: str = "") -> str:
        """Return a query parameter."""
        value = self.request.query.get(name, default)
        _check_text(value)
        return value

    def optional(self, name: str) -> str | None:
        """Return a query parameter, None when absent."""
        return self.text(name) if name in self.request.query else None

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return a query parameter that is one of these; the first when absent."""
        value = self.text(name, choices[0])
        if value not in choices:
            raise Refused(Code.INVALID_REQUEST, f"{name} is {' or '.join(choices)}.")
        return value

    def flag(self, name: str) -> bool:
        """Return a query parameter that is `true` or `false`, false when absent."""
        return self.choice(name, ("false", "true")) == "true"


def respond(
    make_parts: Callable[[], Parts], request: Request, use: Callable[[Call], object]
) -> Answer:
    """Return the answer of a use case, or the problem it ended in."""
    started = time.monotonic()
    sub = "-"
    try:
        parts = make_parts()
        now = parts.clock()
        who = _identity(parts, request, now)
        sub = who.sub
        row = rate.take(parts, who.sub, now)
        call = Call(parts, who, row, now, request)
        answer = _answer(200, permitted(lambda: use(call)))
    except Refused as refused:
        answer = problem(refused)
    except Exception as exc:
        log_failure(exc, route=request.route, request=_request_id(request))
        answer = problem(Refused(Code.INTERNAL))
    took = round((time.monotonic() - started) * 1000)
    log(
        route=request.route,
        status=answer.status,
        ms=took,
        sub=sub,
        request=_request_id(request),
    )
    return answer


def csv_page(page: AuditPage, query: str) -> Text:
    """Return a page of the audit as a file; RFC 8288 says where the next one is."""
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    if page.cursor is not None:
        more = urlencode({"format": "csv", "query": query, "cursor": page.cursor})
        headers["Link"] = f'<?{more}>; rel="next"'
    return Text("text/csv", csv_text(page.entries), headers)


def problem(refused: Refused) -> Answer:
    """Return the problem document of a refusal."""
    extra = {"Content-Type": "application/problem+json"}
    if refused.retry_after is not None:
        extra["Retry-After"] = str(refused.retry_after)
    answer = _answer(STATUS[refused.code], refused.problem)
    return Answer(answer.status, {**answer.headers, **extra}, answer.body)


def read_body(kind: type[T], content_type: str, raw: bytes) -> T:
    """Return a request body as a contract value.

    Raises:
        Refused: INVALID_REQUEST with the place of what is wrong, never with its value.
    """
    media = content_type.split(";")[0].strip().lower()
    if media not in ("application/json", ""):
        raise Refused(Code.INVALID_REQUEST, "The body is application/json.")
    if len(raw) > MAX_BODY:
        raise Refused(Code.INVALID_REQUEST, "The body is too long.")
    if _has_too_many_values(raw):
        raise Refused(Code.INVALID_REQUEST, "The body has too many values.")
    try:
        text = raw.decode("utf-8", "strict")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
        _check(value, 0)
        return decode(kind, value)
    except (ValueError, RecursionError, WireError) as exc:
        detail = str(exc) if isinstance(exc, WireError | _Unfit) else "The body is no JSON we read."
        raise Refused(Code.INVALID_REQUEST, detail) from exc


class _Unfit(ValueError):
    """JSON, but not of the kind we read; the message says why."""


def _has_too_many_values(raw: bytes) -> bool:
    """Counted before they are made, since making them is what takes time."""
    if _values(raw) <= _MAX_VALUES:
        return False
    if raw.count(b'"') > 20 * _MAX_VALUES:
        return True
    return _values(_STRING.sub(b"", raw)) > _MAX_VALUES


def _values(raw: bytes) -> int:
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Unfit("A name occurs twice in one object.")
    return made


def _integer(digits: str) -> int:
    if len(digits) > 19 or abs(int(digits)) >= 2**63:
        raise _Unfit("A number is too large.")
    return int(digits)


def _no_number(spelled: str) -> Any:
    raise _Unfit("Numbers are integers.")


def _check(value: Any, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise _Unfit("The body is nested too deeply.")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_text(name)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)


def _check_text(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise Refused(Code.INVALID_REQUEST, "A text is no Unicode.") from exc


def _identity(parts: Parts, request: Request, now: int) -> Identity:
    authorizer = request.context.get("authorizer")
    claims = authorizer.get("claims") if isinstance(authorizer, Mapping) else None
    where = request.context.get("identity")
    source = where.get("sourceIp") if isinstance(where, Mapping) else None
    return identity(claims, str(source or "")[:64], now, parts.config)


def _request_id(request: Request) -> str:
    return str(request.context.get("requestId", ""))[:64]


def _answer(status: int, value: object) -> Answer:
    if isinstance(value, Text):
        extra = {**value.headers, "Content-Type": f"{value.media_type}; charset=utf-8"}
        return Answer(status, {**_HEADERS, **extra}, value.text)
    body = json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"))
    return Answer(status, {**_HEADERS, "Content-Type": "application/json"}, body)
