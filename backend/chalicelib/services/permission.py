"""Whether somebody may do something, with denials audited, and still has an account to do it."""

from chalicelib.model import Identity, StoredDocument
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.services.authorize import Action, authorize
from chalicelib.services.denials import record_denials
from mydoctransfer_contract.problems import Code


def allowed(
    parts: Parts,
    who: Identity,
    now: int,
    document: StoredDocument | None,
    action: Action,
    share_id: str,
) -> StoredDocument:
    """Return the document when `who` may do `action`; audit the denial when not.

    Raises:
        Refused: as `authorize` says.
    """
    try:
        authorize(who, document, action, now)
    except Refused as refused:
        record_denials(parts, who, now, [(action, share_id, refused)])
        raise
    if document is None:
        raise Refused(Code.NOT_FOUND)
    return document


def check_enabled(parts: Parts, who: Identity) -> None:
    """Refuse what cannot be undone to an account that was disabled since the token was made."""
    if not parts.directory.is_enabled(who.username):
        raise Refused(Code.UNAUTHENTICATED)
