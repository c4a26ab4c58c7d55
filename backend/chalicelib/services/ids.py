"""Opaque ids: random ones, derived ones, and ULIDs that sort by time."""

import hashlib
import hmac
import re
import secrets

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEX32 = re.compile(r"[0-9a-f]{32}\Z")


def fresh() -> str:
    """Return 128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def is_id(text: str) -> bool:
    """Return whether `text` is spelled as an id (32 lower-case hex digits)."""
    return bool(_HEX32.match(text))


def derived(secret: str, *parts: str) -> str:
    """Return 32 hex digits that only the holder of `secret` can derive from `parts`."""
    message = "\x1f".join(parts).encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:32]


_last_ulid = [0]


def ulid(now: int) -> str:
    """Return a ULID of this millisecond (https://github.com/ulid/spec).

    Within a process and a millisecond they ascend, so that what one transaction writes keeps its
    order.
    """
    value = (now << 80) | secrets.randbits(79)
    if _last_ulid[0] >> 80 == now:
        value = _last_ulid[0] + 1 + secrets.randbits(32)
    _last_ulid[0] = value
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


def grant_id(secret: str, sub: str) -> str:
    """Return a new grant id that says it was minted for `sub`."""
    nonce = secrets.token_hex(8)
    return nonce + _grant_mark(secret, sub, nonce)


def is_grant_of(secret: str, sub: str, grant: str) -> bool:
    """Return whether we minted `grant` for `sub`."""
    return is_id(grant) and hmac.compare_digest(grant[16:], _grant_mark(secret, sub, grant[:16]))


def _grant_mark(secret: str, sub: str, nonce: str) -> str:
    return derived(secret, "grant", sub, nonce)[:16]
