"""Time and chance. Called by the sync thread directly."""

from typing import Protocol


class Clock(Protocol):
    """Durations come from `monotonic` (seconds), which also runs during suspend where the system
    can tell; `wall_ms` is what is compared with the times of files, of the server and of what
    people set, or is shown to them."""

    def monotonic(self) -> float: ...
    def wall_ms(self) -> int: ...


class Rand(Protocol):
    """Chance: `hex32` for idempotency keys, `uniform` in [0, 1) for jitter."""

    def hex32(self) -> str: ...
    def uniform(self) -> float: ...
