"""Turns the knobs of what is played, and takes chance, threads and output out of its hands."""

import builtins
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib import logs
from chalicelib.connectors import pool
from chalicelib.controllers import declaring, looking, sweep
from chalicelib.services import audit, commits, ids
from mydoctransfer.engine import observe, reading
from mydoctransfer.engine.execution import errand, small
from mydoctransfer.engine.speed import Speed
from mydoctransfer.model import guard
from tests.simulation.schedule import Knobs
from tests.simulation.world.clock import Stream


class _OneAfterTheOther:
    """Stands in for the functions' thread pool."""

    map = staticmethod(map)


@contextmanager
def turned(knobs: Knobs, seed: int, log: list[str]) -> Iterator[None]:
    """Turn the knobs, and take chance, threads and output out of the functions' hands."""
    chance = Stream(seed, "backend")
    changes = [
        (errand, "SINGLE_PUT_MAX", knobs.single_put_max),
        (declaring, "SINGLE_PUT_MAX", knobs.single_put_max),
        (looking, "_WORTH_LISTING", 2),
        (errand, "BATCH", knobs.batch),
        (small, "BATCH", knobs.batch),
        (Speed, "part_size", lambda self, size: knobs.part_size),
        (observe, "LISTING_BATCH", knobs.listing_batch),
        (reading, "HASH_BATCH_FILES", knobs.hash_batch),
        (guard, "MANY", knobs.many),
        (ids, "secrets", chance),
        (ids, "_last_ulid", [0]),  # that of the run before may have been of the same millisecond
        (commits, "random", chance),
        (pool, "_pool", _OneAfterTheOther),
        (logs, "print", log.append),
        (sweep, "print", log.append),
    ]
    missing = object()
    # A name that has moved would turn nothing: only what Python itself has may be missing.
    assert all(hasattr(module, name) or hasattr(builtins, name) for module, name, _ in changes)
    before = [(module, name, getattr(module, name, missing)) for module, name, _ in changes]
    audit._days_written.clear()
    quiet = logging.getLogger("mydoctransfer").level
    logging.getLogger("mydoctransfer").setLevel(logging.CRITICAL)
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        logging.getLogger("mydoctransfer").setLevel(quiet)
        for module, name, value in before:
            if value is missing:
                delattr(module, name)
            else:
                setattr(module, name, value)


@contextmanager
def a_home() -> Iterator[str]:
    """Give a directory for journals, in memory where there is one."""
    memory = Path("/dev/shm")
    home = tempfile.mkdtemp(prefix="mydoctransfer-sim-", dir=memory if memory.is_dir() else None)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
