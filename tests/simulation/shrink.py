"""Making a failing schedule small: fewer events, fewer steps, plainer knobs."""

from collections.abc import Sequence
from dataclasses import replace

from tests.simulation.schedule import Event, Knobs, Schedule
from tests.simulation.world.world import World, run


def failure_of(schedule: Schedule) -> tuple[str, World]:
    """Return what goes wrong ("" when nothing does), and the world it went wrong in."""
    try:
        return "", run(schedule)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as exc:
        return words_of(exc), getattr(exc, "world", None)


def words_of(exc: BaseException) -> str:
    """Return what to call a failure: never empty."""
    words = str(exc) if isinstance(exc, AssertionError) else f"{type(exc).__name__}: {exc}"
    return words or type(exc).__name__


def shrink(schedule: Schedule) -> tuple[Schedule, str]:
    """Return the smallest schedule found that breaks the same rule, and its failure."""
    wanted = failure_of(schedule)[0].partition(":")[0]
    assert wanted, "this schedule does not fail"

    def fails(candidate: Schedule) -> bool:
        return failure_of(candidate)[0].partition(":")[0] == wanted

    while True:
        before = schedule
        schedule = _fewer_events(schedule, fails)
        schedule = _fewer_steps(schedule, fails)
        schedule = _plainer(schedule, fails)
        if schedule == before:
            return schedule, failure_of(schedule)[0]


def _fewer_events(schedule: Schedule, fails) -> Schedule:
    size = max(1, len(schedule.events) // 2)
    while True:
        at = 0
        while at < len(schedule.events):
            left: Sequence[Event] = (*schedule.events[:at], *schedule.events[at + size :])
            candidate = replace(schedule, events=tuple(left))
            if fails(candidate):
                schedule = candidate
            else:
                at += size
        if size == 1:
            return schedule
        size //= 2


def _fewer_steps(schedule: Schedule, fails) -> Schedule:
    last = max((e.step for e in schedule.events), default=0)
    for steps in (0, last // 2, last, last + 10, last + 40, schedule.steps * 3 // 4):
        if steps < schedule.steps and fails(candidate := replace(schedule, steps=steps)):
            return candidate
    return schedule


def _plainer(schedule: Schedule, fails) -> Schedule:
    plain = Knobs()
    for name in Knobs.__dataclass_fields__:
        knobs = replace(schedule.knobs, **{name: getattr(plain, name)})
        if knobs != schedule.knobs and fails(candidate := replace(schedule, knobs=knobs)):
            schedule = candidate
    fewer = replace(schedule.knobs, devices=1)
    if fewer != schedule.knobs and fails(candidate := replace(schedule, knobs=fewer)):
        schedule = candidate
    return schedule
