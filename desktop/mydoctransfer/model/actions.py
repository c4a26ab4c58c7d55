"""What can be done about a difference. Each action carries what it expects to find.

If it finds otherwise when it runs, it does nothing, and the next pass looks again.
"""

from dataclasses import dataclass

from mydoctransfer.model.rules import PLAIN, FolderRule
from mydoctransfer.model.trees import Document, LocalFile, RelPath, ShareId, Synced


@dataclass(frozen=True, slots=True)
class NewDocument:
    """Publish as a new document at `cloud_path`.

    `under_rules`: the folder's rule with its people applies; never for what had a document before
    (R13), where only the lifetime does. `terms`: what that comes to now.
    """

    cloud_path: RelPath
    under_rules: bool
    terms: FolderRule = PLAIN


@dataclass(frozen=True, slots=True)
class NewVersion:
    """Publish as the version after `expected_version` of a live document."""

    share_id: ShareId
    expected_version: int
    cloud_path: RelPath


@dataclass(frozen=True, slots=True)
class Publish:
    """Send the bytes of `path`, which are those of `file`, and have the server publish them."""

    path: RelPath
    file: LocalFile
    target: NewDocument | NewVersion


@dataclass(frozen=True, slots=True)
class Adopt:
    """The server already has these bytes for this path: agree, and send nothing.

    `is_adopted`: this device only found the document (R14).
    """

    path: RelPath
    file: LocalFile
    document: Document
    is_adopted: bool


@dataclass(frozen=True, slots=True)
class Move:
    """The document moves with its file: one call, no bytes.

    `display_name` is None where people's name for it does not follow the file's. `file` may hold
    other bytes than `synced`: then a new version follows in the next pass. `is_gone`: it left the
    cloud before, so only the journal follows and nothing comes back (R6). `cloud_path`: where the
    document goes, when another one has `path` in the cloud (R14).
    """

    old_path: RelPath
    path: RelPath
    synced: Synced
    file: LocalFile
    display_name: str | None
    is_gone: bool = False
    cloud_path: RelPath | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """Several documents trade paths in a cycle: each of `moves` goes where the next one was."""

    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The file is gone from the folder: its document leaves the cloud, if still at `version`.

    `needs_answer`: this device only adopted the document; the person is asked first (R14).
    """

    path: RelPath
    share_id: ShareId
    version: int
    needs_answer: bool


@dataclass(frozen=True, slots=True)
class Forget:
    """Nothing is left to agree on for this path."""

    path: RelPath


@dataclass(frozen=True, slots=True)
class MarkGone:
    """The document left the cloud while the file stayed: say so, touch nothing (R6)."""

    path: RelPath
    synced: Synced


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The file was in the folder before it was chosen, and only new ones are wanted: agree that
    nothing of these bytes is in the cloud, and send nothing."""

    path: RelPath
    file: LocalFile


Action = Publish | Adopt | Move | Exchange | Withdraw | Forget | MarkGone | LeaveOut


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions in an order in which none stands in another's way; `held` wait for an answer."""

    actions: tuple[Action, ...]
    held: tuple[Withdraw, ...] = ()


def paths_of(action: Action) -> tuple[RelPath, ...]:
    """Return every path an action is about."""
    match action:
        case Move(old_path=old, path=new):
            return (old, new)
        case Exchange(moves=moves):
            return tuple(move.path for move in moves)
        case _:
            return (action.path,)
