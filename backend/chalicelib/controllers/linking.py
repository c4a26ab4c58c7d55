"""Links: make, change, show again, revoke; and the panic button.

A link's row holds only where the document is; what the link allows stands in the document itself,
so that one conditional write changes it and a dead document has no working link.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.connectors.ports import (
    Absent,
    AnyOf,
    Delete,
    Is,
    Missing,
    Put,
    Rows,
    TableName,
    Write,
)
from chalicelib.model import Identity, StoredDocument, StoredLink
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import operation_key, person_pk, shared_key, text
from chalicelib.services import audit, cursors, ids, revocations
from chalicelib.services.audit import Happened
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.commits import Done, Touch, Unit, commit_all, commit_one
from chalicelib.services.finding import find, find_own, first_document
from chalicelib.services.lifetimes import checked_lifetime
from chalicelib.services.links import hashed_password, link_row_key, token
from chalicelib.services.operations import checked_op_id, fingerprint, remembered, replayed
from chalicelib.services.permission import allowed, check_enabled
from chalicelib.services.views import shown
from chalicelib.services.writing import changed
from mydoctransfer_contract.documents import DocumentState
from mydoctransfer_contract.links import LinkAction, LinkAnswer, LinkChange, Revoked
from mydoctransfer_contract.problems import Code

_ROUNDS = 5
_MAX_PASSWORD = 256
_MAX_DOWNLOADS = 1_000_000
_PAGE = 50  # documents changed by one call of the panic button, and looked at in one query
_PAGES = 20  # queries of one call
_PEOPLE = 24  # removed from one document in one transaction


def change_link(
    parts: Parts, who: Identity, now: int, share_id: str, body: LinkChange
) -> LinkAnswer:
    """Make or change the link of a document, show it again, or revoke it."""
    checked_op_id(body.op_id)
    _check(body)
    check_enabled(parts, who)
    mark = fingerprint("link", share_id, replace(body, password=None))
    operation = operation_key(who.sub, body.op_id)
    for _ in range(_ROUNDS):
        document, rows = find(parts.store, who.sub, share_id, operation)
        if operation in rows:
            replayed(rows[operation], mark)
            document = allowed(parts, who, now, document, Action.LINK, share_id)
            return _answer(parts, who, now, document)
        document = allowed(parts, who, now, document, Action.LINK, share_id)
        if not parts.rules.links_allowed and body.action is LinkAction.SET:
            raise Refused(Code.LINKS_REFUSED)
        after = _changed(parts, document, body, now)
        if after == document:
            return _answer(parts, who, now, document)
        after = replace(after, revision=document.revision + 1)
        remember = remembered(who.sub, body.op_id, mark, shown(after, who.sub, now), now)
        unit = Unit(
            writes=(remember, changed(document, after, now), *_rows(parts, document, after)),
            touched=(Touch(document.owner, share_id, document.owner),),
            entries=(audit.entry(_happened(document, after), now, who, document),),
        )
        if isinstance(commit_one(parts, unit), Done):
            return _answer(parts, who, now, after)
    raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)


def _check(body: LinkChange) -> None:
    if body.password is not None and len(body.password) > _MAX_PASSWORD:
        raise Refused(Code.INVALID_REQUEST, "The password is too long.")
    if body.max_downloads is not None and not 0 <= body.max_downloads <= _MAX_DOWNLOADS:
        raise Refused(Code.INVALID_REQUEST, f"max_downloads is 0 to {_MAX_DOWNLOADS}.")


def _changed(parts: Parts, document: StoredDocument, body: LinkChange, now: int) -> StoredDocument:
    if body.action is LinkAction.REVOKE:
        return replace(document, link=None)
    link = document.link
    if link is None or min(link.expires_at, document.expires_at) <= now:
        link = StoredLink(ids.fresh(), 1, now + parts.rules.max_age * 1000)
    if body.lifetime is not None:
        end = now + checked_lifetime(body.lifetime, parts.rules) * 1000
        link = replace(link, expires_at=end)
    if body.max_downloads is not None:
        link = replace(link, max_downloads=body.max_downloads or None)
    if body.password is not None:
        link = replace(link, password=hashed_password(body.password) if body.password else "")
    return replace(document, link=link)


def _rows(parts: Parts, before: StoredDocument, after: StoredDocument) -> list[Write]:
    """Return the writes of the links' own rows: the old token's away, the new token's in."""
    old = link_row_key(parts, before.link) if before.link else None
    new = link_row_key(parts, after.link) if after.link else None
    writes: list[Write] = []
    if old is not None and old != new:
        writes.append(Delete(old, (Is("share_id", before.share_id),)))
    if new is not None and old != new:
        where = {"share_id": after.share_id, "owner": after.owner}
        writes.append(Put(new, where, (Absent(),)))
    return writes


def _happened(before: StoredDocument, after: StoredDocument) -> Happened:
    if after.link is None:
        return Happened.LINK_REVOKED
    return Happened.LINK_CREATED if before.link is None else Happened.LINK_CHANGED


def _answer(parts: Parts, who: Identity, now: int, document: StoredDocument) -> LinkAnswer:
    link = document.link
    path = None if link is None else f"/s/{token(parts.config.secret, link)}"
    return LinkAnswer(shown(document, who.sub, now), path)


@dataclass(frozen=True, slots=True)
class _Cut:
    """What is taken from one document."""

    before: StoredDocument
    people: tuple[str, ...]


def revoke_all(parts: Parts, who: Identity, now: int, cursor: str | None) -> Revoked:
    """Take everybody and every link from all of the person's documents, and everybody from what is
    registered and becomes one later: from that first, or it could become one behind the list.

    One call goes on through the list until it has changed fifty documents or seen a thousand: a
    list of any length is done with in so many calls, each of which ends in time.
    """
    authorize(who, None, Action.REVOKE_ALL, now)
    check_enabled(parts, who)
    place = None
    if cursor is None:
        revocations.count_one_more(parts, who.sub)
    else:
        place = text(cursors.unseal(parts.config.secret, "revoke", who.sub, cursor), "a") or None
    shares = links = 0
    for _ in range(_PAGES):
        page = parts.store.page(
            TableName.MAIN, person_pk(who.sub), prefix="DOC#", after=place, limit=_PAGE
        )
        done, is_left = _cut_page(parts, who, now, page)
        shares += sum(len(cut.people) for cut in done)
        links += sum(1 for cut in done if cut.before.link is not None)
        if is_left:
            break
        place = page.after
        if place is None:
            return Revoked(shares, links, False, None)
        if shares + links >= _PAGE:
            break
    goes_on = cursors.seal(parts.config.secret, "revoke", who.sub, {"a": place or ""})
    return Revoked(shares, links, True, goes_on)


def _cut_page(parts: Parts, who: Identity, now: int, page: Rows) -> tuple[list[_Cut], bool]:
    """Return what was taken from the documents of a page, and whether any is still given away."""
    cuts: list[_Cut] = []
    left = [d for d in (first_document([row]) for row in page.rows) if d and _is_given(d)]
    for _ in range(_ROUNDS):
        if not left:
            break
        cuts += _cut(parts, who, now, left)
        again = find_own(parts.store, who.sub, [d.share_id for d in left])
        left = [d for d in again.values() if d.state is DocumentState.LIVE and _is_given(d)]
    return cuts, bool(left)


def _is_given(document: StoredDocument) -> bool:
    return bool(document.people) or document.link is not None


def _cut(parts: Parts, who: Identity, now: int, documents: Sequence[StoredDocument]) -> list[_Cut]:
    cuts = [_Cut(d, tuple(d.people)[:_PEOPLE]) for d in documents]
    outcomes = commit_all(parts, [_cutting(parts, who, now, cut) for cut in cuts])
    return [cut for cut, outcome in zip(cuts, outcomes, strict=True) if isinstance(outcome, Done)]


def _cutting(parts: Parts, who: Identity, now: int, cut: _Cut) -> Unit:
    before = cut.before
    people = {s: p for s, p in before.people.items() if s not in cut.people}
    after = replace(before, people=people, link=None, revision=before.revision + 1)
    ours = AnyOf((Missing("owner"), Is("owner", before.owner)))
    detail = ", ".join(before.people[sub].email for sub in cut.people)
    # An expired document still loses its people: the condition is the revision alone.
    write = replace(changed(before, after, now), when=(Is("revision", before.revision),))
    return Unit(
        writes=(
            write,
            *(Delete(shared_key(sub, before.share_id), (ours,)) for sub in cut.people),
            *_rows(parts, before, after),
        ),
        touched=tuple(
            Touch(sub, before.share_id, before.owner) for sub in (before.owner, *cut.people)
        ),
        entries=(audit.entry(Happened.REVOKED_ALL, now, who, before, detail),),
    )
