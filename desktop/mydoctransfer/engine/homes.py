"""Where files were agreed on, or are about to be, found by their inodes (R2)."""

from collections.abc import Collection

from mydoctransfer.engine.execution.intents import published_by
from mydoctransfer.engine.ports import Entry, Journal
from mydoctransfer.model.trees import DocumentState, RelPath


def homes_of(journal: Journal, inodes: Collection[tuple[int, int]]) -> set[RelPath]:
    """Return where these inodes (device, number) were agreed on, or are about to be: what is sent
    from there was read before."""
    sent = (published_by(intent) for intent in journal.intents()) if inodes else ()
    return journal.homes(inodes) | {
        action.path
        for action in sent
        if action is not None and (action.file.stat.dev, action.file.stat.ino) in inodes
    }


def live_homes(journal: Journal, path: RelPath, inode: tuple[int, int]) -> list[RelPath]:
    """Return where else live documents were agreed on in this inode (device, number); nowhere if it
    is what was agreed on at this path."""
    homes = journal.homes({inode})
    return [home for home in sorted(homes) if path not in homes and _is_live(journal, home)]


def _is_live(journal: Journal, path: RelPath) -> bool:
    agreed = journal.synced(path)
    document = journal.document(agreed.share_id) if agreed is not None else None
    return document is not None and document.state is DocumentState.LIVE


def has_traded(journal: Journal, path: RelPath, entry: Entry) -> bool:
    """Whether a document lies in another one's file now, which alone is looked at of what is
    ignored: half an exchange would send its bytes to the other one's people (R2)."""
    agreed = journal.synced(path)
    inode = (entry.dev, entry.ino)
    return (
        agreed is not None
        and agreed.birth_ns != 0  # without, no exchange is ever seen
        and inode != (agreed.dev, agreed.ino)
        and bool(journal.homes({inode}))
    )
