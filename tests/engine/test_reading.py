"""How many files are read at a time: many where the disk is not waited for, few where it is."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine import first_look, reading
from mydoctransfer.engine.auditing import Auditing
from mydoctransfer.engine.health import DEVICE_KEY, MARKER_KEY
from mydoctransfer.engine.looking import HASH_LANES, Looking, Seen
from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.pool import WorkerDied
from mydoctransfer.engine.ports import Root
from mydoctransfer.engine.tasks import Call, Tasks
from mydoctransfer.model.trees import LocalFile, RelPath

FILES, FEW, MANY = 20, 2, 8


class _Clock:
    """Late enough for every file to be at rest."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def wall_ms(self) -> int:
        return 10_000_000_000_000


class _Place:
    """A first look at files that lay there already; whoever asks says how long a reading takes."""

    def __init__(self, root: Path) -> None:
        folder = root / "folder"
        folder.mkdir()
        for number in range(FILES):
            (folder / f"{number:02}").write_text(str(number))
        disk = FolderDisk(str(folder))
        self.journal = SqliteJournal(str(root / "journal.sqlite"))
        found = disk.mark("0" * 32)
        assert isinstance(found, Root)
        assert found.marker
        self.journal.put(MARKER_KEY, found.marker)
        self.journal.put(DEVICE_KEY, str(found.dev))
        self._clock = _Clock()
        self._asked: list[tuple[int, Call[object]]] = []
        self._tasks = Tasks(lambda ticket, call: self._asked.append((ticket, call)))
        observer = Observer(self.journal, self._clock)
        seen = Seen(
            lambda scan: None, lambda outcomes: None, lambda path: True, lambda: None, lambda: False
        )
        auditing = Auditing(
            disk, self.journal, observer.reading, self._tasks, self._clock, lambda changed: None
        )
        self._looking = Looking(
            disk, str(folder), observer, self._tasks, self._clock, None, seen, auditing
        )

    def batches(self, seconds: float) -> Iterator[list[int]]:
        """Read all, and tell how many files each batch had that was under way at a time."""
        self._looking.turn()
        while self._asked:
            sizes = [len(call.args[0]) for _, call in self._asked if call.method == self._hash]
            if sizes:
                yield sizes
            begun, self._asked = self._asked, []
            self._clock.now += seconds if sizes else 0
            for ticket, call in begun:
                self._tasks.done(ticket, call.run())
            self._looking.turn()

    def being_read(self) -> int:
        """How many files are under way now."""
        return sum(len(call.args[0]) for _, call in self._asked if call.method == self._hash)

    def break_reading(self) -> None:
        """Let what is read now come to nothing: its thread died."""
        begun, self._asked = self._asked, []
        for ticket, call in begun:
            self._tasks.done(ticket, WorkerDied() if call.method == self._hash else call.run())

    @property
    def _hash(self) -> object:
        return self._looking._disk.hash_files


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Place]:
    monkeypatch.setattr(first_look, "PATIENCE", -1.0)  # so that none is read along with the look
    monkeypatch.setattr(reading, "HASH_BATCH_FILES", FEW)
    monkeypatch.setattr(reading, "HASH_BATCH_MANY", MANY)
    made = _Place(tmp_path)
    yield made
    made.journal.close()


def test_files_at_hand_are_read_many_at_a_time_while_there_are_many(place: _Place) -> None:
    assert list(place.batches(seconds=0.0)) == [[2], [8], [8], [2]]
    assert len(place.journal.differences().local) == FILES


def test_files_whose_disk_is_waited_for_are_read_a_few_at_a_time_beside_each_other(
    place: _Place,
) -> None:
    read = list(place.batches(seconds=60.0))
    assert read[0] == [2]
    assert read[1] == [2] * HASH_LANES
    assert {size for sizes in read for size in sizes} == {2}
    assert len(place.journal.differences().local) == FILES


def test_the_next_files_are_read_while_the_last_ones_are_written_down(
    place: _Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = place.journal.observe
    beside: list[int] = []

    def observe(files: Mapping[RelPath, LocalFile], vanished: Iterable[RelPath]) -> None:
        if files:
            beside.append(place.being_read())
        write(files, vanished)

    monkeypatch.setattr(place.journal, "observe", observe)
    assert sum(sum(sizes) for sizes in place.batches(0)) == FILES
    assert all(beside[:-1])
    assert beside[-1] == 0


def test_files_whose_reading_came_to_nothing_are_read_once_more(place: _Place) -> None:
    """The thread that read them died: no later batch waits for one that never ends."""
    under_way = place.batches(0)
    next(under_way)
    place.break_reading()
    next(under_way, None)
    assert sum(map(sum, under_way)) > 0
    assert not place.journal.unhashed()
    assert len(place.journal.read_after(RelPath(""), FILES)) == FILES
