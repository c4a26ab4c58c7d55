"""What sends many small files is made ready while they come to rest.

It takes longer to start than the first of them take to be registered, and the quiet period (2 s)
passes anyway. Leaves to others: how many are many, and what is to be started (`Objects.expect`).
"""

from collections.abc import Collection
from itertools import islice

from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.ports import Objects
from mydoctransfer.model.trees import RelPath

LOOKED_AT = 256  # files of a look: of a hundred thousand these tell enough


class Readying:
    """Tells the bucket's side of files that are likely to be sent in a moment."""

    def __init__(self, objects: Objects, observer: Observer) -> None:
        self._objects = objects
        self._observer = observer
        self._sizes: list[int] = []

    def seen(self, changed: Collection[RelPath]) -> None:
        """A look found these other than before."""
        self._sizes = [
            size
            for path in islice(changed, LOOKED_AT)
            if (size := self._observer.reading.size_of(path)) is not None
            and not self._observer.is_ignored(path)
        ]

    def turn(self) -> None:
        """Sending may begin: tell of what was found since the last time."""
        if self._sizes:
            self._objects.expect(self._sizes)
            self._sizes = []
