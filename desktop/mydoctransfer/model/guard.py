"""The mass-delete guard (R5). Pure."""

from collections.abc import Collection

from mydoctransfer.model.actions import Plan, Withdraw

MANY = 25
SHARE = 0.20
ALL = 3
WINDOW_MS = 3_600_000


def hold(plan: Plan, published: int, recent: int, confirmed: Collection[Withdraw]) -> Plan:
    """Return the plan with its withdrawals held back, if they are too many or need an answer.

    Args:
        published: documents of this folder that are live now, those to withdraw included.
        recent: unconfirmed withdrawals of the last hour, which are not in `published` any more.
        confirmed: what the person has said yes to; it is never held.

    A plan is a mass delete when, over all deletions not confirmed in the last hour, it would
    withdraw at least 25 documents and at least 20 % of the published ones, or every one of three
    or more.
    """
    open_ones = [a for a in plan.actions if isinstance(a, Withdraw) and a not in confirmed]
    is_mass = is_mass_delete(len(open_ones), published, recent)
    held = tuple(a for a in open_ones if is_mass or a.needs_answer)
    paths = {a.path for a in held}
    kept = tuple(a for a in plan.actions if not (isinstance(a, Withdraw) and a.path in paths))
    return Plan(kept, held)


def is_mass_delete(withdrawals: int, published: int, recent: int) -> bool:
    """Whether withdrawing these now is a mass delete; nothing to withdraw never is."""
    if withdrawals == 0:
        return False
    total, base = withdrawals + recent, published + recent
    return (total >= MANY and total >= SHARE * base) or (total >= base and total >= ALL)
