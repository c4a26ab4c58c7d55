"""What was seen in a directory is remembered as one digest, and never longer than it holds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.ports import Entry, Settled
from mydoctransfer.model.trees import ROOT, LocalFile, RelPath, Skip, Stat
from tests.adapters.suites.journal import ONE, agreed, document, hashed, publish, stat

DIRECTORY = RelPath("d")
HERE = [Entry(name, *stat(n), None) for n, name in enumerate(["a", "b\n", "\u00e9"])]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    """A journal that has looked at a directory, and keeps the digest on disk."""
    opened = SqliteJournal(tmp_path / "journal.sqlite")
    opened.observe({RelPath(f"d/{e.name}"): LocalFile(e.stat, 5, ONE) for e in HERE}, ())
    assert opened.has_exactly(DIRECTORY, HERE)
    opened.observe({}, ())
    yield opened
    opened.close()


def digests(journal: SqliteJournal) -> int:
    (count,) = journal._db.execute("SELECT count(*) FROM looks").fetchone()
    return int(count)


def reads_rows(journal: SqliteJournal, entries: list[Entry]) -> bool:
    """Whether the rows have to be read to tell whether these entries are what was seen."""
    statements: list[str] = []
    journal._db.set_trace_callback(statements.append)
    journal.has_exactly(DIRECTORY, entries)
    journal._db.set_trace_callback(None)
    return any("FROM paths" in s for s in statements)


def test_rows_are_read_once_for_a_directory_that_stays_as_it_is(journal: SqliteJournal) -> None:
    assert digests(journal) == 1
    assert not reads_rows(journal, HERE)


def test_a_digest_outlives_the_program(tmp_path: Path, journal: SqliteJournal) -> None:
    journal.close()
    again = SqliteJournal(tmp_path / "journal.sqlite")
    assert not reads_rows(again, HERE)
    assert again.has_exactly(DIRECTORY, HERE)
    again.close()


@pytest.mark.parametrize(
    "other",
    [
        HERE[1:],
        [*HERE, Entry("z", *stat(9), None)],
        [HERE[0]._replace(name="A"), *HERE[1:]],
        [HERE[0]._replace(dev=99), *HERE[1:]],
        [HERE[0]._replace(ino=99), *HERE[1:]],
        [HERE[0]._replace(size=99), *HERE[1:]],
        [HERE[0]._replace(mtime_ns=99), *HERE[1:]],
        [HERE[0]._replace(ctime_ns=99), *HERE[1:]],
        [HERE[0]._replace(skip=Skip.SYMLINK), *HERE[1:]],
        [],
    ],
)
def test_what_differs_in_anything_is_not_what_was_seen(
    journal: SqliteJournal, other: list[Entry]
) -> None:
    assert not journal.has_exactly(DIRECTORY, other)
    assert journal.has_exactly(DIRECTORY, HERE)


CHANGES: dict[str, Callable[[SqliteJournal], None]] = {
    "a file is new": lambda j: j.observe({RelPath("d/new"): LocalFile(stat(7), 0, None)}, ()),
    "a file was changed": lambda j: j.observe({RelPath("d/a"): LocalFile(stat(7), 0, None)}, ()),
    "a file became a link": lambda j: j.observe({RelPath("d/a"): (stat(0), Skip.SYMLINK)}, ()),
    "a file is gone": lambda j: j.observe({}, [RelPath("d/a")]),
    "another folder was chosen": lambda j: j.forget_local(),
    "another account signed in": lambda j: j.clear(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("is_kept", [True, False], ids=["on disk", "not yet on disk"])
def test_no_digest_survives_a_change_in_its_directory(
    journal: SqliteJournal, change: Callable[[SqliteJournal], None], is_kept: bool
) -> None:
    """A digest that says too much hides what came after it for ever."""
    if not is_kept:
        journal._db.execute("DELETE FROM looks")
        assert journal.has_exactly(DIRECTORY, HERE)
    change(journal)
    assert not journal.has_exactly(DIRECTORY, HERE)
    journal.observe({}, ())
    assert not journal.has_exactly(DIRECTORY, HERE)


def test_a_change_elsewhere_leaves_a_digest(journal: SqliteJournal) -> None:
    journal.observe({RelPath("d/deeper/a"): hashed(), RelPath("a"): hashed()}, ())
    path = RelPath("d/a")
    journal.settle([Settled(path, agreed(), document("d1", path), "publish")])
    assert not reads_rows(journal, HERE)


def test_a_document_without_a_file_is_nothing_that_was_seen(journal: SqliteJournal) -> None:
    """What was agreed for a path says nothing about what lies there."""
    journal.observe({}, [RelPath("d/a")])
    publish(journal, "d/a", share_id="1" * 32)
    journal.observe({}, [RelPath("d/a")])
    assert journal.has_exactly(DIRECTORY, HERE[1:])
    journal.observe({}, ())
    assert not reads_rows(journal, HERE[1:])
    assert not journal.has_exactly(DIRECTORY, HERE)


def test_skipped_entries_and_empty_directories_have_no_digest(journal: SqliteJournal) -> None:
    assert journal.has_exactly(RelPath("empty"), [])
    assert not journal.has_exactly(ROOT, [Entry("l", *stat(1), Skip.FIFO)])
    journal.observe({}, ())
    assert digests(journal) == 1


def test_nothing_is_written_where_nothing_is_to_be_kept(journal: SqliteJournal) -> None:
    before = journal._db.total_changes
    journal.observe({}, ())
    assert journal._db.total_changes == before


def test_numbers_of_any_size_and_odd_names_have_digests_of_their_own(
    journal: SqliteJournal,
) -> None:
    """E01, E08, D02."""
    far = Stat(2**64 - 1, 2**64 - 1, 2**63, 10**24, -1)
    odd = [Entry("\udcff", *far, None)]
    assert not journal.has_exactly(DIRECTORY, odd)
    journal.observe({RelPath("d/\udcff"): LocalFile(far, 5, ONE)}, ())
    journal.has_exactly(DIRECTORY, [*HERE, *odd])
    assert not journal.has_exactly(DIRECTORY, HERE)
