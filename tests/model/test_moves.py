"""What pairs a vanished document with a file: never a guess (R2)."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mydoctransfer.model import moves
from mydoctransfer.model.trees import Document, LocalFile, RelPath, Synced
from tests.model.trees import agreed, document, file

PATHS = tuple(RelPath(p) for p in ("a", "b", "c", "d/a", "d/b", "e"))

# A birth of 0 is none: file systems that tell no birth times tell it of no file.
files = st.builds(file, st.sampled_from("uv"), st.integers(1, 6), st.integers(0, 2))
local_trees = st.dictionaries(st.sampled_from(PATHS), files)
few_files = st.dictionaries(
    st.sampled_from(PATHS[:4]),
    st.builds(file, st.sampled_from("uv"), st.integers(1, 4)),
    min_size=3,
)
unread_inodes = st.sets(st.tuples(st.just(1), st.integers(1, 6)))


def _agreed(tree: dict[RelPath, LocalFile]) -> dict[RelPath, Synced]:
    return {path: agreed(_document(path, was), was) for path, was in tree.items()}


def _document(path: RelPath, was: LocalFile) -> Document:
    return replace(document(path, "", path), sha256=was.sha256 or "")


def _inode(entry: LocalFile | Synced) -> moves.Inode:
    stat = entry if isinstance(entry, Synced) else entry.stat
    return (stat.dev, stat.ino, entry.birth_ns)


@settings(max_examples=300)
@given(local_trees, st.dictionaries(st.sampled_from(PATHS), files, min_size=3), unread_inodes)
def test_a_document_follows_only_its_inode_or_content_that_no_other_may_have_left(
    local: dict[RelPath, LocalFile],
    was: dict[RelPath, LocalFile],
    unread: set[tuple[int, int]],
) -> None:
    """R2, rules 2 to 4: of two documents with the same bytes a file may be either; that an unread
    file has the inode number of one settles nothing, since a freed number comes back soon."""
    synced = _agreed(was)
    content = {path: entry.sha256 for path, entry in synced.items()}
    found = moves.pair(local, synced, unread=unread)
    traded = {path for cycle in found.cycles for path in cycle}
    moved = {new: old for new, old in found.moved.items() if new not in traded}
    by_inode = {
        new: old
        for new, old in moved.items()
        if synced[old].birth_ns and _inode(synced[old]) == _inode(local[new])
    }
    assert len(set(moved.values())) == len(moved)
    for new, old in moved.items():
        assert new not in synced
        assert old not in local
        if new in by_inode:
            continue
        same = [
            p
            for p in synced
            if p not in local and p not in by_inode.values() and content[p] == content[old]
        ]
        assert same == [old]
        assert local[new].sha256 == content[old]
        assert (synced[old].dev, synced[old].ino) not in unread


@given(local_trees, local_trees)
def test_an_exchange_is_among_files_that_lie_where_the_next_one_lay(
    local: dict[RelPath, LocalFile], was: dict[RelPath, LocalFile]
) -> None:
    """R2's exception, B05: by inodes with birth times alone."""
    synced = _agreed(was)
    for cycle in moves.pair(local, synced).cycles:
        assert len(set(cycle)) == len(cycle) > 1
        for old, new in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            assert synced[old].birth_ns
            assert _inode(local[new]) == _inode(synced[old])


@settings(max_examples=1000)
@given(few_files, few_files, st.sets(st.sampled_from(PATHS[:4])), unread_inodes)
def test_a_path_has_one_document_at_most_and_a_document_one_path(
    local: dict[RelPath, LocalFile],
    was: dict[RelPath, LocalFile],
    gone: set[RelPath],
    unread: set[tuple[int, int]],
) -> None:
    """R2, R6: also among those that left the cloud."""
    found = moves.pair(local, _agreed(was), gone & was.keys(), unread)
    traded = [path for cycle in found.cycles for path in cycle]
    assert len(set(traded)) == len(traded)
    assert set(traded).isdisjoint(found.moved)
    assert set(traded).isdisjoint(found.moved.values())
    assert len(set(found.moved.values())) == len(found.moved)


@given(
    st.dictionaries(st.sampled_from(PATHS), st.integers(1, 3), min_size=2),
    st.sets(st.sampled_from(PATHS)),
    st.data(),
)
def test_two_files_that_traded_places_are_found_whatever_became_of_their_other_names(
    numbers: dict[RelPath, int], replaced: set[RelPath], data: st.DataObject
) -> None:
    """R2: several names (hard links) may have had the file of one of the two."""
    was = {path: file(f"{ino}", ino, 1) for path, ino in numbers.items()}
    one, other = data.draw(st.permutations(sorted(was)))[:2]
    assume(was[one] != was[other])
    newcomers = {path: file("new", 10 + n, 1) for n, path in enumerate(sorted(replaced))}
    local = was | newcomers | {one: was[other], other: was[one]}
    found = moves.pair(local, _agreed(was))
    assert {one, other} in [set(cycle) for cycle in found.cycles]


@given(local_trees, local_trees, st.sets(st.sampled_from(PATHS)))
def test_what_leads_to_a_place_nobody_has_seen_is_unsettled_and_nothing_else(
    local: dict[RelPath, LocalFile], was: dict[RelPath, LocalFile], unseen: set[RelPath]
) -> None:
    """R2: what came from such a place may be part of an exchange, and so what came from there."""
    synced = _agreed(was)
    homes = {_inode(synced[p]): p for p in sorted(unseen & synced.keys()) if synced[p].birth_ns}
    steps = {
        (_inode(local[p]), _inode(synced[p]))
        for p in local.keys() & synced.keys()
        if local[p].birth_ns and synced[p].birth_ns and _inode(local[p]) != _inode(synced[p])
    }
    wanted = set(homes)
    while more := {home for came, home in steps if came in wanted} - wanted:
        wanted |= more
    found = moves.unsettled(homes, local, synced)
    assert found.keys() == wanted
    assert set(found.values()) <= set(homes.values())


@given(st.integers(1, 4), st.integers(1, 4), st.sets(st.integers(0, 3)), st.booleans())
def test_each_document_of_one_file_takes_one_of_its_names_and_live_ones_come_first(
    documents: int, names: int, ended: set[int], is_edited: bool
) -> None:
    """R2, rule 2: all but one of the names of a file (hard links) were new, or had to be told by
    bytes that no two have; and a document that had left the cloud took a live one's file (R6)."""
    olds = [RelPath(f"d/{n}") for n in range(documents)]
    news = [RelPath(f"e/{n}") for n in range(names)]
    gone = {path for n, path in enumerate(olds) if n in ended}
    local = {path: file("v" if is_edited else "u", 1) for path in news}
    found = moves.pair(local, _agreed({path: file("u", 1) for path in olds}), gone)
    first = [*(p for p in olds if p not in gone), *(p for p in olds if p in gone)]
    assert found.moved == dict(zip(news, first, strict=False))


def test_what_is_gone_and_was_edited_where_it_lies_follows_no_other_name() -> None:
    """R6, R13: it is new there, and so is the link to it."""
    a, b = PATHS[:2]
    synced = _agreed({b: file("u", 1)})
    assert not moves.pair({a: file("v", 1), b: file("v", 1)}, synced, {b}).moved
