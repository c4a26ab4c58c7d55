"""Whether the folder is the one that was chosen, and can be believed (R9, I11)."""

from dataclasses import dataclass

from mydoctransfer.engine.ports import Failure, Journal, Root

MARKER_KEY = "folder_marker"
DEVICE_KEY = "folder_device"


@dataclass(frozen=True, slots=True)
class FolderSick:
    """The folder cannot be believed now; nothing in it counts as deleted (R9, I11)."""

    message: str


def unhealthy(journal: Journal, root: Root | Failure) -> FolderSick | None:
    """Say what keeps the folder from being believed; None when nothing does."""
    if isinstance(root, Failure):
        return FolderSick(root.message)
    if root.marker is not None and journal.get(MARKER_KEY) is None:
        # A journal that had to be made anew believes the folder it finds: it holds no
        # agreements that an absence could break.
        # The marker last: a kill in between would leave a folder that is sick for ever.
        journal.put(DEVICE_KEY, str(root.dev))
        journal.put(MARKER_KEY, root.marker)
    if root.marker is None or root.marker != journal.get(MARKER_KEY):
        return FolderSick(
            "This is not the folder that was chosen: its marker is missing. Nothing is sent "
            "or withdrawn until you bring it back or choose the folder again."
        )
    if str(root.dev) != journal.get(DEVICE_KEY):
        return FolderSick(
            "The folder lies on another disk than before. Nothing is sent or withdrawn until "
            "the disk is back or you choose the folder again."
        )
    return None
