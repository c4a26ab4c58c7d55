"""`GET /me`: who asks, and what the operator allows."""

from chalicelib.model import Identity
from chalicelib.parts import Parts
from chalicelib.services.authorize import Action, authorize
from mydoctransfer_contract.documents import Me
from mydoctransfer_contract.times import format_time


def me(parts: Parts, who: Identity, now: int) -> Me:
    """Return the person, their groups, the policy and the server's time."""
    authorize(who, None, Action.SEE_SELF, now)
    return Me(
        sub=who.sub,
        person=who.person,
        groups=who.groups,
        policy=parts.rules.shown,
        server_time=format_time(now),
        epoch=parts.config.epoch,
    )
