"""File names made by this client: for the inbox, and for what is dropped on the window. Pure.

`safe_name` takes a name somebody else chose and returns one that is harmless on every system
(T58, D10); `numbered` finds the second name for what has the same one (D12, D16).
"""

import re
import unicodedata

NAME_MAX = 255  # bytes; ext4, APFS (and NTFS in UTF-16 units, of which there are never more)

_EXTENSION_MAX = 32  # bytes; a longer "extension" is part of a sentence
_FORBIDDEN = frozenset('/\\:*?"<>|')
# Characters that look like a separator or a dot, and are none.
_LOOKALIKES = frozenset("\u2044\u2215\u2216\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c\uff0e\u2024\ufe52")
_DEVICES = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9\u00b9\u00b2\u00b3]"
    r"|lpt[0-9\u00b9\u00b2\u00b3])[ ]*(?:\.|$)",
    re.IGNORECASE,
)
_PERCENT_DOT = re.compile(r"%(?:2e|2f|5c|00)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return one path component that is safe on Linux, macOS and Windows.

    It has no separator and no control or direction character, is neither empty nor `.` nor `..`,
    starts with neither dot, dash nor tilde, is no device name, and has at most 255 bytes. What was
    taken out is replaced by `_`. `safe_name(safe_name(x)) == safe_name(x)`.
    """
    plain = "".join(map(_plain, unicodedata.normalize("NFC", name)))
    plain = unicodedata.normalize("NFC", _PERCENT_DOT.sub("_", plain))
    plain = _trimmed(plain)
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    return _trimmed(shortened(plain, NAME_MAX)) or "_"


def numbered(name: str, number: int) -> str:
    """Return `name` for 1, else `stem (number).ext`, of at most 255 bytes."""
    if number <= 1:
        return name
    stem, extension = _split(name)
    tail = f" ({number}){extension}"
    return _cut(stem, NAME_MAX - _length(tail)) + tail


def shortened(name: str, room: int) -> str:
    """Return the name in at most `room` bytes, cut before the extension."""
    if _length(name) <= room:
        return name
    stem, extension = _split(name)
    return _cut(stem, room - _length(extension)) + extension


def _plain(character: str) -> str:
    if character in _FORBIDDEN or character in _LOOKALIKES:
        return "_"
    category = unicodedata.category(character)
    if category in ("Zl", "Zp") or (category == "Zs" and character != " "):
        return " "
    # Controls, direction marks and other invisible format characters, lone surrogates, private
    # use and unassigned: but for the two joiners that hold emoji and Indic letters together.
    if category.startswith("C") and character not in "\u200c\u200d":
        return "_"
    return character


def _trimmed(name: str) -> str:
    """Without what systems strip or shells and desktops take for something else."""
    name = name.strip(" ").rstrip(". ")
    return f"_{name[1:]}" if name[:1] in (".", "-", "~") and name else name


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or " " in extension or _length(dot + extension) > _EXTENSION_MAX:
        return name, ""
    return stem, dot + extension


def _cut(text: str, room: int) -> str:
    """Cut to so many bytes, at a character's boundary."""
    while _length(text) > room:
        excess = _length(text) - room
        text = text[: -max(1, excess // 4)]
    return text


def _length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
