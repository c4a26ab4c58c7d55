"""From the start of the process to the window on screen and to being signed in from the keyring.

The real program in a real desktop session, with its keyring, against the local cloud; the person
has 10,000 documents. The floor is a window of Qt's own with nothing in it, in the same session.
When a window is on screen, the window manager says so.

python -m scripts.bench.starting
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mydoctransfer.adapters import control, home
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.model.commands import GetStatus
from mydoctransfer.model.trees import Document, DocumentState, Person, RelPath, ShareId, name_of
from scripts.bench.processes import Memory, cpu_seconds, memory
from tests.support.cloud import PASSWORD, Cloud
from tests.support.desktop import DesktopSession
from tests.support.devices import Device
from tests.support.launched import Launched
from tests.support.waiting import wait_for

DOCUMENTS = 10_000
WINDOW_SECONDS, IDLE_MB = 0.6, 120
AWS = ("boto3", "botocore", "pycognito", "s3transfer")

_BARE = (
    "from PySide6.QtWidgets import QApplication, QMainWindow\n"
    "app = QApplication([])\nwindow = QMainWindow()\nwindow.show()\napp.exec()\n"
)
# The session's programs speak to a screen reader always; most people have none.
_NO_READER = ("env", "-u", "QT_ACCESSIBILITY", "-u", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON")
_FAR = 253_402_300_799_000  # milliseconds; the year 9999


def main(rounds: int) -> None:
    """Print what a start takes, what it imports, and what the program holds once it rests."""
    root = Path(tempfile.mkdtemp(prefix="mydoctransfer-bench-"))
    cloud = Cloud(root / "cloud")
    cloud.start()
    try:
        with DesktopSession() as session:
            device = settled(cloud, session, root)
            bare = Start(session, sys.executable, "-c", _BARE)
            ours = Start(session, *map(os.fsdecode, device.argv(is_json=False)))
            measure(bare, ours, device, rounds)
            print(f"  AWS imports of a start: {imported(ours, device) or 'none'} (wanted: none)")
    finally:
        cloud.stop()
        shutil.rmtree(root)


def settled(cloud: Cloud, session: DesktopSession, root: Path) -> Device:
    """An installation that is signed in by the keyring and knows of 10,000 documents."""
    device = Device(root / "device", session.environment)
    device.ok("connect", str(cloud.connection_file))
    words = ("login", cloud.person().email, "--password-stdin", "--store", "keyring")
    device.ok(*words, stdin=f"{PASSWORD}\n")
    device.ok("folder", str(device.folder))
    device.ok("sync", "--once")
    journal = SqliteJournal(home.find(str(device.home)).journal)
    journal.learn(map(document, range(DOCUMENTS)), (), None)
    return device


def document(number: int) -> Document:
    """One that somebody else has shared."""
    path = RelPath(f"Archive/{number % 100:02d}/Scan {number:05d}.pdf")
    owner = Person("bob@example.org", "Bob", "Hope")
    return Document(
        ShareId(f"{number:032x}"), owner, False, path, name_of(path), number, "0" * 64,
        1, 1, DocumentState.LIVE, 0, _FAR,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """Seconds until a window was on screen: by the clock on the wall, and of the program's CPU."""

    wall: float
    cpu: float


class Start:
    """A program that opens a window, to be started again and again."""

    def __init__(self, session: DesktopSession, *command: str) -> None:
        self._session = session
        self._command = command
        self.running: Launched

    @contextmanager
    def open(self) -> Iterator[Shown]:
        """Start it, wait until its window is on screen; end it, wait until it is not."""
        with self._windows() as windows:
            before = next(windows)
            began = time.perf_counter()
            self.running = self._session.launch(*_NO_READER, *self._command)
            new = next(ours for shown in windows if (ours := shown - before))
            yield Shown(time.perf_counter() - began, cpu_seconds(self.running.pid))
            self.running.terminate()
            next(shown for shown in windows if not shown & new)

    def imports(self, until: Callable[[], object]) -> list[str]:
        """Start it once more and return what it imported until then."""
        python, *words = self._command
        self.running = self._session.launch(*_NO_READER, python, "-X", "importtime", *words)
        until()
        self.running.terminate()
        return re.findall(r"\| +(\S+)$", self.running.stderr, re.MULTILINE)

    @contextmanager
    def _windows(self) -> Iterator[Iterator[set[str]]]:
        """What the window manager has on screen, now and at every change."""
        watching = subprocess.Popen(
            ["stdbuf", "-oL", "xprop", "-root", "-spy", "_NET_CLIENT_LIST"],
            env=self._session.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert watching.stdout is not None
        try:
            yield _listed(watching.stdout)
        finally:
            watching.terminate()
            watching.wait()


def _listed(lines: IO[str]) -> Iterator[set[str]]:
    for line in lines:
        yield set(re.findall(r"0x\w+", line))


def measure(bare: Start, ours: Start, device: Device, rounds: int) -> None:
    windows: list[Shown] = []
    floors: list[Shown] = []
    settled: list[float] = []
    held: list[Memory] = []
    for _ in range(rounds + 1):
        with bare.open() as shown:
            floors.append(shown)
            empty = memory(bare.running.pid)
        began = time.perf_counter()
        with ours.open() as shown:
            windows.append(shown)
            wait_until_idle(device)
            settled.append(time.perf_counter() - began)
            held.append(memory(ours.running.pid))
    print(f"window on screen      {_seconds(windows)} (wanted: {WINDOW_SECONDS})")
    print(f"  floor, an empty window of Qt  {_seconds(floors)}")
    print(f"  signed in and up to date {statistics.median(settled[1:]):.2f} s")
    print(
        f"at rest, {DOCUMENTS:,} documents  {_mb(held[-1])} (wanted: under {IDLE_MB} MB), "
        f"an empty window of Qt {_mb(empty)}"
    )


def _seconds(starts: list[Shown]) -> str:
    """The medians; the first start warms the disk and is left out."""
    wall = statistics.median(s.wall for s in starts[1:])
    cpu = statistics.median(s.cpu for s in starts[1:])
    return f"{wall:.2f} s, CPU {cpu:.2f} s"


def _mb(held: Memory) -> str:
    resident, share = (mib * 1.048576 for mib in (held.resident, held.share))
    return f"{resident:.0f} MB ({share:.0f} MB, libraries in part)"


def imported(ours: Start, device: Device) -> str:
    names = ours.imports(lambda: wait_until_idle(device))
    return " ".join(name for name in AWS if name in names)


def wait_until_idle(device: Device) -> None:
    """Wait until the running engine says that it is signed in and has nothing to do."""
    found = home.find(str(device.home))

    def is_idle() -> bool:
        time.sleep(0.2)  # answering costs time, too
        answer = control.send(found, GetStatus())
        return answer is not None and answer["state"] == "idle"

    wait_for(is_idle, 60)


if __name__ == "__main__":
    main(int(os.environ.get("ROUNDS", "3")))
