"""The watched folder, and what tells that something in it changed. In the pool, but for `check`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from mydoctransfer.engine.ports.failures import Failure
from mydoctransfer.model.ignore import is_ignored
from mydoctransfer.model.trees import LocalFile, RelPath, Skip, Stat


@dataclass(frozen=True, slots=True)
class Root:
    """The watched folder as found: device id and the marker's uuid (None: no marker)."""

    dev: int
    marker: str | None


class Entry(NamedTuple):
    """A name in a directory: a file as `Stat` has it, or why it is skipped.

    Flat, as the journal's rows are, so that a directory of which nothing changed is told by one
    comparison.
    """

    name: str
    dev: int
    ino: int
    size: int
    mtime_ns: int
    ctime_ns: int
    skip: Skip | None

    @property
    def stat(self) -> Stat:
        """What must be equal for bytes to count as unchanged."""
        return tuple.__new__(Stat, self[1:6])


class Along(NamedTuple):
    """Which files are read while their directory is listed, and how many of them in one call:
    what nobody has touched since `before_ns` (nanoseconds since the epoch)."""

    before_ns: int
    most_bytes: int
    most_files: int

    def has(self, entry: Entry) -> bool:
        """Whether this is one of them."""
        name, _, _, size, mtime_ns, ctime_ns, skip = entry
        before_ns, most_bytes, _ = self
        return (
            skip is None
            and size <= most_bytes
            and 0 < max(mtime_ns, ctime_ns) < before_ns
            and not is_ignored(name, False)
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """One directory, names in order. `failure` says that it could not be read (then it looks
    empty, R9). Subdirectories stand apart from the entries, unless they are skipped. `read`: the
    entries whose bytes were read, as `Hashed` has them."""

    directory: RelPath
    entries: Sequence[Entry] = ()
    subdirectories: Sequence[str] = ()
    failure: Failure | None = None
    read: Mapping[str, LocalFile] = field(default_factory=dict)


class Hashed(NamedTuple):
    """The bytes of a file: equal stat before and after reading, and not longer than that."""

    path: RelPath
    stat: Stat
    birth_ns: int
    sha256: str


class Disk(Protocol):
    """The watched folder. Reads only, but for `mark` and `add`, which create and never replace.

    Every open walks from the root by directory descriptor with O_NOFOLLOW.
    """

    def look(self) -> Root | Failure: ...
    def mark(self, marker: str) -> Root | Failure:
        """Create the marker file; where one is, keep it and answer with it."""

    def list_directories(
        self, directories: Sequence[RelPath], along: Along | None = None
    ) -> list[Listing]:
        """List these, and read what is to be read along. What could not be read is only listed,
        and so is all in a directory with rules of its own (`.mydocignore`)."""

    def hash_files(self, files: Sequence[tuple[RelPath, Stat]]) -> list[Hashed | Failure]:
        """Read and hash; CHANGED when the stat before or after is not the one expected."""

    def read(self, path: RelPath, expects: Stat, most: int) -> bytes | Failure:
        """Return the bytes of a small file; UNREADABLE when it has more than `most`."""

    def stat(self, path: RelPath) -> Stat | Failure: ...
    def add(self, source: str, into: RelPath) -> list[RelPath] | Failure:
        """Copy a dropped file or directory (absolute path) into the folder, under a free name."""


class Watch(Protocol):
    """Tells of changes by putting `Hint` and `WatchState` into the inbox.

    `check` returns at once; the others are called from the pool.
    """

    def start(self, folder: str) -> None: ...
    def stop(self) -> None: ...
    def check(self) -> None:
        """Find out whether it still watches; a dead one says so with a `WatchState`."""
