"""The real program dies by SIGKILL at each place where order matters, and starts again.

Whatever the place, the same command run again has to end well: the same documents, equal bytes,
each published once and its bytes sent once, and no upload that was begun and left. The places that
differ least from others are left to `make gates`.
"""

import hashlib
import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.cloud import Cloud, Person
from tests.support.devices import Device

MIB = 1024 * 1024
DEVICES_AT_ONCE = 4  # most of their time is the quiet period
PLACES_A_DEVICE = 5
ONCE = ("sync", "--once", "--delete-grace", "0")
KILL = "MYDOCTRANSFER_TEST_KILL"


@dataclass
class Scene:
    """One place to die at, in a folder of its own, on a device that may have died before."""

    device: Device
    point: str
    name: str
    versions: int = 1

    @property
    def folder(self) -> Path:
        return self.device.folder / self.name

    def write(self, path: str, content: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def sync(self) -> None:
        self.device.ok(*ONCE)

    def die(self, *words: str) -> None:
        """Run a command that dies at the point."""
        ran = self.device.run(*words, also={KILL: self.point})
        assert ran.code == -signal.SIGKILL, f"{self.point} was not reached: {ran}"

    def documents(self) -> list[dict[str, Any]]:
        listed = self.device.ok("ls")["documents"]
        return [d for d in listed if d["path"].startswith(f"{self.name}/")]

    def settle(self) -> None:
        """Die, start again, and find everything as if nothing had happened."""
        self.die(*ONCE)
        self.sync()
        self.check()

    def check(self) -> None:
        files = {
            str(p.relative_to(self.device.folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in self.folder.rglob("*")
            if p.is_file()
        }
        documents = self.documents()
        assert {d["path"]: d["sha256"] for d in documents} == files
        assert len(documents) == len(files), "published twice"
        assert {d["version"] for d in documents} == {self.versions}, "published twice"
        assert {d["state"] for d in documents} == {"live"}


# --- what is killed ------------------------------------------------------------------------------


def small_files(scene: Scene) -> None:
    scene.write("plan.pdf", os.urandom(100))
    scene.write("letters/caf\u00e9.txt", os.urandom(70_000))
    scene.settle()


def a_large_file(scene: Scene) -> None:
    scene.write("film.mp4", os.urandom(17 * MIB))
    scene.settle()


def a_large_file_over_a_slow_line(scene: Scene) -> None:
    config = scene.device.home / "config.toml"
    config.write_text(config.read_text() + "\n[network]\nupload_limit_kib = 65536\n")
    a_large_file(scene)


def parts_that_arrived(scene: Scene) -> None:
    """Two of three parts are on the disk: of the rest, one is sent and not two."""
    scene.write("film.mp4", os.urandom(17 * MIB))
    scene.die(*ONCE)
    ran = scene.device.run(*ONCE, also={KILL: "objects.put_part.before:2"})
    assert ran.code == 0, f"a part was sent twice: {ran}"
    scene.check()


def an_edit(scene: Scene) -> None:
    scene.write("plan.pdf", os.urandom(100))
    scene.sync()
    scene.write("plan.pdf", os.urandom(200))
    scene.versions = 2
    scene.settle()


def a_renamed_folder(scene: Scene) -> None:
    for name in "abc":
        scene.write(f"old/{name}.txt", os.urandom(100))
    scene.sync()
    (scene.folder / "old").rename(scene.folder / "new")
    scene.settle()


def two_files_that_trade_places(scene: Scene) -> None:
    scene.write("a.txt", os.urandom(100))
    scene.write("b.txt", os.urandom(100))
    scene.sync()
    before = {d["path"]: d["share_id"] for d in scene.documents()}
    (scene.folder / "a.txt").rename(scene.folder / "c.txt")
    (scene.folder / "b.txt").rename(scene.folder / "a.txt")
    (scene.folder / "c.txt").rename(scene.folder / "b.txt")
    scene.settle()
    after = {d["path"]: d["share_id"] for d in scene.documents()}
    a, b = f"{scene.name}/a.txt", f"{scene.name}/b.txt"
    assert (after[a], after[b]) == (before[b], before[a])


def a_deleted_file(scene: Scene) -> None:
    scene.write("kept.txt", os.urandom(100))
    scene.write("leaves.txt", os.urandom(100))
    scene.sync()
    (scene.folder / "leaves.txt").unlink()
    scene.settle()


def a_download(scene: Scene) -> None:
    content = os.urandom(3 * MIB)
    scene.write(f"{scene.name}.mp4", content)
    scene.sync()
    (document,) = scene.documents()
    scene.die("get", document["share_id"])
    got = Path(scene.device.ok("get", document["share_id"])["path"])
    assert got.read_bytes() == content
    # Killed after the rename, it was there already, and is adopted; a half file is swept.
    half = re.compile(r"\.mydoctransfer-(?!home)")
    lies_there = {p.name for p in got.parent.iterdir()}
    assert {n for n in lies_there if n.startswith(scene.name) or half.match(n)} == {got.name}


Play = Callable[[Scene], None]

PLACES: dict[Play, list[str]] = {
    small_files: [
        *("journal.observe.before", "journal.observe.after"),
        *("journal.intend.before", "journal.intend.after"),
        *("cloud.register.before", "cloud.register.after"),
        *("objects.put_many.before", "objects.put_many.after"),
        *("cloud.complete.before", "cloud.complete.after"),
        *("journal.settle.before", "journal.settle.after"),
        *("journal.learn.after", *(f"journal.commit:{n}" for n in range(1, 6))),
    ],
    a_large_file: [
        *("journal.save_transfer.before", "journal.save_transfer.after"),
        *("objects.start.before", "objects.start.after", "journal.save_transfer.after:2"),
        *("objects.put_part.before", "objects.put_part.after:2"),
        *("journal.save_part.before", "objects.finish.before", "objects.finish.after"),
        *("cloud.complete.after", "journal.settle.before"),
    ],
    parts_that_arrived: ["journal.save_part.after:2"],
    a_large_file_over_a_slow_line: ["bytes.midway:100"],
    an_edit: ["cloud.register.after", "objects.put_many.after", "cloud.complete.after"],
    a_renamed_folder: ["journal.intend.after", "cloud.act.before", "cloud.act.after"],
    two_files_that_trade_places: ["cloud.act.after", "cloud.act.after:2", "cloud.act.after:3"],
    a_deleted_file: ["cloud.act.before", "cloud.act.after", "journal.settle.before"],
    a_download: [
        *("cloud.link.after", "bytes.midway:2", "inbox.rename.before", "inbox.rename.after"),
        *("inbox.fetch.after",),
    ],
}
# These stand for the others in `make test`.
IN_BRIEF: dict[Play, set[str]] = {
    small_files: {"objects.put_many.after", "cloud.complete.after", "journal.commit:3"},
    a_large_file: {"objects.start.after", "objects.finish.after"},
    parts_that_arrived: {"journal.save_part.after:2"},
    an_edit: {"cloud.complete.after"},
    a_renamed_folder: {"cloud.act.after"},
    two_files_that_trade_places: {"cloud.act.after:2"},
    a_deleted_file: {"cloud.act.after"},
    a_download: {"inbox.rename.before", "inbox.rename.after"},
}
BRIEF = [(play, point) for play, points in IN_BRIEF.items() for point in sorted(points)]
REST = [
    (play, point) for play, points in PLACES.items() for point in points
    if point not in IN_BRIEF.get(play, ())
]  # fmt: skip


class Runs:
    """Plays places on several devices at once; every place has its own result."""

    def __init__(self, cloud: Cloud, root: Path) -> None:
        self._cloud, self._root = cloud, root
        self._pool = ThreadPoolExecutor(DEVICES_AT_ONCE)
        self._results: dict[tuple[Play, str], Future[None]] = {}
        self.subs: set[str] = set()  # whose places they are: other tests use the bucket, too

    def start(self, places: list[tuple[Play, str]]) -> None:
        for first in range(0, len(places), PLACES_A_DEVICE):
            here = places[first : first + PLACES_A_DEVICE]
            self._results |= {place: Future() for place in here}
            self._pool.submit(self._play, here, self._cloud.person())

    def result(self, place: tuple[Play, str]) -> None:
        self._results[place].result()

    def close(self) -> None:
        self._pool.shutdown()

    def _play(self, places: list[tuple[Play, str]], person: Person) -> None:
        left = list(places)
        try:
            home = self._root / person.email
            device = Device(home).sign_in(self._cloud, person)
            self.subs.add(device.ok("whoami")["sub"])
            for number, (play, point) in enumerate(places):
                try:
                    play(Scene(device, point, str(number)))
                except Exception as exc:
                    self._results[play, point].set_exception(exc)
                else:
                    self._results[play, point].set_result(None)
                left.pop(0)
        except Exception as exc:
            for place in left:
                self._results[place].set_exception(exc)


@pytest.fixture(scope="module")
def runs(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    playing = Runs(cloud, tmp_path_factory.mktemp("killed"))
    yield playing
    playing.close()


@pytest.fixture(scope="module")
def in_brief(runs: Runs) -> Runs:
    runs.start(BRIEF)
    return runs


@pytest.fixture(scope="module")
def rest(runs: Runs) -> Runs:
    runs.start(REST)
    return runs


def _named(value: object) -> str:
    return value if isinstance(value, str) else value.__name__  # type: ignore[attr-defined]


@pytest.mark.parametrize(("play", "point"), BRIEF, ids=_named)
def test_whoever_is_killed_starts_again_and_ends_well(
    in_brief: Runs, play: Play, point: str
) -> None:
    """J01, J02, invariant I8."""
    in_brief.result((play, point))


@pytest.mark.gates
@pytest.mark.parametrize(("play", "point"), REST, ids=_named)
def test_whoever_is_killed_anywhere_else_ends_well_too(rest: Runs, play: Play, point: str) -> None:
    """J01, J02, invariant I8."""
    rest.result((play, point))


def test_nothing_that_was_begun_is_left_in_the_bucket(cloud: Cloud, in_brief: Runs) -> None:
    """But for the upload that was begun when nobody was left to write down its name: it has no
    part, and the bucket's lifecycle ends it after a day."""
    for place in BRIEF:
        in_brief.result(place)
    s3 = cloud.boto3_client("s3")
    bucket = cloud.stack_outputs("data")["BucketName"]
    begun = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    left = [one for one in begun if one["Key"].split("/")[1] in in_brief.subs]
    assert len(left) <= 1
    for one in left:
        parts = s3.list_parts(Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])
        assert not parts.get("Parts")
