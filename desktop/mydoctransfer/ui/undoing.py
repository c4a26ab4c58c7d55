"""How what happened can be undone: decided from the entry and the documents' rows alone."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from mydoctransfer.model.commands import Command, Extend, SendAgain, Share, Unshare
from mydoctransfer.model.events import Deed, Halt, Happening, Row
from mydoctransfer.model.trees import RelPath
from mydoctransfer.ui.choices import can_send_again, can_share

LEAST_S = 60


class Undo(Enum):
    """What undoing would be called."""

    TAKE_BACK = "take back"
    SHARE_AGAIN = "share again"
    EXTEND_BACK = "extend back"
    SEND_AGAIN = "send again"


@dataclass(frozen=True, slots=True)
class Undoing:
    """What would be done, and how it is told to the engine."""

    kind: Undo
    command: Command


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What of the files added is in the cloud, and what is on its way there."""

    live: tuple[Row, ...]
    waiting: tuple[RelPath, ...]


def withdrawal(entry: Happening, row_at: Callable[[str], Row | None]) -> Withdrawal | None:
    """Return how adding files can be undone: nothing of them in the cloud, the copies stay (R1).

    `row_at` finds a document by its path. None where there is nothing to undo.
    """
    if entry.deed is not Deed.ADDED:
        return None
    rows = [row for path in entry.paths if (row := row_at(path)) is not None]
    live = tuple(row for row in rows if can_share(row))
    waiting = tuple(row.path for row in rows if row.path is not None and _is_to_go_up(row))
    return Withdrawal(live, waiting) if live or waiting else None


def undoing(entry: Happening, row: Row | None, now_ms: int) -> Undoing | None:
    """Return how an entry can be undone; None where it cannot.

    | happened           | the document now             | undone by                  |
    |--------------------|------------------------------|----------------------------|
    | shared             | mine, in the cloud           | taking it back             |
    | no longer shared   | mine, in the cloud           | sharing it again           |
    | extended           | mine, in the cloud, and the  | letting it expire when it  |
    |                    | old time is still to come    | would have                 |
    | withdrawn, expired | gone, with its file here     | sending it again           |
    | anything else      | any                          | nothing                    |
    """
    if row is None:
        return None
    people = tuple(entry.people.split(", "))
    if entry.deed in (Deed.WITHDRAWN, Deed.EXPIRED) and can_send_again(row):
        return Undoing(Undo.SEND_AGAIN, SendAgain(row.path or ""))
    if not can_share(row):
        return None
    if entry.deed is Deed.SHARED:
        return Undoing(Undo.TAKE_BACK, Unshare(entry.share_id, people))
    if entry.deed is Deed.UNSHARED:
        return Undoing(Undo.SHARE_AGAIN, Share(entry.share_id, people))
    if entry.deed is Deed.EXTENDED and entry.before is not None:
        seconds = (entry.before - now_ms) // 1000
        return (
            Undoing(Undo.EXTEND_BACK, Extend(entry.share_id, seconds))
            if seconds >= LEAST_S
            else None
        )
    return None


def _is_to_go_up(row: Row) -> bool:
    return row.goes_up and row.halt is not Halt.CANCELLED and not can_share(row)
