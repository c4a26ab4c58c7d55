"""A look at some directories: what it concludes about those beneath, and what it costs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mydoctransfer.model.trees import RelPath
from tests.engine.test_ignoring_fast import Place

DIRECTORIES = [f"d{n}" for n in range(12)]


class _Counted(set[RelPath]):
    """Directories, and how often somebody went over all of them."""

    walks = 0

    def __iter__(self) -> Iterator[RelPath]:
        self.walks += 1
        return super().__iter__()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    for directory in DIRECTORIES:
        made.write(f"{directory}/in/file.txt")
        made.write(f"{directory}/in/deep/down/file.txt")
    made.look()
    yield made
    made.journal.close()


def test_what_lay_beneath_a_directory_that_is_gone_is_gone_at_any_depth(place: Place) -> None:
    """R5: all of it, and nothing beside it."""
    shutil.rmtree(place.folder / "d1" / "in")
    shutil.rmtree(place.folder / "d2" / "in" / "deep")
    seen = place.look("d1", "d2/in", "d3")
    assert seen.vanished == {
        "d1/in/file.txt",
        "d1/in/deep/down/file.txt",
        "d2/in/deep/down/file.txt",
    }
    assert place.known("d3/in/deep/down") == {"file.txt"}


def test_a_look_at_many_directories_goes_over_all_known_ones_no_oftener(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10,000 hints in a tree of 10,000 directories took most of a minute."""
    known = place.journal.directories

    def walks(hinted: list[str]) -> int:
        counted = _Counted(known(RelPath("")))
        monkeypatch.setattr(place.journal, "directories", lambda beneath: counted)
        assert place.look(*hinted).vanished == frozenset()
        return counted.walks

    assert walks(DIRECTORIES[:2]) == walks(DIRECTORIES)
