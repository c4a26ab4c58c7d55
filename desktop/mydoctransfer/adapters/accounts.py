"""Switching between accounts: each runs as a process of its own, which is raised or started."""

import os
import subprocess
import threading
from collections.abc import Callable, Mapping

from mydoctransfer.adapters import control, profiles
from mydoctransfer.adapters import home as homes
from mydoctransfer.adapters.autostart import this_program
from mydoctransfer.adapters.config import glance
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.home import VARIABLE, Home
from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.wishes import Show

# What one start was told holds for that start alone.
_OWN = (VARIABLE, "MYDOCTRANSFER_EMAIL")


class Accounts:
    """The accounts of the installation that a home belongs to.

    Args:
        program: makes the command that starts this program with a `--home`.
    """

    def __init__(
        self,
        home: Home,
        program: Callable[[str | None], tuple[str, ...]] = this_program,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._home = home
        self._program = program
        self._environ = environ

    def known(self) -> tuple[KnownAccount, ...]:
        """Return the accounts, the first one first; those that nobody uses yet are not among them.

        The account that asks always is.
        """
        every = self.every()
        return tuple(account for account in every if account.cloud or account.is_current)

    def every(self) -> tuple[KnownAccount, ...]:
        """Return the accounts, unused ones too."""
        return tuple(profiles.known(one, self._home) for one in profiles.family(self._home))

    def home(self, key: str) -> Home:
        """Return an account's home.

        Raises:
            AppError: it was removed meanwhile.
        """
        for one in profiles.family(self._home):
            if one.key == key:
                return one
        raise _removed()

    def connection(self, key: str) -> Connection:
        """Return how to reach an account's cloud.

        Raises:
            AppError: the account was removed meanwhile.
        """
        found = glance(self.home(key).config_file).connection
        if found is None:
            raise _removed()
        return found

    def open(self, key: str) -> None:
        """Bring an account's window to the front, starting it if it does not run.

        Raises:
            AppError: it is not there, or cannot be started.
        """
        self._open(self.home(key))

    def add(self) -> None:
        """Open a window for one more account; it begins with the first run.

        Raises:
            AppError: there is no place for it, or it cannot be started.
        """
        self._open(profiles.make(self._home))

    def _open(self, home: Home) -> None:
        if not control.hand_over(home, Show()):
            self._start(home)

    def _start(self, home: Home) -> None:
        usual = homes.find(environ={})
        option = None if home.key == usual.key else str(home.config_file.parent)
        nowhere = subprocess.DEVNULL
        try:
            started = subprocess.Popen(
                self._program(option),
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
                env={k: v for k, v in self._environ.items() if k not in _OWN},
                start_new_session=True,  # it stays when this one ends
            )
        except OSError as exc:
            raise AppError(
                "Not opened",
                f"The other account's window could not be started ({exc.strerror}).",
                "account_not_started",
            ) from exc
        # Somebody has to hear of its end, or it would stay in the system's list as long as we do.
        threading.Thread(target=started.wait, name="other-account", daemon=True).start()


def _removed() -> AppError:
    return AppError("No such account", "This account was removed meanwhile.", "account_unknown")
