"""What others have shared with this account: each document is told of once, until it is taken back.

What was told lies in the journal before it is told, so that neither a restart nor a change of the
document (it was extended, renamed) says it again.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.ports import Journal
from mydoctransfer.model.trees import Document, DocumentState, ShareId

TOLD_KEY = "shared_told"


class Given:
    """Remembers what was told."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def learned(
        self, documents: Sequence[Document], forgotten: Collection[ShareId], *, is_all: bool
    ) -> tuple[ShareId, ...]:
        """Return what is new in what the cloud told of. `is_all`: these are all there are.

        What was there when this account was first listed here is no news.
        """
        theirs = {d.share_id for d in documents if not d.is_mine}
        if not is_all and not theirs and not forgotten:
            return ()
        given = {d.share_id for d in documents if _is_given(d)}
        written = self._journal.get(TOLD_KEY)
        before = keeping.read(written, _ids_of)
        told = self._before(given) if before is None else before
        news = () if is_all and before is None else tuple(sorted(given - told))
        still = set() if is_all else told - theirs - set(forgotten)
        now = json.dumps(sorted(still | given))
        if now != written:
            self._journal.put(TOLD_KEY, now)
        return news

    def _before(self, given: Collection[ShareId]) -> set[ShareId]:
        """Return what a version that kept no list has told of."""
        known = {d.share_id for d in self._journal.documents() if _is_given(d)}
        return known.difference(given)


def _ids_of(written: Any) -> set[ShareId]:
    return {ShareId(str(share_id)) for share_id in written}


def _is_given(document: Document) -> bool:
    return not document.is_mine and document.state is DocumentState.LIVE
