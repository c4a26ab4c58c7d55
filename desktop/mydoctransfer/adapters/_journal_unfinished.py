"""The journal's unfinished business: keys that were sent, and uploads with their parts."""

from collections.abc import Sequence

from mydoctransfer.adapters import _journal_rows as rows
from mydoctransfer.adapters._journal_store import Store, upsert
from mydoctransfer.engine.ports import Part, Transfer
from mydoctransfer.model.trees import OpId, RelPath

_SELECT_TRANSFER = f"SELECT {rows.TRANSFER} FROM transfers"
_PUT_TRANSFER = upsert("transfers", "op_id", rows.TRANSFER.partition(", ")[2])


class Unfinished(Store):
    """What goes on after a restart where it stopped."""

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
