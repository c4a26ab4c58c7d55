"""The wheel, installed where there is no checkout, is the whole product."""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(1800)  # the first test waits for the building, too

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = directory.glob("*.whl")
    return built


class Installation:
    """The wheel in an environment of its own, outside the checkout."""

    def __init__(self, place: Path, wheel: Path) -> None:
        self.place = place
        venv.create(place / "venv", with_pip=True)
        constraints = place / "constraints.txt"
        lock = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
        constraints.write_text(re.sub(r" \\\n +--hash=\S+", "", lock), "utf-8")
        pip = [str(place / "venv/bin/python"), "-m", "pip", "install", "--quiet"]
        wanted = ["--constraint", str(constraints), f"{wheel}[local]"]
        done = subprocess.run([*pip, *wanted], cwd=place, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def command(self, *arguments: str | Path) -> list[str]:
        program = str(self.place / "venv/bin/mydoctransfer")
        return [program, "--json", "--home", str(self.place / "home"), *map(str, arguments)]

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.place), "LANG": "C.UTF-8"}

    def run(self, *arguments: str | Path, input: str = "") -> Any:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.place,
            env=self.environment,
            input=input,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("elsewhere"), wheel)


@pytest.fixture(scope="module")
def connection(installed: Installation) -> Iterator[Path]:
    """The connection file of a local cloud started by the installed program."""
    with (installed.place / "cloud.log").open("w") as log:
        cloud = subprocess.Popen(
            installed.command("local", "up"),
            cwd=installed.place,
            env=installed.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert cloud.stdout is not None
    with cloud:
        try:
            line = cloud.stdout.readline()
            assert line, (installed.place / "cloud.log").read_text()
            yield Path(json.loads(line)["connection"])
        finally:
            cloud.terminate()
            cloud.communicate()


def test_a_wheel_carries_back_end_resources_and_the_release_mark(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "mydoctransfer/_release.py" in names
    assert "mydoctransfer/_resources/icons/application.svg" in names
    assert "mydoctransfer/_backend/app.py" in names
    assert "mydoctransfer/_backend/.chalice/config.json" in names
    assert "mydoctransfer_contract/codec.py" in names
    assert not [name for name in names if name.endswith((".pyc", ".orig", "~"))]


def test_a_checkout_has_no_release_mark() -> None:
    assert not (ROOT / "desktop/mydoctransfer/_release.py").exists()


def test_nothing_of_the_checkout_is_imported(installed: Installation) -> None:
    code = (
        "import mydoctransfer, mydoctransfer_cloud, mydoctransfer_contract as c; print(c.__file__)"
    )
    python = installed.place / "venv/bin/python"
    done = subprocess.run(
        [python, "-c", code],
        cwd=installed.place,
        env=installed.environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith(str(installed.place)), done.stderr


def test_the_installed_program_brings_up_a_cloud_and_publishes_into_it(
    installed: Installation, connection: Path
) -> None:
    installed.run(
        *("local", "add-user", "ada@example.org", "--given-name", "Ada"),
        *("--family-name", "Byron", "--password-stdin"),
        input=PASSWORD,
    )
    installed.run("connect", connection)
    installed.run(
        *("login", "ada@example.org", "--password-stdin", "--store", "file"), input=PASSWORD
    )
    folder = installed.place / "folder"
    folder.mkdir()
    (folder / "plan.txt").write_text("the plan")
    installed.run("folder", folder)
    assert installed.run("sync", "--once")["uploaded"] == 1
    (document,) = installed.run("ls")["documents"]
    assert (document["path"], document["state"]) == ("plan.txt", "live")
