"""Quarter 1 of the seeds, each run twice and compared."""

from collections.abc import Callable

import pytest

from tests.simulation.seeds import play_twice, quarter


@pytest.mark.parametrize("seed", quarter(0))
def test_nothing_is_lost_and_everything_converges(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    play_twice(seed, record_property)
