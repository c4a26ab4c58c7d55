"""Bytes a second: the bucket on a clock that is turned, and both planes held to it."""

import hashlib
import itertools
import threading
from pathlib import Path

import pytest

from mydoctransfer.adapters.config import load
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.home import find
from mydoctransfer.adapters.inbox import InboxFolder
from mydoctransfer.adapters.network import NetworkFile
from mydoctransfer.adapters.objects import S3Objects
from mydoctransfer.adapters.pace import MOMENT, Pace, PacedBody, Stopped
from mydoctransfer.adapters.web import Web
from mydoctransfer.engine.ports import (
    Arrived,
    DownloadLink,
    Failure,
    Grant,
    Part,
    PartPut,
    SmallPut,
)
from mydoctransfer.model.preferences import Network
from mydoctransfer.model.trees import ROOT, RelPath, ShareId
from tests.support.loopback import Answer, Request, serving

GRANT = Grant("g", "bucket", "eu-west-1", "incoming/s/g/", "AKID", "secret", "token", 0)
KIB = 1024


class Turned:
    """A clock that sleeping turns."""

    def __init__(self) -> None:
        self.now = 100.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


def paced(clock: Turned, limit: int) -> Pace:
    return Pace(lambda: limit, clock.monotonic, clock.sleep)


def test_without_a_limit_nothing_waits():
    clock = Turned()
    pace = paced(clock, 0)
    assert pace.take(10**12) == 0.0
    content = bytearray(5)
    assert pace.body(content) is content
    assert clock.now == 100.0


@pytest.mark.parametrize(
    ("piece", "limit"),
    [(1, 500), (1000, 100 * KIB), (16 * KIB, 100 * KIB), (1024 * KIB, 100 * KIB)],
)
def test_over_any_time_no_more_passes_than_the_limit(piece, limit):
    clock = Turned()
    pace = paced(clock, limit)
    passed = 0
    while clock.now < 120.0:
        pace.take(piece)
        passed += piece
        # The piece that is on its way was let through ahead of its time.
        assert passed - piece <= limit * (clock.now - 100.0 + MOMENT)
    assert passed >= limit * (clock.now - 100.0) * 0.99


def test_a_rest_saves_up_no_more_than_a_moment():
    clock = Turned()
    pace = paced(clock, 1000)
    clock.sleep(3600)
    pace.take(1000)
    assert pace.take(1) == pytest.approx(1 - MOMENT, abs=0.01)


def test_a_changed_limit_holds_while_somebody_waits():
    clock = Turned()
    limits = [1]
    pace = Pace(lambda: limits[0], clock.monotonic, clock.sleep)
    pace.take(10_000)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        limits[0] = 0

    pace._sleep = sleep
    assert pace.take(1) <= 0.2


def test_who_waits_when_the_program_ends_stops():
    clock = Turned()
    pace = paced(clock, 1)
    pace.take(10_000)
    pace.stop()
    with pytest.raises(Stopped):
        pace.take(1)


def test_a_paced_body_is_read_whole_again_and_counts_what_it_waited():
    clock = Turned()
    body = PacedBody(b"x" * 3000, paced(clock, 1000))
    assert (len(body), body.read(1000), body.tell()) == (3000, b"x" * 1000, 1000)
    assert body.seek(0) == 0
    assert body.read() == b"x" * 3000
    assert body.waited == pytest.approx(clock.now - 100.0)
    assert body.waited > 0


# --- both planes ---------------------------------------------------------------------------------


def stored(_: Request) -> Answer:
    return Answer(200, b"", "application/xml", {"ETag": '"e"'})


@pytest.fixture
def folder(tmp_path: Path) -> FolderDisk:
    (tmp_path / "f").write_bytes(b"abcdefgh" * 32 * KIB)
    return FolderDisk(str(tmp_path))


def test_small_files_and_parts_share_one_limit(folder):
    """256 KiB of each at 64 KiB a second take eight seconds, of the clock that is turned."""
    clock = Turned()
    (entry,) = folder.list_directories([ROOT])[0].entries
    (hashed,) = folder.hash_files([(RelPath("f"), entry.stat)])
    assert not isinstance(hashed, Failure)
    with serving(stored) as store:
        objects = S3Objects(store.url, folder.open_file, lambda: 0, Web(), paced(clock, 64 * KIB))
        small = SmallPut(RelPath("f"), entry.stat, hashed.sha256, "incoming/s/g/1")
        assert objects.put_many(GRANT, [small]) == [Arrived()]
        between = clock.now
        part = PartPut(RelPath("f"), entry.stat, "incoming/s/g/2", "m", 1, 0, entry.size)
        assert isinstance(objects.put_part(GRANT, part), Part)
        objects.close()
    sent = [request for request in store.requests if request.body]
    assert [len(request.body) for request in sent] == [256 * KIB] * 2
    assert all(request.body == b"abcdefgh" * 32 * KIB for request in sent)
    assert between - 100.0 == pytest.approx(4, abs=0.6)
    assert clock.now - 100.0 == pytest.approx(8, abs=0.9)


@pytest.mark.parametrize("limit", [0, 64 * KIB], ids=["a line of our own", "a limit"])
def test_the_bytes_of_a_part_that_takes_a_while_are_told(folder, limit):
    clock, told, seconds = Turned(), [], itertools.count()
    (entry,) = folder.list_directories([ROOT])[0].entries
    with serving(stored) as store:
        objects = S3Objects(
            store.url,
            folder.open_file,
            lambda: 0,
            Web(),
            paced(clock, limit),
            lambda path, number, amount: told.append((path, number, amount)),
            lambda: float(next(seconds)),  # every look at the clock is a second later
        )
        part = PartPut(RelPath("f"), entry.stat, "incoming/s/g/2", "m", 3, 0, entry.size)
        assert isinstance(objects.put_part(GRANT, part), Part)
        objects.close()
    assert {(path, number) for path, number, _ in told} == {("f", 3)}
    amounts = [amount for _, _, amount in told]
    assert amounts == sorted(set(amounts)) and amounts[-1] == entry.size


def test_a_part_that_is_quickly_gone_is_not_told_of(folder):
    told = []
    (entry,) = folder.list_directories([ROOT])[0].entries
    with serving(stored) as store:
        objects = S3Objects(
            store.url,
            folder.open_file,
            lambda: 0,
            tell=lambda *given: told.append(given),
            monotonic=lambda: 0.0,
        )
        part = PartPut(RelPath("f"), entry.stat, "incoming/s/g/2", "m", 3, 0, entry.size)
        assert isinstance(objects.put_part(GRANT, part), Part)
        objects.close()
    assert told == []


def test_downloads_have_a_limit_of_their_own(tmp_path):
    clock = Turned()
    content = b"abcdefgh" * 64 * KIB

    def send(_: Request) -> Answer:
        return Answer(200, content, "application/octet-stream")

    with serving(send) as store:
        link = DownloadLink(
            f"{store.url}/f", "f.bin", len(content), hashlib.sha256(content).hexdigest(), 1
        )
        place = InboxFolder(lambda: tmp_path, Web(), pace=paced(clock, 64 * KIB))
        outcome = place.fetch(link, None, ShareId("s"))
    assert outcome == str(tmp_path / "f.bin")
    assert (tmp_path / "f.bin").read_bytes() == content
    assert 3.5 <= clock.now - 100.0 <= 8.5  # the last piece is let through ahead of its time


# --- where limits are kept -----------------------------------------------------------------------


def test_limits_are_kept_beside_what_else_the_file_says(tmp_path):
    home = find(str(tmp_path / "home"), {})
    home.prepare()
    home.config_file.write_text('# mine\nemail = "a@example.org"\n[network]\nother = 1\n')
    NetworkFile(home.config_file).write(Network(500, 20))
    assert NetworkFile(home.config_file).read() == Network(500, 20)
    text = home.config_file.read_text()
    assert "# mine" in text
    assert "other = 1" in text
    config, warning = load(home.config_file)
    assert (config.email, warning) == ("a@example.org", "")
    home.save(config)
    assert NetworkFile(home.config_file).read() == Network(500, 20)


def test_a_file_edited_by_hand_holds_at_once(tmp_path):
    file = tmp_path / "config.toml"
    network = NetworkFile(file)
    assert network.read() == Network()
    file.write_text("[network]\nupload_limit_kib = 7\n")
    assert network.read() == Network(7, 0)
    file.write_text("[network]\nupload_limit_kib = 7\ndownload_li")
    assert network.read() == Network(7, 0)
    file.write_text("[network]\ndownload_limit_kib = 12\n")
    assert network.read() == Network(0, 12)


@pytest.mark.parametrize("wrong", ["-1", '"fast"', "true", "1.5", "99999999999"])
def test_a_limit_that_is_none_limits_nothing(tmp_path, wrong, our_log, caplog):
    file = tmp_path / "config.toml"
    file.write_text(f"[network]\nupload_limit_kib = {wrong}\ndownload_limit_kib = 3\n")
    assert NetworkFile(file).read() == Network(0, 3)
    assert "upload_limit_kib" in caplog.text
    home = find(str(tmp_path), {})
    config, warning = home.load()
    assert warning.startswith(f"upload_limit_kib in {home.config_file} cannot be a limit")
    assert config.settings == {}
    assert home.config_file.exists()  # and is not set aside for that


def test_limits_that_are_limits_are_not_warned_of(tmp_path):
    (tmp_path / "config.toml").write_text("[network]\nupload_limit_kib = 3\n")
    assert find(str(tmp_path), {}).load()[1] == ""
