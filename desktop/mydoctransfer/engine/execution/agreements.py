"""What the journal is told when an action has ended: agreements, and what ends with them.

Leaves to others: asking the server.
"""

from collections.abc import Sequence
from dataclasses import replace

from mydoctransfer.engine.execution.errand import Outcome, Tools, is_final, sha_of
from mydoctransfer.engine.ports import Failure, FailureKind, Journal, Settled, Stretch
from mydoctransfer.model.actions import (
    Action,
    Adopt,
    Forget,
    LeaveOut,
    MarkGone,
    Move,
    NewVersion,
    Publish,
    Withdraw,
)
from mydoctransfer.model.trees import (
    NEVER_SENT,
    Document,
    DocumentState,
    LocalFile,
    OpId,
    Synced,
)


def settle_locally(journal: Journal, actions: Sequence[Action]) -> None:
    """Carry out the actions that need nobody's consent, in one transaction."""
    settled: list[Settled] = []
    for action in actions:
        match action:
            case Adopt(path=path, file=file, document=document, is_adopted=is_adopted):
                synced = agreement(document, file, is_adopted)
                settled.append(Settled(path, synced, None, intent=""))
            case Forget(path=path):
                settled.append(Settled(path, None, None, intent=""))
            case MarkGone(path=path, synced=synced):
                settled.append(Settled(path, replace(synced, is_gone=True), None, intent=""))
            case LeaveOut(path=path, file=file):
                settled.append(Settled(path, _left_out(file), None, intent=""))
            case Move(is_gone=True):
                settled.append(moved(action, None, ""))
            case _:
                raise AssertionError(f"{action} is not for the journal alone")
    journal.settle(settled)


def kept(action: Withdraw) -> Settled:
    """Return what makes a held withdrawal end in the document's staying in the cloud."""
    return Settled(action.path, None, None, intent="")


def is_local_only(action: Action) -> bool:
    """Whether `settle_locally` can carry it out."""
    return isinstance(action, Adopt | Forget | MarkGone | LeaveOut) or (
        isinstance(action, Move) and action.is_gone
    )


def settle_published(
    tools: Tools,
    actions: Sequence[Publish],
    wishes: Sequence[str],
    op_ids: Sequence[OpId],
    results: dict[int, Document | Failure],
    stretch: Stretch | None = None,
) -> list[Outcome]:
    """Tell the journal what became of publications, in one transaction."""
    settled: list[Settled] = []
    outcomes: list[Outcome] = []
    is_all_taken_over = True
    for n, action in enumerate(actions):
        result = results[n]
        if isinstance(result, Document):
            synced = agreed_by(action, result)
            if synced is not None:
                tools.former.replaced(action.path, result)
                settled.append(Settled(action.path, synced, result, wishes[n], op_id=op_ids[n]))
            else:
                result = Failure(FailureKind.CORRUPT, "The server has other bytes than were sent.")
                is_all_taken_over = False
        if isinstance(result, Failure) and is_final(result):
            settled.append(Settled(None, None, None, wishes[n], op_id=op_ids[n]))
        outcomes.append(Outcome(action, result))
    tools.journal.settle(settled)
    if stretch is not None and is_all_taken_over:
        tools.wrote(stretch)
    return outcomes


def agreed_by(action: Publish, document: Document) -> Synced | None:
    """Return what was agreed when the server answers a publication with this document; None when
    it is not about these bytes.

    A late answer may show the document as another device has changed it since: what this one
    published is the version before.
    """
    target = action.target
    ours = target.expected_version + 1 if isinstance(target, NewVersion) else 1
    agreed = agreement(document, action.file)
    if document.version > ours:
        return replace(agreed, version=ours, sha256=sha_of(action), size=action.file.stat.size)
    return agreed if document.sha256 == action.file.sha256 else None


def moved(action: Move, document: Document | None, intent: str) -> Settled:
    """Return what follows when a document is at its new path."""
    file = action.file
    is_as_agreed = file.sha256 == action.synced.sha256
    synced = replace(
        action.synced,
        dev=file.stat.dev,
        ino=file.stat.ino,
        birth_ns=file.birth_ns,
        is_gone=action.is_gone,
        mtime_ns=file.stat.mtime_ns if is_as_agreed else action.synced.mtime_ns,
    )
    return Settled(action.path, synced, document, intent, moved_from=action.old_path)


def _left_out(file: LocalFile) -> Synced:
    """Return the agreement that nothing of these bytes is in the cloud."""
    assert file.sha256 is not None  # `differences` has none that was not read
    stat = file.stat
    inode = (stat.dev, stat.ino, file.birth_ns)
    return Synced(
        NEVER_SENT, 0, file.sha256, stat.size, *inode, is_gone=True, mtime_ns=stat.mtime_ns
    )


def agreement(document: Document, file: LocalFile, is_adopted: bool = False) -> Synced:
    """Return the agreement that these bytes are this document."""
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
        mtime_ns=file.stat.mtime_ns,
    )
