"""Looking at 100,000 files in 1,000 directories, next to scandir and lstat of the same tree.

First pass: scan, hash, journal; its floor reads and hashes every file and writes a row for each in
one SQLite transaction. Second: nothing changed; the one right after a first pass, which still
compares row by row, and those after it, which compare a digest a directory. Each in a process of
its own, with the real disk and the real journal; what the cloud would answer is written into the
journal between. Seconds of the clock on the wall, and of CPU, which other work on the machine
disturbs less.

Beside it `rclone sync` of the same tree to a copy of it on the same disk: against the pass, which
is what a running engine does every hour, and against a whole process of ours with start, imports
and the check of the journal. Both find that nothing is to be done. rclone has no journal and looks
at its target, too: a local one is the quickest it can have, asking S3 for 100,000 names would take
it longer. Neither speaks to a network here.
"""

import hashlib
import os
import queue
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mydoctransfer.adapters.clock import SystemClock
from mydoctransfer.adapters.collector import collect_rarely
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.auditing import Auditing
from mydoctransfer.engine.health import DEVICE_KEY, MARKER_KEY
from mydoctransfer.engine.looking import Looking, Seen
from mydoctransfer.engine.messages import Done, Message
from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.pool import Pool
from mydoctransfer.engine.ports import Root, Settled
from mydoctransfer.engine.tasks import Tasks
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    Person,
    ShareId,
    Synced,
    name_of,
)
from scripts.bench import peers

DIRECTORIES, FILES = 1_000, 100


def main(rounds: int) -> None:
    """Print first and no-change passes as multiples of their floors."""
    root = Path(tempfile.mkdtemp(prefix="mydoctransfer-bench-"))
    try:
        tree = root / "tree"
        plant(tree)
        journal = root / "j0.sqlite"
        firsts = [step("first", tree, root / f"j{n}.sqlite") for n in range(rounds)]
        step("agree", tree, journal)
        second = step("again", tree, journal)
        again = [step("again", tree, journal) for _ in range(rounds)]
        beside = compared_with_rclone(tree, root / "copy", journal, rounds)
    finally:
        shutil.rmtree(root)
    report("first scan, hashed", firsts, 1.5)
    report("pass right after it", [second], None)
    report("no-change pass", again, 1.5)
    print(beside, flush=True)


def report(name: str, runs: list[list[float]], wanted: float | None) -> None:
    """Print medians; the ratios are medians of each run's own."""
    ours, cpu, floor, floor_cpu, peak = (statistics.median(r[n] for r in runs) for n in range(5))
    ratio = statistics.median(r[0] / r[2] for r in runs)
    cpu_ratio = statistics.median(r[1] / r[3] for r in runs)
    bound = f" (wanted: {wanted})" if wanted else ""
    print(
        f"{name:20} {ours:6.2f} s, floor {floor:.2f} s: {ratio:.2f} times{bound}; CPU {cpu:.2f} s, "
        f"floor {floor_cpu:.2f} s: {cpu_ratio:.2f} times; peak {peak:.0f} MiB (wanted: under 300)",
        flush=True,
    )


def compared_with_rclone(tree: Path, copy: Path, journal: Path, rounds: int) -> str:
    """Let both find that nothing changed, in turn."""
    peers.install()
    subprocess.run(["cp", "--archive", str(tree), str(copy)], check=True)
    rclone = [
        *(str(peers.PEERS / "bin" / "rclone"), "--config", os.devnull),
        *("sync", str(tree), str(copy)),
    ]
    ours = [sys.executable, "-m", "scripts.bench.scanning", "pass", str(tree), str(journal)]
    runs = []
    for _ in range(rounds):
        took, said = ran(ours)
        rcloned, _ = ran(rclone)
        runs.append((rcloned, float(said), took))
    theirs, passed, whole = (statistics.median(run[n] for run in runs) for n in range(3))
    to_pass, to_whole = (statistics.median(run[0] / run[n] for run in runs) for n in (1, 2))
    return (
        f"rclone sync          {theirs:6.2f} s: the pass is {to_pass:.1f} times faster "
        f"(wanted: 3), {passed:.2f} s; a whole process {to_whole:.1f} times, {whole:.2f} s"
    )


def ran(command: Sequence[str]) -> tuple[float, str]:
    """Run a command; return its seconds and what it said."""
    began = time.perf_counter()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - began, said


def step(what: str, tree: Path, journal: Path) -> list[float]:
    command = [sys.executable, "-m", "scripts.bench.scanning", what, str(tree), str(journal)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(n) for n in out.split()]


def plant(tree: Path) -> None:
    for d in range(DIRECTORIES):
        directory = tree / f"{d % 50:02d}" / f"{d:04d}"
        directory.mkdir(parents=True)
        for f in range(FILES):
            (directory / f"{f:03d}.txt").write_text(f"{d} {f}\n" * 20)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds of the clock on the wall, and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def look(tree: str, is_hashing: bool) -> None:
    """The floor: scandir and lstat; with hashing, every file read, hashed and written down too."""
    rows: list[tuple[object, ...]] = []
    stack = [tree]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                    continue
                s = os.lstat(entry.path)
                if is_hashing:
                    with open(entry.path, "rb", buffering=0) as file:
                        digest = hashlib.sha256(file.read()).digest()
                    rows.append((entry.path, s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, digest))
    if is_hashing:
        write(rows)


def write(rows: list[tuple[object, ...]]) -> None:
    """Write the rows in one transaction into a database of no other purpose."""
    with tempfile.TemporaryDirectory(prefix="mydoctransfer-bench-") as directory:
        db = sqlite3.connect(f"{directory}/floor.sqlite")
        db.execute("CREATE TABLE f (path PRIMARY KEY, dev, ino, size, mtime, sha256) WITHOUT ROWID")
        with db:
            db.executemany("INSERT INTO f VALUES (?, ?, ?, ?, ?, ?)", rows)
        db.close()


def pass_over(journal: SqliteJournal, tree: str) -> None:
    """Look at the tree once, by the engine's own schedule, pool and journal."""
    inbox: queue.Queue[Message] = queue.Queue()
    clock = SystemClock()
    tasks = Tasks(Pool(inbox).submit)
    observer = Observer(journal, clock)
    seen = Seen(
        lambda scan: None, lambda outcomes: None, lambda path: True, lambda: None, lambda: False
    )
    disk = FolderDisk(tree)
    auditing = Auditing(disk, journal, observer.reading, tasks, clock, lambda directories: None)
    looking = Looking(disk, tree, observer, tasks, clock, None, seen, auditing)
    looking.turn()
    while tasks.running:
        message = inbox.get()
        assert isinstance(message, Done)
        tasks.done(message.ticket, message.result)
        looking.turn()


def agree(journal: SqliteJournal) -> None:
    """Settle every file as if it had been published."""
    settled = []
    for number, (path, f) in enumerate(journal.differences().local.items()):
        share_id, sha256 = ShareId(f"{number:032x}"), f.sha256 or ""
        document = Document(
            share_id, Person("me@example.org"), True, path, name_of(path), f.stat.size, sha256,
            1, 1, DocumentState.LIVE, 0, 253_402_300_799_000,
        )  # fmt: skip
        synced = Synced(share_id, 1, sha256, f.stat.size, f.stat.dev, f.stat.ino, f.birth_ns)
        settled.append(Settled(path, synced, document, ""))
    journal.settle(settled)


def child(what: str, tree: str, file: str) -> None:
    journal = SqliteJournal(file)
    if what == "agree":
        agree(journal)
        return
    if what == "pass":
        collect_rarely()
        print(timed(lambda: pass_over(journal, tree))[0])
        return
    if what == "first":
        root = FolderDisk(tree).mark("0" * 32)
        assert isinstance(root, Root)
        journal.put(MARKER_KEY, root.marker)
        journal.put(DEVICE_KEY, str(root.dev))
    look(tree, what == "first")  # warm, for both
    collect_rarely()
    before = timed(lambda: look(tree, what == "first"))
    ours = timed(lambda: pass_over(journal, tree))
    after = timed(lambda: look(tree, what == "first"))
    floor = [(one + other) / 2 for one, other in zip(before, after, strict=True)]
    print(*ours, *floor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        child(*sys.argv[1:])
    else:
        main(int(os.environ.get("ROUNDS", "3")))
