"""A running `sync`: what it costs at rest, how soon a change is in the cloud, what a rename costs.

The real program, folder and watcher, against the local cloud. Calls are counted from what the
deployed function logs. For the rest with 100,000 files, that these are in the cloud is written into
the journal.

REST_MINUTES=60 python -m scripts.bench.watching
"""

import json
import os
import queue
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from mydoctransfer.adapters import home
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.adapters.watcher import FolderWatcher
from mydoctransfer.engine.messages import Hint, Message
from mydoctransfer.engine.reading import QUIET
from scripts.bench import scanning
from scripts.bench.processes import cpu_seconds, memory
from tests.support.cloud import Cloud
from tests.support.devices import Device, Watching

REST_MINUTES = float(os.environ.get("REST_MINUTES", "5"))
RENAMED, EVENTS = 10_000, 25_000
READS = "GET "


def main(rounds: int) -> None:
    """Print each figure next to its bound."""
    root = Path(tempfile.mkdtemp(prefix="mydoctransfer-bench-"))
    cloud = Cloud(root / "cloud")
    try:
        print(coalescing(root))
        cloud.start()
        with signed_in(cloud, root / "one").watch() as watching:
            print(latency(root / "one" / "folder", watching, rounds))
        print(renaming(cloud, signed_in(cloud, root / "two")), flush=True)
        print(resting(cloud, signed_in(cloud, root / "three")), flush=True)
    finally:
        cloud.stop()
        shutil.rmtree(root)


def signed_in(cloud: Cloud, root: Path) -> Device:
    return Device(root).sign_in(cloud, cloud.person())


def coalescing(root: Path) -> str:
    """25,000 files made while the watcher runs: until the last hint, counted from the last file."""
    inbox: queue.Queue[Message] = queue.Queue()
    directories = [root / "events" / f"{n:02d}" for n in range(25)]
    for directory in directories:
        directory.mkdir(parents=True)
    watcher = FolderWatcher(inbox.put)
    watcher.start(str(root / "events"))
    for n in range(EVENTS):
        (directories[n % 25] / f"{n}").touch()
    ended = last = time.perf_counter()
    hints = 0
    try:
        while True:
            hints += isinstance(inbox.get(timeout=2.0), Hint)
            last = max(last, time.perf_counter()) if inbox.empty() else last
    except queue.Empty:
        watcher.stop()
    return f"{EVENTS:,} changes are {hints} hints, the last after {last - ended:.2f} s (wanted: 1)"


def latency(folder: Path, watching: Watching, rounds: int) -> str:
    """A change of 1 MiB until the server has acknowledged it."""
    took = []
    for n in range(rounds):
        name = f"change{n}.bin"
        (folder / name).write_bytes(os.urandom(1 << 20))
        began = time.perf_counter()
        watching.wait_for("published", names=[name])
        took.append(time.perf_counter() - began)
    return (
        f"1 MiB is acknowledged after {statistics.median(took):.2f} s "
        f"(wanted: {QUIET + 0.5:.1f}, of which {QUIET:.1f} the file has to rest)"
    )


def renaming(cloud: Cloud, device: Device) -> str:
    """A directory of 10,000 published files gets another name."""
    old = device.folder / "old"
    old.mkdir()
    for n in range(RENAMED):
        (old / f"{n}.txt").write_text(str(n))
    device.ok("sync", "--once")
    since = milliseconds()
    old.rename(device.folder / "new")
    counts = device.ok("sync", "--once")
    made = calls(cloud, since)
    uploads = sum(n for route, n in made.items() if route.startswith("POST /uploads"))
    which = ", ".join(f"{n} {route}" for route, n in made.most_common())
    return (
        f"{counts['renamed']:,} of {RENAMED:,} files of a renamed directory: {made.total()} calls "
        f"(wanted: at most 100), {uploads} of them about uploads (0): {which}"
    )


def resting(cloud: Cloud, device: Device) -> str:
    """100,000 files of which nothing changes."""
    device.ok("sync", "--once")
    scanning.plant(device.folder / "tree")
    journal = SqliteJournal(home.find(str(device.home)).journal)
    scanning.pass_over(journal, str(device.folder))
    scanning.agree(journal)
    journal.close()
    with device.watch() as watching:
        process = watching.process.pid
        since, cpu, began = milliseconds(), cpu_seconds(process), time.perf_counter()
        time.sleep(REST_MINUTES * 60)
        share = (cpu_seconds(process) - cpu) / (time.perf_counter() - began)
        held = memory(process).resident
    made = calls(cloud, since)
    mutating = sum(n for route, n in made.items() if not route.startswith(READS))
    return (
        f"at rest with 100,000 files, {REST_MINUTES:g} minutes of the first hour: "
        f"{share:.2%} of a core (wanted: 0.2), {mutating} mutating calls (0) of {made.total()}, "
        f"{held:.0f} MiB"
    )


def milliseconds() -> int:
    """The time of the logs."""
    return time.time_ns() // 1_000_000


def calls(cloud: Cloud, since: int) -> Counter[str]:
    """The calls of the API since then, by route."""
    logged = cloud.logs("APIHandler", since)
    lines = (json.loads(line) for line in logged if line.startswith("{"))
    return Counter(line["route"] for line in lines if "route" in line)


if __name__ == "__main__":
    main(int(os.environ.get("ROUNDS", "3")))
