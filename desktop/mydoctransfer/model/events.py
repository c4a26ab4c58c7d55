"""What the engine tells: values that come out of it, for the window, the tray and `sync --json`."""

from dataclasses import dataclass
from enum import Enum

from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import Account, Fetched, LinkState, Person, RelPath, ShareId


class EngineState(Enum):
    """The one word for how things stand, as the tray shows it."""

    IDLE = "idle"
    SYNCING = "syncing"
    PAUSED = "paused"
    OFFLINE = "offline"
    PROBLEM = "problem"
    SIGNED_OUT = "signed_out"


class ItemState(Enum):
    """How one file or document stands."""

    SYNCED = "synced"
    WAITING = "waiting"
    UPLOADING = "uploading"
    BUSY = "busy"
    SKIPPED = "skipped"
    PROBLEM = "problem"
    GONE = "gone"
    CONFLICT = "conflict"


class Halt(Enum):
    """How the person stopped the sending of one file. The value is kept in the journal."""

    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the documents table.

    Attributes:
        key: the path for what lies in the folder, else the share id: unique in the table.
        path: relative to the folder; None for what others shared with me or lies elsewhere only.
        name: what people call it. size: bytes. owner: None until somebody is signed in.
        expires_at: milliseconds since the epoch, server time; None while not in the cloud.
        state, message: the state and, where there is something to say, a sentence.
        is_from_before: it was in the folder before that was chosen, and is left alone.
        former: addresses it was shared with before it was sent again, and is not now (R13).
        goes_up: it waits to be sent or is being sent, or would but for `halt`.
        halt: how the person stopped its sending, if they did.
        version: of what is in the cloud. fetched: who has confirmed having it, or did so before.
        is_directory: it is no document, but a directory of which something is to be said.
    """

    key: str
    path: RelPath | None
    share_id: ShareId | None
    name: str
    size: int
    owner: Person | None
    is_mine: bool
    people: tuple[Person, ...]
    uploaded_at: int | None
    expires_at: int | None
    state: ItemState
    message: str = ""
    link: LinkState | None = None
    is_from_before: bool = False
    former: tuple[str, ...] = ()
    goes_up: bool = False
    halt: Halt | None = None
    version: int = 0
    fetched: tuple[Fetched, ...] = ()
    is_directory: bool = False

    def has_fetched(self, person: Person) -> Fetched | None:
        """Return what somebody confirmed of the version that is in the cloud now."""
        mine = (f for f in self.fetched if f.person.email == person.email)
        return next((f for f in mine if f.version >= self.version), None)

    @property
    def waits_for(self) -> tuple[Person, ...]:
        """Who can get it and has not confirmed having what is in the cloud now."""
        return tuple(person for person in self.people if self.has_fetched(person) is None)


@dataclass(frozen=True, slots=True)
class Status:
    """How the engine stands as a whole. Published whenever any of it changes.

    Attributes:
        state, message: the state and a sentence about it ("" when all is well).
        folder: absolute path of the watched folder, None before one was chosen.
        queued: files that wait for or are in transfer.
        held_deletes: documents whose withdrawal waits for the person's answer.
        account: who is signed in; None when signed out.
        clock_offset_ms: server time minus this machine's.
        email: the last address that signed in, to fill the sign-in; "" if none.
        paused_until: when a pause for a while ends, by this machine's clock; else None.
    """

    state: EngineState
    message: str = ""
    folder: str | None = None
    queued: int = 0
    held_deletes: int = 0
    account: Account | None = None
    clock_offset_ms: int = 0
    email: str = ""
    paused_until: int | None = None


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The engine as a whole stands otherwise than before."""

    status: Status


@dataclass(frozen=True, slots=True)
class RowsChanged:
    """Rows that are new or different, and keys of rows that are no more; one batch a turn.

    `is_snapshot`: these are all rows there are; forget every other.
    """

    rows: tuple[Row, ...]
    removed: tuple[str, ...] = ()
    is_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes acknowledged by the store, of one running upload."""

    key: str
    sent: int
    total: int


@dataclass(frozen=True, slots=True)
class Downloading:
    """A download began (`came` is 0), has come so far, or is over (`row` is None); in bytes."""

    share_id: ShareId
    row: Row | None
    came: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """Documents that reached the cloud just now (new ones and new versions)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedWithYou:
    """Documents that others shared with this account since the last look."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """Somebody's client confirmed having a document of mine, or a new version of it; once each."""

    fetches: tuple[tuple[Row, Person], ...]


@dataclass(frozen=True, slots=True)
class ExpiringSoon:
    """My documents that leave the cloud within ten minutes; once for each deadline."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class DeletesHeld:
    """A mass delete waits for an answer (`deletes --confirm|--keep`). Keeping is the default."""

    paths: tuple[RelPath, ...]
    published: int


@dataclass(frozen=True, slots=True)
class ProblemRaised:
    """An item got into trouble that will not pass by itself at once."""

    key: str
    name: str
    message: str


class Deed(Enum):
    """What can have happened with documents. The value is kept in the journal."""

    ADDED = "added"
    PUBLISHED = "published"
    RECEIVED = "received"
    SHARED = "shared"
    UNSHARED = "unshared"
    EXTENDED = "extended"
    RENAMED = "renamed"
    WITHDRAWN = "withdrawn"
    FETCHED = "fetched"
    DOWNLOADED = "downloaded"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, with one document or with several.

    Attributes:
        at: milliseconds since the epoch, by this machine's clock.
        names: of the first few documents; `count`: how many there were.
        share_id: the document, where it was one. people: addresses, with commas between.
        before: when the document would have expired without this, where that was moved.
        paths: of the files that were added, unless those were very many or it is long ago.
    """

    at: int
    deed: Deed
    names: tuple[str, ...]
    count: int
    share_id: str = ""
    people: str = ""
    before: int | None = None
    paths: tuple[RelPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """Things that happened, the oldest first. `is_all`: everything that is kept."""

    entries: tuple[Happening, ...]
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """The folder rules there are now (R12), ordered by their folders' paths."""

    rules: tuple[Rule, ...]


Event = (
    StatusChanged
    | RowsChanged
    | Progress
    | Downloading
    | Published
    | SharedWithYou
    | Downloaded
    | ExpiringSoon
    | DeletesHeld
    | ProblemRaised
    | Happened
    | RulesChanged
)
