"""The watched folder on a real disk, and what only a real disk does."""

import errno
import fcntl
import gc
import hashlib
import os
import random
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters import _birth, _creation, disk
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.roots import check_place, check_root
from mydoctransfer.engine.ports import Failure, FailureKind, Hashed
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.trees import ROOT, RelPath, Skip, Stat
from tests.adapters.suites.disk import (
    ALONG,
    MARKER,
    DiskSuite,
    entries,
    hash_one,
    kind_of,
    stat_of,
)


class RealPlace:
    """A folder on this machine's disk; `Place` of the suite."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "holder" / "folder"
        self.root.mkdir(parents=True)
        self._elsewhere = tmp_path / "elsewhere"
        self._elsewhere.mkdir()
        self.disk = FolderDisk(str(self.root))

    def write(self, path: str, content: bytes) -> None:
        directory, name = self._walked(path)
        fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=directory)
        os.close(directory)
        with open(fd, "wb") as file:
            file.write(content)

    def _walked(self, path: str) -> tuple[int, str]:
        """Make what leads there, step by step: the path may be longer than the system takes."""
        *directories, name = path.split("/")
        at = os.open(self.root, os.O_RDONLY)
        for step in directories:
            if not os.path.lexists(f"/proc/self/fd/{at}/{step}"):
                os.mkdir(step, dir_fd=at)
            deeper = os.open(step, os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = deeper
        return at, name

    def replace(self, path: str, content: bytes) -> None:
        (self.root / "beside.tmp").write_bytes(content)
        os.replace(self.root / "beside.tmp", self.root / path)

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def mkdir(self, path: str) -> None:
        (self.root / path).mkdir(parents=True, exist_ok=True)

    def move(self, old: str, new: str) -> None:
        os.rename(self.root / old, self.root / new)

    def remove(self, path: str) -> None:
        target = self.root / path
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink()

    def link(self, target: str, path: str) -> None:
        os.symlink(target, self.root / path)

    def hardlink(self, path: str, other: str) -> None:
        os.link(self.root / path, self.root / other)

    def fifo(self, path: str) -> None:
        os.mkfifo(self.root / path)

    def names(self) -> set[str]:
        return {str(p.relative_to(self.root)) for p in self.root.rglob("*")}

    def outside(self, name: str, content: bytes) -> str:
        target = self._elsewhere / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return str(self._elsewhere / name.split("/")[0])


@pytest.fixture
def place(tmp_path: Path) -> RealPlace:
    return RealPlace(tmp_path)


class TestFolderDisk(DiskSuite):
    """The real one, held to the port's suite."""


def as_nobody(action: Callable[[], object]) -> str:
    """Run `action` in a child without privileges (root may do everything); return its repr."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setresgid(65534, 65534, 65534)
                os.setresuid(65534, 65534, 65534)
            os.write(send, repr(action()).encode())
        finally:
            os._exit(0)
    os.close(send)
    with open(receive, "rb") as answer:
        text = answer.read().decode()
    os.waitpid(child, 0)
    return text


def open_to_all(path: Path) -> None:
    """Let another user reach a path beneath pytest's private directory."""
    for around in (path, *path.parents):
        if around == Path("/tmp"):
            return
        around.chmod(around.stat().st_mode | 0o755)


# --- permissions ---------------------------------------------------------------------------------


def test_an_unreadable_directory_fails_and_its_neighbours_do_not(place: RealPlace) -> None:
    """C12, R9."""
    for name in ("a", "b", "c"):
        place.write(f"{name}/f", b"x")
    open_to_all(place.root)
    (place.root / "b").chmod(0)

    def look() -> list[str]:
        found = place.disk.list_directories([RelPath("a"), RelPath("b"), RelPath("c"), ROOT])
        return [
            one.failure.kind.value if one.failure else str(len([*one.entries, *one.subdirectories]))
            for one in found
        ]

    assert as_nobody(look) == "['1', 'unreadable', '1', '3']"
    (place.root / "b").chmod(0o755)


def test_a_directory_whose_entries_cannot_be_told_apart_fails(place: RealPlace) -> None:
    """C12, R9. Readable, but not to be entered: the names alone say nothing."""
    place.write("b/f", b"x")
    open_to_all(place.root)
    (place.root / "b").chmod(0o644)

    def look() -> str:
        (found,) = place.disk.list_directories([RelPath("b")])
        assert not found.entries
        return found.failure.kind.value if found.failure else "none"

    assert as_nobody(look) == "'unreadable'"
    (place.root / "b").chmod(0o755)


def test_a_file_without_permission_is_unreadable_until_it_has(place: RealPlace) -> None:
    """D06."""
    place.write("f", b"x")
    open_to_all(place.root)
    (place.root / "f").chmod(0)
    expects = stat_of(place, "f")

    def read() -> str:
        outcome = hash_one(place, "f", expects)
        return outcome.kind.value if isinstance(outcome, Failure) else "read"

    assert as_nobody(read) == "'unreadable'"
    (place.root / "f").chmod(0o644)
    again = stat_of(place, "f")
    assert again != expects
    assert isinstance(hash_one(place, "f", again), Hashed)


# --- special files -------------------------------------------------------------------------------


def test_sockets_and_devices_are_skipped(place: RealPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """D01."""
    monkeypatch.chdir(place.root)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("sock")
        assert entries(place)["sock"].skip is Skip.SOCKET
    found = FolderDisk("/dev").list_directories([ROOT])[0]
    null = next(e for e in found.entries if e.name == "null")
    assert null.skip is Skip.DEVICE
    assert isinstance(FolderDisk("/dev").hash_files([(RelPath("null"), null.stat)])[0], Failure)


def test_another_disk_mounted_here_is_skipped(place: RealPlace) -> None:
    """F18, C10. /dev/pts or /dev/shm is another file system within /dev."""
    found = FolderDisk("/dev").list_directories([ROOT, RelPath("shm")])
    shm = next(e for e in found[0].entries if e.name == "shm")
    assert shm.skip is Skip.OTHER_FILESYSTEM
    assert kind_of(found[1].failure) is FailureKind.UNREADABLE


def test_a_folder_mounted_within_itself_ends(place: RealPlace) -> None:
    """C10."""
    place.write("a/b/f", b"x")
    code = (
        "import sys\n"
        "from mydoctransfer.adapters.disk import FolderDisk\n"
        "d = FolderDisk(sys.argv[1])\n"
        "todo, steps = [''], 0\n"
        "while todo:\n"
        "    steps += 1\n"
        "    assert steps < 20\n"
        "    at = todo.pop()\n"
        "    (found,) = d.list_directories([at])\n"
        "    todo += [f'{at}/{name}'.lstrip('/') for name in found.subdirectories]\n"
        "    print([(e.name, e.skip and e.skip.value) for e in found.entries])\n"
    )
    script = 'mkdir "$1/a/b/loop" && mount --bind "$1" "$1/a/b/loop" && exec "$2" -c "$3" "$1"'
    ran = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, "sh", str(place.root), sys.executable, code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "('loop', 'other_filesystem')" in ran.stdout


def test_somebody_elses_file_under_a_second_name_is_skipped(place: RealPlace) -> None:
    """T61."""
    place.write("a", b"x")
    place.write("b", b"x")
    place.hardlink("a", "c")
    other = FolderDisk(str(place.root), me=os.geteuid() + 1)
    found = {e.name: e.skip for e in other.list_directories([ROOT])[0].entries}
    assert found == {"a": Skip.FOREIGN_OWNER, "b": None, "c": Skip.FOREIGN_OWNER}
    assert not any(e.skip for e in entries(place).values())


# --- races ---------------------------------------------------------------------------------------


def test_a_swap_for_a_link_never_leaks_what_it_points_to(place: RealPlace) -> None:
    """T60, D04, invariant I20. File and directory change places with symlinks as fast as can be."""
    canary = b"canary" * 100
    secret = place.outside("d/f", canary)
    place.write("d/f", b"mine")
    place.write("g", b"mine")
    expects = stat_of(place, "d/f")
    over = threading.Event()

    def agitate() -> None:
        rng = random.Random(1)
        while not over.is_set():
            for name, target in (("d", secret), ("g", f"{secret}/f")):
                if rng.random() < 0.5:
                    os.rename(place.root / name, place.root / f"{name}.was")
                    os.symlink(target, place.root / name)
                    os.unlink(place.root / name)
                    os.rename(place.root / f"{name}.was", place.root / name)

    agitator = threading.Thread(target=agitate)
    agitator.start()
    leaked = Stat(expects.dev, 0, len(canary), 0, 0)
    try:
        for _ in range(2000):
            for listing in place.disk.list_directories([ROOT, RelPath("d")], ALONG):
                for entry in listing.entries:
                    assert entry.stat.size != len(canary)
                for file in listing.read.values():
                    assert file.sha256 == hashlib.sha256(b"mine").hexdigest()
            for path in ("d/f", "g"):
                found = place.disk.stat(RelPath(path))
                if isinstance(found, Stat):
                    assert found.size == 4
                outcome = hash_one(place, path, found if isinstance(found, Stat) else leaked)
                if isinstance(outcome, Hashed):
                    assert outcome.stat.size == 4
    finally:
        over.set()
        agitator.join()


def test_a_file_that_grows_while_it_is_read_has_changed(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A10, A06, invariant I14. Also when it grows by a byte after its last one was read."""
    place.write("f", b"x" * 100_000)
    real = os.readv
    for grows_at in (1, 2):
        count = [0]

        def readv(fd: int, buffers: list[memoryview], *, n: list[int] = count) -> int:
            got = real(fd, [buffers[0][:60_000]])
            n[0] += 1
            if n[0] == grows_at:  # noqa: B023
                with open(place.root / "f", "ab") as file:
                    file.write(b"y")
            return got

        monkeypatch.setattr(disk.os, "readv", readv)
        assert kind_of(hash_one(place, "f", stat_of(place, "f"))) is FailureKind.CHANGED
        monkeypatch.setattr(disk.os, "readv", real)


def test_a_small_file_that_grows_as_soon_as_it_was_read_has_changed(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A10, A06, invariant I14. A small file is read by one call."""
    place.write("f", b"x" * 5000)
    real = os.read

    def read(fd: int, count: int) -> bytes:
        got = real(fd, count)
        with open(place.root / "f", "ab") as file:
            file.write(b"y")
        return got

    with monkeypatch.context() as patched:
        patched.setattr(disk.os, "read", read)
        assert kind_of(hash_one(place, "f", stat_of(place, "f"))) is FailureKind.CHANGED
    assert isinstance(hash_one(place, "f", stat_of(place, "f")), Hashed)


@pytest.mark.parametrize("size", [5000, 100_000])
def test_a_file_that_is_put_there_between_look_and_open_has_changed(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """D04, invariant I14. Its name is looked at, then another file is opened by it."""
    place.write("f", b"x" * size)
    place.write("g", b"y" * size)
    expects, real = stat_of(place, "f"), os.open

    def swapped(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "f":
            os.replace(place.root / "g", place.root / "f")
        return real(path, flags, mode, dir_fd=dir_fd)

    with monkeypatch.context() as patched:
        patched.setattr(disk.os, "open", swapped)
        assert kind_of(hash_one(place, "f", expects)) is FailureKind.CHANGED
    assert isinstance(hash_one(place, "f", stat_of(place, "f")), Hashed)


def test_a_file_that_changes_while_it_is_read_along_is_only_listed(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A06, D04, invariant I14. It becomes another as it is opened, or grows as it is read."""
    real_open, real_read = os.open, os.read

    def swapped(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "f":
            os.replace(place.root / "g", place.root / "f")
        return real_open(path, flags, mode, dir_fd=dir_fd)

    def grown(fd: int, count: int) -> bytes:
        got = real_read(fd, count)
        with open(place.root / "f", "ab") as file:
            file.write(b"y")
        return got

    for name, patch in (("open", swapped), ("read", grown)):
        place.write("f", b"x")
        place.write("g", b"y")
        with monkeypatch.context() as patched:
            patched.setattr(disk.os, name, patch)
            (listing,) = place.disk.list_directories([ROOT], ALONG)
        assert "f" in {entry.name for entry in listing.entries}
        assert "f" not in listing.read
    assert "f" in place.disk.list_directories([ROOT], ALONG)[0].read


def test_a_file_that_cannot_be_read_along_spoils_nothing(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant I22."""
    for name in "abc":
        place.write(name, b"x")
    real = os.open

    def locked(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "b":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(disk.os, "open", locked)
    (listing,) = place.disk.list_directories([ROOT], ALONG)
    assert [entry.name for entry in listing.entries] == ["a", "b", "c"]
    assert set(listing.read) == {"a", "c"}


def test_what_was_read_in_a_directory_that_failed_is_not_told_of_the_next(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R4, R9. The same name is in both."""
    place.write("bad/a", b"bad")
    place.write("bad/b", b"bad")
    place.write("good/a", b"x" * 6)  # too large to be read along
    real = os.stat

    def failing(path: str, **how: Any) -> os.stat_result:
        if path == "b":
            raise OSError(errno.EIO, "Input/output error")
        return real(path, **how)

    with monkeypatch.context() as patched:
        patched.setattr(disk.os, "stat", failing)
        asked = [RelPath("bad"), RelPath("good")]
        bad, good = place.disk.list_directories(asked, ALONG)
    assert kind_of(bad.failure) is FailureKind.UNREADABLE
    assert [entry.name for entry in good.entries] == ["a"]
    assert not bad.read
    assert not good.read


def test_a_change_that_hides_its_time_is_seen_by_ctime(place: RealPlace) -> None:
    """A18, A25, E02."""
    place.write("f", b"one")
    before = stat_of(place, "f")
    place.write("f", b"two")
    os.utime(place.root / "f", ns=(before.mtime_ns, before.mtime_ns))
    after = stat_of(place, "f")
    assert (after.mtime_ns, after.size) == (before.mtime_ns, before.size)
    assert after != before


def test_times_of_any_century_are_read(place: RealPlace) -> None:
    """E01."""
    for seconds in (0, -3600, 2**32 - 1, 2**33):
        place.write("f", b"x")
        os.utime(place.root / "f", ns=(seconds * 10**9, seconds * 10**9))
        outcome = hash_one(place, "f", stat_of(place, "f"))
        assert isinstance(outcome, Hashed)
        assert outcome.stat.mtime_ns == seconds * 10**9


def test_an_entry_that_goes_while_it_is_listed_is_left_out(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A14."""
    for n in range(50):
        place.write(f"f{n}", b"")
    real = os.listdir

    def listdir(fd: int) -> list[str]:
        found = real(fd)
        place.remove("f7")
        monkeypatch.setattr(disk.os, "listdir", real)
        return found

    monkeypatch.setattr(disk.os, "listdir", listdir)
    assert "f7" not in entries(place)


def test_a_file_system_without_births_tells_none(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("f", b"x")
    with open(place.root / "f", "rb") as file:
        stat, born = _birth.look_at(file.fileno())
        assert born > 0
        monkeypatch.setattr(_birth, "_statx", lambda *_: -1)
        assert _birth.look_at(file.fileno()) == (stat, 0)


def test_descriptors_are_given_back(place: RealPlace) -> None:
    """N02, invariant I21."""
    place.write("a/b/c/d/f", b"x")
    gc.collect()  # what other tests left open is not given back by this one
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        place.disk.list_directories([RelPath("a/b"), RelPath("a/b/c/d"), RelPath("no"), ROOT])
        hash_one(place, "a/b/c/d/f", stat_of(place, "a/b/c/d/f"))
        fd = place.disk.open_file(RelPath("a/b/c/d/f"), stat_of(place, "a/b/c/d/f"))
        assert isinstance(fd, int)
        os.close(fd)
        assert isinstance(place.disk.open_file(RelPath("a"), Stat(0, 0, 0, 0, 0)), Failure)
    assert len(os.listdir("/proc/self/fd")) == before


# --- creating ------------------------------------------------------------------------------------


def test_a_full_disk_leaves_no_half_marker(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J05. With and without files that have no name yet."""

    def write(fd: int, content: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    for has_tmpfile in (True, False):
        with monkeypatch.context() as patched:
            if not has_tmpfile:
                patched.setattr(_creation, "_TMPFILE", 0)
            patched.setattr(_creation.os, "write", write)
            assert kind_of(place.disk.mark(MARKER)) is FailureKind.NO_SPACE
        assert place.names() == set()
    assert not isinstance(place.disk.mark(MARKER), Failure)


def test_without_nameless_files_a_copy_is_still_never_over_another(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_creation, "_TMPFILE", 0)
    place.write("a", b"mine")
    source = place.outside("a", b"dropped")
    assert place.disk.add(source, ROOT) == ["a (2)"]
    assert (place.read("a"), place.read("a (2)")) == (b"mine", b"dropped")


def test_a_name_taken_at_the_last_moment_is_not_replaced(
    place: RealPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R1, J17."""
    real = os.link

    def link(*args: object, **options: object) -> None:
        if not (place.root / "a").exists():
            place.write("a", b"faster")
        real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(_creation.os, "link", link)
    assert place.disk.add(place.outside("a", b"dropped"), ROOT) == ["a (2)"]
    assert place.read("a") == b"faster"


def test_special_files_in_a_dropped_directory_are_left_out(place: RealPlace) -> None:
    """D01, T60."""
    source = Path(place.outside("d/f", b"x"))
    os.mkfifo(source / "pipe")
    os.symlink("/etc/passwd", source / "link")
    assert place.disk.add(str(source), ROOT) == ["d/f"]
    assert place.names() == {"d", "d/f"}


def test_a_dropped_link_brings_what_the_person_sees(place: RealPlace) -> None:
    source = Path(place.outside("f", b"x"))
    os.symlink(source, source.with_name("shown.txt"))
    assert place.disk.add(str(source.with_name("shown.txt")), ROOT) == ["shown.txt"]
    assert stat.S_ISREG(os.lstat(place.root / "shown.txt").st_mode)


def test_one_unreadable_file_does_not_keep_the_rest_of_a_drop_out(place: RealPlace) -> None:
    source = Path(place.outside("d/a", b"1"))
    place.outside("d/z", b"2")
    place.outside("d/m", b"3")
    (source / "m").chmod(0)
    open_to_all(source)
    place.root.chmod(0o777)
    open_to_all(place.root)
    place.root.chmod(0o777)

    def drop() -> str:
        outcome = place.disk.add(str(source), ROOT)
        return outcome.kind.value if isinstance(outcome, Failure) else "all"

    assert as_nobody(drop) == "'unreadable'"
    assert place.names() == {"d", "d/a", "d/z"}


# --- which folders may be watched ----------------------------------------------------------------


Check = Callable[[str, Callable[[Path], str | None]], None]


def refused(
    path: object, because: Callable[[Path], str | None] = lambda _: None, check: Check = check_root
) -> str:
    with pytest.raises(AppError) as caught:
        check(str(path), because)
    assert caught.value.code == "bad_folder"
    return caught.value.message


def test_a_folder_to_be_made_is_refused_where_it_must_not_or_cannot_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F20: said before anything is made; the first run looks at what a person types."""
    home = tmp_path / "people" / "ada"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    (home / "file").write_text("")

    refused_place = partial(refused, check=check_place)
    assert "not an absolute path" in refused_place("docs")
    assert "belongs to the system" in refused_place("/etc/new/docs")
    assert "settings and keys" in refused_place(home / ".config" / "docs")
    assert f"{home / 'file'} is not a folder" in refused_place(home / "file" / "docs")
    assert "is mine" in refused_place(home / "new", lambda p: f"{p} is mine.")
    check_place(str(home / "new" / "docs"), lambda _: None)
    assert sorted(path.name for path in home.iterdir()) == ["file"]


@pytest.mark.parametrize(
    "make", [Path.touch, os.mkfifo, partial(os.symlink, "nowhere")], ids=["file", "pipe", "link"]
)
def test_what_has_the_folders_name_and_is_no_folder_is_not_called_missing(
    make: Callable[[Path], object], tmp_path: Path
) -> None:
    """F01."""
    folder = tmp_path / "folder"
    port = FolderDisk(str(folder))
    assert "is missing" in port.look().message
    make(folder)
    for failure in (port.look(), port.mark("f" * 32), port.list_directories([ROOT])[0].failure):
        assert failure.kind is FailureKind.MISSING
        assert failure.message.startswith(f"{folder} is no folder any more: something else has its")


def test_dangerous_folders_are_refused_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F20, T68."""
    home = tmp_path / "people" / "ada"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    assert "whole disk" in refused("/")
    assert "home folder" in refused(home)
    assert "contains your home" in refused(home.parent)
    assert "no folder" in refused(home / "missing")
    assert "not absolute" in refused("docs").replace("not an absolute", "not absolute")
    (home / "file").write_text("")
    assert "not a folder" in refused(home / "file")
    (home / "docs").mkdir()
    assert "is mine" in refused(home / "docs", lambda p: f"{p} is mine.")
    assert check_root(str(home / "docs"), lambda _: None) == str(home / "docs")


@pytest.mark.parametrize("place", ["/etc", "/usr/share", "/proc", "/dev", "/var", "/mnt"])
def test_what_belongs_to_the_system_is_refused(place: str) -> None:
    """F20, T68."""
    assert "belongs to the system" in refused(place)
    assert not os.path.lexists(os.path.join(place, ".mydoctransfer"))


@pytest.mark.parametrize("inside", [".ssh", ".config", ".gnupg/private", ".local/share/keyrings"])
def test_where_programs_keep_their_keys_is_refused(
    inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F20, T68."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / inside).mkdir(parents=True)
    assert "settings and keys" in refused(tmp_path / inside)


def test_a_link_to_a_folder_is_resolved_once(tmp_path: Path) -> None:
    """F17."""
    (tmp_path / "real").mkdir()
    os.symlink(tmp_path / "real", tmp_path / "link")
    assert check_root(str(tmp_path / "link"), lambda _: None) == str(tmp_path / "real")
    watched = FolderDisk(str(tmp_path / "link"))
    os.unlink(tmp_path / "link")
    os.symlink("/etc", tmp_path / "link")
    assert watched.list_directories([ROOT])[0].entries == []


@pytest.mark.parametrize(
    ("sign", "program", "is_directory"),
    [
        (".dropbox", "Dropbox", False),
        (".dropbox.cache", "Dropbox", True),
        (".stfolder", "Syncthing", True),
        (".sync_0123456789ab.db", "Nextcloud", False),
        (".owncloudsync.log", "ownCloud", False),
    ],
)
def test_a_folder_of_another_sync_program_is_refused(
    tmp_path: Path, sign: str, program: str, is_directory: bool
) -> None:
    """F20."""
    inner = tmp_path / "synced" / "deep" / "docs"
    inner.mkdir(parents=True)
    mark = tmp_path / "synced" / sign
    mark.mkdir() if is_directory else mark.touch()
    assert program in refused(inner)


def test_dropboxs_settings_in_the_home_folder_forbid_nothing(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    (tmp_path / "docs").mkdir()
    assert check_root(str(tmp_path / "docs"), lambda _: None)


def test_a_folder_nobody_may_write_to_is_refused(tmp_path: Path) -> None:
    """F20."""
    folder = tmp_path / "docs"
    folder.mkdir()
    open_to_all(folder)
    folder.chmod(0o555)

    def check() -> str:
        try:
            return check_root(str(folder), lambda _: None)
        except AppError as exc:
            return exc.message

    assert "Nothing can be written" in as_nobody(check)
    folder.chmod(0o755)


def test_a_file_under_somebodys_lock_is_read_all_the_same(place: RealPlace) -> None:
    """D09. On Linux a lock is advice: who writes under one is waited for like any writer."""
    place.write("a", b"content")
    with (place.root / "a").open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        fcntl.lockf(held, fcntl.LOCK_EX)
        outcome = hash_one(place, "a", stat_of(place, "a"))
    assert isinstance(outcome, Hashed)
    assert outcome.sha256 == hashlib.sha256(b"content").hexdigest()


def test_what_hangs_on_a_file_beside_its_bytes_is_left_where_it_is(place: RealPlace) -> None:
    """D17. Extended attributes are not sent, as the README says, and stay as they are."""
    place.write("a", b"content")
    os.setxattr(place.root / "a", "user.note", b"stays")
    outcome = hash_one(place, "a", stat_of(place, "a"))
    assert isinstance(outcome, Hashed)
    assert outcome.sha256 == hashlib.sha256(b"content").hexdigest()
    assert os.getxattr(place.root / "a", "user.note") == b"stays"
