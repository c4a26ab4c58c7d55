"""Who has got my documents: each confirmation that the cloud brings is told of once.

What was told lies in the journal before it is told, so that a restart does not say it again: up to
when, and what exactly in the last minutes before that, since confirmations may come to be known a
little out of order. What was confirmed before this account was first listed here is no news.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.ports import Journal
from mydoctransfer.model.trees import Document, Fetched

TOLD_KEY = "downloads_told"
DOUBT_MS = 10 * 60 * 1000  # how far out of order they may come

_Name = tuple[str, str, int]  # the document, the address, the version


@dataclass(frozen=True, slots=True)
class Told:
    """What was told: `until` is the latest (server time), `late` is of the minutes before it."""

    until: int = 0
    late: tuple[tuple[int, _Name], ...] = ()


def news(
    documents: Iterable[Document], told: Told
) -> tuple[tuple[tuple[Document, Fetched], ...], Told]:
    """Return the confirmations not told of yet, the earliest first, and what is told then."""
    known = {name for _, name in told.late}
    fresh = [
        (document, fetched)
        for document in documents
        if document.is_mine
        for fetched in document.fetched
        if fetched.at > told.until - DOUBT_MS and _name(document, fetched) not in known
    ]
    fresh.sort(key=lambda pair: pair[1].at)
    until = max([told.until, *(fetched.at for _, fetched in fresh)])
    every = [*told.late, *((f.at, _name(d, f)) for d, f in fresh)]
    return tuple(fresh), Told(until, tuple(one for one in every if one[0] > until - DOUBT_MS))


class Fetching:
    """Remembers what was told."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def learned(
        self, documents: Sequence[Document], *, is_all: bool
    ) -> tuple[tuple[Document, Fetched], ...]:
        """Return what is new in documents the cloud told of. `is_all`: these are all there are."""
        if not is_all and not any(d.is_mine and d.fetched for d in documents):
            return ()
        written = self._journal.get(TOLD_KEY)
        before = keeping.read(written, _told_of)
        fresh, told = news(documents, before or Told())
        if (now := _written(told)) != written:
            self._journal.put(TOLD_KEY, now)
        return () if is_all and before is None else fresh


def _name(document: Document, fetched: Fetched) -> _Name:
    return (document.share_id, fetched.person.email, fetched.version)


def _written(told: Told) -> str:
    return json.dumps([told.until, told.late])


def _told_of(written: Any) -> Told:
    until, late = written
    return Told(
        int(until),
        tuple((int(at), (share, email, version)) for at, (share, email, version) in late),
    )
