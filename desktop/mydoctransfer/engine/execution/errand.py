"""What every execution works with: the ports, the outcome, the request, the grant.

Leaves to others: the order of the calls, which is each kind's own (`small`, `large`, `orders`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mydoctransfer.engine.execution.endings import Endings
from mydoctransfer.engine.former import Former
from mydoctransfer.engine.ports import (
    Cloud,
    Failure,
    FailureKind,
    Grant,
    Journal,
    Objects,
    Rand,
    Stretch,
    UploadRequest,
)
from mydoctransfer.engine.speed import Speed
from mydoctransfer.engine.strain import Strain
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.actions import Action, NewDocument, NewVersion, Publish
from mydoctransfer.model.rules import Rules
from mydoctransfer.model.trees import Document, OpId, RelPath, name_of

SINGLE_PUT_MAX = 8 * 1024 * 1024
BATCH = 100  # of what is asked of the API in one call

NOT_THESE_BYTES = (FailureKind.CHANGED, FailureKind.MISSING)

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one action: done (with the document, if there is one), or a failure."""

    action: Action
    result: Document | Failure | None


@dataclass(frozen=True, slots=True)
class Tools:
    """What the generators work with. `progress` hears of a large file's acknowledged bytes and
    parts under way, `strain` of what was too much, `speed` of what arrived when, `endings` of what
    did not end, `wrote` of lines of the change feed of which the journal has taken over every
    document."""

    journal: Journal
    cloud: Cloud
    objects: Objects
    rand: Rand
    rules: Callable[[], Rules]
    progress: Callable[[RelPath, int, int, frozenset[int]], None]
    strain: Strain
    speed: Speed
    former: Former
    endings: Endings
    wrote: Callable[[Stretch], None]


def request(action: Publish, op_id: OpId) -> UploadRequest:
    """Return what registers this publication: a new document carries its folder's rule (R12)."""
    size = action.file.stat.size
    declared = sha_of(action) if size <= SINGLE_PUT_MAX else None
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
    path, terms = target.cloud_path, target.terms
    whose = (terms.lifetime, terms.people)
    return UploadRequest(op_id, path, name_of(path), size, declared, None, None, *whose)


def outdated(tools: Tools, actions: Iterable[Publish]) -> list[Publish]:
    """Return the publications that would create a document otherwise than its folder's rule has it
    by now (R12): the rule was changed since, or the file is not there any more. Where there are
    rules, nobody knows yet under which one it will be found."""
    rules = tools.rules()
    return [
        action
        for action in actions
        if isinstance(target := action.target, NewDocument)
        and (
            rules.terms(action.path, target.under_rules) != target.terms
            or (rules.ruled and tools.journal.local(action.path) is None)
        )
    ]


OUTDATED = Failure(FailureKind.OUTDATED, "The file has other people or another lifetime by now.")


def renewed(tools: Tools, grant_id: str) -> Work[Grant | Failure]:
    """Ask for fresh leave to write under the same prefix."""
    registration = yield from call(tools.cloud.register, [], grant_id)
    if isinstance(registration, Failure):
        return registration
    if registration.grant is None:
        return Failure(FailureKind.BUSY, "The server gave no leave to upload just now.")
    return registration.grant


def give_up(tools: Tools, upload_id: str) -> Work[Failure | None]:
    """Have the server forget an upload; return why it is not known whether it did.

    A refusal says that it was published, at this moment or by a call whose answer was lost: the
    same key has to ask what became of it before the intent is done with.
    """
    aborted = yield from call(tools.cloud.abort, upload_id)
    if aborted is None or aborted.kind is not FailureKind.REFUSED:
        return aborted
    return Failure(FailureKind.BUSY, aborted.message, aborted.code)


def ended_badly(tools: Tools, upload_id: str, failure: Failure) -> Work[Failure]:
    """Return what the end of an upload has come to; what leads nowhere is given up, or the sweep
    would publish what of it arrived all the same."""
    failure = tools.endings.failed(upload_id, failure)
    if is_final(failure):
        return (yield from give_up(tools, upload_id)) or failure
    return failure


def by_halves(
    work: Callable[[Tools, Sequence[A]], Work[list[Outcome]]], tools: Tools, actions: Sequence[A]
) -> Work[list[Outcome]]:
    """Go on without the one that made the server refuse them all."""
    middle = len(actions) // 2
    first = yield from work(tools, actions[:middle])
    return [*first, *(yield from work(tools, actions[middle:]))]


def is_final(failure: Failure) -> bool:
    """Whether trying the same intent again could never end otherwise."""
    return failure.kind in (
        FailureKind.REFUSED,
        FailureKind.CORRUPT,
        FailureKind.UPLOAD_ENDED,
        FailureKind.OUTDATED,
        *NOT_THESE_BYTES,
    )


def sha_of(action: Publish) -> str:
    """Return the hash of what is to be sent: nothing is published unread."""
    assert action.file.sha256 is not None
    return action.file.sha256
