"""When to look at the folder: hints, timers, the second look, the watcher's health, hashing lanes.

Owns: what is wanted, what runs, and whether the folder is sick. Leaves to `observe` how to look.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from mydoctransfer.engine import answers
from mydoctransfer.engine.auditing import Auditing
from mydoctransfer.engine.health import FolderSick
from mydoctransfer.engine.messages import WatchMode, WatchState
from mydoctransfer.engine.observe import Observer, Scanned
from mydoctransfer.engine.ports import Clock, Disk, Failure, Hashed, Watch
from mydoctransfer.engine.reading import AT_HAND_FILE
from mydoctransfer.engine.tasks import Tasks, Work, call
from mydoctransfer.model.trees import RelPath, Stat

HINT_DELAY = 0.3  # seconds in which hints gather
SICK_RETRY = 10.0
FULL_SCAN = 3600.0
POLLING_SCAN = 30.0
WATCH_CHECK = 5.0
HASH_LANES = 3
AT_HAND_RATE = 300e6  # bytes a second, hashed where the disk is not waited for
MANY_BYTES = 256 * 1024  # a file

_UNFORESEEN = "The folder could not be looked at; the log says why. It is tried again by itself."


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking asks of the rest of the engine.

    `scanned`: a scan ended well. `hashed`: a batch was read (or not, item by item). `most_bytes`:
    how large a file may be at most, None while nobody knows. `may_audit`: whether there is
    nothing else to do.
    """

    scanned: Callable[[Scanned], None]
    hashed: Callable[[Sequence[tuple[RelPath, Hashed | Failure]]], None]
    may_hash: Callable[[RelPath], bool]
    most_bytes: Callable[[], int | None]
    may_audit: Callable[[], bool]


class Looking:
    """Keeps looking at one folder.

    Attributes:
        sick: a sentence when the folder cannot be believed now, else "".
        folder: where, as an absolute path.
        full_scan_began: monotonic seconds of the last full scan that ended well.
        watch_message: a sentence when changes are not told by the system.
    """

    def __init__(
        self,
        disk: Disk,
        folder: str,
        observer: Observer,
        tasks: Tasks,
        clock: Clock,
        watch: Watch | None,
        seen: Seen,
        auditing: Auditing,
    ) -> None:
        self._disk = disk
        self.folder = folder
        self._observer = observer
        self._tasks = tasks
        self._clock = clock
        self._watch = watch
        self._seen = seen
        self._auditing = auditing
        self._hints: set[RelPath] = set()
        self._hinted_at = 0.0
        self._is_full_wanted = True
        self._is_scanning = False
        self._hash_lanes: set[RelPath] = set()  # the first file of each batch that is being read
        self._most_hash_lanes = 1
        self._is_at_hand = False
        self._sick_at = 0.0
        self._is_watch_started = False
        self._watch_mode = WatchMode.WATCHING
        self._checked_at = 0.0
        self.sick = ""
        self.full_scan_began: float | None = None
        self.watch_message = ""

    @property
    def message(self) -> str:
        """A sentence about what keeps looking from being what it should be ("": nothing)."""
        return self.watch_message or next(iter(self._observer.complaints().values()), "")

    # --- what others say -------------------------------------------------------------------------

    def hint(self, directories: Iterable[RelPath]) -> None:
        """Something may have changed in these directories."""
        if not self._hints:
            self._hinted_at = self._clock.monotonic()
        self._hints.update(directories)

    def look_now(self) -> None:
        """Look at everything as soon as may be."""
        self._is_full_wanted = True

    def watch_changed(self, state: WatchState) -> None:
        """The watcher stands otherwise than before; whatever it was, events may be lost (F14)."""
        self._watch_mode = state.mode
        self.watch_message = state.message
        self._is_full_wanted = True
        if state.mode in (WatchMode.DEAD, WatchMode.ENDED):
            self._is_watch_started = False

    def look_at_health(self) -> Work[None]:
        """Find out whether the folder can be believed, for who does not look into it."""
        found = yield from self._observer.health(self._disk)
        self.sick = found.message if found else ""

    @property
    def is_about_to_look(self) -> bool:
        """Whether a look is wanted or under way, so that what was seen last may not hold."""
        return self._is_scanning or self._is_full_wanted

    def is_settled_since(self, began: float) -> bool:
        """Whether a full look began after `began`, and nothing seen since waits to be read."""
        is_restless = self._is_scanning or self._is_full_wanted or self._hints
        has_looked = self.full_scan_began is not None and self.full_scan_began >= began
        return has_looked and not is_restless and not self._observer.reading.has_unread()

    # --- the turn --------------------------------------------------------------------------------

    def turn(self) -> None:
        """Start what is due."""
        now = self._clock.monotonic()
        self._turn_watch(now)
        if not self._is_scanning and now >= self._next_scan(now):
            self._start_scan()
        self._start_hashing()
        if self._may_audit():
            self._auditing.turn()

    def wakes(self) -> list[float | None]:
        """When the next turn is wanted (monotonic seconds)."""
        wakes = [self._observer.reading.next_wake()]
        if self._may_audit():
            wakes.append(self._auditing.next_wake())
        if self._watch is not None and not self.sick:
            wakes.append(self._checked_at + WATCH_CHECK)
        if not self._is_scanning:
            wakes.append(self._next_scan(self._clock.monotonic()))
        return wakes

    def _may_audit(self) -> bool:
        is_busy = self._is_scanning or self.sick or self._observer.reading.unhashed
        return not is_busy and self.full_scan_began is not None and self._seen.may_audit()

    def _turn_watch(self, now: float) -> None:
        if self._watch is None or self.sick:
            return
        if not self._is_watch_started:
            self._is_watch_started = True
            self._checked_at = now
            self._tasks.start("watch", call(self._watch.start, self.folder), self._watch_started)
        elif now >= self._checked_at + WATCH_CHECK:
            self._checked_at = now
            self._watch.check()

    def _watch_started(self, _: None, error: BaseException | None) -> None:
        # What happened before the watches stood was seen by nobody (F16).
        self._is_full_wanted = True
        if error is not None:
            self._watch_mode = WatchMode.POLLING
            self.watch_message = "Changes are looked for every 30 seconds."

    def _next_scan(self, now: float) -> float:
        if self.sick:
            return now if self._is_full_wanted else self._sick_at + SICK_RETRY
        if self._is_full_wanted or self.full_scan_began is None:
            return now
        due = [self._next_full_scan()]
        if self._hints:
            due.append(self._hinted_at + HINT_DELAY)
        return min(due)

    def _next_full_scan(self) -> float:
        every = FULL_SCAN if self._watch_mode is WatchMode.WATCHING else POLLING_SCAN
        timer = (self.full_scan_began or 0.0) + every
        seconds = (
            self._observer.absence.second_look_at(),
            self._observer.displaced.second_look_at(),
        )
        return min([timer, *(at for at in seconds if at is not None)])

    # --- scanning --------------------------------------------------------------------------------

    def _start_scan(self) -> None:
        is_full = (
            self._is_full_wanted
            or bool(self.sick)
            or self.full_scan_began is None
            or self._next_full_scan() <= self._clock.monotonic()
        )
        directories = None if is_full else frozenset(self._hints)
        self._is_scanning = True
        self._is_full_wanted = False
        self._hints.clear()
        self._tasks.start(
            "scan",
            self._observer.scan(self._disk, directories, self._seen.most_bytes()),
            partial(self._scan_ended, directories),
        )

    def _scan_ended(
        self,
        directories: frozenset[RelPath] | None,
        result: Scanned | FolderSick | None,
        error: BaseException | None,
    ) -> None:
        self._is_scanning = False
        if not isinstance(result, Scanned):
            self._went_sick(
                directories, result.message if result else answers.why(error, _UNFORESEEN)
            )
            return
        if self.sick:
            self.sick = ""
            self._is_watch_started = False
        if result.is_full:
            self.full_scan_began = result.started
        self._seen.scanned(result)

    def _went_sick(self, directories: frozenset[RelPath] | None, message: str) -> None:
        if directories is not None:
            self.hint(directories)
        self.sick = message
        self._sick_at = self._clock.monotonic()
        self._is_full_wanted = False

    # --- hashing ---------------------------------------------------------------------------------

    def _start_hashing(self) -> None:
        room = self._most_hash_lanes - len(self._hash_lanes)
        if room <= 0 or not self._observer.reading.unhashed or self.sick:
            return
        reading = self._observer.reading
        for batch in reading.hash_batches(room, self._seen.may_hash, self._is_at_hand):
            self._hash_lanes.add(batch[0][0])
            was_read = partial(self._was_read, batch, self._clock.monotonic())
            work = reading.hash(self._disk, batch, self._seen.most_bytes(), was_read)
            self._tasks.start("hash", work, partial(self._hash_ended, batch))

    def _was_read(self, batch: Sequence[tuple[RelPath, Stat]], began: float) -> None:
        """Let the next batch be read while this one is written down: SQLite leaves the interpreter
        free meanwhile."""
        size = sum(stat.size for _, stat in batch)
        self._is_at_hand = _was_at_hand(len(batch), size, self._clock.monotonic() - began)
        self._most_hash_lanes = _lanes_worth(len(batch), size, self._is_at_hand)
        self._hash_lanes.discard(batch[0][0])
        self._start_hashing()

    def _hash_ended(
        self,
        batch: Sequence[tuple[RelPath, Stat]],
        outcomes: list[tuple[RelPath, Hashed | Failure]] | None,
        error: BaseException | None,
    ) -> None:
        self._hash_lanes.discard(batch[0][0])  # what could not be read at all, or was too large
        if outcomes is None:
            self._is_full_wanted = True
            return
        for (path, stat), (_, outcome) in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Failure):
                self._observer.reading.set_aside(path, stat, outcome)
        self._seen.hashed(outcomes)


def _was_at_hand(files: int, size: int, seconds: float) -> bool:
    """Whether a batch was read as fast as the processor can, without waiting for the disk."""
    return seconds <= files * AT_HAND_FILE + size / AT_HAND_RATE


def _lanes_worth(files: int, size: int, is_at_hand: bool) -> int:
    """Return how many batches to read at a time, from the last one.

    Several help where the disk is waited for, and where the bytes are many: hashing them leaves
    the interpreter free. Small files that are at hand are read fastest by one: more threads only
    take the interpreter from each other (measured: 100,000 files in 4.4 s by one, 6.4 s by three).
    """
    has_large = size > files * MANY_BYTES
    return 1 if is_at_hand and not has_large else HASH_LANES
