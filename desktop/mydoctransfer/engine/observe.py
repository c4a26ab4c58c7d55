"""Looking at the folder: scans, hashes, and what may be concluded from an absence.

Promises: a directory that could not be read changes nothing beneath it (R9); nothing is taken for
stable, or for gone, on one look; every conclusion goes into the journal, none is kept only here.
Leaves to others: what to do about what was seen (`model.reconcile`).
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mydoctransfer.engine.ignoring import MOST_BYTES, IgnoreRules
from mydoctransfer.engine.ports import (
    Clock,
    Disk,
    Entry,
    Failure,
    FailureKind,
    Hashed,
    Journal,
    Listing,
    Root,
    Seen,
)
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.ignore import RULES, is_ignored, is_placeholder
from mydoctransfer.model.trees import (
    ROOT,
    LocalFile,
    RelPath,
    Skip,
    Stat,
    is_beneath,
    join,
    name_of,
    parent,
)

QUIET = 2.0  # seconds a file must rest before any of its bytes are sent
BUSY_AFTER = 120.0  # seconds of changes after which a file is called busy
LISTING_BATCH = 64
HASH_BATCH_FILES = 1000
HASH_BATCH_BYTES = 32 * 1024 * 1024

MARKER_KEY = "folder_marker"
DEVICE_KEY = "folder_device"


@dataclass(frozen=True, slots=True)
class FolderSick:
    """The folder cannot be believed now; nothing in it counts as deleted (R9, I11)."""

    message: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan that ended with the same healthy root it began with.

    Attributes:
        started: monotonic seconds. is_full: every directory was asked for.
        changed, vanished: what the journal was told. frozen: directories that could not be read.
    """

    started: float
    is_full: bool
    changed: frozenset[RelPath]
    vanished: frozenset[RelPath]
    frozen: frozenset[RelPath]


@dataclass(slots=True)
class _Unrest:
    """A file whose bytes are not known to be at rest: last stat, and since when it is that."""

    stat: Stat
    since: float
    first: float


@dataclass(slots=True)
class _Findings:
    files: dict[RelPath, LocalFile | tuple[Stat, Skip]] = field(default_factory=dict)
    vanished: set[RelPath] = field(default_factory=set)
    visited: set[RelPath] = field(default_factory=set)
    frozen: set[RelPath] = field(default_factory=set)


class Observer:
    """What this run of the engine knows of the folder beyond the journal.

    Attributes:
        unhashed: files whose bytes were not read yet.
        grace: seconds between the two looks that make an absence a deletion (R5).
    """

    def __init__(self, journal: Journal, clock: Clock, grace: float = 60.0) -> None:
        self._journal = journal
        self._clock = clock
        self.grace = grace
        self.start_over()

    def start_over(self) -> None:
        """Forget all but the journal: another folder is to be looked at."""
        self.unhashed: dict[RelPath, Stat] = self._journal.unhashed()
        self._hashing: set[RelPath] = set()
        self._set_aside: set[RelPath] = set()
        # Whether these kept still since they were seen, nobody watched: their rest begins now.
        now = self._clock.monotonic()
        self._unrest = {p: _Unrest(stat, now, now) for p, stat in self.unhashed.items()}
        # How many were last stirred when, in order: to learn when to wake, 100,000 files are not
        # gone through each turn.
        self._stirred: dict[float, int] = {now: len(self._unrest)} if self._unrest else {}
        self._absent: dict[RelPath, float] = {}
        self._frozen: frozenset[RelPath] = frozenset()
        self._rules = IgnoreRules()
        self._last_full: float | None = None

    # --- scanning --------------------------------------------------------------------------------

    def scan(
        self, disk: Disk, directories: Iterable[RelPath] | None
    ) -> Work["Scanned | FolderSick"]:
        """Look at everything (None), or at these directories and what is new beneath them."""
        started = self._clock.monotonic()
        before = yield from call(disk.look)
        if sick := self._unhealthy(before):
            return sick
        found = _Findings()
        known_dirs = self._journal.directories(ROOT)
        is_full = directories is None
        wanted = [ROOT] if directories is None else sorted(set(directories))
        frontier = deque(d for d in wanted if not self._rules.covers(d, True))
        while frontier:
            batch = [frontier.popleft() for _ in range(min(LISTING_BATCH, len(frontier)))]
            batch = [d for d in batch if d not in found.visited]
            found.visited.update(batch)
            listings = yield from call(disk.list_directories, batch)
            for listing in listings:
                if (yield from self._has_new_rules(disk, listing, found)):
                    frontier.extend(self._under_new_rules(listing.directory, known_dirs, found))
                if listing.directory not in found.frozen:
                    frontier.extend(self._take(listing, found, known_dirs, is_full))
        after = yield from call(disk.look)
        if sick := self._unhealthy(after):
            return sick
        if is_full:
            self._conclude_missing_directories(found, known_dirs)
        is_first = not known_dirs and not self._journal.synced_all()
        return self._commit(started, found, is_full, is_first)

    def _unhealthy(self, root: Root | Failure) -> FolderSick | None:
        if isinstance(root, Failure):
            return FolderSick(root.message)
        if root.marker is not None and self._journal.get(MARKER_KEY) is None:
            # A journal that had to be made anew believes the folder it finds: it holds no
            # agreements that an absence could break.
            # The marker last: a kill in between would leave a folder that is sick for ever.
            self._journal.put(DEVICE_KEY, str(root.dev))
            self._journal.put(MARKER_KEY, root.marker)
        if root.marker is None or root.marker != self._journal.get(MARKER_KEY):
            return FolderSick(
                "This is not the folder that was chosen: its marker is missing. Nothing is sent "
                "or withdrawn until you bring it back or choose the folder again."
            )
        if str(root.dev) != self._journal.get(DEVICE_KEY):
            return FolderSick(
                "The folder lies on another disk than before. Nothing is sent or withdrawn until "
                "the disk is back or you choose the folder again."
            )
        return None

    def _has_new_rules(self, disk: Disk, listing: Listing, found: _Findings) -> Work[bool]:
        """Read a `.mydocignore` that is not as it was read. Rules that cannot be read freeze the
        directory: what they would keep here must not be sent (R9)."""
        directory = listing.directory
        stat = next((e.stat for e in listing.entries if e.name == RULES and not e.skip), None)
        if listing.failure is not None or self._rules.is_as_read(directory, stat):
            return False
        if stat is None:
            self._rules.forget(directory)
            return True
        raw = yield from call(disk.read, join(directory, RULES), stat, MOST_BYTES)
        if isinstance(raw, Failure):
            found.frozen.add(directory)
            return False
        self._rules.read(directory, stat, raw)
        return True

    def _under_new_rules(
        self, directory: RelPath, known_dirs: set[RelPath], found: _Findings
    ) -> list[RelPath]:
        """Let go of what is ignored from now on; return the directories to look at again."""
        beneath = [d for d in known_dirs if d != directory and is_beneath(d, directory)]
        covered = {d for d in beneath if self._rules.covers(d, True)}
        for ignored in covered:
            self._vanish(ignored, self._journal.directory(ignored), found)
        return [d for d in beneath if d not in covered]

    def complaint(self) -> str:
        """A sentence about a line of a `.mydocignore` that is no pattern ("": all are)."""
        return self._rules.complaint

    def is_ignored(self, path: RelPath) -> bool:
        """Whether a `.mydocignore` says that a file is not to be sent."""
        return self._rules.covers(path)

    def _take(
        self, listing: Listing, found: _Findings, known_dirs: set[RelPath], is_full: bool
    ) -> list[RelPath]:
        """Compare one directory with the journal; return the directories to look at next."""
        directory = listing.directory
        if listing.failure is not None:
            return self._take_unreadable(listing, found)
        if self._rules or not self._journal.has_exactly(directory, listing.entries):
            self._take_entries(listing, found)
        subdirectories = [
            path
            for name in listing.subdirectories
            if not is_ignored(name, True)
            and not self._rules.covers(path := join(directory, name), True)
        ]
        if is_full:
            return subdirectories
        self._vanish_missing_children(directory, set(subdirectories), known_dirs, found)
        return [d for d in subdirectories if d not in known_dirs]

    def _take_entries(self, listing: Listing, found: _Findings) -> None:
        directory = listing.directory
        known = self._journal.directory(directory)
        names = {entry.name for entry in listing.entries}
        for entry in listing.entries:
            name = entry.name
            if is_ignored(name, False) or is_placeholder(name, entry.size, names):
                continue
            if self._rules.covers(join(directory, name)):
                continue
            if entry.skip is Skip.OTHER_FILESYSTEM:
                # What lay here before the mount is covered, not gone (F18).
                found.frozen.add(join(directory, name))
            seen = known.pop(name, None)
            if not _is_as_seen(entry, seen):
                found.files[join(directory, name)] = _observed(entry, seen)
        self._vanish(directory, known, found)

    def _vanish(self, directory: RelPath, names: Iterable[str], found: _Findings) -> None:
        """Take these for gone; but what is ignored by now keeps the document it has (its file may
        be there or not: nobody looks)."""
        for path in (join(directory, name) for name in names):
            if not self._rules.covers(path) or self._journal.synced(path) is None:
                found.vanished.add(path)

    def _take_unreadable(self, listing: Listing, found: _Findings) -> list[RelPath]:
        assert listing.failure is not None
        if listing.failure.kind is FailureKind.MISSING and listing.directory != ROOT:
            found.visited.discard(listing.directory)
            return [parent(listing.directory)]
        found.frozen.add(listing.directory)
        return []

    def _vanish_missing_children(
        self,
        directory: RelPath,
        present: set[RelPath],
        known_dirs: set[RelPath],
        found: _Findings,
    ) -> None:
        def is_missing(known: RelPath) -> bool:
            if known == directory or not is_beneath(known, directory):
                return False
            child = known[len(directory) + 1 if directory else 0 :].partition("/")[0]
            return join(directory, child) not in present

        self._rules.forget_all_but(lambda d: not is_missing(d))
        for known in filter(is_missing, known_dirs):
            self._vanish(known, self._journal.directory(known), found)

    def _conclude_missing_directories(self, found: _Findings, known_dirs: set[RelPath]) -> None:
        self._rules.forget_all_but(lambda d: d in found.visited or _is_in_any(d, found.frozen))
        for directory in known_dirs - found.visited:
            if not _is_in_any(directory, found.frozen):
                self._vanish(directory, self._journal.directory(directory), found)

    def _commit(self, started: float, found: _Findings, is_full: bool, is_first: bool) -> Scanned:
        now = self._clock.monotonic()
        vanished = {
            p for p in found.vanished - found.files.keys() if not _is_in_any(p, found.frozen)
        }
        for path, entry in found.files.items():
            if isinstance(entry, LocalFile):
                self._stir(path, entry.stat, now)
            else:
                self._rest(path)
        for path in vanished:
            self._rest(path)
        files = self._not_read_at_once(found.files, now) if is_first else found.files
        if files or vanished:
            self._journal.observe(files, vanished)
        self._frozen = frozenset(found.frozen)
        if is_full:
            self._last_full = started
        return Scanned(started, is_full, frozenset(found.files), frozenset(vanished), self._frozen)

    def _not_read_at_once(
        self, files: dict[RelPath, LocalFile | tuple[Stat, Skip]], now: float
    ) -> dict[RelPath, LocalFile | tuple[Stat, Skip]]:
        """Return what has to be written down now, on the first look at a folder.

        A journal that knows nothing has nothing to lose: what is read at once is written once,
        with its hash, which halves the time of a first look. What cannot be read is written then.
        """
        wall_ns = self._clock.wall_ms() * 1_000_000
        return {
            path: entry
            for path, entry in files.items()
            if not isinstance(entry, LocalFile)
            or not self._may_hash(path, entry.stat, now, wall_ns)
        }

    # --- at rest or not --------------------------------------------------------------------------

    def _stir(self, path: RelPath, stat: Stat, now: float) -> None:
        self.unhashed[path] = stat
        self._set_aside.discard(path)
        before = self._unrest.get(path)
        if before is not None:
            self._came_to_rest(before)
        self._unrest[path] = _Unrest(stat, now, before.first if before else now)
        self._stirred[now] = self._stirred.get(now, 0) + 1

    def _rest(self, path: RelPath) -> None:
        self.unhashed.pop(path, None)
        if (unrest := self._unrest.pop(path, None)) is not None:
            self._came_to_rest(unrest)

    def _came_to_rest(self, unrest: _Unrest) -> None:
        if unrest.since in self._stirred:  # else its quiet period is over
            self._stirred[unrest.since] -= 1
            if not self._stirred[unrest.since]:
                del self._stirred[unrest.since]

    def is_at_rest(self, path: RelPath) -> bool:
        """Whether the file kept still for the quiet period, so that its bytes may be sent."""
        unrest = self._unrest.get(path)
        if unrest is None:
            return True
        if self._clock.monotonic() < unrest.since + QUIET:
            return False
        if path not in self.unhashed:
            self._came_to_rest(self._unrest.pop(path))
            return True
        return False

    def busy(self) -> list[RelPath]:
        """Files that have been changing for so long that the person should know."""
        long_ago = self._clock.monotonic() - BUSY_AFTER
        return [
            path
            for path in self.unhashed
            if (unrest := self._unrest.get(path)) is not None and unrest.first < long_ago
        ]

    def next_wake(self) -> float | None:
        """When the next file may have come to rest (monotonic seconds)."""
        now = self._clock.monotonic()
        while self._stirred and (first := next(iter(self._stirred))) + QUIET <= now:
            del self._stirred[first]
        return next((since + QUIET for since in self._stirred), None)

    # --- hashing ---------------------------------------------------------------------------------

    def hash_batches(
        self, room: int, may_hash: Callable[[RelPath], bool]
    ) -> list[list[tuple[RelPath, Stat]]]:
        """Return up to `room` batches to hash now, and count them as begun.

        What was changed just now waits for the quiet period; what has been lying there for longer
        is read at once, while its quiet period runs.
        """
        now, wall_ns = self._clock.monotonic(), self._clock.wall_ms() * 1_000_000
        batches: list[list[tuple[RelPath, Stat]]] = []
        batch: list[tuple[RelPath, Stat]] = []
        size = 0
        for path, stat in self.unhashed.items():
            if len(batches) >= room:
                return batches
            if path in self._hashing or not self._may_hash(path, stat, now, wall_ns):
                continue
            if not may_hash(path):
                continue
            batch.append((path, stat))
            size += stat.size
            if len(batch) >= HASH_BATCH_FILES or size >= HASH_BATCH_BYTES:
                batches.append(self._begun(batch))
                batch, size = [], 0
        if batch and len(batches) < room:
            batches.append(self._begun(batch))
        return batches

    def _begun(self, batch: list[tuple[RelPath, Stat]]) -> list[tuple[RelPath, Stat]]:
        self._hashing.update(path for path, _ in batch)
        return batch

    def _may_hash(self, path: RelPath, stat: Stat, now: float, wall_ns: int) -> bool:
        unrest = self._unrest.get(path)
        if unrest is None or now >= unrest.since + QUIET:
            return True
        return 0 < max(stat.mtime_ns, stat.ctime_ns) < wall_ns - QUIET * 1e9

    def hash(
        self, disk: Disk, batch: Sequence[tuple[RelPath, Stat]], most: int | None
    ) -> Work[list[tuple[RelPath, Hashed | Failure]]]:
        """Read a batch; what is still as expected goes into the journal.

        What has more than `most` bytes is refused unread: a sparse file of a terabyte would be read
        for hours only to be refused by the cloud (C05).
        """
        readable = [(path, stat) for path, stat in batch if most is None or stat.size <= most]
        try:
            read = yield from call(disk.hash_files, readable) if readable else _nothing()
        finally:
            self._hashing.difference_update(path for path, _ in batch)
        results = dict(zip((path for path, _ in readable), read, strict=True))
        outcomes = [(path, results.get(path) or _too_large(path, most)) for path, _ in batch]
        fresh = {
            path: LocalFile(r.stat, r.birth_ns, r.sha256)
            for path, r in outcomes
            if isinstance(r, Hashed) and self.unhashed.get(path) == r.stat
        }
        if fresh:
            self._journal.observe(fresh, ())
        for path in fresh:
            del self.unhashed[path]
        if len(fresh) < len(outcomes):
            self._write_down_unread(outcomes)
        return outcomes

    def _write_down_unread(self, outcomes: Iterable[tuple[RelPath, Hashed | Failure]]) -> None:
        """What the first look left to its reading, and could not be read, is known by now."""
        unread: dict[RelPath, LocalFile | tuple[Stat, Skip]] = {}
        for path, outcome in outcomes:
            stat = self.unhashed.get(path)
            if stat is None or self._journal.local(path) is not None:
                continue
            if isinstance(outcome, Failure) and outcome.kind is FailureKind.MISSING:
                self._rest(path)
            else:
                unread[path] = LocalFile(stat, 0, None)
        if unread:
            self._journal.observe(unread, ())

    def set_aside(self, path: RelPath, stat: Stat) -> None:
        """The file cannot be read now: nobody has to wait for it, unless it is another by now."""
        if self.unhashed.get(path) == stat:
            self._set_aside.add(path)

    def has_unread(self) -> bool:
        """Whether a file waits to be read that may turn out to be a vanished one."""
        return len(self.unhashed) > len(self._set_aside & self.unhashed.keys())

    # --- absence ---------------------------------------------------------------------------------

    def may_withdraw(self, path: RelPath) -> bool:
        """Whether a second complete look, a grace period after the first, agrees (R5).

        A path where something unreadable or special lies now is not absent.
        """
        if _is_in_any(path, self._frozen) or self._journal.local(path) is not None:
            return False
        first = self._absent.setdefault(path, self._clock.monotonic())
        return self._last_full is not None and self._last_full >= first + self.grace

    def keep_absent(self, paths: set[RelPath]) -> None:
        """Forget the first look at every path that is not absent any more."""
        self._absent = {p: t for p, t in self._absent.items() if p in paths}

    def second_look_at(self) -> float | None:
        """When a full scan should begin so that waiting deletions can be confirmed."""
        pending = [
            first + self.grace
            for first in self._absent.values()
            if self._last_full is None or self._last_full < first + self.grace
        ]
        return min(pending, default=None)


def _nothing() -> Work[list[Hashed | Failure]]:
    yield from ()
    return []


def _too_large(path: RelPath, most: int | None) -> Failure:
    return Failure(
        FailureKind.REFUSED,
        f"{name_of(path)} is larger than your organisation allows ({(most or 0) / 1e9:,.1f} GB). "
        "Split it, or ask the person who runs your cloud.",
        "too_large",
    )


def _is_in_any(path: str, directories: Iterable[RelPath]) -> bool:
    return any(path == d or is_beneath(path, d) for d in directories)


def _is_as_seen(entry: Entry, seen: Seen | None) -> bool:
    if seen is None or seen.stat != entry[1:6]:
        return False
    return seen.skip is entry.skip or (entry.skip is None and seen.skip is Skip.EMPTIED)


def _observed(entry: Entry, seen: Seen | None) -> LocalFile | tuple[Stat, Skip]:
    if entry.skip is not None:
        return (entry.stat, entry.skip)
    if seen is not None and _is_emptied(entry.stat, seen):
        return (entry.stat, Skip.EMPTIED)
    return LocalFile(entry.stat, 0, None)


def _is_emptied(stat: Stat, seen: Seen) -> bool:
    """Whether its bytes are gone and its time says that nobody wrote: a power loss leaves that."""
    had_bytes = seen.skip is Skip.EMPTIED or (seen.skip is None and seen.stat.size > 0)
    return had_bytes and stat.size == 0 and stat.mtime_ns == seen.stat.mtime_ns
