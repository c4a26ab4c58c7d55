"""Under which key an action asks the server: on disk before it is sent, the same at every try.

An intent is a text that says all of an action that the server is told. What was sent and not
answered can be asked again from it alone, were the action lost.
"""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from mydoctransfer.engine.execution.errand import Tools
from mydoctransfer.model.actions import (
    Action,
    Exchange,
    Move,
    NewDocument,
    NewVersion,
    Publish,
    Withdraw,
)
from mydoctransfer.model.rules import PLAIN, FolderRule
from mydoctransfer.model.trees import LocalFile, OpId, RelPath, ShareId, Stat

PUBLISH = "publish|"
MOVE = "move|"
EXCHANGE = "exchange|"

T = TypeVar("T")


def keys(tools: Tools, intents: Sequence[str]) -> list[OpId]:
    """Return a key for each intent: the one on disk, or a fresh one that is on disk now."""
    return tools.journal.intend(intents, [OpId(tools.rand.hex32()) for _ in intents])


def intents_of(action: Action) -> list[str]:
    """Return the intents under which an action asks the server."""
    match action:
        case Publish():
            return [publish_intent(action)]
        case Move(is_gone=True):
            return []  # the journal follows; nothing is asked
        case Move() | Withdraw():
            return [order_intent(action)]
        case Exchange(moves=moves):
            return [_exchange_intent(moves, m, path) for m, path in exchange_steps(moves)]
        case _:
            return []


def publish_intent(action: Publish) -> str:
    """Return all that has to be known to ask again with the same key, were the action lost."""
    stat, target = action.file.stat, action.target
    share_id, expected, under_rules, terms = None, None, False, PLAIN
    if isinstance(target, NewVersion):
        share_id, expected = target.share_id, target.expected_version
    else:
        under_rules, terms = target.under_rules, target.terms
    file = [stat.dev, stat.ino, stat.size, action.file.birth_ns, action.file.sha256]
    whose = [terms.lifetime, terms.people]
    return PUBLISH + json.dumps(
        [action.path, target.cloud_path, share_id, expected, under_rules, *file, *whose]
    )


def published_by(intent: str) -> Publish | None:
    """Return the action of a publishing intent; None for another, or one of an older version.

    The version before did not say for whom: that is asked about under its key, and given up.
    """
    if not intent.startswith(PUBLISH):
        return None
    try:
        told = json.loads(intent.removeprefix(PUBLISH))
        path, cloud, share_id, expected, rules, dev, ino, size, birth, sha, *whose = told
        lifetime, people = whose or (None, ())
    except ValueError:
        return None
    target = (
        NewDocument(RelPath(cloud), rules, FolderRule(lifetime, tuple(people)))
        if share_id is None
        else NewVersion(ShareId(share_id), expected, RelPath(cloud))
    )
    return Publish(RelPath(path), LocalFile(Stat(dev, ino, size, 0, 0), birth, sha), target)


def order_intent(action: Move | Withdraw) -> str:
    match action:
        case Move(old_path=old, path=path, synced=synced, display_name=name, cloud_path=cloud):
            return MOVE + json.dumps([synced.share_id, old, path, cloud, name])
        case Withdraw(share_id=share_id, version=version):
            return f"withdraw|{share_id}|{version}"


class Moving(NamedTuple):
    """What a moving intent says.

    `cloud_path`: where the document goes in the cloud, if to another name than here; `name`: how it
    is called then, if that changes.
    """

    share_id: ShareId
    old_path: RelPath
    path: RelPath
    cloud_path: RelPath | None
    name: str | None


def moved_by(intent: str) -> Moving | None:
    """Return what a moving intent says; None for another, or one of an older version."""
    if not intent.startswith(MOVE):
        return None
    try:
        share_id, old, path, cloud, name = json.loads(intent.removeprefix(MOVE))
    except ValueError:
        return None
    cloud_path = None if cloud is None else RelPath(cloud)
    return Moving(ShareId(share_id), RelPath(old), RelPath(path), cloud_path, name)


def exchange_steps(moves: Sequence[Move]) -> list[tuple[Move, RelPath]]:
    """Return who goes where in the cloud, in order: the first steps aside, and then each goes to
    the path just left. The path of what has left the cloud is free: there nobody steps aside."""
    free_first = min(moves, key=lambda m: (not m.is_gone, m.old_path))
    first, *others = _beginning_with(free_first, moves)
    to_what_was_left = [(m, m.cloud_path or m.path) for m in reversed(others) if not m.is_gone]
    if first.is_gone:
        return to_what_was_left
    aside = RelPath(f"{first.path}.{first.synced.share_id[:12]}.exchange")
    return [(first, aside), *to_what_was_left, (first, first.cloud_path or first.path)]


def _exchange_intent(moves: Sequence[Move], move: Move, path: RelPath) -> str:
    cycle = [m.old_path for m in moves]
    told = [move.synced.share_id, path, _beginning_with(min(cycle), cycle)]
    return EXCHANGE + json.dumps(told)


def _beginning_with(first: T, cycle: Sequence[T]) -> list[T]:
    start = cycle.index(first)
    return [*cycle[start:], *cycle[:start]]


class Exchanging(NamedTuple):
    """What an exchanging intent says.

    `cycle`: the paths whose documents go, in order, each to the next path and the last to the
    first, also those of documents that have left the cloud; `share_id`: whom this step is about.
    """

    share_id: ShareId
    cycle: tuple[RelPath, ...]


def exchanged_by(intent: str) -> Exchanging | None:
    """Return what an exchanging intent says; None for another, or one of an older version."""
    if not intent.startswith(EXCHANGE):
        return None
    try:
        share_id, _, cycle = json.loads(intent.removeprefix(EXCHANGE))
    except ValueError:
        return None
    return Exchanging(ShareId(share_id), tuple(RelPath(path) for path in cycle))


def paths_in(intents: Iterable[str]) -> list[RelPath]:
    """Return what is sent to, or moved, by these intents."""
    paths: list[RelPath] = []
    for intent in intents:
        publication, move, exchange = published_by(intent), moved_by(intent), exchanged_by(intent)
        paths += [publication.path] if publication else []
        paths += [move.old_path, move.path] if move else []
        paths += exchange.cycle if exchange else []
    return paths
