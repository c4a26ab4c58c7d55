"""The two tables in memory: conditional writes, transactions with their reasons, keyed reads."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.connectors.ports import (
    MAX_TRANSACTION,
    Absent,
    AnyOf,
    AtMost,
    Cancelled,
    Change,
    Committed,
    Condition,
    ConditionFailed,
    Delete,
    Is,
    Key,
    Missing,
    MoreThan,
    Put,
    Row,
    Rows,
    TableName,
    Write,
    Wrote,
)

Stored = dict[str, Any]


class Tables:
    """The `Store` port.

    Attributes:
        before: called before every operation with its name; may raise (the function dies there)
            or do something else first (another request comes between).
        changed: told of every row that changed: key, row before, row after.
    """

    def __init__(self) -> None:
        self.partitions: dict[tuple[TableName, str], dict[str, Stored]] = {}
        self.before: Callable[[str], None] = lambda operation: None
        self.changed: Callable[[Key, Row | None, Row | None], None] = lambda key, was, now: None

    def row(self, key: Key) -> Stored | None:
        return self.partitions.get((key.table, key.pk), {}).get(key.sk)

    def keys(self) -> list[Key]:
        return [Key(pk, sk, t) for (t, pk), rows in self.partitions.items() for sk in rows]

    def read(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        self.before("read")
        found = ((key, self.row(key)) for key in dict.fromkeys(keys))
        return {key: dict(row) for key, row in found if row is not None}

    def page(
        self,
        table: TableName,
        pk: str,
        *,
        prefix: str = "",
        after: str | None = None,
        up_to: str | None = None,
        newest_first: bool = False,
        limit: int = 100,
    ) -> Rows:
        self.before("page")
        rows = self.partitions.get((table, pk), {})
        order = sorted(rows, reverse=newest_first)
        if prefix:
            order = [sk for sk in order if sk.startswith(prefix)]
        elif up_to is not None:
            order = [sk for sk in order if sk <= up_to]
        if after is not None:
            order = [sk for sk in order if (sk < after if newest_first else sk > after)]
        taken = order[:limit]
        more = taken[-1] if len(order) >= limit and taken else None
        return Rows(tuple(dict(rows[sk]) for sk in taken), more)

    def write(self, write: Write) -> Wrote | ConditionFailed:
        self.before("write")
        row = self.row(write.key)
        if not all(_holds(condition, row) for condition in write.when):
            return ConditionFailed(None if row is None else dict(row))
        after = self._apply(write)
        self.before("written")
        return Wrote(None if after is None else dict(after))

    def commit(self, writes: Sequence[Write]) -> Committed | Cancelled:
        self.before("commit")
        assert len(writes) <= MAX_TRANSACTION, f"{len(writes)} items in one transaction"
        keys = [write.key for write in writes]
        assert len(set(keys)) == len(keys), "two operations on one row in one transaction"
        assert all(write.when for write in writes), "an unconditional write"
        reasons = []
        for write in writes:
            row = self.row(write.key)
            holds = all(_holds(condition, row) for condition in write.when)
            reasons.append(None if holds else ConditionFailed(None if row is None else dict(row)))
        if any(reasons):
            return Cancelled(tuple(reasons))
        for write in writes:
            self._apply(write)
        self.before("committed")
        return Committed()

    def _apply(self, write: Write) -> Stored | None:
        key = write.key
        rows = self.partitions.setdefault((key.table, key.pk), {})
        was = rows.get(key.sk)
        match write:
            case Put(row=row):
                rows[key.sk] = {**row, "pk": key.pk, "sk": key.sk}
            case Change(assign=assign, add=add, drop=drop):
                row = dict(was) if was is not None else {"pk": key.pk, "sk": key.sk}
                row |= assign
                for name, amount in add.items():
                    row[name] = row.get(name, 0) + amount
                for name in drop:
                    row.pop(name, None)
                rows[key.sk] = row
            case Delete():
                rows.pop(key.sk, None)
            case _:
                return was
        now = rows.get(key.sk)
        self.changed(key, was, now)
        return now


def _holds(condition: Condition, row: Stored | None) -> bool:
    match condition:
        case Absent():
            return row is None
        case Missing(name=name):
            return row is None or name not in row
        case Is(name=name, value=value):
            return row is not None and name in row and row[name] == value
        case AtMost(name=name, value=value):
            return row is not None and isinstance(row.get(name), int) and row[name] <= value
        case MoreThan(name=name, value=value):
            return row is not None and isinstance(row.get(name), int) and row[name] > value
        case AnyOf(choices=choices):
            return any(_holds(choice, row) for choice in choices)
