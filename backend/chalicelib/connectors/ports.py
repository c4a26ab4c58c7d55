"""What the use cases ask of the outside, as small protocols, and the values they pass.

A write is a value: the table's adapter turns it into DynamoDB's expressions, the tests' table
evaluates it in memory. Conditions are a small closed union, because every write is conditional.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias

Cell: TypeAlias = "str | int | bool | Sequence[Cell] | Mapping[str, Cell] | None"
Row: TypeAlias = Mapping[str, Cell]

MAX_TRANSACTION = 100  # items in one TransactWriteItems


class TableName(Enum):
    """The two tables: the records, and the append-only audit."""

    MAIN = "main"
    AUDIT = "audit"


class Key(NamedTuple):
    """A row's place: partition and sort key."""

    pk: str
    sk: str
    table: TableName = TableName.MAIN


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no row at the key."""


@dataclass(frozen=True, slots=True)
class Is:
    """The attribute has this value."""

    name: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Missing:
    """The attribute is not there (nor, perhaps, the row)."""

    name: str


@dataclass(frozen=True, slots=True)
class AtMost:
    """The attribute is there and is not more than this."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class MoreThan:
    """The attribute is there and is more than this."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these holds."""

    choices: tuple["Condition", ...]


Condition: TypeAlias = Absent | Is | Missing | AtMost | MoreThan | AnyOf
When: TypeAlias = tuple[Condition, ...]  # all of them hold


@dataclass(frozen=True, slots=True)
class Put:
    """Place a whole row."""

    key: Key
    row: Row
    when: When


@dataclass(frozen=True, slots=True)
class Change:
    """Set, add to and drop attributes of a row; makes the row when the conditions let it."""

    key: Key
    when: When
    assign: Mapping[str, Cell] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a row."""

    key: Key
    when: When


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, but hold the transaction to these conditions."""

    key: Key
    when: When


Write: TypeAlias = Put | Change | Delete | Check


@dataclass(frozen=True, slots=True)
class Wrote:
    """A single write was done; the row as it is now (None after a delete)."""

    row: Row | None


@dataclass(frozen=True, slots=True)
class ConditionFailed:
    """A condition did not hold; the row that was found, or None."""

    row: Row | None


@dataclass(frozen=True, slots=True)
class Busy:
    """Another transaction holds the row, or the table is throttling: try again."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The whole transaction was done."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nothing was done; for each write why not, or None where it would have been."""

    reasons: tuple[ConditionFailed | Busy | None, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows in key order; `after` is the sort key to go on after, if there is more."""

    rows: tuple[Row, ...]
    after: str | None


class Store(Protocol):
    """The tables. Reads are consistent; there is no scan."""

    def read(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        """Return the rows that exist among `keys` (one call for each hundred)."""

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
        """Return one page of a partition: one query."""

    def write(self, write: Write) -> Wrote | ConditionFailed | Busy:
        """Do one conditional write."""

    def commit(self, writes: Sequence[Write]) -> Committed | Cancelled:
        """Do up to `MAX_TRANSACTION` conditional writes, all or none."""


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """What the bucket says of one object.

    Attributes:
        sha256: base64 SHA-256 of the whole object, or None.
        crc32: base64 CRC32; with `-N` behind it when it is a composite of N parts; or None.
        is_composite: the checksum covers the parts' checksums, not the bytes.
    """

    version_id: str
    size: int
    sha256: str | None
    crc32: str | None
    is_composite: bool


@dataclass(frozen=True, slots=True)
class OnlyVersion:
    """The one version of an object, of which no other and no delete marker is known.

    Attributes:
        size: bytes.
    """

    version_id: str
    size: int


class Objects(Protocol):
    """The bucket."""

    def facts(self, key: str, version_id: str | None = None) -> ObjectFacts | None:
        """Return what lies at `key`, or None."""

    def only_versions(self, prefix: str) -> Mapping[str, OnlyVersion]:
        """Return the objects beneath `prefix` that have one version each, by key: one request.

        What it does not tell of may be there all the same; ask for it by `facts`.
        """

    def delete_version(self, key: str, version_id: str) -> None:
        """Remove one version for good."""

    def delete_all_versions(self, key: str) -> int:
        """Remove every version and delete marker of `key`; return how many there were."""

    def presign(
        self, key: str, version_id: str, disposition: str, seconds: int, until: int
    ) -> str | None:
        """Return an address that serves this version for so long, or None when `until` has come.

        It serves nothing from `until` on (milliseconds since the epoch).
        """


@dataclass(frozen=True, slots=True)
class Credentials:
    """Temporary credentials; the end in milliseconds since the epoch."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires_at: int


class Grants(Protocol):
    """The maker of credentials that can put objects under one prefix and nothing else."""

    def mint(self, session_name: str, prefix: str) -> Credentials:
        """Return credentials for 15 minutes."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody in the directory. The e-mail is canonical."""

    sub: str
    email: str
    given_name: str
    family_name: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """A page of accounts and what asks for the next."""

    accounts: tuple[Account, ...]
    after: str | None


class Directory(Protocol):
    """The user pool."""

    def find(self, email: str) -> Account | None:
        """Return the account with this canonical e-mail, or None."""

    def search(self, attribute: str, prefix: str, after: str | None, limit: int) -> Accounts:
        """Return accounts whose attribute starts with `prefix` ("" for all)."""

    def is_enabled(self, username: str) -> bool:
        """Return whether the account exists and may act."""
