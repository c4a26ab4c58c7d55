"""Workers that died: noticed within seconds, said, and started again.

A thread that ends takes no program down with it: without somebody who looks, the icon would stay
green over a folder that nobody sends any more.
"""

import logging
from collections.abc import Sequence
from typing import Protocol

from mydoctransfer.engine.ports import Clock
from mydoctransfer.model.errors import AppError

CHECK = 5.0  # seconds between two looks
SHOWN = 30.0  # seconds for which the person sees that something died, though it lives again

log = logging.getLogger(__name__)


class Worker(Protocol):
    """Something that runs beside the engine."""

    def is_alive(self) -> bool: ...
    def restart(self) -> str:
        """Start again what died; answers a sentence for the person. Raises OSError, RuntimeError:
        the system has no thread or descriptor to give."""


class Supervision:
    """Looks after the workers.

    Attributes:
        trouble: a sentence while something is dead or died a moment ago, else "".
    """

    def __init__(self, workers: Sequence[Worker], clock: Clock) -> None:
        self._workers = workers
        self._clock = clock
        self._checked_at = clock.monotonic()
        self._died_at = 0.0
        self.trouble = ""

    def died(self, sentence: str) -> None:
        """Something died, and whoever owns it starts it again."""
        log.error("a worker died: %s", sentence)
        self.trouble = sentence
        self._died_at = self._clock.monotonic()

    def turn(self) -> None:
        """Look, if it is time to."""
        now = self._clock.monotonic()
        if self.trouble and now >= self._died_at + SHOWN:
            self.trouble = ""
        if now < self._checked_at + CHECK:
            return
        self._checked_at = now
        for worker in self._workers:
            if not worker.is_alive():
                self.died(_restarted(worker))

    def next_wake(self) -> float | None:
        """When to look next (monotonic seconds); None while there is nothing to look at."""
        wakes = [self._checked_at + CHECK] if self._workers else []
        if self.trouble:
            wakes.append(self._died_at + SHOWN)
        return min(wakes, default=None)


def _restarted(worker: Worker) -> str:
    try:
        return worker.restart()
    except AppError as exc:
        log.exception("a worker could not be started again")
        return exc.message
    except (OSError, RuntimeError):
        log.exception("a worker could not be started again")
        return (
            "A part of this program stopped and could not be started again: the computer is short "
            "of memory or of open files. It is tried again; closing other programs helps."
        )
