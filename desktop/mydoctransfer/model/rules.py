"""Folder rules (R12): which lifetime and people a new document gets. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from mydoctransfer.model.trees import RelPath, parent


@dataclass(frozen=True, slots=True)
class Rule:
    """A folder's rule as it is shown. Lifetime in seconds; None is the watched folder's."""

    path: RelPath
    lifetime: int | None
    people: tuple[str, ...]


def governing(path: RelPath, ruled: Mapping[RelPath, object]) -> RelPath | None:
    """Return the nearest directory above `path` that carries a rule; None when none does."""
    at = path
    while at:
        at = parent(at)
        if at in ruled:
            return at
    return None
