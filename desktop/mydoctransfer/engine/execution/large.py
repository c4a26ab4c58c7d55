"""Large files: sent in parts, several at a time, going on where a killed client stopped."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

from mydoctransfer.engine.execution import agreements, intents
from mydoctransfer.engine.execution.errand import (
    OUTDATED,
    Outcome,
    Tools,
    give_up,
    is_final,
    outdated,
    renewed,
    request,
)
from mydoctransfer.engine.ports import (
    Completion,
    Digest,
    Failure,
    FailureKind,
    Grant,
    Part,
    PartPut,
    Registered,
    Transfer,
)
from mydoctransfer.engine.tasks import Call, Sleep, Start, Step, WaitAny, Work, call
from mydoctransfer.model.actions import NewVersion, Publish
from mydoctransfer.model.checksums import composite_crc32
from mydoctransfer.model.trees import Document, LocalFile, OpId, ShareId

PART_WINDOW = 4
PART_TRIES = 5  # failures in a row


def publish_large(tools: Tools, action: Publish) -> Work[list[Outcome]]:
    """Send one file in parts, several at a time, going on where a killed client stopped."""
    intent = intents.publish_intent(action)
    (op_id,) = intents.keys(tools, [intent])
    result = yield from _Large(tools, action, op_id).run()
    return agreements.settle_published(tools, [action], [intent], [op_id], {0: result})


def give_up_transfer(tools: Tools, transfer: Transfer) -> Work[Failure | None]:
    """Abort an upload whose file is gone or has changed; return why that is not certain."""
    stale = Publish(
        transfer.path,
        LocalFile(transfer.expects, 0, None),
        NewVersion(ShareId(""), 0, transfer.path),
    )
    return (yield from _Large(tools, stale, transfer.op_id)._give_up(transfer))


@dataclass(frozen=True, slots=True)
class _Sending:
    """A part that is under way: since when, and under which grant."""

    number: int
    grant: Grant | None
    began: float


@dataclass(slots=True)
class _Large:
    tools: Tools
    action: Publish
    op_id: OpId
    grant: Grant | None = None
    parts: dict[int, Part] = field(default_factory=dict)
    tries: int = 0

    def run(self) -> Work[Document | Failure]:
        ended = yield from self._begin()
        if isinstance(ended, Transfer):
            ended = yield from self._send_and_complete(ended)
        if isinstance(ended, Failure) and is_final(ended):
            # Also what could not be taken up again: its key is not used any more (I16).
            begun = self.tools.journal.transfer(self.action.path)
            unknown = (yield from self._give_up(begun)) if begun is not None else None
            return unknown or ended
        return ended

    def _send_and_complete(self, transfer: Transfer) -> Work[Document | Failure]:
        digest = yield from self._send(transfer)
        if isinstance(digest, Failure):
            return digest
        ended = (yield from self._finish(transfer, digest)) or (
            yield from self._complete(transfer, digest)
        )
        if isinstance(ended, Failure):
            return self.tools.endings.failed(transfer.upload_id, ended)
        self.tools.endings.went_well(transfer.upload_id)
        return ended

    def _begin(self) -> Work[Transfer | Document | Failure]:
        """Take up the transfer on disk, or register a new one and start it."""
        transfer = self.tools.journal.transfer(self.action.path)
        if transfer is not None and transfer.op_id != self.op_id:
            unknown = yield from self._give_up(transfer)
            if unknown is not None:
                return unknown
            transfer = None
        if transfer is None:
            registered = yield from self._register()
            if not isinstance(registered, Transfer):
                return registered
            transfer = registered
        if self.grant is None:
            grant = yield from renewed(self.tools, transfer.grant_id)
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
        wanted = request(self.action, self.op_id)
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
            self.tools.speed.part_size(self.action.file.stat.size),
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
        running: dict[int, _Sending] = {}
        digest: Digest | None = None
        hashing = yield from _start(
            Call(
                self.tools.objects.digest,
                (self.action.path, transfer.expects, transfer.part_size),
            )
        )
        self._tell_progress(transfer, running)
        while missing or running or digest is None:
            while missing and len(running) < self._room(transfer):
                sending = _Sending(missing.pop(), self.grant, self.tools.speed.now())
                running[(yield from self._start_part(transfer, sending.number))] = sending
                self._tell_progress(transfer, running)
            ticket, result = yield from _wait_any()
            if ticket == hashing:
                if isinstance(result, Failure):
                    return result
                digest = result
                continue
            sending = running.pop(ticket)
            if isinstance(result, Part):
                self._arrived(sending, result, len(running) + 1)
                self._tell_progress(transfer, running)
                if outdated(self.tools, [self.action]):
                    return OUTDATED
                continue
            failure = yield from self._after_failure(transfer, result, sending.grant)
            if failure is not None:
                return failure
            missing.append(sending.number)
        return digest

    def _finish(self, transfer: Transfer, digest: Digest) -> Work[Failure | None]:
        assert self.grant is not None and transfer.multipart_id is not None
        crcs = tuple(self.parts[n].crc32 for n in sorted(self.parts))
        if digest.crcs != crcs or digest.sha256 != self.action.file.sha256:
            return Failure(FailureKind.CHANGED, "The file changed while it was being sent.")
        finish = self.tools.objects.finish
        whole = (transfer.key, transfer.multipart_id, self.parts)
        finished = yield from call(finish, self.grant, *whole)
        if finished is not None and finished.kind is FailureKind.GRANT_ENDED:
            grant = yield from renewed(self.tools, transfer.grant_id)
            if isinstance(grant, Failure):
                return grant
            finished = yield from call(finish, grant, *whole)
        # A finish that was answered by nobody may have happened: `complete` finds out.
        is_unheard = finished is not None and finished.kind is FailureKind.UPLOAD_ENDED
        return None if is_unheard else finished

    def _complete(self, transfer: Transfer, digest: Digest) -> Work[Document | Failure]:
        if outdated(self.tools, [self.action]):
            return OUTDATED
        completion = Completion(
            transfer.upload_id,
            self.action.file.stat.size,
            digest.sha256,
            transfer.part_size,
            composite_crc32(digest.crcs),
        )
        answers = yield from call(self.tools.cloud.complete, [completion])
        return answers if isinstance(answers, Failure) else answers.results[0]

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

    def _room(self, transfer: Transfer) -> int:
        """How many parts may be under way: what line, store and memory take."""
        fits = self.tools.speed.at_a_time(transfer.part_size, PART_WINDOW)
        return min(fits, self.tools.strain.room(PART_WINDOW))

    def _arrived(self, sending: "_Sending", part: Part, at_a_time: int) -> None:
        self.tries = 0
        self.parts[sending.number] = part
        self.tools.journal.save_part(self.op_id, sending.number, part)
        self.tools.speed.carried(part.size, sending.began, at_a_time)
        self.tools.strain.went_well()

    def _after_failure(
        self, transfer: Transfer, failure: Failure, under: Grant | None
    ) -> Work[Failure | None]:
        """Renew or wait where that helps; otherwise answer the failure. `under`: its grant."""
        if failure.kind is FailureKind.GRANT_ENDED and under is not self.grant:
            return None  # renewed meanwhile, for another part
        self.tries += 1
        if self.tries > PART_TRIES:
            return failure
        if failure.kind is FailureKind.GRANT_ENDED:
            grant = yield from renewed(self.tools, transfer.grant_id)
            if isinstance(grant, Failure):
                return grant
            self.grant = grant
            return None
        if failure.kind in (FailureKind.BUSY, FailureKind.CORRUPT):
            self.tools.strain.slowed()
            wait = 2.0 ** (self.tries - 1) * (0.5 + self.tools.rand.uniform() / 2)
            yield from _sleep(max(wait, failure.retry_after or 0.0))
            return None
        return failure

    def _give_up(self, transfer: Transfer) -> Work[Failure | None]:
        """Leave nothing of a stale upload behind; return why it is not known what became of it.

        Without leave to write the store cannot be told to let go of the parts: while that may pass,
        the journal keeps them. What the store itself does not take, lifecycle ends.
        """
        if transfer.multipart_id is not None:
            grant = self.grant or (yield from renewed(self.tools, transfer.grant_id))
            if isinstance(grant, Grant):
                yield from call(
                    self.tools.objects.abort, grant, transfer.key, transfer.multipart_id
                )
            elif not is_final(grant):
                return grant
        unknown = yield from give_up(self.tools, transfer.upload_id)
        self.tools.journal.drop_transfer(transfer.op_id)
        return unknown

    def _tell_progress(self, transfer: Transfer, running: dict[int, _Sending]) -> None:
        sent = sum(part.size for part in self.parts.values())
        under_way = frozenset(sending.number for sending in running.values())
        self.tools.progress(transfer.path, sent, transfer.expects.size, under_way)


def _part_numbers(transfer: Transfer) -> range:
    return range(1, -(-transfer.expects.size // transfer.part_size) + 1)


def _start(begun: Call[Any]) -> Generator[Step, Any, int]:
    ticket: int = yield Start(begun)
    return ticket


def _wait_any() -> Generator[Step, Any, tuple[int, Any]]:
    result: tuple[int, Any] = yield WaitAny()
    return result


def _sleep(seconds: float) -> Generator[Step, Any, None]:
    yield Sleep(seconds)
