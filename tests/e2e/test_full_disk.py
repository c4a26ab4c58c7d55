"""The disk under what the program knows is full: it says so, goes on later, and takes back at once.

The home lies on a small disk of its own, in a namespace in which all of a device's programs run.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mydoctransfer.adapters import reserve
from tests.support.cloud import Cloud, Person
from tests.support.devices import Device
from tests.support.waiting import wait_for

SIZE = 40 * 1024 * 1024
ONCE = ("sync", "--once", "--delete-grace", "0")


class SmallDisk:
    """A disk of `SIZE` bytes at a place that only those see who enter."""

    def __init__(self, place: Path) -> None:
        script = f'mount -t tmpfs -o size={SIZE} none "$0" && echo mounted && exec cat'
        self._keeper = subprocess.Popen(
            ["unshare", "-Urm", "sh", "-c", script, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._keeper.stdout is not None
        assert self._keeper.stdout.readline() == b"mounted\n"
        self.root = Path(f"/proc/{self._keeper.pid}/root/{place}")

    @property
    def entering(self) -> list[str]:
        """What a command begins with that is to see the disk."""
        return ["nsenter", "-U", "-m", "--preserve-credentials", "-t", str(self._keeper.pid)]

    def fill(self) -> None:
        """Leave no room at all."""
        with open(self.root / "filling", "ab", buffering=0) as file:
            try:
                while file.write(bytes(65536)) == 65536:
                    pass
            except OSError:
                return

    def make_room(self) -> None:
        (self.root / "filling").unlink()

    def has_reserve(self) -> bool:
        """Whether the program has put all of its room by."""
        try:
            return (self.root / "state" / "reserve").stat().st_size == reserve.SIZE
        except FileNotFoundError:
            return False

    def close(self) -> None:
        self._keeper.kill()
        self._keeper.communicate()


class SmallDevice(Device):
    """A device whose home lies on a small disk."""

    disk: SmallDisk

    def argv(self, *words: str | bytes, is_json: bool = True) -> list[str | bytes]:
        return [*self.disk.entering, *super().argv(*words, is_json=is_json)]


@pytest.fixture
def device(tmp_path: Path, cloud: Cloud, person: Person) -> Iterator[SmallDevice]:
    made = SmallDevice(tmp_path / "one")
    made.home.mkdir()
    made.disk = SmallDisk(made.home)
    try:
        yield made.sign_in(cloud, person)
    finally:
        made.disk.close()


@pytest.fixture
def other(cloud: Cloud) -> Person:
    return cloud.person("Bob")


def test_on_a_full_disk_a_document_can_still_be_taken_back(
    device: SmallDevice, other: Person
) -> None:
    """J05, with no program running."""
    for name in ("a.txt", "b.txt"):
        (device.folder / name).write_text(name)
    device.ok(*ONCE)
    device.ok("share", "a.txt", other.email)
    device.ok("share", "b.txt", other.email)
    device.disk.fill()
    assert set(device.documents()) == {"a.txt", "b.txt"}
    device.ok("unshare", "a.txt", other.email)
    device.ok("rm", "b.txt")
    assert device.documents()["a.txt"]["people"] == []
    assert "b.txt" not in device.documents()


def test_on_a_full_disk_a_running_program_says_so_takes_back_and_goes_on_by_itself(
    device: SmallDevice, other: Person
) -> None:
    """J05."""
    (device.folder / "a.txt").write_text("a.txt")
    device.ok(*ONCE)
    device.ok("share", "a.txt", other.email)
    with device.watch() as watching:
        device.disk.fill()
        (device.folder / "b.txt").write_text("b.txt")
        watching.wait_for("status", state="problem")
        assert "Make room" in device.ok("status")["items"][0]["message"]
        # What cannot be written down is said, and the program lives.
        assert device.run("pause").error == "disk_full"
        assert device.ok("status")["state"] == "problem"
        assert device.ok("unshare", "a.txt", other.email)["document"]["people"] == []
        device.disk.make_room()
        wait_for(lambda: "b.txt" in device.documents())
        assert watching.stop() == 0
    assert (device.folder / "b.txt").read_text() == "b.txt"


def test_what_takes_nothing_back_leaves_the_room_to_what_does(
    device: SmallDevice, other: Person
) -> None:
    """J05: whatever fills the disk takes what is given; `status` may be asked every minute."""
    (device.folder / "a.txt").write_text("a.txt")
    device.ok(*ONCE)
    device.ok("share", "a.txt", other.email)
    device.disk.fill()
    for words in (("status",), ONCE):
        device.run(*words)
        device.disk.fill()
    assert device.ok("unshare", "a.txt", other.email)["document"]["people"] == []


def test_a_second_full_disk_finds_room_put_by_too(device: SmallDevice, other: Person) -> None:
    """J05: the program has run on all the while."""
    for name in ("a.txt", "b.txt"):
        (device.folder / name).write_text(name)
    device.ok(*ONCE)
    for name in ("a.txt", "b.txt"):
        device.ok("share", name, other.email)
    with device.watch() as watching:
        for name in ("a.txt", "b.txt"):
            wait_for(device.disk.has_reserve)
            device.disk.fill()
            assert device.ok("unshare", name, other.email)["document"]["people"] == []
            device.disk.make_room()
        assert watching.stop() == 0


def test_where_no_program_ever_ran_one_is_started_on_a_full_disk_and_heard(
    device: SmallDevice,
) -> None:
    """J05."""
    device.ok(*ONCE)
    device.disk.fill()
    with device.start_watching() as watching:
        watching.wait_for("status", state="problem")
        (item,) = device.ok("status")["items"]
        assert "Make room" in item["message"]
        assert watching.stop() == 0


def test_a_program_that_is_started_on_a_full_disk_waits_for_room(device: SmallDevice) -> None:
    """J05: after a restart of the computer, say."""
    with device.watch() as watching:
        watching.stop()
    device.disk.fill()
    (device.folder / "a.txt").write_text("a.txt")
    with device.start_watching() as watching:
        watching.wait_for("status", state="problem")
        device.disk.make_room()
        wait_for(lambda: "a.txt" in device.documents())
        assert watching.stop() == 0


def test_a_program_at_rest_on_a_full_disk_ends_when_it_is_told_to(device: SmallDevice) -> None:
    """J05."""
    with device.watch() as watching:
        device.disk.fill()
        assert device.run("pause").error == "disk_full"
        watching.wait_for("status", state="problem")
        assert watching.stop() == 0
