"""The files of a journal: itself, what SQLite puts beside it, and damaged ones of before.

Promises: a damaged one is set aside, never deleted but for the last of many. Leaves to others: what
is damage, and what a journal holds.
"""

import contextlib
import glob
import os

Inode = tuple[int, int] | None

MOST_ASIDE = 10
CONDEMNED = "-damaged"
_BESIDE = ("-wal", "-shm", "-journal")


def inode_of(path: str) -> Inode:
    """Return which file lies there; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


def files_of(path: str) -> list[str]:
    """Return every file that a journal may have, those of its damaged ones included."""
    return [path + suffix for suffix in ("", *_BESIDE, CONDEMNED)] + asides(path)


def asides(path: str) -> list[str]:
    """Return every file of the journals that were set aside here."""
    return glob.glob(_aside(glob.escape(path), "*"))


def condemn(path: str, inode: Inode) -> None:
    """Have a journal set aside when it is opened next: as long as it is open, not every system lets
    it be moved. Where not even this can be written, its damage is met again."""
    with contextlib.suppress(OSError), open(path + CONDEMNED, "w", encoding="ascii") as file:
        file.write(_named(inode))


def set_condemned_aside(path: str) -> str | None:
    """Return where the journal is now, if it was condemned and not replaced since."""
    try:
        with open(path + CONDEMNED, encoding="ascii", errors="replace") as file:
            condemned = file.read()
    except FileNotFoundError:
        return None
    aside = set_aside(path) if condemned == _named(inode_of(path)) else None
    os.unlink(path + CONDEMNED)
    return aside


def set_aside(path: str) -> str:
    """Put a damaged journal out of the way, for whoever wants to look; return where it is now.

    Only the last of more than `MOST_ASIDE` is replaced: a disk that goes bad does not fill up, too.
    """
    number = 1
    while number < MOST_ASIDE and os.path.lexists(_aside(path, str(number))):
        number += 1
    aside = _aside(path, str(number))
    for suffix in ("", *_BESIDE):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(aside + suffix)
        with contextlib.suppress(FileNotFoundError):
            os.rename(path + suffix, aside + suffix)
    return aside


def _aside(path: str, which: str) -> str:
    return f"{os.path.splitext(path)[0]}.corrupt-{which}"


def _named(inode: Inode) -> str:
    return repr(inode)
