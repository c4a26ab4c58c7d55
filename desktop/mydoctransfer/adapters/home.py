"""The places of one installation.

`--home DIR` or MYDOCTRANSFER_HOME put everything under DIR; without them the platform's own places
hold. Every directory made here is 0700 and carries a small file, by which another installation
knows that it is nothing to watch.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mydoctransfer.adapters import config, network
from mydoctransfer.adapters._journal_files import files_of
from mydoctransfer.adapters.config import Config
from mydoctransfer.model.errors import AppError, is_disk_full
from mydoctransfer.model.ignore import SIGN

VARIABLE = "MYDOCTRANSFER_HOME"
PROFILES = "profiles"

_NAME = "MyDoc Transfer"
_SOCKET_PATH_MAX = 107  # bytes of sun_path, the closing NUL not counted (Linux; macOS has 103)
_LONGEST_SOCKET_NAME = len("/control")


@dataclass(frozen=True, slots=True)
class Home:
    """Where one installation keeps its things.

    Attributes:
        key: twelve hex digits that stand for this installation.
        keyring_service: the name its secret has in the keyring.
        config_file, state, cache, cloud, inbox: absolute paths; `cloud` is the local cloud's data.
    """

    key: str
    keyring_service: str
    config_file: Path
    state: Path
    cache: Path
    cloud: Path
    inbox: Path

    @property
    def journal(self) -> Path:
        return self.state / "journal.sqlite"

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def session_file(self) -> Path:
        """The refresh token, for those who asked for `--store file`."""
        return self.state / "session.json"

    @property
    def lock(self) -> Path:
        """What the engine of this installation holds while it runs."""
        return self.state / "engine.lock"

    @property
    def reserve(self) -> Path:
        """Room put by (see `adapters.reserve`)."""
        return self.state / "reserve"

    @property
    def profiles(self) -> Path:
        """Where the homes of this installation's other accounts lie (see `adapters.profiles`)."""
        return self.cloud.with_name(PROFILES)

    def data_at(self, real: Path) -> Path | None:
        """Return the data of this home that a folder (its real path) overlaps with."""
        for mine in (self.state, self.cache, self.cloud, self.inbox):
            if mine.is_relative_to(real) or real.is_relative_to(mine):
                return mine
        return None

    def refusal(self, folder: Path) -> str | None:
        """Return which installation's data forbids watching `folder`; None if none does."""
        real = Path(os.path.realpath(folder))
        if mine := self.data_at(real):
            return f"{folder} overlaps with the data of this installation in {mine}."
        if self.config_file.is_relative_to(real):
            return f"{folder} holds the settings of this installation."
        for around in (real, *real.parents):
            if _signed_by(around) not in (None, self.key):
                return f"{folder} lies in the data of another installation in {around}."
        return None

    def prepare(self) -> None:
        """Make the directories every command needs.

        Raises:
            AppError: one of them cannot be made.
        """
        for directory in (self.config_file.parent, self.state, self.logs, self.cache):
            make_private(directory)
        for directory in (self.config_file.parent, self.state, self.cache):
            _sign(directory, self.key)

    def prepare_inbox(self) -> Path:
        """Make the inbox and return it.

        Raises:
            AppError: it cannot be made.
        """
        make_private(self.inbox)
        _sign(self.inbox, self.key)
        return self.inbox

    def load(self) -> tuple[Config, str]:
        """Return the configuration, and a sentence about what was wrong with it ("": nothing)."""
        loaded, warning = config.load(self.config_file)
        return loaded, warning or network.warning(self.config_file)

    def forget(self) -> None:
        """Remove what is remembered here, sessions in files too. Logs and the inbox stay.

        Raises:
            AppError: something cannot be removed.
        """
        journal = map(Path, files_of(str(self.journal)))
        for file in (*journal, self.session_file, self.reserve):
            try:
                file.unlink(missing_ok=True)
            except OSError as exc:
                raise AppError(
                    "Not reset",
                    f"{file} cannot be removed ({exc.strerror}). Remove it.",
                    "reset_failed",
                ) from exc

    def save(self, changed: Config) -> None:
        """Write the configuration.

        Raises:
            AppError: it cannot be written.
        """
        make_private(self.config_file.parent)
        config.save(self.config_file, changed)

    def runtime(self, environ: Mapping[str, str] = os.environ) -> Path:
        """Make the 0700 directory for this installation's sockets and return it.

        In XDG_RUNTIME_DIR where there is one; else in the state directory, unless its path is too
        long for a socket. Which one it was is written down in the state directory, where there is
        room (see `known_runtime`): another terminal may have another environment.

        Raises:
            AppError: it cannot be made, or somebody else has taken its name.
        """
        directory = self._runtime_place(environ)
        make_private(directory)
        _check_private(directory)
        self._write_down_runtime(os.fsencode(directory))
        return directory

    def known_runtime(self, environ: Mapping[str, str] = os.environ) -> Path | None:
        """Return the directory a running engine has put its sockets in; None if there is none.

        Where nothing is written down it is the one that `runtime` would make: the disk may have
        been full.

        Raises:
            AppError: it belongs to somebody else.
        """
        written = _content(self._runtime_record)
        directory = self._runtime_place(environ) if written is None else Path(os.fsdecode(written))
        if not directory.is_dir():
            return None
        _check_private(directory)
        return directory

    def _write_down_runtime(self, written: bytes) -> None:
        if _content(self._runtime_record) == written:
            return
        try:
            config.replace(self._runtime_record, written)
        except OSError as exc:
            if not is_disk_full(exc):
                raise
            # Without a record the usual place is looked at; another place's would mislead.
            self._runtime_record.unlink(missing_ok=True)

    @property
    def _runtime_record(self) -> Path:
        return self.state / "runtime"

    def _runtime_place(self, environ: Mapping[str, str]) -> Path:
        return next(place for place in self._runtime_places(environ) if _has_room(place))

    def _runtime_places(self, environ: Mapping[str, str]) -> list[Path]:
        places = [self.state / "run"]
        if os.path.isabs(xdg := environ.get("XDG_RUNTIME_DIR", "")) and os.path.isdir(xdg):
            places.insert(0, Path(xdg) / f"mydoctransfer-{self.key}")
        temporary = f"mydoctransfer-{_uid()}-{self.key}"
        return [*places, Path(tempfile.gettempdir()) / temporary, Path("/tmp") / temporary]


def find(option: str | None = None, environ: Mapping[str, str] = os.environ) -> Home:
    """Return the installation that `--home`, else the environment, else the platform names."""
    chosen = option or environ.get(VARIABLE, "")
    return _own(Path(os.path.realpath(chosen))) if chosen else _platform()


def owner(home: Home) -> Home | None:
    """Return the installation whose profile a home is; None: it is an installation itself."""
    around = home.config_file.parent.parent
    if around.name != PROFILES:
        return None
    usual = _platform()
    if around == Path(os.path.realpath(usual.profiles)):
        return usual
    return _own(around.parent) if (around.parent / SIGN).exists() else None


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def make_private(directory: Path) -> None:
    """Make a directory (0700) and what leads there.

    Raises:
        AppError: it cannot be made.
    """
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
    except OSError as exc:
        raise AppError(
            "No place to work",
            f"The directory {directory} cannot be made ({exc.strerror})."
            " Put that right, or name another place with --home.",
            "home_unusable",
        ) from exc


def _own(root: Path) -> Home:
    key = _key_of(root)
    home = Home(
        key=key,
        keyring_service=f"{_NAME} {key}",
        config_file=root / "config.toml",
        state=root / "state",
        cache=root / "cache",
        cloud=root / "cloud",
        inbox=root / "inbox",
    )
    if root.parent.name != PROFILES:
        return home
    usual = _platform()
    is_beside = root.parent == Path(os.path.realpath(usual.profiles))
    # A person looks for downloads among the downloads, whichever account they came by.
    return replace(home, inbox=Path(f"{usual.inbox} {root.name}")) if is_beside else home


def _platform() -> Home:
    from platformdirs import PlatformDirs  # 10 ms, not needed with --home

    dirs = PlatformDirs("mydoctransfer", appauthor=False)
    return Home(
        key=_key_of(dirs.user_config_path),
        keyring_service=_NAME,
        config_file=dirs.user_config_path / "config.toml",
        state=dirs.user_state_path,
        cache=dirs.user_cache_path,
        cloud=dirs.user_data_path / "cloud",
        inbox=dirs.user_downloads_path / _NAME,
    )


def _key_of(root: Path) -> str:
    return hashlib.sha256(os.fsencode(root)).hexdigest()[:12]


def _signed_by(directory: Path) -> str | None:
    try:
        return (directory / SIGN).read_text("utf-8", "replace").partition("\n")[0]
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable" if os.path.lexists(directory / SIGN) else None


def _sign(directory: Path, key: str) -> None:
    sign = directory / SIGN
    if not sign.exists():
        try:
            sign.write_text(f"{key}\nData of {_NAME}. It watches no folder with such a file.\n")
        except OSError as exc:
            raise AppError(
                "No place to work",
                f"Nothing can be written into {directory} ({exc.strerror})."
                " Put that right, or name another place with --home.",
                "home_unusable",
            ) from exc


def _has_room(directory: Path) -> bool:
    longest = 103 if sys.platform == "darwin" else _SOCKET_PATH_MAX
    return len(os.fsencode(directory)) + _LONGEST_SOCKET_NAME <= longest


def _check_private(directory: Path) -> None:
    found = os.lstat(directory)
    is_ours = sys.platform == "win32" or found.st_uid == _uid()
    if not stat.S_ISDIR(found.st_mode) or not is_ours:
        raise AppError(
            "No place to work",
            f"{directory} belongs to somebody else. Remove it, or ask them to.",
            "home_unusable",
        )
    if sys.platform != "win32" and found.st_mode & 0o077:
        os.chmod(directory, 0o700)


def _uid() -> int:
    if sys.platform == "win32":
        return 0
    return os.getuid()
