"""Idempotency: what an `op_id` asked, and what was answered, written with the effect itself."""

import hashlib
import json

from chalicelib.connectors.ports import Absent, Put, Row
from chalicelib.refusals import Refused
from chalicelib.rows import OPERATION_MS, operation_key, text, ttl
from chalicelib.services import ids
from mydoctransfer_contract.codec import decode, encode
from mydoctransfer_contract.documents import Document
from mydoctransfer_contract.problems import Code


def fingerprint(route: str, share_id: str, request: object) -> str:
    """Return what distinguishes one request from another under the same `op_id`."""
    spelled = json.dumps([route, share_id, encode(request)], sort_keys=True)
    return hashlib.sha256(spelled.encode()).hexdigest()[:32]


def checked_op_id(op_id: str) -> str:
    """Return the key unchanged.

    Raises:
        Refused: not 32 lower-case hex digits.
    """
    if not ids.is_id(op_id):
        raise Refused(Code.INVALID_REQUEST, "op_id is 32 hex digits.")
    return op_id


def remembered(sub: str, op_id: str, mark: str, answer: Document, now: int) -> Put:
    """Return the write that remembers an operation; it fails when there was one already."""
    return Put(
        operation_key(sub, op_id),
        {
            "mark": mark,
            "answer": json.dumps(encode(answer), separators=(",", ":")),
            "ttl": ttl(now, OPERATION_MS),
        },
        (Absent(),),
    )


def replayed(row: Row, mark: str) -> Document:
    """Return the answer given the first time.

    Raises:
        Refused: the key was used for something else.
    """
    if text(row, "mark") != mark:
        raise Refused(Code.INVALID_REQUEST, "op_id was used for another request.")
    return decode(Document, json.loads(text(row, "answer")))
