"""Rules that did not change cost nothing where nothing changed, and none is missed for that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters.clock import SystemClock
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.health import FolderSick
from mydoctransfer.engine.ignoring import IgnoreRules
from mydoctransfer.engine.observe import Observer, Scanned
from mydoctransfer.engine.ports import Failure, FailureKind, Root
from mydoctransfer.model.trees import RelPath


class Place:
    """A folder on the real disk with the real journal, looked at step by step."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "folder"
        self.folder.mkdir()
        self.disk = FolderDisk(str(self.folder))
        self.disk.mark("0" * 32)
        self.journal = SqliteJournal(str(root / "journal.sqlite"))
        self.observer = Observer(self.journal, SystemClock())

    def write(self, path: str, text: str = "x") -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def look(self, *directories: str, disk: Any = None) -> Any:
        work = self.observer.scan(
            disk or self.disk, [RelPath(d) for d in directories] if directories else None
        )
        answer = None
        while True:
            try:
                answer = work.send(answer).run()
            except StopIteration as ended:
                return ended.value

    def known(self, directory: str = "") -> set[str]:
        return set(self.journal.directory(RelPath(directory)))


class LostAtTheEnd(FolderDisk):
    """A folder that is there when a look begins, and gone when it ends."""

    looks = 0

    def look(self) -> Root | Failure:
        self.looks += 1
        gone = Failure(FailureKind.MISSING, "The folder is missing.", "missing")
        return super().look() if self.looks == 1 else gone


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    for path in ("a.log", "d/b.log", "d/c.txt", "far/c.txt"):
        made.write(path)
    # Just written: too restless to be read, so that all of it is written down unread.
    made.look()
    assert made.known("d") == {"b.log", "c.txt"}
    yield made
    made.journal.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of which the rules are asked."""
    paths: list[str] = []
    real = IgnoreRules.covers

    def covers(rules: IgnoreRules, path: RelPath, is_dir: bool = False) -> bool:
        if not is_dir:
            paths.append(path)
        return real(rules, path, is_dir)

    monkeypatch.setattr(IgnoreRules, "covers", covers)
    return paths


def test_rules_are_asked_again_only_where_something_changed(place, asked):
    place.write(".mydocignore", "*.bak")
    place.look()
    assert "far/c.txt" in asked
    asked.clear()
    place.look()
    assert not [path for path in asked if "/" in path]
    place.write("d/new.bak")
    place.look()
    assert {path for path in asked if "/" in path} == {"d/b.log", "d/c.txt", "d/new.bak"}
    assert place.known("d") == {"b.log", "c.txt"}


def test_rules_of_one_directory_are_not_asked_of_another(place, asked):
    place.write("d/.mydocignore", "*.bak")
    place.look()
    assert "d/c.txt" in asked
    assert "far/c.txt" not in asked


def test_a_rule_that_comes_holds_for_what_was_there_unchanged(place):
    """D14."""
    place.write(".mydocignore", "*.bak")
    place.look()
    place.write(".mydocignore", "*.log")
    place.look("")
    assert place.known() == set()
    assert place.known("d") == {"c.txt"}


def test_a_rule_that_goes_lets_in_what_was_there_unchanged(place):
    """D14."""
    place.write(".mydocignore", "*.log")
    place.look()
    assert place.known("d") == {"c.txt"}
    (place.folder / ".mydocignore").unlink()
    place.look("")
    assert place.known("d") == {"b.log", "c.txt"}


def test_a_rule_read_by_a_look_that_came_to_nothing_holds_from_the_next_one_on(place):
    """D14: what such a look concluded was not written down."""
    place.write(".mydocignore", "*.log")
    lost = place.look(disk=LostAtTheEnd(str(place.folder)))
    assert isinstance(lost, FolderSick)
    assert place.known("d") == {"b.log", "c.txt"}
    assert isinstance(place.look(), Scanned)
    assert place.known("d") == {"c.txt"}
