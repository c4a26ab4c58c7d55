"""What a change of a document consists of.

The writes of its row, of its path's claim and of its tombstone; whom it touches; and what the sweep
has to look at later.
"""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.connectors.ports import (
    Absent,
    AnyOf,
    AtMost,
    Delete,
    Is,
    Missing,
    MoreThan,
    Put,
    When,
    Write,
)
from chalicelib.model import StoredDocument
from chalicelib.parts import Parts
from chalicelib.rows import claim_key, document_key, document_row, tombstone_key
from chalicelib.services.commits import Touch
from chalicelib.services.hints import Hint, Look
from chalicelib.services.links import link_row_key
from mydoctransfer_contract.documents import DocumentState


def changed(before: StoredDocument, after: StoredDocument, now: int) -> Put:
    """Return the write of a live document that is still as it was read, and not yet expired."""
    return Put(
        document_key(after.owner, after.share_id),
        document_row(after),
        (Is("revision", before.revision), MoreThan("expires_at", now)),
    )


def claim(document: StoredDocument, now: int) -> Put:
    """Return the claim of a document's path: free, or held by one that has expired (R14)."""
    return Put(
        claim_key(document.owner, document.path),
        {"share_id": document.share_id, "expires_at": document.expires_at},
        (
            AnyOf(
                (
                    Missing("share_id"),
                    AtMost("expires_at", now),
                    Is("share_id", document.share_id),
                )
            ),
        ),
    )


def unclaim(document: StoredDocument) -> Delete:
    """Return the end of a document's claim."""
    return Delete(claim_key(document.owner, document.path), (Is("share_id", document.share_id),))


def shared_row(document: StoredDocument) -> Mapping[str, str]:
    """Return what a recipient's partition holds of a document: whose it is."""
    return {"share_id": document.share_id, "owner": document.owner}


def touched(document: StoredDocument) -> tuple[Touch, ...]:
    """Return everybody who sees the document."""
    return tuple(
        Touch(sub, document.share_id, document.owner) for sub in (document.owner, *document.people)
    )


def expiry_hint(document: StoredDocument) -> Hint:
    """Return the sweep's hint for the document's end."""
    return Hint(
        Look.EXPIRY,
        document.expires_at,
        {"owner": document.owner, "share_id": document.share_id},
    )


def removed(document: StoredDocument, state: DocumentState, now: int) -> StoredDocument:
    """Return the tombstone of a document."""
    return replace(document, state=state, gone_at=now, revision=document.revision + 1, link=None)


def burial(
    parts: Parts, document: StoredDocument, after: StoredDocument, when: When
) -> tuple[Write, ...]:
    """Return the writes that turn a live document into its tombstone; its link goes with it."""
    link: tuple[Write, ...] = ()
    if document.link is not None:
        ours = AnyOf((Missing("share_id"), Is("share_id", document.share_id)))
        link = (Delete(link_row_key(parts, document.link), (ours,)),)
    return (
        Delete(document_key(document.owner, document.share_id), when),
        Put(tombstone_key(after.owner, after.share_id), document_row(after), (Absent(),)),
        *link,
    )


def remains(document: StoredDocument, now: int) -> Hint:
    """Return the sweep's hint to make sure of every object and to write the receipt."""
    keys = [document.key, *document.old_keys]
    thing = {"keys": keys, "owner": document.owner, "share_id": document.share_id}
    return Hint(Look.OBJECTS, now, thing)
