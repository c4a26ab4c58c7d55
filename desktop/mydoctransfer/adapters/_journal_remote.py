"""The journal's remote tree: what the server told of its documents."""

from collections.abc import Iterable, Iterator, Sequence

from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters._journal_store import Store, upsert
from mydoctransfer.model.trees import Document, DocumentState, RelPath, ShareId

CURSOR_KEY = "cursor"  # where the engine's session looks for it

SELECT_REMOTE = f"SELECT {rows.REMOTE} FROM remote"
_PUT_REMOTE = upsert(
    "remote",
    "share_id",
    rows.REMOTE.partition(", ")[2],
    "WHERE excluded.revision >= remote.revision",
)
SPREAD_VERSION = (
    "UPDATE paths SET live_version = "
    "(SELECT version FROM remote WHERE remote.share_id = paths.share_id AND state = 'live') "
    "WHERE share_id = ?"
)
# What is called gone may have been sent again by another device: then it is to be planned for.
_DOUBT_GONE = (
    "UPDATE paths SET is_gone = 0 "
    "WHERE dir = ? AND name = ? AND is_gone AND agreed_sha256 = ? AND share_id <> ?"
)


class RemoteTree(Store):
    """Documents by id, mine and shared with me, tombstones included."""

    def documents(self) -> Iterator[Document]:
        """Everything the server told of: mine and shared with me, tombstones included."""
        with self._reading():
            yield from map(rows.document_of, self._db.execute(SELECT_REMOTE))

    def document(self, share_id: ShareId) -> Document | None:
        with self._reading():
            return self._document(share_id)

    def _document(self, share_id: ShareId) -> Document | None:
        if not share_id.isascii():
            return None  # a path where an id was asked for; SQLite takes no lone surrogates as text
        row = self._one(f"{SELECT_REMOTE} WHERE share_id = ?", share_id)
        return None if row is None else rows.document_of(row)

    def document_at(self, path: RelPath) -> Document | None:
        """My live document at this path."""
        with self._reading():
            return self._newest_at(path, "state = 'live'")

    def _newest_at(self, path: RelPath, which: str) -> Document | None:
        # Between two pages of a poll two can seem to be at one path: the later one is right.
        row = self._one(
            f"{SELECT_REMOTE} WHERE path = ? AND {which} AND is_mine "
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
            return None if found is None or found[0] is None else int(found[0])

    def expired(self, now: int) -> list[Document]:
        """Documents called live whose time is up at `now` (milliseconds, server time)."""
        with self._reading():
            found = self._db.execute(
                f"{SELECT_REMOTE} WHERE state = 'live' AND expires_at <= ? ORDER BY share_id",
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
                self._db.execute(SPREAD_VERSION, (share_id,))
            if cursor is not None:
                self._put(CURSOR_KEY, cursor)

    def _learn(self, documents: Sequence[Document]) -> None:
        self._db.executemany(_PUT_REMOTE, map(rows.document_row, documents))
        self._db.executemany(SPREAD_VERSION, [(d.share_id,) for d in documents])
        self._db.executemany(
            _DOUBT_GONE,
            [
                (*rows.split(d.path), bytes.fromhex(d.sha256), d.share_id)
                for d in documents
                if d.is_mine and d.path is not None and d.state is DocumentState.LIVE
            ],
        )

    def forget_remote(self) -> None:
        """The server's epoch changed: nothing that was learned holds any more (F12)."""
        with self._writing():
            self._db.execute("DELETE FROM remote")
            self._db.execute("UPDATE paths SET live_version = NULL WHERE live_version IS NOT NULL")
            self._put(CURSOR_KEY, None)
