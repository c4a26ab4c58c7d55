"""Links: tokens that can be shown again but are stored only as hashes, and their passwords.

A token is `id.HMAC(stage key, id, generation)`. Its hash is the row's key; revoking raises the
generation, and the old token is nobody's.
"""

import base64
import hashlib
import hmac
import secrets

from chalicelib.connectors.ports import Key
from chalicelib.model import StoredLink
from chalicelib.parts import Parts
from chalicelib.rows import link_key

_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


def token(secret: str, link: StoredLink) -> str:
    """Return the link's token."""
    message = f"link\x1f{link.link_id}\x1f{link.generation}".encode()
    mac = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return f"{link.link_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def token_hash(token_text: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token_text.encode()).hexdigest()


def link_row_key(parts: Parts, link: StoredLink) -> Key:
    """Return where the link's row lies."""
    return link_key(token_hash(token(parts.config.secret, link)))


def hashed_password(password: str) -> str:
    """Return a salted scrypt hash."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(password, salt).hex()}"


def is_password(password: str, stored: str) -> bool:
    """Return whether this is the password behind the stored hash."""
    salt, _, digest = stored.partition("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)
