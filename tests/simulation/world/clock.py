"""Virtual time, and chance as independent streams derived from one seed."""

import hashlib
from dataclasses import dataclass

START_NS = 1_800_000_000_000_000_000
SECOND = 1_000_000_000


class Time:
    """The true time of the world, in nanoseconds."""

    def __init__(self) -> None:
        self.ns = START_NS

    @property
    def ms(self) -> int:
        return self.ns // 1_000_000

    @property
    def seconds(self) -> float:
        return (self.ns - START_NS) / SECOND

    def advance(self, seconds: float) -> None:
        self.ns += max(0, int(seconds * SECOND))


@dataclass(slots=True)
class DeviceClock:
    """The `Clock` port of one device: its wall may be wrong and may jump, its monotonic may not."""

    time: Time
    wall_offset_ms: int = 0

    def monotonic(self) -> float:
        return self.time.seconds

    def wall_ms(self) -> int:
        return self.time.ms + self.wall_offset_ms

    @property
    def is_ahead(self) -> bool:
        """Whether it is later by this clock than it is."""
        return self.wall_offset_ms > 0

    def wall_ns(self) -> int:
        return self.time.ns + self.wall_offset_ms * 1_000_000


class Stream:
    """One stream of chance. A draw in one stream never shifts another."""

    def __init__(self, seed: object, *names: object) -> None:
        self._key = "/".join(map(str, (seed, *names))).encode()
        self._drawn = 0

    def bits(self) -> int:
        """Return 64 random bits."""
        self._drawn += 1
        text = self._key + b"#" + str(self._drawn).encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")

    def below(self, limit: int) -> int:
        return self.bits() % limit

    def between(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + (high - low) * (self.bits() / 2**64)

    def chance(self, probability: float) -> bool:
        return self.uniform() < probability

    def choice(self, items):
        return items[self.below(len(items))]

    def weighted(self, items):
        """Return one of `(item, weight)`."""
        total = sum(weight for _, weight in items)
        at = self.uniform(0.0, total)
        for item, weight in items:
            at -= weight
            if at < 0:
                return item
        return items[-1][0]

    # The `Rand` port, and what the back-end asks of `secrets`.

    def hex32(self) -> str:
        return f"{self.bits():016x}{self.bits():016x}"

    def token_hex(self, count: int = 32) -> str:
        return "".join(f"{self.bits():016x}" for _ in range(-(-count // 8)))[: 2 * count]

    def randbits(self, count: int) -> int:
        return ((self.bits() << 64) | self.bits()) >> (128 - count)

    def token_bytes(self, count: int = 32) -> bytes:
        return bytes.fromhex(self.token_hex(count))

    compare_digest = staticmethod(lambda a, b: a == b)
