"""What lies in a folder that somebody proposes, in a sentence."""

from PySide6.QtCore import QObject

from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import FolderFacts


class _Words(QObject):
    """An object because only `tr` of an object knows plurals."""

    def holds(self, facts: FolderFacts) -> str:
        words = (
            self.tr("It holds more than %Ln file(s), {size} or more.", "", facts.files)
            if facts.is_more
            else self.tr("It holds %Ln file(s), {size}.", "", facts.files)
        )
        return words.format(size=text.size(facts.size))


_WORDS = _Words()


def holds(facts: FolderFacts) -> str:
    """Return how many files it holds, and how much that is."""
    return _WORDS.holds(facts)
