"""What every command stands on: who is signed in, which document is meant, what came of it."""

import os.path
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from mydoctransfer.engine import answers
from mydoctransfer.engine.homes import live_homes
from mydoctransfer.engine.ports import Cloud, Disk, Failure, Journal, Order, Rand, Settings
from mydoctransfer.engine.session import Presence, Session
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import NotSignedIn, Refused, UsageError
from mydoctransfer.model.trees import Document, DocumentState, OpId, RelPath, ShareId, Stat

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a command can make the rest of the engine do.

    Attributes:
        files_added: told what was dropped, and what of it was copied and not in the folder before.
        look_again: told where the folder is not as it was last seen.
        rules_changed: gives up, too, what was begun under another rule, where no engine runs.
    """

    folder_chosen: Callable[[str, Disk], None]
    disk: Callable[[], Disk | None]
    documents_changed: Callable[[Sequence[Document]], None]
    files_added: Callable[[Sequence[RelPath], Sequence[RelPath]], None]
    look_again: Callable[[Sequence[RelPath]], None]
    row_changed: Callable[[RelPath], None]
    rules_changed: Callable[[], Work[None]]
    signed_in: Callable[[], None]
    signed_out: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Ground:
    """The parts that commands work with, and the steps that many of them share."""

    journal: Journal
    session: Session
    cloud: Cloud
    settings: Settings
    rand: Rand
    hooks: Hooks

    def signed_in(self) -> Work[None]:
        """Be signed in."""
        if self.session.presence is Presence.UNKNOWN:
            failure = yield from self.session.restore()
            if failure is not None:
                raise answers.error(failure)
        if self.session.presence is Presence.SIGNED_OUT:
            raise NotSignedIn()

    def fresh(self) -> Work[None]:
        """Be signed in, and know what the cloud knows now."""
        yield from self.signed_in()
        failure = yield from self.session.poll()
        if failure is not None:
            raise answers.error(failure)

    def inside(self, target: str) -> RelPath:
        """Return a path given as on the command line, relative to the folder.

        Raises:
            UsageError: it lies outside.
        """
        folder = self.settings.folder()
        if folder is None:
            raise answers.no_folder()
        path = PurePath(os.path.normpath(os.path.join(folder, target)))
        if not path.is_relative_to(folder):
            raise UsageError(
                "Outside the folder",
                f"{target} does not lie in the watched folder {folder}.",
                "outside_folder",
            )
        relative = path.relative_to(folder).as_posix()
        return RelPath("" if relative == "." else relative)

    def shown(self, document: Document) -> Answer:
        """Return the document as it is printed."""
        return answers.document(document, self.journal.synced_path(document.share_id))

    def find(self, target: str) -> Work[Document]:
        """Return the document a PATH or ID means.

        Raises:
            Refused: there is none, with the server's code; or see `place`.
        """
        if _ID.fullmatch(target):
            document = self.journal.document(ShareId(target))
        else:
            document = self._find_at((yield from self.place(target)), target)
        if document is None:
            raise Refused(
                "Not found", f"There is no document {target!r} in the cloud.", "not_found"
            )
        return document

    def place(self, target: str) -> Work[RelPath]:
        """Return what `inside` does, where the journal can tell which document is meant.

        Raises:
            Refused: another document's file was moved there meanwhile. What is said of the one
                would hit the other: its people would change, or its bytes stay in the cloud (R2).
        """
        path = self.inside(target)
        lying = yield from self.lying(path)
        if lying is not None and (yield from self._was_moved_to(path, lying)):
            self.hooks.look_again([path])
            raise Refused(
                "Moved",
                f"{target} is the file of another document now, and the cloud does not know that"
                ' yet. Try again in a moment, or after "sync --once" where the program does not'
                " run, or give the document's ID.",
                "not_seen_yet",
            )
        return path

    def lying(self, path: RelPath) -> Work[Stat | None]:
        """Return how the file stands that lies there now; None where there is none to be seen."""
        disk = self.hooks.disk()
        found = (yield from call(disk.stat, path)) if disk is not None else None
        return found if isinstance(found, Stat) else None

    def _was_moved_to(self, path: RelPath, lying: Stat) -> Work[bool]:
        inode = (lying.dev, lying.ino)
        for home in live_homes(self.journal, path, inode):
            still = yield from self.lying(home)
            # Where it still lies at home, too, this is a second name of it.
            if still is None or (still.dev, still.ino) != inode:
                return True
        return False

    def _find_at(self, path: RelPath, target: str) -> Document | None:
        synced = self.journal.synced(path)
        if synced is not None:
            return self.journal.document(synced.share_id)
        document = self.journal.document_at(path)
        seen = self.journal.local(path)
        if document is None and seen is not None and seen.skip is None:
            raise Refused(
                "Not there yet",
                f"{target} is not in the cloud yet. Try again when it has been sent.",
                "not_found",
            )
        return document

    def find_live(self, target: str) -> Work[Document]:
        """Return the document a PATH or ID means, if it is still in the cloud."""
        document = yield from self.find(target)
        if document.state is not DocumentState.LIVE:
            raise answers.gone(document)
        return document

    def act(self, make: Callable[[OpId], Order]) -> Work[Answer]:
        """Carry out an order, and answer with its document."""
        return self.took((yield from self.ordered(make)))

    def ordered(self, make: Callable[[OpId], Order]) -> Work[Document]:
        """Have the cloud carry out an order."""
        # A command is said once and answered once: its key needs to outlive no crash, because the
        # person says it again, and the second saying is another wish.
        order = make(OpId(self.rand.hex32()))
        told = yield from call(self.cloud.act, [order])
        result = told if isinstance(told, Failure) else told.results[0]
        if isinstance(result, Failure):
            raise answers.error(result)
        return result

    def took(self, document: Document) -> Answer:
        """Take over what the cloud says of a document."""
        self.journal.learn([document], [], None)
        self.hooks.documents_changed([document])
        return {"document": self.shown(document)}
