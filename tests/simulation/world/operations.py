"""Trouble at the n-th operation over disk, network and journal, as SQLite tests itself.

Operations are counted while the schedule plays, on all devices together: every look at the root,
every directory listed, every file opened and read, every request, every part, every statement that
writes and every commit. Each layer has the trouble that can come over it.
"""

from dataclasses import dataclass, field

from tests.simulation.schedule import API_FAULTS, S3_FAULTS

ANYWHERE = ("fail", "fail_on", "crash_before", "crash_after", "power_loss", "hang")
HANG_NS = 600 * 10**9

# `lost_before` is what `fail` is to a request. A statement counts only with its commit: when the
# process ends after it is when it ends before the next one.
MODES = {
    "fs": ANYWHERE,
    "read": ("fail", "fail_on"),
    "api": (*ANYWHERE, *(fault for fault in API_FAULTS if fault != "lost_before")),
    "s3": (*ANYWHERE, *(fault for fault in S3_FAULTS if fault != "lost_before")),
    "sql": ("fail", "crash_before"),
    "db": ANYWHERE,
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: on whose device, in which layer, what, and for which call of which port."""

    device: str
    layer: str
    name: str
    call: str

    def __str__(self) -> str:
        return f"{self.device} {self.layer} {self.name} of {self.call}"


@dataclass(slots=True)
class NthOperation:
    """Meets the operation with this number with this mode; 0 only records.

    Attributes:
        met: every operation so far.
    """

    number: int = 0
    mode: str = ""
    met: list[Operation] = field(default_factory=list)

    def meet(self, operation: Operation) -> str | None:
        """Count one operation, and return the mode that is due at it."""
        self.met.append(operation)
        if self.number == 0:
            return None
        if len(self.met) == self.number:
            return self.mode
        goes_on = self.mode == "fail_on" and len(self.met) > self.number
        return self.mode if goes_on and self._is_same(operation) else None

    def _is_same(self, operation: Operation) -> bool:
        first = self.met[self.number - 1]
        return (first.device, first.layer) == (operation.device, operation.layer)
