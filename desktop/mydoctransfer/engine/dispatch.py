"""From a plan to running tasks: in which order, how many at once, and what a failure means.

Owns: what is in flight, what rests after a failure, what waits for the person's answer.
"""

import json
import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeGuard

from mydoctransfer.engine import doubts, execute
from mydoctransfer.engine.backoff import Backoff
from mydoctransfer.engine.execute import Outcome, Tools
from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.ports import Clock, Failure, FailureKind, Journal, Note, Settled
from mydoctransfer.engine.tasks import Task, Tasks, Work
from mydoctransfer.model import guard, moves
from mydoctransfer.model.actions import (
    Action,
    Exchange,
    Move,
    NewVersion,
    Plan,
    Publish,
    Withdraw,
    paths_of,
)
from mydoctransfer.model.events import ItemState
from mydoctransfer.model.reconcile import Surroundings, reconcile
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    RelPath,
    ShareId,
    Trees,
    name_of,
)

SMALL_BATCHES = 4  # one registering, one on its way, two completing
SMALL_BATCH_BYTES = 64 * 1024 * 1024
PLANS_A_TURN = 8
PLAN_REST = 4.0  # times what the last plan took: with 100,000 files to send, one takes seconds
FEW_UNREAD = 256
PATIENCE = 3  # failures in a row before an item is called a problem

HELD_KEY = "deletes_held"
CONFIRMED_KEY = "deletes_confirmed"

# What a poll and another look at the plan put right.
_OVERTAKEN = {"version_conflict", "path_taken", "expired", "removed", "not_found"}

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What happened since it was last reset; `failed` holds the items in trouble now."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: set[RelPath] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Reactions:
    """What the dispatcher asks of the rest of the engine."""

    look_again: Callable[[Iterable[RelPath]], None]
    poll_at_once: Callable[[], None]
    noticed: Callable[[Failure], None]
    touched: Callable[[Iterable[RelPath], Iterable[ShareId]], None]
    noted: Callable[[RelPath, Note | None], None]
    published: Callable[[str], None]


class Dispatcher:
    """Runs the plan.

    Attributes:
        held: withdrawals that wait for an answer. tally: for `sync --once`.
    """

    def __init__(
        self,
        tools: Tools,
        tasks: Tasks,
        observer: Observer,
        clock: Clock,
        react: Reactions,
        host: str,
    ) -> None:
        self._tools = tools
        self._journal: Journal = tools.journal
        self._tasks = tasks
        self._observer = observer
        self._clock = clock
        self._react = react
        self._host = host
        self._backoff: Backoff[RelPath] = Backoff(tools.rand)
        self._moves: deque[Move | Exchange] = deque()
        self._withdrawals: deque[Withdraw] = deque()
        self._small: deque[Publish] = deque()
        self._large: deque[Publish] = deque()
        self._doubts: list[doubts.Doubt] = []
        self._in_flight: set[RelPath] = set()
        self._sending: dict[RelPath, moves.Inode | None] = {}
        self._running: Counter[str] = Counter()
        self._in_lanes: set[Task] = set()
        self._confirmed = {RelPath(p) for p in json.loads(self._journal.get(CONFIRMED_KEY) or "[]")}
        self._is_stale = True
        self._planned_at = -1.0
        self._plan_after = -1.0
        self._is_put_off = False
        self._outlook = 0
        self._waits_for_rest = False
        self.held = _loaded(self._journal.get(HELD_KEY))
        self._held_paths = {action.path for action in self.held}
        self.tally = Tally()

    # --- planning --------------------------------------------------------------------------------

    def see_again(self) -> None:
        """The trees changed: the plan has to be made anew."""
        self._is_stale = True

    @property
    def is_idle(self) -> bool:
        """Whether nothing is planned, in flight, or waiting for a file to come to rest."""
        is_waiting = self._is_stale or self._waits_for_rest
        is_doubting = bool(self._doubts) or self._running["doubt"] > 0
        return not (is_waiting or is_doubting or self._planned() or self._in_flight)

    def is_uploading(self, path: RelPath) -> bool:
        """Whether the bytes of this path are on their way."""
        return path in self._sending

    def is_held(self, path: RelPath) -> bool:
        """Whether the withdrawal of this path waits for the person's answer."""
        return path in self._held_paths

    def waiting(self) -> int:
        """How many paths are planned or in flight; while paused or offline, how many will be."""
        return self._planned() + len(self._in_flight) + self._outlook

    def _planned(self) -> int:
        uploads = len(self._small) + len(self._large)
        return uploads + len(self._moves) + len(self._withdrawals)

    def next_wake(self) -> float | None:
        """When something that rests may go on (monotonic seconds).

        What was free to go on when the last plan was made, and is still here, wants nothing.
        """
        wake = self._backoff.next_wake(self._planned_at)
        if not self._is_put_off:
            return wake
        return self._plan_after if wake is None else min(wake, self._plan_after)

    def has_retries(self, noted: Collection[RelPath]) -> bool:
        """Whether something failed that will be tried again soon by itself."""
        return any(path not in noted for path in self.tally.failed)

    def rest_is_over(self) -> None:
        """Try everything again at once."""
        self._backoff.all_rest_over()
        self._is_stale = True

    def changed(self, paths: Iterable[RelPath]) -> None:
        """These files are different now: what went wrong with them before says nothing."""
        for path in paths:
            self._backoff.clear(path)
            self.tally.failed.discard(path)
            self._react.noted(path, None)
        self._is_stale = True

    def turn(self) -> None:
        """Make the plan if it is stale, and start what may start."""
        now = self._clock.monotonic()
        woken = self.next_wake()
        if self._is_stale or self._waits_for_rest or (woken is not None and woken <= now):
            self._plan_in_time(now)
        for _ in range(PLANS_A_TURN):
            # What was settled in the journal alone may have left something to do.
            if self._is_stale:
                self._plan_in_time(now)
        self._start_tasks()

    def look_ahead(self) -> None:
        """While paused or offline: count what there is to do, and begin nothing."""
        if not self._is_stale:
            return
        self._is_stale = False
        trees = self._journal.differences()
        around = Surroundings(self._host, self._finder(trees), lambda _: True)
        actions = reconcile(trees, around).actions
        self._outlook = sum(not execute.is_local_only(action) for action in actions)

    def _plan_in_time(self, now: float) -> None:
        """Plan, unless there is enough to do until planning again is worth its time."""
        self._is_put_off = now < self._plan_after and bool(self._planned() or self._in_flight)
        if not self._is_put_off:
            self._plan(now)
            ended = self._clock.monotonic()
            self._plan_after = ended + PLAN_REST * (ended - now)

    def _plan(self, now: float) -> None:
        self._is_stale = False
        self._outlook = 0
        self._planned_at = now
        trees = self._journal.differences()
        vanished = {path for path in trees.synced if path not in trees.local}
        self._observer.keep_absent(vanished)
        around = Surroundings(self._host, self._finder(trees), self._may_withdraw)
        plan = self._guarded(reconcile(trees, around))
        # What came right by another way meanwhile is nothing to wait for.
        wanted = {path for action in (*plan.actions, *plan.held) for path in paths_of(action)}
        self.tally.failed &= wanted | self._observer.unhashed.keys()
        local = [a for a in plan.actions if execute.is_local_only(a)]
        if local:
            self._settle_locally(local)
        self._clear()
        self._waits_for_rest = False
        # A file that is being sent under its old name is moved when it has arrived, not sent twice.
        homes = self._unread_homes(plan, trees) | set(self._sending.values())
        publications = [action for action in plan.actions if isinstance(action, Publish)]
        arriving = {action.file.sha256 for action in publications}
        arriving_soon = {
            action.file.sha256
            for action in publications
            if self._backoff.failures(action.path) < PATIENCE
        }
        for action in plan.actions:
            if _is_stranger(action, trees) and _inode(action) in homes:
                self._waits_for_rest = True
            elif isinstance(action, Withdraw) and trees.synced[action.path].sha256 in arriving:
                # The same bytes first arrive under their new name, however long that takes.
                self._waits_for_rest |= trees.synced[action.path].sha256 in arriving_soon
            elif not execute.is_local_only(action):
                self._consider(action, now)
        self._give_up_stale()
        self._doubt(plan)

    def _doubt(self, plan: Plan) -> None:
        """See what may have happened unheard and is not wanted any more."""
        if self._running["move"] or self._running["withdraw"] or self._running["doubt"]:
            return
        intents = self._journal.intents()
        self._doubts, done_with = doubts.find(intents, plan.actions, self._in_flight)
        if done_with:
            self._journal.settle([Settled(None, None, None, intent) for intent in done_with])

    def _finder(self, trees: Trees) -> Callable[[RelPath], Document | None]:
        """Return what finds my live document at a path, asking the journal only when it must."""
        live = {
            d.path: d for d in trees.remote.values() if d.is_mine and d.state is DocumentState.LIVE
        }

        def document_at(path: RelPath) -> Document | None:
            if path in trees.local:
                return live.get(path)
            return self._journal.document_at(path)

        return document_at

    def _give_up_stale(self) -> None:
        """End uploads whose file is gone or different: nothing of them may stay behind (A13)."""
        for transfer in self._journal.transfers():
            seen = self._journal.local(transfer.path)
            is_stale = seen is None or seen.stat != transfer.expects
            if is_stale and transfer.path not in self._in_flight and not self._running["stale"]:
                work = execute.give_up_transfer(self._tools, transfer)
                self._in_flight.add(transfer.path)
                self._running["stale"] += 1
                self._in_lanes.add(
                    self._tasks.start("stale", work, partial(self._gave_up, transfer.path))
                )

    def _gave_up(self, path: RelPath, _: None, error: BaseException | None) -> None:
        self._running["stale"] -= 1
        self._in_lanes &= self._tasks.running
        self._in_flight.discard(path)
        self._is_stale = error is None

    def _unread_homes(self, plan: Plan, trees: Trees) -> set[moves.Inode]:
        """Return the agreed inodes of files that were not read yet.

        A file that came from such a place may be one half of an exchange: sent as an edit, it would
        reach the other half's people (R2).
        """
        strangers = [action for action in plan.actions if _is_stranger(action, trees)]
        if not strangers:
            return set()
        is_only_new = not any(action.path in trees.synced for action in strangers)
        if is_only_new and len(self._observer.unhashed) > FEW_UNREAD:
            return (
                set()
            )  # a first look at many files: to ask for each would cost more than it saves
        unread = (self._journal.synced(path) for path in self._observer.unhashed)
        return {(s.dev, s.ino, s.birth_ns) for s in unread if s is not None}

    def _consider(self, action: Action, now: float) -> None:
        paths = paths_of(action)
        if any(p in self._in_flight for p in paths):
            return
        if any(self._backoff.rests(p, now) for p in paths):
            return
        if isinstance(action, Publish) and self._observer.is_ignored(action.path):
            return
        if isinstance(action, Publish) and not self._observer.is_at_rest(action.path):
            self._waits_for_rest = True
            return
        match action:
            case Move() | Exchange():
                self._moves.append(action)
            case Withdraw():
                self._withdrawals.append(action)
            case Publish() if action.file.stat.size > execute.SINGLE_PUT_MAX:
                self._large.append(action)
            case Publish():
                self._small.append(action)

    def _clear(self) -> None:
        self._moves.clear()
        self._withdrawals.clear()
        self._small.clear()
        self._large.clear()

    def _may_withdraw(self, path: RelPath) -> bool:
        """A file that was not read yet may be the vanished one under its new name."""
        agreed = self._observer.may_withdraw(path)
        return agreed and not self._observer.has_unread()

    def _guarded(self, plan: Plan) -> Plan:
        hour_ago = self._clock.wall_ms() - guard.WINDOW_MS
        plan = guard.hold(
            plan,
            self._journal.published_count(),
            self._journal.withdrawals_since(hour_ago),
            self._confirmed,
        )
        if plan.held != self.held:
            self._hold(plan.held)
        return plan

    def _hold(self, held: tuple[Withdraw, ...]) -> None:
        self._react.touched((a.path for a in (*self.held, *held)), ())
        self.held = held
        self._held_paths = {action.path for action in held}
        self._journal.put(HELD_KEY, _dumped(held))

    def _settle_locally(self, actions: list[Action]) -> None:
        execute.settle_locally(self._journal, actions)
        for action in actions:
            paths = paths_of(action)
            self._react.touched(paths, ())
            for path in paths:
                self._backoff.clear(path)
                self.tally.failed.discard(path)
                self._react.noted(path, None)
        self._is_stale = True

    # --- the person's answers --------------------------------------------------------------------

    def answer_deletes(self, confirm: bool) -> int:
        """Withdraw what is held, or keep it in the cloud; return how many documents it was."""
        held = self.held
        if confirm:
            self._confirm(self._confirmed | {a.path for a in held})
        else:
            self._journal.settle([execute.kept(action) for action in held])
        self._react.touched((), (a.share_id for a in held))
        self._hold(())
        self._is_stale = True
        return len(held)

    def _confirm(self, paths: set[RelPath]) -> None:
        self._confirmed = paths
        self._journal.put(CONFIRMED_KEY, json.dumps(sorted(paths)) if paths else None)

    # --- running ---------------------------------------------------------------------------------

    def _start_tasks(self) -> None:
        """Doubts and moves first; while any is on its way nothing else begins: a plan made in doubt
        is a guess, and paths must be free."""
        if self._doubts or self._running["doubt"]:
            self._start_doubts()
            return
        if self._moves or self._running["move"]:
            if not self._running["move"]:
                self._start_moves()
            return
        self._start_withdrawals()
        while self._small and self._running["small"] < SMALL_BATCHES:
            small = self._small_batch()
            self._start("small", small, execute.publish_small(self._tools, small))
        if self._large and not self._running["large"]:
            large = self._large.popleft()
            self._start("large", [large], execute.publish_large(self._tools, large))

    def _start_doubts(self) -> None:
        key = RelPath("")
        now = self._clock.monotonic()
        if self._running["doubt"] or self._backoff.rests(key, now):
            return
        asked = self._doubts[: execute.BATCH]
        self._running["doubt"] += 1
        work = doubts.resolve(self._tools, asked)
        self._in_lanes.add(self._tasks.start("doubt", work, self._doubts_ended))

    def _doubts_ended(self, failure: Failure | None, error: BaseException | None) -> None:
        self._running["doubt"] -= 1
        self._in_lanes &= self._tasks.running
        self._doubts = []
        self._is_stale = True
        if failure is None and error is None:
            self._backoff.clear(RelPath(""))
            return
        after = failure.retry_after if failure is not None else None
        self._backoff.failed(RelPath(""), self._clock.monotonic(), after)
        if failure is not None:
            self._react.noticed(failure)

    def _start_moves(self) -> None:
        if isinstance(self._moves[0], Exchange):
            first = self._moves.popleft()
            assert isinstance(first, Exchange)
            self._start("move", [first], execute.exchange(self._tools, first))
            return
        batch: list[Move] = []
        while self._moves and len(batch) < execute.BATCH:
            if not isinstance(self._moves[0], Move):
                break
            batch.append(self._moves[0])
            self._moves.popleft()
        self._start("move", batch, execute.order(self._tools, batch))

    def _start_withdrawals(self) -> None:
        if self._withdrawals and not self._running["withdraw"]:
            count = min(execute.BATCH, len(self._withdrawals))
            batch = [self._withdrawals.popleft() for _ in range(count)]
            self._start("withdraw", batch, execute.order(self._tools, batch))

    def _small_batch(self) -> list[Publish]:
        batch = [self._small.popleft()]
        size = batch[0].file.stat.size
        while self._small and len(batch) < execute.BATCH:
            size += self._small[0].file.stat.size
            if size > SMALL_BATCH_BYTES:
                break
            batch.append(self._small.popleft())
        return batch

    def _start(self, lane: str, actions: Sequence[Action], work: Work[list[Outcome]]) -> None:
        paths = [p for action in actions for p in paths_of(action)]
        self._in_flight.update(paths)
        self._sending.update((a.path, _inode(a)) for a in actions if isinstance(a, Publish))
        self._running[lane] += 1
        self._react.touched(paths, ())
        ended = partial(self._ended, lane, tuple(actions))
        self._in_lanes.add(self._tasks.start(lane, work, ended))

    def _ended(
        self,
        lane: str,
        actions: tuple[Action, ...],
        outcomes: list[Outcome] | None,
        error: BaseException | None,
    ) -> None:
        self._running[lane] -= 1
        self._in_lanes &= self._tasks.running
        for action in actions:
            self._in_flight.difference_update(paths_of(action))
            for path in paths_of(action):
                self._sending.pop(path, None)
        if error is not None or outcomes is None:
            broken = Failure(
                FailureKind.BUSY,
                "Something went wrong inside the application. It will be tried again; the log "
                "says more.",
                "internal",
            )
            outcomes = [Outcome(action, broken) for action in actions]
        for outcome in outcomes:
            self._take(outcome)

    def stop_running(self) -> None:
        """Pause or end: give up what runs where it stands. The journal has the finished parts."""
        for task in self._in_lanes:
            self._tasks.cancel(task)
        stopped = list(self._in_flight)
        self._in_flight.clear()
        self._sending.clear()
        self._running.clear()
        self._in_lanes.clear()
        self._clear()
        self._is_stale = True
        self._react.touched(stopped, ())

    # --- outcomes --------------------------------------------------------------------------------

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
        for path in paths:
            self._backoff.clear(path)
            self.tally.failed.discard(path)
            self._react.noted(path, None)
        match action:
            case Publish():
                self.tally.counts["uploaded"] += 1
                self._react.published(document.display_name if document else name_of(action.path))
            case Move():
                self.tally.counts["renamed"] += 1
                # The bytes may have changed along with the name.
                self._is_stale = True
            case Exchange(moves=moves):
                self.tally.counts["renamed"] += len(moves)
                self._is_stale = True
            case Withdraw(path=path, share_id=share_id):
                self.tally.counts["withdrawn"] += 1
                was_confirmed = path in self._confirmed
                if was_confirmed:
                    self._confirm(self._confirmed - {path})
                self._journal.log_withdrawal(share_id, self._clock.wall_ms(), was_confirmed)
                self._react.touched((), (share_id,))

    def _take_failure(self, action: Action, paths: tuple[RelPath, ...], failure: Failure) -> None:
        log.info("%s: %s %s", type(action).__name__, failure.kind.value, failure.code)
        if failure.kind in (
            FailureKind.OFFLINE,
            FailureKind.SIGNED_OUT,
            FailureKind.CLOCK_WRONG,
        ):
            self._react.noticed(failure)
            self._is_stale = True
            return
        if failure.kind in (FailureKind.CHANGED, FailureKind.MISSING):
            self._react.look_again(paths)
            return
        now = self._clock.monotonic()
        for path in paths:
            self._backoff.failed(path, now, failure.retry_after)
            self.tally.failed.add(path)
        if failure.kind is FailureKind.REFUSED and failure.code in _OVERTAKEN:
            if failure.code == "expired":
                self._learn_of_the_end(action)
            self._react.poll_at_once()
        if self._is_lasting(failure, paths[0]):
            for path in paths:
                self._react.noted(path, Note(ItemState.PROBLEM.value, failure.message))

    def _learn_of_the_end(self, action: Action) -> None:
        """Take the server's word that a document has expired."""
        for share_id in _documents_of(action):
            document = self._journal.document(share_id)
            if document is not None and document.state is DocumentState.LIVE:
                self._journal.learn([replace(document, state=DocumentState.EXPIRED)], (), None)
        self._is_stale = True

    def _is_lasting(self, failure: Failure, path: RelPath) -> bool:
        if failure.kind is FailureKind.REFUSED and failure.code not in _OVERTAKEN:
            return True
        if failure.kind in (FailureKind.UNREADABLE, FailureKind.NO_SPACE):
            return True
        return self._backoff.failures(path) >= PATIENCE

    def hash_failed(self, path: RelPath, failure: Failure) -> None:
        """A file could not be read: look again, or say so and try later."""
        if failure.kind in (FailureKind.CHANGED, FailureKind.MISSING):
            self._react.look_again((path,))
            return
        self._backoff.failed(path, self._clock.monotonic(), None)
        self.tally.failed.add(path)
        self._react.noted(path, Note(ItemState.PROBLEM.value, failure.message))
        self._react.touched((path,), ())

    def may_hash(self, path: RelPath) -> bool:
        """Whether a file that could not be read may be tried (again)."""
        return not self._backoff.rests(path, self._clock.monotonic())

    def attempts(self, path: RelPath) -> int:
        """How often this item failed in a row."""
        return self._backoff.failures(path)


def _is_stranger(action: Action, trees: Trees) -> TypeGuard[Publish]:
    """Whether the bytes to send lie in another inode than the one agreed on for their path."""
    if not isinstance(action, Publish):
        return False
    synced = trees.synced.get(action.path)
    return synced is None or (synced.dev, synced.ino, synced.birth_ns) != _inode(action)


def _inode(action: Action) -> moves.Inode | None:
    if not isinstance(action, Publish):
        return None
    return (action.file.stat.dev, action.file.stat.ino, action.file.birth_ns)


def _documents_of(action: Action) -> list[ShareId]:
    match action:
        case Withdraw(share_id=share_id) | Publish(target=NewVersion(share_id=share_id)):
            return [share_id]
        case Move(synced=synced):
            return [synced.share_id]
        case _:
            return []


def _dumped(held: Sequence[Withdraw]) -> str | None:
    rows = [[a.path, a.share_id, a.version, a.needs_answer] for a in held]
    return json.dumps(rows) if rows else None


def _loaded(text: str | None) -> tuple[Withdraw, ...]:
    rows = json.loads(text or "[]")
    return tuple(Withdraw(RelPath(p), ShareId(i), version, asks) for p, i, version, asks in rows)
