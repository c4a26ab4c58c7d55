"""With whom a document that was sent again was shared before it left the cloud (R13).

The new document has no people; whoever wants to share it as before has to know with whom. Kept in
the journal, for the newest `MOST`.
"""

import json
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.ports import Journal
from mydoctransfer.model.trees import Document, DocumentState, RelPath, ShareId

KEY = "former_people"
MOST = 500


class Former:
    """Remembers people by the document that came after theirs."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._people: dict[ShareId, tuple[str, ...]] = (
            keeping.read(journal.get(KEY), _people_of) or {}
        )

    def replaced(self, path: RelPath, new: Document) -> None:
        """A document is about to take the place of the one that was agreed on at this path."""
        agreed = self._journal.synced(path)
        if agreed is None or agreed.share_id == new.share_id or new.people:
            return
        old = self._journal.document(agreed.share_id)
        if old is None or not old.is_mine or old.state is DocumentState.LIVE:
            return
        people = tuple(person.email for person in old.people) or self._people.get(old.share_id, ())
        if people:
            self._people[new.share_id] = people
            self._keep()

    def of(self, document: Document) -> tuple[str, ...]:
        """Return the addresses to share a document with as before; none where it is shared."""
        return () if document.people else self._people.get(document.share_id, ())

    def shared(self, document: Document) -> None:
        """Somebody has it now: what was before counts no more."""
        if document.people and self._people.pop(document.share_id, None) is not None:
            self._keep()

    def forget(self) -> None:
        """Another account signed in: nothing of this concerns them."""
        self._people.clear()

    def _keep(self) -> None:
        self._people = dict(list(self._people.items())[-MOST:])
        self._journal.put(KEY, json.dumps(self._people))


def _people_of(written: Any) -> dict[ShareId, tuple[str, ...]]:
    return {ShareId(share_id): tuple(map(str, people)) for share_id, people in written.items()}
