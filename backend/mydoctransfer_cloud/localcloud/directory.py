"""The local cloud's directory: its lock, its settings, where its parts keep their state.

    DIR/cloud.json        port and root key, 0600
    DIR/connection.json   what clients need to know
    DIR/policy.json       made by the operator, if at all: what differs from the standard policy
    DIR/lock              held by the one `local up` of this directory
    DIR/unsaved           there while something is not on disk yet
    DIR/api               where the API deployed now is found on the emulator
    DIR/events.json       events no function has handled yet
    DIR/state, DIR/objects, DIR/tmp, DIR/bundles, DIR/cloud.log

The directory is 0700 and belongs to the person: whoever reads the root key owns the cloud.
"""

import contextlib
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from mydoctransfer_cloud.errors import CloudError
from mydoctransfer_contract.codec import WireError, decode, encode
from mydoctransfer_contract.connection import Connection

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOCK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a local cloud keeps over restarts besides its state.

    Attributes:
        root_key: access key id of the account's root; a secret, since the local cloud checks
            no signature of it.
    """

    port: int
    root_key: str

    @property
    def endpoint_url(self) -> str:
        """Address of every AWS service of this cloud."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Directory:
    """A data directory of a local cloud."""

    path: Path

    @property
    def connection_file(self) -> Path:
        """The file people hand to `connect`; its path never changes."""
        return self.path / "connection.json"

    @property
    def log_file(self) -> Path:
        """What the cloud's process says."""
        return self.path / "cloud.log"

    @property
    def api_file(self) -> Path:
        """Where the API deployed now is found on the emulator; the guard reads it."""
        return self.path / "api"

    @property
    def state(self) -> Path:
        """The emulator's records."""
        return self.path / "state"

    @property
    def unsaved_mark(self) -> Path:
        """There while the emulator holds something it has not saved."""
        return self.path / "unsaved"

    @property
    def events_file(self) -> Path:
        """Events no function has handled yet."""
        return self.path / "events.json"

    @property
    def bundles(self) -> Path:
        """Cache of packaged back-ends."""
        return self.path / "bundles"

    def prepare(self) -> None:
        """Create the directory, private to the person.

        Raises:
            CloudError: it cannot be created or written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            for name in ("state", "objects", "tmp", "bundles"):
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as exc:
            raise CloudError(
                "The local cloud's folder cannot be used",
                f"{self.path} cannot be created or written ({exc.strerror}). Put that right, or "
                "name another directory with --data-dir.",
            ) from exc

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the directory; yield the lock's descriptor.

        The lock goes when the last process that has the descriptor is gone, so a cloud still
        saving its state after its parent was killed keeps the next one waiting.

        Raises:
            CloudError: another `local up` holds it.
        """
        with open(self.path / "lock", "a+b") as file:
            if not _lock_soon(file.fileno()):
                raise CloudError(
                    "Already running", f"A local cloud is already running on {self.path}."
                )
            yield file.fileno()

    def is_running(self) -> bool:
        """Say whether some process holds this directory."""
        try:
            with open(self.path / "lock", "r+b") as file:
                return not _lock(file.fileno())
        except FileNotFoundError:
            return False

    def settings(self, port: int | None) -> Settings:
        """Return the kept settings, made at the first start; a port asked for replaces the kept."""
        kept = self.kept_settings()
        if kept is None:
            kept = Settings(port or _free_port(), _new_root_key())
        elif port is not None and port != kept.port:
            kept = Settings(port, kept.root_key)
        self._write("cloud.json", json.dumps(asdict(kept)))
        return kept

    def kept_settings(self) -> Settings | None:
        """Return the settings of a directory that was started once."""
        try:
            return decode(Settings, json.loads((self.path / "cloud.json").read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as exc:
            raise _unreadable(self.path / "cloud.json") from exc

    def policy(self) -> str:
        """Return what `policy.json` says: what differs from the standard policy, or nothing."""
        try:
            return (self.path / "policy.json").read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as exc:
            raise _unreadable(self.path / "policy.json") from exc

    def connection(self) -> Connection | None:
        """Return the connection written last, if any."""
        try:
            return decode(Connection, json.loads(self.connection_file.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, WireError) as exc:
            raise _unreadable(self.connection_file) from exc

    def write_connection(self, connection: Connection) -> None:
        """Replace the connection file."""
        self._write("connection.json", json.dumps(encode(connection), indent=2) + "\n")

    def write_api(self, path: str) -> None:
        """Say where the API deployed now is found."""
        self._write("api", path)

    def _write(self, name: str, text: str) -> None:
        beside = self.path / f".{name}.new"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path / name)


def _lock_soon(descriptor: int) -> bool:
    deadline = time.monotonic() + _LOCK_SECONDS
    while not _lock(descriptor):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _new_root_key() -> str:
    return "LOCAL" + secrets.token_hex(16).upper()


def _unreadable(path: Path) -> CloudError:
    return CloudError(
        "The local cloud's folder is damaged",
        f"{path} cannot be read. Move it away to start with an empty cloud.",
    )
