"""How long a document stays. Every comparison is made at request time, in milliseconds."""

from chalicelib.refusals import Refused
from chalicelib.services.policy import Rules
from mydoctransfer_contract.problems import Code


def checked_lifetime(lifetime: int | None, rules: Rules) -> int:
    """Return the lifetime in seconds; None means the default.

    Raises:
        Refused: under one second or over the policy's maximum.
    """
    if lifetime is None:
        return rules.default_lifetime
    if not 1 <= lifetime <= rules.max_lifetime:
        raise Refused(Code.LIFETIME_REFUSED, _bounds(rules.max_lifetime))
    return lifetime


def _bounds(most: int) -> str:
    days, hours = most / 86_400, most / 3_600
    if days >= 2 and days.is_integer():
        return f"A document stays for 1 second to {days:.0f} days here."
    if hours >= 2 and hours.is_integer():
        return f"A document stays for 1 second to {hours:.0f} hours here."
    return f"A document stays for 1 second to {most} seconds here."


def extended(uploaded_at: int, lifetime: int | None, now: int, rules: Rules) -> int:
    """Return the new end, `lifetime` seconds from now.

    Raises:
        Refused: none given, refused by the policy, or past `uploaded_at` + `max_age`.
    """
    if lifetime is None:
        raise Refused(Code.INVALID_REQUEST, "extend needs a lifetime.")
    end = now + checked_lifetime(lifetime, rules) * 1000
    if end > uploaded_at + rules.max_age * 1000:
        raise Refused(Code.LIFETIME_REFUSED, "The document would become too old.")
    return end
