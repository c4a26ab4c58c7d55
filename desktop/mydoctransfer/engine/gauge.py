"""How far large files have come: the parts that arrived, and what was sent of those under way.

On a slow line a part takes long, and several go side by side: counted by whole parts, a file would
stand at nothing for a minute and then leap.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from mydoctransfer.model.events import Event, Progress
from mydoctransfer.model.trees import RelPath


@dataclass(slots=True)
class _File:
    """One file being sent: bytes acknowledged, bytes in all, and bytes given of each part."""

    sent: int
    total: int
    given: dict[int, int] = field(default_factory=dict)


class Gauge:
    """Puts both together. What it says is for people to see; nothing is decided by it."""

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self._files: dict[RelPath, _File] = {}

    def arrived(self, path: RelPath, sent: int, total: int, under_way: frozenset[int]) -> None:
        """Take how many bytes are acknowledged, and which parts are under way."""
        before = self._files.pop(path, None)
        given = before.given if before is not None else {}
        file = _File(sent, total, {number: given.get(number, 0) for number in under_way})
        if sent < total:
            self._files[path] = file
        self._tell(path, file)

    def given(self, path: RelPath, number: int, amount: int) -> None:
        """Take how many bytes of a part were given to the line."""
        file = self._files.get(path)
        if file is not None and number in file.given:
            file.given[number] = amount
            self._tell(path, file)

    def _tell(self, path: RelPath, file: _File) -> None:
        sent = min(file.sent + sum(file.given.values()), file.total)
        self._publish(Progress(path, sent, file.total))
