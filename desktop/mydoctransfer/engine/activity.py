"""What happened, newest last: kept in the journal, so that it can be read after a restart.

At most `MOST` things are kept, and of the newest of them `MOST_PATHS` paths: with these, adding
files can be undone. What a command did is known from the command and its answer; what came by
itself is told by whoever saw it.
"""

import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any

from mydoctransfer.engine import keeping
from mydoctransfer.engine.ports import Clock, Journal
from mydoctransfer.model import commands as c
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.events import Deed, Event, Happened, Happening
from mydoctransfer.model.trees import Document, DocumentState, RelPath, ShareId, name_of

KEY = "activity"
MOST = 200
MOST_NAMES = 3
MOST_PATHS = 1000


class Activity:
    """Writes down what happens, and tells it."""

    def __init__(self, journal: Journal, clock: Clock, publish: Callable[[Event], None]) -> None:
        self._journal = journal
        self._clock = clock
        self._publish = publish
        self._kept = keeping.read(journal.get(KEY), _entries_of) or []
        self._fresh: list[Happening] = []
        self._is_told = False

    def happened(
        self,
        deed: Deed,
        names: Sequence[str],
        share_id: str = "",
        people: str = "",
        before: int | None = None,
        paths: Sequence[RelPath] = (),
    ) -> None:
        """Write down that something happened with documents of these names."""
        now, some = self._clock.wall_ms(), tuple(names[:MOST_NAMES])
        known = tuple(paths)
        self._fresh.append(Happening(now, deed, some, len(names), share_id, people, before, known))

    def added(self, paths: Sequence[RelPath]) -> None:
        """Write down which files were copied into the folder."""
        if paths:
            self.happened(Deed.ADDED, [name_of(path) for path in paths], paths=paths)

    def learned(self, documents: Sequence[Document]) -> None:
        """Write down which of my documents have left the cloud because their time was up."""
        for document in documents:
            if document.is_mine and document.state is DocumentState.EXPIRED:
                self.happened(Deed.EXPIRED, (document.display_name,), share_id=document.share_id)

    def before(self, command: c.Command) -> int | None:
        """Return what has to be known before a command to undo it: when a document expired."""
        if not isinstance(command, c.Extend):
            return None
        document = self._journal.document(ShareId(command.target))
        return document.expires_at if document is not None else None

    def did(self, command: c.Command, answer: Answer, before: int | None) -> None:
        """Write down what a command did."""
        document = answer.get("document") or {}
        names = (str(document.get("display_name") or ""),)
        share_id = str(document.get("share_id") or "")
        match command:
            case c.Share(people=people):
                self.happened(Deed.SHARED, names, share_id=share_id, people=", ".join(people))
            case c.Unshare(people=people):
                self.happened(Deed.UNSHARED, names, share_id=share_id, people=", ".join(people))
            case c.Extend():
                self.happened(Deed.EXTENDED, names, share_id=share_id, before=before)
            case c.Rename():
                self.happened(Deed.RENAMED, names, share_id=share_id)
            case c.Remove():
                removed = self._journal.document(ShareId(answer["removed"]))
                if removed is not None:
                    name = (removed.display_name,)
                    self.happened(Deed.WITHDRAWN, name, share_id=removed.share_id)
            case c.Get():
                fetched = self._journal.document(ShareId(answer["share_id"]))
                if fetched is not None:
                    name = (fetched.display_name,)
                    self.happened(Deed.FETCHED, name, share_id=fetched.share_id)
            case c.RevokeAll():
                self.happened(Deed.REVOKED, ())
            case _:
                pass

    def forget(self) -> None:
        """Another account signed in: nothing of this concerns them."""
        self._kept, self._fresh, self._is_told = [], [], False

    def turn(self) -> None:
        """Keep and tell what is new; at first, everything that is kept."""
        fresh, self._fresh = self._fresh, []
        if fresh:
            self._kept = _with_few_paths([*self._kept, *fresh][-MOST:])
            fresh = self._kept[-len(fresh) :]
            self._journal.put(KEY, _written(self._kept))
        if not self._is_told and self._kept:
            self._publish(Happened(tuple(self._kept), is_all=True))
            self._is_told = True
        elif fresh:
            self._publish(Happened(tuple(fresh)))


def _with_few_paths(kept: Sequence[Happening]) -> list[Happening]:
    """Let go of the paths of what is old or large: all is written anew with every thing told."""
    few: list[Happening] = []
    room = MOST_PATHS
    for what in reversed(kept):
        is_fitting = len(what.paths) <= room
        room -= len(what.paths) if is_fitting else 0
        few.append(what if is_fitting else dataclasses.replace(what, paths=()))
    return few[::-1]


def _written(kept: Sequence[Happening]) -> str:
    rows = [{**dataclasses.asdict(what), "deed": what.deed.value} for what in kept]
    return json.dumps(rows)


def _entries_of(written: Any) -> list[Happening]:
    return [
        Happening(
            **{
                **row,
                "deed": Deed(row["deed"]),
                "names": tuple(row["names"]),
                "paths": tuple(row.get("paths", ())),
            }
        )
        for row in written
    ]
