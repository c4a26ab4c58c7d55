"""Which of my documents are about to leave the cloud: each is told of once for each deadline.

What was told lies in the journal before it is told, so that a restart does not say it again; an
extended document has another deadline, and is told of again when that comes near.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.ports import Clock, Journal
from mydoctransfer.engine.session import Session
from mydoctransfer.model.trees import Document, ShareId

SOON_MS = 10 * 60 * 1000  # where the window's warning colour begins, too
TOLD_KEY = "expiring_told"
REST = 1.0  # seconds in which many changes cost one look

Told = Mapping[ShareId, int]


def due(near: Sequence[Document], told: Told) -> tuple[tuple[Document, ...], Told]:
    """Return which of the documents near their end are to be told of, and what was told then.

    | document                                    | told of |
    |---------------------------------------------|---------|
    | somebody else's                             | no      |
    | sent for no longer than the warning is long | no      |
    | told of with this deadline                  | no      |
    | any other                                   | yes     |

    What is remembered is forgotten with the document's end.
    """
    mine = [d for d in near if d.is_mine and d.expires_at - d.uploaded_at > SOON_MS]
    news = tuple(d for d in mine if told.get(d.share_id) != d.expires_at)
    return news, {d.share_id: d.expires_at for d in mine}


class Expiring:
    """Looks when the next document comes near its end, and after changes."""

    def __init__(self, journal: Journal, session: Session, clock: Clock) -> None:
        self._journal = journal
        self._session = session
        self._clock = clock
        self._next: float | None = None
        self._has_changed = True
        self._looked_at: float | None = None

    def changed(self) -> None:
        """Documents are other than they were: look again at a coming turn."""
        self._has_changed = True

    def next_wake(self) -> float | None:
        """When a document comes near its end (monotonic seconds); None while none is known to."""
        return self._next

    def turn(self) -> tuple[Document, ...]:
        """Return the documents to tell of now, each once."""
        now, server_now = self._clock.monotonic(), self._session.server_now()
        if server_now is None or not self._is_time(now):
            return ()
        self._has_changed, self._looked_at = False, now
        later = self._journal.next_expiry(server_now + SOON_MS)
        self._next = None if later is None else now + (later - SOON_MS - server_now) / 1000
        told = _decoded(self._journal.get(TOLD_KEY))
        news, told_then = due(self._journal.expired(server_now + SOON_MS), told)
        if told_then != told:
            self._journal.put(TOLD_KEY, json.dumps(told_then) if told_then else None)
        return news

    def _is_time(self, now: float) -> bool:
        if self._next is not None and now >= self._next:
            return True
        has_rested = self._looked_at is None or now - self._looked_at >= REST
        return self._has_changed and has_rested


def _decoded(text: str | None) -> dict[ShareId, int]:
    return keeping.read(text, _ends_of) or {}


def _ends_of(written: Any) -> dict[ShareId, int]:
    return {ShareId(key): int(at) for key, at in written.items()}
