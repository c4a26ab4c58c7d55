"""`GET /docs` and `GET /docs/changes`: what somebody has, and what became of it since."""

from collections.abc import Sequence

from chalicelib.connectors.ports import Key, Row, Rows, TableName
from chalicelib.model import Identity, StoredDocument
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import (
    DAY_MS,
    FEED_MS,
    document_key,
    feed_pk,
    feed_sk,
    mapping,
    number,
    person_pk,
    sequence_key,
    text,
    tombstone_key,
)
from chalicelib.services import cursors, feed
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.finding import first_document
from chalicelib.services.views import shown
from mydoctransfer_contract.documents import (
    Change,
    ChangeKind,
    ChangePage,
    Document,
    DocumentPage,
)
from mydoctransfer_contract.problems import Code

_OWN_PAGE = 100
_SHARED_PAGE = 50  # each has two places to look: live and gone, a hundred keys in one read
_LINES = 16  # lines of the feed in one query
_CHANGES = 100
_OLDEST_MS = FEED_MS - 2 * DAY_MS  # older cursors may miss lines that TTL has taken
_PARTS = {
    ("mine", False): ("DOC#",),
    ("mine", True): ("DOC#", "GONE#"),
    ("shared", False): ("SHR#",),
    ("shared", True): ("SHR#", "GSHR#"),
    ("all", False): ("DOC#", "SHR#"),
    ("all", True): ("DOC#", "GONE#", "SHR#", "GSHR#"),
}


def documents(
    parts: Parts, who: Identity, now: int, scope: str, gone: bool, cursor: str | None
) -> DocumentPage:
    """Return a page: one query of one part of the list, and one more for every part found empty.

    A page of what is shared with the person also reads the owners' rows, in one batch.
    """
    authorize(who, None, Action.LIST, now)
    if (scope, gone) not in _PARTS:
        raise Refused(Code.INVALID_REQUEST, "scope is mine, shared or all.")
    prefixes = _PARTS[scope, gone]
    purpose = f"docs/{scope}/{gone}"
    place, after = 0, None
    if cursor is not None:
        state = cursors.unseal(parts.config.secret, purpose, who.sub, cursor)
        place, after = number(state, "p"), text(state, "a") or None
    while True:
        prefix = prefixes[place]
        page = parts.store.page(
            TableName.MAIN,
            person_pk(who.sub),
            prefix=prefix,
            after=after,
            limit=_SHARED_PAGE if "SHR" in prefix else _OWN_PAGE,
        )
        place, after = (place, page.after) if page.after else (place + 1, None)
        if page.rows or place >= len(prefixes):
            break
    sealed = None
    if place < len(prefixes):
        next_state: Row = {"p": place, "a": after or ""}
        sealed = cursors.seal(parts.config.secret, purpose, who.sub, next_state)
    return DocumentPage(
        documents=tuple(_visible(parts, who, now, page, prefix, gone)),
        cursor=sealed,
        epoch=parts.config.epoch,
    )


def _visible(
    parts: Parts, who: Identity, now: int, page: Rows, prefix: str, gone: bool
) -> list[Document]:
    if prefix in ("DOC#", "GONE#"):
        found = [first_document([row]) for row in page.rows]
    else:
        found = _shared(parts, page.rows)
    visible = []
    for document in found:
        if document is None:
            continue
        try:
            authorize(who, document, Action.SEE_GONE if gone else Action.SEE, now)
        except Refused:
            continue
        visible.append(shown(document, who.sub, now))
    return visible


def _shared(parts: Parts, rows: Sequence[Row]) -> list[StoredDocument | None]:
    pairs: list[tuple[Key, Key]] = []
    for row in rows:
        owner, share_id = row.get("owner"), row.get("share_id")
        if isinstance(owner, str) and isinstance(share_id, str):
            pairs.append((document_key(owner, share_id), tombstone_key(owner, share_id)))
    found = parts.store.read([key for pair in pairs for key in pair]) if pairs else {}
    return [first_document(found.get(key) for key in pair) for pair in pairs]


def changes(parts: Parts, who: Identity, now: int, since: str | None) -> ChangePage:
    """Return what changed since a cursor, each document once, in its state now.

    One query, and one batch read for every hundred rows behind the changes. Nothing to report
    costs the query alone.
    """
    authorize(who, None, Action.LIST, now)
    if since is None:
        return _nothing(parts, who, now, reset=False)
    start = _start(parts, who, now, since)
    if start is None:
        return _nothing(parts, who, now, reset=True)
    lines, is_all = _lines(parts, who, start)
    if lines is None:
        return _nothing(parts, who, now, reset=True)
    last = number(lines[-1], "n") if lines else start
    at = now if is_all or not lines else number(lines[-1], "at")
    return ChangePage(
        changes=tuple(_changes(parts, who, now, lines)),
        cursor=feed.cursor(parts, who.sub, last, at),
        line=last,
        more=not is_all,
        reset=False,
        epoch=parts.config.epoch,
    )


def _start(parts: Parts, who: Identity, now: int, since: str) -> int | None:
    """Return the number to go on from, or None when the list has to be read anew.

    A cursor we cannot verify may be of an earlier deployment: it means "start again" too.
    """
    try:
        state = cursors.unseal(parts.config.secret, feed.PURPOSE, who.sub, since)
    except Refused:
        return None
    if text(state, "e") != parts.config.epoch or now - number(state, "t") > _OLDEST_MS:
        return None
    return number(state, "n")


def _lines(parts: Parts, who: Identity, start: int) -> tuple[list[Row] | None, bool]:
    """Return consecutive lines after `start`, up to a hundred changes, and whether that is all.

    A query is no snapshot: it may show a line and not the one before, committed in between. We
    take lines only as long as their numbers follow each other. None: lines are lost (TTL).
    """
    for _ in range(2):
        page = parts.store.page(
            TableName.MAIN, feed_pk(who.sub), after=feed_sk(start), limit=_LINES
        )
        lines: list[Row] = []
        count = 0
        for row in page.rows:
            size = len(mapping(row["ids"]))
            follows = number(row, "n") == start + len(lines) + 1
            if not follows or (lines and count + size > _CHANGES):
                break
            lines.append(row)
            count += size
        if lines or not page.rows:
            return lines, len(lines) == len(page.rows) and page.after is None
    return None, False


def _changes(parts: Parts, who: Identity, now: int, lines: Sequence[Row]) -> list[Change]:
    owners: dict[str, str] = {}
    for line in lines:
        for share_id, owner in mapping(line["ids"]).items():
            owners.pop(share_id, None)  # the latest mention gives the order
            owners[share_id] = str(owner)
    keys: list[Key] = []
    for share_id, owner in owners.items():
        keys += [document_key(owner, share_id), tombstone_key(owner, share_id)]
    rows = parts.store.read(keys) if keys else {}
    changes = []
    for share_id, owner in owners.items():
        document = first_document(
            (rows.get(document_key(owner, share_id)), rows.get(tombstone_key(owner, share_id)))
        )
        change = _change(who, now, share_id, document)
        if change.document is not None or owner != who.sub:
            changes.append(change)
    return changes


def _change(who: Identity, now: int, share_id: str, document: StoredDocument | None) -> Change:
    try:
        authorize(who, document, Action.SEE_GONE, now)
    except Refused:
        document = None
    if document is None:
        return Change(ChangeKind.NO_LONGER_SHARED, share_id, None)
    return Change(ChangeKind.DOCUMENT, share_id, shown(document, who.sub, now))


def _nothing(parts: Parts, who: Identity, now: int, reset: bool) -> ChangePage:
    key = sequence_key(who.sub)
    row = parts.store.read([key]).get(key)
    last = number(row, "n") if row else 0
    return ChangePage(
        changes=(),
        cursor=feed.cursor(parts, who.sub, last, now),
        line=last,
        more=False,
        reset=reset,
        epoch=parts.config.epoch,
    )
