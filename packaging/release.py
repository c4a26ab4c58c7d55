"""Builds what is published: `release.py OUT [PART…]`, the parts being `wheel` and `frozen`.

    OUT/releases/VERSION/    the installers of one version, which never change again
    OUT/feed/latest.json     which version is the latest, with size and SHA-256 of each file

The tree is laid out as it is published; see publish.py. Without parts, all are built.
"""

import hashlib
import json
import platform
import shutil
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from freeze import build_wheel, freeze

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def release(out: Path, parts: list[str]) -> Path:
    """Build the parts into `out`, from nothing; return the feed."""
    version = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["version"]
    shutil.rmtree(out, ignore_errors=True)
    directory = out / "releases" / version
    directory.mkdir(parents=True)
    builders = {"wheel": _wheel, "frozen": _frozen}
    files = [builders[part](directory, version) for part in parts or builders]
    feed = out / "feed" / "latest.json"
    feed.parent.mkdir()
    announced = {"schema": 1, "version": version, "files": [_entry(out, *file) for file in files]}
    feed.write_text(json.dumps(announced, indent=2) + "\n", "utf-8")
    return feed


def _wheel(directory: Path, _: str) -> tuple[Path, str]:
    return build_wheel(directory), "any"


def _frozen(directory: Path, version: str) -> tuple[Path, str]:
    system = f"{platform.system().lower()}-{platform.machine().lower()}"
    file = directory / f"mydoctransfer-{version}-{system}.tar.xz"
    with tempfile.TemporaryDirectory() as work:
        program = freeze(Path(work))
        with tarfile.open(file, "w:xz", preset=6) as archive:
            archive.add(program.parent, program.parent.name, filter=_without_the_builder)
    return file, system


def _without_the_builder(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing in an archive tells who built it, or when."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def _entry(out: Path, file: Path, system: str) -> dict[str, object]:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    path = file.relative_to(out).as_posix()
    return {"path": path, "platform": system, "size": file.stat().st_size, "sha256": digest}


if __name__ == "__main__":
    print(release(Path(sys.argv[1]).resolve(), sys.argv[2:]))
