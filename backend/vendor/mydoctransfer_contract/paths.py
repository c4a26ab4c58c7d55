"""How a path inside the watched folder is spelled on the wire.

A path on disk is bytes. Python shows bytes that are no UTF-8 as lone surrogates, which no JSON
store accepts. On the wire `%` is `%25` and each such byte is `%XX`; everything else is itself.
The spelling is canonical: two spellings are equal exactly when the paths are.
"""

import re
import unicodedata

_ESCAPE = re.compile(r"%([0-9A-F]{2})")


def encode_path(path: str) -> str:
    """Return the wire spelling of an `os.fsdecode`d relative path."""
    escaped = path.replace("%", "%25")
    return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in escaped)


def decode_path(spelled: str) -> str:
    """Return the path as `os.fsdecode` gives it. Undoes `encode_path`."""

    def byte(match: re.Match[str]) -> str:
        code = int(match.group(1), 16)
        return chr(0xDC00 + code) if code >= 0x80 else chr(code)

    return _ESCAPE.sub(byte, spelled)


def display_name(path: str) -> str:
    """Return the last component of a path as people read it: NFC, undecodable bytes as U+FFFD."""
    name = path.rsplit("/", 1)[-1]
    readable = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in name)
    return unicodedata.normalize("NFC", readable)
