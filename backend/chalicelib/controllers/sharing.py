"""Sharing with people, download links, and the recipient's word that it arrived."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.connectors.ports import AnyOf, Delete, Is, Missing, Put, Write
from chalicelib.controllers.declaring import is_sha256
from chalicelib.controllers.people import PEOPLE_AT_ONCE, resolve
from chalicelib.logs import log
from chalicelib.model import Identity, StoredDocument
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import operation_key, shared_key
from chalicelib.services import audit
from chalicelib.services.audit import Happened
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.commits import Done, Touch, Unit, commit_one
from chalicelib.services.emails import canonical
from chalicelib.services.fetches import confirmed
from chalicelib.services.finding import find
from chalicelib.services.names import content_disposition
from chalicelib.services.operations import (
    checked_op_id,
    fingerprint,
    remembered,
    replayed,
)
from chalicelib.services.permission import allowed, check_enabled
from chalicelib.services.rate import take_download
from chalicelib.services.views import shown
from chalicelib.services.writing import changed, shared_row
from mydoctransfer_contract.documents import (
    DocumentAnswer,
    Download,
    Person,
    Received,
    ShareChange,
)
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.times import format_time

LINK_SECONDS = 60
_ROUNDS = 5


def share(
    parts: Parts, who: Identity, now: int, share_id: str, body: ShareChange
) -> DocumentAnswer:
    """Add and remove people: all of it, or nothing.

    Raises:
        Refused: with `emails`, those that are unknown or refused.
    """
    authorize(who, None, Action.ACT, now)
    checked_op_id(body.op_id)
    check_enabled(parts, who)
    mark = fingerprint("share", share_id, body)
    operation = operation_key(who.sub, body.op_id)
    for _ in range(_ROUNDS):
        document, rows = find(parts.store, who.sub, share_id, operation)
        if operation in rows:
            return DocumentAnswer(replayed(rows[operation], mark))
        document = allowed(parts, who, now, document, Action.SHARE, share_id)
        added = _people(parts, who, now, document, body.add)
        removed = _leaving(document, body.remove, added)
        if not added and not removed:
            return DocumentAnswer(shown(document, who.sub, now))
        people = {s: p for s, p in document.people.items() if s not in removed} | added
        if len(people) > parts.rules.max_people:
            raise Refused(Code.INVALID_REQUEST, f"At most {parts.rules.max_people} people.")
        after = replace(document, people=people, revision=document.revision + 1)
        remember = remembered(who.sub, body.op_id, mark, shown(after, who.sub, now), now)
        unit = Unit(
            writes=(
                remember,
                changed(document, after, now),
                *_shares(after, added),
                *_unshares(document, removed),
            ),
            touched=tuple(
                Touch(sub, share_id, document.owner) for sub in (document.owner, *added, *removed)
            ),
            entries=(
                *(
                    audit.entry(Happened.SHARED, now, who, document, p.email)
                    for p in added.values()
                ),
                *(
                    audit.entry(Happened.UNSHARED, now, who, document, p.email)
                    for p in removed.values()
                ),
            ),
        )
        if isinstance(commit_one(parts, unit), Done):
            return DocumentAnswer(shown(after, who.sub, now))
    raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)


def _people(
    parts: Parts,
    who: Identity,
    now: int,
    document: StoredDocument,
    emails: Sequence[str],
) -> dict[str, Person]:
    """Return the people to add, who do not have it yet.

    Raises:
        Refused: one of them may not or cannot; all of that kind are named.
    """
    if len(emails) > PEOPLE_AT_ONCE:
        raise Refused(Code.INVALID_REQUEST, f"At most {PEOPLE_AT_ONCE} people in one call.")
    resolved = resolve(parts, who, emails)
    refusals = [found for found in resolved.values() if isinstance(found, Refused)]
    if refusals:
        worst = refusals[0].code
        named = tuple(
            dict.fromkeys(
                e for refused in refusals if refused.code is worst for e in refused.emails
            )
        )
        denial = audit.entry(Happened.SHARING_DENIED, now, who, document, ", ".join(named))
        audit.record(parts, [denial])
        raise Refused(worst, refusals[0].detail, emails=named)
    found = dict(pair for pair in resolved.values() if not isinstance(pair, Refused))
    return {sub: person for sub, person in found.items() if sub not in document.people}


def _leaving(
    document: StoredDocument, emails: Sequence[str], added: dict[str, Person]
) -> dict[str, Person]:
    if len(emails) + len(added) > PEOPLE_AT_ONCE:
        raise Refused(Code.INVALID_REQUEST, f"At most {PEOPLE_AT_ONCE} people in one call.")
    addresses = {canonical(email) for email in emails}
    if None in addresses:
        raise Refused(Code.INVALID_REQUEST, "A recipient is no e-mail address.")
    return {s: p for s, p in document.people.items() if p.email in addresses and s not in added}


def _shares(document: StoredDocument, added: dict[str, Person]) -> list[Write]:
    free = AnyOf((Missing("owner"), Is("owner", document.owner)))
    return [Put(shared_key(sub, document.share_id), shared_row(document), (free,)) for sub in added]


def _unshares(document: StoredDocument, removed: dict[str, Person]) -> list[Write]:
    ours = AnyOf((Missing("owner"), Is("owner", document.owner)))
    return [Delete(shared_key(sub, document.share_id), (ours,)) for sub in removed]


def download(parts: Parts, who: Identity, now: int, share_id: str) -> Download:
    """Return a link that starts a download within 60 s and never past the document's end.

    The link is audited before it is handed out: "issued", not "downloaded".

    Raises:
        Refused: as `authorize` says; 429 when the person has had today's downloads of it.
    """
    document, _ = find(parts.store, who.sub, share_id)
    document = allowed(parts, who, now, document, Action.DOWNLOAD, share_id)
    seconds = min(LINK_SECONDS, document.expires_at // 1000 - now // 1000)
    if seconds < 1:
        raise Refused(Code.EXPIRED)
    take_download(parts, who.sub, share_id, now)
    disposition = content_disposition(document.display_name)
    url = parts.objects.presign(
        document.key, document.version_id, disposition, seconds, document.expires_at
    )
    if url is None:
        raise Refused(Code.EXPIRED)
    audit.record(parts, [audit.entry(Happened.LINK_ISSUED, now, who, document)])
    log(event="offered", bytes=document.size)  # what the traffic's alarm adds up
    return Download(
        url=url,
        expires_at=format_time((now // 1000 + seconds) * 1000),
        display_name=document.display_name,
        size=document.size,
        sha256=document.sha256,
        version=document.version,
    )


def received(
    parts: Parts, who: Identity, now: int, share_id: str, body: Received
) -> DocumentAnswer:
    """Record that the document arrived, verified, on the recipient's disk: "downloaded".

    The owner is shown the first word of each recipient of each version; the audit has them all. Of
    a version that was replaced meanwhile the hash is not kept: the audit says that the word could
    not be verified.

    Raises:
        Refused: CHECKSUM_MISMATCH when what they say they have is not what was published;
            INVALID_REQUEST for what is no version or no hash.
    """
    authorize(who, None, Action.ACT, now)
    _check_word(body)
    mark = fingerprint("received", share_id, body)
    operation = operation_key(who.sub, body.op_id)
    for _ in range(_ROUNDS):
        document, rows = find(parts.store, who.sub, share_id, operation)
        if operation in rows:
            return DocumentAnswer(replayed(rows[operation], mark))
        document = allowed(parts, who, now, document, Action.RECEIVED, share_id)
        if body.version > document.version or (
            body.version == document.version and body.sha256 != document.sha256
        ):
            raise Refused(Code.CHECKSUM_MISMATCH)
        after = confirmed(document, who.sub, body.version, now)
        answer = shown(after, who.sub, now)
        what = f"version {body.version}"
        if body.version != document.version:
            what += ", not verified"
        entry = audit.entry(Happened.DOWNLOADED, now, who, document, what)
        remember = remembered(who.sub, body.op_id, mark, answer, now)
        unit = Unit(writes=(remember,), entries=(entry,))
        if after != document:
            touched = (Touch(document.owner, share_id, document.owner),)
            unit = replace(unit, writes=(remember, changed(document, after, now)), touched=touched)
        if isinstance(commit_one(parts, unit), Done):
            return DocumentAnswer(answer)
    raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)


def _check_word(body: Received) -> None:
    checked_op_id(body.op_id)
    if body.version < 1:
        raise Refused(Code.INVALID_REQUEST, "version is 1 or more.")
    if not is_sha256(body.sha256):
        raise Refused(Code.INVALID_REQUEST, "sha256 is 64 lower-case hex digits.")
