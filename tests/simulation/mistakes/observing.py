"""Mistakes in looking at the folder: scans, rest, absence, what may be believed."""

from mydoctransfer.engine import (
    absence,
    health,
    looking,
    losses,
    observe,
    planning,
    reading,
    removing,
    verdicts,
)
from mydoctransfer.model import moves
from tests.simulation.leanings import (
    EXCHANGES,
    HALF_HEARD_TRADES,
    LOCKED,
    LOCKED_AND_MOVED,
    MOVES,
    POWER,
    ROT,
    ROT_TAKEN_OUT,
    SLOW,
    UNHEARD_DELETIONS,
    UNHEARD_MOVES,
)
from tests.simulation.mutant import Mutant, day, from_corpus

_take_unreadable = observe.Observer._take_unreadable


def _same_time_same_bytes(entry, seen):
    """Size and modification time are believed, whatever the change time says."""
    return seen is not None and (entry.size, entry.mtime_ns) == seen.stat[2:4]


def _nothing_again(self, disk, found):
    """Where a new file was agreed on is not looked at again."""
    return
    yield


def _unreadable_is_empty(self, listing, found):
    """An unreadable directory is taken for an empty one."""
    found.visited.discard(listing.directory)
    return []


_UNREADABLE = day(
    (0, "write", {"path": "d/s/f.txt", "content": "s00001"}),
    (0, "write", {"path": "a.txt", "content": "s00002"}),
    (40, "wait", {"seconds": 30}),
    (60, "chmod", {"pick": 0, "readable": False}),
    (61, "wait", {"seconds": 4000}),
    (62, "wait", {"seconds": 4000}),
)
_DISK_AWAY = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (0, "write", {"path": "b.txt", "content": "s00002"}),
    (40, "wait", {"seconds": 30}),
    (50, "unmount", {}),
    (51, "wait", {"seconds": 100}),
    (52, "wait", {"seconds": 100}),
)
_ROTTEN = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 30}),
    (50, "rot", {"pick": 0, "content": "s00002"}),
)
_DARK = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 10}),
    (41, "power", {}),
    (42, "start", {}),
)
_LISTED_AWAY = day(
    (0, "write", {"path": "d/s/f.txt", "content": "s00001"}),
    (0, "write", {"path": "a.txt", "content": "s00002"}),
    (40, "wait", {"seconds": 30}),
    (50, "rm_dir", {"path": "d"}),
    hint_loss=1.0,
)

MUTANTS = (
    Mutant("what was read is never read again", reading.Reading, "take_back", lambda *_: None,
           _ROTTEN, ROT),
    Mutant("what was read is there to be sent", verdicts.Verdicts, "_look_again",
           lambda self, action, paths, failure: self._react.look_again(paths),
           from_corpus("rotten-before-it-was-sent"), ROT),
    Mutant("what was taken out is never anything else", removing.Removals, "forget_agreed",
           lambda self: None, from_corpus("rotten-after-it-was-taken-out"), ROT_TAKEN_OUT),
    Mutant("emptied is meant to be empty", losses, "emptied", lambda *_: {}, _DARK,
           POWER),
    Mutant("a directory that went took nothing along", observe.Observer,
           "_conclude_missing_directories", lambda self, found, known: None, _LISTED_AWAY,
           UNHEARD_DELETIONS),
    Mutant("no second look", observe.Observer, "may_withdraw",
           lambda self, path: self._journal.local(path) is None, 1),
    Mutant("what left may be gone since long", absence.Absence, "left",
           lambda self, paths: None, from_corpus("unread-and-unmounted"), LOCKED_AND_MOVED),
    Mutant("no rest before sending", reading.Reading, "is_at_rest", lambda self, path: True,
           48, SLOW),
    Mutant("read without a quiet period", reading, "QUIET", 0.0, 0),
    Mutant("a scan forgets frozen directories", observe, "is_in_any", lambda *_: False,
           _UNREADABLE, LOCKED),
    Mutant("unreadable is empty", observe.Observer, "_take_unreadable", _unreadable_is_empty,
           _UNREADABLE, LOCKED),
    Mutant("the marker is not looked at", health, "unhealthy",
           lambda journal, root: None, _DISK_AWAY),
    Mutant("an old time means old bytes", observe, "_is_as_seen", _same_time_same_bytes, 12),
    Mutant("the old place is not looked at again", observe.Observer, "_look_at_homes",
           _nothing_again, from_corpus("moved-and-half-told"), UNHEARD_MOVES),
    Mutant("what another took the place of is nowhere else", planning.Planner,
           "_may_lie_elsewhere", lambda *_: False,
           from_corpus("traded-into-what-was-looked-at-before"), HALF_HEARD_TRADES),
    Mutant("half an exchange is an edit", planning.Planner, "_unread_homes",
           lambda self, plan, trees: (set(), {}), from_corpus("new-file-where-the-gone-one-was"),
           MOVES),
    Mutant("an exchange has two sides", moves, "unsettled",
           lambda homes, local, synced: dict(homes), 7013, EXCHANGES),
    Mutant("hints are enough", looking.Looking, "_next_full_scan", lambda self: 1e12, 0),
    Mutant("settled before it was looked at", looking.Looking, "is_settled_since",
           lambda self, began: True, 60),
)  # fmt: skip
