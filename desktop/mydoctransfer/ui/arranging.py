"""Which rows are shown and in which order: columns, views, filter words, sort values. Pure."""

from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache
from typing import Any

from mydoctransfer.model.events import ItemState, Row
from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text


class Column(Enum):
    """The columns, in the order shown."""

    NAME = 0
    SIZE = 1
    OWNER = 2
    PEOPLE = 3
    EXPIRES = 4
    STATE = 5


class View(Enum):
    """Which rows are wanted."""

    ALL = "all"
    MINE = "mine"
    SHARED = "shared"
    GONE = "gone"
    ATTENTION = "attention"


NEEDS_ATTENTION = frozenset({ItemState.PROBLEM, ItemState.CONFLICT})


def belongs(row: Row, view: View) -> bool:
    """Whether a row is among those a view wants.

    | view      | rows                                           |
    |-----------|------------------------------------------------|
    | ALL       | every one, but mine that is neither here nor   |
    |           | in the cloud: often another one has its name   |
    | MINE      | mine, not gone                                 |
    | SHARED    | other people's, not gone                       |
    | GONE      | what is gone from the cloud, mine or not       |
    | ATTENTION | problems and conflicts                         |
    """
    match view:
        case View.ALL:
            return not (row.is_mine and row.path is None and row.state is ItemState.GONE)
        case View.MINE:
            return row.is_mine and row.state is not ItemState.GONE
        case View.SHARED:
            return not row.is_mine and row.state is not ItemState.GONE
        case View.GONE:
            return row.state is ItemState.GONE
        case View.ATTENTION:
            return row.state in NEEDS_ATTENTION


def contains(row: Row, words: Iterable[str]) -> bool:
    """Whether every word (folded) occurs in the document's name, path or people.

    I am none of the people of what is mine: a part of my own address would find everything.
    """
    what = text.folded(f"{row.path or ''}\n{row.name}")
    missing = [word for word in words if word not in what]
    if not missing:
        return True
    people = (row.owner, *row.people) if row.owner and not row.is_mine else row.people
    who = "\n".join(map(_who, people))
    return all(word in who for word in missing)


@lru_cache(maxsize=4096)
def _who(person: Person) -> str:
    return text.folded(f"{person.given_name} {person.family_name} {person.email}")


def count(counts: dict[View, int], row: Row | None, by: int) -> None:
    if row is None:
        return
    if belongs(row, View.ALL):
        counts[View.ALL] += by
    if row.state is ItemState.GONE:
        counts[View.GONE] += by
    else:
        counts[View.MINE if row.is_mine else View.SHARED] += by
    if row.state in NEEDS_ATTENTION:
        counts[View.ATTENTION] += by


def _expiry(row: Row) -> int:
    is_live = row.expires_at is not None and row.state is not ItemState.GONE
    return row.expires_at if is_live and row.expires_at else 2**63


_STATE_ORDER = {
    state: place
    for place, state in enumerate(
        (
            ItemState.PROBLEM,
            ItemState.CONFLICT,
            ItemState.UPLOADING,
            ItemState.BUSY,
            ItemState.WAITING,
            ItemState.SYNCED,
            ItemState.GONE,
            ItemState.SKIPPED,
        )
    )
}

SORT_VALUES: dict[Column, Callable[[Row], Any]] = {
    Column.NAME: lambda row: text.folded(row.name),
    Column.SIZE: lambda row: row.size,
    Column.OWNER: lambda row: text.folded(text.full_name(row.owner)) if row.owner else "",
    Column.PEOPLE: lambda row: len(row.people),
    Column.EXPIRES: _expiry,
    Column.STATE: lambda row: _STATE_ORDER[row.state],
}
