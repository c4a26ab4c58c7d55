"""What trades places with a file that nobody can look at: R2 before everything, and R9."""

import pytest

from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import ProblemRaised
from tests.engine.days import Day, a_day
from tests.simulation.world.bucket import FakeObjects


def _two(day: Day) -> tuple[str, str]:
    """Publish two documents; return their ids."""
    day.write("a.txt", "s00001")
    day.write("d/b.txt", "s00002")
    day.sync()
    return day.id_of("a.txt"), day.id_of("d/b.txt")


def _item(day: Day, path: str) -> dict[str, str]:
    (found,) = [i for i in day.status(day.device())["items"] if i["path"] == path]
    return found


def test_an_empty_file_that_trades_places_with_one_of_the_same_age_is_not_damaged():
    """R2, C02: of two files made within one tick of the disk's clock the times are the same. Taken
    for emptied by a power loss, one half hid the exchange, and the other was sent as an edit."""
    with a_day() as day:
        folder = day.device().folder
        for path, content in (("a.txt", b""), ("b.txt", day.bytes_of("s00002"))):
            assert folder.write(path, content)
            folder.at(path).mtime_ns = 1_700_000_000_000_000_000
        day.did("a.txt", "b.txt")
        day.sync()
        a, b = day.id_of("a.txt"), day.id_of("b.txt")
        assert folder.swap("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.sync()
        assert (day.id_of("a.txt"), day.id_of("b.txt")) == (b, a)
        assert day.states() == {"a.txt": "synced", "b.txt": "synced"}
        assert day.puts == 2


def test_half_an_exchange_is_looked_for_where_a_file_is_sent_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R2: nothing is agreed on there yet, and what was read before is sent. The other half was seen
    by a look that had been there before, and nobody told of the exchange."""
    with a_day() as day:
        day.write("d/b.txt", "s00002")
        day.sync()
        b, device = day.id_of("d/b.txt"), day.device()
        put_many, list_directories, sent = FakeObjects.put_many, device.disk.list_directories, []
        was = device.folder.at("d/b.txt").ino

        def slowly(self, grant, puts):
            device.hangs = 10 * 10**9
            sent.extend(puts)
            return put_many(self, grant, puts)

        def trading_before(directories):
            if "d" in directories and device.folder.at("d/b.txt").ino == was:
                assert device.folder.swap("a.txt", "d/b.txt")
            return list_directories(directories)

        monkeypatch.setattr(FakeObjects, "put_many", slowly)
        day.write("a.txt", "s00001")
        day.until(lambda: bool(sent), "it is not sent")
        device.disk.list_directories = trading_before
        day.sync()
        assert day.id_of("a.txt") == b
        assert (day.content_at("a.txt"), day.content_at("d/b.txt")) == ("s00002", "s00001")
        assert len(sent) == 1


@pytest.mark.parametrize("locked", ["d", "d/b.txt"])
def test_half_an_exchange_waits_for_what_cannot_be_read_and_says_so(locked):
    """R2, R9: as an edit it would reach the people of another document. `sync --once` ends with it
    as a problem, all else goes on, and it is put right by itself as soon as it can be seen."""
    with a_day() as day:
        a, b = _two(day)
        folder = day.device().folder
        assert folder.swap("a.txt", "d/b.txt")
        assert folder.permit(locked, is_readable=False)
        day.did("a.txt", "d/b.txt", "d")
        day.write("c.txt", "s00003")
        for _ in range(2):
            answer = day.sync()
            assert isinstance(answer, AppError)
            assert answer.code == "items_failed"
            assert (day.content_at("a.txt"), day.id_of("a.txt")) == ("s00001", a)
            assert day.content_at("c.txt") == "s00003"
            assert _item(day, "a.txt")["state"] == "problem"
            assert f"“{locked}”" in _item(day, "a.txt")["message"]
        assert folder.permit(locked, is_readable=True)
        day.did("d", "d/b.txt")
        assert day.sync()["failed"] == 0
        assert (day.id_of("a.txt"), day.id_of("d/b.txt")) == (b, a)
        assert set(day.states().values()) == {"synced"}
        assert day.puts == 3


def test_a_look_elsewhere_does_not_make_a_locked_folder_readable():
    """R2, R9: what could not be read stays unread until somebody has looked there again, also when
    a change elsewhere brings a look at another folder."""
    with a_day() as day:
        a, b = _two(day)
        folder = day.device().folder
        assert folder.permit("d", is_readable=False)
        day.did("d")
        day.sync()
        day.did("c.txt")
        day.pass_time(30)
        assert folder.swap("a.txt", "d/b.txt")
        day.did("a.txt")
        day.write("c.txt", "s00003")
        day.pass_time(30)
        assert (day.content_at("a.txt"), day.id_of("a.txt")) == ("s00001", a)
        assert _item(day, "a.txt")["state"] == "problem"
        assert folder.permit("d", is_readable=True)
        day.did("d")
        day.pass_time(30)
        assert (day.id_of("a.txt"), day.id_of("d/b.txt")) == (b, a)
        assert _item(day, "a.txt")["state"] == "synced"


@pytest.mark.parametrize("order", ["bca", "cab"])
def test_all_of_a_longer_exchange_waits_for_the_part_that_cannot_be_seen(order):
    """R2, B05: what came from where now lies what came from there is part of it too."""
    with a_day() as day:
        places = {"a": "a.txt", "b": "b.txt", "c": "d/c.txt"}
        for n, path in enumerate(places.values()):
            day.write(path, f"s0000{n}")
        day.sync()
        ids = {name: day.id_of(path) for name, path in places.items()}
        folder = day.device().folder
        for path in places.values():
            assert folder.rename(path, f"{path}.tmp")
        for old, new in zip("abc", order, strict=True):
            assert folder.rename(f"{places[old]}.tmp", places[new])
        assert folder.permit("d", is_readable=False)
        day.did("a.txt", "d/c.txt", "d")
        assert isinstance(day.sync(), AppError)
        assert {name: day.id_of(path) for name, path in places.items()} == ids
        assert [day.states()[path] for path in ("a.txt", "b.txt")] == ["problem", "problem"]
        assert folder.permit("d", is_readable=True)
        day.did("d", "d/c.txt")
        day.sync()
        assert {new: day.id_of(places[new]) for new in "abc"} == {
            new: ids[old] for old, new in zip("abc", order, strict=True)
        }
        assert (set(day.states().values()), day.puts) == ({"synced"}, 3)


@pytest.mark.parametrize("locked", ["d", "d/b.txt"])
def test_what_is_hidden_is_told_once_and_a_file_saved_anew_goes_up(locked):
    """R2, invariant I22: nothing spins while it waits, a restart forgets nothing, and what the
    person saves in its place came from nowhere else: it is the path's next version."""
    with a_day() as day:
        a, _ = _two(day)
        device = day.device()
        assert device.folder.swap("a.txt", "d/b.txt")
        assert device.folder.permit(locked, is_readable=False)
        day.did("a.txt", "d/b.txt", "d")
        day.pass_time(300)
        noted = sum(isinstance(e, ProblemRaised) and e.key == "a.txt" for e in device.events)
        assert noted == 1
        device.crash()
        device.start()
        day.pass_time(300)
        assert (_item(day, "a.txt")["state"], day.content_at("a.txt")) == ("problem", "s00001")
        assert device.folder.replace("a.txt", day.bytes_of("s00003"))
        day.did("a.txt")
        day.pass_time(300)
        assert (day.id_of("a.txt"), day.content_at("a.txt")) == (a, "s00003")
        assert _item(day, "a.txt")["state"] == "synced"


def test_a_file_that_cannot_be_read_is_not_called_busy():
    """Invariant I22: it keeps still; nothing but a permission is missing."""
    with a_day() as day:
        _two(day)
        assert day.device().folder.permit("a.txt", is_readable=False)
        day.did("a.txt")
        day.pass_time(600)
        assert _item(day, "a.txt")["state"] == "problem"


@pytest.mark.parametrize("locked", ["d", "d/b.txt"])
def test_half_an_exchange_of_expired_documents_does_not_go_up_again(locked):
    """R6: in the other's place it looks like an edit of what has expired, and nobody edited it."""
    with a_day(lifetime=120) as day:
        _two(day)
        day.pass_time(300)
        folder = day.device().folder
        assert folder.swap("a.txt", "d/b.txt")
        assert folder.permit(locked, is_readable=False)
        day.did("a.txt", "d/b.txt", "d")
        assert isinstance(day.sync(), AppError)
        assert _item(day, "a.txt")["state"] == "problem"
        assert folder.permit(locked, is_readable=True)
        day.did("d", "d/b.txt")
        day.sync()
        assert (day.states(), day.puts) == ({"a.txt": "gone", "d/b.txt": "gone"}, 2)


def test_a_file_moved_away_from_where_one_lies_that_cannot_be_read_is_new():
    """R2: the path keeps its live document, whatever lies there now, and nothing waits for it."""
    with a_day() as day:
        _, b = _two(day)
        folder = day.device().folder
        assert folder.rename("d/b.txt", "c.txt")
        assert folder.write("d/b.txt", day.bytes_of("s00003"))
        assert folder.permit("d/b.txt", is_readable=False)
        day.did("c.txt", "d/b.txt")
        assert isinstance(day.sync(), AppError)
        assert day.live_paths() == ["a.txt", "c.txt", "d/b.txt"]
        assert day.id_of("d/b.txt") == b
        assert _item(day, "c.txt")["state"] == "synced"
