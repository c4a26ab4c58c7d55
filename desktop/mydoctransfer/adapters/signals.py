"""The signals that end a program: SIGTERM, and SIGINT from Ctrl-C. For the main thread."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Have both call `stop` and nothing more."""

    def stopped(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {n: signal.signal(n, stopped) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interrupting() -> Iterator[None]:
    """Have SIGTERM raise KeyboardInterrupt as Ctrl-C does, so that what is half done is tidied."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
