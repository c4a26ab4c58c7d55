"""Moves and withdrawals: up to 100 documents in one call, and exchanges step by step."""

from collections.abc import Sequence
from dataclasses import replace

from mydoctransfer.engine.execution import agreements, intents
from mydoctransfer.engine.execution.errand import Outcome, Tools, by_halves, is_final
from mydoctransfer.engine.ports import (
    Failure,
    FailureKind,
    Order,
    RenameOrder,
    Settled,
    WithdrawOrder,
)
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.actions import Exchange, Move, Withdraw
from mydoctransfer.model.trees import Document, OpId, ShareId, name_of


def order(tools: Tools, actions: Sequence[Move | Withdraw]) -> Work[list[Outcome]]:
    """Move and withdraw up to 100 documents in one call."""
    wishes = [intents.order_intent(a) for a in actions]
    op_ids = intents.keys(tools, wishes)
    orders = [_order(a, op) for a, op in zip(actions, op_ids, strict=True)]
    answers = yield from call(tools.cloud.act, orders)
    if isinstance(answers, Failure):
        if answers.kind is FailureKind.REFUSED and len(actions) > 1:
            return (yield from by_halves(order, tools, actions))
        return [Outcome(a, answers) for a in actions]
    settled: list[Settled] = []
    for action, intent, answer in zip(actions, wishes, answers.results, strict=True):
        if isinstance(answer, Document):
            settled.append(_obeyed(action, answer, intent))
        elif is_final(answer):
            settled.append(Settled(None, None, None, intent))
    tools.journal.settle(settled)
    if answers.stretch is not None:
        tools.wrote(answers.stretch)
    return [Outcome(a, answer) for a, answer in zip(actions, answers.results, strict=True)]


def _order(action: Move | Withdraw, op_id: OpId) -> Order:
    match action:
        case Move(path=path, synced=synced, display_name=name, cloud_path=cloud):
            return RenameOrder(op_id, synced.share_id, name, cloud or path)
        case Withdraw(share_id=share_id, version=version):
            return WithdrawOrder(op_id, share_id, version)


def _obeyed(action: Move | Withdraw, document: Document, intent: str) -> Settled:
    if isinstance(action, Move):
        return agreements.moved(action, document, intent)
    return Settled(action.path, None, document, intent)


def exchange(tools: Tools, action: Exchange) -> Work[list[Outcome]]:
    """Let documents trade paths: one steps aside, the others follow, it takes its place.

    The journal is told once, at the end: a kill in between finds the same cycle again, and the
    same keys answer what was done already.
    """
    steps = intents.exchange_steps(action.moves)
    wishes = intents.intents_of(action)
    op_ids = intents.keys(tools, wishes)
    documents: dict[ShareId, Document] = {}
    for (move, path), op_id in zip(steps, op_ids, strict=True):
        wanted = RenameOrder(op_id, move.synced.share_id, name_of(path), path)
        answers = yield from call(tools.cloud.act, [wanted])
        if isinstance(answers, Failure):
            return [Outcome(action, answers)]
        (answer,) = answers.results
        if isinstance(answer, Failure):
            if is_final(answer):
                # Another device came in between: old keys would only repeat what was answered then.
                tools.journal.settle([Settled(None, None, None, intent) for intent in wishes])
            return [Outcome(action, answer)]
        documents[move.synced.share_id] = answer
    # `moved_from` would take away what the next one brings: every path of a cycle is filled anew.
    settled = [
        replace(agreements.moved(m, documents.get(m.synced.share_id), ""), moved_from=None)
        for m in action.moves
    ]
    tools.journal.settle([*settled, *(Settled(None, None, None, intent) for intent in wishes)])
    return [Outcome(action, None)]
