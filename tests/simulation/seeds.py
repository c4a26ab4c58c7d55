"""Which seeds a test file plays: a quarter each, so that the two test processes share them."""

import os

from tests.simulation.schedule import make
from tests.simulation.world.world import run

FIRST = int(os.environ.get("MYDOCTRANSFER_SIM_FIRST", "0"))
SEEDS = int(os.environ.get("MYDOCTRANSFER_SIM_SEEDS", "400"))


def quarter(n: int) -> range:
    """Return the n-th quarter of the seeds, from 0."""
    return range(FIRST + n, FIRST + SEEDS, 4)


def play_twice(seed: int) -> None:
    """Play a seed, and again: every invariant holds, and both runs are the same to the byte."""
    schedule = make(seed)
    first = run(schedule)
    assert run(schedule).digest == first.digest
