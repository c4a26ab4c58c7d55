"""Time and chance as the system gives them."""

import secrets
import time


class SystemClock:
    """The `Clock` port. `monotonic` also runs while the machine sleeps, where the system can tell
    (E06): a grace period or a grant ends by the time on the wall, not by the time awake."""

    def __init__(self) -> None:
        self._boot = getattr(time, "CLOCK_BOOTTIME", None)

    def monotonic(self) -> float:
        """Return seconds since some moment; never goes back, whatever people set the clock to."""
        if self._boot is None:
            return time.monotonic()
        return time.clock_gettime(self._boot)

    def wall_ms(self) -> int:
        """Return milliseconds since the epoch, as the machine believes."""
        return time.time_ns() // 1_000_000


class SystemRand:
    """The `Rand` port."""

    def hex32(self) -> str:
        """Return 32 hex digits nobody can guess."""
        return secrets.token_hex(16)

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return secrets.randbits(53) / (1 << 53)
