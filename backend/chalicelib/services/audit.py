"""The audit: what happened, to what, by whom, when and from where. Append-only.

An entry lies under its day (`DAY#<date>`, ULID), in one row with the others of its transaction.
`DAYS` lists the days that have entries, so that reading backwards never looks at an empty one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from chalicelib.connectors.ports import Absent, Cell, Key, Put, Row, TableName, Write
from chalicelib.model import Identity, StoredDocument
from chalicelib.parts import Parts
from chalicelib.rows import number, packed, person_cell, read_person, text, texts, unpacked
from chalicelib.services.ids import ulid
from mydoctransfer_contract.documents import AuditEntry, Person
from mydoctransfer_contract.times import format_time

DAYS_PK = "DAYS"
_MAX_DETAIL = 512
_days_written: set[tuple[str, str]] = set()  # (table's stage epoch, date) this process has listed


class Happened(Enum):
    """What an entry says happened."""

    UPLOADED = "uploaded"
    NEW_VERSION = "new version"
    LINK_ISSUED = "download link issued"
    DOWNLOADED = "downloaded"
    DELETED = "deleted"
    SHARED = "shared with"
    UNSHARED = "unshared"
    SHARING_DENIED = "sharing denied"
    RENAMED = "renamed to"
    EXTENDED = "extended"
    EXPIRED = "deleted because expired"
    OBJECTS_GONE = "every version gone"
    LINK_CREATED = "link created"
    LINK_CHANGED = "link changed"
    LINK_REVOKED = "link revoked"
    LINK_USED = "link used"
    ARRIVAL_REFUSED = "arrival refused"
    DENIED = "denied"
    REVOKED_ALL = "everything revoked"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `actor` None means the system."""

    at: int
    actor: Person | None
    actor_sub: str
    action: Happened
    share_id: str
    display_name: str
    owner: Person | None
    detail: str
    source: str
    expires_at: int


def entry(
    action: Happened,
    now: int,
    who: Identity | None,
    document: StoredDocument | None,
    detail: str = "",
    share_id: str = "",
) -> Entry:
    """Return the entry of something `who` did (None: the system)."""
    return Entry(
        at=now,
        actor=who.person if who else None,
        actor_sub=who.sub if who else "",
        action=action,
        share_id=document.share_id if document else share_id,
        display_name=document.display_name if document else "",
        owner=document.owner_person if document else None,
        detail=detail[:_MAX_DETAIL],
        source=who.source if who else "system",
        expires_at=document.expires_at if document else 0,
    )


def writes(entries: Sequence[Entry]) -> list[Write]:
    """Return the writes of one transaction's entries: one row for every day."""
    made: list[Write] = []
    by_day: dict[str, list[Cell]] = {}
    for one in entries:
        by_day.setdefault(_date(one.at), []).append(packed(_cells(one)))
    for date, rows in by_day.items():
        key = Key(f"DAY#{date}", ulid(entries[0].at), TableName.AUDIT)
        made.append(Put(key, {"entries": rows}, (Absent(),)))
    return made


def list_day(parts: Parts, now: int) -> None:
    """Put today into the list of days, once a process. Before its first entry, never after."""
    date = _date(now)
    mark = (parts.config.audit_table, date)
    if mark in _days_written:
        return
    parts.store.write(Put(Key(DAYS_PK, date, TableName.AUDIT), {"date": date}, (Absent(),)))
    if len(_days_written) > 100:
        _days_written.clear()
    _days_written.add(mark)


def record(parts: Parts, entries: Sequence[Entry]) -> None:
    """Write entries that belong to no other change (a link issued, a denial)."""
    list_day(parts, entries[0].at)
    parts.store.commit(writes(entries))


def read_day_row(row: Row, now: int) -> list[tuple[str, AuditEntry]]:
    """Return (owner's e-mail, entry) of a day's row, newest first. A bad entry is left out."""
    shown = []
    for entry_text in texts(row, "entries"):
        try:
            shown.append(_read(unpacked(entry_text), now))
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
    return sorted(shown, key=lambda pair: pair[1].id, reverse=True)


def _read(cells: Row, now: int) -> tuple[str, AuditEntry]:
    expires_at = number(cells, "expires_at")
    owner = read_person(cells["owner"]) if cells.get("owner") is not None else None
    made = AuditEntry(
        id=text(cells, "id"),
        at=format_time(number(cells, "at")),
        actor=read_person(cells["actor"]) if cells.get("actor") is not None else None,
        action=text(cells, "action"),
        share_id=text(cells, "share_id"),
        display_name=text(cells, "name"),
        detail=text(cells, "detail"),
        source=text(cells, "source"),
        expired=bool(expires_at) and expires_at <= now,
    )
    return (owner.email if owner else "", made)


def _cells(one: Entry) -> dict[str, Cell]:
    return {
        "id": ulid(one.at),
        "at": one.at,
        "actor": person_cell(one.actor) if one.actor else None,
        "actor_sub": one.actor_sub,
        "action": one.action.value,
        "share_id": one.share_id,
        "name": one.display_name,
        "owner": person_cell(one.owner) if one.owner else None,
        "detail": one.detail,
        "source": one.source,
        "expires_at": one.expires_at,
    }


def _date(ms: int) -> str:
    return format_time(ms)[:10]
