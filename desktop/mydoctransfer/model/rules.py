"""Folder rules (R12): which lifetime and people a new document gets. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from mydoctransfer.model.trees import RelPath, parent


@dataclass(frozen=True, slots=True)
class FolderRule:
    """What new documents beneath a folder get (R12). Lifetime in seconds; None is the default."""

    lifetime: int | None
    people: tuple[str, ...]


PLAIN = FolderRule(None, ())


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules that hold now, and the lifetime of the watched folder itself."""

    ruled: Mapping[RelPath, FolderRule]
    lifetime: int | None

    def terms(self, path: RelPath, with_people: bool) -> FolderRule:
        """Return what a document gets that is first created here."""
        at = governing(path, self.ruled) if self.ruled else None
        if at is None:
            return FolderRule(self.lifetime, ())
        rule = self.ruled[at]
        return FolderRule(rule.lifetime or self.lifetime, rule.people if with_people else ())


NO_RULES = Rules({}, None)


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
