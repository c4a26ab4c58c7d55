"""What the engine needs of the world, as it needs it.

`Journal`, `Clock` and `Rand` are called by the sync thread directly. `Disk`, `Cloud`, `Objects`,
`Identity` and `Inbox` are called from the transfer pool only: the engine hands them a `Call` (see
`calls.py`) and hears of the result later. They answer with values; what can go wrong on an ordinary
day is a `Failure`, not an exception.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

from mydoctransfer.model.trees import (
    Account,
    Document,
    DocumentState,
    LocalFile,
    OpId,
    Person,
    RelPath,
    ShareId,
    Skip,
    Stat,
    Synced,
    Trees,
)


class FailureKind(Enum):
    """What went wrong, by what the engine does about it."""

    OFFLINE = "offline"  # no answer, or not from our cloud (captive portal): try again later
    BUSY = "busy"  # 429, 5xx, SlowDown: try again after a while
    REFUSED = "refused"  # the server said no; `code` says why
    SIGNED_OUT = "signed_out"  # no session, or a revoked one
    CLOCK_WRONG = "clock_wrong"  # this machine's clock is too far off for signatures
    CHANGED = "changed"  # the file is not what was expected: look again
    MISSING = "missing"  # the file is not there (any more)
    UNREADABLE = "unreadable"  # no permission, I/O error
    NO_SPACE = "no_space"  # the disk is full
    GRANT_ENDED = "grant_ended"  # the upload credentials ran out: renew
    UPLOAD_ENDED = "upload_ended"  # the multipart upload is not known any more: start again
    CORRUPT = "corrupt"  # checksums differ
    KEYRING = "keyring"  # the keyring is locked or missing


@dataclass(frozen=True, slots=True)
class Failure:
    """An outcome that is no success.

    Attributes:
        message: a sentence for the person. code: stable, the server's where it came from there.
        retry_after: seconds the other side asked to wait.
        emails, share_id: as in the contract's `Problem`.
    """

    kind: FailureKind
    message: str
    code: str = ""
    retry_after: float | None = None
    emails: tuple[str, ...] = ()
    share_id: str | None = None


# --- the journal ---------------------------------------------------------------------------------


class Entry(NamedTuple):
    """A name in a directory: a file as `Stat` has it, or why it is skipped.

    Flat, as the journal's rows are, so that a directory of which nothing changed is told by one
    comparison.
    """

    name: str
    dev: int
    ino: int
    size: int
    mtime_ns: int
    ctime_ns: int
    skip: Skip | None

    @property
    def stat(self) -> Stat:
        """What must be equal for bytes to count as unchanged."""
        return tuple.__new__(Stat, self[1:6])


class Seen(NamedTuple):
    """One directory entry as the journal has it: a hashed or unhashed file, or a skipped one.

    Like `Entry` a tuple, not a dataclass: a pass over 100,000 files makes one of each a file, and
    they are made in a quarter of the time.
    """

    stat: Stat
    sha256: str | None
    skip: Skip | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A running upload, on disk so that a killed client can go on.

    Attributes:
        op_id: the key it was registered with. expects: the file it was begun for.
        upload_id, grant_id, key: the server's, once registered. multipart_id: S3's, once started.
        part_size: bytes. parts: acknowledged parts by number, from 1.
    """

    op_id: OpId
    path: RelPath
    expects: Stat
    upload_id: str
    grant_id: str
    key: str
    multipart_id: str | None
    part_size: int
    parts: Mapping[int, "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """An acknowledged part: its ETag, CRC32 and size in bytes."""

    etag: str
    crc32: int
    size: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about a path that no tree holds; kept so that `status` knows it offline."""

    state: str  # an ItemState value
    message: str


class Journal(Protocol):
    """The engine's memory (SQLite). Called by the sync thread only; every call is a transaction.

    `OSError` with ENOSPC (or the adapter's `JournalBroken`, an AppError) is the only surprise.
    """

    def clear(self) -> None:
        """Forget everything: another account signed in."""

    def forget_local(self) -> None:
        """Forget what was seen and agreed for the folder, and its transfers; keep what the server
        told: another folder was chosen, or this one is not the one that was known (F10)."""

    def get(self, key: str) -> str | None: ...
    def put(self, key: str, value: str | None) -> None: ...

    def directory(self, directory: RelPath) -> dict[str, Seen]:
        """What is known directly in this directory, by name."""

    def has_exactly(self, directory: RelPath, entries: Sequence[Entry]) -> bool:
        """Whether just these regular files were last seen in this directory, as they are now.

        For the many directories in which nothing changed. False may also mean that it is not
        told so simply: then `directory` tells.
        """

    def directories(self, beneath: RelPath) -> set[RelPath]:
        """Every directory known to hold an entry, `beneath` itself included."""

    def local(self, path: RelPath) -> Seen | None: ...

    def observe(
        self, files: Mapping[RelPath, LocalFile | tuple[Stat, Skip]], vanished: Iterable[RelPath]
    ) -> None:
        """Put the local tree right for these paths, in one transaction."""

    def unhashed(self) -> dict[RelPath, Stat]:
        """Files whose bytes were not read yet."""

    def skipped(self) -> dict[RelPath, Skip]: ...
    def read_after(self, path: RelPath, count: int) -> list[tuple[RelPath, LocalFile]]:
        """Files whose bytes were read, in the journal's order from behind this path ("": all)."""

    def differences(self) -> Trees:
        """The part of the trees where anything differs (see `Trees`)."""

    def published_count(self) -> int:
        """Paths of this folder that have a live document."""

    def synced(self, path: RelPath) -> Synced | None: ...
    def forget_content(self, path: RelPath) -> None:
        """Keep the agreement for a path, but with no content and gone: it is to be sent again."""

    def synced_path(self, share_id: ShareId) -> RelPath | None: ...

    def synced_all(self) -> dict[RelPath, Synced]: ...

    def homes(self, inodes: Collection[tuple[int, int]]) -> set[RelPath]:
        """The paths on which something was agreed while one of these inodes (device, number) lay
        there."""

    def documents(self) -> list[Document]:
        """Everything the server told of: mine and shared with me, tombstones included."""

    def document(self, share_id: ShareId) -> Document | None: ...
    def document_at(self, path: RelPath) -> Document | None:
        """My live document at this path."""

    def next_expiry(self, after: int = 0) -> int | None:
        """When the first live document that ends after `after` will be over (ms, server time)."""

    def expired(self, now: int) -> list[Document]:
        """Documents called live whose time is up at `now` (milliseconds, server time)."""

    def learn(
        self, documents: Iterable[Document], forget: Iterable[ShareId], cursor: str | None
    ) -> None:
        """Take over what a poll said, and the cursor with it, in one transaction.

        A document never goes back to a smaller revision, unless the epoch changed before.
        """

    def forget_remote(self) -> None:
        """The server's epoch changed: nothing that was learned holds any more (F12)."""

    def intend(self, intents: Sequence[str], fresh: Sequence[OpId]) -> list[OpId]:
        """Return the idempotency key of each intent: the one on disk, else `fresh`, written now."""

    def intents(self) -> dict[str, OpId]:
        """Every intent that is not done, with its idempotency key."""

    def settle(self, settled: Sequence["Settled"]) -> None:
        """Take over finished actions: trees, intents and transfers, one transaction in all."""

    def transfer(self, path: RelPath) -> Transfer | None: ...
    def transfers(self) -> list[Transfer]: ...
    def save_transfer(self, transfer: Transfer) -> None: ...
    def save_part(self, op_id: OpId, number: int, part: Part) -> None: ...
    def drop_transfer(self, op_id: OpId) -> None: ...

    def note(self, path: RelPath, note: Note | None) -> None: ...
    def notes(self) -> dict[RelPath, Note]: ...

    def log_withdrawal(self, share_id: ShareId, at: int, confirmed: bool) -> None: ...
    def withdrawals_since(self, at: int) -> int:
        """Unconfirmed withdrawals since this time (milliseconds), for R5."""

    def rules(self) -> dict[RelPath, "FolderRule"]: ...
    def set_rule(self, path: RelPath, rule: "FolderRule | None") -> None: ...


@dataclass(frozen=True, slots=True)
class FolderRule:
    """What new documents beneath a folder get (R12). Lifetime in seconds; None is the default."""

    lifetime: int | None
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """One finished action.

    Attributes:
        path: the path it was about, None where there is none.
        synced: the new agreement for `path`; None forgets it. moved_from: the path it had.
        document: what the server answered. intent: the intent that is done.
        op_id: the transfer that is done.
    """

    path: RelPath | None
    synced: Synced | None
    document: Document | None
    intent: str
    moved_from: RelPath | None = None
    op_id: OpId | None = None


# --- the disk ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Root:
    """The watched folder as found: device id and the marker's uuid (None: no marker)."""

    dev: int
    marker: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One directory, names in order. `failure` says that it could not be read (then it looks
    empty, R9). Subdirectories stand apart from the entries, unless they are skipped."""

    directory: RelPath
    entries: Sequence[Entry] = ()
    subdirectories: Sequence[str] = ()
    failure: Failure | None = None


class Hashed(NamedTuple):
    """The bytes of a file: equal stat before and after reading, and not longer than that."""

    path: RelPath
    stat: Stat
    birth_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Free:
    """Bytes free for this person, and bytes in all."""

    free: int
    total: int


class Disk(Protocol):
    """The watched folder. Reads only, but for `mark` and `add`, which create and never replace.

    Every open walks from the root by directory descriptor with O_NOFOLLOW.
    """

    def look(self) -> Root | Failure: ...
    def mark(self, marker: str) -> Root | Failure:
        """Create the marker file; where one is, keep it and answer with it."""

    def list_directories(self, directories: Sequence[RelPath]) -> list[Listing]: ...
    def hash_files(self, files: Sequence[tuple[RelPath, Stat]]) -> list[Hashed | Failure]:
        """Read and hash; CHANGED when the stat before or after is not the one expected."""

    def read(self, path: RelPath, expects: Stat, most: int) -> bytes | Failure:
        """Return the bytes of a small file; UNREADABLE when it has more than `most`."""

    def stat(self, path: RelPath) -> Stat | Failure: ...
    def add(self, source: str, into: RelPath) -> list[RelPath] | Failure:
        """Copy a dropped file or directory (absolute path) into the folder, under a free name."""


# --- the cloud -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """One file to register; fields as in the contract's `NewUpload`, decoded."""

    op_id: OpId
    path: RelPath
    display_name: str
    size: int
    sha256: str | None
    share_id: ShareId | None
    expected_version: int | None
    lifetime: int | None
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Credentials for one prefix. `expires_at` in milliseconds since the epoch, server time."""

    grant_id: str
    bucket: str
    region: str
    prefix: str
    access_key_id: str
    secret_access_key: str
    session_token: str
    expires_at: int

    def __repr__(self) -> str:
        """Name it without its secrets."""
        return f"Grant({self.grant_id})"


@dataclass(frozen=True, slots=True)
class Registered:
    """An upload the server waits for."""

    upload_id: str
    grant_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Registration:
    """Answer to a registration, in the order asked. A `Document` was completed before."""

    grant: Grant | None
    results: tuple[Registered | Document | Failure, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """One upload to complete; fields as in the contract's `CompleteUpload`."""

    upload_id: str
    size: int
    sha256: str
    part_size: int | None = None
    checksum: str | None = None


@dataclass(frozen=True, slots=True)
class RenameOrder:
    """Move or rename a document in the cloud."""

    op_id: OpId
    share_id: ShareId
    display_name: str | None
    path: RelPath | None


@dataclass(frozen=True, slots=True)
class WithdrawOrder:
    """Withdraw a document; refused when its version is not the expected one (None: any)."""

    op_id: OpId
    share_id: ShareId
    expected_version: int | None


@dataclass(frozen=True, slots=True)
class ExtendOrder:
    """Let a document expire `lifetime` seconds from now."""

    op_id: OpId
    share_id: ShareId
    lifetime: int


Order = RenameOrder | WithdrawOrder | ExtendOrder


@dataclass(frozen=True, slots=True)
class Documents:
    """A page of documents."""

    documents: tuple[Document, ...]
    cursor: str | None
    epoch: str


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of the change feed. `withdrawn`: no longer shared with this account."""

    documents: tuple[Document, ...]
    withdrawn: tuple[ShareId, ...]
    cursor: str
    more: bool
    reset: bool
    epoch: str


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
    def complete(
        self, uploads: Sequence[Completion]
    ) -> tuple[Document | Failure, ...] | Failure: ...
    def abort(self, upload_id: str) -> Failure | None: ...
    def act(self, orders: Sequence[Order]) -> tuple[Document | Failure, ...] | Failure:
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


# --- the bytes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SmallPut:
    """A file of up to 8 MiB to put at `key`: read, checked against stat and hash, then sent."""

    path: RelPath
    expects: Stat
    sha256: str
    key: str


@dataclass(frozen=True, slots=True)
class PartPut:
    """One part to send: `length` bytes of `path` from `offset`."""

    path: RelPath
    expects: Stat
    key: str
    multipart_id: str
    number: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole file's SHA-256 and the CRC32 of each part, read in one go from one descriptor."""

    sha256: str
    crcs: tuple[int, ...]


class Objects(Protocol):
    """The bucket, seen through a grant. Never overwrites (`If-None-Match: *`)."""

    def put_many(self, grant: Grant, puts: Sequence[SmallPut]) -> list[Failure | None]: ...
    def start(self, grant: Grant, key: str) -> str | Failure:
        """Begin a multipart upload; answers its id."""

    def put_part(self, grant: Grant, part: PartPut) -> Part | Failure: ...
    def list_parts(self, grant: Grant, key: str, multipart_id: str) -> dict[int, Part] | Failure:
        """What the store has; parts whose checksum it does not tell have crc32 -1."""

    def finish(
        self, grant: Grant, key: str, multipart_id: str, parts: Mapping[int, Part]
    ) -> Failure | None:
        """Complete it. An upload that is complete already is a success."""

    def abort(self, grant: Grant, key: str, multipart_id: str) -> Failure | None: ...
    def digest(self, path: RelPath, expects: Stat, part_size: int) -> Digest | Failure: ...


class Inbox(Protocol):
    """Where downloads land: temp file, verify, fsync, rename without replacing."""

    def fetch(self, link: DownloadLink, directory: str | None, share_id: ShareId) -> str | Failure:
        """Download; answers the absolute path. None is the inbox; a name taken gets ` (2)`.

        A file of that name with the same content is adopted instead.
        """


# --- who is signed in ----------------------------------------------------------------------------


class Identity(Protocol):
    """The session. Tokens never leave the adapter."""

    def restore(self) -> bool | Failure:
        """Take up the stored session; False when there is none."""

    def sign_in(
        self, email: str, password: str, store: str, new_password: str | None, code: str | None
    ) -> Failure | None:
        """`code` of a failure: wrong_password, new_password_required, code_required, clock_wrong,
        no_keyring, keyring_locked, …"""

    def sign_out(self, everywhere: bool) -> Failure | None: ...

    def send_code(self, email: str) -> Failure | None:
        """Have a code sent to whoever forgot their password; an unknown address looks alike."""

    def reset_password(self, email: str, code: str, new_password: str) -> Failure | None: ...
    def change_password(self, password: str, new_password: str) -> Failure | None: ...

    def has_second_factor(self) -> bool | Failure:
        """Whether a sign-in asks whoever is signed in for a code."""

    def begin_second_factor(self) -> str | Failure:
        """Answer a secret (base 32) for an authenticator application; `confirm` makes it count."""

    def confirm_second_factor(self, code: str) -> Failure | None: ...
    def end_second_factor(self) -> Failure | None: ...


class Settings(Protocol):
    """What the person chose, kept across restarts. Reading is from memory, any thread."""

    def folder(self) -> str | None:
        """The watched folder, absolute; None before one was chosen."""

    def lifetime(self) -> int | None:
        """Seconds the folder's new documents live; None is the policy's default."""

    def email(self) -> str:
        """The address that signed in last; "" if none did."""

    def open(self, folder: str) -> Disk:
        """Return the disk port of a folder, without looking at it."""

    def check_folder(self, path: str, is_new: bool) -> str:
        """Answer the resolved path of a folder (absolute path). In the pool.

        `is_new`: make it first, if it is not there.

        Raises:
            AppError: it must not or cannot be watched; the sentence says why.
        """

    def only_new_since(self) -> int:
        """When the folder was chosen with only new files wanted (nanoseconds); 0: with all."""

    def choose_folder(
        self, resolved: str, lifetime: int | None, only_new_since: int | None
    ) -> None:
        """Remember a folder that was checked, and its lifetime (None: as it was).

        `only_new_since`: None means as it was for the same folder, and 0 for another.
        """

    def forget_folder(self) -> None: ...


class Watch(Protocol):
    """Tells of changes by putting `Hint` and `WatchState` into the inbox. Called from the pool."""

    def start(self, folder: str) -> None: ...
    def stop(self) -> None: ...
    def check(self) -> None:
        """Find out whether it still watches; a dead one says so with a `WatchState`."""


# --- time and chance -----------------------------------------------------------------------------


class Clock(Protocol):
    """Durations come from `monotonic` (seconds), which also runs during suspend where the system
    can tell; `wall_ms` is for people and logs."""

    def monotonic(self) -> float: ...
    def wall_ms(self) -> int: ...


class Rand(Protocol):
    """Chance: `hex32` for idempotency keys, `uniform` in [0, 1) for jitter."""

    def hex32(self) -> str: ...
    def uniform(self) -> float: ...
