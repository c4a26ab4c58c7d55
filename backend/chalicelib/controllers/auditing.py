"""`GET /audit`: who did what, when; for administrators, newest first."""

import unicodedata

from chalicelib.connectors.ports import TableName
from chalicelib.model import Identity
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import text
from chalicelib.services import audit, cursors
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.denials import record_denials
from mydoctransfer_contract.documents import AuditEntry, AuditPage
from mydoctransfer_contract.problems import Code

_ROWS = 25  # rows of a day in one query; each holds the entries of one transaction
_QUERIES = 12  # in one call
_ENOUGH = 100  # entries
_MAX_QUERY = 200


def entries(parts: Parts, who: Identity, now: int, query: str, cursor: str | None) -> AuditPage:
    """Return a page; with a query, of entries in which it occurs. A page may be empty."""
    try:
        authorize(who, None, Action.READ_AUDIT, now)
    except Refused as refused:
        record_denials(parts, who, now, [(Action.READ_AUDIT, "", refused)])
        raise
    if len(query) > _MAX_QUERY:
        raise Refused(Code.INVALID_REQUEST, "The query is too long.")
    wanted = _folded(query.strip())
    if cursor is None:
        day, after = _day_before(parts, None), None
    else:
        state = cursors.unseal(parts.config.secret, "audit", who.sub, cursor)
        if text(state, "q") != query:
            raise Refused(Code.INVALID_REQUEST, "The cursor belongs to another query.")
        day, after = text(state, "d"), text(state, "a") or None
    found: list[AuditEntry] = []
    for _ in range(_QUERIES):
        if day is None or len(found) >= _ENOUGH:
            break
        page = parts.store.page(
            TableName.AUDIT, f"DAY#{day}", after=after, newest_first=True, limit=_ROWS
        )
        for row in page.rows:
            for owner, entry in audit.read_day_row(row, now):
                if not wanted or wanted in _folded(_text(owner, entry)):
                    found.append(entry)
        after = page.after
        day = day if after is not None else _day_before(parts, day)
    sealed = None
    if day is not None:
        state_now = {"q": query, "d": day, "a": after or ""}
        sealed = cursors.seal(parts.config.secret, "audit", who.sub, state_now)
    return AuditPage(tuple(found), sealed)


def _day_before(parts: Parts, day: str | None) -> str | None:
    """Return the last day that has entries, before `day`."""
    page = parts.store.page(TableName.AUDIT, audit.DAYS_PK, after=day, newest_first=True, limit=1)
    return text(page.rows[0], "date") if page.rows else None


def _text(owner: str, entry: AuditEntry) -> str:
    actor = entry.actor
    who = f"{actor.email} {actor.given_name} {actor.family_name}" if actor else "system"
    return " ".join(
        (owner, who, entry.action, entry.display_name, entry.detail, entry.share_id, entry.at)
    )


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).casefold()
