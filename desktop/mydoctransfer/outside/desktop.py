"""What the window is given of the world: settings, notifications, other accounts, the engine.

Implements `ui.bridge.Outside`. Part of the composition root. MYDOCTRANSFER_EMAIL is the address to
propose at a first sign-in (`make run` sets it).
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from mydoctransfer.adapters import control, diagnostics, profiles
from mydoctransfer.adapters.accounts import Accounts
from mydoctransfer.adapters.autostart import Autostart
from mydoctransfer.adapters.connection import Connection, pasted
from mydoctransfer.adapters.connection import read as read_connection
from mydoctransfer.adapters.connection import to_text as connection_text
from mydoctransfer.adapters.desktop_entries import DesktopEntries
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.notifications import DEFAULT, DesktopNotifier
from mydoctransfer.adapters.roots import check_place
from mydoctransfer.adapters.secrets import KeyringStore
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.adapters.surroundings import SystemListener
from mydoctransfer.engine import answers
from mydoctransfer.engine.messages import Reply
from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.commands import Answer, Command, LookNow, Store, Wait
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Event, Status, StatusChanged
from mydoctransfer.model.links import set_up_in, to_set_up, to_text
from mydoctransfer.model.notifications import Notification
from mydoctransfer.model.preferences import Network, Preferences
from mydoctransfer.model.surroundings import Surroundings, reason_to_wait
from mydoctransfer.model.wishes import Wish
from mydoctransfer.outside.proposed import look_at
from mydoctransfer.outside.serving import EngineThread, Serve, busy
from mydoctransfer.ui.bridge import FolderFacts, Inlet
from mydoctransfer.ui.theme import resources

log = logging.getLogger(__name__)


class DesktopOutside:
    """Answers what the window asks for; what may take long is done in a thread beside it."""

    def __init__(
        self,
        home: Home,
        settings: HomeSettings,
        serve: Serve,
        autostart: Autostart,
        entries: DesktopEntries | None,
    ) -> None:
        self._home = home
        self._settings = settings
        self._autostart = autostart
        self._entries = entries
        self._accounts = Accounts(home)
        self._engine = EngineThread(settings, serve, self._publish, self._wait_or_go_on)
        self._inlet: Inlet | None = None
        self._notifier: DesktopNotifier | None = None
        self._around = Surroundings()
        self._system = SystemListener(self._around_changed, self._woke)
        self._window = control.window_server(home.runtime(), self._take_wish)

    @property
    def email(self) -> str:
        """The address to propose at the sign-in."""
        return self._settings.email() or os.environ.get("MYDOCTRANSFER_EMAIL", "")

    @property
    def has_connection(self) -> bool:
        return self._settings.config.connection is not None

    @property
    def can_sign_up(self) -> bool:
        connection = self._settings.config.connection
        return connection is not None and connection.sign_up

    @property
    def default_folder(self) -> str:
        number = profiles.number(self._home)
        return str(Path.home() / ("MyDoc Transfer" if number == 1 else f"MyDoc Transfer {number}"))

    @property
    def is_first_account(self) -> bool:
        return profiles.number(self._home) == 1

    @property
    def inbox_dir(self) -> str:
        return str(self._home.inbox)

    @property
    def log_dir(self) -> str:
        return str(self._home.logs)

    @property
    def setup_link(self) -> str:
        connection = self._settings.config.connection
        return "" if connection is None else to_text(to_set_up(connection_text(connection)))

    @property
    def preferences(self) -> Preferences:
        return self._settings.preferences()

    @property
    def network(self) -> Network:
        return self._settings.network()

    @property
    def folder_lifetime(self) -> int | None:
        return self._settings.lifetime()

    def start(self, inlet: Inlet) -> None:
        self._inlet = inlet
        self._window.start()
        self._run_aside("desktop-entries", self._keep_entries, _log_failure)
        if self._settings.config.connection is not None:
            self._engine.start()
        self._system.start()

    def tell(self, command: Command, reply: Callable[[Reply], None] | None) -> None:
        self._engine.tell(command, reply)

    def connect_file(self, path: str, reply: Callable[[Reply], None]) -> None:
        self._run_aside("connect", partial(self._connect_file, path), reply)

    def connect_text(self, text: str, reply: Callable[[Reply], None]) -> None:
        self._run_aside("connect", partial(self._connect_text, text), reply)

    def connect_like(self, key: str, reply: Callable[[Reply], None]) -> None:
        self._run_aside("connect", partial(self._connect_like, key), reply)

    def forget_cloud(self, reply: Callable[[Reply], None]) -> None:
        self._run_aside("forget", self._forget_cloud, reply)

    def inspect_folder(self, path: str, reply: Callable[[FolderFacts | AppError], None]) -> None:
        self._run_aside("inspect", partial(self._inspect, path), reply)

    def prefer(self, preferences: Preferences, reply: Callable[[Reply], None]) -> None:
        self._run_aside("prefer", partial(self._prefer, preferences), reply)

    def limit(self, network: Network, reply: Callable[[Reply], None]) -> None:
        self._run_aside("limit", partial(self._limit, network), reply)

    def look_at_login_start(self, reply: Callable[[bool | AppError], None]) -> None:
        self._run_aside("autostart", self._starts_at_login, reply)

    def start_at_login(self, wanted: bool, reply: Callable[[bool | AppError], None]) -> None:
        self._run_aside("autostart", partial(self._start_at_login, wanted), reply)

    def save_diagnostics(self, path: str, reply: Callable[[Reply], None]) -> None:
        self._run_aside("diagnostics", partial(self._save_diagnostics, path), reply)

    def reset(self, reply: Callable[[Reply], None]) -> None:
        self._run_aside("reset", self._reset, reply)

    def look_at_accounts(
        self, reply: Callable[[tuple[KnownAccount, ...] | AppError], None]
    ) -> None:
        self._run_aside("accounts", self._accounts.known, reply)

    def open_account(self, key: str, reply: Callable[[Reply], None]) -> None:
        self._run_aside("accounts", partial(self._open_account, key), reply)

    def add_account(self, reply: Callable[[Reply], None]) -> None:
        self._run_aside("accounts", self._add_account, reply)

    def remove_account(self, reply: Callable[[Reply], None]) -> None:
        self._run_aside("accounts", self._remove_account, reply)

    def notify(self, notification: Notification) -> bool:
        if self._notifier is None:
            icon = str(resources() / "icons" / "application.svg")
            self._notifier = DesktopNotifier("MyDoc Transfer", icon, self._activated)
        return self._notifier.show(notification)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def quit(self) -> None:
        self._engine.quit()
        self._window.close()
        self._engine.wait()

    def _publish(self, event: Event) -> None:
        assert self._inlet is not None
        self._inlet.deliver((event,))

    # --- beside it -------------------------------------------------------------------------------

    def _connect_file(self, path: str) -> Answer:
        return self._connect(read_connection(Path(path)))

    def _connect_text(self, text: str) -> Answer:
        """Take what a person pasted: a connection file's text, or the link that carries one."""
        is_link = text.strip().casefold().startswith("mydoctransfer:")
        return self._connect(pasted(set_up_in(text.strip()).text if is_link else text))

    def _connect_like(self, key: str) -> Answer:
        return self._connect(self._accounts.connection(key))

    def _connect(self, connection: Connection) -> Answer:
        is_another = connection != self._settings.config.connection
        self._settings.connect(connection)
        if not self._engine.is_running:
            self._engine.start()
        elif is_another:
            self._engine.restart()
        return {"ok": True}

    def _forget_cloud(self) -> Answer:
        self._settings.forget_cloud()
        self._engine.stop()
        return {"ok": True}

    def _prefer(self, preferences: Preferences) -> Answer:
        has_changed = preferences.in_file_manager != self._settings.preferences().in_file_manager
        self._settings.prefer(preferences)
        if has_changed:
            self._keep_entries()
        return {"ok": True}

    def _keep_entries(self) -> Answer:
        """Tell the desktop of this application, or no more. A second installation keeps quiet."""
        if self._entries is not None and self._entries.is_possible:
            if self._settings.preferences().in_file_manager:
                self._entries.install()
            else:
                self._entries.remove()
        return {"ok": True}

    def _limit(self, network: Network) -> Answer:
        self._settings.change_network(network)
        self._wait_or_go_on()
        return {"ok": True}

    def _starts_at_login(self) -> bool:
        return self._autostart.is_enabled

    def _start_at_login(self, wanted: bool) -> bool:
        if wanted:
            self._autostart.enable()
        else:
            self._autostart.disable()
        return self._autostart.is_enabled

    def _reset(self) -> Answer:
        """Sign out, end the engine, forget everything, and begin anew. Files and documents stay."""
        if self._engine.is_running:
            self._end_engine()
        self._settings.reset()
        self._home.forget()
        self._autostart.disable()
        self._publish(StatusChanged(Status(EngineState.SIGNED_OUT)))
        return {"ok": True}

    def _open_account(self, key: str) -> Answer:
        self._accounts.open(key)
        return {"ok": True}

    def _add_account(self) -> Answer:
        self._accounts.add()
        return {"ok": True}

    def _remove_account(self) -> Answer:
        """Reset this account, and go on with another. Its home is removed once this has ended."""
        self._reset()
        others = [account for account in self._accounts.known() if not account.is_current]
        if others:
            self._accounts.open(others[0].key)
        return {"is_last": not others}

    def _end_engine(self) -> None:
        """Sign out and end the engine; with another connection a new one begins.

        Raises:
            AppError: it does not end, so nothing may be taken away under it.
        """
        if self._engine.is_broken.is_set():
            self._forget_session()
        else:
            self._engine.sign_out()
        self._settings.forget_cloud()
        if not self._engine.stop():
            raise busy()

    def _forget_session(self) -> None:
        """Do what the engine would, which cannot: a session in a file goes with the other files."""
        if self._settings.config.store == Store.KEYRING.value:
            failure = KeyringStore(self._home.keyring_service).delete()
            if failure is not None:
                raise answers.error(failure)

    def _save_diagnostics(self, path: str) -> Answer:
        diagnostics.write(Path(path), self._home.logs)
        return {"ok": True}

    def _inspect(self, path: str) -> FolderFacts:
        if os.path.lexists(path):
            self._settings.check_folder(path)
        else:
            check_place(path, partial(profiles.refusal, self._home))
        return look_at(path)

    def _run_aside(self, name: str, work: Callable[[], Any], reply: Callable[[Any], None]) -> None:
        def run() -> None:
            try:
                reply(work())
            except AppError as exc:
                reply(exc)
            except OSError as exc:
                reply(AppError("It did not work", f"{exc.strerror or exc}.", "failed"))

        threading.Thread(target=run, name=name, daemon=True).start()

    def _activated(self, key: str, action: str) -> None:
        if self._inlet is not None:
            self._inlet.notification_activated(key, "" if action == DEFAULT else action)

    def _around_changed(self, around: Surroundings) -> None:
        self._around = around
        self._wait_or_go_on()

    def _wait_or_go_on(self) -> None:
        reason = reason_to_wait(self._settings.network(), self._around)
        self._engine.tell(Wait(reason.value))

    def _woke(self) -> None:
        self._engine.tell(LookNow())

    def _take_wish(self, wish: Wish) -> None:
        if self._inlet is not None:
            self._inlet.take_wish(wish)


def _log_failure(reply: Reply) -> None:
    if isinstance(reply, AppError):
        log.warning("the desktop was not told of this application: %s", reply.message)
