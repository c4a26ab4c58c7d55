"""The connection under the journal: transactions, and single values.

Promises: what is written is durable; a file that was deleted, replaced or damaged meanwhile is
noticed.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from mydoctransfer import testing
from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters._journal_files import Inode, asides, condemn, inode_of
from mydoctransfer.adapters._journal_schema import failure_of, is_damage, roll_back
from mydoctransfer.engine.ports import JournalLost


def upsert(table: str, key: str, columns: str, condition: str = "", count: int = 1) -> str:
    """Return the statement that writes `count` rows, new or not."""
    sets = ", ".join(f"{c.strip()} = excluded.{c.strip()}" for c in columns.split(","))
    one = f"({rows.marks(f'{key}, {columns}')})"
    return (
        f"INSERT INTO {table} ({key}, {columns}) VALUES {', '.join([one] * count)} "
        f"ON CONFLICT ({key}) DO UPDATE SET {sets} {condition}"
    )


class Store:
    """One open journal file; every part of the journal reads and writes through it."""

    _db: sqlite3.Connection
    _path: str | None
    _inode: Inode | None

    def get(self, key: str) -> str | None:
        with self._reading():
            found = self._one("SELECT value FROM meta WHERE key = ?", key)
            return None if found is None else rows.string(found[0])

    def put(self, key: str, value: str | None) -> None:
        with self._writing():
            self._put(key, value)

    def _put(self, key: str, value: str | None) -> None:
        if value is None:
            self._db.execute("DELETE FROM meta WHERE key = ?", (key,))
        else:
            self._db.execute("REPLACE INTO meta VALUES (?, ?)", (key, rows.text(value)))

    def _one(self, query: str, *values: object) -> rows.Row | None:
        row: rows.Row | None = self._db.execute(query, values).fetchone()
        return row

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as exc:
            self._check_presence()
            if isinstance(exc, ValueError) or is_damage(exc):
                self._give_up(exc)
            raise failure_of(exc) from exc

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._check_presence()
            self._commit()
        except (sqlite3.Error, ValueError) as exc:
            roll_back(self._db)
            self._check_presence()  # without write-ahead logging, SQLite fails of it first
            if is_damage(exc):  # a ValueError is of what was to be written, not of what is there
                self._give_up(exc)
            raise failure_of(exc) from exc
        except BaseException:
            roll_back(self._db)
            raise

    def _commit(self) -> None:
        testing.reach("journal.commit")
        self._db.execute("COMMIT")

    def _check_presence(self) -> None:
        """Notice that the file is gone or another: SQLite would write on into nowhere (J09)."""
        if self._path is not None and inode_of(self._path) != self._inode:
            raise JournalLost(
                f"The journal {self._path} was deleted or replaced while it was in use. Your files "
                "and documents are not touched, but see whether the rules of folders are still "
                "there.",
                "journal_deleted",
            )

    def _give_up(self, exc: Exception) -> None:
        """Leave a file that makes no sense to the next opening, which sets it aside."""
        if self._path is None:
            return
        condemn(self._path, self._inode)
        raise JournalLost(
            f"The journal {self._path} was damaged. It is put aside and made anew; your files and "
            "documents are not touched, but see whether the rules of folders are still there.",
            "journal_damaged",
        ) from exc

    def _forget_asides(self) -> None:
        try:
            for aside in asides(self._path or os.devnull):
                os.unlink(aside)
        except OSError as exc:
            raise failure_of(exc) from exc
