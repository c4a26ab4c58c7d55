"""Seeded mistakes: each breaks one promise, and a recorded schedule notices.

`python -m tests.simulation.mutants [NAME …]` looks for killing seeds, in order from 0.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.controllers import publishing
from mydoctransfer.engine import looking, observe, reading
from mydoctransfer.engine.execution import doubts, intents, small
from mydoctransfer.engine.ports import Settled
from mydoctransfer.model import conflicts, guard, moves, reconcile
from mydoctransfer.model.actions import NewDocument, Publish, Withdraw
from tests.simulation.schedule import Event, Knobs, Schedule, make
from tests.simulation.shrink import failure_of


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: what to set where, and the seed that kills it (or a schedule of its own)."""

    name: str
    place: Any
    attribute: str
    value: Any
    seed: int | Schedule


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


def schedule_of(mutant: Mutant) -> Schedule:
    return mutant.seed if isinstance(mutant.seed, Schedule) else make(mutant.seed)


# --- the mistakes --------------------------------------------------------------------------------


def _withdraw_whatever_is_there(path, synced, document, around):
    """A delete beats an edit: the newer version of another device goes too."""
    return Withdraw(path, synced.share_id, document.version, needs_answer=False)


def _no_conflict(path, file, synced, document, around):
    """The last writer wins: an edit on an old base becomes the next version."""
    action = _decide_both(path, file, synced, document, around)
    if isinstance(action, Publish) and isinstance(action.target, NewDocument):
        target = reconcile.NewVersion(synced.share_id, document.version, path)
        return replace(action, target=target)
    return action


def _any_version(who, document, upload, now) -> None:
    """The server takes a new version whatever it was based on."""
    return _check_version(who, document, replace(upload, expected_version=None), now)


def _agree_before_asking(tools, actions: Sequence[Publish]):
    """The journal is committed before the server has answered."""
    for action in actions:
        if isinstance(action.target, reconcile.NewVersion):
            synced = tools.journal.synced(action.path)
            early = replace(synced, version=synced.version + 1, sha256=action.file.sha256)
            tools.journal.settle([Settled(action.path, early, None, "")])
    return (yield from _publish_small(tools, actions))


def _fresh_keys(tools, intents):
    """Every try has a key of its own."""
    return [tools.rand.hex32() for _ in intents]


def _resurrect(path, file, synced, around, freed):
    """What left the cloud is published again."""
    if file is not None:
        return Publish(path, file, NewDocument(path, under_rules=False))
    return _decide_gone(path, file, synced, around, freed)


_decide_both = reconcile._decide_both
_decide_gone = reconcile._decide_gone
_check_version = publishing.check_version
_publish_small = small.publish_small

_PLAIN = Knobs(devices=1)
_LATER = 40


def _day(*events: tuple[int, str, dict[str, Any]], devices: int = 1, **knobs: Any) -> Schedule:
    """Return a schedule of its own for a mistake that needs a certain day."""
    made = tuple(Event(step, kind, {"d": "D1"} | args) for step, kind, args in events)
    steps = max(e.step for e in made) + _LATER
    return Schedule(0, replace(_PLAIN, devices=devices, **knobs), steps, made)


_MANY_FILES = [(0, "write", {"path": f"{n}.txt", "content": f"s0000{n}"}) for n in range(1, 6)]

_BOTH_HAVE_IT = [
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (30, "wait", {"seconds": 30}),
    (31, "carry", {"to": "D2", "pick": 0, "path": None}),
    (60, "wait", {"seconds": 30}),
]
_UNREADABLE = _day(
    (0, "write", {"path": "d/s/f.txt", "content": "s00001"}),
    (0, "write", {"path": "a.txt", "content": "s00002"}),
    (40, "wait", {"seconds": 30}),
    (60, "chmod", {"pick": 0, "readable": False}),
    (61, "wait", {"seconds": 4000}),
    (62, "wait", {"seconds": 4000}),
)
_BOTH_EDIT = _day(
    *_BOTH_HAVE_IT,
    (70, "edit", {"pick": 0, "content": "s00002"}),
    (70, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
    devices=2,
)
_ONE_EDITS = _day(
    *_BOTH_HAVE_IT,
    (70, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
    (90, "wait", {"seconds": 40}),
    (91, "delete", {"pick": 0}),
    devices=2,
)
_ONE_WAS_AWAY = _day(
    *_BOTH_HAVE_IT,
    (65, "crash", {"d": "D2"}),
    (70, "edit", {"pick": 0, "content": "s00002"}),
    (71, "wait", {"seconds": 40}),
    (72, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
    (73, "start", {"d": "D2"}),
    devices=2,
)
_RENAMED = _day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 30}),
    (50, "rename", {"pick": 0, "path": "b.txt"}),
)
_DISK_AWAY = _day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (0, "write", {"path": "b.txt", "content": "s00002"}),
    (40, "wait", {"seconds": 30}),
    (50, "unmount", {}),
    (51, "wait", {"seconds": 100}),
    (52, "wait", {"seconds": 100}),
)

MUTANTS: tuple[Mutant, ...] = (
    Mutant("a delete beats an edit", reconcile, "_decide_vanished", _withdraw_whatever_is_there,
           _ONE_EDITS),
    Mutant("the last writer wins", reconcile, "_decide_both", _no_conflict,
           _ONE_WAS_AWAY),
    Mutant("the server takes any base", publishing, "check_version", _any_version,
           replace(_BOTH_EDIT, seed=1)),
    Mutant("no second look", observe.Observer, "may_withdraw",
           lambda self, path: self._journal.local(path) is None, 0),
    Mutant("no rest before sending", reading.Reading, "is_at_rest", lambda self, path: True, 25),
    Mutant("read without a quiet period", reading, "QUIET", 0.0, 0),
    Mutant("agreed before the answer", small, "publish_small", _agree_before_asking, 0),
    Mutant("a key for every try", intents, "keys", _fresh_keys, 31),
    Mutant("gone comes back", reconcile, "_decide_gone", _resurrect, 1),
    Mutant("a move is a new document", moves, "pair",
           lambda *_: moves.Moves({}, ()), _RENAMED),
    Mutant("a mass delete is not held", guard, "is_mass_delete", lambda *_: False,
           _day(*_MANY_FILES, (_LATER, "wait", {"seconds": 30}), (60, "rm_all", {"top": ""}),
                (61, "wait", {"seconds": 200}))),
    Mutant("doubts are not asked", doubts, "find", lambda *_: ([], []), 31),
    Mutant("a scan forgets frozen directories", observe, "_is_in_any", lambda *_: False,
           _UNREADABLE),
    Mutant("the marker is not looked at", observe.Observer, "_unhealthy",
           lambda self, root: None, _DISK_AWAY),
    Mutant("hints are enough", looking.Looking, "_next_full_scan", lambda self: 1e12, 5),
    Mutant("conflict names collide", conflicts, "conflict_copy", lambda path, host, sha: path,
           _ONE_WAS_AWAY),
)  # fmt: skip


def main() -> None:
    wanted = sys.argv[1:]
    for mutant in MUTANTS:
        if wanted and not any(w in mutant.name for w in wanted):
            continue
        began = time.perf_counter()
        if isinstance(mutant.seed, Schedule):
            print(f"{mutant.name}: own schedule: {killed_by(mutant, mutant.seed)[:90]!r}")
            continue
        for seed in range(mutant.seed, mutant.seed + 200):
            found = killed_by(mutant, make(seed))
            if found and not failure_of(make(seed))[0]:
                print(f"{mutant.name}: seed {seed}: {found[:90]!r}", flush=True)
                break
            if time.perf_counter() - began > 60:
                print(f"{mutant.name}: survives up to seed {seed}", flush=True)
                break


if __name__ == "__main__":
    main()
