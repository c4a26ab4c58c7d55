"""What an outcome means: what rests and for how long, what the person is told, what is counted."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from mydoctransfer.engine import freezing, unseen
from mydoctransfer.engine.backoff import Backoff
from mydoctransfer.engine.execution.errand import Outcome
from mydoctransfer.engine.freezing import Why
from mydoctransfer.engine.ports import Clock, Failure, FailureKind, Journal, Note, Rand
from mydoctransfer.engine.reading import Reading
from mydoctransfer.engine.strain import Strain, is_strain
from mydoctransfer.model.actions import (
    Action,
    Exchange,
    Move,
    NewVersion,
    Publish,
    Withdraw,
    paths_of,
)
from mydoctransfer.model.events import ItemState
from mydoctransfer.model.ignore import RULES
from mydoctransfer.model.trees import Document, DocumentState, RelPath, ShareId, name_of

PATIENCE = 3  # failures in a row before an item is called a problem

# What a poll and another look at the plan put right.
_OVERTAKEN = {"version_conflict", "path_taken", "expired", "removed", "not_found"}

# Damaged on the way or in the store: sent once more, it arrives whole or fails as anything else.
_DAMAGED = {"checksum_mismatch"}

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What happened since it was last reset; `failed` holds the items in trouble now."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: set[RelPath] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Reactions:
    """What an outcome asks of the rest of the engine."""

    look_again: Callable[[Iterable[RelPath]], None]
    poll_at_once: Callable[[], None]
    noticed: Callable[[Failure], None]
    touched: Callable[[Iterable[RelPath], Iterable[ShareId]], None]
    noted: Callable[[RelPath, Note | None], None]
    published: Callable[[str], None]


class Verdicts:
    """Judges outcomes.

    Attributes:
        tally: for `sync --once`. backoff: what rests after a failure, and until when.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        rand: Rand,
        strain: Strain,
        react: Reactions,
        see_again: Callable[[], None],
        reading: Reading,
        notes: Mapping[RelPath, Note],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._strain = strain
        self._react = react
        self._see_again = see_again
        self._reading = reading
        self.backoff: Backoff[RelPath] = Backoff(rand)
        self._notes = notes
        self._hidden: set[RelPath] = set()
        self.unreadable: dict[RelPath, str] = {}
        self.tally = Tally()

    def has_retries(self, noted: Collection[RelPath]) -> bool:
        """Whether something failed that will be tried again soon by itself."""
        return any(path not in noted for path in self.tally.failed)

    def may_hash(self, path: RelPath) -> bool:
        """Whether a file that could not be read may be tried (again)."""
        return not self.backoff.rests(path, self._clock.monotonic())

    def hash_failed(self, path: RelPath, failure: Failure) -> None:
        """A file could not be read: look again, or say so and try later."""
        self.backoff.failed(path, self._clock.monotonic(), None)
        if failure.kind in (FailureKind.CHANGED, FailureKind.MISSING):
            # A look that hangs tells nothing new: what rests is not read over and over meanwhile.
            self._react.look_again((path,))
            return
        self.tally.failed.add(path)
        self._react.noted(path, Note(ItemState.PROBLEM.value, failure.message))
        self._react.touched((path,), ())

    def came_right(self, paths: Iterable[RelPath]) -> None:
        """Nothing is wrong with these any more."""
        for path in paths:
            self.backoff.clear(path)
            self.tally.failed.discard(path)
            self._react.noted(path, None)

    def only_these_want(self, paths: Set[RelPath]) -> None:
        """What came right by another way meanwhile is no trouble, and nothing to wait for: a plan
        wants nothing of it, and it need not be read (I22)."""
        self.tally.failed &= paths
        called = [path for path in self._notes.keys() - self.unreadable if self.is_problem(path)]
        self.came_right(path for path in called if path not in paths)

    def only_these_are_hidden(self, hidden: Mapping[RelPath, RelPath]) -> None:
        """These may have traded places with what cannot be seen (R2): said as long as that is so.

        Args:
            hidden: each with the file or directory that cannot be read.
        """
        self.came_right(self._hidden - hidden.keys())
        self._hidden = set(hidden)
        for path, place in hidden.items():
            self._react.noted(path, Note(ItemState.PROBLEM.value, unseen.sentence(place)))

    def only_these_are_unreadable(self, directories: Mapping[RelPath, Why]) -> None:
        """Nobody could look into these: said as long as that is so (C12)."""
        before = self.unreadable.keys()
        self.unreadable = {
            directory or RelPath(RULES): freezing.sentence(directory, why)
            for directory, why in directories.items()
        }
        self.came_right(before - self.unreadable.keys())
        for path, words in self.unreadable.items():
            self._react.noted(path, Note(ItemState.PROBLEM.value, words))

    def only_these_are_no_patterns(self, complaints: Mapping[RelPath, str]) -> None:
        """A line of these files of rules ignores nothing: said as long as that is so. It stops
        nothing (D14)."""
        told = {path for path in self._notes.keys() - self.unreadable if name_of(path) == RULES}
        self.came_right(told - complaints.keys())
        for path, words in complaints.items():
            self._react.noted(path, Note(ItemState.SKIPPED.value, words))

    def is_problem(self, path: RelPath) -> bool:
        """Whether the person was told that something is wrong with a file."""
        note = self._notes.get(path)
        return note is not None and note.state == ItemState.PROBLEM.value

    def take(self, outcomes: Sequence[Outcome]) -> None:
        """Draw the conclusions of actions that ended together."""
        self._weigh(outcomes)
        for outcome in outcomes:
            self._take(outcome)

    def _weigh(self, outcomes: Sequence[Outcome]) -> None:
        strained = [o for o in outcomes if is_strain(o.result)]
        if len(strained) < len(outcomes):
            if any(not isinstance(o.result, Failure) for o in outcomes):
                self._strain.went_well()
            if strained:
                self._strain.slowed()
            return
        longest = max((_failure_of(o) for o in strained), key=lambda f: f.retry_after or 0.0)
        self._strain.refused(longest, {p for o in strained for p in paths_of(o.action)})

    def _take(self, outcome: Outcome) -> None:
        paths = paths_of(outcome.action)
        if isinstance(outcome.result, Failure):
            self._take_failure(outcome.action, paths, outcome.result)
        else:
            self._take_success(outcome.action, paths, outcome.result)
        self._react.touched(paths, ())

    def _take_success(
        self, action: Action, paths: tuple[RelPath, ...], document: Document | None
    ) -> None:
        self.came_right(paths)
        match action:
            case Publish():
                self.tally.counts["uploaded"] += 1
                self._react.published(document.display_name if document else name_of(action.path))
            case Move():
                self.tally.counts["renamed"] += 1
                # The bytes may have changed along with the name.
                self._see_again()
            case Exchange(moves=moves):
                self.tally.counts["renamed"] += len(moves)
                self._see_again()
            case Withdraw(share_id=share_id):
                self.tally.counts["withdrawn"] += 1
                self._react.touched((), (share_id,))

    def _take_failure(self, action: Action, paths: tuple[RelPath, ...], failure: Failure) -> None:
        log.info("%s: %s %s", type(action).__name__, failure.kind.value, failure.code)
        if failure.kind in (
            FailureKind.OFFLINE,
            FailureKind.SIGNED_OUT,
            FailureKind.CLOCK_WRONG,
        ):
            self._react.noticed(failure)
            self._see_again()
            return
        if failure.kind in (FailureKind.CHANGED, FailureKind.MISSING):
            self._look_again(action, paths, failure)
            return
        if failure.kind is FailureKind.OUTDATED:
            self._see_again()
            return
        now = self._clock.monotonic()
        for path in paths:
            self.backoff.failed(path, now, failure.retry_after)
            self.tally.failed.add(path)
        if failure.kind is FailureKind.REFUSED and failure.code in _OVERTAKEN:
            if failure.code == "expired":
                self._learn_of_the_end(action)
            self._react.poll_at_once()
        if self._is_lasting(failure, paths[0]):
            for path in paths:
                self._react.noted(path, Note(ItemState.PROBLEM.value, _sentence(failure)))

    def _look_again(self, action: Action, paths: tuple[RelPath, ...], failure: Failure) -> None:
        """A look alone finds a file as it was where only its bytes are others: unread, the same
        would be sent in vain for ever (A18)."""
        if failure.kind is FailureKind.CHANGED and isinstance(action, Publish):
            self._reading.take_back(action.path, action.file)
            self._see_again()
        self._react.look_again(paths)

    def _learn_of_the_end(self, action: Action) -> None:
        """Take the server's word that a document has expired."""
        for share_id in _documents_of(action):
            document = self._journal.document(share_id)
            if document is not None and document.state is DocumentState.LIVE:
                self._journal.learn([replace(document, state=DocumentState.EXPIRED)], (), None)
        self._see_again()

    def _is_lasting(self, failure: Failure, path: RelPath) -> bool:
        if failure.kind is FailureKind.REFUSED and failure.code not in _OVERTAKEN | _DAMAGED:
            return True
        if failure.kind in (FailureKind.UNREADABLE, FailureKind.NO_SPACE):
            return True
        if is_strain(failure) and self._strain.is_whole:
            return False
        return self.backoff.failures(path) >= PATIENCE


def _sentence(failure: Failure) -> str:
    if not failure.emails:
        return failure.message
    # Only a folder's rule names people before anybody has seen the document (R12).
    named = ", ".join(failure.emails)
    return f"The rule of this folder shares with {named}. {failure.message} Correct the rule."


def _failure_of(outcome: Outcome) -> Failure:
    assert isinstance(outcome.result, Failure)
    return outcome.result


def _documents_of(action: Action) -> list[ShareId]:
    match action:
        case Withdraw(share_id=share_id) | Publish(target=NewVersion(share_id=share_id)):
            return [share_id]
        case Move(synced=synced):
            return [synced.share_id]
        case _:
            return []
