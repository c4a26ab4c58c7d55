"""The engine: messages go in, events come out; inbox, observe, reconcile, dispatch.

One thread calls `receive` and `turn`; nothing else touches the journal or the tasks. The engine has
no thread of its own: `driving` drives it in production, the simulation drives it otherwise.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mydoctransfer.engine.activity import Activity
from mydoctransfer.engine.auditing import Auditing
from mydoctransfer.engine.commands.carrying import Commands
from mydoctransfer.engine.commands.ground import Ground, Hooks
from mydoctransfer.engine.dispatch import Dispatcher
from mydoctransfer.engine.downloads import Downloads
from mydoctransfer.engine.execution import doubts
from mydoctransfer.engine.execution.endings import Endings
from mydoctransfer.engine.execution.errand import BATCH, Tools
from mydoctransfer.engine.expiring import Expiring
from mydoctransfer.engine.former import Former
from mydoctransfer.engine.gauge import Gauge
from mydoctransfer.engine.looking import Looking, Seen
from mydoctransfer.engine.messages import (
    Came,
    Done,
    Hint,
    Message,
    Sent,
    Stop,
    Told,
    WatchMode,
    WatchState,
)
from mydoctransfer.engine.observe import Observer, Scanned
from mydoctransfer.engine.pause import Paused
from mydoctransfer.engine.polling import Polling
from mydoctransfer.engine.ports import Disk, Failure, Hashed, Note, Stretch
from mydoctransfer.engine.readying import Readying
from mydoctransfer.engine.rows import Rows
from mydoctransfer.engine.session import Session
from mydoctransfer.engine.speed import Speed
from mydoctransfer.engine.standing import Parts, Standing
from mydoctransfer.engine.steering import Steering
from mydoctransfer.engine.strain import Strain
from mydoctransfer.engine.supervision import Supervision
from mydoctransfer.engine.tasks import Call, Tasks, Work
from mydoctransfer.engine.telling import Telling
from mydoctransfer.engine.verdicts import Reactions
from mydoctransfer.engine.waiting import Waiting
from mydoctransfer.model.events import Event, Status
from mydoctransfer.model.rules import Rules
from mydoctransfer.model.trees import Document, RelPath, ShareId, parent

SUSPENDED = 60.0  # a turn this late means that the machine slept


class Engine:
    """Owns the journal, the plan and everything in flight.

    `works` says whether it looks after the folder by itself; without, it only carries out commands
    (a command line call beside no running engine). Without `listener` nobody hears its events.
    """

    def __init__(
        self,
        parts: Parts,
        submit: Callable[[int, Call[Any]], None],
        listener: Callable[[Event], None] | None,
        works: bool,
    ) -> None:
        publish = listener or _to_nobody
        self._parts = parts
        self._clock = parts.clock
        self._journal = parts.journal
        self._tasks = Tasks(submit)
        self._tasks.use_clock(parts.clock.monotonic)
        notes = parts.journal.notes()
        self._observer = Observer(parts.journal, parts.clock, parts.grace)
        self._readying = Readying(parts.objects, self._observer)
        self._session = Session(
            parts.journal,
            parts.identity,
            parts.cloud,
            parts.clock,
            parts.rand,
            self._learned,
            self._another_account,
            parts.poll,
        )
        self._paused = Paused(parts.journal, parts.clock)
        self._supervision = Supervision(parts.workers, parts.clock)
        self._activity = Activity(parts.journal, parts.clock, publish)
        self._expiring = Expiring(parts.journal, self._session, parts.clock)
        self._former = Former(parts.journal)
        self._gauge = Gauge(publish)
        self._tools = Tools(
            parts.journal,
            parts.cloud,
            parts.objects,
            parts.rand,
            self._rules,
            self._gauge.arrived,
            Strain(parts.clock, parts.rand),
            Speed(parts.clock),
            self._former,
            Endings(),
            self._wrote,
        )
        self._dispatcher = Dispatcher(
            self._tools,
            self._tasks,
            self._observer,
            parts.clock,
            Reactions(
                self._look_again,
                lambda: self._polling.at_once(),
                self._session.noticed,
                self._touched,
                self._noted,
                self._was_published,
            ),
            parts.host,
            parts.settings.only_new_since,
            self._session.server_ms,
            notes,
        )
        self._standing = Standing(
            parts,
            self._session,
            self._observer,
            self._dispatcher,
            self._paused,
            self._supervision,
            notes,
            works,
        )
        self._polling = Polling(self._standing, self._tasks, self._dispatcher.see_again)
        self._rows = Rows(
            parts.journal,
            notes,
            listener,
            self._dispatcher.lanes.is_uploading,
            self._dispatcher.holding.is_held,
            self._dispatcher.halts.of,
            self._me,
            self._former.of,
            self._observer.is_ignored,
            self._dispatcher.removals.of,
        )
        self._downloads = Downloads(parts.inbox, self._rows, publish)
        hooks = Hooks(
            self._folder_chosen,
            lambda: self._disk,
            self._documents_changed,
            self._files_added,
            self._look_again,
            self._row_changed,
            self._rules_changed,
            self._signed_in,
            self._signed_out,
        )
        ground = Ground(
            parts.journal, self._session, parts.cloud, parts.settings, parts.rand, hooks
        )
        self._waiting = Waiting(self._standing)
        self._telling = Telling(self._standing, self._rows, self._expiring, self._activity, publish)
        self._steering = Steering(
            self._standing,
            self._tasks,
            Commands.on(ground, parts.identity, self._downloads, self._dispatcher.removals),
            self._waiting,
            self._activity,
            self._telling,
            self._rows,
        )
        self._disk: Disk | None = None
        self._turned_at = parts.clock.monotonic()
        self.is_stopped = False
        folder = parts.settings.folder()
        if folder is not None:
            self._standing.looking = self._look_at(folder, parts.settings.open(folder))

    # --- messages --------------------------------------------------------------------------------

    def receive(self, message: Message) -> None:
        """Take one message from the inbox."""
        match message:
            case Done(ticket=ticket, result=result):
                self._tasks.done(ticket, result)
            case Hint(directories=directories):
                self._hint(directories)
            case WatchState():
                if message.mode is WatchMode.ENDED:
                    self._supervision.died(message.message)
                if self._standing.looking is not None:
                    self._standing.looking.watch_changed(message)
            case Told(command=command, reply=reply):
                self._steering.tell(command, reply)
            case Came(share_id=share_id, number=number, total=total):
                self._downloads.came(share_id, number, total)
            case Sent(path=path, number=number, amount=amount):
                self._gauge.given(path, number, amount)
            case Stop():
                self.is_stopped = True

    def _hint(self, directories: Iterable[RelPath]) -> None:
        if self._standing.looking is not None:
            self._standing.looking.hint(directories)

    def abandon(self, error: BaseException) -> None:
        """Answer whoever still waits for something: this error ends the engine."""
        self._steering.abandon(error)

    # --- the turn --------------------------------------------------------------------------------

    def turn(self) -> None:
        """Start what is due, tell what changed."""
        now = self._clock.monotonic()
        if now - self._turned_at > SUSPENDED and self._standing.works:
            self._steering.look_now()
            self._standing.has_polled = False
        self._turned_at = now
        self._supervision.turn()
        self._tasks.wake()
        if self._paused.is_over():
            self._steering.resume()
        self._session.end_documents()
        if self._standing.works or self._waiting:
            self._polling.turn(now)
            if self._standing.looking is not None:
                self._folder_turn(self._standing.looking)
        self._waiting.check()
        self._telling.turn()

    def _folder_turn(self, looking: Looking) -> None:
        looking.turn()
        if self._paused.is_on or self._session.trouble is not None:
            self._dispatcher.look_ahead()
        elif self._standing.can_plan(looking):
            self._readying.turn()
            self._dispatcher.turn()

    def _scanned(self, scan: Scanned) -> None:
        self._rows.touch(scan.changed | scan.vanished)
        if scan.has_new_rules:
            self._rows.rules_were_read()
        verdicts = self._dispatcher.verdicts
        verdicts.only_these_are_unreadable(self._observer.frozen.to_tell())
        verdicts.only_these_are_no_patterns(self._observer.complaints())
        self._dispatcher.changed(scan.changed | scan.vanished)
        self._dispatcher.see_again()
        self._readying.seen(scan.changed)
        if scan.changed or scan.vanished:
            self._session.active_at = self._clock.monotonic()

    def _hashed(self, outcomes: Sequence[tuple[RelPath, Hashed | Failure]]) -> None:
        for path, outcome in outcomes:
            if isinstance(outcome, Failure):
                self._dispatcher.verdicts.hash_failed(path, outcome)
            else:
                self._telling.noted(path, None)
        self._rows.touch(path for path, _ in outcomes)
        self._dispatcher.see_again()

    # --- what others tell ------------------------------------------------------------------------

    def _look_again(self, paths: Iterable[RelPath]) -> None:
        self._hint({parent(path) for path in paths})

    def _touched(self, paths: Iterable[RelPath], ids: Iterable[ShareId]) -> None:
        self._rows.touch(paths, ids)

    def _noted(self, path: RelPath, note: Note | None) -> None:
        self._telling.noted(path, note)

    def _was_published(self, name: str) -> None:
        self._telling.was_published(name)

    def _learned(
        self, documents: tuple[Document, ...], forgotten: tuple[ShareId, ...], is_all: bool
    ) -> None:
        self._expiring.changed()
        if is_all:
            self._rows.touch_all()
        else:
            self._rows.touch((), [d.share_id for d in documents])
            self._rows.touch((), forgotten)
        self._telling.learned(documents, forgotten, is_all=is_all)
        self._dispatcher.see_again()

    def _wrote(self, stretch: Stretch) -> None:
        self._session.wrote(stretch)
        self._expiring.changed()

    def _documents_changed(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self._former.shared(document)
        self._expiring.changed()
        self._rows.touch((), [d.share_id for d in documents])
        self._dispatcher.see_again()

    def _files_added(self, paths: Sequence[RelPath], copied: Sequence[RelPath]) -> None:
        self._activity.added(copied)
        self._hint({parent(path) for path in paths})

    def _rules_changed(self) -> Work[None]:
        self._dispatcher.rules_changed()
        self._telling.rules_changed()
        begun = [] if self._standing.works else doubts.begun_otherwise(self._tools)
        # The sweep publishes what has arrived, if the next start is late: it does what is left.
        if begun and (yield from self._session.restore()) is None:
            for start in range(0, len(begun), BATCH):
                yield from doubts.resolve(self._tools, begun[start : start + BATCH])

    def _look_at(self, folder: str, disk: Disk) -> Looking:
        self._disk = disk
        seen = Seen(
            self._scanned,
            self._hashed,
            self._dispatcher.verdicts.may_hash,
            self._most_bytes,
            self._may_audit,
        )
        auditing = Auditing(
            disk, self._journal, self._observer.reading, self._tasks, self._clock, self._hint
        )
        watch = self._parts.watch
        return Looking(
            disk, folder, self._observer, self._tasks, self._clock, watch, seen, auditing
        )

    def _may_audit(self) -> bool:
        return not self._paused.is_on and self._dispatcher.is_idle

    def _another_account(self) -> None:
        """Somebody else signed in: nothing of the one before concerns them (I13)."""
        self._dispatcher.stop_running()
        self._journal.clear()
        self._parts.settings.forget_folder()
        self._observer.start_over()
        self._standing.notes.clear()
        self._telling.rules_changed()
        self._activity.forget()
        self._dispatcher.halts.forget()
        self._dispatcher.removals.forget_all()
        self._former.forget()
        self._standing.looking = None
        self._disk = None
        self._rows.touch_all()

    def _row_changed(self, path: RelPath) -> None:
        self._rows.touch((path,))
        self._dispatcher.see_again()

    def _folder_chosen(self, folder: str, disk: Disk) -> None:
        self._dispatcher.stop_running()
        before = self._standing.looking
        if before is None or before.folder != folder:
            self._dispatcher.halts.forget()
        self._observer.start_over()
        self._standing.notes.clear()
        self._standing.notes.update(self._journal.notes())
        self._standing.looking = self._look_at(folder, disk)
        self._rows.touch_all()

    def _signed_in(self) -> None:
        self._standing.has_polled = True
        self._steering.look_now()
        self._rows.touch_all()

    def _signed_out(self) -> None:
        self._dispatcher.stop_running()
        self._standing.has_polled = False

    def _me(self) -> Any:
        account = self._session.account
        return account.person if account else None

    def _most_bytes(self) -> int | None:
        account = self._session.account
        return account.policy.max_bytes if account else None

    def _rules(self) -> Rules:
        return Rules(self._journal.rules(), self._parts.settings.lifetime())

    def status(self) -> Status:
        """How things stand now."""
        return self._telling.status()

    # --- sleeping --------------------------------------------------------------------------------

    def next_wake(self) -> float:
        """How many seconds from now the engine wants its next turn, without a message."""
        if not self._standing.works and not self._waiting:
            wakes = [self._tasks.next_wake()]
        else:
            wakes = [*self._polling.wakes(), *self._folder_wakes(), self._tasks.next_wake()]
            wakes.append(self._session.next_end())
            wakes.append(self._supervision.next_wake())
            wakes.append(self._expiring.next_wake() if self._standing.works else None)
        now = self._clock.monotonic()
        left = self._paused.left()
        wakes.append(None if left is None else now + left)
        return max(0.0, min((w for w in wakes if w is not None), default=now + 60.0) - now)

    def _folder_wakes(self) -> list[float | None]:
        if self._standing.looking is None:
            return []
        may_plan = self._standing.can_plan(self._standing.looking) and not self._paused.is_on
        resting = self._dispatcher.next_wake() if may_plan else None
        return [resting, *self._standing.looking.wakes()]


def _to_nobody(event: Event) -> None:
    """Where an event goes that nobody hears."""
