"""Mistakes in carrying out a plan: keys, answers, uploads given up, polls, patience."""

from collections.abc import Sequence
from dataclasses import replace

from mydoctransfer.engine import backoff, session
from mydoctransfer.engine.execution import agreements, doubts, errand, intents, small
from mydoctransfer.engine.ports import Settled
from mydoctransfer.model import reconcile
from mydoctransfer.model.actions import Publish
from tests.simulation.mutant import Mutant, from_corpus

_publish_small = small.publish_small
_moved = agreements.moved


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


MUTANTS = (
    Mutant("agreed before the answer", small, "publish_small", _agree_before_asking, 0),
    Mutant("a key for every try", intents, "keys", _fresh_keys, 31),
    Mutant("doubts are not asked", doubts, "find", lambda *_: ([], []), 31),
    Mutant("damaged uploads are left", errand, "is_final",
           lambda failure: failure.kind in errand.NOT_THESE_BYTES,
           from_corpus("damaged-after-it-arrived")),
    Mutant("nothing is final", agreements, "is_final", lambda failure: False, 19),
    Mutant("a moved document is somewhere else", agreements, "moved", _moved_on_paper,
           from_corpus("half-an-exchange")),
    Mutant("no second try", backoff.Backoff, "rests",
           lambda self, key, now: key in self._waiting, 2),
    Mutant("an end is not noticed", session.Session, "next_end", lambda self: None,
           from_corpus("half-an-exchange")),
)  # fmt: skip
