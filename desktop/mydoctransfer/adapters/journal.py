"""The engine's memory in one SQLite file.

Promises: every call is one transaction, durable when it returns; numbers and names come back as
they went in; a deleted, damaged or newer file is noticed and said, never written over.
Leaves to others: deciding anything. Called by one thread.
"""

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain

from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters._journal_schema import (
    MIGRATIONS,
    Connect,
    JournalBroken,
    failure_of,
    open_journal,
    open_reading,
    roll_back,
)
from mydoctransfer.engine.ports import Entry, FolderRule, Note, Part, Seen, Settled, Transfer
from mydoctransfer.model.trees import (
    Document,
    LocalFile,
    OpId,
    RelPath,
    ShareId,
    Skip,
    Stat,
    Synced,
    Trees,
)

__all__ = ["JournalBroken", "SqliteJournal"]

CURSOR_KEY = "cursor"  # where the engine's session looks for it
_KEEP_WITHDRAWALS = 30 * 86_400_000  # milliseconds

_OF_THE_FOLDER = ("paths", "parts", "transfers", "notes")

_MANY_PATHS = 1000  # from here on, reading all live documents is cheaper than asking for each

_SELECT_ENTRIES = (
    "SELECT CAST(name AS TEXT), dev, ino, size, mtime_ns, ctime_ns, skip FROM paths "
    "WHERE dir = ? AND size IS NOT NULL ORDER BY name"
)
_SELECT_LOCAL = f"SELECT {rows.LOCAL} FROM paths WHERE dir = ? AND name = ? AND size IS NOT NULL"
_SELECT_SYNCED = (
    f"SELECT {rows.SYNCED} FROM paths WHERE dir = ? AND name = ? AND share_id IS NOT NULL"
)
_SELECT_REMOTE = f"SELECT {rows.REMOTE} FROM remote"
_SELECT_TRANSFER = f"SELECT {rows.TRANSFER} FROM transfers"


def _upsert(table: str, key: str, columns: str, condition: str = "", count: int = 1) -> str:
    sets = ", ".join(f"{c.strip()} = excluded.{c.strip()}" for c in columns.split(","))
    one = f"({rows.marks(f'{key}, {columns}')})"
    return (
        f"INSERT INTO {table} ({key}, {columns}) VALUES {', '.join([one] * count)} "
        f"ON CONFLICT ({key}) DO UPDATE SET {sets} {condition}"
    )


_PUT_LOCAL = _upsert("paths", "dir, name", rows.LOCAL)
_MANY_LOCAL = 250  # rows in one statement
_PUT_MANY_LOCAL = _upsert("paths", "dir, name", rows.LOCAL, count=_MANY_LOCAL)
_PUT_SYNCED = _upsert("paths", "dir, name", rows.SYNCED)
_PUT_REMOTE = _upsert(
    "remote",
    "share_id",
    rows.REMOTE.partition(", ")[2],
    "WHERE excluded.revision >= remote.revision",
)
_PUT_TRANSFER = _upsert("transfers", "op_id", rows.TRANSFER.partition(", ")[2])
_CLEAR_LOCAL = (
    f"UPDATE paths SET ({rows.LOCAL}) = ({', '.join(['NULL'] * 8)}) WHERE dir = ? AND name = ?"
)
_CLEAR_SYNCED = (
    f"UPDATE paths SET ({rows.SYNCED}, live_version) = ({', '.join(['NULL'] * 10)}) "
    "WHERE dir = ? AND name = ?"
)
_DROP_EMPTY = "DELETE FROM paths WHERE dir = ? AND name = ? AND size IS NULL AND share_id IS NULL"
_SPREAD_VERSION = (
    "UPDATE paths SET live_version = "
    "(SELECT version FROM remote WHERE remote.share_id = paths.share_id AND state = 'live') "
    "WHERE share_id = ?"
)


class SqliteJournal:
    """The `Journal` port over SQLite.

    Attributes:
        set_aside: where a damaged journal was moved when this one was opened; None mostly. Then
            everything has to be observed and listed anew.
        is_wal: whether the file system allows write-ahead logging.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        connect: Connect = sqlite3.connect,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
    ) -> None:
        """Open or create the journal.

        Raises:
            JournalBroken: it cannot be used here. OSError: the disk is full.
        """
        self._path: str | None = os.fspath(path)
        opened = open_journal(self._path, connect, migrations)
        self._db = opened.connection
        self.is_wal = opened.is_wal
        self.set_aside = opened.set_aside
        self._inode = self._inode_now()

    @classmethod
    def reading(
        cls, path: str | os.PathLike[str], connect: Connect = sqlite3.connect
    ) -> "SqliteJournal":
        """Open for reading, with or without a running engine; empty where there is no journal.

        Raises:
            JournalBroken: a newer version wrote it.
        """
        journal = cls.__new__(cls)
        journal._path = None
        journal._db = open_reading(os.fspath(path), connect)
        journal.is_wal = False
        journal.set_aside = None
        journal._inode = None
        return journal

    def close(self) -> None:
        """Close the file; nothing is pending."""
        self._db.close()

    def clear(self) -> None:
        """Forget everything: another account signed in."""
        with self._writing():
            for table in (*_OF_THE_FOLDER, "remote", "intents", "withdrawals", "rules", "meta"):
                self._db.execute(f"DELETE FROM {table}")

    def forget_local(self) -> None:
        """Forget the folder: what was seen in it, agreed for it, and its transfers (F10)."""
        with self._writing():
            for table in _OF_THE_FOLDER:
                self._db.execute(f"DELETE FROM {table}")

    # --- single values ---------------------------------------------------------------------------

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

    # --- the local tree --------------------------------------------------------------------------

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

        SQLite decodes the names and the rows are compared as they come: what would need decoding
        by hand (odd bytes, numbers beyond 64 bits, skipped entries) is said to differ.
        """
        with self._reading():
            try:
                found = self._db.execute(_SELECT_ENTRIES, (rows.text(directory),)).fetchall()
            except sqlite3.OperationalError as exc:
                if "decode to UTF-8" in str(exc):
                    return False
                raise
            return found == entries

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
        """Put the local tree right for these paths, in one transaction."""
        gone = [rows.split(path) for path in vanished]
        with self._writing():
            self._put_local([rows.local_row(path, entry) for path, entry in files.items()])
            self._db.executemany(_CLEAR_LOCAL, gone)
            self._db.executemany(_DROP_EMPTY, gone)

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

    def skipped(self) -> dict[RelPath, Skip]:
        with self._reading():
            found = self._db.execute(
                "SELECT dir, name, skip FROM paths INDEXED BY skipped WHERE skip IS NOT NULL"
            )
            return {rows.joined(d, name): rows.skip_of(skip) for d, name, skip in found}

    # --- the trees together ----------------------------------------------------------------------

    def differences(self) -> Trees:
        """The part of the trees where anything differs (see `Trees`).

        A file that was not read yet differs from nothing: what it is, is not known.
        """
        local: dict[RelPath, LocalFile] = {}
        synced: dict[RelPath, Synced] = {}
        with self._reading():
            found = self._db.execute(
                f"SELECT dir, name, {rows.LOCAL}, {rows.SYNCED} FROM paths INDEXED BY differing "
                "WHERE differs"
            )
            for row in found:
                path = rows.joined(*row[:2])
                if row[8] is not None:
                    local[path] = rows.local_of(row[2:10])
                if row[10] is not None:
                    synced[path] = rows.synced_of(row[10:])
            return Trees(local, synced, self._documents_of(local, synced))

    def _documents_of(
        self, local: Collection[RelPath], synced: Mapping[RelPath, Synced]
    ) -> dict[ShareId, Document]:
        found: dict[ShareId, Document] = {}
        for share_id in {agreed.share_id for agreed in synced.values()}:
            if document := self._document(share_id):
                found[share_id] = document
        for document in self._live_at(local):
            found[document.share_id] = document
        return found

    def _live_at(self, paths: Collection[RelPath]) -> list[Document]:
        """Return my live documents at these paths: one query each, or one for a first sync."""
        if len(paths) < _MANY_PATHS:
            return [d for path in paths if (d := self._document_at(path))]
        found = self._db.execute(
            f"{_SELECT_REMOTE} WHERE path IS NOT NULL AND state = 'live' AND is_mine "
            "ORDER BY uploaded_at, share_id DESC"
        )
        live = {d.path: d for d in map(rows.document_of, found)}
        return [live[path] for path in paths if path in live]

    def published_count(self) -> int:
        """Paths of this folder that have a live document."""
        with self._reading():
            found = self._one(
                "SELECT count(*) FROM paths INDEXED BY agreed "
                "WHERE share_id IS NOT NULL AND live_version IS NOT NULL"
            )
            assert found is not None
            return int(found[0])

    # --- the synced tree -------------------------------------------------------------------------

    def synced(self, path: RelPath) -> Synced | None:
        with self._reading():
            row = self._one(_SELECT_SYNCED, *rows.split(path))
            return None if row is None else rows.synced_of(row)

    def forget_content(self, path: RelPath) -> None:
        """Keep the agreement for a path, but with no content and gone: it is to be sent again."""
        with self._writing():
            self._db.execute(
                "UPDATE paths SET agreed_sha256 = ?, is_gone = 1 "
                "WHERE dir = ? AND name = ? AND share_id IS NOT NULL",
                (rows.text(""), *rows.split(path)),
            )

    def synced_path(self, share_id: ShareId) -> RelPath | None:
        with self._reading():
            row = self._one("SELECT dir, name FROM paths WHERE share_id = ?", share_id)
            return None if row is None else rows.joined(*row)

    def synced_all(self) -> dict[RelPath, Synced]:
        with self._reading():
            found = self._db.execute(
                f"SELECT dir, name, {rows.SYNCED} FROM paths WHERE share_id IS NOT NULL"
            )
            return {rows.joined(*row[:2]): rows.synced_of(row[2:]) for row in found}

    # --- the remote tree -------------------------------------------------------------------------

    def documents(self) -> list[Document]:
        """Everything the server told of: mine and shared with me, tombstones included."""
        with self._reading():
            return [rows.document_of(row) for row in self._db.execute(_SELECT_REMOTE)]

    def document(self, share_id: ShareId) -> Document | None:
        with self._reading():
            return self._document(share_id)

    def _document(self, share_id: ShareId) -> Document | None:
        row = self._one(f"{_SELECT_REMOTE} WHERE share_id = ?", share_id)
        return None if row is None else rows.document_of(row)

    def document_at(self, path: RelPath) -> Document | None:
        """My live document at this path."""
        with self._reading():
            return self._document_at(path)

    def _document_at(self, path: RelPath) -> Document | None:
        # Between two pages of a poll two can seem to be at one path: the later one is right.
        row = self._one(
            f"{_SELECT_REMOTE} WHERE path = ? AND state = 'live' AND is_mine "
            "ORDER BY uploaded_at DESC, share_id LIMIT 1",
            rows.text(path),
        )
        return None if row is None else rows.document_of(row)

    def next_expiry(self, after: int = 0) -> int | None:
        """When the first live document that ends after `after` will be over (ms, server time)."""
        with self._reading():
            found = self._one(
                "SELECT min(expires_at) FROM remote WHERE state = 'live' AND expires_at > ?", after
            )
            return None if found is None else found[0]

    def expired(self, now: int) -> list[Document]:
        """Documents called live whose time is up at `now` (milliseconds, server time)."""
        with self._reading():
            found = self._db.execute(
                f"{_SELECT_REMOTE} WHERE state = 'live' AND expires_at <= ? ORDER BY share_id",
                (now,),
            )
            return [rows.document_of(row) for row in found]

    def learn(
        self, documents: Iterable[Document], forget: Iterable[ShareId], cursor: str | None
    ) -> None:
        """Take over what a poll said, and the cursor (None: as it was), in one transaction.

        A document never goes back to a smaller revision, unless the epoch changed before.
        """
        documents, forget = list(documents), list(forget)
        if not documents and not forget and cursor in (None, self.get(CURSOR_KEY)):
            return
        with self._writing():
            self._learn(documents)
            for share_id in forget:
                self._db.execute("DELETE FROM remote WHERE share_id = ?", (share_id,))
                self._db.execute(_SPREAD_VERSION, (share_id,))
            if cursor is not None:
                self._put(CURSOR_KEY, cursor)

    def _learn(self, documents: Sequence[Document]) -> None:
        self._db.executemany(_PUT_REMOTE, map(rows.document_row, documents))
        self._db.executemany(_SPREAD_VERSION, [(d.share_id,) for d in documents])

    def forget_remote(self) -> None:
        """The server's epoch changed: nothing that was learned holds any more (F12)."""
        with self._writing():
            self._db.execute("DELETE FROM remote")
            self._db.execute("UPDATE paths SET live_version = NULL WHERE live_version IS NOT NULL")
            self._put(CURSOR_KEY, None)

    # --- what is being done ----------------------------------------------------------------------

    def intend(self, intents: Sequence[str], fresh: Sequence[OpId]) -> list[OpId]:
        """Return the idempotency key of each intent: the one on disk, else `fresh`, written now."""
        with self._writing():
            self._db.executemany(
                "INSERT OR IGNORE INTO intents VALUES (?, ?)",
                [(rows.text(i), op_id) for i, op_id in zip(intents, fresh, strict=True)],
            )
            return [self._op_id(intent) for intent in intents]

    def intents(self) -> dict[str, OpId]:
        """Every intent that is not done, with its idempotency key."""
        with self._reading():
            found = self._db.execute("SELECT intent, op_id FROM intents")
            return {rows.string(intent): OpId(op_id) for intent, op_id in found}

    def _op_id(self, intent: str) -> OpId:
        row = self._one("SELECT op_id FROM intents WHERE intent = ?", rows.text(intent))
        assert row is not None
        return OpId(row[0])

    def settle(self, settled: Sequence[Settled]) -> None:
        """Take over finished actions: trees, intents and transfers, one transaction in all."""
        if not settled:
            return
        with self._writing():
            self._learn([s.document for s in settled if s.document is not None])
            for one in settled:
                self._settle(one)

    def _settle(self, one: Settled) -> None:
        if one.moved_from is not None and one.synced is not None:
            # Not what another document of the same batch has brought there meanwhile.
            self._forget_agreement(one.moved_from, one.synced.share_id)
        if one.path is not None:
            if one.synced is None:
                self._forget_agreement(one.path, None)
            else:
                self._db.execute(_PUT_SYNCED, (*rows.split(one.path), *rows.synced_row(one.synced)))
                self._db.execute(_SPREAD_VERSION, (one.synced.share_id,))
        if one.intent:
            self._db.execute("DELETE FROM intents WHERE intent = ?", (rows.text(one.intent),))
        if one.op_id is not None:
            self._db.execute("DELETE FROM transfers WHERE op_id = ?", (one.op_id,))

    def _forget_agreement(self, path: RelPath, share_id: ShareId | None) -> None:
        key = rows.split(path)
        self._db.execute(
            f"{_CLEAR_SYNCED} AND (? IS NULL OR share_id = ?)", (*key, share_id, share_id)
        )
        self._db.execute(_DROP_EMPTY, key)

    # --- transfers -------------------------------------------------------------------------------

    def transfer(self, path: RelPath) -> Transfer | None:
        with self._reading():
            row = self._one(
                f"{_SELECT_TRANSFER} WHERE path = ? ORDER BY number DESC LIMIT 1", rows.text(path)
            )
            return None if row is None else rows.transfer_of(row, self._parts(row[0]))

    def transfers(self) -> list[Transfer]:
        with self._reading():
            found = self._db.execute(f"{_SELECT_TRANSFER} ORDER BY number").fetchall()
            return [rows.transfer_of(row, self._parts(row[0])) for row in found]

    def _parts(self, op_id: str) -> list[rows.Row]:
        return self._db.execute(
            "SELECT number, etag, crc32, size FROM parts WHERE op_id = ? ORDER BY number", (op_id,)
        ).fetchall()

    def save_transfer(self, transfer: Transfer) -> None:
        with self._writing():
            self._db.execute(_PUT_TRANSFER, rows.transfer_row(transfer))
            self._db.execute("DELETE FROM parts WHERE op_id = ?", (transfer.op_id,))
            self._db.executemany(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?)",
                [
                    (transfer.op_id, n, part.etag, part.crc32, part.size)
                    for n, part in transfer.parts.items()
                ],
            )

    def save_part(self, op_id: OpId, number: int, part: Part) -> None:
        with self._writing():
            # A part may be acknowledged after its transfer was given up.
            self._db.execute(
                "REPLACE INTO parts SELECT op_id, ?, ?, ?, ? FROM transfers WHERE op_id = ?",
                (number, part.etag, part.crc32, part.size, op_id),
            )

    def drop_transfer(self, op_id: OpId) -> None:
        with self._writing():
            self._db.execute("DELETE FROM transfers WHERE op_id = ?", (op_id,))

    # --- notes, withdrawals, rules ---------------------------------------------------------------

    def note(self, path: RelPath, note: Note | None) -> None:
        with self._writing():
            if note is None:
                self._db.execute("DELETE FROM notes WHERE path = ?", (rows.text(path),))
            else:
                self._db.execute(
                    "REPLACE INTO notes VALUES (?, ?, ?)",
                    (rows.text(path), note.state, rows.text(note.message)),
                )

    def notes(self) -> dict[RelPath, Note]:
        with self._reading():
            found = self._db.execute("SELECT path, state, message FROM notes")
            return {RelPath(rows.string(p)): Note(s, rows.string(m)) for p, s, m in found}

    def log_withdrawal(self, share_id: ShareId, at: int, confirmed: bool) -> None:
        with self._writing():
            self._db.execute("REPLACE INTO withdrawals VALUES (?, ?, ?)", (share_id, at, confirmed))
            self._db.execute("DELETE FROM withdrawals WHERE at < ?", (at - _KEEP_WITHDRAWALS,))

    def withdrawals_since(self, at: int) -> int:
        """Unconfirmed withdrawals since this time (milliseconds), for R5."""
        with self._reading():
            found = self._one(
                "SELECT count(*) FROM withdrawals WHERE at >= ? AND NOT confirmed", at
            )
            assert found is not None
            return int(found[0])

    def rules(self) -> dict[RelPath, FolderRule]:
        with self._reading():
            found = self._db.execute("SELECT path, lifetime, people FROM rules")
            return {
                RelPath(rows.string(p)): FolderRule(lifetime, tuple(json.loads(people)))
                for p, lifetime, people in found
            }

    def set_rule(self, path: RelPath, rule: FolderRule | None) -> None:
        with self._writing():
            if rule is None:
                self._db.execute("DELETE FROM rules WHERE path = ?", (rows.text(path),))
            else:
                self._db.execute(
                    "REPLACE INTO rules VALUES (?, ?, ?)",
                    (rows.text(path), rule.lifetime, json.dumps(rule.people).encode()),
                )

    # --- transactions ----------------------------------------------------------------------------

    def _one(self, query: str, *values: object) -> rows.Row | None:
        row: rows.Row | None = self._db.execute(query, values).fetchone()
        return row

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as exc:
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
            raise failure_of(exc) from exc
        except BaseException:
            roll_back(self._db)
            raise

    def _commit(self) -> None:
        self._db.execute("COMMIT")

    def _check_presence(self) -> None:
        """Notice that the file is gone or another: SQLite would write on into nowhere (J09)."""
        if self._path is not None and self._inode_now() != self._inode:
            raise JournalBroken(
                f"The journal {self._path} was deleted or replaced while it was in use. It is "
                "made anew; your files and documents are not touched.",
                "journal_deleted",
            )

    def _inode_now(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path or "")
        except OSError:
            return None
        return (found.st_dev, found.st_ino)
