"""The values the use cases speak of: who asks, a document, an upload. Times are milliseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mydoctransfer_contract.documents import DocumentState, Person


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, from the verified token and nothing else. `sub` is who; the rest is for show.

    Attributes:
        username: what the user pool calls the account.
        source: the address the request came from.
    """

    sub: str
    username: str
    person: Person
    groups: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_admin(self) -> bool:
        return "admins" in self.groups


@dataclass(frozen=True, slots=True)
class StoredLink:
    """The link of a document, as stored. The token is derived, never stored."""

    link_id: str
    generation: int
    expires_at: int
    downloads: int = 0
    max_downloads: int | None = None
    password: str = ""  # salted hash, or "" for none


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of deletion: when the last version of the object was gone, and how many there were."""

    objects_gone_at: int
    versions: int


@dataclass(frozen=True, slots=True)
class StoredFetch:
    """What a recipient's client has confirmed: the latest version, and when it said so first."""

    person: Person
    version: int
    at: int


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as its owner's partition holds it.

    Attributes:
        people: who has it, by `sub`; the names are as they were when it was shared.
        state: as stored; `state_at` says what it is at a moment.
        gone_at: when it left the cloud; 0 while live.
        fetched: who has confirmed having it, by `sub`; kept when it is shared with them no more.
        old_keys: objects of replaced versions, which the sweep removes a little later.
    """

    share_id: str
    owner: str
    owner_person: Person
    path: str
    display_name: str
    size: int
    sha256: str
    version: int
    revision: int
    uploaded_at: int
    expires_at: int
    key: str
    version_id: str
    host: str = ""
    people: Mapping[str, Person] = field(default_factory=dict)
    link: StoredLink | None = None
    state: DocumentState = DocumentState.LIVE
    gone_at: int = 0
    receipt: Receipt | None = None
    old_keys: tuple[str, ...] = ()
    fetched: Mapping[str, StoredFetch] = field(default_factory=dict)

    def state_at(self, now: int) -> DocumentState:
        """Return the state at `now`: a live document is expired from `expires_at` on (R10)."""
        if self.state is DocumentState.LIVE and now >= self.expires_at:
            return DocumentState.EXPIRED
        return self.state


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the bucket's event said of an upload's object."""

    version_id: str
    size: int
    at: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A registered upload. `state` is `open`, `done`, `aborted` or `refused`.

    Attributes:
        share_id: of the document to change, or the one minted for the new document.
        is_new: makes a document, rather than a version.
        lifetime: seconds, for a new document.
        people: to whom the new document is given, unless `revocations`, how often its owner had
            taken everything back when it was registered, is out of date by then.
    """

    upload_id: str
    op_id: str
    owner: str
    owner_person: Person
    grant_id: str
    key: str
    path: str
    display_name: str
    size: int
    sha256: str | None
    share_id: str
    is_new: bool
    expected_version: int | None
    lifetime: int
    people: Mapping[str, Person]
    host: str
    registered_at: int
    fingerprint: str
    revocations: int = 0
    state: str = "open"
    arrival: Arrival | None = None
