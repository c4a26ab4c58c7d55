"""Names and paths: what is accepted, how it is stored, how a download header spells it."""

import unicodedata
from urllib.parse import quote

from chalicelib.refusals import Refused
from mydoctransfer_contract.paths import decode_path, encode_path
from mydoctransfer_contract.problems import Code

MAX_NAME = 255  # bytes of UTF-8
_MAX_PATH = 4096
_MAX_INPUT = 4 * MAX_NAME
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ASCII_SAFE = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$&'()+,-.=@[]^_`{}~"
)


def stored_name(text: str, *, of_file: bool = False) -> str:
    """Return a display name as it is stored: NFC, no control or direction characters.

    Those become U+FFFD, so that a file with a strange name can still be sent. The name `of_file`,
    which nobody typed for others to read, may be only dots and blanks, and is cut before its
    extension where it is too long (D10).

    Raises:
        Refused: empty, a path, and of what was typed: only dots and blanks, or too long.
    """
    if len(text) > _MAX_INPUT:
        raise Refused(Code.NAME_REFUSED, "The name is longer than 255 bytes.")
    shown = "".join("\ufffd" if _is_hidden(c) else c for c in unicodedata.normalize("NFC", text))
    says_nothing = shown in ("", ".", "..") if of_file else not shown.strip(". \u00a0")
    if says_nothing or "/" in shown or "\x00" in text:
        raise Refused(Code.NAME_REFUSED, "A name needs more than dots and spaces, and no slash.")
    if len(shown.encode()) > MAX_NAME:
        if not of_file:
            raise Refused(Code.NAME_REFUSED, "The name is longer than 255 bytes.")
        shown = _shortened(shown)
    return shown


def checked_path(text: str) -> str:
    """Return a wire path unchanged.

    Raises:
        Refused: not canonical, absolute, or a component is empty, `.`, `..` or has a NUL.
    """
    if not text or len(text) > _MAX_PATH:
        raise Refused(Code.NAME_REFUSED, "The path is empty or too long.")
    path = decode_path(text)
    if encode_path(path) != text or "\x00" in path:
        raise Refused(Code.NAME_REFUSED, "The path is not spelled as the contract says.")
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise Refused(Code.NAME_REFUSED, "The path leaves the folder.")
    return text


def content_disposition(name: str) -> str:
    """Return the header for a download: an ASCII fallback and `filename*` (RFC 6266, RFC 8187).

    Nothing of the name reaches the header unescaped, whatever it holds.
    """
    fallback = "".join(c if c in _ASCII_SAFE else "_" for c in name)
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_hidden(character: str) -> bool:
    return character in _BIDI or unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs")


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > 32:
        stem, dot, extension = name, "", ""
    room = MAX_NAME - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + extension
