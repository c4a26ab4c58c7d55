"""Ends every process of a desktop session, even when the one that started it was killed.

Runs as a child with a pipe on its standard input: the pipe closes when the session ends or when
its owner dies, however that happens. A process belongs to the session when its environment carries
the session's mark, so that daemons which detached themselves are found as well, and nothing else
on the machine ever is. Directories named after the mark are removed with it.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

MARK = "MYDOCTRANSFER_SESSION_MARK"


def marked(mark: str) -> list[int]:
    """The ids of the running processes whose environment carries `mark`."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        if int(entry.name) == os.getpid():
            continue
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue  # gone meanwhile, or somebody else's
    return found


def descendants(pid: int) -> list[int]:
    """The ids of the running processes below this one."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # pid (name) state ppid …; the name may hold anything, parentheses included
            parents[int(entry.name)] = int(
                (entry / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    below, found = {pid}, list[int]()
    while below := {child for child, parent in parents.items() if parent in below}:
        found += below
    return found


def reap(mark: str, patience: float = 3.0) -> list[int]:
    """Ask the session's processes to end, then make them; returns those that had to be made."""
    _signal(marked(mark), signal.SIGTERM)
    deadline = time.monotonic() + patience
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.02)
    _signal(left, signal.SIGKILL)
    return left


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    reap(sys.argv[1])
    for directory in sys.argv[2:]:
        shutil.rmtree(directory, ignore_errors=True)
