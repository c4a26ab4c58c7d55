"""Registering uploads and giving them up. Publishing them is `publishing`.

Registration writes one row an upload, whose id is derived from (owner, op_id): registering again
finds the same row. The declared bytes are reserved in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.connectors.ports import (
    MAX_TRANSACTION,
    Absent,
    AnyOf,
    AtMost,
    Busy,
    Change,
    Committed,
    ConditionFailed,
    Is,
    Key,
    Missing,
    Put,
    Row,
    Write,
)
from chalicelib.controllers.declaring import declaration_mark, declared
from chalicelib.controllers.people import resolve
from chalicelib.model import Identity, StoredDocument, Upload
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import (
    DAY_MS,
    claim_key,
    document_key,
    number,
    quota_key,
    read_document,
    read_upload,
    revocations_key,
    text,
    tombstone_key,
    ttl,
    upload_key,
    upload_row,
)
from chalicelib.services import hints, ids, revocations
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.finding import first_document
from chalicelib.services.hints import Hint, Look
from chalicelib.services.rate import is_blocked
from chalicelib.services.views import shown
from mydoctransfer_contract.documents import Document
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.times import format_time
from mydoctransfer_contract.uploads import (
    MAX_BATCH,
    Grant,
    NewUpload,
    RegisteredUpload,
    RegisteredUploads,
    RegisterUploads,
)

FIRST_LOOK_MS = 120_000  # an arrival this old, whose client has not completed it, is published
_IN_ONE = MAX_TRANSACTION - 2  # uploads in one transaction, beside the quota's row and the hint


@dataclass(slots=True)
class _Item:
    """One file of the call on its way: first a registration, then a result."""

    asked: NewUpload
    upload: Upload | None = None
    result: RegisteredUpload | None = None


def register(
    parts: Parts, who: Identity, rate: Row, now: int, body: RegisterUploads
) -> RegisteredUploads:
    """Register up to 100 files and return a grant for their prefix."""
    authorize(who, None, Action.UPLOAD, now)
    if len(body.files) > MAX_BATCH:
        raise Refused(Code.INVALID_REQUEST, f"At most {MAX_BATCH} files in one call.")
    if not body.files and body.renew is None:
        raise Refused(Code.INVALID_REQUEST, "No files, and no grant to renew.")
    if body.renew is not None and not ids.is_grant_of(parts.config.secret, who.sub, body.renew):
        raise Refused(Code.NOT_FOUND)
    if is_blocked(rate, now):
        raise Refused(Code.GRANTS_BLOCKED)
    grant_id = body.renew or ids.grant_id(parts.config.secret, who.sub)
    items = _prepared(parts, who, now, body.files, grant_id)
    _reserve_and_write(parts, who, now, items)
    _answer_replays(parts, who, now, items)
    is_needed = body.renew is not None or any(
        item.result and item.result.grant_id == grant_id for item in items
    )
    return RegisteredUploads(
        grant=_grant(parts, who, grant_id) if is_needed else None,
        results=tuple(item.result or _internal(item) for item in items),
    )


def abort(parts: Parts, who: Identity, now: int, upload_id: str) -> None:
    """Give up an upload: it can no longer be completed, and what arrived of it is removed."""
    upload = _one(parts, upload_id)
    authorize(who, upload, Action.ABORT, now)
    if upload is None:
        return
    if upload.state in ("aborted", "refused"):
        # It may have arrived since: who gave it up did not wait for the client, or died on the way.
        parts.objects.delete_all_versions(upload.key)
        return
    if upload.state == "done":
        raise Refused(
            Code.VERSION_CONFLICT, "The upload is already published.", share_id=upload.share_id
        )
    written = parts.store.write(
        Change(upload_key(upload_id), (Is("state", "open"),), assign={"state": "aborted"})
    )
    if isinstance(written, Busy):
        raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)
    if isinstance(written, ConditionFailed):
        raise Refused(Code.VERSION_CONFLICT, "The upload is being published.")
    parts.objects.delete_all_versions(upload.key)


def _one(parts: Parts, upload_id: str) -> Upload | None:
    if not ids.is_id(upload_id):
        return None
    key = upload_key(upload_id)
    row = parts.store.read([key]).get(key)
    return None if row is None else read_upload(row)


def _prepared(
    parts: Parts, who: Identity, now: int, files: Sequence[NewUpload], grant_id: str
) -> list[_Item]:
    """Return the items, each with its upload, or with the refusal as its result."""
    items = [_Item(asked) for asked in files]
    seen: set[str] = set()
    for item in items:
        if item.asked.op_id in seen:
            item.result = _refusal(item.asked, Refused(Code.INVALID_REQUEST, "op_id repeated."))
        seen.add(item.asked.op_id)
    people = resolve(parts, who, [email for asked in files for email in asked.people])
    for item in items:
        if item.result is None:
            try:
                item.upload = declared(parts, who, now, item.asked, grant_id, people)
            except Refused as refused:
                item.result = _refusal(item.asked, refused)
    _look_at_what_is_there(parts, who, now, items)
    return items


def _look_at_what_is_there(parts: Parts, who: Identity, now: int, items: list[_Item]) -> None:
    """Refuse early what could not be published. One read; completing checks again, by condition.

    A refusal here must not hide an upload registered before: such an item keeps its upload, and
    the row's condition finds the earlier one.
    """
    keys: list[Key] = []
    for item in items:
        if item.upload is None:
            continue
        if item.upload.is_new:
            keys.append(claim_key(who.sub, item.upload.path))
        else:
            keys.append(document_key(who.sub, item.upload.share_id))
    if any(item.upload.people for item in items if item.upload is not None):
        keys.append(revocations_key(who.sub))
    rows = parts.store.read(keys) if keys else {}
    count = revocations.count_in(rows.get(revocations_key(who.sub)))
    doubtful: list[tuple[_Item, Refused]] = []
    for item in items:
        if item.upload is None:
            continue
        if item.upload.people:
            item.upload = replace(item.upload, revocations=count)
        try:
            if item.upload.is_new:
                _check_claim(rows.get(claim_key(who.sub, item.upload.path)), now)
            else:
                row = rows.get(document_key(who.sub, item.upload.share_id))
                document = None if row is None else read_document(row)
                check_version(who, document, item.upload, now)
        except Refused as refused:
            doubtful.append((item, refused))
    if not doubtful:
        return
    again = [k for item, _ in doubtful if item.upload for k in _rows_of(who.sub, item.upload)]
    rows = parts.store.read(again)
    for item, doubt in doubtful:
        upload = item.upload
        if upload is None or upload_key(upload.upload_id) in rows:
            continue  # registered before: the write's condition will find it
        if doubt.code is Code.NOT_FOUND:
            tombstone = first_document([rows.get(tombstone_key(who.sub, upload.share_id))])
            doubt = _refusal_of(who, tombstone, now)
        item.result, item.upload = _refusal(item.asked, doubt), None


def _rows_of(sub: str, upload: Upload) -> tuple[Key, Key]:
    return upload_key(upload.upload_id), tombstone_key(sub, upload.share_id)


def _check_claim(row: Row | None, now: int) -> None:
    if row is not None and number(row, "expires_at") > now:
        raise Refused(Code.PATH_TAKEN, share_id=text(row, "share_id"))


def check_version(who: Identity, document: StoredDocument | None, upload: Upload, now: int) -> None:
    """Refuse a new version of what is not there, not live, or not the version it was based on."""
    authorize(who, document, Action.PUBLISH, now)
    if document is None:
        raise Refused(Code.NOT_FOUND)
    expected = upload.expected_version
    if expected is not None and expected != document.version:
        raise Refused(Code.VERSION_CONFLICT, share_id=document.share_id)


def _refusal_of(who: Identity, tombstone: StoredDocument | None, now: int) -> Refused:
    try:
        authorize(who, tombstone, Action.PUBLISH, now)
    except Refused as refused:
        return refused
    return Refused(Code.NOT_FOUND)


def _reserve_and_write(parts: Parts, who: Identity, now: int, items: list[_Item]) -> None:
    left = [item for item in items if item.upload is not None and item.result is None]
    for start in range(0, len(left), _IN_ONE):
        _write_some(parts, who, now, left[start : start + _IN_ONE])


def _write_some(parts: Parts, who: Identity, now: int, items: list[_Item]) -> None:
    """Write uploads and reserve their bytes, leaving out those that are there already."""
    left = items
    for _ in range(12):
        uploads = [item.upload for item in left if item.upload is not None]
        if not uploads:
            return
        writes: list[Write] = [
            Put(upload_key(u.upload_id), upload_row(u), (Absent(),)) for u in uploads
        ]
        writes.append(_reservation(parts, who, now, sum(u.size for u in uploads)))
        writes.extend(
            hints.writes(
                [
                    Hint(Look.UPLOADS, now + FIRST_LOOK_MS, {"upload_id": u.upload_id})
                    for u in uploads
                ]
            )
        )
        result = parts.store.commit(writes)
        if isinstance(result, Committed):
            for item in left:
                item.result = _registered(item)
            return
        quota = result.reasons[len(uploads)]
        there = [isinstance(reason, ConditionFailed) for reason in result.reasons]
        for item, was_there, reason in zip(left, there, result.reasons, strict=False):
            if was_there and isinstance(reason, ConditionFailed) and reason.row is not None:
                item.upload = read_upload(reason.row)
        if isinstance(quota, ConditionFailed) and not any(there[: len(uploads)]):
            _refuse_beyond_quota(parts, who, now, left)
            return
        if not any(there):
            parts.pause(0.02)
        left = [item for item, was_there in zip(left, there, strict=False) if not was_there]
    raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)


def _refuse_beyond_quota(parts: Parts, who: Identity, now: int, items: list[_Item]) -> None:
    """Together they are too much; one by one, in order, some may still fit."""
    if len(items) == 1:
        items[0].result = _refusal(items[0].asked, Refused(Code.QUOTA_EXCEEDED))
        return
    middle = len(items) // 2
    _write_some(parts, who, now, items[:middle])
    _write_some(parts, who, now, items[middle:])


def _reservation(parts: Parts, who: Identity, now: int, size: int) -> Change:
    most = parts.rules.daily_bytes - size
    room = AnyOf((AtMost("bytes", most), Missing("bytes"))) if most >= 0 else AtMost("bytes", most)
    return Change(
        quota_key(who.sub, format_time(now)[:10]),
        (room,),
        assign={"ttl": ttl(now, 3 * DAY_MS)},
        add={"bytes": size},
    )


def _answer_replays(parts: Parts, who: Identity, now: int, items: list[_Item]) -> None:
    """Answer what was registered earlier: where it goes on, or the document it became."""
    replays = [item for item in items if item.result is None and item.upload is not None]
    done = [i.upload.share_id for i in replays if i.upload and i.upload.state == "done"]
    keys = [k for s in done for k in (document_key(who.sub, s), tombstone_key(who.sub, s))]
    rows = parts.store.read(keys) if keys else {}
    for item in replays:
        upload = item.upload
        if upload is None:
            continue
        pair = (
            rows.get(document_key(who.sub, upload.share_id)),
            rows.get(tombstone_key(who.sub, upload.share_id)),
        )
        document = first_document(pair)
        view = None if document is None else shown(document, who.sub, now)
        item.result = _replay(item, upload, view)


def _replay(item: _Item, upload: Upload, document: Document | None) -> RegisteredUpload:
    if upload.fingerprint != declaration_mark(item.asked):
        return _refusal(
            item.asked, Refused(Code.INVALID_REQUEST, "op_id was used for another upload.")
        )
    match upload.state:
        case "open":
            return _registered(item)
        case "done" if document is not None:
            return RegisteredUpload(op_id=upload.op_id, document=document)
        case "done":
            return _refusal(item.asked, Refused(Code.REMOVED))
        case "refused":
            return _refusal(item.asked, Refused(Code.CHECKSUM_MISMATCH))
        case _:
            return _refusal(item.asked, Refused(Code.REMOVED, "The upload was given up."))


def _registered(item: _Item) -> RegisteredUpload:
    upload = item.upload
    if upload is None:
        return _internal(item)
    return RegisteredUpload(
        op_id=upload.op_id,
        upload_id=upload.upload_id,
        grant_id=upload.grant_id,
        key=upload.key,
    )


def _refusal(asked: NewUpload, refused: Refused) -> RegisteredUpload:
    return RegisteredUpload(op_id=asked.op_id, problem=refused.problem)


def _internal(item: _Item) -> RegisteredUpload:
    return _refusal(item.asked, Refused(Code.INTERNAL))


def _grant(parts: Parts, who: Identity, grant_id: str) -> Grant:
    prefix = f"incoming/{who.sub}/{grant_id}/"
    made = parts.grants.mint(who.sub, prefix)
    return Grant(
        grant_id=grant_id,
        bucket=parts.config.bucket,
        region=parts.config.region,
        prefix=prefix,
        access_key_id=made.access_key_id,
        secret_access_key=made.secret_access_key,
        session_token=made.session_token,
        expires_at=format_time(made.expires_at),
    )
