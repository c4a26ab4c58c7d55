"""Where nothing is sent or withdrawn, because nobody could look there (R9), and what is said of it.

A directory whose `.mydocignore` cannot be obeyed is such a place: what the rules would keep here
must not be sent. Leaves to others: what is held back because of it.
"""

from collections.abc import Mapping
from enum import Enum, auto

from mydoctransfer.engine.ignoring import MOST_BYTES
from mydoctransfer.engine.ports import Listing
from mydoctransfer.model.ignore import RULES
from mydoctransfer.model.trees import RelPath, Skip, Stat, join, upwards


class Why(Enum):
    """What keeps a directory from being looked into. The last three are its rules'."""

    UNREADABLE = auto()
    COVERED = auto()  # by another disk or a link, which has a row of its own
    LINKED_RULES = auto()
    NO_FILE_OF_RULES = auto()
    TOO_MANY_RULES = auto()


class Frozen:
    """The directories that could not be looked into at the last look, and why."""

    def __init__(self, directories: Mapping[RelPath, Why]) -> None:
        self.directories = directories

    def __contains__(self, directory: RelPath) -> bool:
        return directory in self.directories

    def __bool__(self) -> bool:
        return bool(self.directories)

    def above(self, path: RelPath) -> RelPath | None:
        """Return the highest of them that keeps this path from being seen."""
        found = [d for d in upwards(path) if d in self.directories] if self.directories else []
        return found[-1] if found else None

    def to_tell(self) -> dict[RelPath, Why]:
        """Return those of which something is to be said."""
        told = sorted(self.directories.items(), key=lambda item: item[0])
        return {directory: why for directory, why in told if why is not Why.COVERED}


def rules_in(listing: Listing) -> Stat | Why | None:
    """Return the file of a directory's rules, or why it cannot be one; None: there is no such name.

    No link is followed, neither out of the folder nor within it (D02).
    """
    if RULES in listing.subdirectories:
        return Why.NO_FILE_OF_RULES
    entry = next((entry for entry in listing.entries if entry.name == RULES), None)
    if entry is None:
        return None
    if entry.skip is Skip.SYMLINK:
        return Why.LINKED_RULES
    if entry.skip is not None:
        return Why.NO_FILE_OF_RULES
    return entry.stat if entry.size <= MOST_BYTES else Why.TOO_MANY_RULES


def sentence(directory: RelPath, why: Why) -> str:
    """Return what a person is told of such a directory, "" being the folder itself."""
    rules = join(directory, RULES)
    match why:
        case Why.LINKED_RULES:
            return (
                f"Nothing in the folder of “{rules}” is sent or withdrawn, for that is a link, and "
                "links are not followed. Put the file itself there, and this goes on by itself."
            )
        case Why.NO_FILE_OF_RULES:
            return (
                f"Nothing in the folder of “{rules}” is sent or withdrawn, for that is no regular "
                "file of yours. Put one there or remove it, and this goes on by itself."
            )
        case Why.TOO_MANY_RULES:
            return (
                f"Nothing in the folder of “{rules}” is sent or withdrawn, for that has more than "
                f"{MOST_BYTES // 1024} KB. Make it smaller, and this goes on by itself."
            )
    if not directory:
        # It can be read itself, or it would not be believed.
        return "The folder's rules cannot be read. Make them readable, and this goes on by itself."
    return (
        f"Nothing in “{directory}” is sent or withdrawn, for it cannot be read, or its "
        ".mydocignore cannot. Make that readable, and this goes on by itself."
    )
