"""A whole desktop session without a screen: X server, bus, window manager, panel with a tray,
notifications, Secret Service and accessibility, all real programs, in directories of their own.

It touches nothing of the person's session: HOME, the XDG directories, the display and the bus are
private, and every process it starts is ended with it, orphans included (see `reaper`). Waiting for
something to become true is done here, by polling against a deadline, so that tests need no sleep.
"""

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tests.support import reaper
from tests.support.a11y import SYSTEM_PYTHON, Accessibility, Application, Element
from tests.support.desktop_files import BUS, DUNST, PANEL
from tests.support.launched import Launched
from tests.support.notifications import Notification, NotificationLog
from tests.support.tray import TrayIcon, tray_icons
from tests.support.waiting import PATIENCE, wait_for

LOGIN_PASSWORD = "the session's own keyring"

_SHELF = Path(__file__).with_name("file_shelf.py")
_BASKET = Path(__file__).with_name("file_basket.py")
_PORTAL = Path(__file__).with_name("settings_portal.py")
_PROGRAMS = (
    "Xvfb",
    "dbus-daemon",
    "openbox",
    "xfce4-panel",
    "dunst",
    "dunstctl",
    "gnome-keyring-daemon",
    "wmctrl",
    "xdotool",
    "import",
)


@dataclass(frozen=True, slots=True)
class Desktop:
    """What kind of desktop to start.

    Attributes:
        locale: the person's language; one written from right to left turns the window round
        size: of the screen, in physical pixels
    """

    tray: bool = True
    notifications: bool = True
    keyring: Literal["unlocked", "locked", "none"] = "unlocked"
    dark: bool = False
    scale: float = 1.0
    locale: str = "C.UTF-8"
    size: tuple[int, int] = (1280, 800)


class DesktopSession:
    """A running session; a context manager.

    Attributes:
        root: directory that holds everything of the session
        home: the session's HOME
        environment: what a program started in the session sees
    """

    def __init__(self, desktop: Desktop | None = None) -> None:
        self.desktop = desktop or Desktop()
        # /tmp, since a socket's path may have 107 bytes and checkouts lie deep.
        self.root = Path(tempfile.mkdtemp(prefix="mdt-", dir="/tmp"))
        self.home = self.root / "home"
        self.environment: dict[str, str] = {}
        self._mark = uuid.uuid4().hex
        self._children: list[subprocess.Popen[bytes]] = []
        self._launched: list[Launched] = []
        self._numbers = itertools.count()
        self._accessibility: Accessibility | None = None
        self._notifications: NotificationLog | None = None

    def __enter__(self) -> Self:
        missing = [program for program in _PROGRAMS if shutil.which(program) is None]
        if missing:
            raise RuntimeError(
                f"The virtual desktop needs {', '.join(missing)}: "
                "packaging/debian-session.txt names the packages, `make test` installs them."
            )
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the session and remove its directories."""
        if self._accessibility is not None:
            self._accessibility.close()
        if self._notifications is not None:
            self._notifications.close()
        reaper.reap(self._mark)
        for child in self._children:
            if child.stdin is not None:
                child.stdin.close()
            child.wait()
        self._guard_end()
        shutil.rmtree(self.root, ignore_errors=True)

    # Programs

    def launch(
        self,
        *argv: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Launched:
        """Start a program in the session, in a process group of its own."""
        number = next(self._numbers)
        stdout, stderr = self.root / f"{number}.out", self.root / f"{number}.err"
        with stdout.open("wb") as out, stderr.open("wb") as err:
            process = subprocess.Popen(
                [str(part) for part in argv],
                env={**self.environment, **(env or {})},
                cwd=cwd or self.home,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        launched = Launched(process, stdout, stderr)
        self._children.append(process)
        self._launched.append(launched)
        return launched

    def run(self, *argv: str | Path, input: str | None = None, timeout: float = 60.0) -> str:
        """Run a program to its end; its standard output, stripped."""
        done = subprocess.run(
            [str(part) for part in argv],
            env=self.environment,
            cwd=self.home,
            input=input or "",
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{argv[0]} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout.strip()

    def stop_launched(self) -> None:
        """End the programs started with `launch`; the desktop itself goes on."""
        for launched in self._launched:
            if launched.is_running():
                launched.kill()
        self._launched.clear()
        if self._accessibility is not None:
            self._accessibility.forget()

    def account(self) -> str:
        """What the launched programs said and what is on screen, for a failed test."""
        parts = [
            f"$ {' '.join(map(str, one.process.args))}\n{one.stdout}{one.stderr}"  # type: ignore[arg-type]
            for one in self._launched
        ]
        parts += [one.tree() for one in self.accessibility.applications()]
        return "\n\n".join(parts)

    def leftovers(self) -> list[str]:
        """The command lines of the session's running processes, for the tests of the rig."""
        lines = []
        for pid in reaper.marked(self._mark):
            with contextlib.suppress(OSError):
                line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
                lines.append(line.decode("utf-8", "replace").strip())
        return lines

    # What a person sees and does

    @property
    def accessibility(self) -> Accessibility:
        if self._accessibility is None:
            self._accessibility = Accessibility(self.environment, self.desktop.scale)
        return self._accessibility

    def application(
        self, name: str, timeout: float = PATIENCE, process: int | None = None
    ) -> Application:
        """The application that calls itself `name`, as a screen reader meets it."""
        return self.accessibility.application(name, timeout, process)

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the whole screen as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.run("import", "-window", "root", f"png:{path}")
        return path

    def set_dark(self, is_dark: bool) -> None:
        """Turn the desktop dark or light while applications run."""
        assert self._portal.stdin is not None
        self._portal.stdin.write(b"dark\n" if is_dark else b"light\n")
        self._portal.stdin.flush()

    def click(self, x: int, y: int, button: int = 1, count: int = 1) -> None:
        self._xdotool("mousemove", x, y, "click", "--repeat", count, "--delay", 60, button)

    def drag(
        self, start: tuple[int, int], end: tuple[int, int], is_welcome: Callable[[], object]
    ) -> None:
        """Press at `start`, wander off in small moves as a hand does, release at `end`."""
        self.pick_up(start)
        self.put_down(end, is_welcome)

    def pick_up(self, start: tuple[int, int]) -> None:
        """Begin to drag what lies there, and hold on to it."""
        self._xdotool("mousemove", *start, "mousedown", 1)
        for step in range(1, 6):
            self._xdotool("mousemove", start[0] + 3 * step, start[1] + 3 * step, "sleep", 0.03)

    def put_down(self, end: tuple[int, int], is_welcome: Callable[[], object]) -> None:
        """Carry what is dragged there, and let go once what lies there shows that it takes it."""
        self._xdotool("mousemove", end[0] - 4, end[1] - 4)
        wait_for(is_welcome, explain=lambda: "what is dragged is not welcome there")
        for x, y in (end, end):
            self._xdotool("mousemove", x, y, "sleep", 0.08)
        self._xdotool("mouseup", 1)

    def drag_files(
        self, paths: Sequence[Path], target: Element, is_welcome: Callable[[], object]
    ) -> None:
        """Drag files from another window and drop them on the middle of `target`."""
        self.launch(sys.executable, _SHELF, *paths)
        label = self.application("file-shelf").find(id="file-shelf")
        self.drag(label.middle, target.middle, is_welcome)

    def open_basket(self, directory: Path) -> Element:
        """Open another window, which copies into a directory what is dropped on it."""
        self.launch(sys.executable, _BASKET, directory)
        return self.application("file-basket").find(id="file-basket")

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", 15, "--", text)

    def key(self, *keys: str) -> None:
        """Press keys by their X names, for instance `key("ctrl+a", "Tab")`."""
        self._xdotool("key", "--delay", 30, *keys)

    def wait_for_window(self, title: str) -> None:
        """Wait until the keyboard belongs to a window whose title contains `title`."""

        def active() -> str:
            with contextlib.suppress(RuntimeError):  # between two windows there is none
                return self.run("xdotool", "getactivewindow", "getwindowname")
            return ""

        wait_for(lambda: title in active(), PATIENCE, lambda: f"active is {active()!r}")

    def close_window(self, title: str) -> None:
        """Close a window as the taskbar does; Alt+F4 was once lost on its way to openbox."""
        self.wait_for_window(title)
        self.run("wmctrl", "-c", ":ACTIVE:")

    def window_titles(self) -> list[str]:
        """The titles of the windows now on screen."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", ""],
            env=self.environment,
            capture_output=True,
            text=True,
        )
        titles = []
        for window in found.stdout.split():
            with contextlib.suppress(RuntimeError):
                titles.append(self.run("xdotool", "getwindowname", window))
        return titles

    @property
    def notifications(self) -> NotificationLog:
        """What the notification service has been sent; call it for the list, or `clear` it."""
        if self._notifications is None:
            raise RuntimeError("this desktop has no notification service")
        return self._notifications

    def wait_for_notification(self, text: str, timeout: float = PATIENCE) -> Notification:
        """The first notification with `text` in its summary or body."""

        def look() -> Notification | None:
            for one in self.notifications():
                if text in f"{one.summary}\n{one.body}":
                    return one
            return None

        return wait_for(look, timeout, lambda: f"no {text!r} among {self.notifications()}")

    def forget_notifications(self) -> None:
        """Take every notification off the screen and begin a new list."""
        self.run("dunstctl", "close-all")
        self.notifications.clear()

    def displayed_notifications(self) -> int:
        """How many are on screen now."""
        return int(self.run("dunstctl", "count", "displayed"))

    def press_notification_action(self, label: str) -> None:
        """Press the button `label` of the notification now shown."""
        (self.root / "choice").write_text(label)
        self.run("dunstctl", "context")

    def tray_icon(self, title: str = "", timeout: float = PATIENCE) -> TrayIcon:
        """The tray icon whose title or tooltip contains `title`."""

        def look() -> TrayIcon | None:
            for icon in tray_icons(self.environment["DBUS_SESSION_BUS_ADDRESS"]):
                if title.casefold() in f"{icon.title}\n{icon.tooltip}".casefold():
                    return icon
                icon.close()
            return None

        return wait_for(look, timeout, lambda: f"no tray icon named {title!r}")

    # Starting

    def _start(self) -> None:
        self._make_directories()
        self.environment = self._base_environment()
        self._start_guard()
        self.environment["DISPLAY"] = self._start_display()
        self._daemon("dbus-daemon", "--nofork", "--nopidfile", f"--config-file={self._bus_file()}")
        runtime = Path(self.environment["XDG_RUNTIME_DIR"])
        wait_for((runtime / "bus").exists, 10, lambda: f"no session bus: {self._log_text()}")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={runtime}/bus"
        self._daemon("openbox", "--sm-disable")
        self._start_portal()
        if self.desktop.keyring != "none":
            self._start_keyring()
        if self.desktop.notifications:
            self._daemon("dunst", "-config", str(self._dunst_file()))
            self.wait_for_name("org.freedesktop.Notifications")
            self._notifications = NotificationLog(self.environment["DBUS_SESSION_BUS_ADDRESS"])
        if self.desktop.tray:
            self._panel_file()
            self._daemon("xfce4-panel", "--disable-wm-check")
            self.wait_for_name("org.kde.StatusNotifierWatcher")

    def _start_portal(self) -> None:
        scheme = "dark" if self.desktop.dark else "light"
        self._portal = self._daemon(SYSTEM_PYTHON, str(_PORTAL), scheme, stdin=subprocess.PIPE)
        self.wait_for_name("org.freedesktop.portal.Desktop")

    def _make_directories(self) -> None:
        for name in ("home", "config", "data", "state", "cache", "runtime", "services"):
            (self.root / name).mkdir(mode=0o700)
        names = ["org.a11y.Bus", "org.xfce.Xfconf", "org.gnome.keyring.SystemPrompter"]
        for name in names:
            service = Path("/usr/share/dbus-1/services") / f"{name}.service"
            if service.exists():
                shutil.copy(service, self.root / "services")

    def _base_environment(self) -> dict[str, str]:
        desktop = self.desktop
        environment = {
            reaper.MARK: self._mark,
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "USER": os.environ.get("USER", "person"),
            "LANG": desktop.locale,
            "TZ": os.environ.get("TZ", "UTC"),
            "XDG_CONFIG_HOME": str(self.root / "config"),
            "XDG_DATA_HOME": str(self.root / "data"),
            "XDG_STATE_HOME": str(self.root / "state"),
            "XDG_CACHE_HOME": str(self.root / "cache"),
            "XDG_RUNTIME_DIR": str(self.root / "runtime"),
            "XDG_SESSION_TYPE": "x11",
            "XDG_CURRENT_DESKTOP": "XFCE",
            "QT_QPA_PLATFORM": "xcb",
            "QT_ACCESSIBILITY": "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            # Qt tells on stderr that it lacks a call the registry of Debian 12 asks for.
            "QT_LOGGING_RULES": "qt.accessibility.atspi.warning=false",
            "NO_AT_BRIDGE": "0",
            "GTK_THEME": "Adwaita:dark" if desktop.dark else "Adwaita",
            "PYTHONUNBUFFERED": "1",
        }
        if desktop.scale != 1.0:
            environment["QT_SCALE_FACTOR"] = str(desktop.scale)
        return environment

    def _start_guard(self) -> None:
        """Start the reaper outside the mark, so that it survives what it ends."""
        environment = {key: value for key, value in os.environ.items() if key != reaper.MARK}
        self._guard = subprocess.Popen(
            [sys.executable, reaper.__file__, self._mark, str(self.root)],
            env=environment,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _guard_end(self) -> None:
        guard = getattr(self, "_guard", None)
        if guard is not None and guard.stdin is not None:
            guard.stdin.close()
            guard.wait()

    def _start_display(self) -> str:
        reading, writing = os.pipe()
        width, height = self.desktop.size
        self._daemon(
            *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"),
            *("-nolisten", "tcp", "-noreset", "-dpi", "96"),
            pass_fds=(writing,),
        )
        os.close(writing)
        with os.fdopen(reading) as display:
            number = display.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb did not start: {self._log_text()}")
        return f":{number}"

    def _bus_file(self) -> Path:
        path = self.root / "bus.conf"
        path.write_text(
            BUS.format(runtime=self.root / "runtime", services=self.root / "services"), "utf-8"
        )
        return path

    def _dunst_file(self) -> Path:
        """Dunst asks a chooser which action of a notification is meant: ours reads a file."""
        chooser = self.root / "chooser"
        chooser.write_text(f'#!/bin/sh\ngrep -m1 -F -- "$(cat {self.root}/choice)"\n', "utf-8")
        chooser.chmod(0o700)
        path = self.root / "dunstrc"
        path.write_text(DUNST.format(chooser=chooser), "utf-8")
        return path

    def _panel_file(self) -> None:
        path = self.root / "config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"
        path.parent.mkdir(parents=True)
        path.write_text(PANEL.format(dark=str(self.desktop.dark).lower()), "utf-8")

    def _start_keyring(self) -> None:
        daemon = self._daemon(
            *("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"),
            stdin=subprocess.PIPE,
        )
        assert daemon.stdin is not None
        daemon.stdin.write(LOGIN_PASSWORD.encode())
        daemon.stdin.close()
        self.wait_for_name("org.freedesktop.secrets")
        wait_for(
            lambda: list((self.root / "data/keyrings").glob("login.keyring")),
            10,
            lambda: f"no login keyring: {self._log_text()}",
        )
        if self.desktop.keyring == "locked":
            self.lock_keyring()

    def lock_keyring(self) -> None:
        """Lock the login keyring: the next caller is asked for its password (`open_keyring`)."""
        self.run(
            *("gdbus", "call", "--session", "--dest", "org.freedesktop.secrets"),
            *("--object-path", "/org/freedesktop/secrets"),
            *("--method", "org.freedesktop.Secret.Service.Lock"),
            "['/org/freedesktop/secrets/collection/login']",
        )

    def open_keyring(self) -> None:
        """Answer the question for the keyring's password, once it has the keyboard."""
        self.wait_for_window("Unlock Login Keyring")
        self.type(LOGIN_PASSWORD)
        self.key("Return")

    def _daemon(
        self, *argv: str, pass_fds: Sequence[int] = (), stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        with (self.root / "session.log").open("ab") as log:
            process = subprocess.Popen(
                argv,
                env=self.environment,
                cwd=self.root,
                stdin=stdin,
                stdout=log,
                stderr=log,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        self._children.append(process)
        return process

    def wait_for_name(self, name: str) -> None:
        def owned() -> bool:
            answer = self.run(
                *("gdbus", "call", "--session", "--dest", "org.freedesktop.DBus"),
                *("--object-path", "/org/freedesktop/DBus"),
                *("--method", "org.freedesktop.DBus.NameHasOwner", name),
            )
            return "true" in answer

        wait_for(owned, 20, lambda: f"nobody owns {name} on the bus: {self._log_text()}")

    def _log_text(self) -> str:
        with contextlib.suppress(OSError):
            return (self.root / "session.log").read_text("utf-8", "replace")[-3000:]
        return ""

    def _xdotool(self, *arguments: object) -> None:
        self.run("xdotool", *(str(argument) for argument in arguments))


@contextlib.contextmanager
def desktop_session(desktop: Desktop | None = None) -> Iterator[DesktopSession]:
    """A session for the length of a `with` block."""
    with DesktopSession(desktop) as session:
        yield session
