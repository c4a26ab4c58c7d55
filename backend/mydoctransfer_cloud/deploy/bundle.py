"""What is deployed: two templates and the functions' code, named by what they are made of.

Equal sources give an equal digest, hence equal template bytes and an equal code key, hence a
deployment that changes nothing. A bundle already in the cache directory is not made again.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from mydoctransfer_cloud.deploy.sources import backend_dir
from mydoctransfer_cloud.errors import CloudError

_PARTS = (
    ".chalice/config.json",
    "app.py",
    "requirements.txt",
    "chalicelib",
    "infrastructure/api.yaml",
    "infrastructure/data.yaml",
)
_FILES = ("api.json", "data.json", "code.zip")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A packaged back-end.

    Attributes:
        digest: hex SHA-256 of everything the bundle was made of.
        directory: holds the files below; belongs to the cache.
    """

    digest: str
    directory: Path

    @property
    def data_template(self) -> str:
        """CloudFormation JSON of the stack that keeps people and documents."""
        return (self.directory / "data.json").read_text(encoding="utf-8")

    @property
    def api_template(self) -> str:
        """CloudFormation JSON of the stack with the API and its triggers."""
        return (self.directory / "api.json").read_text(encoding="utf-8")

    @property
    def code(self) -> bytes:
        """The Lambda bundle, a zip."""
        return (self.directory / "code.zip").read_bytes()


def build(cache: Path, backend: Path | None = None) -> Bundle:
    """Return the bundle of `backend` (default: the installed one), made if the cache lacks it.

    Raises:
        CloudError: the back-end's sources could not be packaged.
    """
    source = backend or backend_dir()
    bundle = Bundle(_digest(source), cache / _digest(source)[:24])
    if all((bundle.directory / name).is_file() for name in _FILES):
        return bundle
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="making-") as work:
        _package(source, Path(work))
        shutil.rmtree(bundle.directory, ignore_errors=True)
        (Path(work) / "out").rename(bundle.directory)
    return bundle


def _digest(source: Path) -> str:
    digest = hashlib.sha256()
    for name in ("chalice", "aws-sam-translator"):
        digest.update(f"{name} {version(name)}\n".encode())
    for root, path in [*_sources(source), *_own_code()]:
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(source: Path) -> list[tuple[Path, Path]]:
    files = []
    for part in (*_PARTS, "vendor"):
        top = source / part
        files += [top] if top.is_file() else [p for p in top.rglob("*") if p.is_file()]
    return [(source, path) for path in sorted(files) if "__pycache__" not in path.parts]


def _own_code() -> list[tuple[Path, Path]]:
    """The code that turns sources into templates: another version makes another bundle."""
    here = Path(__file__).parent
    return [(here, here / name) for name in ("generator.py", "package.py")]


def _package(source: Path, work: Path) -> None:
    for root, path in _sources(source):
        copy = work / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    command = [sys.executable, "-m", "mydoctransfer_cloud.deploy.package", str(work)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CloudError(
            "The back-end cannot be packaged",
            f"Packaging the back-end failed: {_last_line(done.stderr)}",
        )


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason was given"
