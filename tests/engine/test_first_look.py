"""A first look at a folder reads small files on its way, and nothing that is to be left alone."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine import first_look
from mydoctransfer.engine.first_look import MOST_BYTES, PATIENCE
from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.observe import Observer, Scanned
from mydoctransfer.engine.ports import Along, Listing
from mydoctransfer.engine.reading import QUIET
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.trees import ROOT, RelPath
from tests.engine.days import Day, a_day
from tests.simulation.world.device import Device

AT_REST = 10_000_000_000_000  # milliseconds: long after any file here was written


class Clock:
    """Time that stands still unless somebody says how long something took."""

    def __init__(self, wall_ms: int) -> None:
        self.now = 0.0
        self._wall_ms = wall_ms

    def monotonic(self) -> float:
        return self.now

    def wall_ms(self) -> int:
        return self._wall_ms


class Disk(FolderDisk):
    """A real folder whose listing takes a while."""

    clock: Clock
    seconds = 0.0

    def list_directories(
        self, directories: Sequence[RelPath], along: Along | None = None
    ) -> list[Listing]:
        self.clock.now += self.seconds
        return super().list_directories(directories, along)


class Place:
    """A folder nobody has looked at yet."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "folder"
        self.folder.mkdir()
        self.disk = Disk(str(self.folder))
        self.disk.mark("0" * 32)
        self.journal = SqliteJournal(str(root / "journal.sqlite"))
        self.at(AT_REST)

    def at(self, wall_ms: int) -> None:
        self.disk.clock = Clock(wall_ms)
        self.observer = Observer(self.journal, self.disk.clock)

    def write(self, path: str, content: str = "x") -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def look(self, most_bytes: int | None = None) -> Scanned:
        work = self.observer.scan(self.disk, None, most_bytes)
        answer = None
        while True:
            try:
                answer = work.send(answer).run()
            except StopIteration as ended:
                assert isinstance(ended.value, Scanned)
                return ended.value

    def read(self) -> set[str]:
        return {path for path, _ in self.journal.read_after(ROOT, 1000)}

    def unread(self) -> set[str]:
        return set(self.observer.reading.unhashed)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.journal.close()


def test_small_files_are_read_by_the_look_itself(place: Place) -> None:
    for path in ("a", "d/b", "d/e/c"):
        place.write(path)
    scan = place.look()
    assert scan.changed == {"a", "d/b", "d/e/c"} == place.read()
    assert not place.unread()


def test_what_is_large_is_read_by_itself(place: Place) -> None:
    place.write("a", "x" * MOST_BYTES)
    place.write("b", "x" * (MOST_BYTES + 1))
    place.look()
    assert place.read() == {"a"}
    assert place.unread() == {"b"}


def test_what_was_touched_just_now_is_read_by_itself(place: Place) -> None:
    """A01. Also what says that it was written long ago."""
    place.write("a")
    os.utime(place.folder / "a", (1, 1))
    place.at((place.folder / "a").stat().st_ctime_ns // 1_000_000)
    place.look()
    assert place.unread() == {"a"}


def test_what_is_larger_than_may_be_sent_is_not_read(place: Place) -> None:
    """C05."""
    place.write("a", "xx")
    place.write("b", "xxx")
    place.look(most_bytes=2)
    assert place.read() == {"a"}
    assert place.unread() == {"b"}


def test_what_is_ignored_is_not_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """D14."""
    place.write(".mydocignore", "*.log\n")
    place.write("a.log")
    place.write("d/b.log")
    place.write("d/c")
    asked: list[Along | None] = []
    real = place.disk.list_directories

    def list_directories(
        directories: Sequence[RelPath], along: Along | None = None
    ) -> list[Listing]:
        asked.append(along)
        listings = real(directories, along)
        assert not any(listing.read for listing in listings)
        return listings

    monkeypatch.setattr(place.disk, "list_directories", list_directories)
    place.look()
    assert place.unread() == {"d/c"}
    assert asked[0] is not None


def test_where_the_disk_is_waited_for_directories_are_only_listed(place: Place) -> None:
    for path in ("a", "d/b", "d/e/c"):
        place.write(path)
    place.disk.seconds = 2 * PATIENCE
    place.look()
    assert place.read() == {"a"}
    assert place.unread() == {"d/b", "d/e/c"}


def test_files_are_read_along_only_where_nothing_is_known(place: Place) -> None:
    """What was known may have moved: only a whole look tells."""
    place.write("a")
    place.look()
    place.write("b")
    place.look()
    assert place.read() == {"a"}
    assert place.unread() == {"b"}


def test_what_was_read_along_rests_before_it_is_sent() -> None:
    """A01: that it was left alone for long is what its times say, and nobody watched."""
    with a_day() as day:
        _before_the_first_look(day).start()
        began = day.time.seconds
        day.until(lambda: day.puts > 0, "nothing is sent")
        assert day.time.seconds >= began + QUIET


def test_what_sends_small_files_is_told_of_those_that_were_read_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_day() as day:
        device = _before_the_first_look(day)
        device.start()
        told: list[tuple[float, list[int]]] = []
        monkeypatch.setattr(
            device.engine._parts.objects,
            "expect",
            lambda sizes: told.append((day.time.seconds, sorted(sizes))),
        )
        began = day.time.seconds
        day.sync()
        first, sizes = told[0]
        assert sizes == sorted(len(day.bytes_of(path)) for path in day.live_paths())
        assert first < began + QUIET


def test_what_is_larger_than_may_be_sent_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C05."""
    monkeypatch.setattr(Engine, "_most_bytes", lambda _: 2)
    with a_day() as day:
        _before_the_first_look(day).start()
        assert isinstance(day.sync(), AppError)
        assert day.states() == {"old.txt": "problem", "other.txt": "problem"}
        assert day.live_paths() == []


def test_what_goes_after_it_was_read_along_is_not_sent() -> None:
    """A14."""
    with a_day() as day:
        device = _before_the_first_look(day)
        device.start()
        day.until(
            lambda: any(p.is_run for p in device.calls.values() if "list_dir" in str(p.call)),
            "nobody looks",
        )
        assert device.folder.delete("old.txt")
        day.did("old.txt")
        assert day.sync()["failed"] == 0
        assert day.live_paths() == ["other.txt"]


def test_what_goes_before_it_is_read_by_itself_is_no_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A14."""
    monkeypatch.setattr(first_look, "MOST_BYTES", -1)
    with a_day() as day:
        device = _before_the_first_look(day)
        device.start()
        day.until(
            lambda: any("hash_files" in str(p.call) for p in device.calls.values()),
            "nobody reads",
        )
        assert device.journal is not None
        assert device.journal.directories(ROOT) == set()
        assert device.folder.delete("old.txt")
        day.did("old.txt")
        assert day.sync()["failed"] == 0
        assert day.live_paths() == ["other.txt"]
        assert day.states() == {"other.txt": "synced"}


def test_what_cannot_be_read_is_known_and_sent_when_it_can_be() -> None:
    """D06. On the first look a row is written with its hash; without one, when reading failed."""
    with a_day() as day:
        device = _before_the_first_look(day)
        device.folder.at("old.txt").is_readable = False
        device.start()
        answer = day.tell(c.SyncOnce(0))
        assert isinstance(answer, AppError)
        assert answer.code == "items_failed"
        assert day.states() == {"old.txt": "problem", "other.txt": "synced"}
        assert day.live_paths() == ["other.txt"]
        device.folder.permit("old.txt", True)
        day.did("old.txt")
        assert day.sync()["failed"] == 0
        assert day.live_paths() == ["old.txt", "other.txt"]


def _before_the_first_look(day: Day) -> Device:
    """Return a device with two files that have been lying there since before it was started."""
    device = day.device()
    device.crash()
    for path in ("old.txt", "other.txt"):
        assert device.folder.write(path, day.bytes_of(path))
    day.time.advance(60)
    return device
