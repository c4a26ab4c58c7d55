"""The tables in DynamoDB: conditional writes and keyed reads, nothing else.

Numbers are integers. Cancelled transactions come back as values; only what nobody can act on
(a missing table, a refused permission) stays an exception.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from chalicelib.connectors.clients import client
from chalicelib.connectors.ports import (
    Absent,
    AnyOf,
    AtMost,
    Busy,
    Cancelled,
    Cell,
    Change,
    Check,
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
    When,
    Write,
    Wrote,
)

_READ_AT_ONCE = 100  # keys in one BatchGetItem
_BUSY = {
    "TransactionConflict",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
    "TransactionConflictException",
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
}


class DynamoStore:
    """`Store` over two DynamoDB tables."""

    def __init__(self, main: str, audit: str) -> None:
        self._names = {TableName.MAIN: main, TableName.AUDIT: audit}
        self._tables = {main: TableName.MAIN, audit: TableName.AUDIT}

    def read(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        wanted = list(dict.fromkeys(keys))
        found: dict[Key, Row] = {}
        if len(wanted) == 1:
            answer = client("dynamodb").get_item(
                TableName=self._names[wanted[0].table],
                Key=_key(wanted[0]),
                ConsistentRead=True,
            )
            if "Item" in answer:
                found[wanted[0]] = _row(answer["Item"])
            return found
        for start in range(0, len(wanted), _READ_AT_ONCE):
            found.update(self._read_some(wanted[start : start + _READ_AT_ONCE]))
        return found

    def _read_some(self, keys: Sequence[Key]) -> dict[Key, Row]:
        asked: dict[str, Any] = {}
        for key in keys:
            name = self._names[key.table]
            asked.setdefault(name, {"Keys": [], "ConsistentRead": True})["Keys"].append(_key(key))
        found: dict[Key, Row] = {}
        pause = 0.02
        while asked:
            answer = client("dynamodb").batch_get_item(RequestItems=asked)
            for name, items in answer["Responses"].items():
                for item in items:
                    row = _row(item)
                    found[Key(item["pk"]["S"], item["sk"]["S"], self._tables[name])] = row
            asked = answer.get("UnprocessedKeys") or {}
            if asked:
                time.sleep(pause)
                pause = min(1.0, pause * 2)
        return found

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
        names = {"#pk": "pk"}
        values: dict[str, Any] = {":pk": {"S": pk}}
        condition = "#pk = :pk"
        if prefix:
            names["#sk"] = "sk"
            values[":prefix"] = {"S": prefix}
            condition += " AND begins_with(#sk, :prefix)"
        elif up_to is not None:
            names["#sk"] = "sk"
            values[":last"] = {"S": up_to}
            condition += " AND #sk <= :last"
        start = {} if after is None else {"ExclusiveStartKey": _key(Key(pk, after))}
        answer = client("dynamodb").query(
            TableName=self._names[table],
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ScanIndexForward=not newest_first,
            ConsistentRead=True,
            Limit=limit,
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        return Rows(
            rows=tuple(_row(item) for item in answer["Items"]),
            after=last["sk"]["S"] if last else None,
        )

    def write(self, write: Write) -> Wrote | ConditionFailed | Busy:
        dynamo = client("dynamodb")
        operation, arguments = self._spell(write)
        try:
            match operation:
                case "Put":
                    dynamo.put_item(**arguments)
                    assert isinstance(write, Put)
                    return Wrote(write.row)
                case "Delete":
                    dynamo.delete_item(**arguments)
                    return Wrote(None)
                case "Update":
                    answer = dynamo.update_item(**arguments, ReturnValues="ALL_NEW")
                    return Wrote(_row(answer["Attributes"]))
                case _:
                    raise TypeError(f"{operation} stands only in a transaction")
        except dynamo.exceptions.ClientError as exc:
            code = exc.response["Error"]["Code"]
            if code == "ConditionalCheckFailedException":
                item = exc.response.get("Item")
                return ConditionFailed(_row(item) if item else None)
            if code in _BUSY:
                return Busy()
            raise

    def commit(self, writes: Sequence[Write]) -> Committed | Cancelled:
        dynamo = client("dynamodb")
        items = []
        for write in writes:
            operation, arguments = self._spell(write)
            items.append({operation: arguments})
        try:
            dynamo.transact_write_items(TransactItems=items)
        except dynamo.exceptions.TransactionCanceledException as exc:
            reasons = tuple(_reason(reason) for reason in exc.response["CancellationReasons"])
            if not any(reasons):
                raise
            return Cancelled(reasons)
        except dynamo.exceptions.ClientError as exc:
            if exc.response["Error"]["Code"] in _BUSY:
                return Cancelled(tuple(Busy() for _ in writes))
            raise
        return Committed()

    def _spell(self, write: Write) -> tuple[str, dict[str, Any]]:
        words = _Words()
        arguments: dict[str, Any] = {"TableName": self._names[write.key.table]}
        match write:
            case Put(key=key, row=row):
                operation = "Put"
                arguments["Item"] = {**_item(row), **_key(key)}
            case Change(key=key):
                operation = "Update"
                arguments["Key"] = _key(key)
                arguments["UpdateExpression"] = words.update(write)
            case Delete(key=key):
                operation = "Delete"
                arguments["Key"] = _key(key)
            case Check(key=key):
                operation = "ConditionCheck"
                arguments["Key"] = _key(key)
            case _:
                assert_never(write)
        if write.when:
            arguments["ConditionExpression"] = words.all_of(write.when)
            arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return operation, arguments | words.used()


class _Words:
    """Names and values met while spelling one expression."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        return self._names.setdefault(attribute, f"#n{len(self._names)}")

    def value(self, cell: Cell) -> str:
        word = f":v{len(self._values)}"
        self._values[word] = _cell(cell)
        return word

    def update(self, change: Change) -> str:
        clauses = []
        if change.assign:
            sets = [f"{self.name(n)} = {self.value(v)}" for n, v in change.assign.items()]
            clauses.append("SET " + ", ".join(sets))
        if change.add:
            adds = [f"{self.name(n)} {self.value(v)}" for n, v in change.add.items()]
            clauses.append("ADD " + ", ".join(adds))
        if change.drop:
            clauses.append("REMOVE " + ", ".join(self.name(n) for n in change.drop))
        return " ".join(clauses)

    def all_of(self, when: When) -> str:
        return " AND ".join(self.one(condition) for condition in when)

    def one(self, condition: Condition) -> str:
        match condition:
            case Absent():
                return f"attribute_not_exists({self.name('pk')})"
            case Missing(name):
                return f"attribute_not_exists({self.name(name)})"
            case Is(name, value):
                return f"{self.name(name)} = {self.value(value)}"
            case AtMost(name, value):
                return f"{self.name(name)} <= {self.value(value)}"
            case MoreThan(name, value):
                return f"{self.name(name)} > {self.value(value)}"
            case AnyOf(choices):
                return "(" + " OR ".join(self.one(choice) for choice in choices) + ")"
            case _:
                assert_never(condition)

    def used(self) -> dict[str, Any]:
        used: dict[str, Any] = {}
        if self._names:
            used["ExpressionAttributeNames"] = {v: k for k, v in self._names.items()}
        if self._values:
            used["ExpressionAttributeValues"] = self._values
        return used


def _reason(reason: Mapping[str, Any]) -> ConditionFailed | Busy | None:
    code = reason.get("Code", "None")
    if code == "ConditionalCheckFailed":
        item = reason.get("Item")
        return ConditionFailed(_row(item) if item else None)
    return Busy() if code in _BUSY else None


def _key(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def _item(row: Row) -> dict[str, Any]:
    return {name: _cell(cell) for name, cell in row.items()}


def _cell(cell: Cell) -> dict[str, Any]:
    if cell is None:
        return {"NULL": True}
    if isinstance(cell, bool):
        return {"BOOL": cell}
    if isinstance(cell, int):
        return {"N": str(cell)}
    if isinstance(cell, str):
        return {"S": cell}
    if isinstance(cell, Mapping):
        return {"M": {name: _cell(inner) for name, inner in cell.items()}}
    return {"L": [_cell(inner) for inner in cell]}


def _row(item: Mapping[str, Any]) -> Row:
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: Mapping[str, Any]) -> Cell:
    ((kind, inner),) = value.items()
    match kind:
        case "S" | "BOOL":
            return inner  # type: ignore[no-any-return]
        case "N":
            return int(inner)
        case "NULL":
            return None
        case "M":
            return {name: _plain(cell) for name, cell in inner.items()}
        case "L":
            return [_plain(cell) for cell in inner]
        case _:
            raise TypeError(f"a row holds a {kind}")
