"""Links for people without an account, the panic button, and the receipt of a deletion."""

from dataclasses import dataclass
from enum import Enum

from mydoctransfer_contract.documents import Document, DocumentState, Fetched, Person


class LinkAction(Enum):
    """What `POST /links/{share_id}` does: make or change the link (or only show it), or end it."""

    SET = "set"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class LinkChange:
    """Body of `POST /links/{share_id}`. What is null stays as it is.

    Attributes:
        op_id: idempotency key, 32 hex digits.
        password: "" takes it away.
        max_downloads: 0 takes the limit away.
        lifetime: seconds from now; the link never outlives the document.
    """

    op_id: str
    action: LinkAction = LinkAction.SET
    password: str | None = None
    max_downloads: int | None = None
    lifetime: int | None = None


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """The document after the change.

    Attributes:
        link_path: `/s/<token>`, to be put behind the API's address; null when there is no link.
    """

    document: Document
    link_path: str | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """Answer of `POST /me/revoke-all?cursor=`: what this call ended.

    `more`: call again, with the cursor.
    """

    shares: int
    links: int
    more: bool
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`GET /docs/{share_id}/receipt`: proof of deletion, for the owner to keep.

    Attributes:
        people: who had it when it went.
        objects_gone_at: when no version of its contents was left; null until the sweep has seen.
        versions: how many versions of the contents had been published.
        fetched: whose clients had confirmed that they have it.
    """

    share_id: str
    display_name: str
    size: int
    sha256: str
    versions: int
    state: DocumentState
    owner: Person
    people: tuple[Person, ...]
    uploaded_at: str
    expires_at: str
    gone_at: str
    objects_gone_at: str | None
    fetched: tuple[Fetched, ...] = ()
