"""What `.mydocignore` files say, as git reads its own: patterns, nested, the deepest file wins.

Promises: a file's rules hold from the scan that saw it on. Leaves to others: what is ignored
everywhere (`model.ignore`), and what becomes of a document whose file is ignored from now on.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pathspec import GitIgnoreSpec

from mydoctransfer.engine import keeping
from mydoctransfer.model.ignore import RULES
from mydoctransfer.model.trees import ROOT, RelPath, Stat, is_beneath, join, parent

MOST_BYTES = 256 * 1024
_UNREAD = Stat(0, 0, 0, 0, 0)  # no file has it


@dataclass(frozen=True, slots=True)
class _File:
    stat: Stat
    raw: bytes
    spec: GitIgnoreSpec
    complaint: str


class IgnoreRules:
    """The rules of every directory that has a `.mydocignore`."""

    def __init__(self) -> None:
        self._files: dict[RelPath, _File] = {}
        self._obeyed: set[RelPath] = set()

    def are_obeyed_in(self, directory: RelPath) -> bool:
        """Whether no rule has come since everything in a directory was held to them.

        Where that is so and nothing changed, the rules change nothing either.
        """
        return directory in self._obeyed or not any(
            d == directory or is_beneath(directory, d) for d in self._files
        )

    def obeyed(self, directories: Iterable[RelPath]) -> None:
        """What lies in these directories was held to the rules, and that was written down."""
        if self._files:
            self._obeyed.update(directories)

    def written(self) -> str:
        """Return what `recall` takes, for the journal."""
        return json.dumps({d: file.raw.decode("latin-1") for d, file in self._files.items()})

    def recall(self, written: str | None) -> None:
        """Hold what was read last for the rules, until they are read."""
        for directory, raw in (keeping.read(written, _files_of) or {}).items():
            self.read(directory, _UNREAD, raw)

    def _doubt(self, directory: RelPath) -> None:
        self._obeyed = {d for d in self._obeyed if d != directory and not is_beneath(d, directory)}

    @property
    def directories(self) -> Collection[RelPath]:
        """Where rules were read."""
        return self._files.keys()

    def is_as_read(self, directory: RelPath, stat: Stat | None) -> bool:
        """Whether the rules of this directory are those of the file as it stands; None: no file."""
        known = self._files.get(directory)
        return (known.stat if known else None) == stat

    def read(self, directory: RelPath, stat: Stat, raw: bytes) -> None:
        """Take over a file's content. A line that is no pattern matches nothing, as with git."""
        # Not splitlines(): to git, only a line feed ends a line.
        lines = raw.decode("utf-8-sig", "surrogateescape").split("\n")
        numbered = [(n, line.removesuffix("\r")) for n, line in enumerate(lines, 1)]
        wrong = [(n, line) for n, line in numbered if not _is_pattern(line)]
        spec = GitIgnoreSpec.from_lines(line for n, line in numbered if (n, line) not in wrong)
        complaint = _complaint(join(directory, RULES), *wrong[0]) if wrong else ""
        self._files[directory] = _File(stat, raw, spec, complaint)
        self._doubt(directory)

    @property
    def complaints(self) -> dict[RelPath, str]:
        """By file, a sentence about its first line that is no pattern."""
        found = sorted(self._files.items(), key=lambda item: item[0])
        return {join(d, RULES): file.complaint for d, file in found if file.complaint}

    def forget(self, directory: RelPath) -> None:
        """The directory has no such file any more."""
        self._files.pop(directory, None)
        self._doubt(directory)

    def forget_all_but(self, is_there: Callable[[RelPath], bool]) -> None:
        """Some directories are not there any more, and their rules with them."""
        for directory in [d for d in self._files if not is_there(d)]:
            del self._files[directory]
        self._obeyed = {d for d in self._obeyed if is_there(d)}

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
            # No pattern can name a line feed, and `*` has to match one.
            below = (path[len(directory) + 1 :] if directory else path).replace("\n", "\x7f")
            decided = file.spec.check_file(f"{below}/" if is_dir else below).include
            if decided is not None:
                return decided
        return False


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):  # the latter for `[z-a]`
        return False
    return True


def _complaint(path: RelPath, number: int, line: str) -> str:
    shown = line.encode("utf-8", "replace").decode()
    return (
        f"{path}, line {number}, is no pattern and ignores nothing: {shown}. "
        "Correct it or remove it."
    )


def _files_of(written: Any) -> dict[RelPath, bytes]:
    return {RelPath(directory): raw.encode("latin-1") for directory, raw in written.items()}
