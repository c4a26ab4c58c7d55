"""Drives an application from outside, through the accessibility tree a screen reader uses.

    app = session.application("mydoctransfer")
    app.find(id="sign-in-password").text = password
    app.find(id="sign-in-button").click()
    app.find(id="documents-table").wait(lambda table: table.rows == 1)

`id` is the objectName of the widget. `find` and `wait` poll until a deadline and, when it passes,
raise `NotThere` with the whole tree, so that a failed test shows what was on screen.
"""

import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from tests.support.waiting import PATIENCE, poll

SYSTEM_PYTHON = "/usr/bin/python3"

_SERVER = Path(__file__).with_name("a11y_server.py")


class NotThere(AssertionError):
    """What was looked for did not appear, or did not become as expected, in time."""


class Gone(Exception):
    """An accessible no longer answers: its widget or its application ended."""


class Accessibility:
    """The connection to the accessibility bus of one session.

    Attributes:
        scale: physical pixels for one that Qt reports
    """

    def __init__(self, environment: Mapping[str, str], scale: float = 1.0) -> None:
        self.scale = scale
        self._server = subprocess.Popen(
            [SYSTEM_PYTHON, "-W", "ignore", str(_SERVER)],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._turn = threading.Lock()

    def ask(self, verb: str, **question: object) -> Any:
        """The server's answer; raises `Gone` when the accessible no longer exists."""
        assert self._server.stdin is not None and self._server.stdout is not None
        with self._turn:
            self._server.stdin.write(json.dumps({"do": verb, **question}) + "\n")
            line = self._server.stdout.readline()
        if not line:
            raise RuntimeError("the accessibility server ended; is python3-pyatspi installed?")
        answer = json.loads(line)
        if "error" in answer:
            raise Gone(f"{verb}: {answer['error']}")
        return answer["is"]

    def application(
        self, name: str, timeout: float = PATIENCE, process: int | None = None
    ) -> "Application":
        """The application called `name`, of this process if one is given; the newest, when there
        are several: one that is just ending stands here for a while."""

        def look() -> Application | None:
            found = [
                one
                for one, its_name, its_process in self.ask("applications")
                if its_name == name and process in (None, its_process)
            ]
            return Application(self, found[-1]) if found else None

        application = poll(look, timeout)
        if application is None:
            names = [its_name for _, its_name, _ in self.ask("applications")]
            raise NotThere(f"no application {name!r} on the accessibility bus, only {names}")
        return application

    def applications(self) -> "list[Application]":
        """Every application on the bus now."""
        return [Application(self, number) for number, _, _ in self.ask("applications")]

    def close(self) -> None:
        """End the server."""
        for stream in (self._server.stdin, self._server.stdout):
            if stream is not None:
                stream.close()
        self._server.wait()

    def forget(self) -> None:
        """Drop every element handed out so far."""
        self.ask("forget")


class Element:
    """One accessible: a window, a button, a cell. Everything is asked anew at each access."""

    def __init__(self, bus: Accessibility, number: int) -> None:
        self._bus = bus
        self._number = number

    # Looking

    def find(
        self,
        *,
        id: str | None = None,
        role: str | None = None,
        name: str | None = None,
        showing: bool = True,
        timeout: float = PATIENCE,
    ) -> "Element":
        """The nearest element below this one that matches everything given."""
        wanted = {"id": id, "role": role, "name": name, "showing": showing}

        def look() -> Element | None:
            with contextlib.suppress(Gone):
                for number in self._bus.ask("find", root=self._number, limit=1, **wanted):
                    return Element(self._bus, number)
            return None

        found = poll(look, timeout)
        if found is None:
            given = {key: value for key, value in wanted.items() if value is not None}
            raise NotThere(f"nothing with {given} in\n{self.tree()}")
        return found

    def find_all(
        self,
        *,
        id: str | None = None,
        role: str | None = None,
        name: str | None = None,
        showing: bool = True,
    ) -> "list[Element]":
        """Every match there is now, without waiting."""
        wanted = {"id": id, "role": role, "name": name, "showing": showing}
        numbers = self._bus.ask("find", root=self._number, limit=10_000, **wanted)
        return [Element(self._bus, number) for number in numbers]

    def has(
        self, *, id: str | None = None, role: str | None = None, name: str | None = None
    ) -> bool:
        """Whether a match is showing now; in what is gone itself, none is."""
        with contextlib.suppress(Gone):
            return bool(self.find_all(id=id, role=role, name=name))
        return False

    def wait_until_gone(
        self,
        *,
        id: str | None = None,
        role: str | None = None,
        name: str | None = None,
        timeout: float = PATIENCE,
    ) -> None:
        """Return once no match is showing."""
        if not poll(lambda: not self.has(id=id, role=role, name=name), timeout):
            raise NotThere(f"still there: {id or name or role} in\n{self.tree()}")

    def wait(self, becomes: Callable[[Self], object], timeout: float = PATIENCE) -> Self:
        """Return this element once `becomes(element)` is true."""

        def look() -> bool:
            with contextlib.suppress(Gone, IndexError):
                return bool(becomes(self))
            return False

        if not poll(look, timeout):
            raise NotThere(f"did not become as expected:\n{self._describe_for_failure()}")
        return self

    def tree(self) -> str:
        """This element and everything below it, as indented text."""
        try:
            return str(self._bus.ask("tree", root=self._number))
        except Gone as gone:
            return f"({gone})"

    @property
    def children(self) -> "list[Element]":
        return [Element(self._bus, one) for one in self._bus.ask("children", it=self._number)]

    @property
    def id(self) -> str:
        return str(self._facts()["id"]).rpartition(".")[2]

    @property
    def name(self) -> str:
        return str(self._facts()["name"])

    @property
    def description(self) -> str:
        return str(self._facts()["description"])

    @property
    def role(self) -> str:
        return str(self._facts()["role"])

    @property
    def states(self) -> frozenset[str]:
        return frozenset(self._facts()["states"])

    @property
    def is_enabled(self) -> bool:
        return "enabled" in self.states

    @property
    def is_showing(self) -> bool:
        return "showing" in self.states

    @property
    def is_focused(self) -> bool:
        return "focused" in self.states

    @property
    def is_checked(self) -> bool:
        return "checked" in self.states

    @property
    def value(self) -> float | None:
        """The number of a progress bar, slider or spin box."""
        value = self._facts()["value"]
        return None if value is None else float(value)

    @value.setter
    def value(self, value: float) -> None:
        self._bus.ask("set_value", it=self._number, value=value)

    @property
    def text(self) -> str:
        """The text of a field, or the name of what has none."""
        facts = self._facts()
        return str(facts["name"] if facts["text"] is None else facts["text"])

    @text.setter
    def text(self, text: str) -> None:
        if not self._bus.ask("write", it=self._number, text=text):
            raise NotThere(f"cannot write into\n{self._describe_for_failure()}")

    @property
    def extents(self) -> tuple[int, int, int, int]:
        """x, y, width and height on the screen, in physical pixels."""
        x, y, width, height = (round(side * self._bus.scale) for side in self._facts()["extents"])
        return x, y, width, height

    @property
    def middle(self) -> tuple[int, int]:
        """Where to point the mouse at it."""
        x, y, width, height = self.extents
        return x + width // 2, y + height // 2

    # Acting

    def click(self) -> None:
        """Press it; it has to be enabled, as for a person."""
        self.wait(lambda it: it.is_enabled and it.is_showing)
        self._bus.ask("act", it=self._number)

    def act(self, action: str) -> None:
        """Do the action with this name."""
        self._bus.ask("act", it=self._number, action=action)

    def focus(self) -> None:
        self._bus.ask("focus", it=self._number)

    def select(self, child: int) -> None:
        """Select a child by its number, in a list, a table or a combo box."""
        self._bus.ask("select", it=self._number, child=child)

    # Tables

    @property
    def rows(self) -> int:
        return int(self._bus.ask("table", it=self._number)["rows"])

    @property
    def headers(self) -> list[str]:
        return list(self._bus.ask("table", it=self._number)["headers"])

    def cell(self, row: int, column: int) -> "Element":
        return Element(self._bus, self._bus.ask("cell", it=self._number, row=row, column=column))

    def texts(self, first: int = 0, count: int = 200) -> list[list[str]]:
        """The texts of the cells of `count` rows, a list each.

        A row may go while they are read: they are read once more then.
        """
        with contextlib.suppress(Gone):
            return self._texts(first, count)
        return self._texts(first, count)

    def _texts(self, first: int, count: int) -> list[list[str]]:
        found = self._bus.ask("cells", it=self._number, first=first, count=count)
        return [list(row) for row in found]

    def row_of(self, text: str, column: int | None = None) -> int:
        """The number of the first row with `text` in this column, or in any."""
        for number, row in enumerate(self.texts(count=100_000)):
            if text in (row if column is None else [row[column]]):
                return number
        raise IndexError(f"no row with {text!r}")

    def _facts(self) -> dict[str, Any]:
        return dict(self._bus.ask("describe", it=self._number))

    def _describe_for_failure(self) -> str:
        try:
            return f"{self._facts()}\n{self.tree()}"
        except Gone as gone:
            return str(gone)


class Application(Element):
    """A whole application; its children are its windows."""
