"""What lay in the folder when the person took its document out of the cloud (R6).

A file may have been saved just before, and be unread or unsent then: it is what was taken out, and
no edit made since. Kept in the journal before the cloud is told, for the newest `MOST`, so that it
is known whatever becomes of the command, until the bytes are known and agreed on. Leaves to others:
the decision (`model.reconcile`).
"""

import json
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.ports import Journal
from mydoctransfer.model.trees import RelPath, ShareId, Stat

KEY = "removed_as"
MOST = 500


class Removals:
    """Remembers by document how its file was seen when it was removed, if it was not as agreed."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._files = keeping.read(journal.get(KEY), _files_of) or {}

    def of(self, share_id: ShareId) -> Stat | None:
        """Return the file that lay there; None where it was the one agreed on."""
        return self._files.get(share_id)

    def note(self, share_id: ShareId, path: RelPath, file: Stat) -> None:
        """A document is about to be removed while this file lies at its path."""
        if not self._is_agreed_on(path, file):
            self._files[share_id] = file
            self._keep()

    def forget_agreed(self) -> None:
        """What is known and agreed on by now is remembered no more, nor what no path is agreed on:
        other bytes found in it later are an edit, though nothing else about it says so (A18)."""
        agreed = [
            share_id
            for share_id, file in self._files.items()
            if (path := self._journal.synced_path(share_id)) is None
            or self._is_agreed_on(path, file)
        ]
        for share_id in agreed:
            del self._files[share_id]
        if agreed:
            self._keep()

    def forget(self, share_id: ShareId) -> None:
        """The file is wanted in the cloud after all."""
        if self._files.pop(share_id, None) is not None:
            self._keep()

    def forget_all(self) -> None:
        """Another account signed in: nothing of this concerns them."""
        self._files.clear()

    def _is_agreed_on(self, path: RelPath, file: Stat) -> bool:
        """Whether the file that lies at a path is known to be the one agreed on."""
        seen, agreed = self._journal.local(path), self._journal.synced(path)
        if seen is None or agreed is None or seen.stat != file:
            return False
        return seen.sha256 == agreed.sha256

    def _keep(self) -> None:
        self._files = dict(list(self._files.items())[-MOST:])
        self._journal.put(KEY, json.dumps(self._files))


def _files_of(written: Any) -> dict[ShareId, Stat]:
    return {ShareId(share_id): Stat(*map(int, stat)) for share_id, stat in written.items()}
