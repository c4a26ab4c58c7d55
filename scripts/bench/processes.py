"""What a running process costs, as Linux counts it."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def cpu_seconds(process: int) -> float:
    """CPU seconds of a process so far, its threads included (to a hundredth)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB a process holds now.

    Attributes:
        resident: with the libraries it shares with other programs.
        share: each page of them counted only in part, by how many have it.
    """

    resident: float
    share: float


def memory(process: int) -> Memory:
    """What a process holds now."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    kib = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return Memory(kib["Rss"] / 1024, kib["Pss"] / 1024)
