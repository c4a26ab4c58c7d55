"""The sweep: every five minutes, collect what is due. It enforces nothing; requests do (R10).

It reads the hints whose time has come, hour by hour from the first hour that may still hold some,
and looks each thing up anew. Everything it does is conditional on what it saw and can be done
twice: overlapping or interrupted sweeps do no harm. A thing that fails is put off, with a growing
delay, and stops nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.connectors.ports import (
    Absent,
    AnyOf,
    AtMost,
    Cell,
    Change,
    Committed,
    Delete,
    Is,
    Missing,
    Put,
    Row,
    TableName,
    Write,
)
from chalicelib.controllers.publishing import publish_arrived
from chalicelib.controllers.uploads import FIRST_LOOK_MS
from chalicelib.logs import log_failure
from chalicelib.model import StoredDocument, Upload
from chalicelib.parts import Parts
from chalicelib.rows import (
    DAY_MS,
    TOMBSTONE_MS,
    WATERMARK_KEY,
    claim_key,
    document_key,
    hint_pk,
    number,
    read_document,
    read_upload,
    shared_key,
    shared_tombstone_key,
    text,
    texts,
    tombstone_key,
    ttl,
    upload_key,
)
from chalicelib.services import audit, hints
from chalicelib.services.audit import Happened
from chalicelib.services.commits import Failed, Unit, commit_all, commit_one
from chalicelib.services.hints import HOUR_MS, DueRow, Hint, Look, hour_of, read_due
from chalicelib.services.writing import burial, remains, removed, touched, unclaim
from mydoctransfer_contract.documents import DocumentState
from mydoctransfer_contract.problems import Code

_ROWS = 25
_FIRST_HOURS = 48  # looked back at when there is no watermark yet
_LATE_MS = 900_000  # a hint is written at most this long after the time it names
_GIVEN_UP_MS = 7 * DAY_MS  # an upload open this long is abandoned
_GRANTS_END_MS = 1_200_000  # every grant of before is over then
_ROUNDS = 3


@dataclass(slots=True)
class Swept:
    """What one sweep did, for the log."""

    expired: int = 0
    buried: int = 0
    published: int = 0
    put_off: int = 0
    is_complete: bool = True


class PutOff(Exception):
    """A thing could not be settled now."""


def sweep(parts: Parts, deadline: int) -> Swept:
    """Settle what is due, until nothing is left or the clock passes `deadline`."""
    swept = Swept()
    mark = _watermark(parts)
    now = parts.clock()
    if mark is None:
        # Where the first one begins holds for the next, however late that comes, should this one
        # not end.
        mark = hour_of(now) - _FIRST_HOURS
        _advance(parts, None, mark)
    hour = mark
    while hour <= hour_of(now):
        if not _sweep_hour(parts, hour, deadline, swept):
            swept.is_complete = False
            break
        hour += 1
    # Hints of the last minutes may still be on their way into an hour that looks finished.
    _advance(parts, mark, min(hour, hour_of(now - _LATE_MS)))
    return swept


def _watermark(parts: Parts) -> int | None:
    row = parts.store.read([WATERMARK_KEY]).get(WATERMARK_KEY)
    return None if row is None else number(row, "hour")


def _advance(parts: Parts, mark: int | None, hour: int) -> None:
    """Move the watermark forward; another sweep may have moved it further."""
    if mark is None:
        parts.store.write(Put(WATERMARK_KEY, {"hour": hour}, (Absent(),)))
    elif hour > mark:
        parts.store.write(Put(WATERMARK_KEY, {"hour": hour}, (AtMost("hour", hour),)))


def _sweep_hour(parts: Parts, hour: int, deadline: int, swept: Swept) -> bool:
    """Settle one hour's hints; False when time ran out."""
    after = None
    while True:
        last = f"{parts.clock():013d}~"
        page = parts.store.page(TableName.MAIN, hint_pk(hour), up_to=last, after=after, limit=_ROWS)
        for row in page.rows:
            if parts.clock() >= deadline:
                return False
            _settle_row(parts, row, swept)
        after = page.after
        if after is None:
            return True


def _settle_row(parts: Parts, row: Row, swept: Swept) -> None:
    """Settle one row of hints, together or, when that fails, one by one. Never raises."""
    try:
        due = read_due(row)
    except Exception as exc:
        log_failure(exc, what="a hint makes no sense")
        swept.put_off += 1
        return
    settle = _SETTLERS[due.look]
    again: list[Hint] = []
    failed: list[Row] = []
    try:
        again = settle(parts, due.things, swept)
    except Exception as exc:
        if len(due.things) > 1:
            again, failed = _one_by_one(parts, due, settle, swept)
        else:
            log_failure(exc, what="put off")
            failed = list(due.things)
    try:
        _replace(parts, due, again, failed)
    except Exception as exc:
        log_failure(exc, what="the hint stays")
    swept.put_off += len(failed)


def _one_by_one(
    parts: Parts, due: DueRow, settle: "_Settler", swept: Swept
) -> tuple[list[Hint], list[Row]]:
    again: list[Hint] = []
    failed: list[Row] = []
    for thing in due.things:
        try:
            again.extend(settle(parts, (thing,), swept))
        except Exception as exc:
            log_failure(exc, what="put off")
            failed.append(thing)
    return again, failed


def _replace(parts: Parts, due: DueRow, again: Sequence[Hint], failed: Sequence[Row]) -> None:
    """Remove a settled row, and in the same transaction write what has to be looked at again."""
    now = parts.clock()
    delay = min(DAY_MS, 300_000 * 2 ** min(due.tries, 10))
    later = [Hint(due.look, now + delay, thing) for thing in failed]
    # Not there any more: a sweep beside this one has settled it, and written what comes later.
    writes: list[Write] = [Delete(due.key, (Is("tries", due.tries),))]
    writes.extend(hints.writes(again))
    writes.extend(hints.writes(later, tries=due.tries + 1))
    parts.store.commit(writes)


def _expire(parts: Parts, things: Sequence[Row], swept: Swept) -> list[Hint]:
    """Bury the documents among these that have expired; the others have a later hint."""
    left = [(text(thing, "owner"), text(thing, "share_id")) for thing in things]
    for _ in range(_ROUNDS):
        now = parts.clock()
        rows = parts.store.read([document_key(owner, share_id) for owner, share_id in left])
        expired = [
            document
            for document in (read_document(row) for row in rows.values())
            if document.state_at(now) is DocumentState.EXPIRED
        ]
        if not expired:
            return []
        claims = parts.store.read([claim_key(d.owner, d.path) for d in expired])
        units = [_expiry(parts, d, now, claims.get(claim_key(d.owner, d.path))) for d in expired]
        outcomes = commit_all(parts, units)
        left = [
            (document.owner, document.share_id)
            for document, outcome in zip(expired, outcomes, strict=True)
            if isinstance(outcome, Failed)
        ]
        swept.expired += len(expired) - len(left)
        if not left:
            return []
    raise PutOff("documents keep changing")


def _expiry(parts: Parts, document: StoredDocument, now: int, held: Row | None) -> Unit:
    after = removed(document, DocumentState.EXPIRED, now)
    when = (Is("revision", document.revision), AtMost("expires_at", now))
    is_ours = held is not None and held.get("share_id") == document.share_id
    return Unit(
        writes=(
            *burial(parts, document, after, when),
            *((unclaim(document),) if is_ours else ()),
        ),
        touched=touched(after),
        entries=(audit.entry(Happened.EXPIRED, now, None, document),),
        hints=(remains(document, now),),
    )


def _bury(parts: Parts, things: Sequence[Row], swept: Swept) -> list[Hint]:
    """Remove objects for good; for a buried document tell its recipients' lists and sign off."""
    for thing in things:
        tombstone = _tombstone(parts, thing)
        if tombstone is not None:
            _move_pointers(parts, tombstone)
        versions = sum(parts.objects.delete_all_versions(key) for key in texts(thing, "keys"))
        if tombstone is not None and tombstone.receipt is None:
            _sign_off(parts, tombstone, versions)
        swept.buried += 1
    return []


def _tombstone(parts: Parts, thing: Row) -> StoredDocument | None:
    if "share_id" not in thing:
        return None
    key = tombstone_key(text(thing, "owner"), text(thing, "share_id"))
    row = parts.store.read([key]).get(key)
    return None if row is None else read_document(row)


def _move_pointers(parts: Parts, tombstone: StoredDocument) -> None:
    share_id = tombstone.share_id
    ours = AnyOf((Missing("owner"), Is("owner", tombstone.owner)))
    row: dict[str, Cell] = {
        "share_id": share_id,
        "owner": tombstone.owner,
        "ttl": ttl(tombstone.gone_at, TOMBSTONE_MS),
    }
    writes: list[Write] = []
    for sub in tombstone.people:
        writes.append(Delete(shared_key(sub, share_id), (ours,)))
        writes.append(Put(shared_tombstone_key(sub, share_id), row, (ours,)))
    if writes and not isinstance(parts.store.commit(writes), Committed):
        raise PutOff("recipients' lists are busy")


def _sign_off(parts: Parts, tombstone: StoredDocument, versions: int) -> None:
    """Write the deletion receipt, once."""
    now = parts.clock()
    receipt: Row = {"objects_gone_at": now, "versions": tombstone.version}
    signed = Change(
        tombstone_key(tombstone.owner, tombstone.share_id),
        (Is("share_id", tombstone.share_id), Missing("receipt")),
        assign={"receipt": receipt},
    )
    detail = f"{tombstone.version} published, {versions} removed by the sweep"
    gone = audit.entry(Happened.OBJECTS_GONE, now, None, tombstone, detail)
    commit_one(parts, Unit(writes=(signed,), entries=(gone,)))


def _look_at_uploads(parts: Parts, things: Sequence[Row], swept: Swept) -> list[Hint]:
    """Publish what arrived without its client, give up what is abandoned, look again later."""
    keys = [upload_key(text(thing, "upload_id")) for thing in things]
    rows = parts.store.read(keys)
    again: list[Hint] = []
    for key in keys:
        if key not in rows:
            continue
        upload = read_upload(rows[key])
        due = _look_at(parts, upload, swept)
        if due is not None:
            again.append(Hint(Look.UPLOADS, due, {"upload_id": upload.upload_id}))
    return again


def _look_at(parts: Parts, upload: Upload, swept: Swept) -> int | None:
    """Settle an upload; return when it is to be looked at again.

    What was given up is looked at until no grant is left with which its bytes may still arrive:
    whoever sends them may have died before they were gone, and nobody else asks for them.
    """
    now = parts.clock()
    if upload.state in ("aborted", "refused"):
        parts.objects.delete_all_versions(upload.key)
        last = upload.registered_at + HOUR_MS
        return last if now < last else None
    if upload.state != "open":
        return None
    is_fresh = upload.arrival is not None and upload.arrival.at > now - FIRST_LOOK_MS
    if upload.sha256 is not None and not is_fresh:
        result = publish_arrived(parts, now, upload, upload.sha256)
        if result.document is not None:
            swept.published += 1
            return None
        code = result.problem.code if result.problem else Code.INTERNAL.value
        if code not in (Code.UPLOAD_INCOMPLETE.value, Code.TOO_MANY_REQUESTS.value):
            _give_up(parts, upload, "refused")
            return now + _GRANTS_END_MS
    if now - upload.registered_at > _GIVEN_UP_MS:
        _give_up(parts, upload, "aborted")
        return now + _GRANTS_END_MS
    return _next_look(now, upload)


def _give_up(parts: Parts, upload: Upload, state: str) -> None:
    parts.store.write(
        Change(upload_key(upload.upload_id), (Is("state", "open"),), assign={"state": state})
    )
    row = parts.store.read([upload_key(upload.upload_id)]).get(upload_key(upload.upload_id))
    if row is None or row.get("state") != "done":  # never what was published meanwhile
        parts.objects.delete_all_versions(upload.key)


def _next_look(now: int, upload: Upload) -> int:
    age = now - upload.registered_at
    if age < HOUR_MS:
        return now + 240_000  # the next sweep
    return now + (900_000 if age < DAY_MS else 6 * HOUR_MS)


_Settler = Callable[[Parts, Sequence[Row], Swept], list[Hint]]
_SETTLERS: dict[Look, _Settler] = {
    Look.EXPIRY: _expire,
    Look.OBJECTS: _bury,
    Look.UPLOADS: _look_at_uploads,
}
