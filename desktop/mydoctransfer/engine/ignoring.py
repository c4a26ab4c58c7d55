"""What `.mydocignore` files say, as git reads its own: patterns, nested, the deepest file wins.

Promises: a file's rules hold from the scan that saw it on. Leaves to others: what is ignored
everywhere (`model.ignore`), and what becomes of a document whose file is ignored from now on.
"""

import logging
from dataclasses import dataclass

from pathspec import GitIgnoreSpec

from mydoctransfer.model.trees import ROOT, RelPath, Stat, join, parent

MOST_BYTES = 256 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _File:
    stat: Stat
    spec: GitIgnoreSpec


class IgnoreRules:
    """The rules of every directory that has a `.mydocignore`."""

    def __init__(self) -> None:
        self._files: dict[RelPath, _File] = {}

    def __bool__(self) -> bool:
        return bool(self._files)

    def is_as_read(self, directory: RelPath, stat: Stat | None) -> bool:
        """Whether the rules of this directory are those of the file as it stands; None: no file."""
        known = self._files.get(directory)
        return (known.stat if known else None) == stat

    def read(self, directory: RelPath, stat: Stat, raw: bytes) -> None:
        """Take over a file's content. A line that is no pattern matches nothing, as with git."""
        lines = raw.decode("utf-8-sig", "surrogateescape").splitlines()
        patterns = [line for line in lines if _is_pattern(line, directory)]
        self._files[directory] = _File(stat, GitIgnoreSpec.from_lines(patterns))

    def forget(self, directory: RelPath) -> None:
        """The directory has no such file any more."""
        self._files.pop(directory, None)

    def covers(self, path: RelPath, is_dir: bool = False) -> bool:
        """Whether a path is ignored, by itself or because a directory above it is."""
        if not self._files:
            return False
        above = path
        while (above := parent(above)) != ROOT:
            if self._decide(above, True):
                return True
        return path != ROOT and self._decide(path, is_dir)

    def _decide(self, path: RelPath, is_dir: bool) -> bool:
        directory = path
        while directory != ROOT:
            directory = parent(directory)
            file = self._files.get(directory)
            if file is None:
                continue
            below = path[len(directory) + 1 :] if directory else path
            decided = file.spec.check_file(f"{below}/" if is_dir else below).include
            if decided is not None:
                return decided
        return False


def _is_pattern(line: str, directory: RelPath) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        log.warning("A line of %s is no pattern", join(directory, ".mydocignore"))
        return False
    return True
