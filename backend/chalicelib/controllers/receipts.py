"""The deletion receipt: what is gone, who had it, when it went, and that every version is gone."""

from chalicelib.model import Identity
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.services.authorize import Action
from chalicelib.services.finding import find
from chalicelib.services.permission import allowed
from chalicelib.services.views import fetched
from mydoctransfer_contract.documents import DocumentState
from mydoctransfer_contract.links import Receipt
from mydoctransfer_contract.problems import Code
from mydoctransfer_contract.times import format_time


def receipt(parts: Parts, who: Identity, now: int, share_id: str) -> Receipt:
    """Return the receipt of a document that left the cloud, while its tombstone lasts.

    Raises:
        Refused: INVALID_REQUEST while the document is live, or expired and not yet swept.
    """
    document, _ = find(parts.store, who.sub, share_id)
    document = allowed(parts, who, now, document, Action.RECEIPT, share_id)
    if document.state is DocumentState.LIVE:
        raise Refused(Code.INVALID_REQUEST, "The document is not removed yet.")
    signed = document.receipt
    return Receipt(
        share_id=document.share_id,
        display_name=document.display_name,
        size=document.size,
        sha256=document.sha256,
        versions=document.version,
        state=document.state,
        owner=document.owner_person,
        people=tuple(sorted(document.people.values(), key=lambda person: person.email)),
        uploaded_at=format_time(document.uploaded_at),
        expires_at=format_time(document.expires_at),
        gone_at=format_time(document.gone_at),
        objects_gone_at=format_time(signed.objects_gone_at) if signed else None,
        fetched=fetched(document),
    )
