"""The API: documents, people, links, the audit. From the pool, but for `clock_offset_ms`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mydoctransfer.engine.ports.failures import Failure
from mydoctransfer.engine.ports.orders import Order
from mydoctransfer.engine.ports.uploads import Completion, Registration, UploadRequest
from mydoctransfer.model.trees import (
    Account,
    Document,
    DocumentState,
    Fetched,
    OpId,
    Person,
    ShareId,
)


@dataclass(frozen=True, slots=True)
class Documents:
    """A page of documents."""

    documents: tuple[Document, ...]
    cursor: str | None
    epoch: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of the change feed that one call of ours has written, `first` to `last` and no other's.

    Whoever has read to the line before, and has taken over what the call answered, has seen
    everything up to `cursor`.
    """

    first: int
    last: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of each that was asked, in the order asked; `stretch`: see there.

    None where the server tells nothing, or others' lines lie between ours.
    """

    results: tuple[Document | Failure, ...]
    stretch: Stretch | None


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of the change feed. `withdrawn`: no longer shared with this account.

    `line`: the number of the line that the cursor stands behind; None where none is told.
    """

    documents: tuple[Document, ...]
    withdrawn: tuple[ShareId, ...]
    cursor: str
    more: bool
    reset: bool
    epoch: str
    line: int | None


@dataclass(frozen=True, slots=True)
class DownloadLink:
    """Where to fetch one version of a document."""

    url: str
    display_name: str
    size: int
    sha256: str
    version: int

    def __repr__(self) -> str:
        """Name it without its signature."""
        return f"DownloadLink({self.sha256[:8]})"


@dataclass(frozen=True, slots=True)
class LinkWish:
    """What a document's link should be; None leaves it as it is (see `ChangeLink`)."""

    password: str | None = field(default=None, repr=False)
    max_downloads: int | None = None
    lifetime: int | None = None


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A document and the address of its link; None: it has none."""

    document: Document
    url: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Revoked:
    """What one call of the panic button ended; `more`: call again, with the cursor."""

    shares: int
    links: int
    more: bool
    cursor: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit; `at` in milliseconds since the epoch, `actor` None is the system."""

    id: str
    at: int
    actor: Person | None
    action: str
    share_id: str
    display_name: str
    detail: str
    source: str
    expired: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a document left the cloud; times in milliseconds since the epoch.

    Attributes:
        versions: how many contents had been published. people: who had it when it went.
        objects_gone_at: when no version of its bytes was left; None until the sweep has seen it.
        fetched: whose clients had confirmed that they have it.
    """

    share_id: ShareId
    display_name: str
    size: int
    sha256: str
    versions: int
    state: DocumentState
    owner: Person
    people: tuple[Person, ...]
    uploaded_at: int
    expires_at: int
    gone_at: int
    objects_gone_at: int | None
    fetched: tuple[Fetched, ...] = ()


class Cloud(Protocol):
    """The API. Every answer also measures the server's clock (`clock_offset_ms`)."""

    def clock_offset_ms(self) -> int: ...
    def me(self) -> Account | Failure: ...
    def documents(self, cursor: str | None) -> Documents | Failure:
        """My documents and those shared with me, tombstones included."""

    def changes(self, since: str | None) -> Changes | Failure: ...
    def register(
        self, files: Sequence[UploadRequest], renew: str | None
    ) -> Registration | Failure: ...
    def complete(self, uploads: Sequence[Completion]) -> Answers | Failure: ...
    def abort(self, upload_id: str) -> Failure | None: ...
    def act(self, orders: Sequence[Order]) -> Answers | Failure:
        """Up to 100 orders, in one call; each has its own result, in the order asked."""

    def share(
        self, op_id: OpId, share_id: ShareId, add: Sequence[str], remove: Sequence[str]
    ) -> Document | Failure: ...
    def give_link(
        self, op_id: OpId, share_id: ShareId, wish: LinkWish | None
    ) -> GivenLink | Failure:
        """Make, change or show the link for people without an account; None revokes it."""

    def revoke_all(self, cursor: str | None) -> Revoked | Failure: ...
    def receipt(self, share_id: ShareId) -> Receipt | Failure:
        """The receipt of my document's deletion, while the cloud remembers it (30 days)."""

    def link(self, share_id: ShareId) -> DownloadLink | Failure: ...
    def received(
        self, op_id: OpId, share_id: ShareId, sha256: str, version: int
    ) -> Failure | None: ...
    def users(self, query: str) -> tuple[Person, ...] | Failure: ...
    def audit(self, query: str) -> tuple[AuditEntry, ...] | Failure: ...
    def audit_csv(self) -> str | Failure:
        """The whole audit as a file for spreadsheets, in which no cell is a formula."""
