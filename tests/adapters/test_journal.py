"""The journal over real SQLite, on a real disk."""

import contextlib
import errno
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters import _journal_files, _mounts
from mydoctransfer.adapters import _journal_schema as schema
from mydoctransfer.adapters._journal_schema import MIGRATIONS
from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.ports import JournalBroken, JournalLost, Note, Settled, Transfer
from mydoctransfer.model.rules import FolderRule
from mydoctransfer.model.trees import ROOT, DocumentState, LocalFile, OpId, RelPath, Stat
from tests.adapters.suites.journal import (
    ONE,
    TWO,
    JournalSuite,
    agreed,
    document,
    hashed,
    publish,
    stat,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(file: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(file)
    yield opened
    opened.close()


class TestSqliteJournal(JournalSuite):
    """The real one, held to the port's suite."""


class Faulty:
    """A connection whose n-th statement fails, as a disk would make it."""

    def __init__(self, real: sqlite3.Connection, fails: Callable[[], Exception | None]) -> None:
        self._real = real
        self._fails = fails

    def execute(self, *args: Any) -> Any:
        if error := self._fails():
            raise error
        return self._real.execute(*args)

    def executemany(self, *args: Any) -> Any:
        if error := self._fails():
            raise error
        return self._real.executemany(*args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def failing_at(n: int, error: Exception) -> tuple[Callable[..., Any], list[int]]:
    """A connection factory whose n-th statement over all fails once; and how many ran."""
    count = [0]

    def fails() -> Exception | None:
        count[0] += 1
        return error if count[0] == n else None

    def connect(*args: Any, **options: Any) -> Any:
        return Faulty(sqlite3.connect(*args, **options), fails)

    return connect, count


def full() -> sqlite3.OperationalError:
    return sqlite3.OperationalError("database or disk is full")


def broken_pipe() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error


# --- opening -------------------------------------------------------------------------------------


def test_a_journal_is_there_again_after_a_restart(file: Path) -> None:
    first = SqliteJournal(file)
    publish(first, "a")
    first.close()
    again = SqliteJournal(file)
    assert set(again.synced_all()) == {"a"}
    assert again.is_wal
    assert again.set_aside is None
    again.close()


def test_a_kill_loses_nothing_that_was_said_to_be_on_disk(file: Path) -> None:
    """J01, J16. The process ends without closing anything."""
    code = (
        "import os, sys\n"
        "from mydoctransfer.adapters.journal import SqliteJournal\n"
        "j = SqliteJournal(sys.argv[1])\n"
        "j.intend(['x'], ['op'])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(file)], check=False)
    assert ended.returncode == -9
    again = SqliteJournal(file)
    assert again.intend(["x"], [OpId("other")]) == ["op"]
    again.close()


@pytest.mark.parametrize("damage", ["garbage", "torn", "not a database"])
def test_a_damaged_journal_is_set_aside_and_said(file: Path, damage: str) -> None:
    """J08, J09. It is kept for whoever wants to look, and a new one begins."""
    first = SqliteJournal(file)
    first.observe({RelPath(f"d/{n}"): hashed() for n in range(2000)}, ())
    first.close()
    raw = bytearray(file.read_bytes())
    if damage == "garbage":
        raw[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    elif damage == "torn":
        del raw[len(raw) // 2 :]
    else:
        raw[:100] = b"x" * 100
    file.write_bytes(raw)
    (file.parent / "journal.corrupt-1").write_text("an older one")
    again = SqliteJournal(file)
    assert again.set_aside == str(file.parent / "journal.corrupt-2")
    assert Path(again.set_aside).read_bytes() == bytes(raw)
    assert again.differences().local == {}
    again.close()


def test_a_journal_that_cannot_be_opened_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(JournalBroken, match=r"/no/journal cannot be read .*--home"):
        SqliteJournal(tmp_path / "no" / "journal")


def test_a_journal_of_a_newer_version_is_refused_and_kept(file: Path) -> None:
    """M02."""
    newer = SqliteJournal(file, migrations=[*MIGRATIONS, ["CREATE TABLE more (x)"]])
    publish(newer, "a")
    newer.close()
    before = file.read_bytes()
    with pytest.raises(JournalBroken, match="newer version"):
        SqliteJournal(file)
    with pytest.raises(JournalBroken, match="newer version"):
        SqliteJournal.reading(file)
    assert file.read_bytes() == before


def test_a_migration_killed_at_any_statement_leaves_old_or_new(file: Path) -> None:
    """M01."""
    step = [
        "ALTER TABLE notes ADD COLUMN at INTEGER",
        "UPDATE notes SET at = 1",
        "CREATE TABLE more (x)",
    ]
    old = SqliteJournal(file)
    publish(old, "a")
    old.close()
    n, was = 0, len(MIGRATIONS)
    while True:
        n += 1
        connect, count = failing_at(n, broken_pipe())
        with contextlib.suppress(JournalBroken):
            SqliteJournal(file, connect, [*MIGRATIONS, step]).close()
        raw = sqlite3.connect(file)
        (version,) = raw.execute("PRAGMA user_version").fetchone()
        has_table = raw.execute("SELECT count(*) FROM sqlite_master WHERE name = 'more'").fetchone()
        raw.close()
        assert (version, has_table[0]) in ((was, 0), (was + 1, 1))
        if count[0] < n:
            break
    assert version == was + 1
    assert n > len(step)


def test_an_older_journal_learns_when_its_files_were_written(file: Path) -> None:
    """M01, C02: of those that lie there as they were agreed on; of the others nobody knows."""
    old = SqliteJournal(file, migrations=MIGRATIONS[:4])
    old.observe({RelPath("a"): hashed(ONE), RelPath("edited"): hashed(TWO)}, ())
    old.close()
    raw = sqlite3.connect(file)
    raw.execute(
        "UPDATE paths SET share_id = name, version = 1, agreed_sha256 = ?, agreed_size = 10, "
        "agreed_dev = dev, agreed_ino = ino, agreed_birth_ns = 5, is_adopted = 0, is_gone = 0",
        (bytes.fromhex(ONE),),
    )
    raw.commit()
    raw.close()
    migrated = SqliteJournal(file)
    known = {path: synced.mtime_ns for path, synced in migrated.synced_all().items()}
    assert known == {"a": stat().mtime_ns, "edited": 0}
    migrated.close()


class NoWal(Faulty):
    """A connection on a file system on which write-ahead logging fails."""

    def execute(self, query: str, *args: Any) -> Any:
        if "journal_mode = WAL" in query:
            raise broken_pipe()
        return self._real.execute(query, *args)


def without_wal(*args: Any, **options: Any) -> Any:
    return NoWal(sqlite3.connect(*args, **options), lambda: None)


def test_without_shared_memory_the_rollback_journal_serves(file: Path) -> None:
    """J18."""
    opened = SqliteJournal(file, without_wal)
    assert not opened.is_wal
    publish(opened, "a")
    opened.close()
    assert not file.with_name("journal.sqlite-wal").exists()


def test_a_journal_on_a_network_drive_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J18."""
    monkeypatch.setattr(_mounts, "is_network", lambda path: True)
    with pytest.raises(JournalBroken, match="network drive"):
        SqliteJournal(file)
    assert not file.exists()


def test_file_systems_are_told_by_the_mount_that_shows(tmp_path: Path) -> None:
    """F17."""
    mounts = tmp_path / "mountinfo"
    point = str(tmp_path / "a b").replace(" ", "\\040")
    mounts.write_text(
        "21 1 8:1 / / rw - ext4 /dev/sda rw\n"
        f"22 21 0:40 / {point} rw shared:1 - ext4 /dev/sdb rw\n"
        f"23 22 0:41 / {point} rw shared:2 - nfs4 server:/x rw\n"
    )
    (tmp_path / "a b" / "c").mkdir(parents=True)
    (tmp_path / "a bc").mkdir()
    assert _mounts.is_network(str(tmp_path / "a b" / "c"), str(mounts))
    assert not _mounts.is_network(str(tmp_path / "a bc"), str(mounts))
    assert _mounts.file_system("/x", str(tmp_path / "missing")) == ""


# --- surprises -----------------------------------------------------------------------------------


def test_a_journal_deleted_while_it_is_open_is_noticed(file: Path, journal: SqliteJournal) -> None:
    """J09."""
    publish(journal, "a")
    file.unlink()
    with pytest.raises(JournalLost, match="deleted"):
        journal.put("x", "y")


def test_a_journal_deleted_without_write_ahead_logging_is_noticed_too(file: Path) -> None:
    """J09, J18. SQLite itself refuses to write then, and calls the file read-only."""
    opened = SqliteJournal(file, without_wal)
    opened.put("x", "y")
    file.unlink()
    with pytest.raises(JournalLost, match="deleted"):
        opened.put("x", "z")


def test_a_journal_exchanged_while_it_is_open_is_noticed(
    file: Path, journal: SqliteJournal
) -> None:
    """J08, J09."""
    os.rename(file, file.with_name("moved"))
    SqliteJournal(file).close()
    with pytest.raises(JournalLost, match="replaced"):
        publish(journal, "a")


def test_a_journal_damaged_while_it_is_open_is_set_aside_by_the_next(file: Path) -> None:
    """J08, T78."""
    opened = SqliteJournal(file)
    opened.observe({RelPath(f"d/{n}"): hashed() for n in range(2000)}, ())
    opened._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened._db.execute("PRAGMA shrink_memory")  # nothing of it is in memory any more
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(os.urandom(size - 4096))
    with pytest.raises(JournalLost, match="damaged"):
        opened.directory(RelPath("d"))
    opened.close()
    again = SqliteJournal(file)
    assert again.set_aside == str(file.parent / "journal.corrupt-1")
    assert Path(again.set_aside).stat().st_size == size
    assert again.directory(RelPath("d")) == {}
    again.close()


def test_a_damaged_journal_is_noticed_by_what_is_written_too(file: Path) -> None:
    """T78. SQLite notices in the middle of a transaction."""

    def fails() -> Exception | None:
        return damaged if armed else None

    armed: list[bool] = []
    damaged = sqlite3.DatabaseError("database disk image is malformed")
    damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    opened = SqliteJournal(file, lambda *a, **o: Faulty(sqlite3.connect(*a, **o), fails))
    armed.append(True)
    with pytest.raises(JournalLost, match="damaged"):
        opened.put("x", "y")
    opened.close()
    again = SqliteJournal(file)
    assert again.set_aside is not None
    again.close()


def test_a_journal_put_back_after_the_damage_is_not_set_aside(file: Path) -> None:
    """J08, T78."""
    first = SqliteJournal(file)
    publish(first, "a")
    first.close()
    backup = file.with_name("backup")
    backup.write_bytes(file.read_bytes())
    damage(file, "UPDATE remote SET state = 'bewitched'")
    opened = SqliteJournal(file)
    with pytest.raises(JournalLost):
        list(opened.documents())
    opened.close()
    backup.rename(file)
    again = SqliteJournal(file)
    assert again.set_aside is None
    assert set(again.synced_all()) == {"a"}
    again.close()
    assert not file.with_name(file.name + _journal_files.SIGN).exists()


def test_what_a_person_wished_for_is_taken_over_from_a_damaged_journal(file: Path) -> None:
    """T78, R12: what can be read of it."""
    rules = {
        RelPath("clients"): FolderRule(3600, ("anna@example.org",)),
        RelPath("odd \udcff"): FolderRule(None, ()),
    }
    opened = SqliteJournal(file)
    for path, rule in rules.items():
        opened.set_rule(path, rule)
    opened.set_rule(RelPath("illegible"), FolderRule(60, ("bob@example.org",)))
    for key in ("account", "paused", "halted", "cursor"):
        opened.put(key, key)
    publish(opened, "a")
    opened.close()
    damage(
        file,
        "UPDATE rules SET people = x'5b317d' WHERE path = CAST('illegible' AS BLOB)",
        "UPDATE meta SET value = x'ff' WHERE key = 'halted'",
        "UPDATE remote SET state = 'bewitched'",
    )
    give_up(file)
    again = SqliteJournal(file, whose="account", inherits=("paused", "halted"))
    assert again.rules() == rules
    found = [again.get(key) for key in ("account", "paused", "halted", "cursor")]
    assert found == ["account", "paused", None, None]
    assert again.synced_all() == {}
    again.close()


def test_what_is_nobodys_for_sure_is_not_taken_over(file: Path) -> None:
    """T78, R12: folder rules of another account would give documents to the wrong people."""
    opened = SqliteJournal(file)
    opened.set_rule(RelPath("clients"), FolderRule(3600, ("anna@example.org",)))
    opened.put("account", "anna")
    opened.put("paused", "1")
    publish(opened, "a")
    opened.close()
    damage(file, "UPDATE meta SET value = x'ff' WHERE key = 'account'")
    damage(file, "UPDATE remote SET state = 'bewitched'")
    give_up(file)
    again = SqliteJournal(file, whose="account", inherits=("paused",))
    assert again.set_aside is not None
    assert again.rules() == {}
    assert again.get("paused") is None
    again.close()


@pytest.mark.parametrize("step", ["rename", "migrate", "take over"])
def test_a_kill_while_a_damaged_journal_is_set_aside_loses_no_wish(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """T78, J01."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    opened = SqliteJournal(file)
    opened.set_rule(RelPath("clients"), FolderRule(3600, ("anna@example.org",)))
    opened.put("account", "anna")
    publish(opened, "a")
    opened.close()
    damage(file, "UPDATE remote SET state = 'bewitched'")
    give_up(file)
    with monkeypatch.context() as patch:
        match step:
            case "rename":
                patch.setattr(os, "rename", killed)
            case "migrate":
                patch.setattr(schema, "_migrate", killed)
            case _:
                patch.setattr(schema, "_value", killed)
        with pytest.raises(KeyboardInterrupt):
            SqliteJournal(file, whose="account")
    again = SqliteJournal(file, whose="account")
    assert list(again.rules()) == ["clients"]
    assert list(again.documents()) == []
    again.close()
    once_more = SqliteJournal(file)
    assert once_more.set_aside is None
    once_more.close()


def test_another_account_leaves_no_damaged_journal_behind(file: Path) -> None:
    """T69. They tell of documents and people of the one before."""
    SqliteJournal(file).close()
    file.write_bytes(b"x" * 5000)
    opened = SqliteJournal(file)
    assert opened.set_aside is not None
    opened.clear()
    opened.close()
    assert not list(file.parent.glob("*corrupt*"))


@pytest.mark.parametrize("step", ["rename", "unlink"])
def test_a_damaged_journal_that_cannot_be_set_aside_is_said(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """T78, J14: on a disk that can only be read, say."""

    def refused(path: str, *_: object) -> None:
        if os.path.lexists(path):
            raise OSError(errno.EROFS, "Read-only file system")
        raise FileNotFoundError(path)

    SqliteJournal(file).close()
    file.write_bytes(b"x" * 5000)
    monkeypatch.setattr(os, step, refused)
    with pytest.raises(JournalBroken, match="Read-only"):
        SqliteJournal(file)


def test_a_disk_that_goes_bad_is_not_filled_with_damaged_journals(file: Path) -> None:
    """T78."""
    for _ in range(_journal_files.MOST_ASIDE + 2):
        SqliteJournal(file).close()
        file.write_bytes(b"x" * 5000)
    SqliteJournal(file).close()
    assert len(list(file.parent.glob("journal.corrupt-*"))) == _journal_files.MOST_ASIDE


def test_a_full_disk_is_said_and_nothing_is_half_there(file: Path) -> None:
    """J05. For every statement of a settlement that fails: all of it or nothing."""
    n = 0
    while True:
        n += 1
        file.unlink(missing_ok=True)
        ready = SqliteJournal(file)
        ready.observe({RelPath("a"): hashed()}, ())
        ready.intend(["publish"], [OpId("op")])
        ready.close()
        armed = [False]
        count = [0]

        def fails(armed: list[bool] = armed, count: list[int] = count, n: int = n) -> Any:
            count[0] += armed[0]
            return full() if armed[0] and count[0] == n else None

        opened = SqliteJournal(
            file,
            lambda *a, **o: Faulty(sqlite3.connect(*a, **o), fails),
        )
        armed[0] = True
        try:
            opened.settle([Settled(RelPath("a"), agreed(), document(), "publish")])
            has_failed = False
        except OSError as exc:
            has_failed = True
            assert "full" in str(exc)
        armed[0] = False
        is_settled = opened.synced(RelPath("a")) is not None
        assert is_settled is not has_failed
        assert (opened.document(document().share_id) is not None) is is_settled
        assert (opened.intend(["publish"], [OpId("new")]) == ["op"]) is not is_settled
        opened.close()
        if not has_failed:
            break
    assert n > 5


def test_a_really_full_disk_is_said(tmp_path: Path) -> None:
    """J05. SQLite's own limit stands for the disk's."""
    opened = SqliteJournal(tmp_path / "journal.sqlite")
    (pages,) = opened._db.execute("PRAGMA page_count").fetchone()
    opened._db.execute(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(OSError, match="full") as caught:
        opened.observe({RelPath(f"d/{n}"): hashed() for n in range(5000)}, ())
    assert not isinstance(caught.value, JournalBroken)
    assert opened.directory(RelPath("d")) == {}
    opened.put("still", "usable")
    opened.close()


def test_a_disk_too_full_to_open_the_journal_is_said_as_full(file: Path) -> None:
    """J05. The file that readers share cannot grow: SQLite calls that an error of the disk."""

    def connect(*_: Any, **__: Any) -> sqlite3.Connection:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise error

    with pytest.raises(OSError, match="full") as caught:
        SqliteJournal(file, connect)
    assert not isinstance(caught.value, JournalBroken)


@pytest.mark.parametrize(
    "change",
    [
        "remote SET state = 'bewitched'",
        "remote SET state = CAST(x'6c69f665' AS TEXT)",
        "remote SET owner = 'text'",
        "remote SET owner = x'ff'",
        "remote SET owner = CAST('[]' AS BLOB)",
        "remote SET link = '{\"expires\": 1}'",
        "remote SET size = 'many'",
        "remote SET size = 9e999",
        "remote SET display_name = 3",
        "paths SET name = 'text'",
        "paths SET skip = 'bewitched'",
        "paths SET agreed_size = 'many'",
        "paths SET agreed_sha256 = 3",
        "notes SET message = 3",
        "meta SET value = 3 WHERE key = 'x'",
        "intents SET intent = x'ff'",
        "transfers SET ino = 'many'",
        "rules SET people = CAST('[1]' AS BLOB)",
        "rules SET lifetime = 'long'",
    ],
)
def test_flipped_bits_in_a_row_are_no_surprise(file: Path, change: str) -> None:
    """T78. Another type, a word that no version knows: each read of it says that it is damaged."""
    opened = SqliteJournal(file)
    publish(opened, "a")
    opened.put("x", "y")
    opened.note(RelPath("a"), Note("problem", "No."))
    opened.intend(["publish"], [OpId("op")])
    opened.save_transfer(Transfer(OpId("op"), RelPath("a"), stat(), "u", "g", "k", None, 8, {}))
    opened.set_rule(RelPath("d"), FolderRule(60, ("anna@example.org",)))
    opened.close()
    damage(file, f"UPDATE {change}")
    again = SqliteJournal(file)
    with pytest.raises(JournalLost, match="damaged"):
        read_everything(again)
    again.close()
    anew = SqliteJournal(file)
    assert anew.set_aside is not None
    read_everything(anew)
    anew.close()


def damage(file: Path, *statements: str) -> None:
    """Change what rows say, in pages that are whole."""
    with contextlib.closing(sqlite3.connect(file)) as raw:
        for statement in statements:
            assert raw.execute(statement).rowcount > 0
        raw.commit()


def give_up(file: Path) -> None:
    """Meet the damage."""
    opened = SqliteJournal(file)
    with pytest.raises(JournalLost, match="damaged"):
        list(opened.documents())
    opened.close()


def read_everything(journal: SqliteJournal) -> None:
    list(journal.documents())
    journal.get("x")
    journal.notes()
    journal.intents()
    journal.transfers()
    journal.rules()
    journal.synced_all()
    journal.read_after(RelPath(""), 100)
    for directory in journal.directories(ROOT):
        journal.directory(directory)


# --- reading beside the engine -------------------------------------------------------------------


def test_status_reads_without_a_journal(file: Path) -> None:
    reading = SqliteJournal.reading(file)
    assert reading.synced_all() == {}
    reading.close()
    assert not file.exists()


def test_status_reads_beside_a_running_engine(file: Path, journal: SqliteJournal) -> None:
    publish(journal, "a")
    reading = SqliteJournal.reading(file)
    assert set(reading.synced_all()) == {"a"}
    publish(journal, "b", "d2")
    assert set(reading.synced_all()) == {"a", "b"}
    with pytest.raises(JournalBroken):
        reading.put("x", "y")
    reading.close()


def test_status_reads_an_older_journal_without_touching_it(
    file: Path,
) -> None:
    """M01. Only the engine, which holds the lock, migrates the file."""
    old = SqliteJournal(file)
    publish(old, "a")
    old.close()
    newer = (*MIGRATIONS, ("ALTER TABLE notes ADD COLUMN at INTEGER",))
    connection = schema.open_reading(str(file), sqlite3.connect, newer)
    assert connection.execute("SELECT count(at) FROM notes").fetchone() == (0,)
    connection.close()
    raw = sqlite3.connect(file)
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    raw.close()


# --- speed ---------------------------------------------------------------------------------------


def test_a_clean_pass_over_many_files_reads_what_it_must_and_no_more(file: Path) -> None:
    """N02. Of this thread's own time; the limits are loose, `make bench` has the true ones."""
    opened = SqliteJournal(file)
    files = {
        RelPath(f"d{n // 100}/file{n}"): LocalFile(stat(n), 5, f"{n:064x}") for n in range(20_000)
    }
    opened.observe(files, ())
    opened.settle(
        [
            Settled(p, agreed(f"s{n}", f.sha256 or ""), document(f"s{n}", p, f.sha256 or ""), "")
            for n, (p, f) in enumerate(files.items())
        ]
    )
    began = time.thread_time()
    trees = opened.differences()
    assert time.thread_time() - began < 0.05
    assert trees.local == trees.synced == {}
    plan = opened._db.execute(
        "EXPLAIN QUERY PLAN SELECT dir, name FROM paths INDEXED BY differing WHERE differs"
    ).fetchone()[3]
    assert "USING" in plan
    assert "differing" in plan
    began = time.thread_time()
    assert sum(len(opened.directory(d)) for d in opened.directories(ROOT)) == 20_000
    assert time.thread_time() - began < 2.0
    opened.close()


def test_polling_without_news_writes_nothing(file: Path, journal: SqliteJournal) -> None:
    """N02. No disk is woken by a poll."""
    journal.learn([document(state=DocumentState.LIVE)], (), "c1")
    wal = file.with_name("journal.sqlite-wal")
    before = wal.stat().st_size
    journal.learn((), (), "c1")
    journal.learn((), (), None)
    assert wal.stat().st_size == before


def test_stats_of_any_size_are_told_apart(journal: SqliteJournal) -> None:
    """E08. Two inodes that differ beyond 64 bits only."""
    one, other = Stat(1, 2**70, 0, 0, 0), Stat(1, 2**70 + 1, 0, 0, 0)
    journal.observe({RelPath("a"): LocalFile(one, 0, None)}, ())
    seen = journal.local(RelPath("a"))
    assert seen is not None
    assert seen.stat == one != other
