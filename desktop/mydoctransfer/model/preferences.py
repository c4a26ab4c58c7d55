"""What a person can choose in the settings window, apart from folder and account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which notifications are wanted. The defaults need no visit to the settings."""

    tell_published: bool = True
    tell_shared: bool = True
    tell_expiring: bool = True
    tell_problems: bool = True
