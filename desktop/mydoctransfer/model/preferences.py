"""What a person can choose in the settings window, apart from folder and account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which notifications are wanted. The defaults need no visit to the settings.

    `in_file_manager`: whether the desktop is told of this application's links and file menus.
    """

    tell_published: bool = True
    tell_shared: bool = True
    tell_downloaded: bool = True
    tell_expiring: bool = True
    tell_problems: bool = True
    in_file_manager: bool = True


MOST_KIB = 10 * 1024 * 1024  # a second


@dataclass(frozen=True, slots=True)
class Network:
    """How the line may be used. Limits are KiB a second over all transfers; 0 is no limit.

    `pause_on_…`: whether sending waits while the line is metered, or the computer on its battery.
    `proxy` (an address) and `ca_file` (certificates that are believed besides the system's) are ""
    where the environment's hold.
    """

    upload_limit_kib: int = 0
    download_limit_kib: int = 0
    pause_on_metered: bool = False
    pause_on_battery: bool = False
    proxy: str = ""
    ca_file: str = ""
