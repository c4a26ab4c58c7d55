"""The connection file: which cloud an installation talks to. Read, checked, never guessed."""

import ipaddress
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from mydoctransfer.model.errors import AppError
from mydoctransfer_contract.codec import WireError, decode, encode
from mydoctransfer_contract.connection import Connection

__all__ = ["Connection", "checked", "is_loopback", "pasted", "read", "to_text"]

_MAX_BYTES = 64 * 1024
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}", re.ASCII)
_POOL = re.compile(r"[A-Za-z0-9-]+_[A-Za-z0-9]+", re.ASCII)
_CLIENT = re.compile(r"[A-Za-z0-9_+]{1,128}", re.ASCII)


def read(file: Path) -> Connection:
    """Return the connection in a file.

    Raises:
        AppError: the file cannot be read, or is no connection file.
    """
    try:
        with file.open("rb") as source:
            raw = source.read(_MAX_BYTES + 1)
    except OSError as exc:
        raise _wrong(f"{file} cannot be read: {exc.strerror}.", "connection_unreadable") from exc
    return _parsed(raw, f"{file} is not a connection file.")


def pasted(text: str) -> Connection:
    """Return the connection in a connection file's text.

    Raises:
        AppError: it is none.
    """
    raw = text.encode("utf-8", "surrogatepass")
    return _parsed(
        raw, "What was pasted is neither a set-up link nor the text of a connection file."
    )


def to_text(connection: Connection) -> str:
    """Return the text of a connection's file."""
    return json.dumps(encode(connection))


def checked(value: object) -> Connection:
    """Return the connection a JSON or TOML value describes.

    Raises:
        AppError: it lacks something, or would send passwords in the clear.
    """
    try:
        connection = decode(Connection, value, "connection")
    except WireError as exc:
        raise _wrong(f"It is not a connection file ({exc}).") from exc
    for name, pattern in (("region", _REGION), ("user_pool_id", _POOL), ("client_id", _CLIENT)):
        if not pattern.fullmatch(getattr(connection, name)):
            raise _wrong(f"Its {name} is not one.")
    is_local = connection.endpoint_url is not None and is_loopback(connection.endpoint_url)
    if connection.endpoint_url is not None:
        _check_address("endpoint_url", connection.endpoint_url, is_local)
    _check_address("api_url", connection.api_url, is_local)
    return connection


def is_loopback(url: str) -> bool:
    """Whether an address stays on this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parsed(raw: bytes, otherwise: str) -> Connection:
    try:
        if len(raw) > _MAX_BYTES:
            raise ValueError("too long")
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise _wrong(otherwise) from exc
    return checked(value)


def _check_address(name: str, url: str, is_local: bool) -> None:
    try:
        parts = urlsplit(url)
        is_plain = bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        is_plain = False
    if not is_plain or " " in url or parts.username or parts.query or parts.fragment:
        raise _wrong(f"Its {name} is not the address of a cloud.")
    if parts.scheme == "https" or (parts.scheme == "http" and is_local and is_loopback(url)):
        return
    raise _wrong(
        f"Its {name} does not begin with https://, and passwords would travel unprotected."
    )


def _wrong(reason: str, code: str = "connection_invalid") -> AppError:
    return AppError(
        "Not connected", f"{reason} Ask the person who runs your cloud for the file.", code
    )
