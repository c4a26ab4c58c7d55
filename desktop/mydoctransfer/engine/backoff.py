"""Waiting after failures: capped exponential, half of it chance, per item. Pure but for `Rand`."""

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

from mydoctransfer.engine.ports import Rand

K = TypeVar("K")

FIRST = 1.0
CAP = 300.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Until when (monotonic seconds) an item rests, and how often it failed in a row."""

    until: float
    failures: int


class Backoff(Generic[K]):
    """Who waits until when. A success or a change of the item clears it."""

    def __init__(self, rand: Rand, first: float = FIRST, cap: float = CAP) -> None:
        self._rand = rand
        self._first = first
        self._cap = cap
        self._waiting: dict[K, Waiting] = {}

    def failed(
        self, key: K, now: float, retry_after: float | None, most: float = math.inf
    ) -> Waiting:
        """Note a failure; wait at least as long as the other side asked, by ourselves at most
        `most`."""
        before = self._waiting.get(key)
        failures = 1 + (before.failures if before else 0)
        ceiling = min(self._cap, most, self._first * 2.0 ** min(failures - 1, 20))
        wait = max(retry_after or 0.0, ceiling * (0.5 + self._rand.uniform() / 2))
        self._waiting[key] = Waiting(now + wait, failures)
        return self._waiting[key]

    def clear(self, key: K) -> None:
        """Forget the failures of an item."""
        self._waiting.pop(key, None)

    def rests(self, key: K, now: float) -> bool:
        """Whether the item still has to wait."""
        waiting = self._waiting.get(key)
        return waiting is not None and now < waiting.until

    def failures(self, key: K) -> int:
        """How often the item failed since it last went well."""
        waiting = self._waiting.get(key)
        return waiting.failures if waiting else 0

    def next_wake(self, after: float = -1.0) -> float | None:
        """When the first item that had to wait beyond `after` may be tried again."""
        ends = (w.until for w in self._waiting.values())
        return min((end for end in ends if end > after), default=None)

    def all_rest_over(self) -> None:
        """Let everybody try at once (the link is up again, the person asked)."""
        self._waiting = {k: Waiting(0.0, w.failures) for k, w in self._waiting.items()}
