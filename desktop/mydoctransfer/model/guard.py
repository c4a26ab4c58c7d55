"""The mass-delete guard (R5). Pure."""

from collections.abc import Sequence

from mydoctransfer.model.actions import Plan, Withdraw
from mydoctransfer.model.trees import RelPath

MANY = 25
SHARE = 0.20
ALL = 3
WINDOW_MS = 3_600_000


def hold(plan: Plan, published: int, recent: int, is_confirmed: bool) -> Plan:
    """Return the plan with its withdrawals held back, if they are too many or need an answer.

    Args:
        published: documents of this folder that are live now, those to withdraw included.
        recent: unconfirmed withdrawals of the last hour, which are not in `published` any more.
        is_confirmed: the person has said yes to what is held now.

    A plan is a mass delete when, over all deletions of the last hour, it would withdraw at least
    25 documents and at least 20 % of the published ones, or every one of three or more.
    """
    if is_confirmed:
        return plan
    withdrawals = [a for a in plan.actions if isinstance(a, Withdraw)]
    asked = {a.path for a in withdrawals if a.needs_answer}
    if is_mass_delete(len(withdrawals), published, recent):
        asked = {a.path for a in withdrawals}
    kept = tuple(a for a in plan.actions if not (isinstance(a, Withdraw) and a.path in asked))
    return Plan(kept, _held(withdrawals, asked))


def is_mass_delete(withdrawals: int, published: int, recent: int) -> bool:
    """Whether withdrawing these now is a mass delete; nothing to withdraw never is."""
    if withdrawals == 0:
        return False
    total, base = withdrawals + recent, published + recent
    return (total >= MANY and total >= SHARE * base) or (total >= base and total >= ALL)


def _held(withdrawals: Sequence[Withdraw], asked: set[RelPath]) -> tuple[Withdraw, ...]:
    return tuple(a for a in withdrawals if a.path in asked)
