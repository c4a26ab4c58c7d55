"""Every operation of eleven canonical days, going wrong in every way: every tenth run, from an
offset that moves with the commit; all of them in the gates."""

import pytest

from tests.simulation.nth import DAYS, failure_at, operations, runs
from tests.simulation.seeds import commits

EVERY = 10


def _failures(day: str, offset: int, every: int) -> list[str]:
    names = operations(day)
    assert len(runs(day)) >= 200
    chosen = [one for n, one in enumerate(runs(day), offset) if n % every == 0]
    if every > 1:  # a commit has four statements: of these each fortieth
        layers = {n: met.layer for n, met in enumerate(names, 1)}
        chosen = [one for n, one in enumerate(chosen) if layers[one[0]] != "sql" or n % 4 == 0]
    found = ((n, mode, failure_at(day, n, mode)) for n, mode in chosen)
    return [f"{n} {names[n - 1]} {mode}: {failure}" for n, mode, failure in found if failure]


@pytest.mark.parametrize("day", DAYS)
def test_a_tenth_of_the_operations_may_go_wrong(day: str) -> None:
    """Invariants I2, I8, I22: nothing is lost, all else goes on, and it ends as it would have."""
    assert _failures(day, commits(), EVERY) == []


@pytest.mark.gates
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("day", DAYS)
def test_every_operation_may_go_wrong(day: str) -> None:
    """Invariants I2, I8, I22: nothing is lost, all else goes on, and it ends as it would have."""
    assert _failures(day, 0, 1) == []
