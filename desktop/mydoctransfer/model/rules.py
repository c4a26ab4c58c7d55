"""Folder rules (R12): which lifetime and people a new document gets. Pure."""

from collections.abc import Mapping

from mydoctransfer.model.trees import RelPath, parent


def governing(path: RelPath, ruled: Mapping[RelPath, object]) -> RelPath | None:
    """Return the nearest directory above `path` that carries a rule; None when none does."""
    at = path
    while at:
        at = parent(at)
        if at in ruled:
            return at
    return None
