"""What sends small files is told of them while they come to rest."""

from dataclasses import dataclass, field

import pytest

from mydoctransfer.engine import readying
from mydoctransfer.engine.reading import QUIET
from mydoctransfer.engine.readying import Readying
from mydoctransfer.model.trees import RelPath
from tests.engine.days import a_day


@dataclass
class Folder:
    """Stands for what was observed, and for who is told."""

    sizes: dict[RelPath, int] = field(default_factory=dict)
    ignored: set[RelPath] = field(default_factory=set)
    told: list[list[int]] = field(default_factory=list)

    @property
    def reading(self) -> "Folder":
        return self

    def size_of(self, path: RelPath) -> int | None:
        return self.sizes.get(path)

    def is_ignored(self, path: RelPath) -> bool:
        return path in self.ignored

    def expect(self, sizes: list[int]) -> None:
        self.told.append(list(sizes))

    def found(self, count: int) -> list[RelPath]:
        paths = [RelPath(f"{n}.txt") for n in range(count)]
        self.sizes.update({path: n + 10 for n, path in enumerate(paths)})
        return paths


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def ready(folder: Folder) -> Readying:
    return Readying(folder, folder)


def test_what_was_found_is_told_once_and_only_when_sending_may_begin(
    folder: Folder, ready: Readying
) -> None:
    ready.turn()
    ready.seen(folder.found(3))
    assert folder.told == []
    ready.turn()
    ready.turn()
    assert folder.told == [[10, 11, 12]]


def test_what_is_not_to_be_sent_is_not_told(folder: Folder, ready: Readying) -> None:
    first, second, third = folder.found(3)
    folder.ignored.add(first)
    del folder.sizes[second]
    ready.seen([first, second, third])
    ready.turn()
    ready.seen([first])
    ready.turn()
    assert folder.told == [[12]]


def test_of_a_great_many_only_some_are_looked_at(folder: Folder, ready: Readying) -> None:
    ready.seen(folder.found(readying.LOOKED_AT + 50))
    ready.turn()
    (sizes,) = folder.told
    assert len(sizes) == readying.LOOKED_AT


def test_it_is_told_while_the_files_come_to_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_day() as day:
        day.sync()
        told: list[tuple[float, int]] = []
        monkeypatch.setattr(
            day.device().engine._parts.objects,
            "expect",
            lambda sizes: told.append((day.time.seconds, len(sizes))),
        )
        for name in ("a", "b", "c"):
            day.write(name)
        written = day.time.seconds
        day.sync()
        assert day.live_paths() == ["a", "b", "c"]
        first, count = told[0]
        assert first < written + QUIET <= told[-1][0]
        assert count > 0
