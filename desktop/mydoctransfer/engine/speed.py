"""What the line has carried lately, and so how large a part may be and how many go at a time.

A part that takes minutes is lost whole when the line breaks, and is signed for fifteen of them at
most (H08): on a slow line parts are small and few; the store takes none under 5 MiB but the last.
"""

from mydoctransfer.engine.ports import Clock

MIB = 1024 * 1024
USUAL_PART = 8 * MIB
SMALLEST_PART = 5 * MIB
PARTS_MAX = 10_000
PART_SECONDS = 60.0  # what one part should take at most
IN_MEMORY = 64 * MIB  # bytes of parts at a time
ENOUGH = 1024 * MIB  # bytes a second: more is no line's, and what is short is the processor


class Speed:
    """Bytes a second over everything that is under way; None before anything has arrived."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.rate: float | None = None

    def now(self) -> float:
        """When something begins (monotonic seconds)."""
        return self._clock.monotonic()

    def carried(self, size: int, since: float, at_a_time: int) -> None:
        """A part has arrived that began at `since`, beside others."""
        seconds = self._clock.monotonic() - since
        if seconds <= 0:
            return
        measured = size * at_a_time / seconds
        self.rate = measured if self.rate is None else (self.rate + measured) / 2

    def part_size(self, size: int) -> int:
        """Return the bytes of a part of a file of this size."""
        is_slow = self.rate is not None and self.rate * PART_SECONDS < USUAL_PART
        least = -(-size // PARTS_MAX)
        return max(SMALLEST_PART if is_slow else USUAL_PART, -(-least // MIB) * MIB)

    def at_a_time(self, part_size: int, most: int) -> int:
        """Return how many parts of this size may be under way.

        Where the store is as near as this machine two keep it busy: more of them only take the
        processor from what hashes the file beside them, and is waited for in the end.
        """
        fits = [most, IN_MEMORY // part_size]
        if self.rate is not None:
            fits.append(2 if self.rate > ENOUGH else int(self.rate * PART_SECONDS / part_size))
        return max(1, min(fits))
