"""One pool of threads for the life of the function's process: its connections stay open."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

AT_ONCE = 16
T = TypeVar("T")
R = TypeVar("R")


def side_by_side(do: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """Return what `do` makes of each thing, in order, up to sixteen at once."""
    listed = list(things)
    if len(listed) < 2:
        return [do(thing) for thing in listed]
    return list(_pool().map(do, listed))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="beside")
