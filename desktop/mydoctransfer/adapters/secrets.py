"""Where the session's secret lies: the OS keyring, a file the person asked for, or memory.

No store ever stands in for another one. What goes wrong is a `Failure` KEYRING with a sentence; a
locked keyring is never taken for "nobody is signed in".
"""

import hashlib
import json
import os
import stat
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from mydoctransfer.adapters import config
from mydoctransfer.engine.ports import Failure, FailureKind

_ENTRY = "session"
# Windows holds 1,280 characters an entry (jaraco/keyring #355, #540), a refresh token is longer.
_WINDOWS_PIECE = 1200
_PATIENCE = 20.0  # seconds; a locked keyring asks the person, who may be away


@dataclass(frozen=True, slots=True)
class Secret:
    """What it takes to go on without a password.

    Attributes:
        client: the user pool and its app client, so that it is offered to no other cloud.
    """

    client: str
    email: str
    sub: str
    refresh_token: str = field(repr=False)


class SecretStore(Protocol):
    """One place for one secret."""

    def load(self) -> Secret | Failure | None: ...
    def save(self, secret: Secret) -> Failure | None: ...
    def delete(self) -> Failure | None: ...


class MemoryStore:
    """Forgets everything when the process ends."""

    def __init__(self) -> None:
        self._secret: Secret | None = None

    def load(self) -> Secret | Failure | None:
        return self._secret

    def save(self, secret: Secret) -> Failure | None:
        self._secret = secret
        return None

    def delete(self) -> Failure | None:
        self._secret = None
        return None


class FileStore:
    """A file of mode 0600, only ever because the person asked for one."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def load(self) -> Secret | Failure | None:
        try:
            if not _is_private(self._file):
                return _unusable(f"{self._file} is open to others. Sign in again.")
            return _decoded(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except OSError as exc:
            return _unusable(f"{self._file} cannot be read ({exc.strerror}). Sign in again.")
        except ValueError as exc:
            return _unusable(f"{self._file} cannot be read ({exc}). Sign in again.")

    def save(self, secret: Secret) -> Failure | None:
        try:
            config.replace(self._file, _encoded(secret).encode())
        except OSError as exc:
            return _unusable(f"Your session cannot be kept in {self._file} ({exc.strerror}).")
        return None

    def delete(self) -> Failure | None:
        try:
            self._file.unlink(missing_ok=True)
        except OSError as exc:
            return _unusable(f"{self._file} cannot be removed ({exc.strerror}). Remove it.")
        return None


class KeyringStore:
    """The OS keyring, under one service name of one installation.

    One entry (macOS asks for each), cut into pieces only where the system's entries are short. A
    call that waits for the person is given up after `patience` seconds; the next call waits on, so
    that at most one question is on the screen.
    """

    def __init__(
        self,
        service: str,
        piece: int | None = _WINDOWS_PIECE if sys.platform == "win32" else None,
        patience: float = _PATIENCE,
    ) -> None:
        self._service = service
        self._piece = piece
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: tuple[str, Future[Any]] | None = None

    def load(self) -> Secret | Failure | None:
        found: str | Failure | None = self._ask("load", self._load)
        if found is None or isinstance(found, Failure):
            return found
        try:
            return _decoded(found)
        except ValueError:
            return None  # cut off or overwritten: sign in again

    def save(self, secret: Secret) -> Failure | None:
        text = _encoded(secret)
        failure: Failure | None = self._ask("save " + _digest(text), lambda: self._save(text))
        return failure

    def delete(self) -> Failure | None:
        failure: Failure | None = self._ask("delete", self._delete)
        return failure

    def _load(self) -> str | None:
        keyring = _keyring()
        head: str | None = keyring.get_password(self._service, _ENTRY)
        count, digest = _pieces_of(head)
        if not count:
            return head
        pieces = [keyring.get_password(self._service, f"{_ENTRY}-{n}") for n in range(count)]
        text = "".join(piece or "" for piece in pieces)
        return text if _digest(text) == digest else ""

    def _save(self, text: str) -> Failure | None:
        keyring = _keyring()
        before, _ = _pieces_of(keyring.get_password(self._service, _ENTRY))
        head, pieces = text, []
        if self._piece is not None and len(text) > self._piece:
            pieces = [text[n : n + self._piece] for n in range(0, len(text), self._piece)]
            head = json.dumps({"pieces": len(pieces), "sha256": _digest(text)})
        for number, piece in enumerate(pieces):
            keyring.set_password(self._service, f"{_ENTRY}-{number}", piece)
        keyring.set_password(self._service, _ENTRY, head)
        for number in range(len(pieces), before):
            self._drop(keyring, f"{_ENTRY}-{number}")
        # The null backend, and some that are full, drop what they are given without a word.
        return None if self._load() == text else _NO_KEYRING

    def _delete(self) -> Failure | None:
        keyring = _keyring()
        head = keyring.get_password(self._service, _ENTRY)
        if head is None:
            return None
        self._drop(keyring, _ENTRY)
        for number in range(_pieces_of(head)[0]):
            self._drop(keyring, f"{_ENTRY}-{number}")
        if keyring.get_password(self._service, _ENTRY) is not None:
            return _unusable(f"The keyring did not remove {self._service!r}. Remove it there.")
        return None

    def _drop(self, keyring: Any, entry: str) -> None:
        with suppress(keyring.errors.PasswordDeleteError):  # mostly: it is gone already
            keyring.delete_password(self._service, entry)

    def _ask(self, what: str, call: Callable[[], Any]) -> Any:
        """Run `call` in a thread of its own; a locked keyring blocks it until the person answers.

        A daemon, since the program must be able to end before they do.
        """
        with self._lock:
            if self._waiting is not None and not self._waiting[1].done():
                if self._waiting[0] != what:
                    return _LOCKED
                answer = self._waiting[1]
            else:
                answer = Future()
                self._waiting = what, answer
                threading.Thread(
                    target=_answer, args=(call, answer), name="keyring", daemon=True
                ).start()
        try:
            return answer.result(self._patience)
        except TimeoutError:
            return _LOCKED


def _answer(call: Callable[[], Any], answer: Future[Any]) -> None:
    try:
        answer.set_result(call())
    except Exception as exc:  # whatever a backend raises: its number is unlimited
        answer.set_result(_failure(exc))


def _keyring() -> Any:
    """Return the keyring, which has a backend.

    Raises:
        NoKeyringError: there is none but those that keep nothing, or keep it in the clear.
    """
    keyring = _module()
    if keyring.get_keyring().priority <= 0:
        keyring.core.init_backend()  # the service may have come up since
    backend = keyring.get_keyring()
    if backend.priority < 1:
        raise keyring.errors.NoKeyringError(f"{backend.name} keeps no secrets")
    return keyring


def _module() -> ModuleType:
    import keyring  # 170 ms with its backends, and most commands need none

    return keyring


def _failure(exc: Exception) -> Failure:
    errors = _module().errors
    if isinstance(exc, errors.NoKeyringError | errors.InitError):
        return _NO_KEYRING
    if isinstance(exc, errors.KeyringLocked) or "dismissed" in str(exc).lower():
        return _LOCKED
    return _unusable(f"The keyring refused ({str(exc) or type(exc).__name__}).")


_NO_KEYRING = Failure(
    FailureKind.KEYRING,
    "This computer has no keyring to keep your session in. Start one, or sign in with "
    "--store file to keep it in a file that your other programs can read.",
    "no_keyring",
)
_LOCKED = Failure(
    FailureKind.KEYRING,
    "Your keyring is locked. Unlock it and try again.",
    "keyring_locked",
)


def _unusable(message: str) -> Failure:
    return Failure(FailureKind.KEYRING, message, "keyring_unusable")


def _encoded(secret: Secret) -> str:
    return json.dumps(
        {
            "client": secret.client,
            "email": secret.email,
            "sub": secret.sub,
            "refresh_token": secret.refresh_token,
        }
    )


def _decoded(text: str) -> Secret:
    """Raises ValueError: not what `_encoded` made."""
    value = json.loads(text)
    names = ("client", "email", "sub", "refresh_token")
    if not isinstance(value, dict) or not all(isinstance(value.get(n), str) for n in names):
        raise ValueError("not a session")
    return Secret(*(value[name] for name in names))


def _pieces_of(head: str | None) -> tuple[int, str]:
    """Return how many pieces an entry says follow, and their digest."""
    try:
        value = json.loads(head or "")
        return min(int(value["pieces"]), 100), str(value["sha256"])
    except (ValueError, TypeError, KeyError):
        return 0, ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_private(file: Path) -> bool:
    if sys.platform == "win32":
        return True
    found = os.lstat(file)
    is_open = bool(found.st_mode & 0o077)
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid() and not is_open
