"""The one place where tests wait: polling against a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0  # seconds; long, since a test machine may be busy with other tests


def poll(look: Callable[[], T], timeout: float = PATIENCE) -> T | None:
    """The first true result of `look` within `timeout` seconds, or None."""
    deadline = time.monotonic() + timeout
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            return None
        time.sleep(0.03)


def wait_for(
    look: Callable[[], T | None],
    timeout: float = PATIENCE,
    explain: Callable[[], str] = lambda: "it did not come",
) -> T:
    """The first true result of `look`; raises `TimeoutError(explain())` after `timeout` seconds."""
    found = poll(look, timeout)
    if not found:
        raise TimeoutError(f"after {timeout} s: {explain()}")
    return found
