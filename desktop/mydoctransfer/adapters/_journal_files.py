"""The files of a journal: itself, what SQLite puts beside it, and damaged ones of before.

A sign beside it (`journal.sqlite-damaged`) says which journal is to be set aside, and then where it
is put, until what is worth it was taken over: a kill in between loses nothing.

Promises: a damaged one is set aside, never deleted but for the last of many. Leaves to others: what
is damage, and what a journal holds.
"""

import contextlib
import glob
import os

Inode = tuple[int, int]

MOST_ASIDE = 10
SIGN = "-damaged"
_BESIDE = ("-wal", "-shm", "-journal")
_ASIDE = "set aside: "


def inode_of(path: str) -> Inode | None:
    """Return which file lies there; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


def files_of(path: str) -> list[str]:
    """Return every file that a journal may have, those of its damaged ones included."""
    return [path + suffix for suffix in ("", *_BESIDE, SIGN)] + asides(path)


def asides(path: str) -> list[str]:
    """Return every file of the journals that were set aside here."""
    return glob.glob(_aside(glob.escape(path), "*"))


def condemn(path: str, inode: Inode | None) -> None:
    """Have a journal set aside when it is opened next: as long as it is open, not every system lets
    it be moved. Where not even this can be written, its damage is met again."""
    with contextlib.suppress(OSError):
        _sign(path, repr(inode))


def set_condemned_aside(path: str) -> str | None:
    """Return where the journal was put that was condemned, and not replaced since.

    Raises:
        OSError: it cannot be put there.
    """
    try:
        with open(path + SIGN, encoding="ascii", errors="replace") as file:
            sign = file.read()
    except FileNotFoundError:
        return None
    if sign == repr(inode_of(path)):
        return set_aside(path)
    if sign.startswith(_ASIDE):
        return _moved(path, _aside(path, sign.removeprefix(_ASIDE)))
    taken_over(path)
    return None


def set_aside(path: str) -> str:
    """Put a damaged journal out of the way, for whoever wants to look; return where it is now.

    Only the last of more than `MOST_ASIDE` is replaced: a disk that goes bad does not fill up, too.

    Raises:
        OSError: it cannot be put there.
    """
    number = 1
    while number < MOST_ASIDE and os.path.lexists(_aside(path, str(number))):
        number += 1
    aside = _aside(path, str(number))
    for suffix in ("", *_BESIDE):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(aside + suffix)
    _sign(path, f"{_ASIDE}{number}")
    return _moved(path, aside)


def taken_over(path: str) -> None:
    """Nothing more is wanted of the journal that was set aside."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path + SIGN)


def _moved(path: str, aside: str) -> str:
    if not os.path.lexists(aside):
        for suffix in (*_BESIDE, ""):  # the journal last: where it lies, all of it does
            with contextlib.suppress(FileNotFoundError):
                os.rename(path + suffix, aside + suffix)
    return aside


def _aside(path: str, which: str) -> str:
    return f"{os.path.splitext(path)[0]}.corrupt-{which}"


def _sign(path: str, says: str) -> None:
    with open(path + SIGN, "w", encoding="ascii") as file:
        file.write(says)
