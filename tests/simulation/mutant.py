"""A mistake as data: what is set where, and what notices it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.simulation.leanings import AS_IT_COMES, Leaning
from tests.simulation.schedule import Event, Knobs, Schedule, load, make
from tests.simulation.shrink import failure_of

_PLAIN = Knobs(devices=1)
LATER = 40  # steps in which what was done first has settled


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: what to set where, and the seed that kills it (or a schedule of its own).

    `leaning`: what fresh seeds are made rich in, so that one of them meets the mistake soon.
    """

    name: str
    place: Any
    attribute: str
    value: Any
    seed: int | Schedule
    leaning: Leaning = AS_IT_COMES


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """Make the mistake for a while."""
    before = mutant.place.__dict__[mutant.attribute]
    setattr(mutant.place, mutant.attribute, mutant.value)
    try:
        yield
    finally:
        setattr(mutant.place, mutant.attribute, before)


def killed_by(mutant: Mutant, schedule: Schedule) -> str:
    """Return what the schedule finds wrong with the mutant, "" when nothing."""
    with planted(mutant):
        return failure_of(schedule)[0]


@dataclass(frozen=True, slots=True)
class Killed:
    """Which seed noticed a mistake, how many were tried, and what was wrong then."""

    seed: int
    tried: int
    words: str


def hunt(mutant: Mutant, seeds: Iterable[int]) -> Killed | None:
    """Return the first of these seeds that notices the mistake, and nothing without it."""
    for tried, seed in enumerate(seeds, 1):
        schedule = make(seed, mutant.leaning)
        words = killed_by(mutant, schedule)
        if words and not failure_of(schedule)[0]:
            return Killed(seed, tried, words)
    return None


def schedule_of(mutant: Mutant) -> Schedule:
    if isinstance(mutant.seed, Schedule):
        return mutant.seed
    return make(mutant.seed, mutant.leaning)


def from_corpus(name: str) -> Schedule:
    """Return a schedule of the corpus: what showed a mistake once shows it again."""
    return load(Path(__file__).parent / "corpus" / f"{name}.json")


def day(*events: tuple[int, str, dict[str, Any]], devices: int = 1, **knobs: Any) -> Schedule:
    """Return a schedule of its own for a mistake that needs a certain day."""
    made = tuple(Event(step, kind, {"d": "D1"} | args) for step, kind, args in events)
    steps = max(e.step for e in made) + LATER
    return Schedule(0, replace(_PLAIN, devices=devices, **knobs), steps, made)
