"""Hints for the sweep: "look at these things then". A hint is never a fact.

What is due is looked up again when the hint comes due, so nothing ever has to remove or move a
hint: an extended document simply has a second, later one. One row carries the hints of a whole
transaction that share kind and time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from chalicelib.connectors.ports import Absent, Cell, Key, Put, Row, Write
from chalicelib.rows import hint_pk, items, number, text
from chalicelib.services.ids import fresh

HOUR_MS = 3_600_000


class Look(Enum):
    """What a hint asks to look at."""

    EXPIRY = "expiry"  # a document may have expired: owner, share_id
    OBJECTS = "objects"  # objects must be gone: keys; owner and share_id when a document is buried
    UPLOADS = "uploads"  # an upload may have arrived without its client: upload_id


@dataclass(frozen=True, slots=True)
class Hint:
    """Look at `thing` at `due`."""

    look: Look
    due: int
    thing: Row


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row of hints, as read."""

    key: Key
    look: Look
    due: int
    things: tuple[Row, ...]
    tries: int


def hour_of(ms: int) -> int:
    return ms // HOUR_MS


def writes(hints: Sequence[Hint], tries: int = 0) -> list[Write]:
    """Return the writes of one transaction's hints: one row for each kind and time."""
    grouped: dict[tuple[Look, int], list[Cell]] = {}
    for hint in hints:
        grouped.setdefault((hint.look, hint.due), []).append(hint.thing)
    made: list[Write] = []
    for (look, due), things in grouped.items():
        key = Key(hint_pk(hour_of(due)), f"{due:013d}#{fresh()}")
        row: dict[str, Cell] = {"look": look.value, "due": due, "things": things, "tries": tries}
        made.append(Put(key, row, (Absent(),)))
    return made


def read_due(row: Row) -> DueRow:
    return DueRow(
        key=Key(text(row, "pk"), text(row, "sk")),
        look=Look(text(row, "look")),
        due=number(row, "due"),
        things=items(row, "things"),
        tries=number(row, "tries"),
    )
