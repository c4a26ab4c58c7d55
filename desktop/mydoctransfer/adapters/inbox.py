"""Where downloads land.

Promises: a file appears under its name only when its bytes are verified and on the disk; nothing
that was there is touched; the name is harmless wherever it goes. A line that breaks is taken up
where it broke. Leaves to others: who may download what.
"""

import errno
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from mydoctransfer.adapters import _arrival
from mydoctransfer.adapters._arrival import Arrival
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.adapters.web import Headers, Sink, Web
from mydoctransfer.engine.ports import DownloadLink, Failure, FailureKind
from mydoctransfer.model.errors import CANCELLED, AppError
from mydoctransfer.model.names import numbered, safe_name
from mydoctransfer.model.trees import ShareId

_TRIES = 5
_MARGIN = 16 * 1024 * 1024  # bytes that stay free
_CHUNK = 1024 * 1024
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)", re.ASCII)

_CAPTIVE = Failure(
    FailureKind.OFFLINE,
    "Something else than the store answered. Does this network want you to sign in?",
    "captive_portal",
)
_LINK_ENDED = Failure(FailureKind.BUSY, "The leave to download has ended. Try again.", "link_ended")
_INTO_WATCHED = Failure(
    FailureKind.UNREADABLE,
    "What is put into the watched folder is sent. Name a directory outside of it.",
    "watched_directory",
)
_NOT_THERE = Failure(FailureKind.REFUSED, "The document is no longer available.", "not_found")
_STORE_BUSY = Failure(FailureKind.BUSY, "The store is busy. Try again in a moment.", "store_busy")
_CANCELLED = Failure(FailureKind.REFUSED, "The download was cancelled.", CANCELLED)
_CORRUPT = Failure(
    FailureKind.CORRUPT,
    "What arrived is not what was sent; it was thrown away.",
    "checksum_mismatch",
)


class _Cancelled(Exception):
    """The person wants no more of it."""


class InboxFolder:
    """The `Inbox` port over the file system.

    Args:
        prepare: makes the inbox and returns it (may raise AppError). free: bytes free at a path.
        pace: how fast bytes may come down. watched: the watched folder, where nothing may land.
        tell: called from the thread that fetches: whose bytes, how many came, of how many.
    """

    def __init__(
        self,
        prepare: Callable[[], Path],
        web: Web,
        free: Callable[[int], int] | None = None,
        pace: Pace | None = None,
        watched: Callable[[], str | None] = lambda: None,
        tell: Callable[[ShareId, int, int], None] = lambda share_id, came, total: None,
    ) -> None:
        self._tell = tell
        self._cancelled: set[ShareId] = set()  # one thread changes it, the pool looks
        self._lock = threading.Lock()  # over what is on its way, and whether anything still may be
        self._arrivals: set[Arrival] = set()
        self._is_closed = False
        self._watched = watched
        self._pace = pace or Pace()
        self._prepare = prepare
        self._web = web
        self._free = free or _free

    def fetch(self, link: DownloadLink, directory: str | None, share_id: ShareId) -> str | Failure:
        """Download; answers the absolute path. None is the inbox; a name taken gets ` (2)`.

        A directory that is not there is made. A file of that name with the same content is
        adopted instead.
        """
        try:
            place = os.path.abspath(directory if directory is not None else self._prepare())
            if self._is_watched(place):
                return _INTO_WATCHED
            os.makedirs(place, exist_ok=True)
            into = os.open(place, _DIRECTORY)
        except AppError as exc:
            return Failure(FailureKind.UNREADABLE, exc.message, exc.code)
        except OSError as exc:
            return _trouble(exc, os.fspath(directory or "the inbox"))
        try:
            _arrival.sweep(into)
            name = self._fetch(link, into, share_id)
        except _Cancelled:
            return _CANCELLED
        except OSError as exc:
            return _trouble(exc, place)
        finally:
            os.close(into)
        return name if isinstance(name, Failure) else os.path.join(place, name)

    def cancel(self, share_id: ShareId) -> None:
        """Fetch no more of it, from any thread; what has come of it is removed."""
        self._cancelled.add(share_id)

    def allow(self, share_id: ShareId) -> None:
        """What is begun from now on is wanted: a cancel that came too late says nothing of it."""
        self._cancelled.discard(share_id)

    def close(self) -> None:
        """Fetch nothing more; what has come of anything on its way is removed. From any thread.

        It waits for none of them: a program that is ended does not.
        """
        with self._lock:
            self._is_closed = True
            for arrival in self._arrivals:
                arrival.discard()

    def _is_watched(self, place: str) -> bool:
        watched = self._watched()
        if watched is None:
            return False
        return Path(os.path.realpath(place)).is_relative_to(os.path.realpath(watched))

    def sweep(self) -> None:
        """Remove what a killed download has left in the inbox (J02)."""
        try:
            into = os.open(self._prepare(), _DIRECTORY)
        except (AppError, OSError):
            return
        try:
            _arrival.sweep(into)
        finally:
            os.close(into)

    def _fetch(self, link: DownloadLink, into: int, share_id: ShareId) -> str | Failure:
        name = safe_name(link.display_name)
        if adopted := _same(into, name, link):
            return adopted
        free = self._free(into)
        if free < link.size + _MARGIN:
            return Failure(
                FailureKind.NO_SPACE,
                f"{name} needs {_shown(link.size)}, and {_shown(free)} are free on that disk.",
                "disk_full",
            )
        try:
            return self._download(link, into, name, share_id)
        except FileNotFoundError:
            # Somebody removed the half file (O05): once more, from the beginning.
            return self._download(link, into, name, share_id)

    def _download(
        self, link: DownloadLink, into: int, name: str, share_id: ShareId
    ) -> str | Failure:
        told = 0

        def came(number: int) -> None:
            nonlocal told
            if share_id in self._cancelled or self._is_closed:
                raise _Cancelled
            if number < told or number - told >= max(link.size // 100, _CHUNK // 4):
                told = number
                self._tell(share_id, number, link.size)

        with self._arriving(into) as arrival:
            body = _Body(arrival, link, self._pace, came)
            for _ in range(_TRIES):
                outcome = self._web.fetch(link.url, body.headers(), body.accept)
                if body.refusal is not None:
                    return body.refusal
                if body.is_complete:
                    break
                if isinstance(outcome, Failure) and not body.has_grown:
                    return outcome
            if not body.is_complete:
                return outcome if isinstance(outcome, Failure) else _CAPTIVE
            if body.sha256 != link.sha256:
                return _CORRUPT
            parts = urlsplit(link.url)
            return arrival.settle(name, f"{parts.scheme}://{parts.hostname}/")

    @contextmanager
    def _arriving(self, into: int) -> Iterator[Arrival]:
        with self._lock:
            if self._is_closed:
                raise _Cancelled
            arrival = Arrival(into)
            self._arrivals.add(arrival)
        try:
            with arrival:
                yield arrival
        finally:
            with self._lock:
                self._arrivals.remove(arrival)


class _Body:
    """What arrived of one file so far.

    Attributes:
        refusal: set when going on makes no sense. has_grown: bytes came in the last try.
    """

    def __init__(
        self, arrival: Arrival, link: DownloadLink, pace: Pace, came: Callable[[int], None]
    ) -> None:
        """`came` is told how many bytes are here; what it raises ends the download."""
        self._came = came
        self._pace = pace
        self._arrival = arrival
        self._link = link
        self._hash = hashlib.sha256()
        self._length = 0
        self._etag = ""
        self._has_begun = False
        self.refusal: Failure | None = None
        self.has_grown = False

    @property
    def is_complete(self) -> bool:
        return self._length == self._link.size and self._has_begun

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def headers(self) -> dict[str, str]:
        """Ask for what is missing, if it is still the same file; else for all of it."""
        self.has_grown = False
        if not self._length or not self._etag:
            return {}
        return {"Range": f"bytes={self._length}-", "If-Range": self._etag}

    def accept(self, status: int, headers: Headers) -> Sink | None:
        """Say where the body of this answer goes; nowhere where it is not the file."""
        if status == 206 and self._continues(headers):
            return self._take
        if status == 200 and headers.get("content-length") == str(self._link.size):
            self._restart()
            self._etag = _strong(headers.get("etag", ""))
            return self._take
        self.refusal = _refusal(status, headers)
        return None

    def _continues(self, headers: Headers) -> bool:
        found = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        return found is not None and (int(found[1]), int(found[2])) == (
            self._length,
            self._link.size,
        )

    def _restart(self) -> None:
        self._has_begun = True
        if self._length:
            self._arrival.restart()
            self._hash = hashlib.sha256()
            self._length = 0

    def _take(self, chunk: bytes) -> None:
        self._pace.take(len(chunk))
        self._arrival.write(chunk)
        self._hash.update(chunk)
        self._length += len(chunk)
        self.has_grown = True
        self._came(self._length)


def _refusal(status: int, headers: Headers) -> Failure:
    is_page = "html" in headers.get("content-type", "").lower()
    if is_page or status < 400 or status in (407, 511):
        return _CAPTIVE
    if status >= 500 or status == 429:
        return _STORE_BUSY
    return _LINK_ENDED if status in (400, 401, 403) else _NOT_THERE


def _strong(etag: str) -> str:
    return "" if etag.startswith("W/") else etag


def _same(into: int, name: str, link: DownloadLink) -> str | None:
    """Return the name under which these very bytes lie there already (O02)."""
    number = 1
    while _arrival.exists(into, numbered(name, number)):
        if _is_same(into, numbered(name, number), link):
            return numbered(name, number)
        number += 1
    return None


def _is_same(into: int, name: str, link: DownloadLink) -> bool:
    fd = _arrival.open_existing(into, name)
    if fd is None:
        return False
    with open(fd, "rb") as file:
        if os.fstat(fd).st_size != link.size:
            return False
        return hashlib.file_digest(file, "sha256").hexdigest() == link.sha256


def _free(into: int) -> int:
    found = os.fstatvfs(into)
    return found.f_bavail * found.f_frsize


def _shown(size: int) -> str:
    number, unit = float(size), "bytes"
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"


def _trouble(exc: OSError, place: str) -> Failure:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Failure(FailureKind.NO_SPACE, f"The disk of {place} is full.", "disk_full")
    if exc.errno in (errno.ENOENT, errno.ENOTDIR, errno.EEXIST):
        return Failure(
            FailureKind.MISSING, f"{place} is not a directory. Name another one.", "no_directory"
        )
    return Failure(
        FailureKind.UNREADABLE,
        f"Nothing can be written into {place} ({exc.strerror}).",
        "not_writable",
    )
