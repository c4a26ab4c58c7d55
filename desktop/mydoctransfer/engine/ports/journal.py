"""The engine's memory. Called by the sync thread only."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from mydoctransfer.engine.ports.disk import Entry
from mydoctransfer.engine.ports.objects import Part
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.rules import FolderRule
from mydoctransfer.model.trees import (
    Document,
    LocalFile,
    OpId,
    RelPath,
    ShareId,
    Skip,
    Stat,
    Synced,
    Trees,
)


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
    parts: Mapping[int, Part]


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about a path that no tree holds; kept so that `status` knows it offline."""

    state: str  # an ItemState value
    message: str


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


class JournalBroken(AppError):
    """It cannot be used as it is: not readable or writable now, or of a newer version."""

    def __init__(self, message: str, code: str = "journal_broken") -> None:
        super().__init__("The journal cannot be used", message, code)


class JournalLost(JournalBroken):
    """What it held cannot be had any more: damaged, or another file or none is at its place (J09).

    The next one that is opened there begins anew.
    """


class Journal(Protocol):
    """The engine's memory (SQLite). Called by the sync thread only; every call is a transaction.

    `OSError` with ENOSPC, or `JournalBroken`, is the only surprise.
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
        """Put the local tree right for these paths, in one transaction; none where nothing is to
        be written."""

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

    def take_placed(self) -> set[ShareId]:
        """Which documents were agreed on for a path, or for none any more, since this was asked."""

    def synced_path(self, share_id: ShareId) -> RelPath | None: ...

    def synced_all(self) -> dict[RelPath, Synced]: ...

    def homes(self, inodes: Collection[tuple[int, int]]) -> set[RelPath]:
        """The paths on which something was agreed while one of these inodes (device, number) lay
        there."""

    def documents(self) -> Iterator[Document]:
        """Everything the server told of: mine and shared with me, tombstones included. One by one,
        since they may be many; write nothing meanwhile."""

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

        A document never goes back to a smaller revision, unless the epoch changed before. What was
        called gone differs again where another live document of the same bytes is at its path.
        """

    def forget_remote(self) -> None:
        """The server's epoch changed: nothing that was learned holds any more (F12)."""

    def intend(self, intents: Sequence[str], fresh: Sequence[OpId]) -> list[OpId]:
        """Return the idempotency key of each intent: the one on disk, else `fresh`, written now."""

    def intents(self) -> dict[str, OpId]:
        """Every intent that is not done, with its idempotency key."""

    def settle(self, settled: Sequence[Settled]) -> None:
        """Take over finished actions: trees, intents and transfers, one transaction in all.

        A file belongs to the path it was agreed on for last: one that left its path before has no
        claim to it any more (R2).
        """

    def transfer(self, path: RelPath) -> Transfer | None: ...
    def transfers(self) -> list[Transfer]: ...
    def save_transfer(self, transfer: Transfer) -> None: ...
    def save_part(self, op_id: OpId, number: int, part: Part) -> None: ...
    def drop_transfer(self, op_id: OpId) -> None: ...

    def note(self, path: RelPath, note: Note | None) -> None: ...
    def notes(self) -> dict[RelPath, Note]: ...

    def log_withdrawals(self, confirmed: Mapping[ShareId, bool], at: int) -> None:
        """Keep that these go out now (milliseconds), and whether the person said so."""

    def withdrawals_since(self, at: int) -> int:
        """Unconfirmed withdrawals since this time (milliseconds) that came about, for R5: those
        whose document is not live any more."""

    def rules(self) -> dict[RelPath, FolderRule]: ...
    def set_rule(self, path: RelPath, rule: FolderRule | None) -> None: ...
