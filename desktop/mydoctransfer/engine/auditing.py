"""Reading again what was read long ago: a change that no look at times and sizes can see.

A disk that loses bits, or a program that writes beside the file system, changes a file and nothing
about it (A18). So everything is read once a day, a little at a time and only while there is nothing
else to do; on average no faster than `RATE`, so that a folder of more than 86 GB takes longer.
Where it stopped is in the journal: a restart goes on from there.

Nothing is concluded here: a file whose bytes are others counts as unread from then on, and goes the
way of every change.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.ports import Clock, Disk, Failure, Journal
from mydoctransfer.engine.reading import Reading
from mydoctransfer.engine.tasks import Tasks, Work, call
from mydoctransfer.model.trees import LocalFile, RelPath, parent

EVERY_MS = 86_400_000  # from the beginning of one round to the beginning of the next
REST = 30.0  # seconds between two batches, at least
RATE = 1024 * 1024  # bytes a second on average
BATCH_FILES = 100
BATCH_BYTES = 32 * 1024 * 1024  # or one file

AUDIT_KEY = "audit"


class Auditing:
    """Goes round one folder."""

    def __init__(
        self,
        disk: Disk,
        journal: Journal,
        reading: Reading,
        tasks: Tasks,
        clock: Clock,
        hint: Callable[[Iterable[RelPath]], None],
    ) -> None:
        self._disk = disk
        self._journal = journal
        self._reading = reading
        self._tasks = tasks
        self._clock = clock
        self._hint = hint
        self._is_running = False
        self._began_ms, self._at = _loaded(journal.get(AUDIT_KEY))
        self._next_at = clock.monotonic() + REST

    def turn(self) -> None:
        """Read a batch, if it is time to. Called while there is nothing else to do."""
        now = self._clock.monotonic()
        if self._is_running or now < self._next_at:
            return
        wall = self._clock.wall_ms()
        if self._at is None:
            if 0 <= wall - self._began_ms < EVERY_MS:
                self._next_at = now + min(3600.0, (self._began_ms + EVERY_MS - wall) / 1000)
                return
            self._began_ms, self._at = wall, RelPath("")
        batch = _cut(self._journal.read_after(self._at, BATCH_FILES))
        self._is_running = True
        self._tasks.start("audit", self._audit(batch), self._ended)

    def next_wake(self) -> float | None:
        """When the next batch is due (monotonic seconds)."""
        return None if self._is_running else self._next_at

    def _audit(self, batch: list[tuple[RelPath, LocalFile]]) -> Work[int]:
        """Read these; return how many bytes that were."""
        if batch:
            wanted = [(path, file.stat) for path, file in batch]
            read = yield from call(self._disk.hash_files, wanted)
            for (path, file), hashed in zip(batch, read, strict=True):
                if isinstance(hashed, Failure):
                    self._hint([parent(path)])
                elif hashed.sha256 != file.sha256:
                    self._reading.take_back(path, file)
        self._at = batch[-1][0] if batch else None
        self._journal.put(AUDIT_KEY, json.dumps([self._began_ms, self._at]))
        return sum(file.stat.size for _, file in batch)

    def _ended(self, size: int | None, error: BaseException | None) -> None:
        self._is_running = False
        self._next_at = self._clock.monotonic() + max(REST, (size or 0) / RATE)


def _cut(files: list[tuple[RelPath, LocalFile]]) -> list[tuple[RelPath, LocalFile]]:
    size = 0
    batch: list[tuple[RelPath, LocalFile]] = []
    for path, file in files:
        if batch and size + file.stat.size > BATCH_BYTES:
            break
        size += file.stat.size
        batch.append((path, file))
    return batch


def _loaded(text: str | None) -> tuple[int, RelPath | None]:
    """Return when the round began, and after which path it goes on (None: it is at its end)."""
    return keeping.read(text, _round_of) or (0, None)


def _round_of(written: Any) -> tuple[int, RelPath | None]:
    began, at = written
    return int(began), None if at is None else RelPath(str(at))
