"""The composition root: the only place that builds the parts and says who meets whom."""

import os
import queue
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mydoctransfer import testing
from mydoctransfer.adapters import autostart, control, instance, network, profiles, signals
from mydoctransfer.adapters.accounts import Accounts
from mydoctransfer.adapters.autostart import Autostart, this_program
from mydoctransfer.adapters.clock import SystemClock, SystemRand
from mydoctransfer.adapters.cloud import HttpCloud
from mydoctransfer.adapters.collector import collect_rarely
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.desktop_entries import DesktopEntries
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.home import find as find_home
from mydoctransfer.adapters.identity import PoolIdentity
from mydoctransfer.adapters.inbox import InboxFolder
from mydoctransfer.adapters.instance import AlreadyRunning
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.adapters.logs import start_logging
from mydoctransfer.adapters.objects import S3Objects
from mydoctransfer.adapters.objects.reading import OpenFile
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.adapters.roots import check_root
from mydoctransfer.adapters.secrets import FileStore, KeyringStore, MemoryStore, SecretStore
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.adapters.userpool import UserPool
from mydoctransfer.adapters.watcher import FolderWatcher
from mydoctransfer.adapters.web import Web
from mydoctransfer.engine.loop import Engine, run
from mydoctransfer.engine.messages import Came, Message, Reply, Sent, Stop, Told
from mydoctransfer.engine.pool import Pool
from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.engine.session import POLL
from mydoctransfer.engine.standing import Parts
from mydoctransfer.engine.supervision import Worker
from mydoctransfer.model.accounts import meant
from mydoctransfer.model.commands import Answer, Command, GetStatus, ListDocuments, Store
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Event
from mydoctransfer.model.trees import RelPath, Stat
from mydoctransfer.model.wishes import Show, Wish

LOCK_PATIENCE = 10.0  # seconds a command waits for another command on the same home

Inbox = queue.Queue[Message]


# --- parts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Built:
    """An engine and what has to be closed behind it."""

    engine: Engine
    journal: SqliteJournal
    objects: S3Objects
    downloads: InboxFolder
    watch: FolderWatcher | None

    def close(self) -> None:
        """Leave nothing open."""
        if self.watch is not None:
            self.watch.stop()
        self.downloads.close()
        self.objects.close()
        self.journal.close()


def build(
    home: Home,
    settings: HomeSettings,
    connection: Connection,
    inbox: Inbox,
    listener: Callable[[Event], None] | None,
    works: bool,
    workers: Sequence[Worker] = (),
) -> Built:
    """Build an engine, heard by `listener`. The caller holds the installation's lock and drives it
    by `run`."""
    network.use(settings.network())
    clock, rand = SystemClock(), SystemRand()
    web = Web(wall_ms=clock.wall_ms)
    stores: dict[str, SecretStore] = {
        Store.KEYRING.value: KeyringStore(home.keyring_service),
        Store.FILE.value: FileStore(home.session_file),
        Store.MEMORY.value: MemoryStore(),
    }
    identity = PoolIdentity(
        UserPool(connection, web),
        stores,
        settings.config.store,
        clock.monotonic,
        clock.wall_ms,
        settings.signed_in,
    )
    host = socket.gethostname().partition(".")[0] or "this computer"
    cloud = HttpCloud(connection.api_url, identity.token, host, web)
    watch: FolderWatcher | None = FolderWatcher(inbox.put) if works else None
    journal = SqliteJournal(home.journal)
    up = Pace(lambda: settings.network().upload_limit_kib * 1024)
    down = Pace(lambda: settings.network().download_limit_kib * 1024)
    downloads = InboxFolder(
        home.prepare_inbox,
        web,
        pace=down,
        watched=settings.folder,
        tell=lambda share_id, number, total: inbox.put(Came(share_id, number, total)),
    )
    if works or home.inbox.is_dir():
        downloads.sweep()
    objects = S3Objects(
        connection.endpoint_url,
        Opening(settings),
        cloud.clock_offset_ms,
        pace=up,
        tell=lambda path, number, amount: inbox.put(Sent(path, number, amount)),
    )
    pool = Pool(inbox)
    parts = Parts(
        journal=testing.killable(journal, "journal"),
        cloud=testing.killable(cloud, "cloud"),
        objects=testing.killable(objects, "objects"),
        inbox=testing.killable(downloads, "inbox"),
        identity=identity,
        settings=settings,
        watch=watch,
        clock=clock,
        rand=rand,
        host=host,
        workers=(pool, objects.workers, *workers),
        grace=testing.seconds("DELETE_GRACE", 60.0),
        poll=testing.seconds("POLL", POLL),
    )
    engine = Engine(parts, pool.submit, listener, works)
    return Built(engine, journal, objects, downloads, watch)


class Opening:
    """Opens files of whichever folder is watched now.

    Handed to another process it becomes the opening of that folder's files: settings stay here.
    """

    def __init__(self, settings: HomeSettings) -> None:
        self._settings = settings

    def __call__(self, path: RelPath, expects: Stat) -> int | Failure:
        """Open a file that is as expected."""
        folder = self._settings.folder()
        if folder is None:
            return Failure(FailureKind.MISSING, "No folder is watched any more.")
        return FolderDisk(folder).open_file(path, expects)

    def __reduce__(self) -> tuple[Callable[[FolderDisk, str], OpenFile], tuple[FolderDisk, str]]:
        """Pickle as what opens the files of the folder watched now; without one, none is found."""
        return getattr, (FolderDisk(self._settings.folder() or os.devnull), "open_file")


# --- one command ---------------------------------------------------------------------------------


class Door:
    """The way to an engine: the running one, or one built for a single command."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def ask(self, command: Command) -> Answer:
        """Carry out a command.

        Raises:
            AppError: it failed; or another program holds this home and does not answer.
        """
        ends = time.monotonic() + LOCK_PATIENCE
        while True:
            answer = control.send(self._home, command)
            if answer is not None:
                return answer
            # No engine answers. Either none runs, or one is starting, or another command holds
            # the home for a moment.
            lock = instance.InstanceLock(self._home.lock)
            self._home.prepare()
            if lock.take(0.2):
                try:
                    return _ask_here(self._home, command)
                finally:
                    lock.release()
            if time.monotonic() > ends:
                raise AlreadyRunning


def open_door(home: Home) -> Door:
    """Return the way to this installation's engine."""
    return Door(home)


def _ask_here(home: Home, command: Command) -> Answer:
    settings = _settings(home)
    connection = settings.config.connection
    if connection is None:
        return _answer_unconnected(settings, command)
    inbox: Inbox = queue.Queue()
    replies: list[Reply] = []

    def reply(answer: Reply) -> None:
        replies.append(answer)
        inbox.put(Stop())

    start_logging(home.logs)
    collect_rarely()
    with signals.interrupting():
        built = build(home, settings, connection, inbox, None, works=False)
        try:
            inbox.put(Told(command, reply))
            run(built.engine, inbox)
        finally:
            built.close()
    (answer,) = replies
    if isinstance(answer, AppError):
        raise answer
    return answer


def _answer_unconnected(settings: HomeSettings, command: Command) -> Answer:
    """What is known without a cloud is little, but it is no error to ask (design §6)."""
    match command:
        case GetStatus():
            return {
                "state": "signed_out",
                "folder": settings.folder(),
                "queued": 0,
                "items": [],
                "held_deletes": 0,
            }
        case ListDocuments():
            return {"documents": []}
    raise not_connected()


def not_connected() -> AppError:
    """Return the error for what needs a cloud before one was named."""
    return AppError(
        "Not connected",
        "This installation does not know its cloud yet. Use: connect CONNECTION_FILE",
        "not_connected",
    )


# --- watching ------------------------------------------------------------------------------------


def run_watching(home: Home, on_event: Callable[[Event], None]) -> None:
    """Watch the folder until SIGTERM or SIGINT.

    Raises:
        AppError: another engine runs on this home, or there is no cloud to talk to.
    """
    home.prepare()
    with instance.held(home.lock, patience=1.0):
        settings = _settings(home)
        if settings.config.connection is None:
            raise not_connected()
        inbox: Inbox = queue.Queue()
        collect_rarely()
        with signals.stopping(lambda: inbox.put(Stop())):
            _serve(home, settings, settings.config.connection, inbox, on_event)


def _serve(
    home: Home,
    settings: HomeSettings,
    connection: Connection,
    inbox: Inbox,
    publish: Callable[[Event], None],
) -> None:
    """Run an engine that works, with its control socket, until a `Stop`."""
    start_logging(home.logs)
    server = control.control_server(home.runtime(), inbox.put)
    built = build(home, settings, connection, inbox, publish, works=True, workers=(server,))
    try:
        server.start()
        run(built.engine, inbox)
    finally:
        server.close()
        built.close()


# --- the desktop ---------------------------------------------------------------------------------


def run_desktop(home: Home, is_hidden: bool = False, wish: Wish | None = None) -> int:
    """Open the desktop application, or show the one that is open; return the exit code.

    `is_hidden`: begin in the tray (started at login), where there is one. `wish`: what this start
    wants besides showing the window.

    Raises:
        AppError: `sync` runs on this home.
    """
    chosen = _meant(home, wish)
    if chosen is None:
        return 0
    home = chosen
    home.prepare()
    lock = instance.InstanceLock(home.lock)
    if not lock.take(1.0):
        if control.hand_over(home, wish or Show()):
            return 0
        raise AlreadyRunning
    settings = _settings(home)
    try:
        # Qt takes 160 ms to import: only for the desktop.
        from mydoctransfer.outside import DesktopOutside
        from mydoctransfer.ui import run as run_interface
        from mydoctransfer.ui.theme import resources

        outside = DesktopOutside(
            home,
            settings,
            partial(_serve, home),
            _autostart(home),
            _entries(home, resources() / "linux"),
        )
        return run_interface(outside, email=outside.email, is_hidden=is_hidden, wish=wish)
    finally:
        lock.release()
        if settings.config.connection is None:
            profiles.remove(home)  # cancelled in the first run, or removed: nothing half-made


def in_own_words(error: AppError) -> AppError:
    """Return an error in the person's language, for a start that ends before any window."""
    try:
        from mydoctransfer.ui import speak  # Qt: only once there is something to say
        from mydoctransfer.ui.said import said_of
    except ImportError:
        return error  # Qt may be what is missing
    spoken = speak()
    try:
        return said_of(error)
    finally:
        del spoken  # the application object, whose language it is


def _meant(home: Home, wish: Wish | None) -> Home | None:
    """Return the home a start is for: with several accounts it may be for another than the first.

    None: the person was asked, and called it off.
    """
    if profiles.number(home) != 1 or len(profiles.family(home)) == 1:
        return home
    wish = wish or Show()
    accounts = Accounts(home)
    candidates = meant(accounts.every(), wish)
    if len(candidates) == 1:
        return accounts.home(candidates[0].key)
    from mydoctransfer.ui import ask_which_account  # Qt: only for the desktop

    key = ask_which_account(candidates, wish)
    return None if key is None else accounts.home(key)


def _entries(home: Home, templates: Path) -> DesktopEntries | None:
    """Links and file managers know one installation: the usual one."""
    return DesktopEntries(this_program(), templates) if _is_usual(home) else None


def _autostart(home: Home) -> Autostart:
    is_first = profiles.number(home) == 1
    name = autostart.NAME if is_first else f"mydoctransfer-{home.key}.desktop"
    return Autostart(_command_at_login(home), name=name)


def _command_at_login(home: Home) -> tuple[str, ...]:
    elsewhere = None if _is_usual(home) else str(home.config_file.parent)
    return (*this_program(elsewhere), "--hidden")


def _is_usual(home: Home) -> bool:
    return home.key == find_home(environ={}).key


def _settings(home: Home) -> HomeSettings:
    home.prepare()
    check = partial(check_root, refusal=partial(profiles.refusal, home))
    return HomeSettings(home, FolderDisk, check, partial(profiles.choosing, home))
