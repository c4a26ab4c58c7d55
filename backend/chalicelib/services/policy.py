"""What the operator allows, in one validated configuration.

The standard policy below, with whatever `MYDOC_POLICY` overrides. A mistake in it stops the
deployment's first call loudly, rather than silently allowing more than was meant.
"""

import json
from dataclasses import dataclass, fields
from functools import cache

from chalicelib.services.emails import canonical
from mydoctransfer_contract.codec import WireError, decode
from mydoctransfer_contract.documents import Policy

_DAY = 86_400
_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy, and what only the server needs to know of it.

    Attributes:
        lifetimes: offered to people; seconds. max_lifetime, max_age: seconds.
        refused_recipients, allowed_recipients: addresses, or domains (`example.org`); if any are
            allowed, all others are refused.
        max_people: of one document; a transaction has a hundred items.
        daily_downloads: of one document by one person.
        requests_per_second, burst: of one person.
    """

    lifetimes: tuple[int, ...] = (3600, _DAY, 7 * _DAY, 30 * _DAY)
    default_lifetime: int = 3600
    max_lifetime: int = 30 * _DAY
    max_age: int = 365 * _DAY
    max_bytes: int = 100 * _GIB
    daily_bytes: int = 1024 * _GIB
    directory: str = "search"
    links_allowed: bool = True
    allowed_recipients: tuple[str, ...] = ()
    refused_recipients: tuple[str, ...] = ()
    max_people: int = 40
    daily_downloads: int = 100
    requests_per_second: int = 25
    burst: int = 500

    @property
    def shown(self) -> Policy:
        """Return what people see before they share."""
        return Policy(**{f.name: getattr(self, f.name) for f in fields(Policy)})

    def allows_recipient(self, email: str) -> bool:
        """Return whether a canonical address may be given documents."""
        domain = email.rpartition("@")[2]
        if email in self.refused_recipients or domain in self.refused_recipients:
            return False
        allowed = self.allowed_recipients
        return not allowed or email in allowed or domain in allowed


class PolicyError(ValueError):
    """The policy's configuration is wrong; the message says where."""


@cache
def load(text: str) -> Rules:
    """Return the standard policy with the overrides in `text` (JSON, or empty).

    Raises:
        PolicyError: unknown names, wrong types, or values that contradict each other.
    """
    if not text.strip():
        return Rules()
    try:
        overrides = json.loads(text)
        if not isinstance(overrides, dict):
            raise PolicyError("the policy is a JSON object")
        unknown = set(overrides) - {f.name for f in fields(Rules)}
        if unknown:
            raise PolicyError(f"the policy knows no {', '.join(sorted(unknown))}")
        rules = decode(Rules, overrides, "policy")
    except (ValueError, WireError) as exc:
        raise PolicyError(str(exc)) from exc
    return _validated(rules)


def _validated(rules: Rules) -> Rules:
    positive = ("default_lifetime", "max_lifetime", "max_age", "max_bytes", "daily_bytes")
    for name in (*positive, "max_people", "daily_downloads", "requests_per_second", "burst"):
        if getattr(rules, name) < 1:
            raise PolicyError(f"{name} is at least 1")
    if rules.directory not in ("search", "exact", "off"):
        raise PolicyError("directory is search, exact or off")
    if rules.max_people > 40:
        raise PolicyError("max_people is at most 40")
    if rules.max_lifetime > rules.max_age:
        raise PolicyError("max_lifetime is at most max_age")
    if not rules.lifetimes:
        raise PolicyError("lifetimes offers at least one")
    if rules.requests_per_second > 10_000:
        raise PolicyError("requests_per_second is at most 10000")
    if rules.daily_downloads > 1_000_000:
        raise PolicyError("daily_downloads is at most 1000000")
    offered = (rules.default_lifetime, *rules.lifetimes)
    if any(not 1 <= seconds <= rules.max_lifetime for seconds in offered):
        raise PolicyError("an offered lifetime is from 1 to max_lifetime")
    for pattern in (*rules.allowed_recipients, *rules.refused_recipients):
        probe = pattern if "@" in pattern else f"x@{pattern}"
        if canonical(probe) != probe:
            raise PolicyError(f"{pattern!r} is no canonical address or domain")
    return rules
