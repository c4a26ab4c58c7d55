"""The pause: until resumed, or for a while; it outlives a restart.

A pause for a while ends by this machine's clock, because the machine may sleep or be restarted in
it. If that clock is set back, the pause ends at once rather than last longer than was asked.

Beside it there is waiting for a reason of the computer's (its battery, a metered line), which is
known anew after every start and so is not kept.
"""

from mydoctransfer.engine.ports import Clock, Journal
from mydoctransfer.model.surroundings import Reason

PAUSED_KEY = "paused"
UNTIL_RESUMED = "1"


_SENTENCES = {
    Reason.NONE: "",
    Reason.BATTERY: "This computer runs on its battery.",
    Reason.METERED: "This line is paid for by what it carries.",
}


class Paused:
    """Whether the engine is paused, as the journal keeps it: `1`, or `UNTIL LENGTH` in ms."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._reason = Reason.NONE

    @property
    def is_on(self) -> bool:
        """Whether it is paused now."""
        return self._is_kept or self._reason is not Reason.NONE

    @property
    def _is_kept(self) -> bool:
        return self._journal.get(PAUSED_KEY) is not None

    def begin(self, seconds: int | None) -> None:
        """Pause for so many seconds; None: until resumed."""
        length = None if seconds is None else seconds * 1000
        kept = UNTIL_RESUMED if length is None else f"{self._clock.wall_ms() + length} {length}"
        self._journal.put(PAUSED_KEY, kept)

    def end(self) -> None:
        """Pause no longer."""
        self._journal.put(PAUSED_KEY, None)
        self._reason = Reason.NONE

    def wait(self, reason: Reason) -> None:
        """Wait for a reason of the computer's, or for none any more."""
        self._reason = reason

    @property
    def message(self) -> str:
        """Why it waits, where the person did not say so; "" where they did."""
        if self._is_kept:
            return ""
        return _SENTENCES[self._reason]

    def until(self) -> int | None:
        """When a pause for a while ends (ms since the epoch); None where there is none."""
        times = self._times()
        return None if times is None else times[0]

    def is_over(self) -> bool:
        """Whether a pause for a while has lasted as long as it should."""
        left = self.left()
        return left is not None and left <= 0

    def left(self) -> float | None:
        """How many seconds are left of a pause for a while; None where there is none."""
        times = self._times()
        if times is None:
            return None
        until, length = times
        left = until - self._clock.wall_ms()
        return 0.0 if left > length else left / 1000

    def _times(self) -> tuple[int, int] | None:
        """When it ends, and how long it is; None where it lasts until resumed. What makes no sense
        is such a pause: it would end nobody knows when."""
        try:
            until, length = (int(word) for word in (self._journal.get(PAUSED_KEY) or "").split())
        except ValueError:
            return None
        return until, length
