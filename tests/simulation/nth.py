"""Canonical days, each played with every operation going wrong in every way.

`python -m tests.simulation.nth [EVERY [OFFSET]]` plays them all (or each EVERY-th) and prints the
counts; with a day's name, a number and a mode it prints that one run.
"""

import sys
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

from tests.simulation.schedule import Event, Knobs, Schedule
from tests.simulation.shrink import words_of
from tests.simulation.world.operations import MODES, NthOperation, Operation
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
    "upload taken up again": _day(
        (0, "write", {"path": "a.txt", "content": "L00001"}),
        (0, "crash_at", {"write": "save_part", "n": 2}),
        (1, "wait", {"seconds": 10}),
        (20, "start", {}),
        (21, "wait", {"seconds": 30}),
    ),
    "upload given up": _day(
        (0, "write", {"path": "a.txt", "content": "L00001"}),
        (1, "wait", {"seconds": 2}),
        (11, "edit", {"pick": 0, "content": "L00002"}),
        (12, "wait", {"seconds": 30}),
    ),
    "rules beside a file": _day(
        (0, "write", {"path": ".mydocignore", "content": "s00001"}),
        (0, "write", {"path": "a.txt", "content": "s00002"}),
        _SETTLED,
    ),
    "unreadable for a while": _day(
        _SMALL,
        (0, "chmod", {"pick": 0, "readable": False}),
        _SETTLED,
        (30, "chmod", {"pick": None, "readable": True}),
        (31, "wait", {"seconds": 30}),
    ),
    "removed and sent again": _day(
        _SMALL,
        _SETTLED,
        (20, "tell", {"what": "remove"}),
        (21, "wait", {"seconds": 30}),
        (30, "tell", {"what": "send_again"}),
        (31, "wait", {"seconds": 30}),
    ),
    "journal made anew": _day(
        _SMALL,
        (0, "write", {"path": "d/b.txt", "content": "L00002"}),
        _SETTLED,
        (20, "drop_journal", {}),
        (21, "wait", {"seconds": 30}),
    ),
}  # fmt: skip


def _without(day: Schedule, *kinds: str) -> Schedule:
    return replace(day, events=tuple(e for e in day.events if e.kind not in kinds))


def _without_after(day: Schedule, step: int) -> Schedule:
    return replace(day, events=tuple(e for e in day.events if e.step < step))


def _last_to_go(pick: int) -> Schedule:
    """Return the day of deletions with one of the three files deleted last, and never confirmed."""
    kept = [e for e in DAYS["delete and confirm"].events if e.step < 30]
    others = [other for other in (2, 1, 0) if other != pick]
    gone = [(30, other) for other in others] + [(33, 0)]
    events = [(e.step, e.kind, dict(e.args)) for e in kept]
    events += [(step, "delete", {"pick": other}) for step, other in gone]
    return _day(*events, *_GRACE, (34, "wait", {"seconds": 70}), (35, "wait", {"seconds": 70}))


# What comes of these depends on who was first, or on whether a command that the person gave once
# was carried out or answered with a failure: then a day without it is as right.
OTHERWISE: dict[str, tuple[Schedule, ...]] = {
    "share": (_without(DAYS["share"], "tell"),),
    "delete and confirm": (
        _without(DAYS["delete and confirm"], "tell"),
        # An upload that hangs makes its file the third to go, after the answer: it is asked about.
        *(_last_to_go(pick) for pick in range(3)),
    ),
    "removed and sent again": (
        _without(DAYS["removed and sent again"], "tell"),
        _without_after(DAYS["removed and sent again"], 30),
    ),
}

# What is in the cloud at the end of these depends on when things happened: the invariants judge it.
DEPENDS = {"conflict", "expire"}


@cache
def operations(name: str) -> tuple[Operation, ...]:
    """Return every operation of a day without trouble."""
    recorded = NthOperation()
    run(DAYS[name], nth=recorded)
    return tuple(recorded.met)


def runs(name: str) -> list[tuple[int, str]]:
    """Return every operation's number with every mode it can go wrong in."""
    met = operations(name)
    return [(n, mode) for n, one in enumerate(met, 1) for mode in MODES[one.layer]]


@cache
def settled(name: str) -> tuple[tuple[object, ...], ...]:
    """Return what may come of a day: without trouble, or without what was asked once."""
    days = (DAYS[name], *OTHERWISE.get(name, ()))
    return tuple(run(day).settled for day in days)


def failure_at(name: str, number: int, mode: str) -> str:
    """Return what goes wrong with the day when its n-th operation does; "" when nothing.

    What comes of it has to be what comes of the day without trouble (I8), unless a power loss took
    bytes from the disk.
    """
    try:
        found = run(DAYS[name], nth=NthOperation(number, mode)).settled
        if name not in DEPENDS and mode != "power_loss" and found not in settled(name):
            return f"I8: settled otherwise: {found}, not {settled(name)[0]}"
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
    began, played, found = time.perf_counter(), 0, Counter[str]()
    every, offset = (int(word) for word in (*sys.argv[1:], "1", "0")[:2])
    for name in DAYS:
        met = operations(name)
        for number, mode in runs(name)[offset::every]:
            played += 1
            failure = failure_at(name, number, mode)
            if failure:
                found[name] += 1
                print(f"{name} {number} {met[number - 1]} {mode}: {failure[:200]}", flush=True)
        print(f"{name}: {len(met)} operations, {len(runs(name))} runs", flush=True)
    took = time.perf_counter() - began
    print(f"{played} runs, {played / took:.1f} a second, failures: {dict(found)}")


if __name__ == "__main__":
    main()
