"""Completing uploads: verify the object, pin its version, publish the document.

Nothing is copied: the published document is that version of the object at its incoming key. The
sweep publishes through here too, for a client that died after its upload arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.connectors.ports import (
    Absent,
    Change,
    Is,
    ObjectFacts,
    Put,
    Write,
)
from chalicelib.controllers.declaring import is_sha256
from chalicelib.controllers.looking import look
from chalicelib.controllers.uploads import check_version
from chalicelib.model import Identity, StoredDocument, Upload
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import (
    DAY_MS,
    document_key,
    document_row,
    read_upload,
    shared_key,
    text,
    upload_key,
)
from chalicelib.services import audit, feed, revocations
from chalicelib.services.audit import Entry, Happened
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.commits import Done, Failed, Unit, commit_all
from chalicelib.services.finding import find_own
from chalicelib.services.hints import Hint, Look
from chalicelib.services.rate import block_grants
from chalicelib.services.views import shown
from chalicelib.services.writing import changed, claim, expiry_hint, shared_row, touched, unclaim
from mydoctransfer_contract.checksums import sha256_header
from mydoctransfer_contract.problems import Code, Problem
from mydoctransfer_contract.uploads import (
    MAX_BATCH,
    CompletedUpload,
    CompletedUploads,
    CompleteUpload,
    CompleteUploads,
)

OLD_OBJECT_MS = 900_000  # a replaced version stays this long, for downloads under way
_OLD_KEYS = 20  # remembered for the receipt; older ones are long gone
_ROUNDS = 4  # tries when something else changes the same document


@dataclass(slots=True)
class _Item:
    """One upload of the call on its way to its result."""

    asked: CompleteUpload
    upload: Upload | None = None
    facts: ObjectFacts | None = None
    result: CompletedUpload | None = None
    line: int | None = None  # of the owner's feed, where this call has published it

    def refuse(self, refused: Refused) -> None:
        self.result = CompletedUpload(self.asked.upload_id, problem=refused.problem)


def complete(parts: Parts, who: Identity, now: int, body: CompleteUploads) -> CompletedUploads:
    """Publish up to 100 uploads whose objects are in place; each has a result of its own."""
    if not 1 <= len(body.uploads) <= MAX_BATCH:
        raise Refused(Code.INVALID_REQUEST, f"1 to {MAX_BATCH} uploads in one call.")
    if len({asked.upload_id for asked in body.uploads}) < len(body.uploads):
        raise Refused(Code.INVALID_REQUEST, "An upload_id is repeated.")
    authorize(who, None, Action.UPLOAD, now)
    items = [_Item(asked) for asked in body.uploads]
    _find(parts, who, now, items)
    _look_at_objects(parts, items)
    for item in items:
        _verify(parts, who, now, item)
    _publish(parts, who, now, items)
    return CompletedUploads(
        tuple(
            item.result or CompletedUpload(item.asked.upload_id, problem=_internal())
            for item in items
        ),
        feed=feed.stretch(parts, who.sub, now, [i.line for i in items if i.line is not None]),
    )


def publish_arrived(parts: Parts, now: int, upload: Upload, sha256: str) -> CompletedUpload:
    """Publish an upload whose client died: the system completes what was declared in full."""
    who = Identity(upload.owner, upload.owner, upload.owner_person, source="system")
    asked = CompleteUpload(upload.upload_id, upload.size, sha256)
    return complete(parts, who, now, CompleteUploads((asked,))).results[0]


def _internal() -> Problem:
    return Refused(Code.INTERNAL).problem


def _find(parts: Parts, who: Identity, now: int, items: list[_Item]) -> None:
    rows = parts.store.read([upload_key(item.asked.upload_id) for item in items])
    for item in items:
        row = rows.get(upload_key(item.asked.upload_id))
        upload = None if row is None else read_upload(row)
        try:
            authorize(who, upload, Action.COMPLETE, now)
        except Refused as refused:
            item.refuse(refused)
            continue
        item.upload = upload
    _answer_settled(parts, who, now, [item for item in items if item.upload])


def _answer_settled(parts: Parts, who: Identity, now: int, items: Sequence[_Item]) -> None:
    """Answer again what was completed before, and refuse what can no longer be."""
    done = [i.upload.share_id for i in items if i.upload and i.upload.state == "done"]
    documents = find_own(parts.store, who.sub, done) if done else {}
    for item in items:
        if item.upload is None or item.upload.state == "open":
            continue
        document = documents.get(item.upload.share_id)
        if item.upload.state == "done" and document is not None:
            item.result = CompletedUpload(
                item.asked.upload_id, document=shown(document, who.sub, now)
            )
        elif item.upload.state == "refused":
            item.refuse(Refused(Code.CHECKSUM_MISMATCH, "Register the file again."))
        else:
            item.refuse(Refused(Code.REMOVED, "The upload was given up."))


def _look_at_objects(parts: Parts, items: Sequence[_Item]) -> None:
    left = [(i, i.upload, i.asked) for i in items if i.result is None and i.upload is not None]
    found = look(parts, [(upload, asked) for _, upload, asked in left])
    for (item, _, _), facts in zip(left, found, strict=True):
        item.facts = facts


def _verify(parts: Parts, who: Identity, now: int, item: _Item) -> None:
    upload, facts, asked = item.upload, item.facts, item.asked
    if item.result is not None or upload is None:
        return
    if facts is None:
        item.refuse(Refused(Code.UPLOAD_INCOMPLETE))
        return
    if is_not_as_declared(upload, facts):
        refuse_arrival(parts, now, who, upload, facts)
        item.refuse(Refused(Code.CHECKSUM_MISMATCH, "Register the file again."))
        return
    if not is_as_completed(upload, facts, asked):
        item.refuse(Refused(Code.CHECKSUM_MISMATCH))


def is_not_as_declared(upload: Upload, facts: ObjectFacts) -> bool:
    """Return whether the object contradicts what was registered: it can never be published."""
    if facts.size != upload.size:
        return True
    is_whole = facts.sha256 is not None and not facts.is_composite
    return is_whole and upload.sha256 is not None and facts.sha256 != sha256_header(upload.sha256)


def is_as_completed(upload: Upload, facts: ObjectFacts, asked: CompleteUpload) -> bool:
    """Return whether object, registration and completion agree.

    One PUT: the object's own SHA-256 is the file's. Multipart: the COMPOSITE CRC32 the client
    computed is the object's, and its number of parts follows from size and part size. An object
    for which the bucket keeps neither is refused.
    """
    if asked.size != upload.size or not is_sha256(asked.sha256):
        return False
    if upload.sha256 is not None and asked.sha256 != upload.sha256:
        return False
    if facts.sha256 is not None and not facts.is_composite:
        return facts.sha256 == sha256_header(asked.sha256)
    if facts.crc32 is None or asked.checksum is None or not asked.part_size:
        return False
    if asked.part_size < 1 or not facts.is_composite:
        return False
    parts = max(1, -(-upload.size // asked.part_size))
    return facts.crc32 == asked.checksum and facts.crc32.endswith(f"-{parts}")


def refuse_arrival(
    parts: Parts, now: int, who: Identity | None, upload: Upload, facts: ObjectFacts
) -> None:
    """Settle an upload whose object is not what was declared: the object goes, and it is audited.

    More bytes than declared went past the quota: no further grants until the day is over.
    """
    parts.store.write(
        Change(upload_key(upload.upload_id), (Is("state", "open"),), assign={"state": "refused"})
    )
    parts.objects.delete_all_versions(upload.key)
    detail = f"{facts.size} bytes instead of {upload.size}"
    if facts.size > upload.size:
        block_grants(parts, upload.owner, (now // DAY_MS + 1) * DAY_MS)
        detail += "; grants blocked"
    refusal = Entry(
        at=now,
        actor=upload.owner_person,
        actor_sub=upload.owner,
        action=Happened.ARRIVAL_REFUSED,
        share_id="",
        display_name=upload.display_name,
        owner=upload.owner_person,
        detail=detail,
        source=who.source if who else "system",
        expires_at=0,
    )
    audit.record(parts, [refusal])


def _publish(parts: Parts, who: Identity, now: int, items: Sequence[_Item]) -> None:
    """Commit what verified; repeat for documents that changed meanwhile."""
    left = [item for item in items if item.result is None]
    for _ in range(_ROUNDS):
        left = _publish_once(parts, who, now, left)
        if not left:
            return
    for item in left:
        item.refuse(Refused(Code.TOO_MANY_REQUESTS))


def _publish_once(parts: Parts, who: Identity, now: int, items: Sequence[_Item]) -> list[_Item]:
    versions = [i.upload.share_id for i in items if i.upload and not i.upload.is_new]
    current = find_own(parts.store, who.sub, versions) if versions else {}
    is_given = any(i.upload.people for i in items if i.upload)
    count = revocations.counted(parts, who.sub) if is_given else 0
    ready: list[tuple[_Item, StoredDocument, Unit]] = []
    waiting: list[_Item] = []
    taken: set[str] = set()
    for item in items:
        upload, facts = item.upload, item.facts
        if upload is None or facts is None:
            continue
        if upload.share_id in taken:
            waiting.append(item)  # two versions of one document: one after the other
            continue
        taken.add(upload.share_id)
        try:
            if upload.is_new:
                made, unit = _first(who, now, item.asked, upload, facts, count)
            else:
                made, unit = _next(
                    who, now, item.asked, upload, facts, current.get(upload.share_id)
                )
        except Refused as refused:
            item.refuse(refused)
            continue
        ready.append((item, made, unit))
    outcomes = commit_all(parts, [unit for _, _, unit in ready])
    for (item, made, _), outcome in zip(ready, outcomes, strict=True):
        if isinstance(outcome, Done):
            item.result = CompletedUpload(item.asked.upload_id, document=shown(made, who.sub, now))
            item.line = outcome.lines[who.sub]
        elif not _explain(parts, who, now, item, outcome):
            waiting.append(item)
    return waiting


def _explain(parts: Parts, who: Identity, now: int, item: _Item, failed: Failed) -> bool:
    """Give the item its refusal; False when it is worth another round."""
    if failed.at == 0:  # the upload itself was settled meanwhile
        item.upload = read_upload(failed.row) if failed.row else item.upload
        if item.upload is not None and item.upload.state != "open":
            _answer_settled(parts, who, now, [item])
        return item.result is not None
    if failed.row is not None and "revision" not in failed.row and "share_id" in failed.row:
        item.refuse(Refused(Code.PATH_TAKEN, share_id=text(failed.row, "share_id")))
        return True
    return False


def _first(
    who: Identity,
    now: int,
    asked: CompleteUpload,
    upload: Upload,
    facts: ObjectFacts,
    revocations_now: int,
) -> tuple[StoredDocument, Unit]:
    """Return a new document and the unit that publishes it. Its clock starts now (R10)."""
    people = upload.people if upload.revocations == revocations_now else {}
    made = StoredDocument(
        share_id=upload.share_id,
        owner=upload.owner,
        owner_person=who.person,
        path=upload.path,
        display_name=upload.display_name,
        size=upload.size,
        sha256=asked.sha256,
        version=1,
        revision=1,
        uploaded_at=now,
        expires_at=now + upload.lifetime * 1000,
        key=upload.key,
        version_id=facts.version_id,
        host=upload.host,
        people=people,
    )
    shares: list[Write] = [
        Put(shared_key(sub, made.share_id), shared_row(made), (Absent(),)) for sub in made.people
    ]
    shared = [
        audit.entry(Happened.SHARED, now, who, made, person.email)
        for person in made.people.values()
    ]
    unit = Unit(
        writes=(
            _settled(upload, facts, now),
            Put(document_key(made.owner, made.share_id), document_row(made), (Absent(),)),
            claim(made, now),
            *shares,
        ),
        touched=touched(made),
        entries=(audit.entry(Happened.UPLOADED, now, who, made), *shared),
        hints=(expiry_hint(made),),
        checks=(revocations.unchanged(who.sub, revocations_now),) if people else (),
    )
    return made, unit


def _next(
    who: Identity,
    now: int,
    asked: CompleteUpload,
    upload: Upload,
    facts: ObjectFacts,
    document: StoredDocument | None,
) -> tuple[StoredDocument, Unit]:
    """Return the next version of a live document (R13) and the unit that publishes it.

    Its display name stays, which may be another than the file's: a new content is no rename. It
    follows the file only when the file has another name than the version before.

    Raises:
        Refused: it is gone, or another device has published since.
    """
    check_version(who, document, upload, now)
    if document is None:
        raise Refused(Code.NOT_FOUND)
    has_new_name = _last(upload.path) != _last(document.path)
    made = replace(
        document,
        owner_person=who.person,
        path=upload.path,
        display_name=upload.display_name if has_new_name else document.display_name,
        size=upload.size,
        sha256=asked.sha256,
        version=document.version + 1,
        revision=document.revision + 1,
        uploaded_at=now,
        key=upload.key,
        version_id=facts.version_id,
        host=upload.host,
        old_keys=(document.key, *document.old_keys)[:_OLD_KEYS],
    )
    moved: tuple[Write, ...] = ()
    if made.path != document.path:
        moved = (unclaim(document), claim(made, now))
    unit = Unit(
        writes=(_settled(upload, facts, now), changed(document, made, now), *moved),
        touched=touched(made),
        entries=(audit.entry(Happened.NEW_VERSION, now, who, made, f"version {made.version}"),),
        hints=(Hint(Look.OBJECTS, now + OLD_OBJECT_MS, {"keys": [document.key]}),),
    )
    return made, unit


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _settled(upload: Upload, facts: ObjectFacts, now: int) -> Change:
    return Change(
        upload_key(upload.upload_id),
        (Is("state", "open"),),
        assign={"state": "done", "done_at": now, "vid": facts.version_id},
    )
