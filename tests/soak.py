"""`make soak MINUTES=n`: the simulation on fresh seeds beside real kills of the real program.

One process plays seeds that nobody played before. This one agitates a folder while `sync` works on
it against the local cloud, kills it with SIGKILL at any moment, and looks, every so many kills and
at the end, whether what is in the cloud is what lies in the folder. It prints runs, seeds, kills
and violations; the exit code is 1 when there was a violation.

At the end of an hour and more, the API is told 50,000 things beside the point; `--fuzz` says how
many of them in less, 0 being none.
"""

import argparse
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

from tests.simulation.coverage import report
from tests.simulation.schedule import make
from tests.simulation.shrink import failure_of
from tests.support.cloud import Cloud
from tests.support.devices import Device

KILLS_A_CHECK = 25
FUZZ_FROM_MINUTES = 60
FUZZ_CASES = 50_000
FUZZ_TIMEOUT = 3600  # seconds for one of its tests, which is one route
NAMES = [f"{top}{n}.bin" for top in ("", "d/", "d/e/", "caf\u00e9 ") for n in range(6)]
SIZES = (0, 12, 4096, 300_000, 9 << 20)  # the last one goes in parts


def play(first: int, minutes: float) -> int:
    """Play seeds from `first` until the time is over; return 1 when one of them failed."""
    end, seed, bad = time.monotonic() + minutes * 60, first, 0
    covered: Counter[tuple[str, str]] = Counter()
    while time.monotonic() < end:
        with redirect_stdout(io.StringIO()):  # what the functions log
            failure, world = failure_of(make(seed))
        covered.update(world.covered if world else {})
        if failure:
            bad += 1
            print(f"seed {seed}: {failure[:300]}", flush=True)
        seed += 1
    print(f"simulation: {seed - first} runs, seeds {first} to {seed - 1}, {bad} violations")
    print(*report(covered.items()), sep="\n")
    return 1 if bad else 0


class Soak:
    """A device whose program is killed over and over."""

    def __init__(self, device: Device, cloud: Cloud, seed: int) -> None:
        self.device, self.cloud = device, cloud
        self.draw = random.Random(seed)
        self.kills = self.checks = self.compared = 0
        self.violations: list[str] = []

    def agitate(self) -> None:
        """Change one thing in the folder, as a person or a program would."""
        path = self.device.folder / self.draw.choice(NAMES)
        other = self.device.folder / self.draw.choice(NAMES)
        path.parent.mkdir(parents=True, exist_ok=True)
        other.parent.mkdir(parents=True, exist_ok=True)
        match self.draw.choice(("write", "write", "write", "append", "rename", "save", "delete")):
            case "rename" if path.exists():
                path.rename(other)
            case "append" if path.exists():
                with path.open("ab") as out:
                    out.write(os.urandom(100))
            case "save":
                beside = path.with_name(path.name + "~")
                beside.write_bytes(os.urandom(self.draw.choice(SIZES)))
                beside.rename(path)
            case "delete":
                path.unlink(missing_ok=True)
            case _:
                path.write_bytes(os.urandom(self.draw.choice(SIZES)))

    def kill_once(self) -> None:
        """Start `sync`, change things beside it, and kill it at any moment."""
        process = subprocess.Popen(
            self.device.argv("sync"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.device.root,
            env=os.environ | {"MYDOCTRANSFER_TEST_DELETE_GRACE": "0"},
        )
        end = time.monotonic() + self.draw.uniform(0.1, 5.0)
        while time.monotonic() < end:
            self.agitate()
            time.sleep(self.draw.uniform(0.05, 0.8))
        if process.poll() is not None:
            self.violations.append(f"sync ended by itself with {process.returncode}")
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.kills += 1

    def check(self) -> None:
        """Let it work in peace, and compare the cloud with the folder."""
        self.checks += 1
        time.sleep(3)  # the quiet period of what was written last
        for _ in range(3):  # a withdrawal takes two looks, and many of them a question
            ran = self.device.run("sync", "--once", "--delete-grace", "0")
            if ran.json.get("error", {}).get("code") == "deletes_held":
                self.device.ok("deletes", "--confirm")
            elif ran.code != 0:
                self.violations.append(f"sync --once: {ran.code} {ran.stderr[-300:]}")
        files = {
            str(path.relative_to(self.device.folder)): _sha256(path)
            for path in self.device.folder.rglob("*")
            if path.is_file() and path.name in {Path(name).name for name in NAMES}
        }
        listed = self.device.ok("ls")["documents"]
        self.compared += len(files)
        documents = {found["path"]: found["sha256"] for found in listed}
        for path in sorted(files.keys() | documents.keys()):
            if files.get(path) != documents.get(path):
                self.violations.append(
                    f"{path}: here {files.get(path)}, in the cloud {documents.get(path)}"
                )
        if len(listed) != len(documents):
            self.violations.append(f"{len(listed)} documents at {len(documents)} paths")

    def check_uploads(self) -> None:
        """Nothing unfinished is left in any bucket (I16), but what was killed before it was told
        the upload's id: that one has no part, and the bucket's lifecycle ends it after a day."""
        s3 = self.cloud.boto3_client("s3")
        for bucket in s3.list_buckets()["Buckets"]:
            for left in s3.list_multipart_uploads(Bucket=bucket["Name"]).get("Uploads", ()):
                place = {"Bucket": bucket["Name"], "Key": left["Key"], "UploadId": left["UploadId"]}
                if s3.list_parts(**place).get("Parts"):
                    self.violations.append(f"an unfinished upload: {left['Key']}")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fuzz(cases: int) -> int:
    """Tell the API so many things; return the exit code."""
    began = time.monotonic()
    words = [sys.executable, "-m", "pytest", "-q", f"--timeout={FUZZ_TIMEOUT}"]
    many = os.environ | {"MYDOCTRANSFER_FUZZ_CASES": str(cases)}
    code = subprocess.run([*words, "tests/backend/test_fuzz.py"], env=many, check=False).returncode
    print(f"fuzz: {cases} cases in {time.monotonic() - began:.0f} s, exit code {code}")
    return code


def soak(minutes: float, first: int, cases: int) -> int:
    """Run everything; return the exit code."""
    end = time.monotonic() + minutes * 60
    words = [sys.executable, "-m", "tests.soak", "--play", str(first), "--minutes", str(minutes)]
    simulation = subprocess.Popen(words)
    with tempfile.TemporaryDirectory() as home:
        cloud = Cloud(Path(home) / "cloud")
        cloud.start()
        device = Device(Path(home) / "device").sign_in(cloud, cloud.person())
        run = Soak(device, cloud, first)
        while time.monotonic() < end:
            run.kill_once()
            if run.kills % KILLS_A_CHECK == 0:
                run.check()
        run.check()
        run.check_uploads()
        cloud.stop()
    code = simulation.wait()
    if cases:
        code |= fuzz(cases)
    print(*run.violations, sep="\n")
    print(
        f"real program: {run.kills} kills, {run.checks} checks of {run.compared} files, "
        f"{len(run.violations)} violations"
    )
    return 1 if code or run.violations else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--first", type=int, default=int(time.time()))
    parser.add_argument("--play", type=int, help="only the simulation, from this seed")
    parser.add_argument("--fuzz", type=int, metavar="CASES", help="what the API is told at the end")
    asked = parser.parse_args()
    if asked.play is not None:
        return play(asked.play, asked.minutes)
    print(f"seeds from {asked.first}", flush=True)
    usual = FUZZ_CASES if asked.minutes >= FUZZ_FROM_MINUTES else 0
    return soak(asked.minutes, asked.first, usual if asked.fuzz is None else asked.fuzz)


if __name__ == "__main__":
    sys.exit(main())
