"""Long work in turns of the event loop, so that the window never stands still.

A job is a generator that says how many rows it has handled since it was last asked. In one turn all
jobs of a window have `TURN_S` of this thread's processor time together, but each always gets
`LEAST` rows: what is small is done at once, on a slow machine too. Processor time, not the clock:
while others have the processor, giving up the turn would gain nobody anything.
"""

import time
from collections.abc import Callable, Generator

from PySide6.QtCore import QObject, QTimer

TURN_S = 0.008
LEAST = 200

Job = Generator[int, None, None]


class Shift(QObject):
    """The time a window has for long work: what works in it shares each turn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Turns] = []
        self._is_working = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._work)

    def let_work(self, turns: "Turns") -> None:
        """Give these their time: now, unless a turn is under way or will come anyway."""
        if turns not in self._waiting:
            self._waiting.append(turns)
        if not self._is_working and not self._timer.isActive():
            self._work()

    def _work(self) -> None:
        ends = time.thread_time() + TURN_S
        unfinished: list[Turns] = []
        self._is_working = True
        try:
            while self._waiting:
                turns = self._waiting.pop(0)
                if turns.work(ends) and turns not in self._waiting:
                    unfinished.append(turns)
        finally:
            self._is_working = False
        self._waiting = unfinished
        if unfinished:
            self._timer.start()


class Turns:
    """Works off one job after the other.

    Attributes:
        next_job: asked for a further job when one is done; None when there is nothing to do.
        on_idle: called when there is nothing left to do.
    """

    def __init__(self, shift: Shift) -> None:
        self.next_job: Callable[[], Job | None] = lambda: None
        self.on_idle: Callable[[], None] = lambda: None
        self._shift = shift
        self._job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    def start(self, job: Job) -> None:
        """Do this, and not what was being done."""
        self._job = job
        self.go_on()

    def drop(self) -> None:
        """Give up the job under way."""
        self._job = None

    def go_on(self) -> None:
        """Look for work."""
        self._shift.let_work(self)

    def work(self, ends: float) -> bool:
        """Work until this thread has had so much processor time; whether there is more to do."""
        handled = 0
        while handled < LEAST or time.thread_time() < ends:
            if self._job is None:
                self._job = self.next_job()
            if self._job is None:
                self.on_idle()
                return False
            amount = next(self._job, None)
            if amount is None:
                self._job = None
            else:
                handled += amount
        return True
