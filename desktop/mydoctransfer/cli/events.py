"""What `sync` prints: events as JSON lines for programs, as sentences for people.

{"event": "status", "state", "message", "folder", "queued", "held_deletes"}
{"event": "item", "path", "share_id", "name", "state", "message"}
{"event": "removed", "key"}                      an item that is no more
{"event": "progress", "path", "sent", "total"}   bytes
{"event": "published", "names"}
{"event": "shared_with_you", "documents": [{"share_id", "name", "size", "owner"}]}
{"event": "expiring_soon", "documents": [{"share_id", "name", "size", "owner"}]}
{"event": "deletes_held", "paths", "published"}
{"event": "problem", "path", "name", "message"}
"""

from typing import Any, assert_never

from mydoctransfer.cli.text import plain, size
from mydoctransfer.model.events import (
    DeletesHeld,
    Downloaded,
    Downloading,
    Event,
    ExpiringSoon,
    Happened,
    ProblemRaised,
    Progress,
    Published,
    Row,
    RowsChanged,
    RulesChanged,
    SharedWithYou,
    Status,
    StatusChanged,
)

Json = dict[str, Any]


def to_json(event: Event) -> list[Json]:
    """Return the JSON objects that say an event, one a line."""
    match event:
        case StatusChanged(status=status):
            return [_status(status)]
        case RowsChanged(rows=rows, removed=removed):
            gone = [{"event": "removed", "key": key} for key in removed]
            return [*(_item(row) for row in rows), *gone]
        case Progress(key=key, sent=sent, total=total):
            return [{"event": "progress", "path": key, "sent": sent, "total": total}]
        case Published(names=names):
            return [{"event": "published", "names": list(names)}]
        case SharedWithYou(rows=rows):
            return [{"event": "shared_with_you", "documents": [_shared(row) for row in rows]}]
        case ExpiringSoon(rows=rows):
            return [{"event": "expiring_soon", "documents": [_shared(row) for row in rows]}]
        case DeletesHeld(paths=paths, published=published):
            return [{"event": "deletes_held", "paths": list(paths), "published": published}]
        case ProblemRaised(key=key, name=name, message=message):
            return [{"event": "problem", "path": key, "name": name, "message": message}]
        case Happened() | Downloaded() | Downloading() | RulesChanged():
            return []  # told as it came; and for the window, who also hears of it in its rows
        case _:
            assert_never(event)


def to_text(event: Event) -> list[str]:
    """Return the sentences that say an event; none for what only programs follow."""
    match event:
        case StatusChanged(status=status):
            return [plain(status.message or f"{status.state.value.replace('_', ' ')}.")]
        case Published(names=names):
            return [f"Published {plain(', '.join(names))}."]
        case SharedWithYou(rows=rows):
            return [_shared_sentence(row) for row in rows]
        case ExpiringSoon(rows=rows):
            return [plain(f"{row.name} leaves the cloud within ten minutes.") for row in rows]
        case Downloaded(fetches=fetches):
            return [plain(f"{person.email} has {row.name} now.") for row, person in fetches]
        case DeletesHeld(paths=paths, published=published):
            return [
                f"{len(paths)} of {published} documents would be withdrawn because their files are "
                "gone. Answer with `deletes --keep` or `deletes --confirm`."
            ]
        case ProblemRaised(name=name, message=message):
            return [plain(f"{name}: {message}")]
        case RowsChanged() | Progress() | Downloading() | Happened() | RulesChanged():
            return []
        case _:
            assert_never(event)


def _status(status: Status) -> Json:
    return {
        "event": "status",
        "state": status.state.value,
        "message": status.message,
        "folder": status.folder,
        "queued": status.queued,
        "held_deletes": status.held_deletes,
    }


def _item(row: Row) -> Json:
    return {
        "event": "item",
        "path": row.path,
        "share_id": row.share_id,
        "name": row.name,
        "state": row.state.value,
        "message": row.message,
    }


def _shared(row: Row) -> Json:
    owner = row.owner
    return {
        "share_id": row.share_id,
        "name": row.name,
        "size": row.size,
        "owner": None
        if owner is None
        else {
            "email": owner.email,
            "given_name": owner.given_name,
            "family_name": owner.family_name,
        },
    }


def _shared_sentence(row: Row) -> str:
    owner = "Somebody" if row.owner is None else row.owner.email
    return plain(f"{owner} shares {row.name} ({size(row.size)}) with you: get {row.share_id}")
