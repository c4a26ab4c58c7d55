"""Where nobody can look now, and what may have traded places with what lies there (R2, R9).

Half an exchange looks like an edit: sent, it would reach the people of another document; and what
is gone from the cloud would go up again (R6). Names the places; leaves to others: what is not sent
because of one, and what is said of it.
"""

from collections.abc import Callable

from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.ports import Journal
from mydoctransfer.model.moves import Inode
from mydoctransfer.model.trees import DocumentState, RelPath, Skip, Synced, Trees

# A document's file under its name, and yet none that can be taken for it, unless it is known what
# a power loss took.
_UNTAKEN = {Skip.EMPTIED, Skip.FOREIGN_OWNER}


class Unseen:
    """`is_problem`: whether the person was told that something is wrong with a file."""

    def __init__(
        self, journal: Journal, observer: Observer, is_problem: Callable[[RelPath], bool]
    ) -> None:
        self._journal = journal
        self._observer = observer
        self._is_problem = is_problem

    def unread(self) -> tuple[dict[Inode, RelPath], dict[Inode, RelPath]]:
        """Return where the documents lay at whose paths a file was not read yet: first those that
        will be read soon, then those that cannot be."""
        soon: dict[Inode, RelPath] = {}
        never: dict[Inode, RelPath] = {}
        for path in self._observer.reading.unhashed:
            synced = self._journal.synced(path)
            if synced is None:
                continue
            if not (self._observer.reading.is_set_aside(path) and self._is_problem(path)):
                soon[_home_of(synced)] = path
            elif synced.birth_ns:  # without, no exchange is ever seen
                never[_home_of(synced)] = path
        return soon, never

    def unseen(self, trees: Trees) -> dict[Inode, RelPath]:
        """Return the inodes that lie elsewhere now and were agreed on where nobody can look, each
        with the file or directory that the person has to see to."""
        untaken = [p for p, skip in self._journal.skipped().items() if skip in _UNTAKEN]
        if not (self._observer.frozen or untaken):
            return {}
        came = {
            (file.stat.dev, file.stat.ino, file.birth_ns)
            for file in trees.local.values()
            if file.birth_ns
        }
        found: dict[Inode, RelPath] = {}
        for path in sorted(self._journal.homes({inode[:2] for inode in came})):
            synced = self._journal.synced(path)
            place = self._hidden_by(path)
            if synced is not None and place is not None and _home_of(synced) in came:
                found[_home_of(synced)] = place
        return found

    def is_of_gone(self, inode: Inode) -> bool:
        """Whether a document that has left the cloud was agreed on in this inode."""
        agreed = (self._journal.synced(path) for path in self._journal.homes({inode[:2]}))
        lying = [synced for synced in agreed if synced is not None and _home_of(synced) == inode]
        documents = (self._journal.document(synced.share_id) for synced in lying)
        return any(d is None or d.state is not DocumentState.LIVE for d in documents)

    def _hidden_by(self, path: RelPath) -> RelPath | None:
        frozen = self._observer.frozen.above(path)
        if frozen is not None:
            return frozen
        seen = self._journal.local(path)
        if seen is None or seen.skip not in _UNTAKEN or seen.sha256 is not None:
            return None
        return path if self._journal.homes({(seen.stat.dev, seen.stat.ino)}) - {path} else None


def _home_of(synced: Synced) -> Inode:
    return (synced.dev, synced.ino, synced.birth_ns)


def sentence(place: RelPath) -> str:
    """Return what a person is told of a file that may have traded places with one at `place`."""
    return (
        f"It may have traded places with another file, and “{place}” cannot be read now. Make that "
        "readable, and this goes on by itself."
    )
