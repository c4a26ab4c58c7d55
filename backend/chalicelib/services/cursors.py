"""Opaque cursors: what a list goes on from, signed for one person and one list."""

import base64
import binascii
import hashlib
import hmac
import json

from chalicelib.connectors.ports import Row
from chalicelib.refusals import Refused
from mydoctransfer_contract.problems import Code

_MAC = 16  # bytes
_MAX = 4096


def seal(secret: str, purpose: str, sub: str, state: Row) -> str:
    """Return the cursor of `state`, good for this list and this person only."""
    payload = json.dumps(state, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(secret, purpose, sub, payload) + payload).decode()


def unseal(secret: str, purpose: str, sub: str, cursor: str) -> Row:
    """Return the state in a cursor of ours.

    Raises:
        Refused: we did not make it for this list and this person.
    """
    refusal = Refused(Code.INVALID_REQUEST, "The cursor is not one of ours.")
    if len(cursor) > _MAX:
        raise refusal
    try:
        raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as exc:
        raise refusal from exc
    mac, payload = raw[:_MAC], raw[_MAC:]
    if not hmac.compare_digest(mac, _mac(secret, purpose, sub, payload)):
        raise refusal
    state: Row = json.loads(payload)
    return state


def _mac(secret: str, purpose: str, sub: str, payload: bytes) -> bytes:
    message = "\x1f".join(("cursor", purpose, sub)).encode() + b"\x1f" + payload
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()[:_MAC]
