"""The corpus of what once went wrong, and seeded mistakes that have to be noticed."""

from pathlib import Path

import pytest

from tests.simulation.mutant import Mutant, killed_by, schedule_of
from tests.simulation.mutants import MUTANTS
from tests.simulation.schedule import load, make, save
from tests.simulation.shrink import failure_of

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_once_went_wrong_does_not_again(path: Path) -> None:
    failure, _ = failure_of(load(path))
    assert not failure


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_seeded_mistake_is_noticed(mutant: Mutant) -> None:
    schedule = schedule_of(mutant)
    assert not failure_of(schedule)[0]
    assert killed_by(mutant, schedule)


def test_forty_mistakes_are_seeded_each_once() -> None:
    """An invariant that kills no mutant is not tested."""
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40


def test_a_schedule_survives_being_written_down(tmp_path: Path) -> None:
    save(make(7), tmp_path / "7.json")
    assert load(tmp_path / "7.json") == make(7)
