"""What was sent, was not answered, and is not wanted any more: finding out what became of it.

A publication whose answer was lost may have happened. As long as the plan still wants it, the same
key asks again. When the file was changed, moved or removed meanwhile, the plan wants something
else: then the same key is asked here, before anything else goes out, and the journal takes over
what the server says as if the answer had come in time. Without this the own lost version would be
taken for another device's, and a document whose file is gone would stay for ever.

A move whose answer was lost is asked for again in the same way, and an exchange carried out to its
end: with the document elsewhere than the journal says, a new file at its old path would be given to
its people (R2).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from mydoctransfer.engine.execution import large, orders
from mydoctransfer.engine.execution.agreements import agreed_by
from mydoctransfer.engine.execution.errand import Tools, give_up, is_final, outdated, request
from mydoctransfer.engine.execution.intents import (
    Exchanging,
    exchanged_by,
    intents_of,
    moved_by,
    published_by,
)
from mydoctransfer.engine.ports import Failure, FailureKind, Registered, Settled
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.actions import Action, Exchange, Move, Publish
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    OpId,
    RelPath,
    Synced,
    file_agreed,
    name_of,
)

Doubt = tuple[str, OpId]


def find(
    intents: Mapping[str, OpId], wanted: Iterable[Action], in_flight: Collection[RelPath]
) -> tuple[list[Doubt], list[str]]:
    """Return what to ask about, and intents of which nothing needs to be known.

    To repeat a withdrawal under a fresh key does no harm; an old key under which something else has
    been answered would.
    """
    if not intents:
        return [], []
    current = {intent for action in wanted for intent in intents_of(action)}
    doubts: list[Doubt] = []
    done_with: list[str] = []
    for intent in sorted(intents.keys() - current):
        publication = published_by(intent)
        if publication is None and moved_by(intent) is None and exchanged_by(intent) is None:
            done_with.append(intent)
        elif publication is None or publication.path not in in_flight:
            doubts.append((intent, intents[intent]))
    return doubts, done_with


def begun_otherwise(tools: Tools) -> list[Doubt]:
    """Return what was begun under a rule that does not hold any more (R12)."""
    begun = [
        (i, op, told) for i, op in tools.journal.intents().items() if (told := published_by(i))
    ]
    others = set(outdated(tools, [told for _, _, told in begun]))
    return [(intent, op_id) for intent, op_id, told in begun if told in others]


def resolve(tools: Tools, doubts: Sequence[Doubt]) -> Work[Failure | None]:
    """Ask about up to 100 publications and moves, and carry out what exchange was begun; return why
    it is not known of all of them now."""
    if any(exchanged_by(intent) for intent, _ in doubts):
        failure = yield from _finish_exchange(tools)
        if failure is not None:
            return failure
    moves = [doubt for doubt in doubts if moved_by(doubt[0]) is not None]
    if moves:
        failure = yield from _finish_moves(tools, moves)
        if failure is not None:
            return failure
    publications = [doubt for doubt in doubts if published_by(doubt[0]) is not None]
    return (yield from _ask(tools, publications)) if publications else None


def _finish_moves(tools: Tools, doubts: Sequence[Doubt]) -> Work[Failure | None]:
    """Under the same keys, so that what happened is answered as it was."""
    actions = [action for intent, _ in doubts if (action := _move_as_begun(tools, intent))]
    if actions:
        for outcome in (yield from orders.order(tools, actions)):
            if isinstance(outcome.result, Failure) and not is_final(outcome.result):
                return outcome.result
    _forget_what_is_left(tools, [intent for intent, _ in doubts])
    return None


def _move_as_begun(tools: Tools, intent: str) -> Move | None:
    """Return the move as it was sent; None where the document is not known here any more, or
    another that is in the cloud has the path: what is gone keeps no claim to it."""
    begun = moved_by(intent)
    if begun is None or _is_live(tools, tools.journal.synced(begun.path)):
        return None
    synced = tools.journal.synced(begun.old_path)
    if synced is None or synced.share_id != begun.share_id or not _is_live(tools, synced):
        return None
    file = file_agreed(synced)
    return Move(begun.old_path, begun.path, synced, file, begun.name, False, begun.cloud_path)


def _finish_exchange(tools: Tools) -> Work[Failure | None]:
    """Only one is under way at a time. Where its documents lie elsewhere here by now, they are
    where the cloud says."""
    begun = {i: told for i in tools.journal.intents() if (told := exchanged_by(i))}
    moves = _as_begun(tools, list(begun.values()))
    if moves:
        (outcome,) = yield from orders.exchange(tools, Exchange(moves))
        if isinstance(outcome.result, Failure) and not is_final(outcome.result):
            return outcome.result
    _forget_what_is_left(tools, begun)
    return None


def _as_begun(tools: Tools, begun: Sequence[Exchanging]) -> tuple[Move, ...]:
    """Return the moves of an exchange, whatever of it has left the cloud since; nothing if it is
    none here (any more)."""
    cycle = begun[0].cycle
    if not {tools.journal.synced_path(told.share_id) for told in begun} <= set(cycle):
        return ()
    moves: list[Move] = []
    for path, goal in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
        synced = tools.journal.synced(path)
        if synced is None:
            return ()
        renamed = name_of(goal) if name_of(goal) != name_of(path) else None
        is_gone = not _is_live(tools, synced)
        moves.append(Move(path, goal, synced, file_agreed(synced), renamed, is_gone))
    return tuple(moves)


def _is_live(tools: Tools, synced: Synced | None) -> bool:
    document = None if synced is None else tools.journal.document(synced.share_id)
    return document is not None and document.state is DocumentState.LIVE


def _forget_what_is_left(tools: Tools, asked: Iterable[str]) -> None:
    left = tools.journal.intents().keys() & asked
    tools.journal.settle([Settled(None, None, None, intent) for intent in sorted(left)])


def _ask(tools: Tools, doubts: Sequence[Doubt]) -> Work[Failure | None]:
    actions = [published_by(intent) for intent, _ in doubts]
    publications = [action for action in actions if action is not None]
    keys = [op_id for _, op_id in doubts]
    requests = [request(a, k) for a, k in zip(publications, keys, strict=True)]
    registration = yield from call(tools.cloud.register, requests, None)
    if isinstance(registration, Failure):
        if registration.kind is not FailureKind.REFUSED:
            return registration
        if len(doubts) == 1:
            _forget(tools, doubts[0])
            return None
        for doubt in doubts:
            failure = yield from _ask(tools, [doubt])
            if failure is not None:
                return failure
        return None
    for doubt, publication, answer in zip(doubts, publications, registration.results, strict=True):
        failure = yield from _take(tools, doubt, publication, answer)
        if failure is not None:
            return failure
    return None


def _take(
    tools: Tools, doubt: Doubt, publication: Publish, answer: Registered | Document | Failure
) -> Work[Failure | None]:
    match answer:
        case Document():
            _agree(tools, doubt, publication, answer)
            return None
        case Registered(upload_id=upload_id):
            unknown = yield from _give_up(tools, doubt, upload_id)
            if unknown is not None:
                return unknown
        case Failure(kind=FailureKind.REFUSED):
            pass
        case Failure():
            return answer
    _forget(tools, doubt)
    return None


def _give_up(tools: Tools, doubt: Doubt, upload_id: str) -> Work[Failure | None]:
    """Give up what was begun: of a large file, the parts in the store too."""
    begun = next((t for t in tools.journal.transfers() if t.op_id == doubt[1]), None)
    if begun is not None:
        return (yield from large.give_up_transfer(tools, begun))
    return (yield from give_up(tools, upload_id))


def _agree(tools: Tools, doubt: Doubt, publication: Publish, document: Document) -> None:
    """Take over the answer. A document that is known at another path already has moved on, and one
    whose path has the bytes of another since was overtaken."""
    intent, op_id = doubt
    at = tools.journal.synced_path(document.share_id)
    synced = agreed_by(publication, document)
    is_elsewhere = at not in (None, publication.path)
    if synced is None or is_elsewhere or _is_overtaken(tools, document, publication):
        tools.journal.settle([Settled(None, None, document, intent, op_id=op_id)])
        return
    tools.journal.settle([Settled(publication.path, synced, document, intent, op_id=op_id)])


def _is_overtaken(tools: Tools, document: Document, publication: Publish) -> bool:
    agreed = tools.journal.synced(publication.path)
    seen = tools.journal.local(publication.path)
    if agreed is None or seen is None or agreed.share_id == document.share_id:
        return False
    return seen.sha256 == agreed.sha256


def _forget(tools: Tools, doubt: Doubt) -> None:
    intent, op_id = doubt
    tools.journal.settle([Settled(None, None, None, intent, op_id=op_id)])
