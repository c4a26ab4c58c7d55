"""Texts and bodies made to cost time: refused or taken in no time worth speaking of. T49, T46.

The processor's time is measured, in this process, so that a busy machine changes nothing; what is
refused is tried on the deployed API, too.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

import pytest

from chalicelib.connectors.cognito import quoted
from chalicelib.refusals import Refused
from chalicelib.services import cursors
from chalicelib.services.emails import canonical
from chalicelib.services.ids import is_id
from chalicelib.services.names import checked_path, content_disposition, stored_name
from chalicelib.wire import MAX_BODY, read_body
from mydoctransfer_contract.documents import AuditEntry, DocumentAction, ShareChange
from mydoctransfer_contract.spreadsheet import csv_text
from mydoctransfer_contract.uploads import RegisterUploads
from tests.backend.test_api import op, raw

MOST_SECONDS = 0.05

# What takes longer than its length somewhere: backtracking, normalisation, IDNA, escapes.
TEXTS = {
    "one letter": "a",
    "labels": "a-",
    "dots": "a.",
    "ats": "@",
    "combining marks": "\u0323\u0307",
    "expanding ligatures": "\ufdfa",
    "Hangul": "\u1112\u1161\u11ab",
    "case folding": "\u0390\ufb03\u1e9e",
    "IDNA": "\u00fc.",
    "blanks": " ",
    "blanks and a sign": ",  =",
    "percent escapes": "%25",
    "half an escape": "%2",
    "backslashes": '\\"',
    "slashes": "a/",
    "direction": "\u202e\u2066",
    "base64": "QUJD",
}
SIZES = (250, 1_000, 4_000, 200_000, 2_000_000)


def entry(text: str) -> AuditEntry:
    return AuditEntry("1", "", None, text, text, text, text, text, False)


USES: dict[str, Callable[[str], object]] = {
    "an address": canonical,
    "a name": lambda text: stored_name(text, of_file=True),
    "a path": checked_path,
    "an id": is_id,
    "a cursor": lambda text: cursors.unseal("secret", "docs", "sub", text),
}
# These get what was accepted before, so never more than a name or a query may have.
SHORT_USES: dict[str, Callable[[str], object]] = {
    "a download's header": content_disposition,
    "a filter": quoted,
    "a line of the export": lambda text: csv_text([entry(text)]),
}


def seconds(use: Callable[[], object]) -> float:
    """The least of three times, in seconds that this thread had the processor."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        with suppress(Refused):
            use()
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_any_length_is_judged_at_once(use: str, text: str) -> None:
    """T49."""
    for size in SIZES:
        long = (TEXTS[text] * size)[:size]
        assert seconds(lambda long=long: USES[use](long)) < MOST_SECONDS, size


@pytest.mark.parametrize("use", SHORT_USES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_was_accepted_is_written_at_once(use: str, text: str) -> None:
    """T49."""
    long = (TEXTS[text] * 4_096)[:4_096]
    assert seconds(lambda: SHORT_USES[use](long)) < MOST_SECONDS


def filled(before: bytes, each: bytes, after: bytes) -> bytes:
    """A body of nearly the largest size, most of it `each` over and over."""
    return before + each * ((MAX_BODY - len(before + after)) // len(each)) + after


BODIES = {
    "numbers": filled(b'{"files":[', b"1,", b"1]}"),
    "objects": filled(b'{"files":[', b"{},", b"{}]}"),
    "lists": filled(b'{"files":[', b"[],", b"[]]}"),
    "empty texts": filled(b'{"files":[', b'"",', b'""]}'),
    "depth": filled(b"", b"[", b""),
    "names of objects": filled(b"{", b'"a":0,', b'"b":0}'),
    "one number": filled(b'{"lifetime":', b"1", b"}"),
    "one text": filled(b'{"op_id":"', b"a", b'"}'),
    "escapes": filled(b'{"op_id":"', b"\\u0041", b'"}'),
    "no end of a text": filled(b'{"op_id":"', b'\\"', b""),
    "commas in a text": filled(b'{"op_id":"', b",", b'"}'),
    "quotes in a text": filled(b'{"op_id":"', b',\\"', b'"}'),
    "nothing but quotes": filled(b"", b'"', b""),
    "backslashes": filled(b'{"op_id":"', b"\\", b""),
    "people": filled(b'{"op_id":"0","add":[', b'"a@example.org",', b'"b"]}'),
}


@pytest.mark.parametrize("kind", [DocumentAction, ShareChange, RegisterUploads])
@pytest.mark.parametrize("body", BODIES)
def test_the_largest_body_is_judged_at_once(body: str, kind: type) -> None:
    """T46."""
    content = BODIES[body]
    assert MAX_BODY - 20 < len(content) <= MAX_BODY
    assert seconds(lambda: read_body(kind, "application/json", content)) < MOST_SECONDS


def test_the_largest_request_that_is_meant_is_none_of_these() -> None:
    """A hundred files with the longest names and the most people."""
    file = {
        "op_id": "0" * 32,
        "path": ",[{" * 1_000,
        "display_name": ',"' * 127,
        "size": 1,
        "sha256": "a" * 64,
        "people": [f"person{n}@example.org" for n in range(40)],
    }
    content = json.dumps({"files": [file] * 100}).encode()
    assert len(read_body(RegisterUploads, "application/json", content).files) == 100


@pytest.mark.parametrize("body", BODIES)
def test_the_deployed_api_refuses_every_such_body(person, body: str) -> None:
    """T46, T49: over HTTP; each person is still served afterwards."""
    for path in ("/docs", "/uploads", f"/share/{'0' * 32}"):
        answer = raw(person, path, BODIES[body])
        assert (answer.status, answer.json["code"]) == (400, "invalid_request"), answer.text
    assert person.cloud.call("GET", "/me", person.token).status == 200


@pytest.mark.parametrize("text", TEXTS)
def test_the_deployed_api_judges_every_such_text(person, text: str) -> None:
    """T49: in a body, in a query, in a cursor and in a path."""
    long = (TEXTS[text] * 100_000)[:100_000]
    absent = "0" * 32
    actions = [{"op_id": op(), "action": "rename", "share_id": absent, "display_name": long}]
    file = {"op_id": op(), "path": long, "display_name": long, "size": 1, "sha256": "a" * 64}
    for path, body in (
        (f"/share/{absent}", {"op_id": op(), "add": [long]}),
        ("/docs", {"actions": actions}),
        ("/uploads", {"files": [file]}),
    ):
        answer = person.cloud.call("POST", path, person.token, body)
        results = answer.json.get("results", [{"problem": answer.json}])
        assert results[0]["problem"]["code"] in ("not_found", "name_refused", "invalid_request")
    short = quote(long[:400], safe="")
    for path in (f"/share/users?query={short}", f"/docs?cursor={short}", f"/docs/{short}/receipt"):
        answer = person.cloud.call("GET", path, person.token)
        assert answer.status < 500, (path, answer.text)
