"""`make run`: the whole product on this machine, from the cloud to the window.

Starts the local cloud, makes two demo accounts, connects, and opens the desktop application at the
sign-in. Everything it keeps lies in one directory (`.demo` in the checkout, or `--data DIR`), so a
second run finds accounts, documents and files again. On a machine without a screen it does the same
on a virtual one: signs the sender in, drops a file into the folder, waits until it is published and
saves a screenshot. It ends with every process it started, whether by Ctrl-C, by Quit or by a kill.
"""

import argparse
import dataclasses
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from tests.support import reaper
from tests.support.a11y import NotThere
from tests.support.desktop import DesktopSession
from tests.support.waiting import poll, wait_for
from tests.support.window import APPLICATION, sign_in, use_folder, wait_for_row

CHECKOUT = Path(__file__).parents[1]
SENDER, RECIPIENT = "sender@example.org", "recipient@example.org"
NAMES = {SENDER: ("Sam", "Sender"), RECIPIENT: ("Robin", "Recipient")}


@dataclasses.dataclass(frozen=True, slots=True)
class Places:
    """Where the demo keeps its things."""

    root: Path

    @property
    def cloud(self) -> Path:
        return self.root / "cloud"

    @property
    def accounts(self) -> Path:
        """Addresses and passwords, JSON, mode 0600."""
        return self.root / "accounts.json"

    @property
    def folder(self) -> Path:
        """What the sender shares from, on a machine without a screen."""
        return self.root / "folder"

    @property
    def screenshot(self) -> Path:
        return self.root / "screenshot.png"

    @property
    def log(self) -> Path:
        return self.root / "demo.log"

    def home(self, email: str) -> Path:
        """One installation a person, so that both work on one machine."""
        return self.root / email.partition("@")[0]


class Processes:
    """The processes of one run; ends them all, and what they started, when it ends or is killed."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._mark = uuid.uuid4().hex
        self._environment = {**environment, reaper.MARK: self._mark}
        self._log = log
        self._started: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        self._guard = subprocess.Popen(
            [sys.executable, reaper.__file__, self._mark],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What the cloud runs functions in has an environment of its own, and ends soon after it.
        below = [pid for process in self._started for pid in reaper.descendants(process.pid)]
        for process in reversed(self._started):
            process.terminate()
            poll(lambda: process.poll() is not None, 20.0)  # noqa: B023 - called at once
        reaper.reap(self._mark)
        poll(lambda: not any(Path(f"/proc/{pid}").exists() for pid in below), 5.0)
        self._guard.communicate()

    def start(self, *arguments: str | Path, **options: Any) -> "subprocess.Popen[str]":
        """Start the product in the background; what it says on stderr goes to the log."""
        with self._log.open("a") as log:
            process = subprocess.Popen(
                _product(arguments),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is for us, who end the others in order
                **options,
            )
        self._started.append(process)
        return process

    def run(self, *arguments: str | Path, input: str = "") -> dict[str, Any]:
        """Run one command of the product; its answer. Raises `SystemExit` with what it said."""
        done = subprocess.run(
            _product(["--json", *arguments]),
            env=self._environment,
            input=input,
            capture_output=True,
            text=True,
            start_new_session=True,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise SystemExit(f"`{shlex.join(map(str, arguments))}` failed: {said}")
        return dict(json.loads(done.stdout or "{}"))


def main() -> int:
    options = _options()
    places = Places(options.data.absolute())
    places.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's `&` has had the first one ignored
        signal.signal(number, _interrupt)
    screen: AbstractContextManager[DesktopSession | None] = (
        nullcontext() if _has_screen() else DesktopSession()
    )
    try:
        with screen as session:
            around = session.environment if session else os.environ
            environment = {**around, "MYDOCTRANSFER_EMAIL": SENDER}  # the sign-in proposes it
            with Processes(environment, places.log) as processes:
                _bring_up(places, processes)
                if session is None:
                    return _show(places, processes)
                try:
                    _demonstrate(places, processes, session)
                except (NotThere, TimeoutError) as exc:
                    session.screenshot(places.screenshot)
                    raise SystemExit(f"{exc}\n{places.screenshot} shows how far it came.") from exc
                if not options.once and sys.stdin.isatty():
                    print("It goes on running on the virtual screen. Ctrl-C stops everything.")
                    signal.pause()
                return 0
    except KeyboardInterrupt:
        print("\nStopped. Everything is kept for the next `make run`.")
        return 0


def _bring_up(places: Places, processes: Processes) -> None:
    """Cloud, accounts, connection: after this, only the window is missing."""
    print(
        "Starting the local cloud"
        + ("" if places.cloud.exists() else " (the first time, it is built)")
    )
    connection = _start_cloud(places, processes)
    _make_accounts(places, processes)
    for email in NAMES:
        processes.run("--home", places.home(email), "connect", connection)


def _start_cloud(places: Places, processes: Processes) -> Path:
    arguments = ("--home", places.home(SENDER), "local", "up", "--data-dir", places.cloud)
    cloud = processes.start("--json", *arguments, stdout=subprocess.PIPE)
    assert cloud.stdout is not None
    for line in cloud.stdout:
        said = json.loads(line)
        if said.get("ready"):
            print(f"The local cloud is up: {said['api_url']}")
            return Path(said["connection"])
        if "error" in said:
            raise SystemExit(f"The local cloud did not start: {said['error']['message']}")
    raise SystemExit(f"The local cloud did not start; {places.log} says why.")


def _make_accounts(places: Places, processes: Processes) -> None:
    """Two people; their passwords are made once, printed once, and kept for the next run."""
    is_new = not places.accounts.exists()
    if is_new:
        _write_private(places.accounts, {email: secrets.token_urlsafe(12) for email in NAMES})
    for email, password in _passwords(places).items():
        given, family = NAMES[email]
        processes.run(
            *("local", "add-user", email, "--given-name", given, "--family-name", family),
            *("--password-stdin", "--data-dir", places.cloud),
            input=f"{password}\n",
        )
    if is_new:
        print(
            f"Two demo accounts; their passwords are shown this once and kept in {places.accounts}:"
        )
        for email, password in _passwords(places).items():
            print(f"  {email:24} {password}")


def _show(places: Places, processes: Processes) -> int:
    """Open the window on the person's own screen, until they quit."""
    print(f"Opening the window. Data: {places.root}. Ctrl-C here stops everything and keeps it.")
    return processes.start("--home", places.home(SENDER)).wait()


def _demonstrate(places: Places, processes: Processes, session: DesktopSession) -> None:
    """What a person would do first, done on a virtual screen through accessibility."""
    print("There is no screen here, so a virtual one is used.")
    window = processes.start("--home", places.home(SENDER))
    app = session.application(APPLICATION, 60.0)
    app.find(id="sign-in-email").wait(lambda field: field.text == SENDER)
    sign_in(app, SENDER, _passwords(places)[SENDER])
    use_folder(app, places.folder)
    print("Signed in as the sender.")
    sample = _drop_sample(places)
    _wait_until_published(places, processes, sample)
    wait_for_row(app, sample.name)
    if window.poll() is not None:
        raise SystemExit(f"The window ended by itself; {places.log} says why.")
    print(f"Published: {sample}")
    print(f"Screenshot: {session.screenshot(places.screenshot)}")


def _drop_sample(places: Places) -> Path:
    now = datetime.now().astimezone()
    sample = places.folder / f"Sample of {now:%Y-%m-%d %H.%M.%S}.txt"
    sample.write_text(f"Dropped into the folder by `make run` on {now:%c}.\n", "utf-8")
    return sample


def _wait_until_published(places: Places, processes: Processes, sample: Path) -> None:
    def is_live() -> bool:
        listed = processes.run("--home", places.home(SENDER), "ls")
        return any(
            document["path"] == sample.name and document["state"] == "live"
            for document in listed["documents"]
        )

    wait_for(is_live, 120.0, lambda: f"{sample.name} was not published; {places.log} says why.")


def _passwords(places: Places) -> dict[str, str]:
    return dict(json.loads(places.accounts.read_text("utf-8")))


def _write_private(path: Path, value: object) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)


def _product(arguments: Any) -> list[str]:
    return [sys.executable, "-m", "mydoctransfer", *map(str, arguments)]


def _has_screen() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--data", type=Path, default=CHECKOUT / ".demo", help="where everything is kept"
    )
    parser.add_argument(
        "--once", action="store_true", help="without a screen: end after the screenshot"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
