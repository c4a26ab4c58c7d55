"""The other side as a whole is busy: one pause and one sentence, and fewer calls at a time.

One file that fails is that file's matter. When two or more in a row are refused with "busy" and
nothing succeeds in between, it is the server's or the store's (G06): then everything rests, for as
long as was asked for at least, one call tries at a time, and no file is blamed. Whatever is asked
to slow down does so at once, and comes back step by step.
"""

from collections.abc import Collection

from mydoctransfer.engine.backoff import Backoff
from mydoctransfer.engine.ports import Clock, Failure, FailureKind, Rand
from mydoctransfer.model.trees import RelPath

PATIENCE = 3  # refusals in a row before the person is told
LEAST = 1 / 8  # of what is usual at a time
OURS = ("internal", "retry")  # codes of failures of this program itself
STEP = 1 / 8  # more of it with every success


class Strain:
    """How much the other side takes."""

    def __init__(self, clock: Clock, rand: Rand) -> None:
        self._clock = clock
        self._backoff: Backoff[None] = Backoff(rand)
        self._refused: set[RelPath] = set()
        self._failure: Failure | None = None
        self._share = 1.0

    @property
    def is_whole(self) -> bool:
        """Whether it is not one file's matter."""
        return len(self._refused) > 1

    @property
    def trouble(self) -> Failure | None:
        """What to tell the person; None while it may pass by itself in a moment."""
        is_lasting = self._backoff.failures(None) >= PATIENCE
        return self._failure if self.is_whole and is_lasting else None

    def refused(self, failure: Failure, paths: Collection[RelPath]) -> None:
        """All of a call was refused as too much."""
        self._refused.update(paths)
        self._failure = failure
        self._backoff.failed(None, self._clock.monotonic(), failure.retry_after)
        self.slowed()

    def slowed(self) -> None:
        """Some of a call was refused as too much."""
        self._share = max(LEAST, self._share / 2)

    def went_well(self) -> None:
        """Something was taken."""
        self._refused.clear()
        self._failure = None
        self._backoff.clear(None)
        self._share = min(1.0, self._share + STEP)

    def rest_is_over(self) -> None:
        """Try at once, and with fresh patience: the person asked."""
        self._refused.clear()
        self._failure = None
        self._backoff.clear(None)

    def room(self, most: int) -> int:
        """Return how many to do at a time where `most` is usual."""
        return 1 if self.is_whole else max(1, int(most * self._share))

    def rests(self) -> bool:
        """Whether nothing is to be begun now."""
        return self.is_whole and self._backoff.rests(None, self._clock.monotonic())

    def next_wake(self) -> float | None:
        """When to try again (monotonic seconds)."""
        return self._backoff.next_wake(self._clock.monotonic()) if self.is_whole else None


def is_strain(failure: object) -> bool:
    """Whether the other side says that it has too much to do; our own errors say nothing of it."""
    if not isinstance(failure, Failure):
        return False
    return failure.kind is FailureKind.BUSY and failure.code not in OURS
