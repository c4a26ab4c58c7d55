"""A watchdog over Qt's main thread: how long one turn of the event loop keeps it.

It counts the thread's processor time, not the clock's. A machine that has others to serve takes the
processor away for as long as it likes, and a test must not fail because of that; what the window's
own code and Qt's drawing cost is the same on any load. A turn lies between two signals of the event
dispatcher (waking, going to sleep: sleeping costs nothing). What a test does itself between two
event loops is no turn: it is told from one by who called the loop.
"""

import sys
import time
from types import FrameType

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Slot

MOST_S = 0.050
KNOWN_S = 0.0035  # what `allowed` sorts, on an idle core
DEPTH = 12

Caller = tuple[tuple[int, int], ...]


class Watchdog(QObject):
    """Measures every turn while it is on.

    Attributes:
        longest: seconds of the longest turn so far. too_long: of each that took too long.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self.too_long: list[float] = []
        self._began = 0.0
        self._caller: Caller = ()

    def start(self) -> None:
        """Watch this thread's event loops."""
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._turn)
        dispatcher.aboutToBlock.connect(self._turn)

    def stop(self) -> None:
        """Watch no more."""
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.disconnect(self._turn)
        dispatcher.aboutToBlock.disconnect(self._turn)

    @Slot()
    def _turn(self) -> None:
        caller = _caller()
        if caller == self._caller:
            spent = time.thread_time() - self._began
            self.longest = max(self.longest, spent)
            if spent > MOST_S and spent > allowed():  # asked at once: load comes and goes
                self.too_long.append(spent)
        self._caller = caller
        self._began = time.thread_time()


def _caller() -> Caller:
    """Where in the test the event loop was called: the same for all turns of one loop."""
    found: list[tuple[int, int]] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and len(found) < DEPTH:
        found.append((id(frame.f_code), frame.f_lasti))
        frame = frame.f_back
    return tuple(found)


def allowed() -> float:
    """How many seconds a turn may take here and now: `MOST_S` on a core that is not shared.

    Processor time too goes further on an idle machine: neighbours take caches and half the core.
    So the limit grows by what a known piece of work takes longer than on the idle core that the
    figures are from; it never shrinks.
    """
    rows = [(number * 7919 % 20_011, str(number)) for number in range(20_000)]
    spent = []
    for _ in range(7):
        began = time.thread_time()
        sorted(rows)
        spent.append(time.thread_time() - began)
    return MOST_S * max(1.0, sorted(spent)[3] / KNOWN_S)
