"""What lay in the folder when the person took its document out of the cloud (R6).

A file may have been saved just before, and be unread or unsent then: it is what was taken out, and
no edit made since. Kept in the journal before the cloud is told, for the newest `MOST`, so that it
is known whatever becomes of the command. Leaves to others: the decision (`model.reconcile`).
"""

import json

from mydoctransfer.engine.ports import Journal
from mydoctransfer.model.trees import ShareId, Stat

KEY = "removed_as"
MOST = 500


class Removals:
    """Remembers by document how its file was seen when it was removed, if it was not as agreed."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._files = _read(journal.get(KEY))

    def of(self, share_id: ShareId) -> Stat | None:
        """Return the file that lay there; None where it was the one agreed on."""
        return self._files.get(share_id)

    def note(self, share_id: ShareId, file: Stat) -> None:
        """A document is about to be removed while this file lies at its path."""
        self._files[share_id] = file
        self._keep()

    def forget(self, share_id: ShareId) -> None:
        """The file is wanted in the cloud after all."""
        if self._files.pop(share_id, None) is not None:
            self._keep()

    def forget_all(self) -> None:
        """Another account signed in: nothing of this concerns them."""
        self._files.clear()

    def _keep(self) -> None:
        self._files = dict(list(self._files.items())[-MOST:])
        self._journal.put(KEY, json.dumps(self._files))


def _read(written: str | None) -> dict[ShareId, Stat]:
    """Return what was kept; nothing where another version wrote it."""
    try:
        kept = json.loads(written or "{}")
        return {ShareId(share_id): Stat(*map(int, stat)) for share_id, stat in kept.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
