"""One device: the real engine on a real journal, over this world's fakes."""

import errno
import inspect
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from mydoctransfer.adapters.cloud import HttpCloud
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.health import DEVICE_KEY, MARKER_KEY
from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.messages import Done, Hint, Told, WatchMode, WatchState
from mydoctransfer.engine.ports import DownloadLink, Failure, FailureKind, Journal, Seen, Settled
from mydoctransfer.engine.standing import Parts
from mydoctransfer.engine.tasks import Call
from mydoctransfer.model.commands import Command
from mydoctransfer.model.errors import CANCELLED, AppError
from mydoctransfer.model.events import Event
from mydoctransfer.model.names import numbered
from mydoctransfer.model.trees import Document, RelPath, ShareId, Synced
from tests.simulation.world.bucket import FakeObjects
from tests.simulation.world.clock import SECOND, DeviceClock, Stream
from tests.simulation.world.cloud import API, Gateway, User
from tests.simulation.world.disk import FOLDER, UNREADABLE, FakeDisk, Folder

if TYPE_CHECKING:
    from tests.simulation.world.world import World

T = TypeVar("T")


class Crash(BaseException):
    """The process ends here, as `kill -9` would end it."""


class Statements(sqlite3.Connection):
    """A connection whose statements that write may each find the disk full."""

    def __init__(self, device: "Device", path: str, **how: Any) -> None:
        super().__init__(path, **how)
        self._device = device

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._run(sql, lambda: sqlite3.Connection.execute(self, sql, *values))

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._run(sql, lambda: sqlite3.Connection.executemany(self, sql, *values))

    def _run(self, sql: str, act: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        verb = sql.split(maxsplit=1)[0]
        if verb not in ("BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE"):
            return act()
        return self._device.world.operate(self._device, "sql", verb, act, _no_room)


class Watched(SqliteJournal):
    """The real journal, with somebody looking over its shoulder.

    Attributes:
        before: called before every write with its name; may raise (a full disk, a kill).
        settled, learned, intended, saved: told of what was written.
    """

    before: Callable[[str], None]
    settled: Callable[[Sequence[Settled]], None]
    intended: Callable[[Sequence[str], Sequence[str], Sequence[str]], None]
    saved: Callable[[str | None], None]
    learned: Callable[[Sequence[Document]], None]

    def __init__(self, device: "Device", path: str) -> None:
        self._device = device
        super().__init__(path, lambda path, **how: Statements(device, path, **how))
        for name in calls_of(Journal):
            setattr(self, name, self._named(name, getattr(self, name)))

    def _named(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def named(*args: Any) -> Any:
            before, self._device.port_call = self._device.port_call, f"Journal.{name}"
            try:
                return call(*args)
            finally:
                self._device.port_call = before

        return named

    def _commit(self) -> None:
        device = self._device
        device.world.operate(device, "db", "commit", super()._commit, _disk_full)

    def settle(self, settled: Sequence[Settled]) -> None:
        self.before("settle")
        super().settle(settled)
        self.before("settled")
        self.settled(settled)
        self.learned([s.document for s in settled if s.document is not None])

    def learn(self, documents, forget, cursor) -> None:
        documents = list(documents)
        self.before("learn")
        super().learn(documents, forget, cursor)
        self.learned(documents)

    def observe(self, files, vanished) -> None:
        self.before("observe")
        super().observe(files, vanished)

    def intend(self, intents, fresh):
        self.before("intend")
        op_ids = super().intend(intents, fresh)
        self.intended(intents, fresh, op_ids)
        self.before("intended")
        return op_ids

    def save_transfer(self, transfer) -> None:
        self.before("save_transfer")
        super().save_transfer(transfer)
        self.saved(transfer.multipart_id)

    def save_part(self, op_id, number, part) -> None:
        self.before("save_part")
        super().save_part(op_id, number, part)


@dataclass(slots=True)
class Pending:
    """A call the engine asked for: not run yet, or run and not delivered yet."""

    ticket: int
    call: Call[Any]
    due_ns: int = 0  # hanging until then
    is_run: bool = False
    result: object = None


_PORTS = {
    "HttpCloud": "Cloud",
    "FakeObjects": "Objects",
    "FakeDisk": "Disk",
    "DeviceInbox": "Inbox",
    "DeviceIdentity": "Identity",
}


def port_call(call: Call[Any]) -> str:
    """Return which call of which port this is."""
    adapter = type(getattr(call.method, "__self__", None)).__name__
    return f"{_PORTS.get(adapter, adapter)}.{getattr(call.method, '__name__', '')}"


class Device:
    """A machine with a folder, an inbox and, while it is alive, an engine.

    Attributes:
        calls: what the engine waits for, by ticket. hints: what its watcher is about to say.
        replies: answers to commands, in the order told. asleep_until: true time in ns.
        watched: the folder chosen.
        port_call: which call of which port is carried out now. due_fault: what it is to meet.
    """

    def __init__(self, world: "World", name: str, user: User, home: str) -> None:
        self.world = world
        self.port_call = ""
        self.due_fault = ""
        self.name = name
        self.user = user
        self.clock = DeviceClock(world.time)
        self.rand = Stream(world.seed, "engine", name)
        knobs = world.knobs
        self.folder = Folder(
            self.clock.wall_ns,
            lambda: world.time.ns,
            knobs.granularity_ns,
            knobs.has_birth,
            lambda path, sha: world.oracle.wrote(self, path, sha),
            lambda path, sha: world.oracle.lost(self, path, sha),
            lambda path, new, sha: world.oracle.moved(self, path, new, sha),
        )
        self.disk = FakeDisk(
            self.folder,
            lambda layer, name, act, refused: world.operate(self, layer, name, act, refused),
        )
        self.journal_path = os.path.join(home, f"{name}.db")
        self.engine: Engine | None = None
        self.journal: Watched | None = None
        self.calls: dict[int, Pending] = {}
        self.hints: deque[Hint | WatchState] = deque()
        self.inbox: dict[str, bytes] = {}
        self.replies: list[tuple[Command, dict[str, Any] | AppError]] = []
        self.events: list[Event] = []
        self.wake_ns = 0
        self.asleep_until = 0
        self.grace = 60.0
        self.is_watching = False
        self.lifetime: int | None = None
        self.only_new_since = 0
        self.watched: str | None = FOLDER
        self.from_before: set[str] = set()
        self.spins = 0
        self.starts = 0
        self.began_ns = 0
        self.hangs = 0  # for how many ns the call that is run now holds back its answer
        self.disk.mark(f"{self.rand.hex32()}")

    # --- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the process."""
        self.world.oracle.patience.stirred(self)
        self.starts += 1
        self.began_ns = self.world.time.ns
        self.grace = 60.0
        self.journal = Watched(self, self.journal_path)
        self.journal.before = lambda name: self.world.before_journal(self, name)
        self.journal.settled = lambda settled: self.world.oracle.settled(self, settled)
        self.journal.learned = lambda documents: self.world.oracle.learned(self, documents)
        self.journal.intended = lambda *told: self.world.oracle.intended(self, *told)
        self.journal.saved = lambda upload: self.world.oracle.begun.saved(self, upload)
        if self.starts == 1:
            root = self.disk.look()
            self.journal.put(MARKER_KEY, root.marker)
            self.journal.put(DEVICE_KEY, str(root.dev))
            self.journal.put("session", "1")
        gateway = Gateway(
            self.world.backend,
            self.name,
            self.clock.wall_ms,
            lambda what: self.world.fault(self, "api", what),
            lambda route, body, answer: self.world.oracle.asked(self, route, body, answer),
            lambda name, act, refused: self.world.operate(self, "api", name, act, refused),
        )
        cloud = HttpCloud(API, self._token, self.name, gateway)
        objects = FakeObjects(
            self.world.backend.bucket,
            lambda: self.disk,
            lambda: self.world.time.ms,
            lambda what: self.world.fault(self, "s3", what),
            lambda path, data: self.world.oracle.put(self, path, data),
            lambda name, act, refused: self.world.operate(self, "s3", name, act, refused),
            self.world.oracle.begun.gave_up,
        )
        parts = Parts(
            self.journal,
            cloud,
            objects,
            DeviceInbox(self),
            DeviceIdentity(),
            DeviceSettings(self),
            DeviceWatch(self),
            self.clock,
            self.rand,
            self.name,
        )
        self.cloud = cloud
        self.engine = Engine(parts, self._submit, self._told, works=True)
        self._turned()

    def _token(self, stale: str | None) -> str:
        return self.user.token if stale is None else self.user.token + "+"

    def _told(self, event: Event) -> None:
        self.events.append(event)
        self.world.oracle.shown.take(self, event)

    def _submit(self, ticket: int, call: Call[Any]) -> None:
        self.calls[ticket] = Pending(ticket, call)

    def crash(self) -> None:
        """End the process where it stands."""
        if self.journal is not None:
            self.journal.close()
        self.engine = self.journal = None
        self.calls.clear()
        self.hints.clear()
        self.is_watching = False

    def agreed(self) -> dict[RelPath, Synced]:
        """Return what was agreed on."""
        return self._journal_says(lambda journal: journal.synced_all())

    def seen(self, path: RelPath) -> Seen | None:
        """Return how the file at a path was seen."""
        return self._journal_says(lambda journal: journal.local(path))

    def _journal_says(self, asked: Callable[[SqliteJournal], T]) -> T:
        """Ask the journal, which lies on the disk also while the process is off."""
        if self.journal is not None:
            return asked(self.journal)
        journal = SqliteJournal.reading(self.journal_path)
        try:
            return asked(journal)
        finally:
            journal.close()

    # --- the loop's steps, as the scheduler picks them -------------------------------------------

    @property
    def is_awake(self) -> bool:
        return self.engine is not None and self.world.time.ns >= self.asleep_until

    def run(self, ticket: int) -> None:
        """Let the world do what was asked."""
        pending = self.calls[ticket]
        self.port_call = port_call(pending.call)
        try:
            pending.result = pending.call.run()
        except Exception as exc:
            pending.result = exc
        finally:
            self.port_call = self.due_fault = ""
        pending.is_run = True
        pending.due_ns, self.hangs = self.world.time.ns + self.hangs if self.hangs else 0, 0

    def deliver(self, ticket: int) -> None:
        """Give the engine a result."""
        pending = self.calls.pop(ticket)
        self.world.oracle.patience.answered(self, pending.call, pending.result)
        self._receive(Done(ticket, pending.result))

    def hint(self) -> None:
        self._receive(self.hints.popleft())

    def tell(self, command: Command) -> None:
        self.world.oracle.patience.stirred(self)
        self._receive(Told(command, lambda answer: self.replies.append((command, answer))))

    def turn(self) -> None:
        self._receive(None)

    def _receive(self, message) -> None:
        assert self.engine is not None
        try:
            if message is not None:
                self.engine.receive(message)
            self.engine.turn()
        except OSError:
            self.world.log(f"{self.name} could not write its journal")
            self.crash()
            return
        self._turned(is_alone=message is None)

    def _turned(self, is_alone: bool = False) -> None:
        assert self.engine is not None
        wake = self.engine.next_wake()
        self.wake_ns = self.world.time.ns + int(wake * SECOND) + (1 if wake else 0)
        self.spins = self.spins + 1 if wake == 0.0 and is_alone else 0

    # --- the watcher ---------------------------------------------------------------------------

    def changed(self, *paths: str) -> None:
        """The person changed something: the watcher will say so, if nothing gets lost."""
        if not self.is_watching or self.engine is None:
            return
        directories = frozenset(RelPath(p.rpartition("/")[0]) for p in paths)
        self.hints.append(Hint(directories))

    def overflow(self) -> None:
        self.hints.clear()
        self.hints.append(WatchState(WatchMode.WATCHING, ""))


def calls_of(port: type) -> list[str]:
    """Return the calls of a port, in order."""
    return [
        name for name, value in vars(port).items() if inspect.isfunction(value) and name[0] != "_"
    ]


def _no_room() -> None:
    raise sqlite3.OperationalError("database or disk is full")


def _disk_full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class DeviceWatch:
    """The `Watch` port."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def start(self, folder: str) -> None:
        self._device.is_watching = True

    def stop(self) -> None:
        self._device.is_watching = False

    def check(self) -> None:
        pass


class DeviceIdentity:
    """The `Identity` port: somebody signed in long ago."""

    def restore(self) -> bool | Failure:
        return True

    def sign_in(self, *_: object) -> Failure | None:
        return None

    def sign_out(self, everywhere: bool) -> Failure | None:
        return None


class DeviceSettings:
    """The `Settings` port."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def folder(self) -> str | None:
        return self._device.watched

    def lifetime(self) -> int | None:
        return self._device.lifetime

    def email(self) -> str:
        return self._device.user.email

    def open(self, folder: str) -> FakeDisk:
        return self._device.disk

    def check_folder(self, path: str, is_new: bool) -> str:
        return FOLDER

    def only_new_since(self) -> int:
        return self._device.only_new_since

    def choose_folder(
        self, resolved: str, lifetime: int | None, only_new_since: int | None
    ) -> None:
        self._device.watched = resolved
        self._device.lifetime = lifetime
        if only_new_since is not None:
            self._device.only_new_since = only_new_since
            self._device.from_before = {inode.sha for _, inode in self._device.folder.files()}

    def forget_folder(self) -> None:
        self._device.watched = None


class DeviceInbox:
    """The `Inbox` port: verifies, never replaces."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.cancelled: set[ShareId] = set()

    def fetch(self, link: DownloadLink, directory: str | None, share_id: ShareId) -> str | Failure:
        return self._device.world.operate(
            self._device, "fs", "fetch", lambda: self._fetch(link, share_id), lambda: UNREADABLE
        )

    def allow(self, share_id: ShareId) -> None:
        self.cancelled.discard(share_id)

    def cancel(self, share_id: ShareId) -> None:
        self.cancelled.add(share_id)

    def _fetch(self, link: DownloadLink, share_id: ShareId) -> str | Failure:
        if share_id in self.cancelled:
            return Failure(FailureKind.REFUSED, "The download was cancelled.", CANCELLED)
        world = self._device.world
        address, _, rest = link.url.partition("?v=")
        version_id, _, until = rest.partition("&until=")
        if world.time.ms > int(until):
            return Failure(FailureKind.REFUSED, "The link has ended.", "expired")
        version = world.backend.bucket.version(
            address.removeprefix("https://bucket.test/"), version_id
        )
        if version is None:
            return Failure(FailureKind.MISSING, "It is not there any more.", "removed")
        world.oracle.downloaded(self._device, link, version.data)
        number = 1
        while (name := numbered(link.display_name, number)) in self._device.inbox:
            if self._device.inbox[name] == version.data:
                return name
            number += 1
        self._device.inbox[name] = version.data
        return name
