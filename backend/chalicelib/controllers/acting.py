"""The owner's actions on documents: rename, delete, extend; one, or up to a hundred at once.

| action | needs | makes |
|---|---|---|
| rename | a free path, or one that another rename of this call frees | a new name, path or both |
| delete | the version seen, if said | a tombstone; the object goes at once, the sweep makes sure |
| extend | not expired (410), within `max_age` | a new end, sooner or later than before |

Renames that exchange paths among themselves (a swap, a cycle, a chain) are one unit: they happen
together or not at all, because a path is claimed by one document at any moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.connectors.pool import side_by_side
from chalicelib.connectors.ports import Is, Key, Put, Write
from chalicelib.logs import log
from chalicelib.model import Identity, StoredDocument
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import (
    claim_key,
    operation_key,
    text,
)
from chalicelib.services import audit, feed, ids
from chalicelib.services.audit import Happened
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.commits import Done, Failed, Touch, Unit, commit_all, fits
from chalicelib.services.denials import record_denials
from chalicelib.services.finding import find_many
from chalicelib.services.lifetimes import extended
from chalicelib.services.names import checked_path, stored_name
from chalicelib.services.operations import (
    checked_op_id,
    fingerprint,
    remembered,
    replayed,
)
from chalicelib.services.permission import check_enabled
from chalicelib.services.views import shown
from chalicelib.services.writing import (
    burial,
    changed,
    claim,
    expiry_hint,
    remains,
    removed,
    touched,
    unclaim,
)
from mydoctransfer_contract.documents import (
    ActionKind,
    Document,
    DocumentAction,
    DocumentActions,
    DocumentAnswer,
    DocumentResult,
    DocumentResults,
    DocumentState,
)
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.times import format_time
from mydoctransfer_contract.uploads import MAX_BATCH

_ROUNDS = 4  # tries when something else changes the same document
_TOGETHER = 20  # renames that exchange paths in one transaction
_ACTIONS = {
    ActionKind.RENAME: Action.RENAME,
    ActionKind.DELETE: Action.DELETE,
    ActionKind.EXTEND: Action.EXTEND,
}
_ENDS = (ActionKind.DELETE, ActionKind.EXTEND)  # extending can mean: until the next second


@dataclass(slots=True)
class _Item:
    """One action on its way to its result."""

    asked: DocumentAction
    mark: str
    refused: Refused | None = None
    answer: Document | None = None
    line: int | None = None  # of the actor's feed, where this call has done it

    @property
    def is_open(self) -> bool:
        return self.refused is None and self.answer is None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one action would do to its document."""

    item: _Item
    before: StoredDocument
    after: StoredDocument
    unit: Unit

    @property
    def moves(self) -> bool:
        return self.before.path != self.after.path and self.after.state is DocumentState.LIVE


def act(
    parts: Parts, who: Identity, now: int, share_id: str, asked: DocumentAction
) -> DocumentAnswer:
    """Do one action.

    Raises:
        Refused: it was not done.
    """
    items = _act(parts, who, now, [replace(asked, share_id=share_id)])
    if items[0].refused is not None:
        raise items[0].refused
    if items[0].answer is None:
        raise Refused(Code.INTERNAL)
    return DocumentAnswer(items[0].answer)


def act_all(parts: Parts, who: Identity, now: int, body: DocumentActions) -> DocumentResults:
    """Do up to a hundred actions, in order where they meet; each has a result of its own."""
    if not 1 <= len(body.actions) <= MAX_BATCH:
        raise Refused(Code.INVALID_REQUEST, f"1 to {MAX_BATCH} actions in one call.")
    if len({asked.op_id for asked in body.actions}) < len(body.actions):
        raise Refused(Code.INVALID_REQUEST, "An op_id is repeated.")
    items = _act(parts, who, now, body.actions)
    return DocumentResults(
        tuple(
            DocumentResult(
                op_id=item.asked.op_id,
                document=item.answer,
                problem=item.refused.problem if item.refused else None,
            )
            for item in items
        ),
        feed=feed.stretch(parts, who.sub, now, [i.line for i in items if i.line is not None]),
    )


def _act(parts: Parts, who: Identity, now: int, actions: Sequence[DocumentAction]) -> list[_Item]:
    authorize(who, None, Action.ACT, now)
    items = [_Item(asked, fingerprint("act", asked.share_id, asked)) for asked in actions]
    for item in items:
        try:
            checked_op_id(item.asked.op_id)
        except Refused as refused:
            item.refused = refused
    if any(item.asked.action in _ENDS for item in items):
        check_enabled(parts, who)
    for _ in range(_ROUNDS * max(1, _most_on_one(items))):
        turn = _turn(items)
        if not turn:
            break
        _take_turn(parts, who, now, turn)
    for item in items:
        if item.is_open:
            item.refused = Refused(Code.TOO_MANY_REQUESTS, retry_after=1)
    denied = [(_ACTIONS[i.asked.action], i.asked.share_id, i.refused) for i in items if i.refused]
    record_denials(parts, who, now, denied)
    return items


def _most_on_one(items: Sequence[_Item]) -> int:
    counts: dict[str, int] = {}
    for item in items:
        counts[item.asked.share_id] = counts.get(item.asked.share_id, 0) + 1
    return max(counts.values(), default=1)


def _turn(items: Iterable[_Item]) -> list[_Item]:
    """Return the first open action of every document."""
    turn: dict[str, _Item] = {}
    for item in items:
        if item.is_open:
            turn.setdefault(item.asked.share_id, item)
    return list(turn.values())


def _take_turn(parts: Parts, who: Identity, now: int, items: Sequence[_Item]) -> None:
    operations = {id(item): operation_key(who.sub, item.asked.op_id) for item in items}
    known = [item.asked.share_id for item in items if ids.is_id(item.asked.share_id)]
    documents, rows = find_many(parts.store, who.sub, known, tuple(operations.values()))
    plans = []
    for item in items:
        try:
            operation = rows.get(operations[id(item)])
            if operation is not None:
                item.answer = replayed(operation, item.mark)
                continue
            document = documents.get(item.asked.share_id)
            plans.append(_plan(parts, who, now, item, document))
        except Refused as refused:
            item.refused = refused
    merged = [(group, _merged(group, now)) for group in _grouped(plans)]
    for group, unit in merged:
        if not fits(unit):
            _refuse_together(group)
    groups = [group for group, unit in merged if fits(unit)]
    units = [unit for _, unit in merged if fits(unit)]
    outcomes = commit_all(parts, units)
    for group, unit, outcome in zip(groups, units, outcomes, strict=True):
        for plan in group:
            if isinstance(outcome, Done):
                plan.item.answer = shown(plan.after, who.sub, now)
                plan.item.line = outcome.lines[who.sub]
            else:
                _explain(plan.item, unit, outcome)
    _drop_objects(parts, [plan for plan in plans if plan.item.answer is not None])


def _plan(
    parts: Parts, who: Identity, now: int, item: _Item, document: StoredDocument | None
) -> _Plan:
    authorize(who, document, _ACTIONS[item.asked.action], now)
    if document is None:
        raise Refused(Code.NOT_FOUND)
    match item.asked.action:
        case ActionKind.RENAME:
            return _rename(who, now, item, document)
        case ActionKind.DELETE:
            return _delete(parts, who, now, item, document)
        case ActionKind.EXTEND:
            return _extend(parts, who, now, item, document)


def _rename(who: Identity, now: int, item: _Item, document: StoredDocument) -> _Plan:
    asked = item.asked
    if asked.display_name is None and asked.path is None:
        raise Refused(Code.INVALID_REQUEST, "rename needs display_name, path or both.")
    name, path = document.display_name, document.path
    if asked.display_name is not None:
        # With a path it is a file that was renamed; without, somebody typed what others see.
        name = stored_name(asked.display_name, of_file=asked.path is not None)
    if asked.path is not None:
        path = checked_path(asked.path)
    after = replace(document, display_name=name, path=path, revision=document.revision + 1)
    is_seen_by_all = name != document.display_name
    return _Plan(
        item,
        document,
        after,
        Unit(
            writes=(_remember(who, now, item, after), changed(document, after, now)),
            touched=touched(after) if is_seen_by_all else _owner_only(after),
            entries=(audit.entry(Happened.RENAMED, now, who, document, name),),
        ),
    )


def _delete(parts: Parts, who: Identity, now: int, item: _Item, document: StoredDocument) -> _Plan:
    expected = item.asked.expected_version
    if expected is not None and expected != document.version:
        raise Refused(Code.VERSION_CONFLICT, share_id=document.share_id)
    after = removed(document, DocumentState.REMOVED, now)
    return _Plan(
        item,
        document,
        after,
        Unit(
            writes=(
                _remember(who, now, item, after),
                *burial(parts, document, after, (Is("revision", document.revision),)),
                unclaim(document),
            ),
            touched=touched(after),
            entries=(audit.entry(Happened.DELETED, now, who, document),),
            hints=(remains(document, now),),
        ),
    )


def _extend(parts: Parts, who: Identity, now: int, item: _Item, document: StoredDocument) -> _Plan:
    end = extended(document.uploaded_at, item.asked.lifetime, now, parts.rules)
    after = replace(document, expires_at=end, revision=document.revision + 1)
    return _Plan(
        item,
        document,
        after,
        Unit(
            writes=(
                _remember(who, now, item, after),
                changed(document, after, now),
                claim(after, now),
            ),
            touched=touched(after),
            entries=(audit.entry(Happened.EXTENDED, now, who, after, format_time(end)),),
            hints=(expiry_hint(after),),
        ),
    )


def _remember(who: Identity, now: int, item: _Item, after: StoredDocument) -> Put:
    answer = shown(after, who.sub, now)
    return remembered(who.sub, item.asked.op_id, item.mark, answer, now)


def _owner_only(document: StoredDocument) -> tuple[Touch, ...]:
    return (Touch(document.owner, document.share_id, document.owner),)


def _grouped(plans: Sequence[_Plan]) -> list[list[_Plan]]:
    """Return the plans, those that pass paths on to each other together, the giver first.

    A long chain is cut: each piece starts where the path is already free by the piece before.
    """
    by_old = {plan.before.path: plan for plan in plans if plan.moves}
    takes: dict[str, str] = {}  # path wanted -> share_id of who wants it, the first to ask
    for plan in plans:
        if plan.moves:
            takes.setdefault(plan.after.path, plan.item.asked.share_id)
    by_id = {plan.item.asked.share_id: plan for plan in plans}
    groups: list[list[_Plan]] = []
    placed: set[str] = set()
    for plan in plans:
        if plan.item.asked.share_id in placed:
            continue
        first = _giver(plan, by_old)
        chain: list[_Plan] = []
        walker: _Plan | None = first
        while walker is not None and walker.item.asked.share_id not in placed:
            chain.append(walker)
            placed.add(walker.item.asked.share_id)
            wanted_by = takes.get(walker.before.path) if walker.moves else None
            walker = by_id[wanted_by] if wanted_by is not None else None
        is_cycle = first.moves and first.after.path in {p.before.path for p in chain}
        if is_cycle and len(chain) > _TOGETHER:
            _refuse_together(chain)
            continue
        groups.extend(chain[start : start + _TOGETHER] for start in range(0, len(chain), _TOGETHER))
    return groups


def _refuse_together(plans: Sequence[_Plan]) -> None:
    """Refuse renames that can only happen together, and are too many rows for a transaction."""
    for plan in plans:
        plan.item.refused = Refused(
            Code.PATH_TAKEN, "Too many documents or people for one exchange of paths."
        )


def _giver(plan: _Plan, by_old: dict[str, _Plan]) -> _Plan:
    """Return the plan at the free end of the chain; in a cycle, the plan itself."""
    walker = plan
    while walker.moves:
        holder = by_old.get(walker.after.path)
        if holder is None or holder is walker:
            return walker
        if holder is plan:
            return plan
        walker = holder
    return walker


def _merged(group: Sequence[_Plan], now: int) -> Unit:
    """Return one unit for plans that happen together, with the claims they end up with."""
    return Unit(
        writes=(*(w for plan in group for w in plan.unit.writes), *_claims(group, now)),
        touched=tuple(t for plan in group for t in plan.unit.touched),
        entries=tuple(e for plan in group for e in plan.unit.entries),
        hints=tuple(h for plan in group for h in plan.unit.hints),
    )


def _claims(group: Sequence[_Plan], now: int) -> list[Write]:
    moving = [plan for plan in group if plan.moves]
    held = {claim_key(p.before.owner, p.before.path): p.before for p in moving}
    writes: list[Write] = []
    taken: set[Key] = set()
    for plan in moving:
        wanted = claim(plan.after, now)
        holder = held.get(wanted.key)
        if holder is not None:
            wanted = replace(wanted, when=(Is("share_id", holder.share_id),))
        taken.add(wanted.key)
        writes.append(wanted)
    writes.extend(unclaim(before) for key, before in held.items() if key not in taken)
    return writes


def _explain(item: _Item, unit: Unit, failed: Failed) -> None:
    """Refuse the action, or leave it open for another turn: the document has changed."""
    at = unit.writes[failed.at].key
    if at.pk.startswith("C#") and failed.row is not None:
        item.refused = Refused(Code.PATH_TAKEN, share_id=text(failed.row, "share_id"))


def _drop_objects(parts: Parts, plans: Sequence[_Plan]) -> None:
    """Remove what was deleted, now. Whatever fails here the sweep does, from its hint."""
    gone = [plan.before for plan in plans if plan.after.state is DocumentState.REMOVED]
    if not gone:
        return

    def drop(document: StoredDocument) -> None:
        try:
            parts.objects.delete_version(document.key, document.version_id)
        except Exception as exc:
            log(event="object left to the sweep", error=type(exc).__name__)

    side_by_side(drop, gone)
