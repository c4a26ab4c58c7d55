"""Rows are made for those who listen."""

from pathlib import Path

import pytest

from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.rows import Rows
from mydoctransfer.model.events import Event, ItemState, RowsChanged
from mydoctransfer.model.trees import LocalFile, RelPath, Stat

PATH = RelPath("a.txt")


class Folder:
    """A journal that knows one file, and counts how often its row is asked for."""

    def __init__(self, root: Path) -> None:
        self.journal = SqliteJournal(str(root / "journal.sqlite"))
        self.journal.observe({PATH: LocalFile(Stat(1, 2, 3, 4, 5), 0, "00" * 32)}, ())
        self.looked = 0
        self.told: list[Event] = []

    def rows(self, *, is_heard: bool) -> Rows:
        return Rows(
            self.journal,
            {},
            self.told.append if is_heard else None,
            self._is_uploading,
            lambda path: False,
            lambda path, sha256: None,
            lambda: None,
            lambda document: (),
            lambda path: False,
            lambda share_id: None,
        )

    def _is_uploading(self, path: RelPath) -> bool:
        self.looked += 1
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_row_is_made_once_for_who_listens_and_never_for_nobody(
    folder: Folder, is_heard: bool
) -> None:
    rows = folder.rows(is_heard=is_heard)
    rows.flush()  # everything there is
    rows.touch([PATH])
    rows.flush()
    rows.flush()
    assert folder.looked == (2 if is_heard else 0)
    assert [event.is_snapshot for event in folder.told if isinstance(event, RowsChanged)] == (
        [True, False] if is_heard else []
    )


def test_a_row_that_nobody_heard_of_can_be_asked_for(folder: Folder) -> None:
    row = folder.rows(is_heard=False).at(PATH)
    assert row is not None and row.state is ItemState.UPLOADING
