"""The engine's memory in one SQLite file.

Promises: every call is one transaction, durable when it returns; numbers and names come back as
they went in; a deleted, damaged or newer file is noticed and said, never written over.
Leaves to others: deciding anything. Called by one thread.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence

from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters._journal_files import inode_of
from mydoctransfer.adapters._journal_local import DROP_EMPTY, LocalTree
from mydoctransfer.adapters._journal_margin import Margin
from mydoctransfer.adapters._journal_remote import SELECT_REMOTE, SPREAD_VERSION, RemoteTree
from mydoctransfer.adapters._journal_schema import (
    MIGRATIONS,
    Connect,
    open_journal,
    open_reading,
)
from mydoctransfer.adapters._journal_store import upsert
from mydoctransfer.adapters._journal_unfinished import Unfinished
from mydoctransfer.engine.ports import Settled
from mydoctransfer.model.trees import (
    Document,
    LocalFile,
    RelPath,
    ShareId,
    Synced,
    Trees,
)

_OF_THE_FOLDER = ("paths", "looks", "parts", "transfers", "notes")

_MANY_PATHS = 1000  # from here on, reading all documents is cheaper than asking for each

_SELECT_BOTH = f"SELECT dir, name, {rows.LOCAL}, {rows.SYNCED} FROM paths"
# What a power loss emptied is never at rest: its document may have to follow it (C02).
_DIFFERING = ("INDEXED BY differing WHERE differs", "INDEXED BY emptied WHERE skip = 'emptied'")
_SELECT_SYNCED = (
    f"SELECT {rows.SYNCED} FROM paths WHERE dir = ? AND name = ? AND share_id IS NOT NULL"
)
_AT_HOME = (
    "INDEXED BY homes WHERE share_id IS NOT NULL "
    "AND agreed_dev = ? AND agreed_ino = ? AND agreed_birth_ns = ?"
)
_SELECT_SHARE = "SELECT share_id FROM paths WHERE dir = ? AND name = ? AND share_id IS NOT NULL"
_PUT_SYNCED = upsert("paths", "dir, name", rows.SYNCED)
# What is agreed on for a path has the file that lies there: another document that had it before,
# at a path that it left, does not follow it any more (R2).
_TAKE_OVER = (
    "UPDATE paths INDEXED BY homes SET agreed_birth_ns = 0 "
    "WHERE share_id IS NOT NULL AND agreed_ino = ? AND agreed_dev = ? AND size IS NULL "
    "AND NOT (dir = ? AND name = ?)"
)
_CLEAR_SYNCED = (
    f"UPDATE paths SET ({rows.SYNCED}, live_version) = ({', '.join(['NULL'] * 11)}) "
    "WHERE dir = ? AND name = ?"
)


class SqliteJournal(LocalTree, RemoteTree, Unfinished, Margin):
    """The `Journal` port over SQLite.

    Attributes:
        set_aside: where a damaged journal was moved when this one was opened; None mostly. Then
            everything but a person's wishes has to be observed and listed anew.
        is_wal: whether the file system allows write-ahead logging.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        connect: Connect = sqlite3.connect,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
        whose: str = "",
        inherits: Collection[str] = (),
    ) -> None:
        """Open or create the journal.

        `inherits`: keys whose values are taken over from a damaged one, as the folder rules are,
        where it says `whose` it was (a key, too).

        Raises:
            JournalBroken: it cannot be used here. OSError: the disk is full.
        """
        self._looks = {}
        self._placed: set[ShareId] = set()
        self._path = os.fspath(path)
        opened = open_journal(self._path, connect, migrations, whose, inherits)
        self._db = opened.connection
        self.is_wal = opened.is_wal
        self.set_aside = opened.set_aside
        self._inode = inode_of(self._path)

    @classmethod
    def reading(
        cls, path: str | os.PathLike[str], connect: Connect = sqlite3.connect
    ) -> "SqliteJournal":
        """Open for reading, with or without a running engine; empty where there is no journal.

        Raises:
            JournalBroken: a newer version wrote it.
        """
        journal = cls.__new__(cls)
        journal._looks = {}
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
        """Forget everything, damaged journals too: another account signed in."""
        self._looks.clear()
        with self._writing():
            for table in (*_OF_THE_FOLDER, "remote", "intents", "withdrawals", "rules", "meta"):
                self._db.execute(f"DELETE FROM {table}")
        self._forget_asides()

    def forget_local(self) -> None:
        """Forget the folder: what was seen in it, agreed for it, and its transfers (F10)."""
        self._looks.clear()
        with self._writing():
            for table in _OF_THE_FOLDER:
                self._db.execute(f"DELETE FROM {table}")

    # --- the trees together ----------------------------------------------------------------------

    def differences(self) -> Trees:
        """The part of the trees where anything differs (see `Trees`).

        A file that was not read yet differs from nothing: what it is, is not known. What a power
        loss emptied is always there, if it is known what was agreed on for it. One with the bytes
        agreed on is there too when another that differs lies where it lay.
        """
        local: dict[RelPath, LocalFile] = {}
        synced: dict[RelPath, Synced] = {}
        with self._reading():
            for where in _DIFFERING:
                for row in self._db.execute(f"{_SELECT_BOTH} {where}"):
                    path = rows.joined(*row[:2])
                    if row[8] is not None:
                        local[path] = rows.local_of(row[2:10])
                    if row[10] is not None:
                        synced[path] = rows.synced_of(row[10:])
            self._add_traders(local, synced)
            documents = self._documents_of(local, synced)
            self._add_homes(local, synced, documents.values())
            return Trees(local, synced, documents)

    def _add_homes(
        self,
        local: dict[RelPath, LocalFile],
        synced: dict[RelPath, Synced],
        documents: Iterable[Document],
    ) -> None:
        """Add paths whose document the cloud has under the name of another file that differs."""
        for document in documents:
            if document.path in local and document.path not in synced:
                self._add(local, synced, "INDEXED BY agreed WHERE share_id = ?", document.share_id)

    def _add(
        self,
        local: dict[RelPath, LocalFile],
        synced: dict[RelPath, Synced],
        where: str,
        *values: object,
    ) -> list[RelPath]:
        """Add the paths that fit and were read, both sides; return those that were not there."""
        added: list[RelPath] = []
        sql = f"{_SELECT_BOTH} {where}"
        for row in self._db.execute(f"{sql} AND sha256 IS NOT NULL", values).fetchall():
            path = rows.joined(*row[:2])
            if path not in local and path not in synced:
                local[path], synced[path] = rows.local_of(row[2:10]), rows.synced_of(row[10:])
                added.append(path)
        return added

    def _add_traders(self, local: dict[RelPath, LocalFile], synced: dict[RelPath, Synced]) -> None:
        """Add paths that traded files with those that differ, and have the same bytes as before."""
        ahead = [path for path in local if path in synced]
        while ahead:
            path = ahead.pop()
            file, home = local[path], synced[path]
            came = (file.stat.dev, file.stat.ino, file.birth_ns)
            if file.birth_ns == 0 or came == (home.dev, home.ino, home.birth_ns):
                continue
            ahead += self._add(local, synced, _AT_HOME, *(rows.number(part) for part in came))

    def _documents_of(
        self, local: Mapping[RelPath, LocalFile], synced: Mapping[RelPath, Synced]
    ) -> dict[ShareId, Document]:
        found: dict[ShareId, Document] = {}
        for share_id in {agreed.share_id for agreed in synced.values()}:
            if document := self._document(share_id):
                found[share_id] = document
        for document in self._at(local, "state = 'live'"):
            found[document.share_id] = document
        for document in self._at(local.keys() - synced.keys(), "state <> 'live'"):
            found[document.share_id] = document
        return found

    def _at(self, paths: Collection[RelPath], which: str) -> list[Document]:
        """Return the newest of my documents at each of these paths: one query each, or one for a
        first sync."""
        if len(paths) < _MANY_PATHS:
            return [d for path in paths if (d := self._newest_at(path, which))]
        found = self._db.execute(
            f"{SELECT_REMOTE} WHERE path IS NOT NULL AND {which} AND is_mine "
            "ORDER BY uploaded_at, share_id DESC"
        )
        there = {d.path: d for d in map(rows.document_of, found)}
        return [there[path] for path in paths if path in there]

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
        if not share_id.isascii():
            return None  # no id; and SQLite takes no lone surrogates as text
        with self._reading():
            row = self._one("SELECT dir, name FROM paths WHERE share_id = ?", share_id)
            return None if row is None else rows.joined(*row)

    def synced_all(self) -> dict[RelPath, Synced]:
        with self._reading():
            found = self._db.execute(
                f"SELECT dir, name, {rows.SYNCED} FROM paths WHERE share_id IS NOT NULL"
            )
            return {rows.joined(*row[:2]): rows.synced_of(row[2:]) for row in found}

    def homes(self, inodes: Collection[tuple[int, int]]) -> set[RelPath]:
        found: set[RelPath] = set()
        wanted = {(rows.number(dev), rows.number(ino)) for dev, ino in inodes}
        with self._reading():
            for dev, ino in wanted:
                at = self._db.execute(
                    "SELECT dir, name FROM paths INDEXED BY homes "
                    "WHERE share_id IS NOT NULL AND agreed_ino = ? AND agreed_dev = ?",
                    (ino, dev),
                )
                found.update(rows.joined(*row) for row in at)
        return found

    # --- what is being done ----------------------------------------------------------------------

    def settle(self, settled: Sequence[Settled]) -> None:
        """Take over finished actions: trees, intents and transfers, one transaction in all."""
        if not settled:
            return
        with self._writing():
            self._learn([s.document for s in settled if s.document is not None])
            for one in settled:
                self._settle(one)

    def _settle(self, one: Settled) -> None:
        self._place(one)
        if one.moved_from is not None and one.synced is not None:
            # Not what another document of the same batch has brought there meanwhile.
            self._forget_agreement(one.moved_from, one.synced.share_id)
        if one.path is not None:
            if one.synced is None:
                self._forget_agreement(one.path, None)
            else:
                key, synced = rows.split(one.path), one.synced
                self._db.execute(_PUT_SYNCED, (*key, *rows.synced_row(synced)))
                self._db.execute(
                    _TAKE_OVER, (rows.number(synced.ino), rows.number(synced.dev), *key)
                )
                self._db.execute(SPREAD_VERSION, (synced.share_id,))
        if one.intent:
            self._db.execute("DELETE FROM intents WHERE intent = ?", (rows.text(one.intent),))
        if one.op_id is not None:
            self._db.execute("DELETE FROM transfers WHERE op_id = ?", (one.op_id,))

    def _place(self, one: Settled) -> None:
        """Remember which documents come to lie at a path, or at none."""
        if one.path is None:
            if one.document is not None:
                self._placed.add(one.document.share_id)
            return
        was = self._one(_SELECT_SHARE, *rows.split(one.path))
        before = None if was is None else ShareId(was[0])
        after = None if one.synced is None else one.synced.share_id
        if before != after:
            self._placed.update(share_id for share_id in (before, after) if share_id is not None)

    def take_placed(self) -> set[ShareId]:
        placed, self._placed = self._placed, set()
        return placed

    def _forget_agreement(self, path: RelPath, share_id: ShareId | None) -> None:
        key = rows.split(path)
        self._db.execute(
            f"{_CLEAR_SYNCED} AND (? IS NULL OR share_id = ?)", (*key, share_id, share_id)
        )
        self._db.execute(DROP_EMPTY, key)
