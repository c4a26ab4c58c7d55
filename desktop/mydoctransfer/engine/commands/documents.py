"""Documents: listing, changing, withdrawing, sending again, downloading."""

from dataclasses import dataclass

from mydoctransfer.engine import answers
from mydoctransfer.engine.commands.ground import Ground
from mydoctransfer.engine.downloads import Downloads
from mydoctransfer.engine.ports import (
    ExtendOrder,
    Failure,
    JournalBroken,
    RenameOrder,
    WithdrawOrder,
)
from mydoctransfer.engine.removing import Removals
from mydoctransfer.engine.rows import SKIPPED
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model import commands as c
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import AppError, Refused, is_disk_full
from mydoctransfer.model.trees import DocumentState, OpId, RelPath, ShareId


@dataclass(frozen=True, slots=True)
class DocumentsCommands:
    """What is said of a document."""

    ground: Ground
    downloads: Downloads
    removals: Removals

    def list(self, command: c.ListDocuments) -> Work[Answer]:
        """Answer with what the cloud has, or had when it was last asked."""
        try:
            yield from self.ground.fresh()
        except JournalBroken:
            raise  # what was known last is what broke
        except (AppError, OSError) as exc:
            # Offline or signed out, what was known last is the answer (design §6), as it is where
            # nothing new can be written down.
            if not (isinstance(exc, AppError) or is_disk_full(exc)):
                raise
        now = self.ground.session.passed_ms()
        wanted = [
            d
            for d in (known.at(now) for known in self.ground.journal.documents())
            if d.is_mine is not command.shared_with_me
            and (command.gone or d.state is DocumentState.LIVE)
        ]
        wanted.sort(key=lambda d: (d.uploaded_at, d.share_id))
        return {"documents": [self.ground.shown(d) for d in wanted]}

    def rename(self, target: str, name: str) -> Work[Answer]:
        """Call a document something else."""
        yield from self.ground.fresh()
        document = yield from self.ground.find_live(target)
        return (
            yield from self.ground.act(
                lambda op_id: RenameOrder(op_id, document.share_id, name, None)
            )
        )

    def extend(self, target: str, lifetime: int) -> Work[Answer]:
        """Let a document expire so many seconds from now."""
        yield from self.ground.fresh()
        document = yield from self.ground.find_live(target)
        return (
            yield from self.ground.act(
                lambda op_id: ExtendOrder(op_id, document.share_id, lifetime)
            )
        )

    def remove(self, target: str) -> Work[Answer]:
        """Withdraw a document; its file stays, and is what was taken out, sent or not."""
        yield from self.ground.fresh()
        document = yield from self.ground.find_live(target)
        path = self.ground.journal.synced_path(document.share_id)
        if path is not None:
            yield from self._note_edit(path, document.share_id)
        withdrawn = yield from self.ground.ordered(
            lambda op_id: WithdrawOrder(op_id, document.share_id, None)
        )
        self.ground.took(withdrawn)
        if path is not None:
            self.ground.hooks.row_changed(path)
        return {"removed": document.share_id}

    def _note_edit(self, path: RelPath, share_id: ShareId) -> Work[None]:
        """Remember the file that lies there, which may have been saved since it was agreed on."""
        lying = yield from self.ground.lying(path)
        if lying is not None:
            self.removals.note(share_id, path, lying)

    def send_again(self, target: str) -> Work[Answer]:
        """Make the next pass publish the file as a new document (R6, R13); answer its path."""
        yield from self.ground.fresh()
        path = yield from self.ground.place(target)
        synced = self.ground.journal.synced(path)
        seen = self.ground.journal.local(path)
        if seen is not None and seen.skip is not None:
            raise AppError("Not sent", SKIPPED[seen.skip], "not_sent")
        if seen is None or seen.sha256 is None:
            raise AppError(
                "No such file", f"There is no file {target!r} in the folder.", "no_such_file"
            )
        if synced is not None:
            document = self.ground.journal.document(synced.share_id)
            if document is not None and document.state is DocumentState.LIVE:
                raise Refused("Still there", f"{target} is still in the cloud.", "still_live")
            self.removals.forget(synced.share_id)
            self.ground.journal.forget_content(path)
        self.ground.hooks.row_changed(path)
        return {"path": path}

    def get(self, target: str, directory: str | None) -> Work[Answer]:
        """Download a document, and tell its owner that it has arrived."""
        yield from self.ground.fresh()
        document = yield from self.ground.find_live(target)
        link = yield from call(self.ground.cloud.link, document.share_id)
        if isinstance(link, Failure):
            raise answers.error(link)
        path = yield from self.downloads.fetch(link, directory, document.share_id)
        if isinstance(path, Failure):
            raise answers.error(path)
        if not document.is_mine:
            # Only this says "downloaded". The file is here: a failure to say so is no failure.
            yield from call(
                self.ground.cloud.received,
                OpId(self.ground.rand.hex32()),
                document.share_id,
                link.sha256,
                link.version,
            )
        return {"path": path, "sha256": link.sha256, "share_id": document.share_id}

    def receipt(self, target: str) -> Work[Answer]:
        """Answer with the proof that a document has left the cloud."""
        yield from self.ground.fresh()
        document = yield from self.ground.find(target)
        receipt = yield from call(self.ground.cloud.receipt, document.share_id)
        if isinstance(receipt, Failure):
            raise answers.error(receipt)
        return {"receipt": answers.receipt(receipt)}
