"""Which vanished document lies where now (R2, rules 2 to 4 and the exception)."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mydoctransfer.model.trees import LocalFile, RelPath, Synced

Inode = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Moves:
    """`moved` maps new path to old path; `cycles` lists exchanges as paths whose documents go,
    in order, each to the next path and the last to the first. `put_off`: old paths whose documents
    move when the path they go to has been left."""

    moved: Mapping[RelPath, RelPath]
    cycles: tuple[tuple[RelPath, ...], ...]
    put_off: Collection[RelPath] = ()


def pair(
    local: Mapping[RelPath, LocalFile],
    synced: Mapping[RelPath, Synced],
    gone: Collection[RelPath] = (),
    unread: Collection[tuple[int, int]] = (),
) -> Moves:
    """Pair vanished documents with new files, and find exchanges among those that stayed.

    `gone`: paths whose document left the cloud: it keeps no claim to the path, so other bytes there
    are new, and it follows its own where they went.

    `unread`: inodes (device, number) of files whose bytes were not read yet. A document that lay in
    one of them may turn out to lie there now, so its content is not looked for elsewhere: the inode
    says more. It may as well turn out not to (the number of a freed inode comes back soon), so it
    counts among those whose content a file may have.

    An inode counts only with its birth time: a freed inode number comes back soon, and a document
    must never follow it to other people's bytes. Where the file system tells no birth time, only
    the content can prove a move.
    """
    cycles = _cycles(local, synced)
    traded = {path for cycle in cycles for path in cycle}  # settled: nothing else comes or goes
    vanished = {
        path: s
        for path, s in synced.items()
        if path not in traded
        and (path not in local or (path in gone and local[path].sha256 != s.sha256))
    }
    fresh = {
        path: f
        for path, f in local.items()
        if path not in traded
        and (path not in synced or (path in gone and f.sha256 != synced[path].sha256))
    }
    moved = _by_inode(vanished, fresh, gone)
    taken = set(moved.values())
    rest = {path: s for path, s in vanished.items() if path not in taken}
    by_content = _by_content(rest, {path: f for path, f in fresh.items() if path not in moved})
    moved |= {new: old for new, old in by_content.items() if not _has_inode_in(unread, rest[old])}
    # A path that one document leaves and another reaches is left first; the next pass goes on.
    left = set(moved.values())
    first = {new: old for new, old in moved.items() if new not in left}
    # What is gone may trade places by its bytes alone, when one of the files was restored.
    return Moves(first, (*cycles, *_closed_walks(moved)), _following(first, moved))


def unsettled(
    homes: Mapping[Inode, RelPath],
    local: Mapping[RelPath, LocalFile],
    synced: Mapping[RelPath, Synced],
) -> dict[Inode, RelPath]:
    """Return these inodes, where the documents lay whose places were not seen yet, with those that
    lead there: what came from such a place may be part of an exchange, and so what came from where
    that lies now, and so on. Each with the place that it leads to."""
    left: dict[Inode, list[Inode]] = {}
    for path, file in local.items():
        came = _inode_of(file)
        home = _inode_of(synced[path]) if path in synced else None
        if came is not None and home is not None and came != home:
            left.setdefault(came, []).append(home)
    found: dict[Inode, RelPath] = {}
    ahead = list(homes.items())
    while ahead:
        inode, place = ahead.pop()
        if inode not in found:
            found[inode] = place
            ahead += ((home, place) for home in left.get(inode, ()))
    return found


def _inode_of(entry: LocalFile | Synced) -> Inode | None:
    if entry.birth_ns == 0:
        return None
    if isinstance(entry, Synced):
        return (entry.dev, entry.ino, entry.birth_ns)
    return (entry.stat.dev, entry.stat.ino, entry.birth_ns)


def _by_inode(
    vanished: Mapping[RelPath, Synced],
    fresh: Mapping[RelPath, LocalFile],
    gone: Collection[RelPath],
) -> dict[RelPath, RelPath]:
    """Pair by inode. A file may have several names (hard links), each with a document of its own:
    each takes a name of those that are there now, and what is live before what is gone."""
    names: dict[Inode, deque[RelPath]] = {}
    for path in sorted(fresh):
        inode = _inode_of(fresh[path])
        if inode is not None:
            names.setdefault(inode, deque()).append(path)
    moved: dict[RelPath, RelPath] = {}
    for old in sorted(vanished, key=lambda path: (path in gone, path)):
        inode = _inode_of(vanished[old])
        free = None if inode is None else names.get(inode)
        lies_here = old in fresh and old not in moved and _inode_of(fresh[old]) == inode
        if free and not lies_here:  # else it is gone, and was edited where it lies
            moved[free.popleft()] = old
    return moved


def _by_content(
    vanished: Mapping[RelPath, Synced], fresh: Mapping[RelPath, LocalFile]
) -> dict[RelPath, RelPath]:
    owners: dict[str, list[RelPath]] = {}
    for old, entry in vanished.items():
        if entry.size:  # to be empty is no sign of being the same
            owners.setdefault(entry.sha256, []).append(old)
    found: dict[RelPath, list[RelPath]] = {}
    for path in sorted(fresh):
        olds = owners.get(fresh[path].sha256 or "", [])
        if len(olds) == 1:
            found.setdefault(olds[0], []).append(path)
    # Of several copies the one in the same inode: without a birth time it proves nothing alone.
    return {
        min(paths, key=lambda path: not _has_number(fresh[path], vanished[old])): old
        for old, paths in found.items()
    }


def _has_inode_in(inodes: Collection[tuple[int, int]], entry: Synced) -> bool:
    return (entry.dev, entry.ino) in inodes


def _has_number(file: LocalFile, entry: Synced) -> bool:
    return (file.stat.dev, file.stat.ino) == (entry.dev, entry.ino)


def _following(first: Mapping[RelPath, RelPath], moved: Mapping[RelPath, RelPath]) -> set[RelPath]:
    """Return whose turn comes when `first` have left."""
    following: set[RelPath] = set()
    for left in first.values():
        while left in moved:
            left = moved[left]
            following.add(left)
    return following


def _cycles(
    local: Mapping[RelPath, LocalFile], synced: Mapping[RelPath, Synced]
) -> tuple[tuple[RelPath, ...], ...]:
    home: dict[RelPath, Inode] = {}
    lies: dict[RelPath, Inode] = {}
    for path in local.keys() & synced.keys():
        was, inode = _inode_of(synced[path]), _inode_of(local[path])
        # One of several names of a file (hard links) may have stayed where it was: it traded
        # nothing.
        if was is not None and inode is not None and inode != was:
            home[path], lies[path] = was, inode
    traded = _with_both_ends(home, lies)
    # A path with the bytes agreed on may have them in a new file since long: it claims the least.
    owners: dict[Inode, list[RelPath]] = {}
    for path in sorted(traded, key=lambda path: (local[path].sha256 == synced[path].sha256, path)):
        owners.setdefault(home[path], []).append(path)
    came_from = {path: _owner(path, owners[lies[path]], home, lies) for path in sorted(traded)}
    return tuple(_closed_walks(came_from))


def _owner(
    path: RelPath,
    owners: Sequence[RelPath],
    home: Mapping[RelPath, Inode],
    lies: Mapping[RelPath, Inode],
) -> RelPath:
    """Return whose file lies at a path: of several names of one file, the one that it traded
    with."""
    return next((owner for owner in owners if lies[owner] == home[path]), owners[0])


def _with_both_ends(home: Mapping[RelPath, Inode], lies: Mapping[RelPath, Inode]) -> set[RelPath]:
    """Return the paths whose own file lies at another of them, and that have the file of another:
    no other path can be part of an exchange."""
    takers: dict[Inode, set[RelPath]] = {}
    owners: dict[Inode, set[RelPath]] = {}
    for path, inode in home.items():
        owners.setdefault(inode, set()).add(path)
        takers.setdefault(lies[path], set()).add(path)
    left = set(home)
    ahead = [p for p in home if lies[p] not in owners or home[p] not in takers]
    while ahead:
        path = ahead.pop()
        if path not in left:
            continue
        left.discard(path)
        for mine, inode, others in (
            (owners, home[path], takers),
            (takers, lies[path], owners),
        ):
            mine[inode].discard(path)
            if not mine[inode]:
                ahead += others.get(inode, ())
    return left


def _closed_walks(came_from: Mapping[RelPath, RelPath]) -> list[tuple[RelPath, ...]]:
    """Return the cycles of `came_from`, each so that a document goes from one path to the next."""
    walks: list[tuple[RelPath, ...]] = []
    done: set[RelPath] = set()
    for start in sorted(came_from):
        walk: list[RelPath] = []
        at = start
        while at in came_from and at not in done:
            done.add(at)
            walk.append(at)
            at = came_from[at]
        if at in walk:  # what leads there from outside is no part of it
            walks.append(tuple(reversed(walk[walk.index(at) :])))
    return walks
