"""Every seeded mistake is noticed by seeds that nobody played before: within two thousand of them.

Many die within tens. What chance would bring together too rarely is played under a leaning, which
makes some events likelier and leaves the rest to the seed. `make gates` prints the numbers.
"""

from collections.abc import Callable

import pytest

from tests.simulation.mutant import Mutant, hunt
from tests.simulation.mutants import MUTANTS
from tests.simulation.seeds import fresh

MOST = 2000


@pytest.mark.gates
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_seeded_mistake_is_noticed_by_a_fresh_seed(
    mutant: Mutant, record_property: Callable[[str, object], None]
) -> None:
    """An invariant that kills no mutant is not tested."""
    killed = hunt(mutant, range(fresh(), fresh() + MOST))
    assert killed is not None
    record_property("killed", [mutant.name, killed.tried, killed.words.partition(":")[0]])
