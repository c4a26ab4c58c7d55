"""Links of the system into the application: `mydoctransfer://`, and nothing they do unasked.

Anybody can put such a link on a web page, so there are exactly two, each is spelled in one way, and
the window asks before it follows one. Everything else is refused whole.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mydoctransfer.model.errors import UsageError
from mydoctransfer.model.trees import ShareId

LONGEST = 16 * 1024  # characters

_SCHEME = "mydoctransfer://"
_OPEN = re.compile(r"(?i:mydoctransfer)://open/?\?share=([0-9a-f]{32})", re.ASCII)
_SETUP = re.compile(r"(?i:mydoctransfer)://setup/?\?connection=([A-Za-z0-9_-]+)", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpenShare:
    """Show a document that is mine or was shared with me."""

    share_id: ShareId


@dataclass(frozen=True, slots=True)
class SetUp:
    """Connect this installation to a cloud.

    Attributes:
        text: the text of a connection file; its adapter judges it further.
        host: where this installation's passwords would go, to be shown before anything happens.
    """

    text: str = field(repr=False)
    host: str


Link = OpenShare | SetUp


def parse(text: str) -> Link:
    """Return what a link asks for.

    Raises:
        UsageError: it is none of the two, or not spelled as they are.
    """
    if len(text) > LONGEST:
        raise _refused()
    found = _OPEN.fullmatch(text)
    if found is not None:
        return OpenShare(ShareId(found[1]))
    found = _SETUP.fullmatch(text)
    if found is not None:
        return _set_up(found[1])
    raise _refused()


def set_up_in(text: str) -> SetUp:
    """Return what a link asks for that can only be one to set up.

    Raises:
        UsageError: it is another one, or none.
    """
    link = parse(text)
    if not isinstance(link, SetUp):
        raise _refused()
    return link


def to_text(link: Link) -> str:
    """Return the link that asks for this."""
    match link:
        case OpenShare(share_id):
            return f"{_SCHEME}open?share={share_id}"
        case SetUp(text=text):
            packed = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
            return f"{_SCHEME}setup?connection={packed}"


def to_set_up(text: str) -> SetUp:
    """Return the link that hands on a connection file's text.

    Raises:
        UsageError: there is no address of a cloud in it.
    """
    try:
        connection = json.loads(text)
        address = urlsplit(connection["api_url"])
        host = address.netloc
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise _refused() from exc
    if address.scheme not in ("https", "http") or not _HOST.fullmatch(host):
        raise _refused()
    return SetUp(text, host)


def _set_up(packed: str) -> SetUp:
    try:
        padded = packed + "=" * (-len(packed) % 4)
        text = base64.b64decode(padded, b"-_", validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as exc:
        raise _refused() from exc
    return to_set_up(text)


def _refused() -> UsageError:
    return UsageError(
        "Not a link of ours",
        "This link asks for something that links must not do, or is damaged. Nothing was done.",
        "link_refused",
    )
