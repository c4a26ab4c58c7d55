"""Stateful stand-ins for the back-end's ports, and a world that puts them together.

The table evaluates the same condition values the DynamoDB adapter spells; `test_store.py` holds
both to one suite. Nothing here expects calls: tests look at what became of the state.
"""

import base64
import copy
import hashlib
import itertools
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.config import Config
from chalicelib.connectors.ports import (
    MAX_TRANSACTION,
    Absent,
    Account,
    Accounts,
    AnyOf,
    AtMost,
    Busy,
    Cancelled,
    Change,
    Check,
    Committed,
    ConditionFailed,
    Credentials,
    Delete,
    Is,
    Key,
    Missing,
    MoreThan,
    ObjectFacts,
    OnlyVersion,
    Put,
    Rows,
    TableName,
    Wrote,
)
from chalicelib.model import Identity
from chalicelib.parts import Parts
from chalicelib.services.policy import Rules
from mydoctransfer_contract.documents import Document, Person
from mydoctransfer_contract.uploads import (
    CompleteUpload,
    CompleteUploads,
    NewUpload,
    RegisterUploads,
)

BUCKET = "bucket"
START = 1_800_000_000_000  # milliseconds


def holds(condition, row) -> bool:
    match condition:
        case Absent():
            return row is None
        case Missing(name):
            return row is None or name not in row
        case Is(name, value):
            return row is not None and name in row and row[name] == value
        case AtMost(name, value):
            return row is not None and isinstance(row.get(name), int) and row[name] <= value
        case MoreThan(name, value):
            return row is not None and isinstance(row.get(name), int) and row[name] > value
        case AnyOf(choices):
            return any(holds(choice, row) for choice in choices)
    raise TypeError(condition)


def item_size(row) -> int:
    """About what DynamoDB bills: names and values."""

    def size(cell) -> int:
        if isinstance(cell, dict):
            return 3 + sum(len(k.encode()) + size(v) + 1 for k, v in cell.items())
        if isinstance(cell, list | tuple):
            return 3 + sum(size(v) + 1 for v in cell)
        if isinstance(cell, str):
            return len(cell.encode())
        return 1 if cell is None or isinstance(cell, bool) else len(str(cell)) // 2 + 2

    return sum(len(name.encode()) + size(cell) for name, cell in row.items())


class FakeStore:
    """Both tables in memory.

    Attributes:
        calls: how many requests DynamoDB would have seen, by kind.
        reads, writes: units, as DynamoDB bills them.
        before_commit: run before each transaction; a test interleaves another writer with it.
    """

    def __init__(self) -> None:
        self.tables: dict[Key, dict] = {}
        self.calls: list[str] = []
        self.reads = 0.0
        self.writes = 0.0
        self.transactions: list[int] = []
        self.before_commit: Callable[[Sequence], None] | None = None
        self.busy_next = 0

    def forget_costs(self) -> None:
        self.calls, self.reads, self.writes, self.transactions = [], 0.0, 0.0, []

    def read(self, keys):
        wanted = list(dict.fromkeys(keys))
        assert wanted, "an empty read is refused by DynamoDB"
        found = {key: copy.deepcopy(self.tables[key]) for key in wanted if key in self.tables}
        for key in wanted:
            self.reads += -(-item_size(found[key]) // 4096) if key in found else 1
        self.calls += ["read"] * -(-len(wanted) // 100)
        return found

    def page(self, table, pk, *, prefix="", after=None, up_to=None, newest_first=False, limit=100):
        self.calls.append("query")
        keys = sorted(
            key
            for key in self.tables
            if key.table is table
            and key.pk == pk
            and key.sk.startswith(prefix)
            and (up_to is None or key.sk <= up_to)
        )
        if newest_first:
            keys.reverse()
        if after is not None:
            keys = [k for k in keys if (k.sk < after if newest_first else k.sk > after)]
        taken = keys[:limit]
        rows = tuple({**copy.deepcopy(self.tables[k]), "pk": k.pk, "sk": k.sk} for k in taken)
        self.reads += max(1, -(-sum(item_size(row) for row in rows) // 4096))
        return Rows(rows, taken[-1].sk if len(keys) > limit else None)

    def write(self, write):
        assert write.when, f"an unconditional write: {write.key}"
        self.calls.append("write")
        if self.busy_next > 0:
            self.busy_next -= 1
            return Busy()
        failed = self._failed(write)
        self.writes += self._units(write)
        if failed is not None:
            return failed
        self._apply(write)
        row = self.tables.get(write.key)
        return Wrote(None if row is None else {**copy.deepcopy(row)})

    def commit(self, writes):
        assert 1 <= len(writes) <= MAX_TRANSACTION, len(writes)
        assert all(write.when for write in writes), "an unconditional write"
        keys = [write.key for write in writes]
        assert len(set(keys)) == len(keys), "two operations on one row"
        self.calls.append("transaction")
        self.transactions.append(len(writes))
        if self.before_commit is not None:
            hook, self.before_commit = self.before_commit, None
            hook(writes)
        if self.busy_next > 0:
            self.busy_next -= 1
            return Cancelled(tuple(Busy() for _ in writes))
        reasons = tuple(self._failed(write) for write in writes)
        self.writes += 2 * sum(self._units(write) for write in writes)
        if any(reasons):
            return Cancelled(reasons)
        for write in writes:
            self._apply(write)
        return Committed()

    def _units(self, write) -> int:
        row = write.row if isinstance(write, Put) else self.tables.get(write.key, {})
        return max(1, -(-item_size(row) // 1024))

    def _failed(self, write):
        row = self.tables.get(write.key)
        if all(holds(condition, row) for condition in write.when):
            return None
        return ConditionFailed(copy.deepcopy(row))

    def _apply(self, write) -> None:
        match write:
            case Put(key=key, row=row):
                self.tables[key] = copy.deepcopy(dict(row))
            case Delete(key=key):
                self.tables.pop(key, None)
            case Change(key=key, assign=assign, add=add, drop=drop):
                row = self.tables.setdefault(key, {})
                row.update(copy.deepcopy(dict(assign)))
                for name, amount in add.items():
                    row[name] = row.get(name, 0) + amount
                for name in drop:
                    row.pop(name, None)
            case Check():
                pass


@dataclass
class FakeObjects:
    """A versioned bucket. `broken` keys raise on removal."""

    versions: dict[str, list[tuple[str, bytes, dict]]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    looks: int = 0
    listings: list[str] = field(default_factory=list)
    presigned: list[tuple[str, str, str, int]] = field(default_factory=list)
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def put(self, key: str, data: bytes, *, crc32: str | None = None) -> str:
        """Place a version, as one PUT with its SHA-256, or with a composite CRC32."""
        version = f"v{next(self._numbers)}"
        sha = base64.b64encode(hashlib.sha256(data).digest()).decode()
        sums = {"sha256": sha} if crc32 is None else {"crc32": crc32}
        self.versions.setdefault(key, []).append((version, data, sums))
        return version

    def facts(self, key, version_id=None):
        self.looks += 1
        for version, data, sums in reversed(self.versions.get(key, [])):
            if version_id in (None, version):
                return ObjectFacts(
                    version, len(data), sums.get("sha256"), sums.get("crc32"), "crc32" in sums
                )
        return None

    def only_versions(self, prefix):
        self.listings.append(prefix)
        return {
            key: OnlyVersion(versions[0][0], len(versions[0][1]))
            for key, versions in self.versions.items()
            if key.startswith(prefix) and len(versions) == 1
        }

    def delete_version(self, key, version_id):
        if key in self.broken:
            raise ConnectionError("the bucket does not answer")
        self.versions[key] = [v for v in self.versions.get(key, []) if v[0] != version_id]

    def delete_all_versions(self, key):
        if key in self.broken:
            raise ConnectionError("the bucket does not answer")
        return len(self.versions.pop(key, []))

    def presign(self, key, version_id, disposition, seconds, until):
        self.presigned.append((key, version_id, disposition, seconds))
        return f"https://bucket.example/{key}?v={version_id}"

    @property
    def all_keys(self) -> set[str]:
        return {key for key, versions in self.versions.items() if versions}


class FakeGrants:
    """Mints credentials; remembers for which prefix."""

    def __init__(self, clock) -> None:
        self.minted: list[tuple[str, str]] = []
        self._clock = clock

    def mint(self, session_name, prefix):
        self.minted.append((session_name, prefix))
        return Credentials("ASIAX", "secret", "token", self._clock() + 900_000)


class FakeDirectory:
    """A user pool of accounts."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.looks = 0

    def find(self, email):
        self.looks += 1
        found = [a for a in self.accounts.values() if a.email == email]
        return found[0] if len(found) == 1 else None

    def search(self, attribute, prefix, after, limit):
        self.looks += 1
        found = sorted(
            (a for a in self.accounts.values() if getattr(a, attribute).startswith(prefix)),
            key=lambda a: a.email,
        )
        start = int(after or 0)
        more = str(start + limit) if len(found) > start + limit else None
        return Accounts(tuple(found[start : start + limit]), more)

    def is_enabled(self, username):
        return any(a.sub == username and a.is_enabled for a in self.accounts.values())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def op() -> str:
    """A fresh idempotency key."""
    return secrets.token_hex(16)


class World:
    """The back-end over fakes, with a clock that only tests turn."""

    def __init__(self, **rules) -> None:
        self.now = START
        self.store = FakeStore()
        self.objects = FakeObjects()
        self.grants = FakeGrants(lambda: self.now)
        self.directory = FakeDirectory()
        self.config = Config(
            stage="test",
            epoch="epoch-1",
            main_table=f"main-{secrets.token_hex(4)}",
            audit_table=f"audit-{secrets.token_hex(4)}",
            bucket=BUCKET,
            region="eu-west-1",
            user_pool_id="eu-west-1_pool",
            client_id="client",
            grant_role_arn="arn:aws:iam::123456789012:role/grant",
            policy="",
            secret="s" * 40,
        )
        self.parts = Parts(
            config=self.config,
            rules=Rules(**rules),
            store=self.store,
            objects=self.objects,
            grants=self.grants,
            directory=self.directory,
            clock=lambda: self.now,
            pause=lambda seconds: None,
        )
        self._people = itertools.count(1)

    def person(self, given: str = "Ada", *, groups=(), email: str | None = None) -> Identity:
        """Add somebody with an account."""
        number = next(self._people)
        sub = f"00000000-0000-4000-8000-{number:012d}"
        email = email or f"person{number}@example.org"
        self.directory.accounts[sub] = Account(sub, email, given, "Byron", True)
        return Identity(sub, sub, Person(email, given, "Byron"), groups, "192.0.2.1")

    def new(self, data: bytes = b"hello", path: str = "a/b.txt", **more) -> NewUpload:
        """One file to register."""
        values = {
            "op_id": op(),
            "path": path,
            "display_name": path.rsplit("/", 1)[-1],
            "size": len(data),
            "sha256": sha256(data),
            **more,
        }
        return NewUpload(**values)

    def register(self, who: Identity, *files: NewUpload, renew=None):
        from chalicelib.controllers import uploads

        return uploads.register(self.parts, who, {}, self.now, RegisterUploads(tuple(files), renew))

    def complete(self, who: Identity, *asked: CompleteUpload):
        from chalicelib.controllers import publishing

        return publishing.complete(self.parts, who, self.now, CompleteUploads(tuple(asked)))

    def publish(
        self, who: Identity, data: bytes = b"hello", path: str = "a/b.txt", **more
    ) -> Document:
        """Register, send and complete one file; return the document."""
        file = self.new(data, path, **more)
        registered = self.register(who, file).results[0]
        assert registered.problem is None, registered.problem
        self.objects.put(registered.key, data)
        done = self.complete(
            who, CompleteUpload(registered.upload_id, len(data), sha256(data))
        ).results[0]
        assert done.problem is None, done.problem
        return done.document

    def rows(self, prefix: str, table: TableName = TableName.MAIN) -> list[Key]:
        """The keys whose sort key starts so."""
        return [k for k in self.store.tables if k.table is table and k.sk.startswith(prefix)]

    def stored(self, key: Key) -> dict:
        """A row with what its body holds laid open."""
        row = self.store.tables[key]
        return {**json.loads(row["body"]), **row}

    def audited(self) -> list[str]:
        """What the audit says happened, in order."""
        return [entry["action"] for entry in self.audit_entries()]

    def audit_entries(self) -> list[dict[str, Any]]:
        """The entries of the audit, in order."""
        entries = [
            json.loads(entry)
            for key, row in self.store.tables.items()
            if key.table is TableName.AUDIT and key.pk.startswith("DAY#")
            for entry in row["entries"]
        ]
        return sorted(entries, key=lambda e: (e["at"], e["id"]))
