"""The journal's tables, and how a journal file is opened.

Promises: the file that is opened is whole, of this version, and safe to commit to on this file
system; of a damaged one is taken over what cannot be had anew. Leaves to others: what the rows
mean, and where a damaged one is put (`_journal_files`).
"""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters import _mounts
from mydoctransfer.adapters._journal_files import set_aside, set_condemned_aside, taken_over
from mydoctransfer.engine.ports import JournalBroken
from mydoctransfer.model.errors import is_disk_full

Connect = Callable[..., sqlite3.Connection]

# One row of `paths` is one path in two trees side by side: what was last seen on disk, and what
# was last agreed with the server. `live_version` repeats the live document's version from
# `remote`, so that whether a path differs can be told from its row alone: SQLite itself keeps the
# index of rows that differ, and a pass over 100,000 clean rows reads none of them.
#
# Columns without a type hold numbers as they are, or as text where 64 bits do not suffice (E01:
# nanoseconds of the year 31,688,738; E08: inode numbers above 2**63).
#
# All strings that people or file systems chose are BLOBs: they may hold lone surrogates.
_DIFFERS = """
CASE
    WHEN size IS NULL OR skip IS NOT NULL THEN share_id IS NOT NULL
    WHEN sha256 IS NULL THEN 0
    WHEN share_id IS NULL THEN 1
    WHEN sha256 <> agreed_sha256 THEN 1
    WHEN live_version IS NULL THEN NOT is_gone
    ELSE live_version <> version
END
"""

_FIRST = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    f"""
    CREATE TABLE paths (
        dir BLOB NOT NULL, name BLOB NOT NULL,
        dev, ino, size, mtime_ns, ctime_ns, skip TEXT, sha256 BLOB, birth_ns,
        share_id TEXT, version INTEGER, agreed_sha256 BLOB, agreed_size, agreed_dev, agreed_ino,
        agreed_birth_ns, is_adopted INTEGER, is_gone INTEGER,
        live_version INTEGER,
        differs INTEGER GENERATED ALWAYS AS ({_DIFFERS}) VIRTUAL,
        is_unhashed INTEGER GENERATED ALWAYS AS (
            size IS NOT NULL AND skip IS NULL AND sha256 IS NULL) VIRTUAL,
        PRIMARY KEY (dir, name)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX differing ON paths (dir, name) WHERE differs",
    "CREATE INDEX unhashed ON paths (dir, name) WHERE is_unhashed",
    "CREATE INDEX skipped ON paths (dir, name) WHERE skip IS NOT NULL",
    "CREATE INDEX agreed ON paths (share_id, live_version) WHERE share_id IS NOT NULL",
    """
    CREATE TABLE remote (
        share_id TEXT PRIMARY KEY,
        owner BLOB NOT NULL, is_mine INTEGER NOT NULL, path BLOB, display_name BLOB NOT NULL,
        size, sha256 TEXT NOT NULL, version INTEGER NOT NULL, revision INTEGER NOT NULL,
        state TEXT NOT NULL, uploaded_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        people BLOB, link TEXT, host BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX live_at ON remote (path) WHERE path IS NOT NULL AND state = 'live'",
    "CREATE INDEX live_until ON remote (expires_at) WHERE state = 'live'",
    "CREATE TABLE intents (intent BLOB PRIMARY KEY, op_id TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE transfers (
        number INTEGER PRIMARY KEY,
        op_id TEXT NOT NULL UNIQUE, path BLOB NOT NULL,
        dev, ino, size, mtime_ns, ctime_ns,
        upload_id TEXT NOT NULL, grant_id TEXT NOT NULL, key TEXT NOT NULL, multipart_id TEXT,
        part_size INTEGER NOT NULL
    )
    """,
    "CREATE INDEX transfer_of ON transfers (path)",
    """
    CREATE TABLE parts (
        op_id TEXT NOT NULL REFERENCES transfers (op_id) ON DELETE CASCADE,
        number INTEGER NOT NULL, etag TEXT NOT NULL, crc32 INTEGER NOT NULL, size INTEGER NOT NULL,
        PRIMARY KEY (op_id, number)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE notes (path BLOB PRIMARY KEY, state TEXT NOT NULL, message BLOB NOT NULL)
    WITHOUT ROWID
    """,
    """
    CREATE TABLE withdrawals (
        share_id TEXT PRIMARY KEY, at INTEGER NOT NULL, confirmed INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE TABLE rules (path BLOB PRIMARY KEY, lifetime INTEGER, people BLOB NOT NULL) "
    "WITHOUT ROWID",
)

# `MIGRATIONS[n]` brings version n to n + 1, in one transaction (M01).
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _FIRST,
    ("CREATE INDEX homes ON paths (agreed_ino) WHERE share_id IS NOT NULL",),
    ("ALTER TABLE remote ADD COLUMN fetched BLOB",),
    # One digest for all that was last seen directly in a directory; none where nobody compared it
    # since it last changed. It goes in the transaction that changes a row of the directory.
    ("CREATE TABLE looks (dir BLOB PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID",),
    # For agreements of before it is known where the file was not touched since.
    (
        "ALTER TABLE paths ADD COLUMN agreed_mtime_ns",
        "UPDATE paths SET agreed_mtime_ns = mtime_ns WHERE share_id IS NOT NULL "
        "AND sha256 = agreed_sha256 AND ino = agreed_ino AND dev = agreed_dev",
        "CREATE INDEX emptied ON paths (dir, name) WHERE skip = 'emptied'",
    ),
    ("CREATE INDEX left_at ON remote (path) WHERE path IS NOT NULL AND state <> 'live'",),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open journal. `set_aside` is where a damaged one was moved; then this one is new."""

    connection: sqlite3.Connection
    is_wal: bool
    set_aside: str | None


def open_journal(
    path: str,
    connect: Connect,
    migrations: Sequence[Sequence[str]] = MIGRATIONS,
    whose: str = "",
    inherits: Collection[str] = (),
) -> Opened:
    """Open the journal at `path`, made or migrated as needed.

    Where it is damaged, a new one begins with the folder rules of the damaged one and with the
    values under the keys `whose` and `inherits`, as far as they can be read; where the value under
    `whose` cannot, with nothing: it could be somebody else's.

    Raises:
        JournalBroken: on a network drive (J18), of a newer version (M02), or it cannot be read or
            written. OSError: the disk is full.
    """
    if _mounts.is_network(os.path.dirname(path)):
        raise JournalBroken(
            f"The journal {path} would lie on a network drive, where it can be damaged. Choose a "
            "local directory with --home.",
            "journal_on_network",
        )
    try:
        with contextlib.ExitStack() as unless_opened:
            connection, aside = _connect_to_whole(path, connect)
            unless_opened.callback(connection.close)
            _migrate(connection, path, migrations)
            if aside is not None:
                _take_over(aside, connection, connect, whose, inherits)
                taken_over(path)
            opened = Opened(connection, _choose_mode(connection), aside)
            unless_opened.pop_all()
            return opened
    except (sqlite3.Error, OSError) as exc:
        if is_disk_full(exc):
            raise
        raise _unopened(exc, path) from exc


def open_reading(
    path: str, connect: Connect, migrations: Sequence[Sequence[str]] = MIGRATIONS
) -> sqlite3.Connection:
    """Open for reading beside a running engine; an empty one in memory where there is none.

    An older journal is brought up to date in memory only: the file belongs to the engine.
    """
    try:
        if not os.path.exists(path):
            return _in_memory(connect, None, migrations)
        connection = _connect(path, connect, check=False)
        _refuse_newer(connection, path, migrations)
        if _version(connection) < len(migrations):
            with contextlib.closing(connection):
                return _in_memory(connect, connection, migrations)
        connection.execute("PRAGMA query_only = ON")
        return connection
    except sqlite3.DatabaseError as exc:
        if not is_damage(exc):
            raise failure_of(exc) from exc
        return _in_memory(connect, None, migrations)


def failure_of(exc: Exception) -> Exception:
    """Return what the engine is told about an error of SQLite: OSError or JournalBroken."""
    code = getattr(exc, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    # The file that readers share is made anew at every start, and a full disk is what stops it.
    is_full = primary == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE
    if is_full or "disk is full" in str(exc):
        return OSError(errno.ENOSPC, f"The disk with the journal is full ({exc})")
    return JournalBroken(
        f"The journal cannot be read or written ({exc}). Look whether the disk that it lies on is "
        "full or out of order."
    )


def _unopened(exc: sqlite3.Error | OSError, path: str) -> Exception:
    failure = failure_of(exc)
    if isinstance(failure, OSError):
        return failure
    return JournalBroken(
        f"The journal {path} cannot be read or written ({exc})."
        " Put that right, or name another place with --home."
    )


def _connect_to_whole(path: str, connect: Connect) -> tuple[sqlite3.Connection, str | None]:
    aside = set_condemned_aside(path)
    try:
        return _connect(path, connect), aside
    except sqlite3.DatabaseError as exc:
        if not is_damage(exc):
            raise
    aside = set_aside(path)
    return _connect(path, connect), aside


def _connect(path: str, connect: Connect, check: bool = True) -> sqlite3.Connection:
    connection = connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cell_size_check = ON")
        _be_defensive(connection)
        if check:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found[0] != "ok":
                raise _damaged(found[0])
    except BaseException:
        connection.close()
        raise
    return connection


def _be_defensive(connection: Any) -> None:
    if hasattr(connection, "setconfig"):  # Python 3.12
        connection.setconfig(1010)  # SQLITE_DBCONFIG_DEFENSIVE


def _damaged(reason: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(reason)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def is_damage(exc: Exception) -> bool:
    """Whether what the file holds is the trouble, not the disk."""
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
    is_corrupt = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
    return is_corrupt or "decode to UTF-8" in str(exc)  # a text with a flipped bit has no code


def _take_over(
    aside: str,
    connection: sqlite3.Connection,
    connect: Connect,
    whose: str,
    inherits: Collection[str],
) -> None:
    rules: list[rows.Row] = []
    values: list[rows.Row] = []
    is_legible = contextlib.suppress(sqlite3.DatabaseError, ValueError)
    uri, reading = f"{Path(aside).absolute().as_uri()}?mode=ro", partial(connect, uri=True)
    with is_legible, contextlib.closing(_connect(uri, reading, check=False)) as old:
        values += [_value(old, whose)]
        for key in inherits:
            with is_legible:
                values.append(_value(old, key))
        for row in old.execute("SELECT path, lifetime, people FROM rules"):
            with is_legible:
                rules.append(rows.rule_row(*rows.rule_of(row)))
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        connection.executemany("REPLACE INTO rules VALUES (?, ?, ?)", rules)
        connection.executemany("REPLACE INTO meta VALUES (?, ?)", values)


def _value(connection: sqlite3.Connection, key: str) -> rows.Row:
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    if found is None:
        raise ValueError(f"nothing under {key}")
    return key, rows.text(rows.string(found[0]))


def _migrate(
    connection: sqlite3.Connection, path: str, migrations: Sequence[Sequence[str]]
) -> None:
    _refuse_newer(connection, path, migrations)
    for version in range(_version(connection), len(migrations)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in migrations[version]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            roll_back(connection)
            raise


def _refuse_newer(
    connection: sqlite3.Connection, path: str, migrations: Sequence[Sequence[str]]
) -> None:
    if _version(connection) > len(migrations):
        connection.close()
        raise JournalBroken(
            f"The journal {path} was written by a newer version of MyDoc Transfer. Install that "
            "version again; nothing was changed.",
            "journal_newer",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _choose_mode(connection: sqlite3.Connection) -> bool:
    """Use write-ahead logging where a write through it succeeds; else the rollback journal.

    Commits are durable in both: an idempotency key has to be on disk before it is sent (R4).
    """
    connection.execute("PRAGMA synchronous = FULL")
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode == "wal":
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('wal_probe', x'31')")
            connection.execute("COMMIT")
            return True
    except sqlite3.OperationalError as exc:
        if isinstance(failure_of(exc), OSError):
            raise
        roll_back(connection)
    connection.execute("PRAGMA journal_mode = DELETE")
    return False


def roll_back(connection: sqlite3.Connection) -> None:
    """Leave the transaction, if one is open; SQLite may have done so by itself."""
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _in_memory(
    connect: Connect, source: sqlite3.Connection | None, migrations: Sequence[Sequence[str]]
) -> sqlite3.Connection:
    connection = connect(":memory:", isolation_level=None, check_same_thread=False)
    if source is not None:
        source.backup(connection)
    _migrate(connection, ":memory:", migrations)
    return connection
