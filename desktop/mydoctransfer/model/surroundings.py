"""What the computer runs on, and whether the person wants sending to wait because of it."""

from dataclasses import dataclass
from enum import Enum

from mydoctransfer.model.preferences import Network


class Reason(Enum):
    """Why sending waits by itself. The value crosses to the engine."""

    NONE = ""
    BATTERY = "battery"
    METERED = "metered"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the system says; what it does not say counts as no."""

    is_metered: bool = False
    on_battery: bool = False


def reason_to_wait(wanted: Network, now: Surroundings) -> Reason:
    """Return why sending has to wait.

    | on battery, and wanted | metered, and wanted | reason  |
    |------------------------|---------------------|---------|
    | yes                    | any                 | BATTERY |
    | no                     | yes                 | METERED |
    | no                     | no                  | NONE    |
    """
    if now.on_battery and wanted.pause_on_battery:
        return Reason.BATTERY
    if now.is_metered and wanted.pause_on_metered:
        return Reason.METERED
    return Reason.NONE
