"""What a power loss took: files that are empty though nobody wrote to them (C02).

Promises: such a file is known under every name it is given meanwhile, and what is known of it is
what the cloud has. Leaves to others: keeping it from being sent (`model.reconcile`).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache

from mydoctransfer.engine.ports import Journal, Seen
from mydoctransfer.model.trees import LocalFile, RelPath, Skip, Stat, Synced, join, parent

Observed = LocalFile | tuple[Stat, Skip]
Writing = tuple[int, int, int]  # an inode, and when it was written


def emptied(
    journal: Journal,
    files: Mapping[RelPath, Observed],
    vanished: Collection[RelPath],
    missing: Collection[Writing] = (),
) -> dict[RelPath, Observed]:
    """Return which of these findings lost their bytes, as they are to be written down.

    They are empty, and their time says that nobody wrote since they had bytes: when they were
    agreed on, at their own path, or wherever they were seen before this look. One that was agreed
    on, or was to be the next version of what was, counts as what was agreed: its document stays as
    it is, and follows it.

    `missing`: what had bytes and was not found by a look before this one (see `written`).
    """

    @cache
    def seen_before() -> dict[Writing, RelPath]:
        # A second name may be made of one that was found long ago.
        known = (path for path, skip in journal.skipped().items() if skip is Skip.EMPTIED)
        return dict(_known_in(journal, {*files, *vanished, *known}, _had_bytes))

    found: dict[RelPath, Observed] = {}
    for path, entry in files.items():
        if not isinstance(entry, LocalFile) or entry.stat.size > 0:
            continue
        stat = entry.stat
        if (agreed := _agreed_with_bytes(journal, stat)) is not None:
            found[path] = _counting_as(agreed, stat)
        elif _had_bytes_at(journal, path, stat):
            found[path] = _counting_as(_agreed_for(journal, path, stat), stat)
        elif (before := seen_before().get(_writing(stat))) is not None:
            found[path] = _counting_as(_agreed_for(journal, before, stat), stat)
        elif _writing(stat) in missing:
            found[path] = (stat, Skip.EMPTIED)
    return found


def written(journal: Journal, paths: Collection[RelPath], in_one_run: bool) -> set[Writing]:
    """Return how those of these files are known again that had bytes. The journal forgets what was
    never agreed on and is not there; moved while the look went on, it turns up at the next.

    `in_one_run`: whether there was a look before in this run. No power was lost since, so that only
    what was found empty then can turn up without its bytes.
    """
    is_meant = _was_emptied if in_one_run else _had_bytes
    return {writing for writing, _ in _known_in(journal, paths, is_meant)}


def _agreed_for(journal: Journal, path: RelPath, stat: Stat) -> Synced | None:
    """Return what was agreed on at this path, unless it is that of another file: one that was saved
    in its place was to be its next version, but one that came from another document's path may
    have traded places (R2)."""
    agreed = journal.synced(path)
    inode = (stat.dev, stat.ino)
    if agreed is None or not agreed.sha256:
        return None
    is_its_own = (agreed.dev, agreed.ino) == inode
    return agreed if is_its_own or not journal.homes({inode}) else None


def _counting_as(agreed: Synced | None, stat: Stat) -> Observed:
    if agreed is None or not agreed.sha256:
        return (stat, Skip.EMPTIED)
    is_its_own = (agreed.dev, agreed.ino) == (stat.dev, stat.ino)
    birth_ns = agreed.birth_ns if is_its_own else 0  # nobody was told
    return LocalFile(stat, birth_ns, agreed.sha256, is_emptied=True)


def _agreed_with_bytes(journal: Journal, stat: Stat) -> Synced | None:
    """Return what was agreed on while this inode had bytes, written when it still says it was."""
    agreements = map(journal.synced, sorted(journal.homes({(stat.dev, stat.ino)})))
    return next(
        (a for a in agreements if a and a.size > 0 and a.mtime_ns == stat.mtime_ns != 0), None
    )


def _had_bytes_at(journal: Journal, path: RelPath, stat: Stat) -> bool:
    seen = journal.local(path)
    if seen is None or not _had_bytes(seen) or seen.stat.mtime_ns != stat.mtime_ns:
        return False
    # An empty document's file that came here would hide half of an exchange, and the other half
    # would be an edit (R2). Of two files made at once the times are the same.
    homes = journal.homes({(stat.dev, stat.ino)}) - {path}
    agreed = (journal.synced(home) for home in homes)
    return not any(synced is not None and synced.size == 0 for synced in agreed)


def _had_bytes(seen: Seen) -> bool:
    return _was_emptied(seen) or (seen.skip is None and seen.stat.size > 0)


def _was_emptied(seen: Seen) -> bool:
    return seen.skip is Skip.EMPTIED


def _known_in(
    journal: Journal, paths: Collection[RelPath], is_meant: Callable[[Seen], bool]
) -> Iterator[tuple[Writing, RelPath]]:
    for directory in sorted({parent(path) for path in paths}):
        for name, seen in journal.directory(directory).items():
            if (path := join(directory, name)) in paths and is_meant(seen):
                yield _writing(seen.stat), path


def _writing(stat: Stat) -> Writing:
    return (stat.dev, stat.ino, stat.mtime_ns)
