"""From a plan to running tasks: in which order, and how many at once.

Owns when to plan and what is planned. Leaves to others: the plan (`planning`), what is on its way
(`lanes`), what a failure means (`verdicts`), what waits for the person's answer (`holding`).
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from mydoctransfer.engine.execution import agreements, doubts, errand, large, orders, small
from mydoctransfer.engine.execution.errand import Tools
from mydoctransfer.engine.execution.intents import paths_in
from mydoctransfer.engine.halting import Halts, leaves_nothing
from mydoctransfer.engine.holding import Holding
from mydoctransfer.engine.lanes import Lanes
from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.planning import Planner
from mydoctransfer.engine.ports import Clock, Failure, Journal, Note, Settled
from mydoctransfer.engine.removing import Removals
from mydoctransfer.engine.tasks import Tasks
from mydoctransfer.engine.verdicts import Reactions, Verdicts
from mydoctransfer.model.actions import (
    Action,
    Exchange,
    MarkGone,
    Move,
    Publish,
    Withdraw,
    paths_of,
)
from mydoctransfer.model.events import Halt
from mydoctransfer.model.trees import RelPath

SMALL_BATCHES = 4  # one registering, one on its way, two completing
SMALL_BATCH_BYTES = 64 * 1024 * 1024
PLANS_A_TURN = 8
PLAN_REST = 4.0  # times what the last plan took: with 100,000 files to send, one takes seconds


class Dispatcher:
    """Runs the plan.

    Attributes:
        lanes: what is on its way. holding: what waits for an answer. verdicts: what went wrong.
        halts: which files the person has stopped. removals: what lay there when a document was
            removed.
    """

    def __init__(
        self,
        tools: Tools,
        tasks: Tasks,
        observer: Observer,
        clock: Clock,
        react: Reactions,
        host: str,
        only_new_since: Callable[[], int],
        server_ms: Callable[[], int],
        notes: Mapping[RelPath, Note],
    ) -> None:
        self._tools = tools
        self._journal: Journal = tools.journal
        self._observer = observer
        self._clock = clock
        self._react = react
        self.holding = Holding(tools.journal, server_ms, react.touched)
        self.halts = Halts(tools.journal, lambda paths: react.touched(paths, ()))
        self.removals = Removals(tools.journal)
        self.strain = tools.strain
        self.verdicts = Verdicts(
            tools.journal,
            clock,
            tools.rand,
            tools.strain,
            react,
            self.see_again,
            observer.reading,
            notes,
        )
        self.lanes = Lanes(tasks, react.touched, self.verdicts.take)
        self._planner = Planner(
            tools.journal,
            observer,
            self.holding,
            self.halts,
            self.verdicts,
            self.removals,
            host,
            only_new_since,
            tools.rules,
        )
        self._moves: deque[Move | Exchange] = deque()
        self._withdrawals: deque[Withdraw] = deque()
        self._small: deque[Publish] = deque()
        self._large: deque[Publish] = deque()
        self._strangers: set[RelPath] = set()
        self._doubts: list[doubts.Doubt] = []
        self._is_stale = True
        self._planned_at = -1.0
        self._plan_after = -1.0
        self._is_put_off = False
        self._outlook = 0
        self._waits_for_rest = False

    # --- planning --------------------------------------------------------------------------------

    def see_again(self) -> None:
        """The trees changed: the plan has to be made anew."""
        self._is_stale = True

    @property
    def is_idle(self) -> bool:
        """Whether nothing is planned, in flight, or waiting for a file to come to rest."""
        is_waiting = self._is_stale or self._waits_for_rest
        is_doubting = bool(self._doubts) or self.lanes.running["doubt"] > 0
        return not (is_waiting or is_doubting or self._planned() or self.lanes.in_flight)

    def waiting(self) -> int:
        """How many paths are planned or in flight; while paused or offline, how many will be."""
        return self._planned() + len(self.lanes.in_flight) + self._outlook

    def _planned(self) -> int:
        uploads = len(self._small) + len(self._large)
        return uploads + len(self._moves) + len(self._withdrawals)

    def next_wake(self) -> float | None:
        """When something that rests may go on (monotonic seconds).

        What was free to go on when the last plan was made, and is still here, wants nothing.
        """
        wakes = [self.verdicts.backoff.next_wake(self._planned_at), self.strain.next_wake()]
        if self._is_put_off:
            wakes.append(self._plan_after)
        return min((wake for wake in wakes if wake is not None), default=None)

    def rest_is_over(self) -> None:
        """Try everything again at once."""
        self.verdicts.backoff.all_rest_over()
        self.strain.rest_is_over()
        self._is_stale = True

    def rules_changed(self) -> None:
        """What waits to be sent was planned for other people: nothing of it begins so."""
        self._clear()
        self.rest_is_over()

    def changed(self, paths: Iterable[RelPath]) -> None:
        """These files are different now: what went wrong with them before says nothing."""
        self.verdicts.came_right(paths)
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
        self._outlook = self._planner.count()

    def _plan_in_time(self, now: float) -> None:
        """Plan, unless there is enough to do until planning again is worth its time."""
        self._is_put_off = now < self._plan_after and bool(self._planned() or self.lanes.in_flight)
        if not self._is_put_off:
            self._plan(now)
            ended = self._clock.monotonic()
            self._plan_after = ended + PLAN_REST * (ended - now)

    def _plan(self, now: float) -> None:
        self._is_stale = False
        self._outlook = 0
        self._planned_at = now
        planned = self._planner.plan(self.lanes.in_flight)
        self._send_no_further(planned.whole)
        if planned.local:
            self._settle_locally(planned.local)
        self._clear()
        chosen = self._planner.choose(planned, self.lanes.being_sent())
        self._waits_for_rest = chosen.waits
        self._strangers = chosen.strangers
        self.verdicts.only_these_are_hidden(chosen.hidden)
        for action in chosen.begin:
            self._consider(action, now)
        self._give_up_stale()
        self._doubt([a for a in planned.whole if not leaves_nothing(a, planned.stopped)])

    def _send_no_further(self, actions: Sequence[Action]) -> None:
        """What is being sent and turns out to have left the cloud is not sent on (R6); what was
        begun of it is a doubt from now on."""
        gone = {action.path for action in actions if isinstance(action, MarkGone)}
        if not gone.isdisjoint(self.lanes.being_sent()):
            self.lanes.stop_sending(gone)
            self._is_stale = True

    def _doubt(self, wanted: Sequence[Action]) -> None:
        """See what may have happened unheard and is not wanted any more."""
        if (
            self.lanes.running["move"]
            or self.lanes.running["withdraw"]
            or self.lanes.running["doubt"]
        ):
            return
        intents = self._journal.intents()
        self._doubts, done_with = doubts.find(intents, wanted, self.lanes.in_flight)
        if done_with:
            self._journal.settle([Settled(None, None, None, intent) for intent in done_with])

    def _give_up_stale(self) -> None:
        """End uploads whose file is gone or different: nothing of them may stay behind (A13)."""
        for transfer in self._journal.transfers():
            seen = self._journal.local(transfer.path)
            is_stale = seen is None or seen.stat != transfer.expects
            is_stale |= self.halts.of(transfer.path, None) is Halt.CANCELLED
            if (
                is_stale
                and transfer.path not in self.lanes.in_flight
                and not self.lanes.running["stale"]
                and not self.verdicts.backoff.rests(transfer.path, self._planned_at)
            ):
                work = large.give_up_transfer(self._tools, transfer)
                ended = partial(self._gave_up, transfer.path)
                self.lanes.begin("stale", [transfer.path], work, ended)

    def _gave_up(self, path: RelPath, failure: Failure | None, error: BaseException | None) -> None:
        self._is_stale = error is None
        if failure is not None:
            self.verdicts.backoff.failed(path, self._clock.monotonic(), failure.retry_after)
            self._react.noticed(failure)

    def _consider(self, action: Action, now: float) -> None:
        paths = paths_of(action)
        if any(p in self.lanes.in_flight for p in paths):
            return
        if any(self.verdicts.backoff.rests(p, now) for p in paths):
            return
        if isinstance(action, Publish) and self._observer.is_kept_here(action.path):
            return
        if isinstance(action, Publish) and not self._observer.reading.is_at_rest(action.path):
            self._waits_for_rest = True
            return
        match action:
            case Move() | Exchange():
                self._moves.append(action)
            case Withdraw():
                self._withdrawals.append(action)
            case Publish() if action.file.stat.size > errand.SINGLE_PUT_MAX:
                self._large.append(action)
            case Publish():
                self._small.append(action)

    def _clear(self) -> None:
        self._moves.clear()
        self._withdrawals.clear()
        self._small.clear()
        self._large.clear()

    def _settle_locally(self, actions: list[Action]) -> None:
        agreements.settle_locally(self._journal, actions)
        for action in actions:
            paths = paths_of(action)
            self._react.touched(paths, ())
            self.verdicts.came_right(paths)
        self._is_stale = True

    # --- what the person stops ------------------------------------------------------------------

    def halt(self, paths: Collection[RelPath], how: Halt) -> None:
        """Send these no further; what goes along with one of them begins again."""
        self.halts.stop(paths, how)
        self.lanes.stop_sending(paths)
        self._small = deque(action for action in self._small if action.path not in paths)
        self._large = deque(action for action in self._large if action.path not in paths)
        self.changed(paths)

    def go_on(self, paths: Collection[RelPath]) -> None:
        """Send these at once, whatever stood in their way."""
        self.halts.go_on(paths)
        self.changed(paths)

    # --- the person's answers --------------------------------------------------------------------

    def answer_deletes(self, confirm: bool) -> None:
        """Withdraw what is held, or keep it in the cloud."""
        self.holding.answer(confirm)
        self._is_stale = True

    # --- running ---------------------------------------------------------------------------------

    def _start_tasks(self) -> None:
        """Doubts and moves first; while any is on its way nothing else begins: a plan made in doubt
        is a guess, and paths must be free. What is being given up may have been published: that
        is a doubt nobody could ask about yet."""
        if self.strain.rests() or (self.strain.is_whole and self.lanes.in_flight):
            return
        if self._doubts or self.lanes.running["doubt"]:
            self._start_doubts()
            return
        if self.lanes.running["stale"]:
            return
        if self._moves or self.lanes.running["move"]:
            if not self.lanes.running["move"]:
                self._start_moves()
            return
        self._start_withdrawals()
        while self.lanes.running["small"] < self.strain.room(SMALL_BATCHES):
            if not (batch := self._small_batch()):
                break
            self.lanes.start("small", batch, small.publish_small(self._tools, batch))
        if not self.lanes.running["large"] and (file := self._next_of(self._large)):
            self.lanes.start("large", [file], large.publish_large(self._tools, file))

    def _start_doubts(self) -> None:
        key = RelPath("")
        now = self._clock.monotonic()
        if self.lanes.running["doubt"] or self.verdicts.backoff.rests(key, now):
            return
        asked = self._doubts[: errand.BATCH]
        self.lanes.begin("doubt", [], doubts.resolve(self._tools, asked), self._doubts_ended)

    def _doubts_ended(self, failure: Failure | None, error: BaseException | None) -> None:
        # What had been published unheard may want nothing more: nobody else tells of its row.
        self._react.touched(paths_in(intent for intent, _ in self._doubts), ())
        self._doubts = []
        self._is_stale = True
        if failure is None and error is None:
            self.verdicts.backoff.clear(RelPath(""))
            return
        after = failure.retry_after if failure is not None else None
        self.verdicts.backoff.failed(RelPath(""), self._clock.monotonic(), after)
        if failure is not None:
            self._react.noticed(failure)

    def _start_moves(self) -> None:
        if isinstance(self._moves[0], Exchange):
            first = self._moves.popleft()
            assert isinstance(first, Exchange)
            self.lanes.start("move", [first], orders.exchange(self._tools, first))
            return
        batch: list[Move] = []
        while self._moves and len(batch) < errand.BATCH:
            if not isinstance(self._moves[0], Move):
                break
            batch.append(self._moves[0])
            self._moves.popleft()
        self.lanes.start("move", batch, orders.order(self._tools, batch))

    def _start_withdrawals(self) -> None:
        if self._withdrawals and not self.lanes.running["withdraw"]:
            count = min(errand.BATCH, len(self._withdrawals))
            batch = [self._withdrawals.popleft() for _ in range(count)]
            self.holding.sent(batch)
            self.lanes.start("withdraw", batch, orders.order(self._tools, batch))

    def _small_batch(self) -> list[Publish]:
        batch: list[Publish] = []
        room = SMALL_BATCH_BYTES
        while len(batch) < small.BATCH and (file := self._next_of(self._small)):
            room -= file.file.stat.size
            if batch and room < 0:
                self._small.appendleft(file)
                break
            batch.append(file)
        return batch

    def _next_of(self, files: deque[Publish]) -> Publish | None:
        """Take the next one that may begin. With the plan out of date, half of an exchange would go
        for an edit (R2): what may be one waits for the next plan, which begins with all of it."""
        while files:
            file = files.popleft()
            if not (self._is_stale and file.path in self._strangers):
                return file
        return None

    def stop_running(self) -> None:
        """Pause or end: give up what runs where it stands."""
        self._clear()
        self._is_stale = True
        self.lanes.stop()
