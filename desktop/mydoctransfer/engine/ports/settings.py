"""What the person chose, kept across restarts."""

from typing import Protocol

from mydoctransfer.engine.ports.disk import Disk


class Settings(Protocol):
    """What the person chose, kept across restarts. Reading is from memory, any thread."""

    def folder(self) -> str | None:
        """The watched folder, absolute; None before one was chosen."""

    def lifetime(self) -> int | None:
        """Seconds the folder's new documents live; None is the policy's default."""

    def email(self) -> str:
        """The address that signed in last; "" if none did."""

    def open(self, folder: str) -> Disk:
        """Return the disk port of a folder, without looking at it."""

    def check_folder(self, path: str, is_new: bool) -> str:
        """Answer the resolved path of a folder (absolute path). In the pool.

        `is_new`: make it first, if it is not there.

        Raises:
            AppError: it must not or cannot be watched; the sentence says why.
        """

    def only_new_since(self) -> int:
        """When the folder was chosen with only new files wanted (nanoseconds); 0: with all."""

    def choose_folder(
        self, resolved: str, lifetime: int | None, only_new_since: int | None
    ) -> None:
        """Remember a folder that was checked, and its lifetime (None: as it was).

        `only_new_since`: None means as it was for the same folder, and 0 for another.
        """

    def forget_folder(self) -> None: ...
