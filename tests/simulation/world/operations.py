"""Trouble at the n-th operation over disk, network and journal, as SQLite tests itself.

Operations are counted while the schedule plays, on all devices together: every look at the root,
every directory listed, every file opened, every request, every part, every commit.
"""

from dataclasses import dataclass, field

MODES = ("fail", "fail_on", "crash_before", "crash_after", "power_loss", "hang")
HANG_NS = 600 * 10**9


@dataclass(slots=True)
class NthOperation:
    """Meets the operation with this number with this mode; 0 only records.

    Attributes:
        met: every operation so far: device, layer, name.
    """

    number: int = 0
    mode: str = ""
    met: list[tuple[str, str, str]] = field(default_factory=list)

    def meet(self, device: str, layer: str, name: str) -> str | None:
        """Count one operation, and return the mode that is due at it."""
        self.met.append((device, layer, name))
        if self.number == 0:
            return None
        if len(self.met) == self.number:
            return self.mode
        goes_on = self.mode == "fail_on" and len(self.met) > self.number
        is_same = goes_on and self.met[self.number - 1][:2] == (device, layer)
        return self.mode if is_same else None
