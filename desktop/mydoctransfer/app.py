"""The composition root: which engine runs for whom, and who speaks to it."""

import queue
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mydoctransfer import building
from mydoctransfer.adapters import autostart, control, instance, profiles, signals
from mydoctransfer.adapters.accounts import Accounts
from mydoctransfer.adapters.autostart import Autostart, this_program
from mydoctransfer.adapters.clock import SystemClock
from mydoctransfer.adapters.collector import collect_rarely
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.desktop_entries import DesktopEntries
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.home import find as find_home
from mydoctransfer.adapters.instance import AlreadyRunning
from mydoctransfer.adapters.logs import start_logging
from mydoctransfer.adapters.reserve import ReserveFile
from mydoctransfer.adapters.roots import check_root
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.building import Built
from mydoctransfer.engine import answers
from mydoctransfer.engine.driving import Inbox, run
from mydoctransfer.engine.messages import Reply, Stop, Told
from mydoctransfer.engine.succession import Publisher, Succession
from mydoctransfer.model.accounts import meant
from mydoctransfer.model.commands import Answer, Command, GetStatus, ListDocuments, is_urgent
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Event, Status
from mydoctransfer.model.wishes import Show, Wish

LOCK_PATIENCE = 10.0  # seconds a command waits for another command on the same home


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
    reserve = ReserveFile(home.reserve)
    if is_urgent(command):
        reserve.tend()
    else:
        reserve.keep()  # given for this, it would be gone when somebody wants something back
    with signals.interrupting():
        stores = building.session_stores(home)
        built = building.build(home, settings, connection, inbox, None, False, reserve, stores)
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
            return answers.status(Status(EngineState.SIGNED_OUT, folder=settings.folder()), [])
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
            publisher = Publisher(on_event, settings.folder)
            _serve(home, settings, settings.config.connection, inbox, publisher)


def _serve(
    home: Home,
    settings: HomeSettings,
    connection: Connection,
    inbox: Inbox,
    publisher: Publisher,
    on_begin: Callable[[], None] = lambda: None,
) -> None:
    """Run engines that work, with their control socket, until a `Stop`.

    `on_begin` is called before each engine begins: a new one has been told nothing.
    """
    start_logging(home.logs)
    reserve = ReserveFile(home.reserve)
    stores = building.session_stores(home)
    server = control.control_server(home.runtime(), inbox.put)

    def begin() -> Built:
        home.prepare()
        on_begin()
        built = building.build(
            home, settings, connection, inbox, publisher, True, reserve, stores, (server,)
        )
        reserve.keep()
        return built

    server.start()
    try:
        Succession(inbox, SystemClock(), publisher, reserve).run(begin)
    finally:
        server.close()


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
