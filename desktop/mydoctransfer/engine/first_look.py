"""What a first look at a folder spares: small files are read while their directory is listed.

Promises: nothing is read along that a second reading would leave alone (what was touched just now,
what is too large, what may be ignored), and nothing more where the disk is waited for: there,
listing goes first, and several read at a time. Leaves to others: what is not read here
(`reading`).
"""

from collections.abc import Iterator, Mapping, Sequence

from mydoctransfer.engine.losses import Observed
from mydoctransfer.engine.ports import Along, Clock, Disk, Listing
from mydoctransfer.engine.reading import AT_HAND_FILE, HASH_BATCH_MANY, QUIET, Reading
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.trees import LocalFile, RelPath

MOST_BYTES = 64 * 1024  # of a file; to read larger ones takes longer than to go there once more
PATIENCE = 0.05  # seconds by which listing may be late before the disk counts as waited for


class FirstLook:
    """How one look at a folder of which nothing is known gets on."""

    def __init__(self, clock: Clock, most_bytes: int | None) -> None:
        before_ns = clock.wall_ms() * 1_000_000 - int(QUIET * 1e9)
        most = MOST_BYTES if most_bytes is None else min(MOST_BYTES, most_bytes)
        self._along = Along(before_ns, most, HASH_BATCH_MANY)
        self._clock = clock
        self._early = PATIENCE  # seconds

    def look_into(self, disk: Disk, directories: Sequence[RelPath]) -> Work[list[Listing]]:
        """List directories, and read along while the disk is not waited for."""
        along = self._along if self._early >= 0 else None
        began = self._clock.monotonic()
        listings = yield from call(disk.list_directories, directories, along)
        names = sum(1 + len(one.entries) + len(one.subdirectories) for one in listings)
        in_time = names * AT_HAND_FILE - (self._clock.monotonic() - began)
        self._early = min(PATIENCE, self._early + in_time)
        return listings


def to_be_written(reading: Reading, files: Mapping[RelPath, Observed]) -> dict[RelPath, Observed]:
    """Return what has to be written down now, on the first look at a folder.

    A journal that knows nothing has nothing to lose: what is read at once is written once, with
    its hash, which halves the time of a first look. What cannot be read is written then.
    """
    may_be_read = reading.may_be_read_now()
    return {
        path: entry
        for path, entry in files.items()
        if not isinstance(entry, LocalFile)
        or entry.sha256 is not None
        or not may_be_read(path, entry.stat)
    }


def read_along(files: Mapping[RelPath, Observed]) -> Iterator[RelPath]:
    """Give the paths whose bytes were read while they were looked at."""
    for path, entry in files.items():
        if isinstance(entry, LocalFile) and entry.sha256 is not None:
            yield path
