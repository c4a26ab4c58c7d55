"""Denials are audited too: who tried what on which id. Never in another document's history."""

from chalicelib.model import Identity
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.services import audit
from chalicelib.services.audit import Happened
from chalicelib.services.authorize import Action
from mydoctransfer_contract.problems import Code

_DENIED = {Code.FORBIDDEN, Code.NOT_FOUND}


def record_denials(
    parts: Parts, who: Identity, now: int, denied: list[tuple[Action, str, Refused]]
) -> None:
    """Write the denials among these refusals, in one transaction."""
    entries = [
        audit.entry(Happened.DENIED, now, who, None, action.value, share_id[:32])
        for action, share_id, refused in denied
        if refused.code in _DENIED
    ]
    if entries:
        audit.record(parts, entries)
