"""Hints from real inotify, and every way in which they can fail to come."""

import gc
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mydoctransfer.adapters import watcher
from mydoctransfer.adapters.watcher import FolderWatcher
from mydoctransfer.engine.messages import Hint, Message, WatchMode, WatchState
from tests.support.waiting import PATIENCE


class Told:
    """What the watcher put into the inbox."""

    def __init__(self) -> None:
        self._inbox: queue.Queue[Message] = queue.Queue()
        self.put = self._inbox.put

    def state(self) -> WatchState:
        """The next word about the watcher itself; hints before it are let go."""
        while True:
            message = self._inbox.get(timeout=PATIENCE)
            if isinstance(message, WatchState):
                return message

    def hints(self, *wanted: str) -> set[str]:
        """Everything hinted at, up to when all of `wanted` has been."""
        found: set[str] = set()
        while not found.issuperset(wanted):
            message = self._inbox.get(timeout=PATIENCE)
            assert isinstance(message, Hint), message
            found |= message.directories
        return found

    def is_empty(self) -> bool:
        return self._inbox.empty()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "folder"
    root.mkdir()
    return root


@pytest.fixture
def watching(told: Told, folder: Path) -> Iterator[FolderWatcher]:
    """A watcher over `folder`, with two directories in it."""
    (folder / "a" / "b").mkdir(parents=True)
    made = FolderWatcher(told.put)
    made.start(str(folder))
    assert told.state() == WatchState(WatchMode.WATCHING)
    yield made
    made.stop()


def appear(file: Path, folder: Path) -> None:
    """Make a file at one stroke, which is told once: one that is written is told of three times."""
    made = folder.parent / "made"
    made.write_text("x")
    made.rename(file)


# --- what is hinted at ---------------------------------------------------------------------------


def test_each_kind_of_change_hints_at_its_directory(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """A01, A17, A18, A24, D06."""
    changes: list[Callable[[], object]] = [
        lambda: (folder / "a/b/f").write_text("new"),
        lambda: (folder / "a/b/f").write_text("changed"),
        lambda: os.utime(folder / "a/b/f", (1, 1)),
        lambda: (folder / "a/b/f").chmod(0o600),
        lambda: os.link(folder / "a/b/f", folder / "a/b/g"),
        lambda: os.rename(folder / "a/b/f", folder / "a/b/h"),
        lambda: (folder / "a/b/h").unlink(),
    ]
    for change in changes:
        change()
        assert told.hints("a/b") == {"a/b"}


def test_a_move_hints_at_both_ends_at_once(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """A02, B01. Also out of the folder, where watchdog waits half a second for the other end."""
    (folder / "a/f").write_text("x")
    told.hints("a")
    os.rename(folder / "a/f", folder / "a/b/f")
    assert told.hints("a", "a/b") == {"a", "a/b"}
    began = time.monotonic()
    os.rename(folder / "a/b/f", folder.parent / "out")
    assert told.hints("a/b") == {"a/b"}
    assert time.monotonic() - began < PATIENCE / 2


def test_a_new_tree_is_hinted_at_to_its_depth_and_watched(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """F16. Made step by step, faster than watches can be had."""
    for n in range(20):
        (folder / f"n{n}/m/o").mkdir(parents=True)
        (folder / f"n{n}/m/o/f").write_text("x")
    told.hints(*(f"n{n}/m/o" for n in range(20)))
    (folder / "n7/m/o/later").write_text("y")
    assert told.hints("n7/m/o") <= {f"n{n}{m}" for n in range(20) for m in ("", "/m", "/m/o")} | {
        ""
    }


def test_a_tree_moved_in_is_hinted_at_to_its_depth_and_watched(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """B22, F16."""
    (folder.parent / "x/y/z").mkdir(parents=True)
    os.rename(folder.parent / "x", folder / "x")
    assert told.hints("x/y/z") == {"", "x", "x/y", "x/y/z"}
    (folder / "x/y/z/f").write_text("1")
    assert told.hints("x/y/z") == {"x/y/z"}


def test_a_renamed_directory_is_hinted_at_under_its_new_name(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """B04, B06."""
    os.rename(folder / "a", folder / "c")
    assert told.hints("", "c/b") == {"", "c", "c/b"}
    (folder / "c/b/f").write_text("1")
    assert told.hints("c/b") == {"c/b"}


def test_a_tree_moved_out_harms_nobody(watching: FolderWatcher, told: Told, folder: Path) -> None:
    """Its ghost still reports: hints only, at the place it had."""
    os.rename(folder / "a", folder.parent / "gone")
    assert told.hints("") == {""}
    (folder.parent / "gone/b/f").write_text("1")
    (folder / "f").write_text("1")
    assert told.hints("") <= {"", "a", "a/b"}


def test_names_of_any_bytes_are_hinted_at(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """B20."""
    (folder / "\udcff\n \u202e").mkdir()
    (folder / "\udcff\n \u202e" / "f").write_text("x")
    assert "\udcff\n \u202e" in told.hints("\udcff\n \u202e")


def test_what_is_ignored_is_not_hinted_at(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """D14, A16. By the same rule as the scan's; a file that becomes a real one is."""
    (folder / ".git/objects").mkdir(parents=True)
    (folder / ".git/objects/f").write_text("x")
    (folder / "a/b/.f.swp").write_text("x")
    (folder / "a/b/movie.part").write_text("x")
    appear(folder / "a/seen", folder)
    assert told.hints("a") == {"a"}
    os.rename(folder / "a/b/movie.part", folder / "a/b/movie")
    assert told.hints("a/b") == {"a/b"}


def test_rules_for_what_is_ignored_are_hinted_at(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """D14. The file itself is never sent, but what it says changes what is."""
    (folder / "a/b/.mydocignore").write_text("*.log")
    assert told.hints("a/b") == {"a/b"}


def test_our_own_reading_is_not_hinted_at(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """N02. What watchdog tells by default wakes the reader for ever."""
    appear(folder / "a/b/f", folder)
    told.hints("a/b")
    for _ in range(100):
        (folder / "a/b/f").read_text()
        os.listdir(folder / "a/b")
    appear(folder / "a/sentinel", folder)
    assert told.hints("a") == {"a"}


def test_a_root_that_is_a_link_is_resolved_once(told: Told, folder: Path) -> None:
    """F17."""
    (folder / "d").mkdir()
    os.symlink(folder, folder.parent / "link")
    made = FolderWatcher(told.put)
    made.start(str(folder.parent / "link"))
    told.state()
    (folder / "d/f").write_text("x")
    assert told.hints("d") == {"d"}
    made.stop()


def test_twenty_five_thousand_events_make_few_hints(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """A22, C08. The time is loose, a busy machine is slow; `make bench` has the true one."""
    for n in range(25):
        (folder / f"d{n}").mkdir()
    told.hints(*(f"d{n}" for n in range(25)))
    paths = [os.fsencode(folder / f"d{n % 25}" / f"f{n}") for n in range(25_000)]
    began = time.perf_counter()
    for path in paths:
        watching._changed(path, False)
    assert time.perf_counter() - began < 3.0
    told.hints(*(f"d{n}" for n in range(25)))


# --- what is said when hints fail ----------------------------------------------------------------


def test_an_overflow_is_said_and_watching_goes_on(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """F14. The listening thread is held up until the kernel's queue is full."""
    room = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    with watching._lock:
        for n in range(room // 2 + 2000):
            os.close(os.open(folder / f"a/f{n}", os.O_CREAT | os.O_WRONLY))
        (folder / "lost/deep").mkdir(parents=True)
    assert told.state() == WatchState(WatchMode.WATCHING)
    watching.check()
    (folder / "lost/deep/f").write_text("x")
    told.hints("lost/deep")


def test_a_deleted_root_is_said_once(watching: FolderWatcher, told: Told, folder: Path) -> None:
    """F01. watchdog's own threads live on."""
    shutil.rmtree(folder)
    watching.check()
    assert told.state().mode is WatchMode.DEAD
    watching.check()
    folder.mkdir()
    watching.start(str(folder))
    assert told.state() == WatchState(WatchMode.WATCHING)
    (folder / "f").write_text("x")
    assert "" in told.hints("")


def test_a_root_that_was_exchanged_is_said(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """F02, F04."""
    os.rename(folder, folder.parent / "was")
    folder.mkdir()
    watching.check()
    state = told.state()
    assert state.mode is WatchMode.DEAD
    assert state.message


def test_a_root_that_is_not_there_is_said(told: Told, folder: Path) -> None:
    """F01."""
    folder.rmdir()
    made = FolderWatcher(told.put)
    made.start(str(folder))
    assert told.state().mode is WatchMode.DEAD


def test_a_dead_thread_is_said_and_can_be_started_again(
    watching: FolderWatcher, told: Told, folder: Path
) -> None:
    """J14."""
    assert watching._system is not None
    watching._system._fd.stop()  # type: ignore[attr-defined]
    watching._system._fd.join()  # type: ignore[attr-defined]
    watching.check()
    assert told.state().mode is WatchMode.ENDED
    watching.check()
    assert told.is_empty()
    watching.start(str(folder))
    assert told.state() == WatchState(WatchMode.WATCHING)
    (folder / "a/f").write_text("x")
    assert told.hints("a") == {"a"}


def test_a_healthy_watcher_says_nothing(watching: FolderWatcher, told: Told) -> None:
    for _ in range(10):
        watching.check()
    assert told.is_empty()


def test_a_network_drive_is_polled(told: Told, folder: Path) -> None:
    """F17."""
    made = FolderWatcher(told.put, is_network=lambda _: True)
    made.start(str(folder))
    state = told.state()
    assert state.mode is WatchMode.POLLING
    assert "network" in state.message
    made.check()
    assert told.is_empty()


LIMITED = """
import os, queue, sys
from mydoctransfer.adapters.watcher import FolderWatcher
from mydoctransfer.engine.messages import WatchMode, WatchState

told, now = queue.Queue(), [0.0]
w = FolderWatcher(told.put, monotonic=lambda: now[0])
w.start(sys.argv[1])
state = told.get(timeout=20)
print(state.mode.value, state.message)
if sys.argv[2] == "later":
    for n in range(60):
        os.mkdir(f"{sys.argv[1]}/n{n}")
    while not (isinstance(state, WatchState) and state.mode is WatchMode.POLLING):
        w.check()
        try:
            state = told.get(timeout=0.01)
        except queue.Empty:
            continue
    print(state.mode.value, state.message)
now[0] = 299.0
w.check()
assert told.empty()
now[0] = 301.0
w.check()
print(told.get(timeout=20).mode.value)
w.stop()
"""


def limited(folder: Path, limit: str, number: int, when: str) -> list[str]:
    """Run a watcher where the system allows so much, without touching this machine's limits."""
    script = f'echo {number} >/proc/sys/user/{limit} && exec "$0" -c "$1" "$2" {when}'
    ran = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", script, sys.executable, LIMITED, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.parametrize(
    ("limit", "number"), [("max_inotify_watches", 20), ("max_inotify_instances", 0)]
)
def test_too_many_folders_are_polled_and_the_remedy_is_said(
    folder: Path, limit: str, number: int
) -> None:
    """F13, C08. Later it is tried again, in case the limit was raised."""
    for n in range(50):
        (folder / f"d{n}").mkdir()
    first, again = limited(folder, limit, number, "now")
    assert first.startswith("polling ")
    assert "max_user_watches" in first
    assert again == "dead"


def test_a_limit_reached_later_is_noticed(folder: Path) -> None:
    """F13."""
    first, later, again = limited(folder, "max_inotify_watches", 20, "later")
    assert first.strip() == "watching"
    assert later.startswith("polling ")
    assert again == "dead"


def test_an_unreadable_directory_is_no_limit(told: Told, folder: Path) -> None:
    """C12. As a user who is not root it cannot be watched; the rest is."""
    (folder / "closed").mkdir()
    (folder / "open").mkdir()
    script = (
        "import os, sys, queue\n"
        "from mydoctransfer.adapters import _inotify\n"
        "from mydoctransfer.adapters.watcher import FolderWatcher\n"
        "os.getuid() or (os.setresgid(65534, 65534, 65534), os.setresuid(65534, 65534, 65534))\n"
        "told = queue.Queue()\n"
        "w = FolderWatcher(told.put)\n"
        "w.start(sys.argv[1])\n"
        "print(told.get(timeout=20).mode.value)\n"
        "w.check()\n"
        "print(told.empty())\n"
        "w.stop()\n"
    )
    for around in (folder, *folder.parents):
        if around == Path("/tmp"):
            break
        around.chmod(0o755)
    (folder / "closed").chmod(0)
    ran = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["watching", "True"]
    (folder / "closed").chmod(0o755)


# --- ending --------------------------------------------------------------------------------------


def test_stopping_gives_everything_back(told: Told, folder: Path) -> None:
    """N02, invariant I21."""
    gc.collect()  # what other tests left open is not given back by this one
    before = threading.active_count(), len(os.listdir("/proc/self/fd"))
    made = FolderWatcher(told.put)
    for _ in range(5):
        made.start(str(folder))
        assert told.state().mode is WatchMode.WATCHING
    made.stop()
    made.stop()
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before


def test_nothing_is_told_after_the_end(
    watching: FolderWatcher, told: Told, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    appear(folder / "a/f", folder)
    told.hints("a")
    monkeypatch.setattr(watcher, "GATHER", 3600.0)
    watching._changed(os.fsencode(folder / "a/f"), False)
    watching.stop()
    watching._tell()
    assert told.is_empty()


def test_the_other_systems_watch_tells_the_same(told: Told, folder: Path) -> None:
    """watchdog's observer, as macOS and Windows have it."""
    from mydoctransfer.adapters._observer import ObserverWatch

    (folder / "d").mkdir()
    found: queue.Queue[tuple[bytes, bool]] = queue.Queue()
    watch = ObserverWatch(str(folder), lambda path, is_dir: found.put((path, is_dir)))
    assert watch.is_alive()
    (folder / "d/f").write_text("x")
    assert found.get(timeout=PATIENCE) == (os.fsencode(folder / "d/f"), False)
    watch.stop()
    assert not watch.is_alive()
