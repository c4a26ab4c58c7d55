"""What is not there any more, and since when: two complete looks make an absence a deletion (R5).

Promises: what two looks did not find is only then gone when nothing that may have been it left
since the first. Leaves to others: looking (`observe`), and what else keeps a document from being
withdrawn.
"""

from collections.abc import Collection, Iterable

from mydoctransfer.engine.ports import Clock, Journal
from mydoctransfer.model.trees import RelPath


class Absence:
    """Since which look the file agreed on for a path is not there: nothing, or another one, is.

    Attributes:
        grace: seconds between the two looks.
        last_full: when the last complete look began (monotonic seconds).
    """

    def __init__(self, journal: Journal, clock: Clock, grace: float) -> None:
        self._journal = journal
        self._clock = clock
        self.grace = grace
        self.start_over()

    def start_over(self) -> None:
        """Forget every look."""
        self._first: dict[RelPath, float] = {}
        self.last_full: float | None = None

    def is_confirmed(self, path: RelPath) -> bool:
        """Whether a second complete look, a grace period after the first, found nothing either."""
        first = self._first.setdefault(path, self._clock.monotonic())
        return self.last_full is not None and self.last_full >= first + self.grace

    def keep(self, paths: Collection[RelPath]) -> None:
        """Forget the first look at every path that is not absent any more."""
        self._first = {p: t for p, t in self._first.items() if p in paths}

    def left(self, paths: Iterable[RelPath]) -> None:
        """These are not where they were seen. Whose file one of them may have been, unread or not
        yet agreed on there, is absent only from now on."""
        if not self._first:
            return
        seen = (self._journal.local(path) for path in paths)
        inodes = {(one.stat.dev, one.stat.ino) for one in seen if one is not None}
        now = self._clock.monotonic()
        self._first |= dict.fromkeys(self._journal.homes(inodes) & self._first.keys(), now)

    def second_look_at(self) -> float | None:
        """When a full scan should begin so that what waits for one can be confirmed."""
        pending = [
            first + self.grace
            for first in self._first.values()
            if self.last_full is None or self.last_full < first + self.grace
        ]
        return min(pending, default=None)
