"""The journal's local tree: what was last seen in the folder."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from marshal import dumps

from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters._journal_store import Store, upsert
from mydoctransfer.engine.ports import Entry, Seen
from mydoctransfer.model.trees import LocalFile, RelPath, Skip, Stat

_SELECT_ENTRIES = (
    "SELECT CAST(name AS TEXT), dev, ino, size, mtime_ns, ctime_ns, skip FROM paths "
    "WHERE dir = ? AND size IS NOT NULL ORDER BY name"
)
_SELECT_LOCAL = f"SELECT {rows.LOCAL} FROM paths WHERE dir = ? AND name = ? AND size IS NOT NULL"
_SELECT_READ = (
    f"SELECT dir, name, {rows.LOCAL} FROM paths WHERE (dir, name) > (?, ?) "
    "AND sha256 IS NOT NULL AND skip IS NULL ORDER BY dir, name LIMIT ?"
)
_PUT_LOCAL = upsert("paths", "dir, name", rows.LOCAL)
_MANY_LOCAL = 250  # rows in one statement
_PUT_MANY_LOCAL = upsert("paths", "dir, name", rows.LOCAL, count=_MANY_LOCAL)
_CLEAR_LOCAL = (
    f"UPDATE paths SET ({rows.LOCAL}) = ({', '.join(['NULL'] * 8)}) WHERE dir = ? AND name = ?"
)
_SELECT_LOOK = "SELECT 1 FROM looks WHERE dir = ? AND digest = ?"
_PUT_LOOK = "REPLACE INTO looks VALUES (?, ?)"
_DROP_LOOK = "DELETE FROM looks WHERE dir = ?"
_UNREFERRING = 2  # the last form of `marshal` in which equal values have equal bytes
DROP_EMPTY = "DELETE FROM paths WHERE dir = ? AND name = ? AND size IS NULL AND share_id IS NULL"


class LocalTree(Store):
    """What was seen, directory by directory."""

    _looks: dict[bytes, bytes]  # digests that are not written down yet

    def directory(self, directory: RelPath) -> dict[str, Seen]:
        """What is known directly in this directory, by name."""
        with self._reading():
            return rows.seen_by_name(
                self._db.execute(
                    "SELECT name, dev, ino, size, mtime_ns, ctime_ns, skip, sha256 FROM paths "
                    "WHERE dir = ? AND size IS NOT NULL",
                    (rows.text(directory),),
                )
            )

    def has_exactly(self, directory: RelPath, entries: Sequence[Entry]) -> bool:
        """Whether just these regular files were last seen here, as they are now.

        Told by the digest of an earlier look, where there is one: it takes a third of the time of
        reading the rows. SQLite decodes the names and the rows are compared as they come: what
        would need decoding by hand (odd bytes, numbers beyond 64 bits, skipped entries) is said to
        differ.
        """
        key, digest = rows.text(directory), _digest(entries)
        with self._reading():
            if digest and self._one(_SELECT_LOOK, key, digest):
                return True
            try:
                found = self._db.execute(_SELECT_ENTRIES, (key,)).fetchall()
            except sqlite3.OperationalError as exc:
                if "decode to UTF-8" in str(exc):
                    return False
                raise
            if found != entries:
                return False
            if digest:
                self._looks[key] = digest
            return True

    def directories(self, beneath: RelPath) -> set[RelPath]:
        """Every directory known to hold an entry, `beneath` itself included."""
        top = rows.text(beneath)
        with self._reading():
            found = self._directories_from(b"", None) if not top else self._directories_in(top)
            return {RelPath(rows.string(d)) for d in found}

    def _directories_in(self, top: bytes) -> list[bytes]:
        itself = [d for d in self._directories_from(top, top + b"\0")]
        # "0" follows "/": between the two lies what is beneath.
        return itself + self._directories_from(top + b"/", top + b"0")

    def _directories_from(self, first: bytes, end: bytes | None) -> list[bytes]:
        # One seek a directory instead of one step a file.
        found = self._db.execute(
            """
            WITH RECURSIVE each (dir) AS (
                SELECT min(dir) FROM paths WHERE dir >= :first
                UNION ALL
                SELECT (SELECT min(dir) FROM paths WHERE dir > each.dir) FROM each
                WHERE each.dir IS NOT NULL AND (:end IS NULL OR each.dir < :end)
            )
            SELECT dir FROM each
            WHERE dir IS NOT NULL AND (:end IS NULL OR dir < :end) AND EXISTS (
                SELECT 1 FROM paths WHERE paths.dir = each.dir AND size IS NOT NULL)
            """,
            {"first": first, "end": end},
        )
        return [d for (d,) in found]

    def local(self, path: RelPath) -> Seen | None:
        with self._reading():
            row = self._one(_SELECT_LOCAL, *rows.split(path))
            return None if row is None else rows.seen_by_name([(b"", *row[:7])])[""]

    def observe(
        self, files: Mapping[RelPath, LocalFile | tuple[Stat, Skip]], vanished: Iterable[RelPath]
    ) -> None:
        """Put the local tree right for these paths, in one transaction; keep the digests of the
        directories that `has_exactly` has compared since."""
        gone = [rows.split(path) for path in vanished]
        seen = rows.local_rows(files)
        touched = {row[0] for row in chain(seen, gone)}
        for directory in touched:
            self._looks.pop(directory, None)
        if not (touched or self._looks):
            return
        with self._writing():
            self._put_local(seen)
            self._db.executemany(_CLEAR_LOCAL, gone)
            self._db.executemany(DROP_EMPTY, gone)
            self._db.executemany(_PUT_LOOK, self._looks.items())
            self._db.executemany(_DROP_LOOK, ((directory,) for directory in touched))
        self._looks.clear()

    def _put_local(self, entries: Sequence[rows.Row]) -> None:
        """Write many rows with one statement: SQLite lets go of the interpreter for each, and to
        get it back from a thread that hashes costs more than the row."""
        whole = len(entries) - len(entries) % _MANY_LOCAL
        for first in range(0, whole, _MANY_LOCAL):
            chunk = entries[first : first + _MANY_LOCAL]
            self._db.execute(_PUT_MANY_LOCAL, [*chain.from_iterable(chunk)])
        self._db.executemany(_PUT_LOCAL, entries[whole:])

    def unhashed(self) -> dict[RelPath, Stat]:
        """Files whose bytes were not read yet."""
        with self._reading():
            found = self._db.execute(
                "SELECT dir, name, dev, ino, size, mtime_ns, ctime_ns FROM paths "
                "INDEXED BY unhashed WHERE is_unhashed"
            )
            return {rows.joined(*row[:2]): rows.stat_of(row[2:]) for row in found}

    def read_after(self, path: RelPath, count: int) -> list[tuple[RelPath, LocalFile]]:
        """Files whose bytes were read, in the journal's order from behind this path ("": all)."""
        with self._reading():
            found = self._db.execute(_SELECT_READ, (*rows.split(path), count))
            return [(rows.joined(*row[:2]), rows.local_of(row[2:])) for row in found]

    def skipped(self) -> dict[RelPath, Skip]:
        with self._reading():
            found = self._db.execute(
                "SELECT dir, name, skip FROM paths INDEXED BY skipped WHERE skip IS NOT NULL"
            )
            return {rows.joined(d, name): rows.skip_of(skip) for d, name, skip in found}


def _digest(entries: Sequence[Entry]) -> bytes | None:
    """Return what only a directory of just these regular files has; None for all others."""
    flat = [*chain.from_iterable(entries)]
    try:
        return hashlib.sha256(dumps(flat, _UNREFERRING)).digest() if flat else None
    except ValueError:  # a reason to skip one is nothing that `marshal` knows
        return None
