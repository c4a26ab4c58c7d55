"""The documents table as others see it: a projection of the journal, told in batches."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from mydoctransfer.engine.ports import Journal, Note, Seen
from mydoctransfer.model.conflicts import is_second
from mydoctransfer.model.events import Event, Halt, ItemState, Row, RowsChanged
from mydoctransfer.model.ignore import RULES
from mydoctransfer.model.trees import (
    NEVER_SENT,
    ROOT,
    Document,
    DocumentState,
    Person,
    RelPath,
    ShareId,
    Skip,
    Stat,
    Synced,
    join,
    name_of,
)

SKIPPED = {
    Skip.SYMLINK: "A link, not a file: links are not followed.",
    Skip.FIFO: "Not a regular file (a pipe).",
    Skip.SOCKET: "Not a regular file (a socket).",
    Skip.DEVICE: "Not a regular file (a device).",
    Skip.OTHER_FILESYSTEM: "It lies on another disk that is mounted here.",
    Skip.FOREIGN_OWNER: "It is another name of a file that belongs to somebody else.",
    Skip.TOO_LONG: "Its path is too long.",
    Skip.EMPTIED: "It is empty, though nobody seems to have written to it: it may be damaged. "
    "Restore it, or save it again to send it as it is.",
    Skip.ARRIVING: "Another program is downloading it. It is sent when it is there.",
}
GONE = "Gone from the cloud, kept here."
FROM_BEFORE = "Not sent: it was here before. It is sent when you change it."
PAUSED = "Paused. It is sent when you resume it."
IGNORED = "Its file is named in .mydocignore: changes to it are not sent."
CANCELLED = "Cancelled. It is sent when you change it or resume it."
NOT_SHARED_AGAIN = "Sent again; not shared again."


_HALTED = {
    Halt.PAUSED: (ItemState.WAITING, PAUSED),
    Halt.CANCELLED: (ItemState.SKIPPED, CANCELLED),
}
# A note of a state that no version knows says at least that something is wrong.
_STATES = {state.value: state for state in ItemState}
_GOING_UP = (ItemState.WAITING, ItemState.UPLOADING, ItemState.BUSY)


class Rows:
    """Which rows changed since they were last told.

    `is_uploading`, `is_held`, `halted`, `me`, `former`, `is_ignored` and `removed_as` are asked
    when a row is made; nothing is kept here but keys. Without `publish` nobody listens, and no row
    is made to be told.
    """

    def __init__(
        self,
        journal: Journal,
        notes: Mapping[RelPath, Note],
        publish: Callable[[Event], None] | None,
        is_uploading: Callable[[RelPath], bool],
        is_held: Callable[[RelPath], bool],
        halted: Callable[[RelPath, str | None], Halt | None],
        me: Callable[[], Person | None],
        former: Callable[[Document], tuple[str, ...]],
        is_ignored: Callable[[RelPath], bool],
        removed_as: Callable[[ShareId], Stat | None],
    ) -> None:
        self._journal = journal
        self._notes = notes
        self._publish = publish
        self._is_uploading = is_uploading
        self._is_held = is_held
        self._halted = halted
        self._me = me
        self._former = former
        self._is_ignored = is_ignored
        self._ignored: set[RelPath] = set()
        self._removed_as = removed_as
        self._paths: set[RelPath] = set()
        self._ids: set[ShareId] = set()
        self._all = True

    def touch(self, paths: Iterable[RelPath] = (), ids: Iterable[ShareId] = ()) -> None:
        """Say that these may look otherwise now."""
        self._paths.update(paths)
        self._ids.update(ids)

    def rules_were_read(self) -> None:
        """What has a document and is ignored from now on, or no more, looks otherwise."""
        ignored = {path for path in self._journal.synced_all() if self._is_ignored(path)}
        self.touch(ignored ^ self._ignored)
        self._ignored = ignored

    def touch_all(self) -> None:
        """Say that everything may."""
        self._all = True

    def flush(self) -> None:
        """Tell what changed, in one event."""
        # A document has a row of its own as long as it lies at no path.
        self._ids |= self._journal.take_placed()
        if self._publish is not None and (self._all or self._paths or self._ids):
            self._publish(self._everything() if self._all else self._changed())
        self._all = False
        self._paths.clear()
        self._ids.clear()

    def _everything(self) -> RowsChanged:
        return RowsChanged(tuple(self.every()), is_snapshot=True)

    def _changed(self) -> RowsChanged:
        removed: list[str] = []
        rows: list[Row] = []
        for share_id in sorted(self._ids):
            path = self._journal.synced_path(share_id)
            if path is not None:
                self._paths.add(path)
                removed.append(share_id)
                continue
            document = self._journal.document(share_id)
            if document is None:
                removed.append(share_id)
            else:
                rows.append(_remote_row(document))
        for path in sorted(self._paths):
            row = self.at(path)
            if row is None:
                removed.append(path)
            else:
                rows.append(row)
        return RowsChanged(tuple(rows), tuple(removed))

    def every(self) -> list[Row]:
        """Return all rows: the folder's first, then what lies only in the cloud."""
        elsewhere: list[Row] = []
        here = self._in_folder(lambda document: elsewhere.append(_remote_row(document)), 0)
        return [*here, *elsewhere]

    def in_folder(self, now: int) -> Iterator[Row]:
        """Return the rows of what lies in the folder, or should, at `now` (milliseconds).

        A document whose time is up is gone, whether or not the cloud could be asked since (R6).
        """
        return self._in_folder(lambda document: None, now)

    def _in_folder(self, is_elsewhere: Callable[[Document], None], now: int) -> Iterator[Row]:
        """Of the documents only those of the folder are kept meanwhile: the others may be many."""
        synced = self._journal.synced_all()
        here = {agreed.share_id for agreed in synced.values()}
        documents: dict[ShareId, Document] = {}
        for document in self._journal.documents():
            if document.share_id in here:
                documents[document.share_id] = document.at(now)
            else:
                is_elsewhere(document)
        for directory in sorted(self._journal.directories(ROOT)):
            for name, seen in self._journal.directory(directory).items():
                path = join(directory, name)
                yield self._row_of(path, seen, synced.pop(path, None), documents)
        for path, agreed in synced.items():
            yield self._row_of(path, None, agreed, documents)
        for path in sorted(self._notes):
            # A directory has a row only as long as something is to be said of it.
            if path not in synced and self._journal.local(path) is None:
                yield self._row_of(path, None, None, documents)

    def _row_of(
        self,
        path: RelPath,
        seen: Seen | None,
        agreed: Synced | None,
        documents: Mapping[ShareId, Document],
    ) -> Row:
        document = documents.get(agreed.share_id) if agreed else None
        return self._row(path, seen, agreed, document, self._notes.get(path))

    def of_documents(self, ids: Iterable[ShareId]) -> list[Row]:
        """Return the rows of documents that lie only in the cloud."""
        known = (self._journal.document(share_id) for share_id in sorted(ids))
        return [_remote_row(document) for document in known if document is not None]

    def at(self, path: RelPath) -> Row | None:
        """Return the row of a path in the folder; None when there is nothing to say of it."""
        seen = self._journal.local(path)
        synced = self._journal.synced(path)
        if seen is None and synced is None and path not in self._notes:
            return None
        document = self._journal.document(synced.share_id) if synced else None
        return self._row(path, seen, synced, document, self._notes.get(path))

    def _row(
        self,
        path: RelPath,
        seen: Seen | None,
        synced: Synced | None,
        document: Document | None,
        note: Note | None,
    ) -> Row:
        state, message = self._state(path, seen, synced, document, note)
        halt = None
        if state is ItemState.WAITING and seen is not None:
            halt = self._halted(path, seen.sha256)
        goes_up = seen is not None and state in _GOING_UP
        if halt is not None:
            state, message = _HALTED[halt]
        never_sent = synced is not None and synced.share_id == NEVER_SENT
        former = self._former(document) if document and state is ItemState.SYNCED else ()
        if former and not message:
            message = NOT_SHARED_AGAIN
        size = seen.stat.size if seen else (synced.size if synced else 0)
        return Row(
            key=path,
            path=path,
            share_id=synced.share_id if synced and not never_sent else None,
            name=document.display_name if document else name_of(path),
            size=size,
            owner=document.owner if document else self._me(),
            is_mine=True,
            people=document.people if document else (),
            uploaded_at=document.uploaded_at if document else None,
            expires_at=document.expires_at if document else None,
            state=state,
            message=message,
            link=document.link if document else None,
            is_from_before=never_sent and state is ItemState.SKIPPED,
            former=former,
            goes_up=goes_up,
            halt=halt,
            version=document.version if document else 0,
            fetched=document.fetched if document else (),
            is_directory=_is_directory(path, seen, synced),
        )

    def _state(
        self,
        path: RelPath,
        seen: Seen | None,
        synced: Synced | None,
        document: Document | None,
        note: Note | None,
    ) -> tuple[ItemState, str]:
        if seen is not None and seen.skip is not None:
            return ItemState.SKIPPED, SKIPPED[seen.skip]
        if note is not None:
            return _STATES.get(note.state, ItemState.PROBLEM), note.message
        if self._is_uploading(path):
            return ItemState.UPLOADING, ""
        if synced is not None and self._is_ignored(path):
            is_gone = document is not None and document.state is not DocumentState.LIVE
            return (ItemState.GONE, GONE) if is_gone else (ItemState.SKIPPED, IGNORED)
        if seen is None and self._is_held(path):
            return ItemState.WAITING, "Gone from the folder; waits for your answer."
        is_live = document is not None and document.state is DocumentState.LIVE
        if seen is None and is_live:
            return ItemState.WAITING, "Gone from the folder; it will leave the cloud too."
        if seen is None:
            return ItemState.WAITING, "Gone from the folder."
        if synced is None:
            return ItemState.WAITING, ""
        is_removed = not is_live and seen.stat == self._removed_as(synced.share_id)
        if seen.sha256 != synced.sha256 and not is_removed:
            return ItemState.WAITING, ""
        if synced.share_id == NEVER_SENT:
            return ItemState.SKIPPED, FROM_BEFORE
        if document is None or not is_live:
            return ItemState.GONE, GONE
        if document.version != synced.version:
            return ItemState.SYNCED, _newer(document.host)
        if document.path is not None and is_second(path, document.path):
            return ItemState.CONFLICT, f"In the cloud as {document.display_name}."
        return ItemState.SYNCED, ""


def _is_directory(path: RelPath, seen: Seen | None, synced: Synced | None) -> bool:
    """Whether a row is a directory's: of files that are neither here nor agreed on nothing is noted
    but that their rules cannot be read."""
    if seen is not None:
        return seen.skip is Skip.OTHER_FILESYSTEM
    return synced is None and name_of(path) != RULES


def _newer(host: str) -> str:
    if host:
        return f"A newer version from {host} is in the cloud."
    return "A newer version is in the cloud."


def _remote_row(document: Document) -> Row:
    is_live = document.state is DocumentState.LIVE
    where = "In the cloud only." if document.is_mine else ""
    return Row(
        key=document.share_id,
        path=None,
        share_id=document.share_id,
        name=document.display_name,
        size=document.size,
        owner=document.owner,
        is_mine=document.is_mine,
        people=document.people,
        uploaded_at=document.uploaded_at,
        expires_at=document.expires_at,
        state=ItemState.SYNCED if is_live else ItemState.GONE,
        message=where if is_live else "Gone from the cloud.",
        link=document.link,
        version=document.version,
        fetched=document.fetched,
    )
