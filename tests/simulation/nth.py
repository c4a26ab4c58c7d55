"""Canonical days, each played with every operation going wrong in every way.

`python -m tests.simulation.nth` plays them all and prints the counts; with a day's name, a number
and a mode it prints that one run.
"""

import sys
import time
from collections import Counter
from functools import cache
from typing import Any

from tests.simulation.schedule import Event, Knobs, Schedule
from tests.simulation.shrink import words_of
from tests.simulation.world.operations import MODES, NthOperation
from tests.simulation.world.world import World, run

_SMALL = (0, "write", {"path": "a.txt", "content": "s00001"})
_SETTLED = (12, "wait", {"seconds": 30})
_GRACE = [(31, "wait", {"seconds": 70}), (32, "wait", {"seconds": 70})]


def _day(*events: tuple[int, str, dict[str, Any]], **knobs: Any) -> Schedule:
    made = tuple(Event(step, kind, {"d": "D1"} | args) for step, kind, args in events)
    last = max(event.step for event in made)
    return Schedule(0, Knobs(**{"devices": 1} | knobs), last + 30, made)


DAYS: dict[str, Schedule] = {
    "upload small": _day(
        _SMALL, (0, "write", {"path": "d/b.txt", "content": "s00002"}), _SETTLED
    ),
    "upload multipart": _day((0, "write", {"path": "a.txt", "content": "L00001"}), _SETTLED),
    "edit during upload": _day(
        (0, "write", {"path": "a.txt", "content": "L00001"}),
        (1, "wait", {"seconds": 3}),
        (12, "edit", {"pick": 0, "content": "L00002"}),
        (13, "wait", {"seconds": 30}),
    ),
    "rename directory": _day(
        (0, "write", {"path": "d/a.txt", "content": "s00001"}),
        (0, "write", {"path": "d/s/b.txt", "content": "s00002"}),
        _SETTLED,
        (20, "rename_dir", {"old": "d", "new": "h"}),
        (21, "wait", {"seconds": 30}),
    ),
    "delete and confirm": _day(
        _SMALL,
        (0, "write", {"path": "b.txt", "content": "s00002"}),
        (0, "write", {"path": "c.txt", "content": "s00003"}),
        _SETTLED,
        (30, "rm_all", {"top": ""}),
        *_GRACE,
        (33, "tell", {"what": "confirm"}),
        (34, "wait", {"seconds": 30}),
    ),
    "download": _day(
        _SMALL, _SETTLED, (20, "tell", {"what": "get"}), (21, "wait", {"seconds": 20})
    ),
    "share": _day(
        _SMALL, _SETTLED, (20, "tell", {"what": "share"}), (21, "wait", {"seconds": 20})
    ),
    "extend": _day(
        _SMALL, _SETTLED, (20, "tell", {"what": "extend"}), (21, "wait", {"seconds": 20}),
        lifetime=3600,
    ),
    "expire": _day(
        _SMALL,
        _SETTLED,
        (20, "wait", {"seconds": 130}),
        (21, "edit", {"pick": 0, "content": "s00002"}),
        (22, "wait", {"seconds": 30}),
        lifetime=120,
    ),
    "conflict": _day(
        _SMALL,
        _SETTLED,
        (20, "carry", {"to": "D2", "pick": 0, "path": None}),
        (21, "wait", {"seconds": 40}),
        (30, "edit", {"pick": 0, "content": "s00002"}),
        (30, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
        (31, "wait", {"seconds": 40}),
        devices=2,
    ),
    "journal made anew": _day(
        _SMALL,
        (0, "write", {"path": "d/b.txt", "content": "L00002"}),
        _SETTLED,
        (20, "drop_journal", {}),
        (21, "wait", {"seconds": 30}),
    ),
}  # fmt: skip


# What comes of these depends on who was first, or on whether a command that the person gave once
# was carried out or answered with a failure: both ends are right, and the invariants judge them.
DEPENDS = {"conflict", "expire", "share", "delete and confirm"}


def operations(name: str) -> list[tuple[str, str, str]]:
    """Return every operation of a day without trouble: device, layer, name."""
    recorded = NthOperation()
    run(DAYS[name], nth=recorded)
    return recorded.met


@cache
def settled(name: str) -> tuple[object, ...]:
    """Return what comes of a day without trouble."""
    return run(DAYS[name]).settled


def failure_at(name: str, number: int, mode: str) -> str:
    """Return what goes wrong with the day when its n-th operation does; "" when nothing.

    What comes of it has to be what comes of the day without trouble (I8), unless a power loss took
    bytes from the disk.
    """
    try:
        found = run(DAYS[name], nth=NthOperation(number, mode)).settled
        if name not in DEPENDS and mode != "power_loss" and found != settled(name):
            return f"I8: settled otherwise: {found}, not {settled(name)}"
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as exc:
        return words_of(exc)
    return ""


def main() -> None:
    if len(sys.argv) == 4:
        name, number, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
        try:
            print("\n".join(run(DAYS[name], True, NthOperation(number, mode)).trace))
        except BaseException as exc:
            world: World = exc.world  # type: ignore[attr-defined]
            print("\n".join(world.trace), exc, sep="\n")
        return
    began, runs, found = time.perf_counter(), 0, Counter[str]()
    for name in DAYS:
        met = operations(name)
        for number in range(1, len(met) + 1):
            for mode in MODES:
                runs += 1
                failure = failure_at(name, number, mode)
                if failure:
                    found[name] += 1
                    print(f"{name} {number} {met[number - 1]} {mode}: {failure[:200]}", flush=True)
        print(f"{name}: {len(met)} operations", flush=True)
    took = time.perf_counter() - began
    print(f"{runs} runs, {runs / took:.1f} a second, failures: {dict(found)}")


if __name__ == "__main__":
    main()
