"""What an authenticator application does with its secret (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time


def totp(secret: str) -> str:
    """Return the code that holds now for a secret (base 32)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
