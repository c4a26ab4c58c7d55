"""The application that needs no Python starts on a desktop and does the main job."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cloud import Cloud
from tests.support.desktop import DesktopSession
from tests.support.reaper import descendants
from tests.support.waiting import wait_for
from tests.support.window import APPLICATION, sign_in, use_folder, wait_for_row

pytestmark = pytest.mark.timeout(1800)  # the first test waits for the building, too

ROOT = Path(__file__).parents[2]
FREEZE = ROOT / "packaging" / "freeze.py"
MIB = 1 << 20


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("frozen")
    done = subprocess.run([sys.executable, FREEZE, out], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[-1])


def test_the_frozen_application_publishes_a_file_from_its_window(
    program: Path, session: DesktopSession, cloud: Cloud, tmp_path: Path
) -> None:
    person = cloud.person("Frida", "Frost")
    connection = cloud.data_dir / "connection.json"
    session.run(program, "--home", tmp_path / "home", "connect", connection)
    started = session.launch(program, "--home", tmp_path / "home")
    app = session.application(APPLICATION)
    sign_in(app, person.email, person.password)
    use_folder(app, tmp_path / "folder")
    app.find(id="documents-table", timeout=60)
    (tmp_path / "folder" / "plan.txt").write_text("the plan")
    wait_for_row(app, "plan.txt")
    session.wait_for_notification("plan.txt")
    assert started.is_running(), started.stderr
    (document,) = cloud.call("GET", "/docs", person.token).json["documents"]
    assert document["path"] == "plan.txt"


def test_the_frozen_program_sends_many_small_files_through_processes_of_its_own(
    program: Path, cloud: Cloud, tmp_path: Path
) -> None:
    """A program without Python starts itself for them. One that died would be in the log."""
    person, home, folder = cloud.person(), tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    for n in range(300):
        (folder / f"{n}.bin").write_bytes(os.urandom(16 * 1024))
    with_home = [str(program), "--home", str(home), "--json"]
    for arguments, said in (
        (["connect", str(cloud.data_dir / "connection.json")], ""),
        (["login", person.email, "--store", "file", "--password-stdin"], person.password),
        (["folder", str(folder)], ""),
    ):
        subprocess.run([*with_home, *arguments], input=said, text=True, check=True, timeout=60)
    with subprocess.Popen([*with_home, "sync", "--once"], stdout=subprocess.PIPE) as syncing:
        seen: set[int] = set()

        def are_two() -> bool:
            seen.update(sending_processes(syncing.pid))
            return len(seen) >= 2

        wait_for(are_two)
        answer, _ = syncing.communicate(timeout=120)
    assert json.loads(answer)["uploaded"] == 300
    log = home / "state" / "log" / "mydoctransfer.log"
    assert not log.exists(), log.read_text()


def sending_processes(parent: int) -> list[int]:
    """Processes that multiprocessing has started below this one, by what they are told to be."""
    found = []
    for process in descendants(parent):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            told = Path(f"/proc/{process}/cmdline").read_bytes()
            found += [process] * (b"--multiprocessing-fork" in told)
    return found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Somebody else's directory, with modules of our modules' names and a pipe nobody feeds."""
    foreign = tmp_path / "elsewhere"
    (foreign / "platforms").mkdir(parents=True)
    for name in ("sitecustomize", "usercustomize", "json", "argparse", "mydoctransfer"):
        (foreign / f"{name}.py").write_text(f"open({str(foreign / 'loaded')!r}, 'w').close()")
    os.mkfifo(foreign / "openssl.cnf")
    return foreign


def test_the_frozen_program_runs_no_code_from_elsewhere(
    program: Path, elsewhere: Path, cloud: Cloud, tmp_path: Path
) -> None:
    """T76: neither from the current directory nor from where a variable says."""
    connection = str(cloud.data_dir / "connection.json")
    variables = {
        **{name: str(elsewhere) for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE")},
        "PYTHONSTARTUP": str(elsewhere / "json.py"),
        # Whoever reads this waits for ever.
        "OPENSSL_CONF": str(elsewhere / "openssl.cnf"),
    }
    done = subprocess.run(
        [program, "--home", tmp_path / "home", "connect", connection],
        cwd=elsewhere,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (elsewhere / "loaded").exists()


def test_the_frozen_application_looks_for_plug_ins_among_its_own_only(
    program: Path, elsewhere: Path, tmp_path: Path
) -> None:
    """T76: Qt says where it looks; a platform that is nowhere ends the program at once."""
    variables = {
        "QT_DEBUG_PLUGINS": "1",
        "QT_QPA_PLATFORM": "nowhere",
        "QT_PLUGIN_PATH": str(elsewhere),
        "QT_QPA_PLATFORM_PLUGIN_PATH": str(elsewhere / "platforms"),
    }
    done = subprocess.run(
        [program, "--home", tmp_path / "home"],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
    )
    looked = re.findall(r'checking directory path "(.*?)"', done.stderr)
    assert looked
    assert all(Path(path).is_relative_to(program.parent) for path in looked), looked


def test_the_frozen_application_leaves_out_what_it_does_not_use(program: Path) -> None:
    inside = program.parent / "_internal"
    services = {path.name for path in (inside / "botocore" / "data").iterdir() if path.is_dir()}
    assert services == {"cognito-idp", "s3", "sts"}
    names = {path.name for path in inside.rglob("*")}
    assert not [name for name in names if name.startswith(("libQt6Qml", "libQt6Quick", "libgtk"))]
    assert "libqwayland.so" in names or "libqwayland-generic.so" in names
    assert "mydoctransfer_cloud" not in names
    assert sum(path.lstat().st_size for path in inside.rglob("*")) < 200 * MIB
