"""Files whose bytes are not known: which have come to rest, reading them, what is read by now.

Promises: nothing is taken for stable on one look; what was read goes into the journal only when it
is still what was seen. Leaves to others: seeing (`observe`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from mydoctransfer.engine.ports import Clock, Disk, Failure, FailureKind, Hashed, Journal
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.trees import LocalFile, RelPath, Skip, Stat, Synced, name_of

QUIET = 2.0  # seconds a file must rest before any of its bytes are sent
BUSY_AFTER = 120.0  # seconds of changes after which a file is called busy
HASH_BATCH_FILES = 1000
HASH_BATCH_MANY = 4000  # where they are at hand and there are more: fewer transactions
HASH_BATCH_BYTES = 32 * 1024 * 1024
AT_HAND_FILE = 150e-6  # seconds to read and hash one where the disk is not waited for


class _Unrest(NamedTuple):
    """A file whose bytes are not known to be at rest: since when it stands as it was last seen, and
    since when it changes. One for all that were seen first at the same time."""

    since: float
    first: float


class Reading:
    """What of the folder is unread, and how long each file has kept still.

    Attributes:
        unhashed: files whose bytes were not read yet.
    """

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self.start_over()

    def start_over(self) -> None:
        """Forget all but the journal."""
        self.unhashed: dict[RelPath, Stat] = self._journal.unhashed()
        self._hashing: set[RelPath] = set()
        self._set_aside: set[RelPath] = set()
        self._others: set[RelPath] = set()
        # Whether these kept still since they were seen, nobody watched: their rest begins now.
        now = self._clock.monotonic()
        self._seen_first = _Unrest(now, now)
        self._unrest = dict.fromkeys(self.unhashed, self._seen_first)
        # How many were last stirred when, in order: to learn when to wake, 100,000 files are not
        # gone through each turn.
        self._stirred: dict[float, int] = {now: len(self._unrest)} if self._unrest else {}

    # --- at rest or not --------------------------------------------------------------------------

    def stir(self, stats: Mapping[RelPath, Stat], now: float) -> None:
        """Seen as they were not before: to be read when they have come to rest."""
        if not stats:
            return
        if self._seen_first.since != now:
            self._seen_first = _Unrest(now, now)
        unrest = dict.fromkeys(stats, self._seen_first)
        for path in self._unrest.keys() & stats.keys():
            before = self._unrest[path]
            self._came_to_rest(before)
            unrest[path] = _Unrest(now, before.first)
        self._unrest.update(unrest)
        self.unhashed.update(stats)
        self._set_aside.difference_update(stats)
        self._others.difference_update(stats)
        self._stirred[now] = self._stirred.get(now, 0) + len(stats)

    def rest(self, path: RelPath) -> None:
        """Nothing is to be read here any more."""
        self.unhashed.pop(path, None)
        if (unrest := self._unrest.pop(path, None)) is not None:
            self._came_to_rest(unrest)

    def were_read(self, paths: Iterable[RelPath]) -> None:
        """The bytes of these are known, and written down."""
        for path in paths:
            self.unhashed.pop(path, None)

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
            if path not in self._set_aside
            and (unrest := self._unrest.get(path)) is not None
            and unrest.first < long_ago
        ]

    def next_wake(self) -> float | None:
        """When the next file may have come to rest (monotonic seconds)."""
        now = self._clock.monotonic()
        while self._stirred and (first := next(iter(self._stirred))) + QUIET <= now:
            del self._stirred[first]
        return next((since + QUIET for since in self._stirred), None)

    def may_be_read_now(self) -> Callable[[RelPath, Stat], bool]:
        """Return what tells whether a file has kept still for long enough, by our looks or by its
        own times."""
        now, settled = self._clock.monotonic(), self._clock.wall_ms() * 1_000_000 - QUIET * 1e9
        unrest_of = self._unrest.get

        def may_be_read(path: RelPath, stat: Stat) -> bool:
            unrest = unrest_of(path)
            if unrest is None or now >= unrest.since + QUIET:
                return True
            return 0 < max(stat.mtime_ns, stat.ctime_ns) < settled

        return may_be_read

    # --- reading ---------------------------------------------------------------------------------

    def hash_batches(
        self, room: int, may_hash: Callable[[RelPath], bool], is_at_hand: bool
    ) -> list[list[tuple[RelPath, Stat]]]:
        """Return up to `room` batches to hash now, and count them as begun.

        What was changed just now waits for the quiet period; what has been lying there for longer
        is read at once, while its quiet period runs. `is_at_hand`: nobody waits for the disk.
        """
        is_many = is_at_hand and len(self.unhashed) >= HASH_BATCH_MANY
        most = HASH_BATCH_MANY if is_many else HASH_BATCH_FILES
        may_be_read = self.may_be_read_now()
        batches: list[list[tuple[RelPath, Stat]]] = []
        batch: list[tuple[RelPath, Stat]] = []
        size = 0
        for path, stat in self.unhashed.items():
            if len(batches) >= room:
                return batches
            if path in self._hashing or not may_be_read(path, stat) or not may_hash(path):
                continue
            batch.append((path, stat))
            size += stat.size
            if len(batch) >= most or size >= HASH_BATCH_BYTES:
                batches.append(self._begun(batch))
                batch, size = [], 0
        if batch and len(batches) < room:
            batches.append(self._begun(batch))
        return batches

    def _begun(self, batch: list[tuple[RelPath, Stat]]) -> list[tuple[RelPath, Stat]]:
        self._hashing.update(path for path, _ in batch)
        return batch

    def hash(
        self,
        disk: Disk,
        batch: Sequence[tuple[RelPath, Stat]],
        most: int | None,
        was_read: Callable[[], None],
    ) -> Work[list[tuple[RelPath, Hashed | Failure]]]:
        """Read a batch; what is still as expected goes into the journal.

        What has more than `most` bytes is refused unread: a sparse file of a terabyte would be read
        for hours only to be refused by the cloud (C05). `was_read` is called before anything is
        written down, so that the next batch can be read meanwhile.
        """
        readable = [(path, stat) for path, stat in batch if most is None or stat.size <= most]
        try:
            read: list[Hashed | Failure] = []
            if readable:
                read = yield from call(disk.hash_files, readable)
                was_read()
        finally:
            self._hashing.difference_update(path for path, _ in batch)
        outcomes = [(path, result) for (path, _), result in zip(readable, read, strict=True)]
        if len(readable) < len(batch):
            results = dict(outcomes)
            outcomes = [(path, results.get(path) or _too_large(path, most)) for path, _ in batch]
        expected = self.unhashed.get
        fresh = {
            path: LocalFile(r.stat, r.birth_ns, r.sha256)
            for path, r in outcomes
            if isinstance(r, Hashed) and expected(path) == r.stat
        }
        if fresh:
            self._journal.observe(fresh, ())
        for path in fresh:
            del self.unhashed[path]
        if len(fresh) < len(outcomes):
            self._write_down_unread(outcomes)
        return outcomes

    def take_back(self, path: RelPath, file: LocalFile) -> None:
        """What is known of its bytes is wrong, unless it was seen anew meanwhile (A18)."""
        seen = self._journal.local(path)
        if seen is None or (seen.stat, seen.sha256) != (file.stat, file.sha256):
            return
        self._journal.observe({path: LocalFile(file.stat, file.birth_ns, None)}, ())
        self.stir({path: file.stat}, self._clock.monotonic())

    def _write_down_unread(self, outcomes: Iterable[tuple[RelPath, Hashed | Failure]]) -> None:
        """What the first look left to its reading, and could not be read, is known by now."""
        unread: dict[RelPath, LocalFile | tuple[Stat, Skip]] = {}
        for path, outcome in outcomes:
            stat = self.unhashed.get(path)
            if stat is None or self._journal.local(path) is not None:
                continue
            if isinstance(outcome, Failure) and outcome.kind is FailureKind.MISSING:
                self.rest(path)
            else:
                unread[path] = LocalFile(stat, 0, None)
        if unread:
            self._journal.observe(unread, ())

    def set_aside(self, path: RelPath, stat: Stat, why: Failure) -> None:
        """The file cannot be read now: nobody has to wait for it, unless it is another by now."""
        if self.unhashed.get(path) == stat:
            self._set_aside.add(path)
            if why.kind is FailureKind.CHANGED:
                self._others.add(path)

    def size_of(self, path: RelPath) -> int | None:
        """Return how large a file is, as it was last seen; None: there is none to be sent."""
        if (stat := self.unhashed.get(path)) is not None:
            return stat.size
        seen = self._journal.local(path)
        return None if seen is None or seen.skip is not None else seen.stat.size

    def is_set_aside(self, path: RelPath) -> bool:
        """Whether the file could not be read, and nobody has to wait for it."""
        return path in self._set_aside

    def others(self) -> set[RelPath]:
        """Return where another file was found than was seen: the next look tells which."""
        return self._others & self.unhashed.keys()

    def has_unread(self) -> bool:
        """Whether a file waits to be read that may turn out to be a vanished one."""
        return len(self.unhashed) > len(self._set_aside & self.unhashed.keys())

    def waiting(self) -> set[tuple[int, int, int]]:
        """Return device, inode number and size of every file that waits to be read."""
        return {
            (stat.dev, stat.ino, stat.size)
            for path, stat in self.unhashed.items()
            if path not in self._set_aside
        }

    def may_turn_up(self) -> Callable[[Synced], bool]:
        """Return what tells whether a file that was not read yet may turn out to be a vanished one.

        What cannot be read is waited for by nobody but the one that lay in its inode.
        """
        if self.has_unread():
            return lambda _: True
        lying = {(stat.dev, stat.ino, stat.size) for stat in self.unhashed.values()}
        return lambda vanished: (vanished.dev, vanished.ino, vanished.size) in lying


def _too_large(path: RelPath, most: int | None) -> Failure:
    return Failure(
        FailureKind.REFUSED,
        f"{name_of(path)} is larger than your organisation allows ({(most or 0) / 1e9:,.1f} GB). "
        "Split it, or ask the person who runs your cloud.",
        "too_large",
    )
