"""Refusals: `application/problem+json` (RFC 9457) with a stable `code`."""

from dataclasses import dataclass
from enum import Enum


class Code(Enum):
    """Why a request was refused. The value is the stable `code` on the wire."""

    INVALID_REQUEST = "invalid_request"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    VERSION_CONFLICT = "version_conflict"  # another device has published since
    PATH_TAKEN = "path_taken"  # (owner, path) already names a live document
    UPLOAD_INCOMPLETE = "upload_incomplete"  # the object is not there (yet)
    CHECKSUM_MISMATCH = "checksum_mismatch"  # the object is not what was declared
    EXPIRED = "expired"
    REMOVED = "removed"
    TOO_LARGE = "too_large"
    LIFETIME_REFUSED = "lifetime_refused"
    NAME_REFUSED = "name_refused"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    RECIPIENT_REFUSED = "recipient_refused"
    QUOTA_EXCEEDED = "quota_exceeded"
    GRANTS_BLOCKED = "grants_blocked"
    TOO_MANY_REQUESTS = "too_many_requests"
    LINKS_REFUSED = "links_refused"
    INTERNAL = "internal"


STATUS = {
    Code.INVALID_REQUEST: 400,
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.GRANTS_BLOCKED: 403,
    Code.NOT_FOUND: 404,
    Code.VERSION_CONFLICT: 409,
    Code.PATH_TAKEN: 409,
    Code.UPLOAD_INCOMPLETE: 409,
    Code.CHECKSUM_MISMATCH: 409,
    Code.EXPIRED: 410,
    Code.REMOVED: 410,
    Code.TOO_LARGE: 413,
    Code.LIFETIME_REFUSED: 422,
    Code.NAME_REFUSED: 422,
    Code.UNKNOWN_RECIPIENT: 422,
    Code.RECIPIENT_REFUSED: 422,
    Code.LINKS_REFUSED: 422,
    Code.QUOTA_EXCEEDED: 429,
    Code.TOO_MANY_REQUESTS: 429,
    Code.INTERNAL: 500,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal.

    Attributes:
        code: a `Code` value; kept as text, because a newer server may know more of them.
        title: a sentence a person can read.
        status: the HTTP status; in a batch, the status the item alone would have had.
        detail: what to do about it, or "".
        emails: the addresses meant, for `unknown_recipient` and `recipient_refused`.
        share_id: the document in the way, for `path_taken` and `version_conflict`.
    """

    code: str
    title: str
    status: int
    detail: str = ""
    emails: tuple[str, ...] = ()
    share_id: str | None = None
