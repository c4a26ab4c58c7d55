"""Where this device stands in the change feed, and which lines of it are its own.

Promises: no line is passed over that another wrote: not another device, the sweep, a recipient.
Leaves to others: asking, and the cursor that outlives a restart (`session`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mydoctransfer.engine.ports import Stretch


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor, and the number of the line it stands behind."""

    cursor: str
    line: int


def further(place: Place, own: Iterable[Stretch]) -> Place:
    """Return how far there is nothing to read: over own stretches as long as each begins with the
    very next line.

    | own stretch begins   | then                                                       |
    |----------------------|------------------------------------------------------------|
    | with the next line   | the place is behind it                                     |
    | later                | somebody else's line, or an unheard own one, is to be read |
    | earlier              | some of it was read: reading goes on where it stands       |
    """
    by_first = {stretch.first: stretch for stretch in own}
    while (stretch := by_first.get(place.line + 1)) is not None:
        place = Place(stretch.cursor, stretch.last)
    return place


class Feed:
    """Remembers the place and the own stretches not read yet, until the program ends."""

    def __init__(self) -> None:
        self._place: Place | None = None
        self._own: list[Stretch] = []

    def wrote(self, stretch: Stretch) -> None:
        """A call of ours has written these lines, and the journal has all that it answered."""
        if self._place is not None:
            self._own.append(stretch)

    def gone_on(self, cursor: str) -> str:
        """Go over own stretches from the cursor that the journal has; return where that ends."""
        if self._place is None or self._place.cursor != cursor:
            return cursor  # not the one whose line is known
        place = further(self._place, self._own)
        self.read(place.cursor, place.line)
        return place.cursor

    def read(self, cursor: str, line: int | None) -> None:
        """A page was taken over that ends here."""
        self._place = None if line is None else Place(cursor, line)
        self._own = [] if line is None else [s for s in self._own if s.first > line]

    def listed(self, cursor: str, line: int | None) -> None:
        """Everything was listed anew, to be read on from here.

        What was written while the pages came may be on none of them: it is to be read.
        """
        self._own = []
        self.read(cursor, line)
