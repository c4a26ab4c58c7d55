"""A command line whose engine is the test's."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters import home
from mydoctransfer.adapters.home import Home
from mydoctransfer.cli.main import main
from mydoctransfer.model.commands import Answer, Command
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Event
from mydoctransfer.model.wishes import Wish


@dataclass
class Ran:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.stdout)


@dataclass
class Engine:
    """Stands in for `mydoctransfer.app`: notes what it is told and answers what a test says."""

    told: list[Command] = field(default_factory=list)
    answers: list[Answer | Exception] = field(default_factory=list)
    events: tuple[Event, ...] = ()
    desktops: int = 0
    wishes: list[Wish | None] = field(default_factory=list)

    def open_door(self, home: Home) -> "Engine":
        return self

    def ask(self, command: Command) -> Answer:
        self.told.append(command)
        answer = self.answers.pop(0) if self.answers else {"ok": True}
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run_watching(self, home: Home, on_event: Callable[[Event], None]) -> None:
        for event in self.events:
            on_event(event)

    def run_desktop(self, home: Home, is_hidden: bool, wish: Wish | None) -> int:
        self.desktops += 1
        self.wishes.append(wish)
        return 0

    def in_own_words(self, error: AppError) -> AppError:
        return error


@dataclass
class CommandLine:
    """Runs commands in this process."""

    engine: Engine
    place: Home
    root: Path
    _capsys: pytest.CaptureFixture[str]
    _monkeypatch: pytest.MonkeyPatch

    def __call__(self, *argv: str, stdin: bytes = b"", is_json: bool = False) -> Ran:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        options = ["--json"] if is_json else []
        code = main([*options, "--home", str(self.root), *argv], self.engine)
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def json(self, *argv: str, stdin: bytes = b"") -> Ran:
        return self(*argv, stdin=stdin, is_json=True)


@pytest.fixture
def line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    our_log: logging.Logger,
) -> Iterator[CommandLine]:
    place = home.find(str(tmp_path / "home"), {})
    place.prepare()
    root = logging.getLogger()
    before, level = root.handlers, root.level
    yield CommandLine(Engine(), place, tmp_path / "home", capsys, monkeypatch)
    if root.handlers is not before:  # a surprise was logged
        for handler in root.handlers:
            handler.close()
        root.handlers = before
        root.setLevel(level)
