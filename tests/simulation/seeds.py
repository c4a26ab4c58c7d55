"""Which seeds are played: a quarter in each test file, so that the test processes share them,
and in the gates such as nobody played before.

MYDOCTRANSFER_SIM_FIRST: the first seed. MYDOCTRANSFER_SIM_SEEDS: how many from there.
"""

import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.simulation.schedule import make
from tests.simulation.world.world import run

FIRST = int(os.environ.get("MYDOCTRANSFER_SIM_FIRST", "0"))
SEEDS = int(os.environ.get("MYDOCTRANSFER_SIM_SEEDS", "400"))


@cache
def commits() -> int:
    """Return how many commits led here, so that what is tried moves on; 0 outside a repository."""
    try:
        found = subprocess.run(
            ["git", "rev-list", "--count", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(found.stdout)


def fresh() -> int:
    """Return the first of ten thousand seeds that nobody played before this commit."""
    return 1_000_000 + 10_000 * commits()


def quarter(n: int) -> range:
    """Return the n-th quarter of the seeds, from 0."""
    return range(FIRST + n, FIRST + SEEDS, 4)


def play_twice(seed: int, record: Callable[[str, object], None]) -> None:
    """Play a seed, and again: every invariant holds, and both runs are the same to the byte."""
    schedule = make(seed)
    first = run(schedule)
    assert run(schedule).digest == first.digest
    record("covered", [[*pair, count] for pair, count in first.covered.items()])
