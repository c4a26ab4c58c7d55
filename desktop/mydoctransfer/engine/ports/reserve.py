"""Room put by on the disk with the journal. Called by the sync thread directly."""

from typing import Protocol


class Reserve(Protocol):
    """Room for taking something back when that disk is full; nobody's once it was given."""

    def keep(self) -> None:
        """Put room by where there is plenty. Costs little: to be called now and then."""

    def tend(self) -> object:
        """Put room by where there is plenty, give it back where there is hardly any."""

    def give(self) -> bool:
        """Give the room back; whether there was any."""
