"""Which call of which port meets which trouble: every one that can, over the canonical days.

The n-th operation runs let each operation of each day go wrong in every mode of its layer, so that
what an operation is met for is covered in all of them. What no day asks for stands here, with why.
"""

import pytest

from mydoctransfer.engine import ports
from tests.simulation.nth import DAYS, operations
from tests.simulation.world.device import calls_of

# By the layers that a call of the port goes through.
THROUGH = {
    "Disk": {"fs"},
    "Cloud": {"api"},
    "Objects": {"s3"},
    "Inbox": {"fs"},
    "Journal": {"db", "sql"},
}

_ASKED_ONCE = "one command asks it and gives the answer on; nothing is kept of it"
_CHOOSING = "asked when a folder or a person is chosen, before anything is watched"
_READS = "a journal that cannot be read ends the process: tests/adapters/test_journal.py"

NOT_MET = {
    "Disk.mark": _CHOOSING,
    "Disk.add": "a drop on the window; its own suite lets it fail: tests/adapters/suites/disk.py",
    "Disk.stat": "asked for one dropped or shared path; nothing is kept of it",
    "Cloud.clock_offset_ms": "tells what the last answer said; asks nobody",
    "Cloud.give_link": _ASKED_ONCE,
    "Cloud.revoke_all": _ASKED_ONCE,
    "Cloud.receipt": _ASKED_ONCE,
    "Cloud.received": "what others shared; the devices here all belong to the owner",
    "Cloud.users": _ASKED_ONCE,
    "Cloud.audit": _ASKED_ONCE,
    "Cloud.audit_csv": _ASKED_ONCE,
    "Inbox.allow": "sets a mark for a running download; touches no disk",
    "Inbox.cancel": "sets a mark for a running download; touches no disk",
    "Objects.digest": "reads the disk only, and is met there",
    "Objects.expect": "says what comes; asks nobody, and answers nothing",
    "Journal.clear": _CHOOSING,
    "Journal.forget_local": _CHOOSING,
    "Journal.set_rule": _CHOOSING,
} | dict.fromkeys(
    (
        f"Journal.{name}"
        for name in (
            "get", "directory", "has_exactly", "directories", "local", "unhashed", "skipped",
            "read_after", "differences", "published_count", "synced", "synced_path", "synced_all",
            "homes", "documents", "document", "document_at", "next_expiry", "expired", "intents",
            "transfer", "transfers", "notes", "withdrawals_since", "rules", "take_placed",
        )
    ),
    _READS,
)  # fmt: skip


@pytest.fixture(scope="module")
def met() -> dict[str, set[str]]:
    layers: dict[str, set[str]] = {}
    for day in DAYS:
        for operation in operations(day):
            layers.setdefault(operation.call, set()).add(operation.layer)
    return layers


@pytest.mark.parametrize("port", THROUGH)
def test_every_call_of_a_port_meets_every_trouble_that_can_come(
    port: str, met: dict[str, set[str]]
) -> None:
    calls = {f"{port}.{name}" for name in calls_of(getattr(ports, port))}
    unmet = {call for call in calls if not met.get(call, set()) >= THROUGH[port]}
    assert unmet == {call for call in NOT_MET if call.startswith(f"{port}.")}
