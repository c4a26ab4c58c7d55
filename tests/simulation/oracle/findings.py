"""What was found wrong, and how it is said."""

from typing import Any


class Violation(AssertionError):
    """An invariant does not hold. `rule` is its number in the catalogue."""

    def __init__(self, rule: str, words: str) -> None:
        # Names may be no text, and what reports it may take nothing else.
        super().__init__(f"{rule}: {words}".encode(errors="backslashreplace").decode())
        self.rule = rule


class Findings:
    """The first violation of a world is kept there.

    Attributes:
        names: what the schedule calls a content, by its SHA-256.
    """

    def __init__(self, world: Any) -> None:
        self.names: dict[str, str] = {}
        self._world = world

    def fail(self, rule: str, words: str) -> None:
        """Remember the first violation. It is raised when the step ends: the code under test, in
        the middle of which this may be, would make something of an exception."""
        self._world.broken = self._world.broken or Violation(rule, words)

    def say(self, sha: str) -> str:
        return self.names.get(sha, sha[:8])
