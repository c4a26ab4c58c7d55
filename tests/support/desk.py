"""A person at a desk: one installation, its window in a desktop session, its folder, its shell."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.a11y import Application, Element
from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.desktop import DesktopSession
from tests.support.devices import Device, Ran
from tests.support.launched import Launched
from tests.support.tray import TrayIcon
from tests.support.waiting import PATIENCE, wait_for
from tests.support.window import APPLICATION, sign_in, use_folder

NAME, SIZE, OWNER, PEOPLE, EXPIRES, STATE = range(6)  # the columns

IN_THE_CLOUD = "In the cloud"
GONE = "Gone from the cloud, kept here"
UP_TO_DATE = "Everything is up to date"

QUICK = {"MYDOCTRANSFER_TEST_DELETE_GRACE": "0.5", "MYDOCTRANSFER_TEST_POLL": "1"}
_OUT = Path(__file__).parents[2] / "out" / "e2e"


class Desk:
    """An installation that a person uses through its window.

    Attributes:
        device: the same installation as its command line sees it.
        running: the application last started.
        app: its window, as a screen reader meets it.
    """

    running: Launched
    app: Application

    def __init__(
        self, session: DesktopSession, root: Path, aids: Mapping[str, str] = QUICK
    ) -> None:
        self.session = session
        self.device = Device(root, {**session.environment, **aids})

    @property
    def folder(self) -> Path:
        return self.device.folder

    # Starting and ending

    def command(self) -> list[str]:
        """What opens the application, without anything else."""
        return [str(word) for word in self.device.argv(is_json=False)]

    def start(self, *, wait: bool = True) -> Launched:
        """Open the application and, unless told otherwise, wait for its window."""
        self.session.accessibility.forget()
        self.running = self.session.launch(
            *self.command(), env=self.device.environment, cwd=self.device.root
        )
        if wait:
            self.app = self.session.application(APPLICATION, 60.0, self.running.process.pid)
            self.app.find(id="main-window")
        return self.running

    def move_in(self, cloud: Cloud, person: Person, upload_kib: int = 0) -> "Desk":
        """Connect, open the window, sign in there and choose the folder there; over a line that
        takes so many KiB a second (0: no limit)."""
        self.device.ok("connect", str(cloud.connection_file))
        with (self.device.home / "config.toml").open("a") as config:
            config.write(f"\n[network]\nupload_limit_kib = {upload_kib}\n")
        self.start()
        sign_in(self.app, person.email, PASSWORD)
        use_folder(self.app, self.folder)
        self.wait_for_state(UP_TO_DATE)
        return self

    def quit(self) -> int:
        """Choose Quit in the tray's menu; the exit status."""
        with self.tray() as icon:
            icon.choose("Quit")
        return self.running.wait()

    # What the person sees

    @property
    def table(self) -> Element:
        return self.app.find(id="documents-table", timeout=60.0)

    def rows(self) -> dict[str, list[str]]:
        """The rows now in the table, by name; texts without their marks of direction."""
        texts = ([_plain(text) for text in row] for row in self.table.texts())
        return {row[NAME]: row for row in texts}

    def wait_for_row(
        self, name: str, state: str = IN_THE_CLOUD, timeout: float = 60.0
    ) -> list[str]:
        """The row of a document once it says `state`, read twice alike.

        Its cells are read one after the other: the first may be of the row as it was before.
        """

        def look() -> list[str] | None:
            row = self.rows().get(name)
            if row is None or not row[STATE].startswith(state):
                return None
            return row if self.rows().get(name) == row else None

        return wait_for(look, timeout, lambda: f"no {name!r} {state!r} in {self.rows()}")

    def wait_for_no_row(self, name: str) -> None:
        wait_for(lambda: name not in self.rows(), 60, lambda: f"{name!r} is still in the table")

    def wait_for_state(self, sentence: str, timeout: float = 60.0) -> None:
        """Wait until the line at the bottom begins with `sentence`."""
        label = self.app.find(id="state-label", timeout=timeout)
        label.wait(lambda it: it.text.startswith(sentence), timeout)

    def tray(self, words: str = "MyDoc Transfer") -> TrayIcon:
        """The tray icon, once its tooltip contains `words`."""
        return self.session.tray_icon(words)

    def picture(self, name: str) -> None:
        """Keep a screenshot under out/e2e, for people to look at."""
        self.session.screenshot(_OUT / f"{name}.png")

    # What the person does

    def save(self, path: str, content: bytes = b"content") -> Path:
        """Save a file in the folder, its directories included."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def select(self, name: str) -> None:
        """Click the row of a document."""
        self.session.click(*self.table.cell(self.line(name), SIZE).middle)

    def line(self, name: str) -> int:
        """The number of a document's row."""
        return next(
            number for number, row in enumerate(self.table.texts()) if _plain(row[NAME]) == name
        )

    def choose_files(self, title: str, *paths: Path) -> None:
        """Answer the desktop's own file dialog, by typing the path as people who know it do."""
        for path in paths:
            self.session.wait_for_window(title)
            self.session.type(str(path))
            self.session.key("Return")

    def press(self, button: str) -> None:
        """Press a button by its id."""
        self.app.find(id=button).click()

    def wait_for_focus(self, id: str) -> None:
        """Wait until the widget with this id has the keyboard."""
        self.app.find(id=id, timeout=60.0).wait(lambda it: it.is_focused)

    # What the shell says

    def document(self, name: str, *options: str) -> dict[str, Any]:
        """What `ls` says of a document."""
        found: dict[str, Any] = self.device.documents(*options)[name]
        return found

    def run(self, *words: str) -> Ran:
        return self.device.run(*words)


def wait_until_gone(process: int, patience: float = PATIENCE) -> None:
    """Wait until there is no such process any more."""
    wait_for(lambda: not Path(f"/proc/{process}").exists(), patience)


def _plain(text: str) -> str:
    return "".join(char for char in text if char not in "\u2066\u2067\u2068\u2069")
