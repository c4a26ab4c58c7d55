"""What the journal keeps beside the trees: notes, withdrawals of the last days, folder rules."""

from collections.abc import Mapping

from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters._journal_store import Store
from mydoctransfer.engine.ports import Note
from mydoctransfer.model.rules import FolderRule
from mydoctransfer.model.trees import RelPath, ShareId

_KEEP_WITHDRAWALS = 30 * 86_400_000  # milliseconds


class Margin(Store):
    """Small lists that belong to no tree."""

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

    def log_withdrawals(self, confirmed: Mapping[ShareId, bool], at: int) -> None:
        with self._writing():
            self._db.executemany(
                "REPLACE INTO withdrawals VALUES (?, ?, ?)",
                [(share_id, at, is_confirmed) for share_id, is_confirmed in confirmed.items()],
            )
            self._db.execute("DELETE FROM withdrawals WHERE at < ?", (at - _KEEP_WITHDRAWALS,))

    def withdrawals_since(self, at: int) -> int:
        """Unconfirmed withdrawals since this time (milliseconds) that came about, for R5."""
        with self._reading():
            found = self._one(
                "SELECT count(*) FROM withdrawals WHERE at >= ? AND NOT confirmed AND NOT EXISTS "
                "(SELECT 1 FROM remote WHERE remote.share_id = withdrawals.share_id "
                "AND state = 'live')",
                at,
            )
            assert found is not None
            return int(found[0])

    def rules(self) -> dict[RelPath, FolderRule]:
        with self._reading():
            found = self._db.execute("SELECT path, lifetime, people FROM rules")
            return dict(map(rows.rule_of, found))

    def set_rule(self, path: RelPath, rule: FolderRule | None) -> None:
        with self._writing():
            if rule is None:
                self._db.execute("DELETE FROM rules WHERE path = ?", (rows.text(path),))
            else:
                self._db.execute("REPLACE INTO rules VALUES (?, ?, ?)", rows.rule_row(path, rule))
