"""Mistakes in the decision core: moves, the policy table, the guard, conflict names."""

from dataclasses import replace

from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.holding import Holding
from mydoctransfer.model import conflicts, guard, moves, reconcile
from mydoctransfer.model.actions import MarkGone, NewDocument, Publish, Withdraw
from tests.simulation.leanings import (
    COPIED,
    DELETIONS,
    EXCHANGES,
    FOUND,
    LET_GO,
    MOVES,
    REFILED,
    SHORT_LIVES,
    TOGETHER,
    UNPROVEN_MOVES,
)
from tests.simulation.mutant import LATER, Mutant, day, from_corpus

_decide_both = reconcile._decide_both
_decide_gone = reconcile._decide_gone
_decide_new = reconcile._decide_new
_hold = guard.hold
_is_mass_delete = guard.is_mass_delete
_pair = moves.pair


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


def _resurrect(path, file, synced, document, around, freed):
    """What left the cloud is published again."""
    if file is not None:
        terms = around.rules.terms(path, with_people=False)
        return Publish(path, file, NewDocument(path, under_rules=False, terms=terms))
    return _decide_gone(path, file, synced, document, around, freed)


def _never_adopt_new(path, file, around, freed, under_rules=True):
    """A file without an agreement is always sent, whatever lies at its path."""
    terms = around.rules.terms(path, under_rules)
    return Publish(path, file, NewDocument(path, under_rules, terms))


def _gone_keeps_its_path(local, synced, gone=(), unread=(), placed=None):
    """A document that left the cloud still claims its path, and what moved there is an edit."""
    return _pair(local, synced)


def _not_said(path, file, synced, document, around, freed):
    """What left the cloud is left alone, and nobody is told."""
    action = _decide_gone(path, file, synced, document, around, freed)
    return None if isinstance(action, MarkGone) else action


def _any_other_version_differs(path, file, synced, document, around):
    """Whatever another device published is taken for other bytes."""
    return _decide_both(path, file, synced, replace(document, sha256=""), around)


def _first_of_several(vanished, fresh):
    """Of several vanished documents with the same bytes one is as good as another."""
    olds = {entry.sha256: old for old, entry in sorted(vanished.items())}
    return {path: olds[f.sha256] for path, f in sorted(fresh.items()) if f.sha256 in olds}


def _ask_nobody(plan, published, recent, confirmed):
    """What this device only found is withdrawn like its own."""
    own = (replace(a, needs_answer=False) if isinstance(a, Withdraw) else a for a in plan.actions)
    return _hold(replace(plan, actions=tuple(own)), published, recent, confirmed)


def _for_the_next_version_too(self, absent):
    """A yes to a deletion goes on for what comes to lie there again."""
    agreed = {a: self._journal.synced(a.path) for a in self._confirmed}
    self._confirmed = frozenset(
        replace(a, version=synced.version) for a, synced in agreed.items() if synced is not None
    )


BOTH_HAVE_IT = [
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (30, "wait", {"seconds": 30}),
    (31, "carry", {"to": "D2", "pick": 0, "path": None}),
    (60, "wait", {"seconds": 30}),
]
BOTH_EDIT = day(
    *BOTH_HAVE_IT,
    (70, "edit", {"pick": 0, "content": "s00002"}),
    (70, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
    devices=2,
)
_REFILED = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 30}),
    (50, "refile", {"pick": 0, "path": "b.txt", "content": "s00002"}),
)
_FOUND_THEN_DELETED = day(
    *BOTH_HAVE_IT,
    (70, "delete", {"d": "D2", "pick": 0}),
    (71, "wait", {"seconds": 200}),
    devices=2,
)
_ENDED = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 130}),
    (60, "wait", {"seconds": 4000}),
    lifetime=120,
)
_EITHER_MOVED = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (0, "write", {"path": "b.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 30}),
    (50, "rename", {"pick": 0, "path": "c.txt"}),
    (50, "rename", {"pick": 0, "path": "d/e.txt"}),
    has_birth=False,
)
_ONE_EDITS = day(
    *BOTH_HAVE_IT,
    (70, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
    (90, "wait", {"seconds": 40}),
    (91, "delete", {"pick": 0}),
    devices=2,
)
_ONE_WAS_AWAY = day(
    *BOTH_HAVE_IT,
    (65, "crash", {"d": "D2"}),
    (70, "edit", {"pick": 0, "content": "s00002"}),
    (71, "wait", {"seconds": 40}),
    (72, "edit", {"d": "D2", "pick": 0, "content": "s00003"}),
    (73, "start", {"d": "D2"}),
    devices=2,
)
_RENAMED = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 30}),
    (50, "rename", {"pick": 0, "path": "b.txt"}),
)
_MANY_FILES = [(0, "write", {"path": f"{n}.txt", "content": f"s0000{n}"}) for n in range(1, 6)]
_TRADED = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (0, "write", {"path": "b.txt", "content": "s00002"}),
    (LATER, "swap", {"pick": 0, "other": 1}),
)
_ALL_DELETED = day(
    *_MANY_FILES,
    (LATER, "wait", {"seconds": 30}),
    (60, "rm_all", {"top": ""}),
    (61, "wait", {"seconds": 200}),
)
_ALL_DELETED_AND_BACK = day(
    *_MANY_FILES,
    (LATER, "wait", {"seconds": 30}),
    (60, "rm_all", {"top": ""}),
    (61, "wait", {"seconds": 200}),
    (62, "tell", {"what": "pause"}),
    (90, "tell", {"what": "confirm"}),
    *[(100, "write", {"path": f"{n}.txt", "content": f"s0001{n}"}) for n in range(1, 6)],
    (101, "wait", {"seconds": 30}),
    (110, "tell", {"what": "resume"}),
    (111, "wait", {"seconds": 60}),
    (160, "rm_all", {"top": ""}),
    (161, "wait", {"seconds": 200}),
)
_A_FEW_AND_A_FEW = day(
    *[(0, "write", {"path": f"{n}.txt", "content": f"s0000{n}"}) for n in range(1, 10)],
    (LATER, "wait", {"seconds": 30}),
    *[(60, "delete", {"pick": 0})] * 3,
    (61, "wait", {"seconds": 200}),
    (62, "wait", {"seconds": 200}),
    *[(90, "delete", {"pick": 0})] * 3,
    (91, "wait", {"seconds": 200}),
    (92, "wait", {"seconds": 200}),
    many=4,
)

MUTANTS = (
    Mutant("a delete beats an edit", reconcile, "_decide_vanished", _withdraw_whatever_is_there,
           _ONE_EDITS),
    Mutant("the last writer wins", reconcile, "_decide_both", _no_conflict, _ONE_WAS_AWAY,
           TOGETHER),
    Mutant("the same edit twice is a conflict", reconcile, "_decide_both",
           _any_other_version_differs, 1, TOGETHER),
    Mutant("gone comes back", reconcile, "_decide_gone", _resurrect, 3),
    Mutant("nobody is told that it is gone", reconcile, "_decide_gone", _not_said, _ENDED,
           SHORT_LIVES),
    Mutant("what is there is sent all the same", reconcile, "_decide_new", _never_adopt_new, 8),
    Mutant("gone is not looked for", reconcile, "is_live", lambda synced, trees: True, 19,
           SHORT_LIVES),
    Mutant("a move is a new document", moves, "pair", lambda *_: moves.Moves({}, ()), _RENAMED),
    Mutant("a path stands for its inode", moves, "_inode_of", lambda entry: None, _TRADED, MOVES),
    Mutant("an inode proves nothing", moves, "_by_inode", lambda *_: {}, _REFILED, REFILED),
    Mutant("content proves nothing", moves, "_by_content", lambda *_: {}, 7, UNPROVEN_MOVES),
    Mutant("one of several is taken for it", moves, "_by_content", _first_of_several, _EITHER_MOVED,
           UNPROVEN_MOVES),
    Mutant("an exchange is two edits", moves, "_cycles", lambda *_: (), _TRADED,
           MOVES),
    Mutant("what is gone keeps its path", moves, "pair", _gone_keeps_its_path,
           from_corpus("moved-while-looked-at"), SHORT_LIVES),
    Mutant("a copy comes before an unread inode", moves, "pair",
           lambda local, synced, gone=(), unread=(): _pair(local, synced, gone, ()), 102, COPIED),
    Mutant("what left its path is told by nobody", SqliteJournal, "_place",
           lambda self, one: None, 0),
    Mutant("the same bytes were not traded", SqliteJournal, "_add_traders",
           lambda self, local, synced: None, from_corpus("same-bytes-traded-and-edited"),
           EXCHANGES),
    Mutant("a mass delete is not held", guard, "is_mass_delete", lambda *_: False, _ALL_DELETED,
           DELETIONS),
    Mutant("an hour's deletions are not counted together", guard, "is_mass_delete",
           lambda now, published, recent: _is_mass_delete(now, published, 0), _A_FEW_AND_A_FEW,
           DELETIONS),
    Mutant("all of a few may go", guard, "ALL", 1000, _ALL_DELETED, DELETIONS),
    Mutant("nothing is ever held", guard, "hold", lambda plan, *_: plan, _ALL_DELETED,
           DELETIONS),
    Mutant("a yes goes on for the next version", Holding, "keep", _for_the_next_version_too,
           _ALL_DELETED_AND_BACK, LET_GO),
    Mutant("what was only found is withdrawn unasked", guard, "hold", _ask_nobody,
           _FOUND_THEN_DELETED, FOUND),
    Mutant("conflict names collide", conflicts, "conflict_copy", lambda path, *_: path,
           _ONE_WAS_AWAY, TOGETHER),
    Mutant("another device's name is taken", conflicts, "from_host",
           lambda path, host, sha, is_taken: path, 6),
)  # fmt: skip
