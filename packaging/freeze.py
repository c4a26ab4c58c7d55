"""Builds the desktop application as one directory that needs no Python: `freeze.py OUT`.

The wheel is built first and unpacked, so that what is frozen is what is released, mark included.
The result is `OUT/mydoctransfer/`, with the program `mydoctransfer` in it.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def build_wheel(directory: Path) -> Path:
    """Build the wheel of this checkout into `directory`."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.DEVNULL)
    return max(directory.glob("*.whl"), key=lambda path: path.stat().st_mtime)


def freeze(out: Path) -> Path:
    """Build the program under `out`; the path of its executable."""
    stage = out / "stage"
    with zipfile.ZipFile(build_wheel(out / "wheel")) as wheel:
        wheel.extractall(stage)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", str(out), "--workpath", str(out / "work")]
    spec = [str(HERE / "mydoctransfer.spec"), "--", str(stage)]
    subprocess.run([*command, *places, *spec], check=True)
    return out / "mydoctransfer" / "mydoctransfer"


if __name__ == "__main__":
    print(freeze(Path(sys.argv[1]).resolve()))
