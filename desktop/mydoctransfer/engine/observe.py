"""Looking at the folder: scans, hashes, and what may be concluded from an absence.

Promises: a directory that could not be read changes nothing beneath it (R9); nothing is taken for
stable, or for gone, on one look; every conclusion goes into the journal, none is kept only here.
Leaves to others: what to do about what was seen (`model.reconcile`).
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from mydoctransfer.engine import first_look, health, losses
from mydoctransfer.engine.absence import Absence
from mydoctransfer.engine.first_look import FirstLook
from mydoctransfer.engine.freezing import Frozen, Why, rules_in
from mydoctransfer.engine.health import FolderSick
from mydoctransfer.engine.homes import has_traded, homes_of
from mydoctransfer.engine.ignoring import MOST_BYTES, IgnoreRules
from mydoctransfer.engine.ports import (
    Clock,
    Disk,
    Entry,
    Failure,
    FailureKind,
    Journal,
    Listing,
    Seen,
)
from mydoctransfer.engine.reading import Reading
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.ignore import RULES, is_ignored, is_placeholder
from mydoctransfer.model.trees import (
    ROOT,
    LocalFile,
    RelPath,
    Skip,
    Stat,
    is_beneath,
    is_in_any,
    join,
    name_of,
    parent,
)

_RULES_KEY = "ignore_rules"
LISTING_BATCH = 16  # more of them, and their entries do not fit into the processor's cache


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan that ended with the same healthy root it began with.

    Attributes:
        started: monotonic seconds. is_full: every directory was asked for.
        changed, vanished: what the journal was told. has_new_rules: a `.mydocignore` was read.
    """

    started: float
    is_full: bool
    changed: frozenset[RelPath]
    vanished: frozenset[RelPath]
    has_new_rules: bool


@dataclass(slots=True)
class _Findings:
    """`children`: which directories were known before directly in which, for a look at a part."""

    files: dict[RelPath, LocalFile | tuple[Stat, Skip]] = field(default_factory=dict)
    vanished: set[RelPath] = field(default_factory=set)
    visited: set[RelPath] = field(default_factory=set)
    frozen: dict[RelPath, Why] = field(default_factory=dict)
    thawed: set[RelPath] = field(default_factory=set)
    compared: set[RelPath] = field(default_factory=set)
    children: dict[RelPath, set[RelPath]] = field(default_factory=dict)
    has_new_rules: bool = False


class Observer:
    """What this run of the engine knows of the folder beyond the journal.

    Attributes:
        reading: files whose bytes were not read yet. absence: what two looks did not find.
        displaced: in whose place another file was found, until everything was looked at since.
        frozen: what could not be looked into at the last look.
    """

    def __init__(self, journal: Journal, clock: Clock, grace: float = 60.0) -> None:
        self._journal = journal
        self._clock = clock
        self.reading = Reading(journal, clock)
        self.absence = Absence(journal, clock, grace)
        self.displaced = Absence(journal, clock, 0.0)
        self._forget()
        self._rules.recall(journal.get(_RULES_KEY))

    def start_over(self) -> None:
        """Forget all but the journal: another folder is to be looked at."""
        self.reading.start_over()
        self.absence.start_over()
        self.displaced.start_over()
        self._forget()
        self._journal.put(_RULES_KEY, None)

    def _forget(self) -> None:
        self.frozen = Frozen({})
        self._rules = IgnoreRules()
        self._missing: set[losses.Writing] = set()

    # --- scanning --------------------------------------------------------------------------------

    def health(self, disk: Disk) -> Work[FolderSick | None]:
        """Say what keeps the folder from being believed, without looking into it."""
        return health.unhealthy(self._journal, (yield from call(disk.look)))

    def scan(
        self, disk: Disk, directories: Iterable[RelPath] | None, most_bytes: int | None = None
    ) -> Work["Scanned | FolderSick"]:
        """Look at everything (None), or at these directories and what is new beneath them. No file
        of more than `most_bytes` is read."""
        started = self._clock.monotonic()
        if sick := (yield from self.health(disk)):
            return sick
        known_dirs = self._journal.directories(ROOT)
        first = FirstLook(self._clock, most_bytes) if self._is_first(known_dirs) else None
        is_full = directories is None
        found = _Findings()
        if not is_full:
            found.children = _children(
                {*known_dirs, *self.frozen.directories, *self._rules.directories}
            )
        wanted = [ROOT] if directories is None else sorted(set(directories))
        frontier = deque(d for d in wanted if self._is_looked_into(d))
        while frontier:
            batch = [frontier.popleft() for _ in range(min(LISTING_BATCH, len(frontier)))]
            batch = [d for d in batch if d not in found.visited]
            found.visited.update(batch)
            if first is None or self._rules.directories:  # what is ignored is not read
                listings = yield from call(disk.list_directories, batch)
            else:
                listings = yield from first.look_into(disk, batch)
            for listing in listings:
                if is_in_any(listing.directory, found.frozen):
                    continue
                if (yield from self._has_new_rules(disk, listing, found)):
                    found.has_new_rules = True
                    again = self._under_new_rules(listing.directory, known_dirs, found)
                    frontier.extend([] if is_full else again)
                if listing.directory not in found.frozen:
                    frontier.extend(self._take(listing, found, known_dirs, is_full))
        is_first = self._is_first(known_dirs)
        if not is_first:
            yield from self._look_at_homes(disk, found, is_full)
        if sick := (yield from self.health(disk)):
            return sick
        if is_full:
            self._conclude_missing_directories(found, known_dirs)
        return self._commit(started, found, is_full, is_first)

    def _is_first(self, known_dirs: set[RelPath]) -> bool:
        return not known_dirs and not self._journal.synced_all()

    def _is_looked_into(self, directory: RelPath) -> bool:
        """Whether a change in a directory is looked at: not where a rule covers it, and not beneath
        one that could not be looked into. As soon as that can, all beneath it is looked at."""
        if directory != ROOT and self.frozen.above(parent(directory)) is not None:
            return False
        return not self._rules.covers(directory, True)

    def _look_at_homes(self, disk: Disk, found: _Findings, is_full: bool) -> Work[None]:
        """Look (again) where the files that were found were agreed on.

        A file that was moved while the scan went on is seen at both places, and one whose leaving
        nobody told is known at the old one: only a look after its arrival tells a move from a
        second link, and a new document from one that moved (R2).
        """
        looked: set[RelPath] = set()
        frozen = self._frozen_now(found, is_full)
        while fresh := found.files.keys() - looked:
            looked |= fresh
            entries = (found.files[path] for path in fresh)
            stats = [entry.stat for entry in entries if isinstance(entry, LocalFile)]
            homes = homes_of(self._journal, {(stat.dev, stat.ino) for stat in stats})
            again = sorted({parent(path) for path in homes - looked - found.vanished})
            for n in range(0, len(again), LISTING_BATCH):
                listings = yield from call(disk.list_directories, again[n : n + LISTING_BATCH])
                for listing in listings:
                    self._take_again(listing, homes, found, frozen)

    def _take_again(
        self,
        listing: Listing,
        homes: set[RelPath],
        found: _Findings,
        frozen: Collection[RelPath],
    ) -> None:
        """Take for gone what has left its home, and for changed what has another one in it: half an
        exchange would be an edit. All else about this directory was seen before, or will be told.
        """
        directory = listing.directory
        is_gone = listing.failure is not None and listing.failure.kind is FailureKind.MISSING
        if not is_gone and (listing.failure is not None or is_in_any(directory, frozen)):
            return
        entries = {entry.name: entry for entry in listing.entries}
        known = self._journal.directory(directory)
        for path in sorted(homes):
            name = name_of(path)
            if parent(path) != directory:
                continue
            entry = entries.get(name)
            if entry is None:
                self._vanish(directory, [name], found)
            elif self._rules.covers(path) and not has_traded(self._journal, path, entry):
                continue
            elif not _is_as_seen(entry, known.get(name)):
                found.files[path] = _observed(entry)

    def _has_new_rules(self, disk: Disk, listing: Listing, found: _Findings) -> Work[bool]:
        """Read a `.mydocignore` that is not as it was read; say whether what lies beneath has to be
        looked at anew. Rules that cannot be read freeze the directory (R9)."""
        directory = listing.directory
        if listing.failure is not None:
            return False
        stat = rules_in(listing)
        if isinstance(stat, Why):
            found.frozen[directory] = stat
            return False
        if self._rules.is_as_read(directory, stat):
            return directory in self.frozen
        if stat is None:
            self._rules.forget(directory)
            return True
        raw = yield from call(disk.read, join(directory, RULES), stat, MOST_BYTES)
        if isinstance(raw, Failure):
            found.frozen[directory] = Why.UNREADABLE
            return False
        self._rules.read(directory, stat, raw)
        return True

    def _under_new_rules(
        self, directory: RelPath, known_dirs: set[RelPath], found: _Findings
    ) -> list[RelPath]:
        """Let go of what is ignored from now on; return the directories to look at again."""
        beneath = [d for d in known_dirs if d != directory and is_beneath(d, directory)]
        found.compared.difference_update(beneath)
        covered = {d for d in beneath if self._rules.covers(d, True)}
        for ignored in covered:
            self._vanish(ignored, self._journal.directory(ignored), found)
        return [d for d in beneath if d not in covered]

    def complaints(self) -> dict[RelPath, str]:
        """By `.mydocignore`, a sentence about a line that is no pattern."""
        found = self._rules.complaints
        return {path: words for path, words in found.items() if self.frozen.above(path) is None}

    def is_ignored(self, path: RelPath) -> bool:
        """Whether a `.mydocignore` says that a file is not to be sent."""
        return self._rules.covers(path)

    def is_kept_here(self, path: RelPath) -> bool:
        """Whether a file seen before is not to be sent: a rule says so, or might (R9)."""
        return self._rules.covers(path) or self.frozen.above(path) is not None

    def _take(
        self, listing: Listing, found: _Findings, known_dirs: set[RelPath], is_full: bool
    ) -> list[RelPath]:
        """Compare one directory with the journal; return the directories to look at next."""
        directory = listing.directory
        if listing.failure is not None:
            return self._take_unreadable(listing, found)
        if not (
            (directory in known_dirs or not listing.entries)
            and self._rules.are_obeyed_in(directory)
            and self._journal.has_exactly(directory, listing.entries)
        ):
            self._take_entries(listing, found)
            found.compared.add(directory)
        subdirectories = [
            path
            for name in listing.subdirectories
            if not is_ignored(name, True)
            and not self._rules.covers(path := join(directory, name), True)
        ]
        if is_full:
            return subdirectories
        self._vanish_missing_children(directory, set(subdirectories), known_dirs, found)
        return [d for d in subdirectories if d not in known_dirs or d in self.frozen]

    def _take_entries(self, listing: Listing, found: _Findings) -> None:
        directory = listing.directory
        known = self._journal.directory(directory)
        names = {entry.name for entry in listing.entries}
        is_covered = self._rules.covers
        was_read = listing.read.get
        for entry in listing.entries:
            name = entry.name
            file = was_read(name)
            if file is None and is_ignored(name, False):
                continue
            path = join(directory, name)
            if is_covered(path):
                continue
            if is_placeholder(name, entry.size, names):
                if self._journal.synced(path) is None:
                    continue
                # It comes anew: until it is there, its document has no file that could be read.
                entry = entry._replace(skip=Skip.ARRIVING)
            if self._covers_more(path, entry.skip):
                found.frozen[path] = Why.COVERED
            seen = known.pop(name, None)
            if not _is_as_seen(entry, seen):
                found.files[path] = file or _observed(entry)
        self._vanish(directory, known, found)

    def _covers_more(self, path: RelPath, skip: Skip | None) -> bool:
        """Whether something special lies where a directory was: what was known in that is out of
        sight, not gone. It lies beneath the mount (F18), or where the link leads."""
        if skip is Skip.SYMLINK:
            return bool(self._journal.directories(path))
        return skip is Skip.OTHER_FILESYSTEM

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
        found.frozen[listing.directory] = Why.UNREADABLE
        return []

    def _vanish_missing_children(
        self,
        directory: RelPath,
        present: set[RelPath],
        known_dirs: set[RelPath],
        found: _Findings,
    ) -> None:
        missing = found.children.get(directory, set()) - present
        if not missing:
            return

        def is_missing(known: RelPath) -> bool:
            return is_in_any(known, missing)

        self._rules.forget_all_but(lambda d: not is_missing(d))
        found.thawed.update(filter(is_missing, self.frozen.directories))
        for known in filter(is_missing, known_dirs):
            self._vanish(known, self._journal.directory(known), found)

    def _conclude_missing_directories(self, found: _Findings, known_dirs: set[RelPath]) -> None:
        self._rules.forget_all_but(lambda d: d in found.visited or is_in_any(d, found.frozen))
        for directory in known_dirs - found.visited:
            if not is_in_any(directory, found.frozen):
                self._vanish(directory, self._journal.directory(directory), found)

    def _commit(self, started: float, found: _Findings, is_full: bool, is_first: bool) -> Scanned:
        now = self._clock.monotonic()
        vanished = {
            p for p in found.vanished - found.files.keys() if not is_in_any(p, found.frozen)
        }
        if not is_first or self._missing:
            found.files |= losses.emptied(self._journal, found.files, vanished, self._missing)
            # What another file took the place of may turn up elsewhere, too.
            left = {*vanished, *found.files}
            in_one_run = self.absence.last_full is not None
            self._missing |= losses.written(self._journal, left, in_one_run)
        stirred = {
            path: entry.stat
            for path, entry in found.files.items()
            if isinstance(entry, LocalFile) and not entry.is_emptied
        }
        self.absence.left((*vanished, *found.files))
        self.reading.stir(stirred, now)
        for path in (found.files.keys() - stirred.keys()) | vanished:
            self.reading.rest(path)
        files = first_look.to_be_written(self.reading, found.files) if is_first else found.files
        if files or vanished or is_full:
            self._journal.observe(files, vanished)
        self.reading.were_read(first_look.read_along(found.files))
        self._rules.obeyed(d for d in found.compared if not is_in_any(d, found.frozen))
        self.frozen = Frozen(self._frozen_now(found, is_full))
        if found.has_new_rules:
            self._journal.put(_RULES_KEY, self._rules.written())
        if is_full:
            self.absence.last_full = self.displaced.last_full = started
        return Scanned(
            started, is_full, frozenset(found.files), frozenset(vanished), found.has_new_rules
        )

    def _frozen_now(self, found: _Findings, is_full: bool) -> dict[RelPath, Why]:
        """Return what cannot be looked into: what a look at a part did not come to is as before."""
        if is_full:
            return found.frozen
        seen = found.visited | found.thawed
        still = {
            d: why
            for d, why in self.frozen.directories.items()
            if d not in seen and parent(d) not in found.visited
        }
        return still | found.frozen

    def may_withdraw(self, path: RelPath) -> bool:
        """Whether a second look agrees that nothing is there (R5).

        A path where something unreadable or special lies now is not absent.
        """
        if is_in_any(path, self.frozen.directories) or self._journal.local(path) is not None:
            return False
        return self.absence.is_confirmed(path)


def _children(paths: Iterable[RelPath]) -> dict[RelPath, set[RelPath]]:
    """Return what lies directly in which directory, of these and all that are above them."""
    found: dict[RelPath, set[RelPath]] = {}
    for path in paths:
        while path != ROOT:
            above = parent(path)
            siblings = found.setdefault(above, set())
            if path in siblings:
                break  # and so is all that is above it
            siblings.add(path)
            path = above
    return found


def _is_as_seen(entry: Entry, seen: Seen | None) -> bool:
    if seen is None or seen.stat != entry[1:6]:
        return False
    return seen.skip is entry.skip or (entry.skip is None and seen.skip is Skip.EMPTIED)


def _observed(entry: Entry) -> LocalFile | tuple[Stat, Skip]:
    if entry.skip is not None:
        return (entry.stat, entry.skip)
    return LocalFile(entry.stat, 0, None)
