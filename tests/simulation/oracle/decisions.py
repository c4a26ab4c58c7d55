"""What must hold of a decision at the moment its key goes to disk, by what the journal says then.

The tables show what came of it, and often the next pass hides a wrong decision. Here it is judged
against the rules' own words, which know nothing of how the plan is made.
"""

from typing import Any

from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.execution.intents import moved_by, published_by
from mydoctransfer.model.actions import NewDocument, Publish
from mydoctransfer.model.conflicts import is_second
from mydoctransfer.model.moves import Inode
from mydoctransfer.model.trees import (
    ROOT,
    DocumentState,
    LocalFile,
    RelPath,
    ShareId,
    Synced,
    join,
)

Broken = tuple[str, str]


def judge(journal: SqliteJournal, intent: str) -> Broken | None:
    """Return the rule that a fresh intent breaks, and how; None when it breaks none."""
    publication = published_by(intent)
    if publication is not None:
        is_new = isinstance(publication.target, NewDocument)
        return (_judge_new if is_new else _judge_edit)(journal, publication)
    move = moved_by(intent)
    agreed = None if move is None else _agreed(journal, move.share_id)
    if move is not None and agreed is not None:
        words = f"moves {move.old_path} to {move.path}"
        return _judge_move(journal, agreed, move.path, words)
    kind, share_id, *_ = intent.split("|")
    agreed = _agreed(journal, ShareId(share_id)) if kind == "withdraw" else None
    if agreed is not None:
        path = journal.synced_path(ShareId(share_id))
        return _judge_withdrawal(journal, agreed, f"withdraws {path}")
    return None


def _agreed(journal: SqliteJournal, share_id: ShareId) -> Synced | None:
    path = journal.synced_path(share_id)
    return None if path is None else journal.synced(path)


def _judge_new(journal: SqliteJournal, action: Publish) -> Broken | None:
    """R2: a file that lies in a vanished document's inode is that document, whatever its bytes
    are by now. R7: what differs in nothing is no conflict."""
    file = action.file
    agreed = journal.synced(action.path)
    if agreed is not None and _is_live(journal, agreed):
        there = journal.document(agreed.share_id)
        is_copy = is_second(action.path, action.target.cloud_path)
        if is_copy and there.sha256 == file.sha256:
            return ("I4", f"publishes {action.path} once more, as {action.target.cloud_path}")
        return None  # the path keeps its document, and this is a copy of what lost
    inode = _inode_of(file)
    left = [
        path
        for path, old in journal.synced_all().items()
        if old.birth_ns
        and inode == (old.dev, old.ino, old.birth_ns)
        and path != action.path
        and journal.local(path) is None
        and _is_live(journal, old)
    ]
    if len(left) > len(_others_in(journal, file, action.path)):
        return ("R2", f"publishes {action.path} as new, which is {left[0]} under another name")
    return None


def _judge_edit(journal: SqliteJournal, action: Publish) -> Broken | None:
    """R2: what came from another document's place may be part of an exchange, as long as it is not
    known what lies there now, or lies where that came from, and so on."""
    homes: dict[Inode, list[RelPath]] = {}
    for path, agreed in journal.synced_all().items():
        if agreed.birth_ns:
            homes.setdefault((agreed.dev, agreed.ino, agreed.birth_ns), []).append(path)
    read = journal.differences().local
    met, came_from = {action.path}, homes.get(_inode_of(action.file), [])
    while met.isdisjoint(came_from):  # else it lies where it lay, if under two names
        met.update(came_from)
        for path in came_from:
            seen = journal.local(path)
            if seen is not None and seen.skip is None and seen.sha256 is None:
                return ("R2", f"sends {action.path} as an edit, and {path} was not read yet")
        came_from = [
            home
            for path in came_from
            if path in read
            for home in homes.get(_inode_of(read[path]), [])
            if home != path
        ]
        if not came_from:
            break
    return None


def _inode_of(file: LocalFile) -> Inode:
    return (file.stat.dev, file.stat.ino, file.birth_ns)


def _judge_withdrawal(journal: SqliteJournal, agreed: Synced, words: str) -> Broken | None:
    """B08: what only changed its name is published before its old name is withdrawn."""
    published = {d.sha256 for d in _live(journal) if d.share_id != agreed.share_id}
    for path, seen in _seen(journal).items():
        if seen.sha256 != agreed.sha256 or agreed.sha256 in published:
            continue
        its = journal.synced(path)
        if its is None or its.sha256 != seen.sha256:
            return ("B08", f"{words} while its bytes at {path} are not published")
    return None


def _judge_move(journal: SqliteJournal, agreed: Synced, path: RelPath, words: str) -> Broken | None:
    """R2: without its inode, only bytes that exactly one vanished document had prove a move."""
    seen = journal.local(path)
    if seen is None or _lies_in(agreed, {(seen.stat.dev, seen.stat.ino)}):
        return None
    for other, unread in _seen(journal).items():
        is_its = _lies_in(agreed, {(unread.stat.dev, unread.stat.ino)})
        if is_its and unread.sha256 is None and other != path and journal.synced(other) is None:
            return ("R2", f"{words}, while what may be itself lies unread at {other}")
    if seen.sha256 != agreed.sha256:
        return None  # beside another document, or changed again since
    read = {_inode_of(file) for file in journal.differences().local.values()}
    same = [
        old
        for old, other in journal.synced_all().items()
        if other.sha256 == agreed.sha256
        and journal.local(old) is None
        and (not other.birth_ns or (other.dev, other.ino, other.birth_ns) not in read)
    ]
    return ("R2", f"{words}: it could be any of {same}") if len(same) > 1 else None


def _lies_in(agreed: Synced, inodes: set[tuple[int, int]]) -> bool:
    """Whether a document's inode is one of these; a number without a birth time proves nothing."""
    return agreed.birth_ns != 0 and (agreed.dev, agreed.ino) in inodes


def _others_in(journal: SqliteJournal, file: LocalFile, path: RelPath) -> list[RelPath]:
    """Return the other names of a file that no document keeps: what left may be any of them."""
    return [
        other
        for other, seen in _seen(journal).items()
        if (seen.stat.dev, seen.stat.ino) == (file.stat.dev, file.stat.ino)
        and other != path
        and _is_free(journal, other, seen.sha256)
    ]


def _is_free(journal: SqliteJournal, path: RelPath, sha256: str | None) -> bool:
    """Whether what lies at a path is nobody's yet. A document that left the cloud keeps its own
    bytes (R6); with others there, the path is as free as one that never had any (R2, rule 1)."""
    agreed = journal.synced(path)
    return agreed is None or (not _is_live(journal, agreed) and sha256 not in (None, agreed.sha256))


def _is_live(journal: SqliteJournal, agreed: Synced) -> bool:
    document = journal.document(agreed.share_id)
    return document is not None and document.state is DocumentState.LIVE


def _live(journal: SqliteJournal) -> list[Any]:
    return [d for d in journal.documents() if d.state is DocumentState.LIVE and d.is_mine]


def _seen(journal: SqliteJournal) -> dict[RelPath, Any]:
    return {
        join(directory, name): seen
        for directory in journal.directories(ROOT)
        for name, seen in journal.directory(directory).items()
        if seen.skip is None
    }
