"""Which call of which port met which trouble, in words: what seeds have met by chance.

That each pair is met at all is no chance: the n-th operation runs see to it (`test_coverage`).
"""

from collections import Counter
from collections.abc import Iterable

from mydoctransfer.engine import ports
from tests.simulation.schedule import API_FAULTS, S3_FAULTS
from tests.simulation.world.device import calls_of

Pair = tuple[str, str]

_FAULTS = {"Cloud": API_FAULTS, "Objects": S3_FAULTS}
_NOT_BY_SEEDS = ("clock_offset_ms", "give_link", "revoke_all", "receipt", "received", "users",
                 "audit", "audit_csv", "digest")  # fmt: skip


def possible() -> set[Pair]:
    """Return the pairs that seeds can meet at cloud and store."""
    return {
        (f"{port}.{call}", fault)
        for port, faults in _FAULTS.items()
        for call in calls_of(getattr(ports, port))
        for fault in faults
        if call not in _NOT_BY_SEEDS
    }


def report(covered: Iterable[tuple[Pair, int]]) -> list[str]:
    """Return what was met how often, and what was not, line by line."""
    counts: Counter[Pair] = Counter()
    for pair, count in covered:
        counts[pair] += count
    wanted = possible()
    missed = sorted(wanted - counts.keys())
    met = len(wanted) - len(missed)
    lines = [f"{met} of {len(wanted)} pairs of a call and a fault met by chance"]
    lines += [f"  never: {call} {fault}" for call, fault in missed]
    by_call: Counter[str] = Counter()
    for (call, _), count in counts.items():
        by_call[call] += count
    return [*lines, *(f"{count:7} {call}" for call, count in sorted(by_call.items()))]
