"""Mistakes in carrying out a plan: keys, answers, uploads given up, polls, patience."""

from collections.abc import Sequence
from dataclasses import replace

from mydoctransfer.engine import backoff, feed, rows, session
from mydoctransfer.engine.execution import agreements, doubts, errand, intents, large, small
from mydoctransfer.engine.ports import Settled
from mydoctransfer.model import reconcile
from mydoctransfer.model.actions import Publish
from mydoctransfer.model.events import ItemState
from tests.simulation.leanings import (
    BUSY_CLOUD,
    IN_EACH_OTHERS_WAY,
    LARGE,
    LOST_AND_GONE,
    LOST_MOVES,
    LOST_TRADES,
    MOVES,
    SHORT_LIVES,
    TOGETHER,
)
from tests.simulation.mutant import Mutant, day, from_corpus

_publish_small = small.publish_small
_moved = agreements.moved
_give_up = large._Large._give_up
_state = rows.Rows._state


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


def _moved_on_paper(action, document, intent):
    """The journal forgets which inode the moved document lies in."""
    settled = _moved(action, document, intent)
    return replace(settled, synced=replace(settled.synced, birth_ns=1, sha256=""))


def _only_the_server_forgets(self, transfer):
    """Parts of an upload that is given up stay in the store."""
    return (yield from _give_up(self, replace(transfer, multipart_id=None)))


def _synced_when_agreed(self, path, seen, synced, document, note):
    """A row is called synced as soon as there is an agreement, whatever the file is by now."""
    state, message = _state(self, path, seen, synced, document, note)
    is_early = state is ItemState.WAITING and seen is not None and synced is not None
    return (ItemState.SYNCED, "") if is_early else (state, message)


def _try_at_once(self, key, now, retry_after):
    """A failure is no reason to wait."""
    failures = 1 + self.failures(key)
    self._waiting[key] = backoff.Waiting(now, failures)
    return self._waiting[key]


_EDITED = day(
    (0, "write", {"path": "a.txt", "content": "s00001"}),
    (40, "wait", {"seconds": 30}),
    (50, "edit", {"pick": 0, "content": "s00002"}),
)
_GONE_WHILE_SENT = day(
    (0, "write", {"path": "a.txt", "content": "L00001"}),
    (0, "crash_at", {"write": "save_part", "n": 1}),
    (1, "wait", {"seconds": 10}),
    (20, "delete", {"pick": 0}),
    (21, "start", {}),
)


def _forget_the_parts(tools, doubt, upload_id):
    """What was begun is given up at the server; its parts in the store are forgotten."""
    return errand.give_up(tools, upload_id)


def _over_everything(self, cursor):
    """Own lines are taken for the end of the feed, whoever wrote those before them."""
    return max(self._own, key=lambda stretch: stretch.last).cursor if self._own else cursor


def _forget_all(tools, asked=()):
    yield from ()
    tools.journal.settle([Settled(None, None, None, intent) for intent in tools.journal.intents()])


MUTANTS = (
    Mutant("own lines end the feed", feed.Feed, "gone_on", _over_everything, 1, TOGETHER),
    Mutant("doubts leave the parts", doubts, "_give_up", _forget_the_parts,
           from_corpus("path-taken-while-in-parts"), IN_EACH_OTHERS_WAY),
    Mutant("called synced when agreed", rows.Rows, "_state", _synced_when_agreed, _EDITED),
    Mutant("the rest of a stale upload stays", large._Large, "_give_up", _only_the_server_forgets,
           _GONE_WHILE_SENT, LARGE),
    Mutant("no rest after a failure", backoff.Backoff, "failed", _try_at_once, 2, BUSY_CLOUD),
    Mutant("agreed before the answer", small, "publish_small", _agree_before_asking, 0),
    Mutant("a key for every try", intents, "keys", _fresh_keys, 76, BUSY_CLOUD),
    Mutant("an unheard move is forgotten", doubts, "_finish_moves", _forget_all,
           from_corpus("moved-unheard-gone-and-saved-anew"), LOST_MOVES),
    Mutant("what is gone stops an unheard move", doubts, "_is_live",
           lambda tools, synced: synced is not None,
           30142, LOST_AND_GONE),
    Mutant("half an exchange is forgotten", doubts, "_finish_exchange", _forget_all,
           from_corpus("half-an-exchange-and-a-new-file"), LOST_TRADES),
    Mutant("doubts are not asked", doubts, "find", lambda *_: ([], []), 31, BUSY_CLOUD),
    Mutant("damaged uploads are left", errand, "is_final",
           lambda failure: failure.kind in errand.NOT_THESE_BYTES,
           from_corpus("damaged-after-it-arrived"), BUSY_CLOUD),
    Mutant("nothing is final", agreements, "is_final", lambda failure: False, 35),
    Mutant("a moved document is somewhere else", agreements, "moved", _moved_on_paper,
           from_corpus("half-an-exchange"), MOVES),
    Mutant("no second try", backoff.Backoff, "rests",
           lambda self, key, now: key in self._waiting, 9),
    Mutant("an end is not noticed", session.Session, "next_end", lambda self: None,
           from_corpus("half-an-exchange"), SHORT_LIVES),
)  # fmt: skip
