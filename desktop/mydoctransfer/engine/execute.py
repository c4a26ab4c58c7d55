"""Carrying out actions: one generator of port calls for each kind.

Each writes its idempotency keys to disk before the first call, asks the store and the server in an
order in which a kill at any point can be repeated, and commits the journal last.
Leaves to others: which action when (`dispatch`), and what a failure means for the next try.
"""

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from mydoctransfer.engine.ports import (
    Cloud,
    Completion,
    Digest,
    Failure,
    FailureKind,
    Grant,
    Journal,
    Objects,
    Order,
    Part,
    PartPut,
    Rand,
    Registered,
    RenameOrder,
    Settled,
    SmallPut,
    Transfer,
    UploadRequest,
    WithdrawOrder,
)
from mydoctransfer.engine.tasks import Call, Sleep, Start, Step, WaitAny, Work, call
from mydoctransfer.model.actions import (
    Action,
    Adopt,
    Exchange,
    Forget,
    MarkGone,
    Move,
    NewDocument,
    NewVersion,
    Publish,
    Withdraw,
)
from mydoctransfer.model.checksums import composite_crc32
from mydoctransfer.model.rules import governing
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    LocalFile,
    OpId,
    RelPath,
    ShareId,
    Stat,
    Synced,
    name_of,
)

SINGLE_PUT_MAX = 8 * 1024 * 1024
BATCH = 100
PUBLISH = "publish|"
PARTS_MAX = 10_000
PART_WINDOW = 4
PART_TRIES = 5
MIB = 1024 * 1024


A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one action: done (with the document, if there is one), or a failure."""

    action: Action
    result: Document | Failure | None


@dataclass(frozen=True, slots=True)
class Tools:
    """What the generators work with. `progress` hears of acknowledged bytes of a large file."""

    journal: Journal
    cloud: Cloud
    objects: Objects
    rand: Rand
    default_lifetime: Callable[[], int | None]
    progress: Callable[[RelPath, int, int], None]


# --- journal only --------------------------------------------------------------------------------


def settle_locally(journal: Journal, actions: Sequence[Action]) -> None:
    """Carry out the actions that need nobody's consent, in one transaction."""
    settled: list[Settled] = []
    for action in actions:
        match action:
            case Adopt(path=path, file=file, document=document, is_adopted=is_adopted):
                synced = _agreement(document, file, is_adopted)
                settled.append(Settled(path, synced, None, intent=""))
            case Forget(path=path):
                settled.append(Settled(path, None, None, intent=""))
            case MarkGone(path=path, synced=synced):
                settled.append(Settled(path, replace(synced, is_gone=True), None, intent=""))
            case Move(is_gone=True):
                settled.append(_moved(action, None, ""))
            case _:
                raise AssertionError(f"{action} is not for the journal alone")
    journal.settle(settled)


def kept(action: Withdraw) -> Settled:
    """Return what makes a held withdrawal end in the document's staying in the cloud."""
    return Settled(action.path, None, None, intent="")


def is_local_only(action: Action) -> bool:
    """Whether `settle_locally` can carry it out."""
    return isinstance(action, Adopt | Forget | MarkGone) or (
        isinstance(action, Move) and action.is_gone
    )


def _agreement(document: Document, file: LocalFile, is_adopted: bool = False) -> Synced:
    return Synced(
        document.share_id,
        document.version,
        document.sha256,
        document.size,
        file.stat.dev,
        file.stat.ino,
        file.birth_ns,
        is_adopted,
        is_gone=document.state is not DocumentState.LIVE,
    )


# --- small files ---------------------------------------------------------------------------------


def publish_small(tools: Tools, actions: Sequence[Publish]) -> Work[list[Outcome]]:
    """Register, put and complete up to 100 files of up to 8 MiB: two API calls in all."""
    intents = [_publish_intent(a) for a in actions]
    op_ids = _keys(tools, intents)
    requests = [request(tools, a, op) for a, op in zip(actions, op_ids, strict=True)]
    registration = yield from call(tools.cloud.register, requests, None)
    if isinstance(registration, Failure):
        if registration.kind is FailureKind.REFUSED and len(actions) > 1:
            return (yield from _by_halves(publish_small, tools, actions))
        return [Outcome(a, registration) for a in actions]
    results: dict[int, Document | Failure] = {}
    sent: dict[int, Registered] = {}
    for n, answer in enumerate(registration.results):
        if isinstance(answer, Registered):
            sent[n] = answer
        else:
            results[n] = answer
    results |= yield from _put_all(tools, actions, sent, registration.grant)
    arrived = [n for n in sorted(sent) if n not in results]
    results |= yield from _complete_all(tools, actions, arrived, sent)
    return _settle_published(tools, actions, intents, op_ids, results)


def _by_halves(
    work: Callable[[Tools, Sequence[A]], Work[list[Outcome]]], tools: Tools, actions: Sequence[A]
) -> Work[list[Outcome]]:
    """Go on without the one that made the server refuse them all."""
    middle = len(actions) // 2
    first = yield from work(tools, actions[:middle])
    return [*first, *(yield from work(tools, actions[middle:]))]


def _put_all(
    tools: Tools,
    actions: Sequence[Publish],
    sent: dict[int, Registered],
    granted: Grant | None,
) -> Work[dict[int, Document | Failure]]:
    """Put the bytes, grant by grant; answer the failures."""
    failures: dict[int, Document | Failure] = {}
    by_grant: dict[str, list[int]] = {}
    for n, registered in sent.items():
        by_grant.setdefault(registered.grant_id, []).append(n)
    for grant_id, numbers in by_grant.items():
        grant = (
            granted
            if granted is not None and granted.grant_id == grant_id
            else (yield from _renewed(tools, grant_id))
        )
        if isinstance(grant, Failure):
            failures |= dict.fromkeys(numbers, grant)
            continue
        puts = [_small_put(actions[n], sent[n]) for n in numbers]
        answers = yield from call(tools.objects.put_many, grant, puts)
        for n, answer in zip(numbers, answers, strict=True):
            if answer is not None:
                failures[n] = answer
    for n, failure in failures.items():
        if isinstance(failure, Failure) and failure.kind in _NOT_THESE_BYTES:
            yield from call(tools.cloud.abort, sent[n].upload_id)
    return failures


_NOT_THESE_BYTES = (FailureKind.CHANGED, FailureKind.MISSING)


def _complete_all(
    tools: Tools, actions: Sequence[Publish], arrived: Sequence[int], sent: dict[int, Registered]
) -> Work[dict[int, Document | Failure]]:
    if not arrived:
        return {}
    completions = [
        Completion(sent[n].upload_id, actions[n].file.stat.size, _sha(actions[n])) for n in arrived
    ]
    answers = yield from call(tools.cloud.complete, completions)
    if isinstance(answers, Failure):
        return dict.fromkeys(arrived, answers)
    for n, answer in zip(arrived, answers, strict=True):
        if isinstance(answer, Failure) and answer.kind is FailureKind.REFUSED:
            # Else the sweep would publish it when the reason has passed, and nobody wants it then.
            yield from call(tools.cloud.abort, sent[n].upload_id)
    return dict(zip(arrived, answers, strict=True))


def _small_put(action: Publish, registered: Registered) -> SmallPut:
    return SmallPut(action.path, action.file.stat, _sha(action), registered.key)


def _settle_published(
    tools: Tools,
    actions: Sequence[Publish],
    intents: Sequence[str],
    op_ids: Sequence[OpId],
    results: dict[int, Document | Failure],
) -> list[Outcome]:
    settled: list[Settled] = []
    outcomes: list[Outcome] = []
    for n, action in enumerate(actions):
        result = results[n]
        if isinstance(result, Document):
            synced = agreed_by(action, result)
            if synced is not None:
                settled.append(Settled(action.path, synced, result, intents[n], op_id=op_ids[n]))
            else:
                result = Failure(FailureKind.CORRUPT, "The server has other bytes than were sent.")
        if isinstance(result, Failure) and _is_final(result):
            settled.append(Settled(None, None, None, intents[n], op_id=op_ids[n]))
        outcomes.append(Outcome(action, result))
    tools.journal.settle(settled)
    return outcomes


def agreed_by(action: Publish, document: Document) -> Synced | None:
    """Return what was agreed when the server answers a publication with this document; None when
    it is not about these bytes.

    A late answer may show the document as another device has changed it since: what this one
    published is the version before.
    """
    target = action.target
    ours = target.expected_version + 1 if isinstance(target, NewVersion) else 1
    agreed = _agreement(document, action.file)
    if document.version > ours:
        return replace(agreed, version=ours, sha256=_sha(action), size=action.file.stat.size)
    return agreed if document.sha256 == action.file.sha256 else None


def _is_final(failure: Failure) -> bool:
    """Whether trying the same intent again could never end otherwise."""
    return failure.kind in (
        FailureKind.REFUSED,
        FailureKind.CORRUPT,
        *_NOT_THESE_BYTES,
    )


# --- large files ---------------------------------------------------------------------------------


def publish_large(tools: Tools, action: Publish) -> Work[list[Outcome]]:
    """Send one file in parts, several at a time, going on where a killed client stopped."""
    intent = _publish_intent(action)
    (op_id,) = _keys(tools, [intent])
    result = yield from _Large(tools, action, op_id).run()
    return _settle_published(tools, [action], [intent], [op_id], {0: result})


@dataclass(slots=True)
class _Large:
    tools: Tools
    action: Publish
    op_id: OpId
    grant: Grant | None = None
    parts: dict[int, Part] = field(default_factory=dict)
    tries: int = 0

    def run(self) -> Work[Document | Failure]:
        transfer = yield from self._begin()
        if not isinstance(transfer, Transfer):
            return transfer
        sent = yield from self._send(transfer)
        if isinstance(sent, Failure):
            if sent.kind in _NOT_THESE_BYTES or sent.kind is FailureKind.CORRUPT:
                yield from self._give_up(transfer)
            elif sent.kind is FailureKind.UPLOAD_ENDED:
                self.tools.journal.save_transfer(replace(transfer, multipart_id=None, parts={}))
            return sent
        completion = Completion(
            transfer.upload_id,
            self.action.file.stat.size,
            sent.sha256,
            transfer.part_size,
            composite_crc32(sent.crcs),
        )
        answers = yield from call(self.tools.cloud.complete, [completion])
        if isinstance(answers, Failure):
            return answers
        (answer,) = answers
        if isinstance(answer, Failure) and answer.code in ("upload_incomplete",):
            # The store lost it: this upload id leads nowhere any more.
            self.tools.journal.drop_transfer(self.op_id)
        elif isinstance(answer, Failure) and answer.kind is FailureKind.REFUSED:
            yield from call(self.tools.cloud.abort, transfer.upload_id)
        return answer

    def _begin(self) -> Work[Transfer | Document | Failure]:
        """Take up the transfer on disk, or register a new one and start it."""
        transfer = self.tools.journal.transfer(self.action.path)
        if transfer is not None and transfer.op_id != self.op_id:
            yield from self._give_up(transfer)
            transfer = None
        if transfer is None:
            registered = yield from self._register()
            if not isinstance(registered, Transfer):
                return registered
            transfer = registered
        if self.grant is None:
            grant = yield from _renewed(self.tools, transfer.grant_id)
            if isinstance(grant, Failure):
                return grant
            self.grant = grant
        if transfer.multipart_id is not None:
            taken_up = yield from self._take_up(transfer)
            if isinstance(taken_up, Failure):
                return taken_up
            transfer = taken_up
        if transfer.multipart_id is None:
            started = yield from call(self.tools.objects.start, self.grant, transfer.key)
            if isinstance(started, Failure):
                return started
            transfer = replace(transfer, multipart_id=started, parts={})
            self.tools.journal.save_transfer(transfer)
        return transfer

    def _register(self) -> Work[Transfer | Document | Failure]:
        wanted = request(self.tools, self.action, self.op_id)
        registration = yield from call(self.tools.cloud.register, [wanted], None)
        if isinstance(registration, Failure):
            return registration
        (answer,) = registration.results
        if not isinstance(answer, Registered):
            return answer
        if registration.grant is not None and registration.grant.grant_id == answer.grant_id:
            self.grant = registration.grant
        transfer = Transfer(
            self.op_id,
            self.action.path,
            self.action.file.stat,
            answer.upload_id,
            answer.grant_id,
            answer.key,
            None,
            part_size_for(self.action.file.stat.size),
            {},
        )
        self.tools.journal.save_transfer(transfer)
        return transfer

    def _take_up(self, transfer: Transfer) -> Work[Transfer | Failure]:
        """Believe only parts that both the journal and the store have."""
        assert self.grant is not None and transfer.multipart_id is not None
        stored = yield from call(
            self.tools.objects.list_parts, self.grant, transfer.key, transfer.multipart_id
        )
        if isinstance(stored, Failure):
            if stored.kind is not FailureKind.UPLOAD_ENDED:
                return stored
            if len(transfer.parts) == len(_part_numbers(transfer)):
                # Every part arrived: it may have been finished, and the answer lost (H04).
                self.parts = dict(transfer.parts)
                return transfer
            return replace(transfer, multipart_id=None, parts={})
        self.parts = {
            n: part
            for n, part in transfer.parts.items()
            if n in stored and stored[n].etag == part.etag and stored[n].size == part.size
        }
        return transfer

    def _send(self, transfer: Transfer) -> Work[Digest | Failure]:
        """Send the missing parts through a window, the whole file being hashed beside them."""
        missing = [n for n in _part_numbers(transfer) if n not in self.parts]
        missing.reverse()
        running: dict[int, int] = {}
        digest: Digest | None = None
        hashing = yield from _start(
            Call(
                self.tools.objects.digest,
                (self.action.path, transfer.expects, transfer.part_size),
            )
        )
        self._tell_progress(transfer)
        while missing or running or digest is None:
            while missing and len(running) < PART_WINDOW:
                number = missing.pop()
                running[(yield from self._start_part(transfer, number))] = number
            ticket, result = yield from _wait_any()
            if ticket == hashing:
                if isinstance(result, Failure):
                    return result
                digest = result
                continue
            number = running.pop(ticket)
            if isinstance(result, Part):
                self.parts[number] = result
                self.tools.journal.save_part(self.op_id, number, result)
                self._tell_progress(transfer)
                continue
            failure = yield from self._after_failure(transfer, result)
            if failure is not None:
                return failure
            missing.append(number)
        return (yield from self._finish(transfer, digest))

    def _finish(self, transfer: Transfer, digest: Digest) -> Work[Digest | Failure]:
        assert self.grant is not None and transfer.multipart_id is not None
        crcs = tuple(self.parts[n].crc32 for n in sorted(self.parts))
        if digest.crcs != crcs or digest.sha256 != self.action.file.sha256:
            return Failure(FailureKind.CHANGED, "The file changed while it was being sent.")
        finished = yield from call(
            self.tools.objects.finish,
            self.grant,
            transfer.key,
            transfer.multipart_id,
            self.parts,
        )
        # A finish that was answered by nobody may have happened: `complete` finds out.
        if finished is not None and finished.kind is not FailureKind.UPLOAD_ENDED:
            return finished
        return digest

    def _start_part(self, transfer: Transfer, number: int) -> Work[int]:
        assert self.grant is not None and transfer.multipart_id is not None
        offset = (number - 1) * transfer.part_size
        length = min(transfer.part_size, transfer.expects.size - offset)
        part = PartPut(
            transfer.path,
            transfer.expects,
            transfer.key,
            transfer.multipart_id,
            number,
            offset,
            length,
        )
        return (yield from _start(Call(self.tools.objects.put_part, (self.grant, part))))

    def _after_failure(self, transfer: Transfer, failure: Failure) -> Work[Failure | None]:
        """Renew or wait where that helps; otherwise answer the failure."""
        self.tries += 1
        if self.tries > PART_TRIES:
            return failure
        if failure.kind is FailureKind.GRANT_ENDED:
            grant = yield from _renewed(self.tools, transfer.grant_id)
            if isinstance(grant, Failure):
                return grant
            self.grant = grant
            return None
        if failure.kind in (FailureKind.BUSY, FailureKind.CORRUPT):
            wait = failure.retry_after or 2.0 ** (self.tries - 1)
            yield from _sleep(wait * (0.5 + self.tools.rand.uniform() / 2))
            return None
        return failure

    def _give_up(self, transfer: Transfer) -> Work[None]:
        """Leave nothing of a stale upload behind; what cannot be told now, lifecycle ends."""
        if transfer.multipart_id is not None:
            grant = self.grant or (yield from _renewed(self.tools, transfer.grant_id))
            if isinstance(grant, Grant):
                yield from call(
                    self.tools.objects.abort, grant, transfer.key, transfer.multipart_id
                )
        yield from call(self.tools.cloud.abort, transfer.upload_id)
        self.tools.journal.drop_transfer(transfer.op_id)

    def _tell_progress(self, transfer: Transfer) -> None:
        sent = sum(part.size for part in self.parts.values())
        self.tools.progress(transfer.path, sent, transfer.expects.size)


def give_up_transfer(tools: Tools, transfer: Transfer) -> Work[None]:
    """Abort an upload whose file is gone or has changed."""
    stale = Publish(
        transfer.path,
        LocalFile(transfer.expects, 0, None),
        NewVersion(ShareId(""), 0, transfer.path),
    )
    yield from _Large(tools, stale, transfer.op_id)._give_up(transfer)


def part_size_for(size: int) -> int:
    """Return the part size in bytes: 8 MiB, more where 10,000 such parts do not suffice."""
    least = -(-size // PARTS_MAX)
    return max(SINGLE_PUT_MAX, -(-least // MIB) * MIB)


def _part_numbers(transfer: Transfer) -> range:
    return range(1, -(-transfer.expects.size // transfer.part_size) + 1)


# --- moves and withdrawals -----------------------------------------------------------------------


def order(tools: Tools, actions: Sequence[Move | Withdraw]) -> Work[list[Outcome]]:
    """Move and withdraw up to 100 documents in one call."""
    intents = [_order_intent(a) for a in actions]
    op_ids = _keys(tools, intents)
    orders = [_order(a, op) for a, op in zip(actions, op_ids, strict=True)]
    answers = yield from call(tools.cloud.act, orders)
    if isinstance(answers, Failure):
        if answers.kind is FailureKind.REFUSED and len(actions) > 1:
            return (yield from _by_halves(order, tools, actions))
        return [Outcome(a, answers) for a in actions]
    settled: list[Settled] = []
    for action, intent, answer in zip(actions, intents, answers, strict=True):
        if isinstance(answer, Document):
            settled.append(_obeyed(action, answer, intent))
        elif _is_final(answer):
            settled.append(Settled(None, None, None, intent))
    tools.journal.settle(settled)
    return [Outcome(a, answer) for a, answer in zip(actions, answers, strict=True)]


def _order(action: Move | Withdraw, op_id: OpId) -> Order:
    match action:
        case Move(path=path, synced=synced, display_name=name, cloud_path=cloud):
            return RenameOrder(op_id, synced.share_id, name, cloud or path)
        case Withdraw(share_id=share_id, version=version):
            return WithdrawOrder(op_id, share_id, version)


def _order_intent(action: Move | Withdraw) -> str:
    match action:
        case Move(path=path, synced=synced, display_name=name, cloud_path=cloud):
            return f"move|{synced.share_id}|{cloud or path}|{name}"
        case Withdraw(share_id=share_id, version=version):
            return f"withdraw|{share_id}|{version}"


def _obeyed(action: Move | Withdraw, document: Document, intent: str) -> Settled:
    if isinstance(action, Move):
        return _moved(action, document, intent)
    return Settled(action.path, None, document, intent)


def _moved(action: Move, document: Document | None, intent: str) -> Settled:
    synced = replace(
        action.synced,
        dev=action.file.stat.dev,
        ino=action.file.stat.ino,
        birth_ns=action.file.birth_ns,
        is_gone=action.is_gone,
    )
    return Settled(action.path, synced, document, intent, moved_from=action.old_path)


def exchange(tools: Tools, action: Exchange) -> Work[list[Outcome]]:
    """Let documents trade paths: one steps aside, the others follow, it takes its place.

    The journal is told once, at the end: a kill in between finds the same cycle again, and the
    same keys answer what was done already.
    """
    live = [m for m in action.moves if not m.is_gone]
    steps = _exchange_steps(live)
    intents = [_exchange_intent(m, path) for m, path in steps]
    op_ids = _keys(tools, intents)
    documents: dict[ShareId, Document] = {}
    for (move, path), op_id in zip(steps, op_ids, strict=True):
        wanted = RenameOrder(op_id, move.synced.share_id, name_of(path), path)
        answers = yield from call(tools.cloud.act, [wanted])
        if isinstance(answers, Failure):
            return [Outcome(action, answers)]
        (answer,) = answers
        if isinstance(answer, Failure):
            return [Outcome(action, answer)]
        documents[move.synced.share_id] = answer
    # `moved_from` would take away what the next one brings: every path of a cycle is filled anew.
    settled = [
        replace(_moved(m, documents.get(m.synced.share_id), ""), moved_from=None)
        for m in action.moves
    ]
    tools.journal.settle([*settled, *(Settled(None, None, None, intent) for intent in intents)])
    return [Outcome(action, None)]


def _exchange_intent(move: Move, path: RelPath) -> str:
    return f"exchange|{move.synced.share_id}|{path}"


def _exchange_steps(moves: Sequence[Move]) -> list[tuple[Move, RelPath]]:
    if not moves:
        return []
    first, *others = moves
    aside = RelPath(f"{first.path}.{first.synced.share_id[:12]}.exchange")
    steps = [(first, aside)]
    # Whoever goes to the path just left goes next.
    free = first.old_path
    while others:
        following = next((m for m in others if m.path == free), others[0])
        others.remove(following)
        steps.append((following, following.cloud_path or following.path))
        free = following.old_path
    return [*steps, (first, first.cloud_path or first.path)]


# --- shared --------------------------------------------------------------------------------------


def _keys(tools: Tools, intents: Sequence[str]) -> list[OpId]:
    return tools.journal.intend(intents, [OpId(tools.rand.hex32()) for _ in intents])


def _publish_intent(action: Publish) -> str:
    """Return all that has to be known to ask again with the same key, were the action lost."""
    stat, target = action.file.stat, action.target
    share_id, expected, under_rules = None, None, False
    if isinstance(target, NewVersion):
        share_id, expected = target.share_id, target.expected_version
    else:
        under_rules = target.under_rules
    file = [stat.dev, stat.ino, stat.size, action.file.birth_ns, action.file.sha256]
    return PUBLISH + json.dumps(
        [action.path, target.cloud_path, share_id, expected, under_rules, *file]
    )


def published_by(intent: str) -> Publish | None:
    """Return the action of a publishing intent; None for another, or one of an older version."""
    if not intent.startswith(PUBLISH):
        return None
    try:
        path, cloud, share_id, expected, rules, dev, ino, size, birth, sha = json.loads(
            intent.removeprefix(PUBLISH)
        )
    except ValueError:
        return None
    target = (
        NewDocument(RelPath(cloud), rules)
        if share_id is None
        else NewVersion(ShareId(share_id), expected, RelPath(cloud))
    )
    return Publish(RelPath(path), LocalFile(Stat(dev, ino, size, 0, 0), birth, sha), target)


def intents_of(action: Action) -> list[str]:
    """Return the intents under which an action asks the server."""
    match action:
        case Publish():
            return [_publish_intent(action)]
        case Move() | Withdraw():
            return [_order_intent(action)]
        case Exchange(moves=moves):
            steps = _exchange_steps([m for m in moves if not m.is_gone])
            return [_exchange_intent(m, path) for m, path in steps]
        case _:
            return []


def _sha(action: Publish) -> str:
    assert action.file.sha256 is not None
    return action.file.sha256


def request(tools: Tools, action: Publish, op_id: OpId) -> UploadRequest:
    size = action.file.stat.size
    declared = _sha(action) if size <= SINGLE_PUT_MAX else None
    target = action.target
    if isinstance(target, NewVersion):
        return UploadRequest(
            op_id,
            target.cloud_path,
            name_of(target.cloud_path),
            size,
            declared,
            target.share_id,
            target.expected_version,
            None,
            (),
        )
    rules = tools.journal.rules()
    at = governing(action.path, rules)
    rule = rules[at] if at is not None else None
    lifetime = rule.lifetime if rule and rule.lifetime else tools.default_lifetime()
    people = rule.people if rule and target.under_rules else ()
    path = target.cloud_path
    return UploadRequest(op_id, path, name_of(path), size, declared, None, None, lifetime, people)


def _renewed(tools: Tools, grant_id: str) -> Work[Grant | Failure]:
    registration = yield from call(tools.cloud.register, [], grant_id)
    if isinstance(registration, Failure):
        return registration
    if registration.grant is None:
        return Failure(FailureKind.BUSY, "The server gave no leave to upload just now.")
    return registration.grant


def _start(begun: Call[Any]) -> Generator[Step, Any, int]:
    ticket: int = yield Start(begun)
    return ticket


def _wait_any() -> Generator[Step, Any, tuple[int, Any]]:
    result: tuple[int, Any] = yield WaitAny()
    return result


def _sleep(seconds: float) -> Generator[Step, Any, None]:
    yield Sleep(seconds)
