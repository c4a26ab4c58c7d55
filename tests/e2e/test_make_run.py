"""`make run`, as the README promises it: with and without a screen, twice, and stopped."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.desktop import DesktopSession
from tests.support.reaper import descendants
from tests.support.waiting import poll
from tests.support.window import APPLICATION, sign_in, use_folder

ROOT = Path(__file__).parents[2]
SENDER = "sender@example.org"
RUN = (sys.executable, "-m", "scripts.run")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one `make run` after the other keeps."""
    return tmp_path_factory.mktemp("demo") / "data"


def without_a_screen(data: Path) -> str:
    """Run it as CI does, without a terminal; what it printed."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [*RUN, "--data", str(data)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr + (data / "demo.log").read_text()
    assert str(data) not in command_lines(), "something of it is still running"
    return done.stdout


def test_without_a_screen_it_publishes_a_sample_and_shows_it(data: Path) -> None:
    said = without_a_screen(data)
    accounts = json.loads((data / "accounts.json").read_text())
    assert set(accounts) == {SENDER, "recipient@example.org"}
    assert all(password in said for password in accounts.values())
    assert (data / "accounts.json").stat().st_mode & 0o777 == 0o600
    (sample,) = (data / "folder").glob("Sample*.txt")
    assert f"Published: {sample}" in said
    assert f"Screenshot: {data / 'screenshot.png'}" in said
    assert (data / "screenshot.png").read_bytes().startswith(b"\x89PNG")


def test_a_second_run_keeps_everything_and_prints_no_password(data: Path) -> None:
    before = (data / "accounts.json").read_text()
    said = without_a_screen(data)
    assert (data / "accounts.json").read_text() == before
    assert not any(password in said for password in json.loads(before).values())
    assert len(list((data / "folder").glob("Sample*.txt"))) == 2


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_on_a_screen_it_opens_at_the_sign_in_and_stops_with_everything_it_started(
    data: Path, session: DesktopSession, end: signal.Signals
) -> None:
    running = session.launch(*RUN, "--data", data, cwd=ROOT)
    app = session.application(APPLICATION, 60)
    field = app.find(id="sign-in-email")
    field.wait(lambda it: it.text == SENDER)
    started = descendants(running.pid)
    assert len(started) >= 2
    os.kill(running.pid, end)
    assert running.wait(60) == 0
    assert "Traceback" not in running.stderr
    assert poll(lambda: not [pid for pid in started if Path(f"/proc/{pid}").exists()])


def test_killed_outright_it_still_leaves_no_process_behind(
    data: Path, session: DesktopSession
) -> None:
    running = session.launch(*RUN, "--data", data, cwd=ROOT)
    session.application(APPLICATION, 60).find(id="sign-in-email")
    started = descendants(running.pid)
    os.kill(running.pid, signal.SIGKILL)
    assert poll(lambda: not [pid for pid in started if Path(f"/proc/{pid}").exists()])


def test_the_window_leads_the_sender_to_their_documents(
    data: Path, session: DesktopSession
) -> None:
    running = session.launch(*RUN, "--data", data, cwd=ROOT)
    app = session.application(APPLICATION, 60)
    sign_in(app, SENDER, password_of(data, SENDER))
    use_folder(app, data / "folder")
    table = app.find(id="documents-table")
    table.wait(lambda it: it.rows == 2)
    with session.tray_icon("MyDoc Transfer") as icon:
        icon.choose("Quit")
    assert running.wait() == 0


def password_of(data: Path, email: str) -> str:
    return str(json.loads((data / "accounts.json").read_text())[email])


def command_lines() -> str:
    """Those of every process on this machine but this one."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            lines.append((entry / "cmdline").read_bytes().decode("utf-8", "replace"))
    return "\n".join(lines)
