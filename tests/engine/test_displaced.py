"""A file whose document is gone leaves its name to another, and takes long to read (R6)."""

from collections.abc import Iterator

import pytest

from tests.engine.days import Day, a_day
from tests.simulation.world.bucket import FakeObjects

LIFETIME = 120  # seconds


@pytest.fixture
def day() -> Iterator[Day]:
    """A device with one file, whose document has expired."""
    with a_day(hash_batch=1, lifetime=LIFETIME) as day:
        day.write("app.log", "s00001")
        day.sync()
        day.pass_time(LIFETIME)
        day.sync()
        assert (day.states(), day.live_paths()) == ({"app.log": "gone"}, [])
        yield day


def _rotate(day: Day) -> None:
    assert day.device().folder.rename("app.log", "app.log.1")
    day.write("app.log", "s00002")
    day.did("app.log.1")


def _reads_slowly(day: Day, slow: str, seconds: int) -> None:
    device = day.device()
    hash_files = device.disk.hash_files

    def slowly(files):
        if any(path == slow for path, _ in files):
            device.hangs = seconds * 10**9
        return hash_files(files)

    device.disk.hash_files = slowly


def test_the_file_under_its_new_name_is_still_gone_and_the_new_one_is_sent(day: Day) -> None:
    """Log files are rotated so: only what is new goes up."""
    _reads_slowly(day, "app.log.1", 60)
    _rotate(day)
    day.pass_time(30)
    assert day.live_paths() == []
    day.sync()
    assert day.live_paths() == ["app.log"] and day.content_at("app.log") == "s00002"
    assert day.states() == {"app.log": "synced", "app.log.1": "gone"}
    assert day.puts == 2


def test_nobody_waits_for_what_cannot_be_read(day: Day) -> None:
    """Invariant I22: it may stay so for ever, and the new file has come."""
    _rotate(day)
    assert day.device().folder.permit("app.log.1", False)
    day.sync()
    assert day.live_paths() == ["app.log"] and day.content_at("app.log") == "s00002"
    assert day.states() == {"app.log": "synced", "app.log.1": "problem"}


def test_what_turns_up_while_another_is_on_its_way_to_its_place_is_still_gone(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large one is on its way for long; its answer must not be all that is known of the path."""
    device = day.device()
    put_part, sent = FakeObjects.put_part, []

    def slowly(self, grant, part):
        device.hangs = 30 * 10**9
        sent.append(part)
        return put_part(self, grant, part)

    monkeypatch.setattr(FakeObjects, "put_part", slowly)
    assert device.folder.rename("app.log", ".app.log.swp")  # where nobody looks
    day.write("app.log", "L00002")
    day.until(lambda: bool(sent), "it is not sent")
    assert device.folder.rename(".app.log.swp", "app.log.1")
    day.did("app.log.1")
    day.sync()
    assert day.live_paths() == ["app.log"] and day.content_at("app.log") == "L00002"
    assert day.states() == {"app.log": "synced", "app.log.1": "gone"}


def test_nothing_takes_its_place_where_another_file_was_found_than_was_seen(day: Day) -> None:
    """It has moved there since the last look, which only the next one tells."""
    day.write("d/b.txt", "s00003")
    day.pass_time(1)
    assert day.device().folder.swap("app.log", "d/b.txt")
    day.did("app.log")
    day.sync()
    assert day.live_paths() == ["app.log"] and day.content_at("app.log") == "s00003"
    assert day.states() == {"app.log": "synced", "d/b.txt": "gone"}


def test_what_went_where_the_look_had_been_before_is_still_gone() -> None:
    """Nobody told where to; nothing takes its place before everything was looked at since."""
    with a_day(lifetime=LIFETIME) as day:
        day.write("d/app.log")
        day.sync()
        day.pass_time(LIFETIME)
        day.sync()
        device = day.device()
        list_directories = device.disk.list_directories

        def rotated_before(directories):
            if "d" in directories and device.folder.at("app.log.1") is None:
                assert device.folder.rename("d/app.log", "app.log.1")
                assert device.folder.write("d/app.log", day.bytes_of("s00002"))
            return list_directories(directories)

        device.disk.list_directories = rotated_before
        day.sync()
        assert day.live_paths() == ["d/app.log"] and day.content_at("d/app.log") == "s00002"
        assert day.states() == {"d/app.log": "synced", "app.log.1": "gone"}


def test_a_file_that_took_anothers_path_is_that_ones_from_then_on():
    """R2: the path kept its document. Moved on before the first one's absence was believed, it took
    that one's along, with its people, and its own was withdrawn."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.write("z.txt", "s00002")
        day.sync()
        was_a, was_z = day.id_of("a.txt"), day.id_of("z.txt")
        folder = day.device().folder
        assert folder.rename("a.txt", "z.txt")
        day.did("a.txt", "z.txt")
        day.until(lambda: day.content_at("z.txt") == "s00001", "it is not published")
        assert folder.rename("z.txt", "q.txt")
        day.did("z.txt", "q.txt")
        day.pass_time(300)
        assert was_a != was_z
        assert (day.live_paths(), day.id_of("q.txt")) == (["q.txt"], was_z)
