"""Uploads into the local cloud, next to boto3 on the same cloud: rates, ratios, peak memory.

The floor writes under the bucket's trigger prefix with root credentials, so that both sides set
off the same trigger; what nobody registered is removed by it, as always. Rounds are interleaved.
Draining the events is in neither time; a run that sends one file is subtracted from ours.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.support.cloud import Cloud, Person

SMALL_FILES, SMALL_SIZE, LARGE_SIZE = 2_000, 16 * 1024, 1024**3
THREADS = 16


class Device:
    """One installation with a folder, driven by the command line."""

    def __init__(self, root: Path, cloud: Cloud, person: Person) -> None:
        self.home, self.folder = root / "home", root / "folder"
        self.folder.mkdir(parents=True)
        self._tell("connect", str(cloud.connection_file))
        password = ["--store", "file", "--password-stdin"]
        self._tell("login", person.email, *password, stdin=person.password)
        self._tell("folder", str(self.folder))

    def sync(self) -> tuple[float, int]:
        """Run `sync --once`; seconds it took, and peak MiB."""
        began = time.perf_counter()
        command = ["/usr/bin/time", "-f", "peak %M", *self._command(), "sync", "--once"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        took = time.perf_counter() - began
        if done.returncode != 0:
            raise SystemExit(f"sync --once failed: {done.stderr}")
        peak = re.search(r"peak (\d+)", done.stderr)
        assert peak is not None
        return took, int(peak[1]) // 1024

    def rest(self) -> float:
        """Seconds a run takes that sends one file: start, sign-in, scan, the quiet period."""
        (self.folder / "one.txt").write_text("one")
        return self.sync()[0]

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "mydoctransfer", "--home", str(self.home), "--json"]

    def _tell(self, *arguments: str, stdin: str = "") -> Any:
        done = subprocess.run(
            [*self._command(), *arguments], input=stdin, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)


def small_files(cloud: Cloud, root: Path, rounds: int) -> None:
    """2,000 files of 16 KiB: the product against `put_object` in 16 threads."""
    client = cloud.boto3_client("s3")
    bucket = bucket_of(client)
    device = Device(root / "small", cloud, cloud.person())
    rest = device.rest()
    ours: list[float] = []
    floor: list[float] = []
    peaks: list[int] = []
    for round_ in range(rounds):
        drain()
        floor.append(put_loop(client, bucket, round_))
        drain()
        fill(device.folder / f"round{round_}", SMALL_FILES, SMALL_SIZE)
        took, peak = device.sync()
        ours.append(took - rest)
        peaks.append(peak)
        print(f"  round {round_}: floor {floor[-1]:.1f} s, ours {ours[-1]:.1f} s", flush=True)
    f, o = statistics.median(floor), statistics.median(ours)
    print(f"boto3 put_object, {THREADS} threads   {SMALL_FILES / f:8.0f} files/s")
    print(f"mydoctransfer                   {SMALL_FILES / o:8.0f} files/s (API calls included)")
    print(f"  rate relative to boto3: {f / o:.2f} (wanted: at least 0.8), peak {max(peaks)} MiB")
    drained = drain()
    print(f"  until the last event is handled: {SMALL_FILES / (o + drained):.0f} documents/s")


def large_file(cloud: Cloud, root: Path, rounds: int) -> None:
    """One file of 1 GiB: the product, hashing included, against `upload_file`."""
    client = cloud.boto3_client("s3")
    bucket = bucket_of(client)
    device = Device(root / "large", cloud, cloud.person())
    rest = device.rest()
    ours: list[float] = []
    floor: list[float] = []
    peaks: list[int] = []
    path = device.folder / "large.bin"
    for round_ in range(rounds):
        with path.open("wb") as out:
            for _ in range(LARGE_SIZE // (1 << 20)):
                out.write(os.urandom(1 << 20))
        began = time.perf_counter()
        client.upload_file(str(path), bucket, f"incoming/bench/{round_}/large")
        floor.append(time.perf_counter() - began)
        drain()
        took, peak = device.sync()
        ours.append(took - rest)
        peaks.append(peak)
        print(f"  round {round_}: floor {floor[-1]:.1f} s, ours {ours[-1]:.1f} s", flush=True)
    f, o = statistics.median(floor), statistics.median(ours)
    mib = LARGE_SIZE / (1 << 20)
    print(f"boto3 upload_file               {mib / f:8.0f} MiB/s")
    print(f"mydoctransfer, with SHA-256     {mib / o:8.0f} MiB/s")
    print(
        f"  rate relative to boto3: {f / o:.2f} (wanted: at least 1), peak {max(peaks)} MiB (200)"
    )


def put_loop(client: Any, bucket: str, round_: int) -> float:
    body = os.urandom(SMALL_SIZE)

    def put(number: int) -> None:
        client.put_object(Bucket=bucket, Key=f"incoming/bench/{round_}/{number}", Body=body)

    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(put, range(SMALL_FILES)))
    return time.perf_counter() - began


def fill(directory: Path, count: int, size: int) -> None:
    directory.mkdir()
    for number in range(count):
        (directory / f"{number:05d}.bin").write_bytes(os.urandom(size))


def bucket_of(client: Any) -> str:
    names: list[str] = [b["Name"] for b in client.list_buckets()["Buckets"]]
    return next(name for name in names if "data-bucket" in name)


def drain() -> float:
    """Wait until the trigger has handled what arrived: the emulator is idle; seconds it took."""
    began = time.perf_counter()
    quiet_since = began
    last = used()
    while time.perf_counter() - quiet_since < 1.0:
        time.sleep(0.1)
        now = used()
        if now - last > 0.02:
            quiet_since = time.perf_counter()
        last = now
    return quiet_since - began


def used() -> float:
    """CPU seconds of this process's descendants: the emulator and its functions."""
    listing = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,cputimes="], capture_output=True, text=True, check=True
    ).stdout
    parents = {int(p): (int(pp), float(t)) for p, pp, t in map(str.split, listing.splitlines())}
    ours = {os.getpid()}
    while more := {p for p, (pp, _) in parents.items() if pp in ours} - ours:
        ours |= more
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for pid in ours - {os.getpid()}:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def main(rounds: int, which: str) -> None:
    """Print both comparisons."""
    root = Path(tempfile.mkdtemp(prefix="mydoctransfer-bench-"))
    cloud = Cloud(root / "cloud")
    cloud.start()
    try:
        if which in ("", "small"):
            small_files(cloud, root, rounds)
        if which in ("", "large"):
            large_file(cloud, root, rounds)
    finally:
        cloud.stop()
        shutil.rmtree(root)


if __name__ == "__main__":
    main(int(os.environ.get("ROUNDS", "3")), *(sys.argv[1:] or [""]))
