"""Whom something is to be shared with: addresses as people paste them, and what speaks against one.

Pure. The server decides in the end; what is known before is said before.
"""

import re
from enum import Enum

from mydoctransfer.model.trees import Policy

_NAMED = re.compile(r'(?:"[^"]*"\s*)?[^,;\n\r\t<>"]*<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>')
_BETWEEN = re.compile(r"[,;\n\r\t]+")
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")


class Doubt(Enum):
    """Why something cannot be shared with somebody."""

    NO_ADDRESS = "no address"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    MYSELF = "myself"
    HAS_IT = "has it"


def is_address(text: str) -> bool:
    """Whether a text has the form of an email address."""
    return _ADDRESS.fullmatch(text) is not None


def is_list(text: str) -> bool:
    """Whether a text is more than one name or address still being written."""
    return (
        _BETWEEN.search(text) is not None or text.count("@") > 1 or _NAMED.search(text) is not None
    )


def addresses(text: str) -> tuple[str, ...]:
    """Return the addresses in a pasted list, each once, and what stands where one should be.

    Commas, semicolons, tabs, ends of lines and, between addresses, blanks part them; of
    `Eve Müller <eve@example.org>` and `"Müller, Eve" <eve@example.org>` the address is taken.
    """
    found: dict[str, str] = {}
    for part in _BETWEEN.split(_NAMED.sub(r",\1,", text)):
        words = [word.removeprefix("mailto:") for word in part.split()]
        named = [word for word in words if "@" in word] or [" ".join(words).strip()]
        for one in filter(None, named):
            found.setdefault(one.casefold(), one)
    return tuple(found.values())


def doubt(address: str, me: str, policy: Policy) -> Doubt | None:
    """Return what is known to speak against an address; `me` is one's own."""
    email = address.casefold()
    if not is_address(address):
        return Doubt.NO_ADDRESS
    if email == me.casefold():
        return Doubt.MYSELF
    names = {email, email.rpartition("@")[2]}
    if names & {one.casefold() for one in policy.refused_recipients}:
        return Doubt.REFUSED
    allowed = {one.casefold() for one in policy.allowed_recipients}
    return Doubt.REFUSED if allowed and not names & allowed else None
