"""The decision core: from three trees to a plan. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from mydoctransfer.model import conflicts, moves
from mydoctransfer.model.actions import (
    Action,
    Adopt,
    Exchange,
    Forget,
    LeaveOut,
    MarkGone,
    Move,
    NewDocument,
    NewVersion,
    Plan,
    Publish,
    Withdraw,
)
from mydoctransfer.model.rules import NO_RULES, Rules
from mydoctransfer.model.trees import (
    NEVER_SENT,
    Document,
    DocumentState,
    LocalFile,
    RelPath,
    ShareId,
    Stat,
    Synced,
    Trees,
    agreed_with,
    name_of,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a decision may look at beside the differences.

    Attributes:
        host: what this device calls itself.
        document_at: my live document at a cloud path.
        may_withdraw: whether the second look (R5) has agreed that this path is gone.
        home_of: the path here on which a document was agreed on, if any.
        unread: inodes (device, number) of files whose bytes are not known yet.
        only_new_since: what was in the folder at this time (nanoseconds, by the disk's own stamp
            of change) is left out until it is edited; 0 when everything is wanted.
        rules: what new documents get.
        removed_as: the file that lay there when the person took its document out of the cloud, if
            it was not the one agreed on.
    """

    host: str
    document_at: Callable[[RelPath], Document | None]
    may_withdraw: Callable[[RelPath], bool]
    home_of: Callable[[ShareId], RelPath | None]
    unread: Collection[tuple[int, int]] = ()
    only_new_since: int = 0
    rules: Rules = NO_RULES
    removed_as: Callable[[ShareId], Stat | None] = lambda _: None


def reconcile(trees: Trees, around: Surroundings) -> Plan:
    """Return what is to be done about every difference.

    For a path with an agreement (`synced`), by what happened to the file and to the document:

        file      | document same  | newer, other bytes  | newer, same bytes | expired or removed
        ----------+----------------+---------------------+-------------------+-------------------
        same      | nothing        | nothing (R11)       | adopt             | mark gone (R6)
        edited    | new version    | conflict copy (R7)  | adopt             | new document (R13)
        vanished  | withdraw (R5)  | forget (R14)        | forget            | forget
        moved     | move (R2)      | move                | move              | journal follows

    What was edited when the person took the document out of the cloud, and has not been since, is
    what was taken out: it is marked gone (R6). So are the very bytes that left the cloud, when they
    are another version than was agreed on here. Bytes that another device has sent again are
    adopted (R14).

    For a file without one, by my live document at that path in the cloud:

        none         publish a new document, under the folder's rules (R12); but what lies there
                     untouched since it was published as one that has left the cloud, agree on that
                     (R6): the journal is new, or older than it
        same bytes   adopt it (R14)
        other bytes  publish `name (from HOST).ext`, in the cloud only (R14)

    Where only new files are wanted, one that was there before is left out instead of published.
    It then counts as gone from the cloud (R6), with the difference that it never was there: edited,
    it is published for the first time, under the folder's rules.

    A file that a power loss emptied counts as what was agreed on for it, moves with its document,
    and is not sent. Renamed over another's path it cannot bring its bytes there: only the cloud has
    them, and its document stays there, forgotten.

    A document this device has at another path stands in nobody's way: its move comes first.
    Moves precede publications, publications precede withdrawals: at no moment is content that
    only changed its name missing from the cloud (B08).
    """
    gone = {path for path, synced in trees.synced.items() if not is_live(synced, trees)}
    found = moves.pair(trees.local, trees.synced, gone, around.unread)
    leaving = set(found.moved.values())
    freed = leaving | {path for cycle in found.cycles for path in cycle}
    moving: list[Action] = [
        *_exchanges(found, trees, around, freed),
        *_moves(found, trees, around, freed),
    ]
    waiting = freed | found.moved.keys() | set(found.put_off)
    emptied = _emptied_elsewhere(trees)
    left = _left(trees)
    rest: list[Action] = []
    for path in sorted(trees.local.keys() | trees.synced.keys()):
        if path in waiting:
            continue
        action = _decide(path, trees, around, freed, left)
        if isinstance(action, Withdraw) and trees.synced[path].sha256 in emptied:
            action = Forget(path)  # only the cloud has these bytes
        if action is not None and not _has_lost_its_bytes(action):
            rest.append(action)
    rest.sort(key=_order)
    return Plan((*moving, *rest))


def _has_lost_its_bytes(action: Action) -> bool:
    """Whether a power loss took what would be sent: the cloud keeps what it has (C02)."""
    return isinstance(action, Publish) and action.file.is_emptied


def _emptied_elsewhere(trees: Trees) -> set[str]:
    """Return the contents whose files a power loss emptied and that took another one's place (C02).

    Once for all that vanished: to go over all files for each of 5,000 took a second a plan.
    """
    return {
        file.sha256
        for path, file in trees.local.items()
        if file.is_emptied
        and file.sha256 is not None
        and path in trees.synced
        and trees.synced[path].sha256 != file.sha256
    }


def _exchanges(
    found: moves.Moves, trees: Trees, around: Surroundings, freed: set[RelPath]
) -> list[Exchange]:
    leaving = {trees.synced[path].share_id for path in freed}
    return [
        Exchange(
            tuple(
                _placed(_move(old, new, trees), around, leaving)
                for old, new in zip(cycle, (*cycle[1:], cycle[0]), strict=True)
            )
        )
        for cycle in found.cycles
    ]


def _moves(
    found: moves.Moves, trees: Trees, around: Surroundings, freed: set[RelPath]
) -> list[Action]:
    leaving = {trees.synced[path].share_id for path in freed}
    actions: list[Action] = []
    for new, old in sorted(found.moved.items()):
        actions.append(_placed(_move(old, new, trees), around, leaving))
    return actions


def _placed(move: Move, around: Surroundings, leaving: set[ShareId]) -> Move:
    there = around.document_at(move.path)
    if there is None or there.share_id in leaving or move.is_gone:
        return move
    return _beside(move, around)


def _beside(move: Move, around: Surroundings) -> Move:
    """Return the move of a document whose new path another one has in the cloud (R14)."""
    name = conflicts.from_host(
        move.path,
        around.host,
        move.synced.sha256,
        lambda path: _is_anothers(path, move.synced.share_id, around),
    )
    return replace(move, display_name=name_of(name), cloud_path=name)


def _is_anothers(name: RelPath, share_id: ShareId, around: Surroundings) -> bool:
    there = around.document_at(name)
    return there is not None and there.share_id != share_id


def is_live(synced: Synced, trees: Trees) -> bool:
    """Whether the document agreed on is still in the cloud, as far as is known here."""
    document = trees.remote.get(synced.share_id)
    return document is not None and document.state is DocumentState.LIVE


def _move(old: RelPath, new: RelPath, trees: Trees) -> Move:
    synced = trees.synced[old]
    is_gone = not is_live(synced, trees)
    renamed = name_of(new) if name_of(new) != name_of(old) else None
    return Move(old, new, synced, trees.local[new], renamed, is_gone)


def _left(trees: Trees) -> dict[RelPath, Document]:
    """Return my documents that have left the cloud, by the path they had there."""
    documents = sorted(trees.remote.values(), key=lambda d: d.uploaded_at)
    return {
        d.path: d
        for d in documents
        if d.path is not None and d.is_mine and d.state is not DocumentState.LIVE
    }


def _decide(
    path: RelPath,
    trees: Trees,
    around: Surroundings,
    freed: set[RelPath],
    left: Mapping[RelPath, Document],
) -> Action | None:
    file = trees.local.get(path)
    synced = trees.synced.get(path)
    if synced is None:
        assert file is not None
        return _decide_first(path, file, around, freed, left.get(path))
    document = trees.remote.get(synced.share_id)
    is_live = document is not None and document.state is DocumentState.LIVE
    if document is None or not is_live:
        return _decide_gone(path, file, synced, document, around, freed)
    if file is None:
        return _decide_vanished(path, synced, document, around)
    return _decide_both(path, file, synced, document, around)


def _decide_first(
    path: RelPath,
    file: LocalFile,
    around: Surroundings,
    freed: set[RelPath],
    left: Document | None,
) -> Action:
    action = _decide_new(path, file, around, freed)
    if not isinstance(action, Publish):
        return action
    if left is not None and _is_that_of(left, file) and around.home_of(left.share_id) is None:
        return Adopt(path, file, left, is_adopted=False)
    return LeaveOut(path, file) if file.stat.ctime_ns <= around.only_new_since else action


def _is_that_of(left: Document, file: LocalFile) -> bool:
    """Whether a file has not been touched since it was published as this document. One that was put
    back has another time of change, which no program can set."""
    return file.sha256 == left.sha256 and file.stat.ctime_ns <= left.uploaded_at * 1_000_000


def _decide_new(
    path: RelPath,
    file: LocalFile,
    around: Surroundings,
    freed: set[RelPath],
    under_rules: bool = True,
) -> Action:
    there = around.document_at(path)
    if there is None or path in freed:
        terms = around.rules.terms(path, under_rules)
        return Publish(path, file, NewDocument(path, under_rules, terms))
    if _is_free_to_adopt(there, path, file, around):
        return Adopt(path, file, there, is_adopted=True)
    assert file.sha256 is not None
    name = conflicts.from_host(
        path, around.host, file.sha256, lambda p: _is_taken(p, path, file, around)
    )
    return _under(name, path, file, around)


def _under(name: RelPath, path: RelPath, file: LocalFile, around: Surroundings) -> Action:
    """Return how a file comes to lie in the cloud under a second name."""
    same = around.document_at(name)
    if same is not None and _is_free_to_adopt(same, path, file, around):
        return Adopt(path, file, same, is_adopted=True)
    terms = around.rules.terms(path, with_people=False)
    return Publish(path, file, NewDocument(name, under_rules=False, terms=terms))


def _is_taken(name: RelPath, path: RelPath, file: LocalFile, around: Surroundings) -> bool:
    there = around.document_at(name)
    return there is not None and not _is_free_to_adopt(there, path, file, around)


def _is_free_to_adopt(
    there: Document, path: RelPath, file: LocalFile, around: Surroundings
) -> bool:
    """Whether a document is that of this file: the same bytes, and no other file here has it. Two
    files with one document would overwrite each other's versions."""
    return there.sha256 == file.sha256 and around.home_of(there.share_id) in (None, path)


def _decide_gone(
    path: RelPath,
    file: LocalFile | None,
    synced: Synced,
    document: Document | None,
    around: Surroundings,
    freed: set[RelPath],
) -> Action | None:
    if file is None:
        return Forget(path) if around.may_withdraw(path) else None
    if file.is_emptied:
        return None if synced.is_gone else MarkGone(path, synced)
    there = around.document_at(path)
    if there is not None and path not in freed and _is_free_to_adopt(there, path, file, around):
        return Adopt(path, file, there, is_adopted=True)  # sent again by another device (R14)
    is_other = synced.sha256 not in ("", file.sha256)  # "": it is to be sent again
    if is_other and document is not None and document.sha256 == file.sha256:
        # What left the cloud: a version of another device's, or of this one's before its journal
        # was put back.
        return MarkGone(path, replace(agreed_with(synced, file), version=document.version))
    if file.sha256 != synced.sha256 and around.removed_as(synced.share_id) == file.stat:
        return MarkGone(path, agreed_with(synced, file))
    if file.sha256 != synced.sha256:
        is_first = synced.share_id == NEVER_SENT
        return _decide_new(path, file, around, freed, under_rules=is_first)
    return None if synced.is_gone else MarkGone(path, synced)


def _decide_vanished(
    path: RelPath, synced: Synced, document: Document, around: Surroundings
) -> Action | None:
    if not around.may_withdraw(path):
        return None  # it may still turn up under another name
    if document.version != synced.version:
        return Forget(path)
    return Withdraw(path, synced.share_id, synced.version, needs_answer=synced.is_adopted)


def _decide_both(
    path: RelPath, file: LocalFile, synced: Synced, document: Document, around: Surroundings
) -> Action | None:
    is_edited = file.sha256 != synced.sha256
    is_newer = document.version != synced.version
    if is_newer and document.sha256 == file.sha256:
        return Adopt(path, file, document, synced.is_adopted)
    if not is_edited:
        return None
    if not is_newer:
        target = NewVersion(synced.share_id, synced.version, document.path or path)
        return Publish(path, file, target)
    assert file.sha256 is not None
    name = conflicts.conflict_copy(
        path, around.host, file.sha256, lambda p: _is_taken(p, path, file, around)
    )
    return _under(name, path, file, around)


def _order(action: Action) -> int:
    match action:
        case Adopt() | MarkGone() | Forget() | LeaveOut():
            return 0
        case Publish():
            return 1
        case _:
            return 2
