"""Documents, people and policy as the API shows them. Times are RFC 3339 strings here."""

from dataclasses import dataclass
from enum import Enum

from mydoctransfer_contract.problems import Problem


class DocumentState(Enum):
    """Whether a document is in the cloud. A tombstone (expired, removed) lasts 30 days."""

    LIVE = "live"
    EXPIRED = "expired"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the directory. The e-mail is in canonical form."""

    email: str
    given_name: str
    family_name: str


@dataclass(frozen=True, slots=True)
class Link:
    """The state of a document's link, without its token."""

    expires_at: str
    downloads: int
    max_downloads: int | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """A recipient's client has confirmed that a version lies, verified, on its disk.

    Attributes:
        version: the latest one confirmed. at: when that was confirmed first.
    """

    person: Person
    version: int
    at: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document, as its owner or a recipient may see it.

    Attributes:
        share_id: 32 hex digits, opaque.
        path: wire spelling (see `paths`) of the path in the owner's folder; null for recipients.
        display_name: NFC, at most 255 bytes of UTF-8; what recipients save it as.
        version: counts the contents, from 1. revision: counts every change of the row.
        people: who has it; for a recipient, only themself.
        host: the device that published the version, as it calls itself; "" for recipients.
        fetched: who has confirmed having it, the earliest first, also who has it no more; for a
            recipient, only themself.
    """

    share_id: str
    owner: Person
    mine: bool
    path: str | None
    display_name: str
    size: int
    sha256: str
    version: int
    revision: int
    state: DocumentState
    uploaded_at: str
    expires_at: str
    people: tuple[Person, ...] = ()
    link: Link | None = None
    host: str = ""
    fetched: tuple[Fetched, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """`GET /docs?scope=mine|shared|all&gone=true|false&cursor=`."""

    documents: tuple[Document, ...]
    cursor: str | None
    epoch: str


class ChangeKind(Enum):
    """What a change says of a document, for the person asking."""

    DOCUMENT = "document"  # its state now, tombstones included
    NO_LONGER_SHARED = "no_longer_shared"  # withdrawn from this recipient; no document attached


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change feed."""

    kind: ChangeKind
    share_id: str
    document: Document | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`GET /docs/changes?since=`. Without `since`: no changes, the cursor of now.

    Attributes:
        more: ask again at once with the new cursor.
        reset: the cursor is too old or of another epoch; list `GET /docs` instead, from `cursor`.
        line: the number of the feed's line that `cursor` stands behind (see `FeedStretch`).
    """

    changes: tuple[Change, ...]
    cursor: str
    more: bool
    reset: bool
    epoch: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FeedStretch:
    """What one call has written into the caller's own change feed: these lines and no other's.

    Whoever stands behind line `first - 1`, and has taken over every document of the answer, may
    go on from `cursor` instead of reading them.

    Attributes:
        first, last: numbers of lines. cursor: stands behind the last one.
    """

    first: int
    last: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator allows. Lifetimes in seconds, sizes in bytes.

    Attributes:
        allowed_recipients, refused_recipients: canonical addresses, or domains. If any are allowed
            all others are refused; what is refused is refused although its domain is allowed.
    """

    lifetimes: tuple[int, ...]
    default_lifetime: int
    max_lifetime: int
    max_age: int
    max_bytes: int
    daily_bytes: int
    directory: str
    links_allowed: bool
    allowed_recipients: tuple[str, ...]
    refused_recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Me:
    """`GET /me`."""

    sub: str
    person: Person
    groups: tuple[str, ...]
    policy: Policy
    server_time: str
    epoch: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`GET /share/users?query=&cursor=`."""

    users: tuple[Person, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """The document after a change."""

    document: Document


class ActionKind(Enum):
    """What `POST /docs/{share_id}` does."""

    RENAME = "rename"
    DELETE = "delete"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class DocumentAction:
    """Body of `POST /docs/{share_id}`; `POST /docs` takes up to 100 of them.

    Attributes:
        op_id: idempotency key, 32 hex digits.
        share_id: needed in a batch; in `POST /docs/{share_id}` the path says it.
        display_name, path: for `rename`, either or both.
        expected_version: for `delete`: refused with `version_conflict` if another is published.
        lifetime: for `extend`, seconds from now.
    """

    op_id: str
    action: ActionKind
    share_id: str = ""
    display_name: str | None = None
    path: str | None = None
    expected_version: int | None = None
    lifetime: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentActions:
    """Body of `POST /docs`."""

    actions: tuple[DocumentAction, ...]


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """One result of the batch `POST /docs`, in the order asked."""

    op_id: str
    document: Document | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class DocumentResults:
    """Answer of `POST /docs`. `feed`: null where others' lines lie between those of this call."""

    results: tuple[DocumentResult, ...]
    feed: FeedStretch | None = None


@dataclass(frozen=True, slots=True)
class ShareChange:
    """Body of `POST /share/{share_id}`: all of it happens, or nothing does."""

    op_id: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """`GET /share/{share_id}`: a presigned URL, at most 60 s to start, never past expiry."""

    url: str
    expires_at: str
    display_name: str
    size: int
    sha256: str
    version: int


@dataclass(frozen=True, slots=True)
class Received:
    """Body of `POST /share/{share_id}/received`, sent after the verified rename."""

    op_id: str
    sha256: str
    version: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit: `id` is a ULID, `actor` null means the system."""

    id: str
    at: str
    actor: Person | None
    action: str
    share_id: str
    display_name: str
    detail: str
    source: str
    expired: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`GET /audit?query=&cursor=`, newest first."""

    entries: tuple[AuditEntry, ...]
    cursor: str | None
