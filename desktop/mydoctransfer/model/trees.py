"""The three trees: what was last seen on disk, what in the cloud, and what both agreed on.

A path is relative to the watched folder, with `/`, as `os.fsdecode` gives it (bytes that are no
UTF-8 appear as lone surrogates). Times are milliseconds since the epoch unless the name ends in
`_ns`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple, NewType

RelPath = NewType("RelPath", str)
ShareId = NewType("ShareId", str)
OpId = NewType("OpId", str)

ROOT = RelPath("")


def parent(path: RelPath) -> RelPath:
    """Return the directory of a path; the root's children have the parent ""."""
    return RelPath(path.rpartition("/")[0])


def name_of(path: RelPath) -> str:
    """Return the last component."""
    return path.rpartition("/")[2]


def join(directory: RelPath, name: str) -> RelPath:
    """Return the path of `name` in `directory`."""
    return RelPath(f"{directory}/{name}" if directory else name)


def is_beneath(path: str, directory: str) -> bool:
    """Whether `path` lies in `directory` (at any depth); component-wise, not by prefix."""
    return not directory or path.startswith(directory + "/")


def upwards(path: RelPath) -> Iterator[RelPath]:
    """Give a path, its directory, that one's, and so on to the root."""
    yield path
    while path != ROOT:
        path = parent(path)
        yield path


def is_in_any(path: RelPath, directories: Collection[RelPath]) -> bool:
    """Whether a path is one of these, or lies beneath one."""
    return bool(directories) and any(d in directories for d in upwards(path))


class Stat(NamedTuple):
    """What must be equal for bytes to count as unchanged."""

    dev: int
    ino: int
    size: int
    mtime_ns: int
    ctime_ns: int


class Skip(Enum):
    """Why a directory entry is never uploaded. The value is stored and shown."""

    SYMLINK = "symlink"
    FIFO = "fifo"
    SOCKET = "socket"
    DEVICE = "device"
    OTHER_FILESYSTEM = "other_filesystem"
    FOREIGN_OWNER = "foreign_owner"
    TOO_LONG = "too_long"
    EMPTIED = "emptied"
    ARRIVING = "arriving"


class LocalFile(NamedTuple):
    """A regular file as last seen. `sha256` is None until the bytes of this `stat` were read.

    `birth_ns` is 0 where the file system does not tell. `is_emptied`: a power loss took its bytes
    (C02); it counts as what was agreed on for it, whose `sha256` this is then. A tuple, since a
    first look makes two of them a file: that takes a quarter of the time of a frozen dataclass.
    """

    stat: Stat
    birth_ns: int
    sha256: str | None
    is_emptied: bool = False


@dataclass(frozen=True, slots=True)
class Synced:
    """What this device and the server last agreed on for one path.

    Attributes:
        share_id, version, sha256: the document and the content the server acknowledged.
        dev, ino, birth_ns: the inode that held that content.
        is_adopted: this device found the document, it did not publish it (R14).
        is_gone: the person has been told that it left the cloud (R6).
        mtime_ns: when that content was written, by the disk's own stamp; 0 where nobody knows.
    """

    share_id: ShareId
    version: int
    sha256: str
    size: int
    dev: int
    ino: int
    birth_ns: int
    is_adopted: bool = False
    is_gone: bool = False
    mtime_ns: int = 0


def agreed_with(synced: Synced, file: LocalFile) -> Synced:
    """Return the agreement with another file, whose bytes are known, in the place of its own."""
    assert file.sha256 is not None
    stat = file.stat
    return replace(
        synced,
        sha256=file.sha256,
        size=stat.size,
        dev=stat.dev,
        ino=stat.ino,
        birth_ns=file.birth_ns,
        mtime_ns=stat.mtime_ns,
    )


def file_agreed(synced: Synced) -> LocalFile:
    """Return the file that was agreed on, whatever became of it since."""
    stat = Stat(synced.dev, synced.ino, synced.size, synced.mtime_ns, 0)
    return LocalFile(stat, synced.birth_ns, synced.sha256)


NEVER_SENT = ShareId("never")
"""What an agreement names instead of a document for a file that was in the folder before it was
chosen, and is to be left alone: nothing of it is in the cloud, as after R6."""


class DocumentState(Enum):
    """Whether a document is in the cloud."""

    LIVE = "live"
    EXPIRED = "expired"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the directory."""

    email: str
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class LinkState:
    """A document's link, without its address."""

    expires_at: int
    downloads: int
    max_downloads: int | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """Somebody's client has confirmed having a version; `at` in milliseconds, server time."""

    person: Person
    version: int
    at: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the server shows it to this account; `path` is None when it is not mine.

    `fetched`: who has confirmed having it, the earliest first, also who has it no more.
    """

    share_id: ShareId
    owner: Person
    is_mine: bool
    path: RelPath | None
    display_name: str
    size: int
    sha256: str
    version: int
    revision: int
    state: DocumentState
    uploaded_at: int
    expires_at: int
    people: tuple[Person, ...] = ()
    link: LinkState | None = None
    host: str = ""
    fetched: tuple[Fetched, ...] = ()

    def at(self, now: int) -> "Document":
        """Return the document as it is at `now` (milliseconds): its time may be up (R10)."""
        if self.state is DocumentState.LIVE and self.expires_at <= now:
            return replace(self, state=DocumentState.EXPIRED)
        return self


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator allows: lifetimes in seconds, sizes in bytes."""

    lifetimes: tuple[int, ...] = (3600, 86_400, 604_800, 2_592_000)
    default_lifetime: int = 3600
    max_lifetime: int = 2_592_000
    max_bytes: int = 50 * 1024**3
    directory: str = "search"
    links_allowed: bool = True
    allowed_recipients: tuple[str, ...] = ()
    refused_recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, and under which policy."""

    sub: str
    person: Person
    groups: tuple[str, ...]
    policy: Policy
    epoch: str


@dataclass(frozen=True, slots=True)
class Trees:
    """The part of the three trees in which anything differs, for `reconcile`.

    Attributes:
        local: regular files on disk, hashed; a path missing here and present in `synced` is gone
            from the disk.
        synced: what was agreed, for every path of interest.
        remote: my documents, tombstones included, that `synced` names or whose path a file has.
    """

    local: Mapping[RelPath, LocalFile] = field(default_factory=dict)
    synced: Mapping[RelPath, Synced] = field(default_factory=dict)
    remote: Mapping[ShareId, Document] = field(default_factory=dict)
