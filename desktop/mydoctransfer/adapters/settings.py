"""The engine's `Settings` port over one installation's configuration file."""

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace

from mydoctransfer.adapters.config import Config
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.network import NetworkFile
from mydoctransfer.engine.ports import Disk
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.preferences import Network, Preferences


class HomeSettings:
    """The configuration in memory, written through. Any thread may call it.

    Attributes:
        warning: what was wrong with the file when it was read ("": nothing).
    """

    def __init__(
        self,
        home: Home,
        open_disk: Callable[[str], Disk],
        check_folder: Callable[[str], str],
        choosing: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`choosing` is held while a folder is looked at for the last time and written down."""
        self._home = home
        self._choosing = choosing
        self._open_disk = open_disk
        self._check_folder = check_folder
        self._lock = threading.Lock()
        self._network = NetworkFile(home.config_file)
        self._config, self.warning = home.load()

    @property
    def config(self) -> Config:
        """The configuration as it is now."""
        return self._config

    def folder(self) -> str | None:
        return self._config.folder

    def lifetime(self) -> int | None:
        return self._config.lifetime

    def email(self) -> str:
        return self._config.email

    def preferences(self) -> Preferences:
        """What was chosen in the settings window; what is no yes or no there counts as default."""
        usual = asdict(Preferences())
        kept = self._config.settings
        chosen = {k: v for k in usual if isinstance(v := kept.get(k), bool)}
        return replace(Preferences(), **chosen)

    def prefer(self, preferences: Preferences) -> None:
        """Remember what was chosen there."""
        self._change(settings={**self._config.settings, **asdict(preferences)})

    def network(self) -> Network:
        """How the line may be used now; the file may have been edited since it was asked last."""
        return self._network.read()

    def change_network(self, network: Network) -> None:
        """Use it like this from now on."""
        with self._lock:
            self._network.write(network)

    def open(self, folder: str) -> Disk:
        return self._open_disk(folder)

    def check_folder(self, path: str, is_new: bool = False) -> str:
        if is_new and not os.path.lexists(path):
            return self._make_folder(path)
        return self._check_folder(path)

    def only_new_since(self) -> int:
        return self._config.only_new_since

    def choose_folder(
        self, resolved: str, lifetime: int | None, only_new_since: int | None
    ) -> None:
        kept = lifetime if lifetime is not None else self._config.lifetime
        if only_new_since is None:
            is_same = resolved == self._config.folder
            only_new_since = self._config.only_new_since if is_same else 0
        with self._choosing():
            # Another account may have taken it since it was checked.
            self._check_folder(resolved)
            self._change(folder=resolved, lifetime=kept, only_new_since=only_new_since)

    def _make_folder(self, path: str) -> str:
        try:
            os.makedirs(path)
        except OSError as exc:
            raise AppError(
                "Not this folder",
                f"{path} could not be made ({exc.strerror}). Choose another folder.",
                "bad_folder",
            ) from exc
        try:
            return self._check_folder(path)
        except AppError:
            os.rmdir(path)
            raise

    def connect(self, connection: Connection) -> None:
        """Remember which cloud to talk to."""
        self._change(connection=connection)

    def forget_cloud(self) -> None:
        """Forget which cloud it was, and who was signed in there."""
        self._change(connection=None, store="", email="", sub="")

    def reset(self) -> None:
        """Go back to the beginning: no cloud, no folder, every setting as it was delivered."""
        self.change_network(Network())
        with self._lock:
            self._home.save(Config())
            self._config = Config()

    def forget_folder(self) -> None:
        self._change(folder=None, lifetime=None, only_new_since=0)

    def signed_in(self, email: str, sub: str, store: str) -> None:
        """Remember who signed in, and where the session is kept."""
        self._change(email=email, sub=sub, store=store)

    def _change(self, **changes: object) -> None:
        with self._lock:
            changed: Config = replace(self._config, **changes)  # type: ignore[arg-type]
            self._home.save(changed)
            self._config = changed
