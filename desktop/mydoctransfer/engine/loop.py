"""The engine: messages go in, events come out; inbox, observe, reconcile, dispatch.

One thread calls `receive` and `turn`; nothing else touches the journal or the tasks. The engine has
no thread of its own: `run` drives it in production, the simulation drives it otherwise.
"""

import logging
import queue
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from mydoctransfer.engine import answers
from mydoctransfer.engine.commands import (
    SESSION_KEY,
    Commands,
    Hooks,
)
from mydoctransfer.engine.dispatch import Dispatcher, Reactions, Tally
from mydoctransfer.engine.execute import Tools
from mydoctransfer.engine.expiring import Expiring
from mydoctransfer.engine.looking import Looking, Seen
from mydoctransfer.engine.messages import (
    Done,
    Hint,
    Message,
    Reply,
    Sent,
    Stop,
    Told,
    WatchState,
)
from mydoctransfer.engine.observe import Observer, Scanned
from mydoctransfer.engine.pause import Paused
from mydoctransfer.engine.ports import (
    Clock,
    Cloud,
    Disk,
    Failure,
    Hashed,
    Identity,
    Inbox,
    Journal,
    Note,
    Objects,
    Rand,
    Settings,
    Watch,
)
from mydoctransfer.engine.rows import Rows
from mydoctransfer.engine.session import POLL, Presence, Session
from mydoctransfer.engine.tasks import Call, Tasks, Work
from mydoctransfer.model import commands as c
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import AppError, NotSignedIn
from mydoctransfer.model.events import (
    DeletesHeld,
    EngineState,
    Event,
    ExpiringSoon,
    ItemState,
    ProblemRaised,
    Progress,
    Published,
    SharedWithYou,
    Status,
    StatusChanged,
)
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    RelPath,
    ShareId,
    name_of,
    parent,
)

OFFSET_NEWS_MS = 500
SUSPENDED = 60.0  # a turn this late means that the machine slept

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Parts:
    """What app.py builds the engine from; `watch` is None where nobody waits for changes."""

    journal: Journal
    cloud: Cloud
    objects: Objects
    inbox: Inbox
    identity: Identity
    settings: Settings
    watch: Watch | None
    clock: Clock
    rand: Rand
    host: str
    grace: float = 60.0  # seconds between the two looks that make an absence a deletion
    poll: float = POLL  # seconds between two questions to the cloud


@dataclass(slots=True)
class _Waiter:
    """Somebody who waits for the engine to get somewhere. `check` answers None until then."""

    check: Callable[[], Reply | None]
    reply: Callable[[Reply], None]


class Engine:
    """Owns the journal, the plan and everything in flight.

    `works` says whether it looks after the folder by itself; without, it only carries out commands
    (a command line call beside no running engine).
    """

    def __init__(
        self,
        parts: Parts,
        submit: Callable[[int, Call[Any]], None],
        publish: Callable[[Event], None],
        works: bool,
    ) -> None:
        self._parts = parts
        self._publish = publish
        self._works = works
        self._clock = parts.clock
        self._journal = parts.journal
        self._tasks = Tasks(submit)
        self._tasks.use_clock(parts.clock.monotonic)
        self._notes: dict[RelPath, Note] = parts.journal.notes()
        self._observer = Observer(parts.journal, parts.clock, parts.grace)
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
        self._expiring = Expiring(parts.journal, self._session, parts.clock)
        self._looking: Looking | None = None
        self._tools = Tools(
            parts.journal,
            parts.cloud,
            parts.objects,
            parts.rand,
            self._default_lifetime,
            self._progressed,
        )
        self._dispatcher = Dispatcher(
            self._tools,
            self._tasks,
            self._observer,
            parts.clock,
            Reactions(
                self._look_again,
                self._poll_at_once,
                self._session.noticed,
                self._touched,
                self._noted,
                self._was_published,
            ),
            parts.host,
        )
        self._rows = Rows(
            parts.journal,
            self._notes,
            publish,
            self._dispatcher.is_uploading,
            self._dispatcher.is_held,
            self._me,
        )
        self._commands = Commands(
            parts.journal,
            self._session,
            parts.identity,
            parts.cloud,
            parts.inbox,
            parts.settings,
            parts.rand,
            Hooks(
                self._folder_chosen,
                lambda: self._disk,
                self._documents_changed,
                self._files_added,
                self._row_changed,
                self._signed_in,
                self._signed_out,
            ),
        )
        self._waiters: list[_Waiter] = []
        self._published_names: list[str] = []
        self._newly_shared: list[ShareId] = []
        self._told_status: Status | None = None
        self._disk: Disk | None = None
        self._told_held: tuple[RelPath, ...] = ()
        self._is_polling = False
        self._has_polled = False
        self._turned_at = parts.clock.monotonic()
        self.is_stopped = False
        folder = parts.settings.folder()
        if folder is not None:
            self._looking = self._look_at(folder, parts.settings.open(folder))

    # --- messages --------------------------------------------------------------------------------

    def receive(self, message: Message) -> None:
        """Take one message from the inbox."""
        match message:
            case Done(ticket=ticket, result=result):
                self._tasks.done(ticket, result)
            case Hint(directories=directories):
                self._hint(directories)
            case WatchState():
                if self._looking is not None:
                    self._looking.watch_changed(message)
            case Told(command=command, reply=reply):
                self._tell(command, reply)
            case Sent():
                pass
            case Stop():
                self.is_stopped = True

    def _hint(self, directories: Iterable[RelPath]) -> None:
        if self._looking is not None:
            self._looking.hint(directories)

    # --- commands --------------------------------------------------------------------------------

    def _tell(self, command: c.Command, reply: Callable[[Reply], None]) -> None:
        match command:
            case c.Pause(seconds=seconds):
                self._pause(seconds)
                reply(answers.OK)
            case c.Resume():
                self._resume()
                reply(answers.OK)
            case c.LookNow():
                self._look_now()
                reply(answers.OK)
            case c.GetStatus():
                reply(self._status_answer())
            case c.AnswerDeletes(confirm=confirm):
                reply(self._answer_deletes(confirm))
            case c.SyncOnce(delete_grace=grace):
                self._sync_once(grace, reply)
            case c.SendAgain(path=path):
                self._start_command(command, partial(self._sent_again, path, reply))
            case _:
                self._start_command(command, reply)

    def _start_command(self, command: c.Command, reply: Callable[[Reply], None]) -> None:
        def ended(answer: Answer | None, error: BaseException | None) -> None:
            if answer is not None:
                reply(answer)
            elif isinstance(error, AppError):
                reply(error)
            else:
                reply(
                    AppError(
                        "Something went wrong",
                        "Something went wrong inside the application; the log says more.",
                        "internal",
                    )
                )

        def work() -> Work[Answer]:
            # Inside a generator, so that what it raises at once is answered like the rest.
            return (yield from self._commands.carry_out(command))

        self._tasks.start(type(command).__name__, work(), ended)

    def _pause(self, seconds: int | None) -> None:
        self._paused.begin(seconds)
        self._dispatcher.stop_running()

    def _resume(self) -> None:
        self._paused.end()
        self._dispatcher.rest_is_over()
        self._look_now()

    @property
    def _is_paused(self) -> bool:
        return self._paused.is_on

    def _look_now(self) -> None:
        if self._looking is not None:
            self._looking.look_now()
        self._session.try_keyring_again()
        self._session.poll_at_once()
        self._dispatcher.rest_is_over()

    def _answer_deletes(self, confirm: bool) -> Reply:
        if not self._dispatcher.held:
            return AppError("Nothing to answer", "No deletions are held back.", "nothing_held")
        self._dispatcher.answer_deletes(confirm)
        return answers.OK

    def _sync_once(self, grace: int, reply: Callable[[Reply], None]) -> None:
        self._works = True
        self._observer.grace = float(grace)
        self._dispatcher.tally = Tally()
        self._look_now()
        self._has_polled = False
        ended = partial(self._synced_once, reply)
        self._waiters.append(
            _Waiter(partial(self._is_synced_since, self._clock.monotonic()), ended)
        )

    def _synced_once(self, reply: Callable[[Reply], None], answer: Reply) -> None:
        # A shorter grace was asked for this once, not for the engine that goes on watching (R5).
        self._observer.grace = self._parts.grace
        reply(answer)

    def _sent_again(self, path: str, reply: Callable[[Reply], None], sent: Reply) -> None:
        if isinstance(sent, AppError):
            reply(sent)
            return
        self._works = True
        # It has just been polled for.
        self._has_polled = True
        relative = RelPath(sent["path"])
        self._dispatcher.changed([relative])
        self._waiters.append(_Waiter(partial(self._is_sent_again, relative), reply))

    # --- waiting for the engine to get somewhere -------------------------------------------------

    def _check_waiters(self) -> None:
        still: list[_Waiter] = []
        for waiter in self._waiters:
            answer = self._cannot_go_on() or waiter.check()
            if answer is None:
                still.append(waiter)
            else:
                waiter.reply(answer)
        self._waiters = still

    def _cannot_go_on(self) -> AppError | None:
        if self._session.presence is Presence.SIGNED_OUT:
            return NotSignedIn()
        if self._session.trouble is not None and self._session.polled_at is not None:
            return answers.error(self._session.trouble)
        if self._is_paused:
            return AppError("Paused", "Syncing is paused. Resume it first.", "paused")
        if self._looking is None:
            return AppError(
                "No folder", "No folder is chosen yet. Choose one with: folder DIR", "no_folder"
            )
        if self._looking.sick and not self._looking.is_about_to_look:
            return AppError("Folder", self._looking.sick, "folder_problem")
        return None

    def _is_synced_since(self, began: float) -> Reply | None:
        assert self._looking is not None
        is_restless = (
            not self._looking.is_settled_since(began)
            or not self._has_polled
            or not self._dispatcher.is_idle
            or self._dispatcher.has_retries(self._notes.keys())
        )
        awaits_second_look = (
            self._observer.second_look_at() is not None and not self._dispatcher.held
        )
        if is_restless or awaits_second_look:
            return None
        return self._synced_answer()

    def _synced_answer(self) -> Reply:
        counts = self._dispatcher.tally.counts
        failed = [p for p, note in self._notes.items() if note.state == "problem"]
        held = len(self._dispatcher.held)
        if held:
            return AppError(
                "Deletions are held back",
                f"{answers.counted(held, 'document')} would leave the cloud because the files are "
                "gone from the folder. Answer with: deletes --confirm or deletes --keep",
                "deletes_held",
            )
        if failed:
            first = failed[0]
            return AppError(
                "Not everything is in the cloud",
                f"{answers.counted(len(failed), 'file')} could not be sent. {first}: "
                f"{self._notes[first].message}",
                "items_failed",
            )
        done = counts["uploaded"] + counts["renamed"]
        return {
            "uploaded": counts["uploaded"],
            "renamed": counts["renamed"],
            "withdrawn": counts["withdrawn"],
            "unchanged": max(0, self._journal.published_count() - done),
            "skipped": len(self._journal.skipped()),
            "failed": 0,
            "held_deletes": 0,
        }

    def _is_sent_again(self, path: RelPath) -> Reply | None:
        note = self._notes.get(path)
        if note is not None and note.state == "problem":
            return AppError("Not sent", note.message, "items_failed")
        synced = self._journal.synced(path)
        document = self._journal.document(synced.share_id) if synced else None
        if synced is None or document is None or synced.is_gone or not synced.sha256:
            return None
        if document.state is not DocumentState.LIVE:
            return None
        return {"document": answers.document(document, path)}

    # --- the turn --------------------------------------------------------------------------------

    def turn(self) -> None:
        """Start what is due, tell what changed."""
        now = self._clock.monotonic()
        if now - self._turned_at > SUSPENDED and self._works:
            self._look_now()
            self._has_polled = False
        self._turned_at = now
        self._tasks.wake()
        if self._paused.is_over():
            self._resume()
        self._session.end_documents()
        if self._works or self._waiters:
            self._session_turn(now)
            if self._looking is not None:
                self._folder_turn(self._looking)
        self._check_waiters()
        self._tell_changes()

    def _session_turn(self, now: float) -> None:
        if self._is_polling:
            return
        if self._session.presence is Presence.UNKNOWN:
            self._is_polling = True
            self._tasks.start("restore", self._session.restore(), self._restored)
            return
        due = self._session.next_poll()
        if due is not None and due <= now and not self._is_paused:
            self._is_polling = True
            self._tasks.start("poll", self._session.poll(), self._polled)

    def _restored(self, failure: Failure | None, error: BaseException | None) -> None:
        self._is_polling = False
        if error is not None or (failure is not None and self._session.trouble is None):
            # The keyring is locked or missing: nobody is signed in as far as can be known.
            self._session.signed_out()

    def _polled(self, failure: Failure | None, error: BaseException | None) -> None:
        self._is_polling = False
        if failure is None and error is None:
            self._has_polled = True
            self._dispatcher.see_again()
        elif error is not None:
            self._session.failed()

    def _folder_turn(self, looking: Looking) -> None:
        looking.turn()
        if self._is_paused or self._session.trouble is not None:
            self._dispatcher.look_ahead()
        elif self._can_plan(looking):
            self._dispatcher.turn()

    def _can_plan(self, looking: Looking) -> bool:
        """Whether both sides are known well enough."""
        has_seen_all = self._has_polled and looking.full_scan_began is not None
        return has_seen_all and self._session.is_online and not looking.sick

    def _scanned(self, scan: Scanned) -> None:
        self._rows.touch(scan.changed | scan.vanished)
        self._dispatcher.changed(scan.changed | scan.vanished)
        self._dispatcher.see_again()
        if scan.changed or scan.vanished:
            self._session.active_at = self._clock.monotonic()

    def _hashed(self, outcomes: Sequence[tuple[RelPath, Hashed | Failure]]) -> None:
        for path, outcome in outcomes:
            if isinstance(outcome, Failure):
                self._dispatcher.hash_failed(path, outcome)
            else:
                self._noted(path, None)
        self._rows.touch(path for path, _ in outcomes)
        self._dispatcher.see_again()

    # --- what others tell ------------------------------------------------------------------------

    def _look_again(self, paths: Iterable[RelPath]) -> None:
        self._hint({parent(path) for path in paths})

    def _poll_at_once(self) -> None:
        self._session.poll_at_once()
        self._has_polled = False

    def _touched(self, paths: Iterable[RelPath], ids: Iterable[ShareId]) -> None:
        self._rows.touch(paths, ids)

    def _noted(self, path: RelPath, note: Note | None) -> None:
        if self._notes.get(path) == note:
            return
        self._journal.note(path, note)
        if note is None:
            self._notes.pop(path, None)
        else:
            self._notes[path] = note
            self._publish(ProblemRaised(path, name_of(path), note.message))
        self._rows.touch((path,))

    def _was_published(self, name: str) -> None:
        self._published_names.append(name)

    def _progressed(self, path: RelPath, sent: int, total: int) -> None:
        self._publish(Progress(path, sent, total))

    def _learned(
        self, documents: tuple[Document, ...], forgotten: tuple[ShareId, ...], is_all: bool
    ) -> None:
        self._expiring.changed()
        if is_all:
            self._rows.touch_all()
        else:
            self._rows.touch((), [d.share_id for d in documents])
            self._rows.touch((), forgotten)
            self._newly_shared.extend(
                d.share_id
                for d in documents
                if not d.is_mine and d.state is DocumentState.LIVE and d.version == 1
            )
        self._dispatcher.see_again()

    def _documents_changed(self, documents: Sequence[Document]) -> None:
        self._expiring.changed()
        self._rows.touch((), [d.share_id for d in documents])
        self._dispatcher.see_again()

    def _files_added(self, paths: Sequence[RelPath]) -> None:
        self._hint({parent(path) for path in paths})

    def _look_at(self, folder: str, disk: Disk) -> Looking:
        self._disk = disk
        seen = Seen(self._scanned, self._hashed, self._dispatcher.may_hash, self._most_bytes)
        return Looking(
            disk, folder, self._observer, self._tasks, self._clock, self._parts.watch, seen
        )

    def _another_account(self) -> None:
        """Somebody else signed in: nothing of the one before concerns them (I13)."""
        self._dispatcher.stop_running()
        self._journal.clear()
        self._parts.settings.forget_folder()
        self._observer.start_over()
        self._notes.clear()
        self._looking = None
        self._disk = None
        self._rows.touch_all()

    def _row_changed(self, path: RelPath) -> None:
        self._rows.touch((path,))
        self._dispatcher.see_again()

    def _folder_chosen(self, folder: str, disk: Disk) -> None:
        self._dispatcher.stop_running()
        self._observer.start_over()
        self._notes.clear()
        self._notes.update(self._journal.notes())
        self._looking = self._look_at(folder, disk)
        self._rows.touch_all()

    def _signed_in(self) -> None:
        self._has_polled = True
        self._look_now()
        self._rows.touch_all()

    def _signed_out(self) -> None:
        self._dispatcher.stop_running()

    def _me(self) -> Any:
        account = self._session.account
        return account.person if account else None

    def _most_bytes(self) -> int | None:
        account = self._session.account
        return account.policy.max_bytes if account else None

    def _default_lifetime(self) -> int | None:
        return self._parts.settings.lifetime()

    # --- telling ---------------------------------------------------------------------------------

    def _tell_changes(self) -> None:
        self._tell_busy()
        if self._published_names:
            self._publish(Published(tuple(self._published_names)))
            self._published_names = []
        if self._newly_shared:
            self._tell_shared()
        if self._works:
            self._tell_expiring()
        held = tuple(a.path for a in self._dispatcher.held)
        if held != self._told_held:
            self._told_held = held
            if held:
                self._publish(DeletesHeld(held, self._journal.published_count()))
        self._rows.flush()
        status = self.status()
        if status != self._told_status:
            self._told_status = status
            self._publish(StatusChanged(status))

    def _tell_busy(self) -> None:
        for path in self._observer.busy():
            self._noted(
                path,
                Note(
                    ItemState.BUSY.value,
                    "It keeps changing; it will be sent when it comes to rest.",
                ),
            )

    def _tell_shared(self) -> None:
        wanted = set(self._newly_shared)
        self._newly_shared = []
        rows = self._rows.of_documents(wanted)
        if rows:
            self._publish(SharedWithYou(tuple(rows)))

    def _tell_expiring(self) -> None:
        rows = self._rows.of_documents({d.share_id for d in self._expiring.turn()})
        if rows:
            self._publish(ExpiringSoon(tuple(rows)))

    def status(self) -> Status:
        """How things stand now."""
        state, message = self._state()
        return Status(
            state=state,
            message=message,
            folder=self._parts.settings.folder(),
            queued=self._dispatcher.waiting() + len(self._observer.unhashed),
            held_deletes=len(self._dispatcher.held),
            account=self._session.account if state is not EngineState.SIGNED_OUT else None,
            clock_offset_ms=self._clock_offset(),
            email=self._parts.settings.email(),
        )

    def _clock_offset(self) -> int:
        """The server's clock as last told; every answer moves it a little, which is no news."""
        told = self._told_status.clock_offset_ms if self._told_status else 0
        measured = self._parts.cloud.clock_offset_ms()
        return measured if abs(measured - told) > OFFSET_NEWS_MS else told

    def _state(self) -> tuple[EngineState, str]:
        if self._is_signed_out():
            return EngineState.SIGNED_OUT, self._session.keyring_message
        if self._is_paused:
            return EngineState.PAUSED, ""
        if self._session.trouble is not None:
            return EngineState.OFFLINE, self._session.trouble.message
        if self._looking is not None and self._looking.sick:
            return EngineState.PROBLEM, self._looking.sick
        problems = sum(note.state == "problem" for note in self._notes.values())
        if problems:
            return EngineState.PROBLEM, f"{answers.counted(problems, 'file')} could not be sent."
        if self._dispatcher.held:
            return EngineState.PROBLEM, "Deletions wait for your answer."
        if self._is_working():
            return EngineState.SYNCING, ""
        return EngineState.IDLE, self._looking.message if self._looking else ""

    def _is_signed_out(self) -> bool:
        if self._session.presence is Presence.UNKNOWN:
            return self._journal.get(SESSION_KEY) is None
        return self._session.presence is Presence.SIGNED_OUT

    def _is_working(self) -> bool:
        if not self._works or self._looking is None:
            return False
        has_seen_all = self._looking.full_scan_began is not None and self._has_polled
        return not has_seen_all or bool(self._observer.unhashed) or not self._dispatcher.is_idle

    def _status_answer(self) -> Answer:
        status = self.status()
        items = [answers.item(row) for row in self._rows.every() if row.path is not None]
        return {
            "state": status.state.value,
            "folder": status.folder,
            "queued": status.queued,
            "items": items,
            "held_deletes": status.held_deletes,
        }

    # --- sleeping --------------------------------------------------------------------------------

    def next_wake(self) -> float:
        """How many seconds from now the engine wants its next turn, without a message."""
        if not self._works and not self._waiters:
            wakes = [self._tasks.next_wake()]
        else:
            wakes = [*self._session_wakes(), *self._folder_wakes(), self._tasks.next_wake()]
            wakes.append(self._session.next_end())
            wakes.append(self._expiring.next_wake() if self._works else None)
        now = self._clock.monotonic()
        left = self._paused.left()
        wakes.append(None if left is None else now + left)
        return max(0.0, min((w for w in wakes if w is not None), default=now + 60.0) - now)

    def _session_wakes(self) -> list[float | None]:
        return [] if self._is_polling or self._is_paused else [self._session.next_poll()]

    def _folder_wakes(self) -> list[float | None]:
        if self._looking is None:
            return []
        may_plan = self._can_plan(self._looking) and not self._is_paused
        resting = self._dispatcher.next_wake() if may_plan else None
        return [resting, *self._looking.wakes()]


def run(engine: Engine, inbox: "queue.Queue[Message]") -> None:
    """Drive an engine until it is told to stop: the sync thread's whole life."""
    engine.turn()
    while not engine.is_stopped:
        try:
            message = inbox.get(timeout=engine.next_wake())
        except queue.Empty:
            engine.turn()
            continue
        engine.receive(message)
        for _ in range(1000):
            try:
                engine.receive(inbox.get_nowait())
            except queue.Empty:
                break
        engine.turn()
