"""What a start of the application wants: of itself, or of the one that runs already."""

import json
from dataclasses import dataclass
from typing import Any

from mydoctransfer.model import links
from mydoctransfer.model.errors import UsageError
from mydoctransfer.model.links import Link

MOST_FILES = 1000


@dataclass(frozen=True, slots=True)
class Show:
    """Show the window."""


@dataclass(frozen=True, slots=True)
class FollowLink:
    """Follow a link, after a question."""

    link: Link


@dataclass(frozen=True, slots=True)
class ShareFiles:
    """Copy these files (absolute paths) into the folder, as a drop does, and share them."""

    paths: tuple[str, ...]


Wish = Show | FollowLink | ShareFiles


def to_line(wish: Wish) -> bytes:
    """Return a wish as it crosses the window's socket, without the newline."""
    match wish:
        case Show():
            return b"show"
        case FollowLink(link):
            return json.dumps({"link": links.to_text(link)}).encode()
        case ShareFiles(paths):
            return json.dumps({"share": list(paths)}).encode()


def from_line(line: bytes) -> Wish:
    """Return the wish in a line.

    Raises:
        UsageError: there is none, or one that is refused.
    """
    if line == b"show":
        return Show()
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise _misfit() from exc
    match value:
        case {"link": str(text), **more} if not more:
            return FollowLink(links.parse(text))
        case {"share": [_, *_] as paths, **more} if not more and len(paths) <= MOST_FILES:
            return share_files(paths)
    raise _misfit()


def share_files(paths: list[Any]) -> ShareFiles:
    """Return the wish to share files.

    Raises:
        UsageError: something of it is no absolute path.
    """
    if not all(isinstance(path, str) and path[:1] == "/" and "\0" not in path for path in paths):
        raise _misfit()
    return ShareFiles(tuple(paths))


def _misfit() -> UsageError:
    return UsageError("Not understood", "That is nothing this window does.", "usage")
