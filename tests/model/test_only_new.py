"""Only new files wanted: what the plan makes of files from before (R6)."""

from collections.abc import Mapping

import pytest

from mydoctransfer.model.actions import Adopt, Forget, LeaveOut, Move, NewDocument, Plan, Publish
from mydoctransfer.model.reconcile import Surroundings, reconcile
from mydoctransfer.model.trees import NEVER_SENT, Document, LocalFile, RelPath, Synced, Trees
from tests.model.trees import document, file

A, B = RelPath("a.txt"), RelPath("b.txt")
SINCE = 1_000


def changed_at(made: LocalFile, ctime_ns: int) -> LocalFile:
    return made._replace(stat=made.stat._replace(ctime_ns=ctime_ns))


def left_out(made: LocalFile) -> Synced:
    assert made.sha256 is not None
    inode = (made.stat.dev, made.stat.ino, made.birth_ns)
    return Synced(NEVER_SENT, 0, made.sha256, made.stat.size, *inode, is_gone=True)


def plan(
    trees: Trees, cloud: Mapping[str, Document] | None = None, since: int = SINCE
) -> tuple[object, ...]:
    homes = {synced.share_id: path for path, synced in trees.synced.items()}
    around = Surroundings(
        "laptop", (cloud or {}).get, lambda path: True, homes.get, only_new_since=since
    )
    made: Plan = reconcile(trees, around)
    return made.actions


@pytest.mark.parametrize("ctime_ns", [0, SINCE - 1, SINCE])
def test_a_file_from_before_is_left_out(ctime_ns: int) -> None:
    old = changed_at(file("one", 1), ctime_ns)
    assert plan(Trees(local={A: old})) == (LeaveOut(A, old),)


def test_a_file_that_came_later_is_published() -> None:
    new = changed_at(file("one", 1), SINCE + 1)
    assert plan(Trees(local={A: new})) == (Publish(A, new, NewDocument(A, True)),)


def test_where_everything_is_wanted_nothing_is_left_out() -> None:
    old = changed_at(file("one", 1), 5)
    assert plan(Trees(local={A: old}), since=0) == (Publish(A, old, NewDocument(A, True)),)


def test_what_the_cloud_has_already_is_adopted_as_ever() -> None:
    """R14: agreeing sends nothing."""
    old, there = changed_at(file("one", 1), 5), document("d", "one", "a.txt")
    assert plan(Trees(local={A: old}), cloud={A: there}) == (Adopt(A, old, there, True),)


def test_other_bytes_than_the_clouds_are_left_out_too() -> None:
    old, there = changed_at(file("two", 1), 5), document("d", "one", "a.txt")
    assert plan(Trees(local={A: old}), cloud={A: there}) == (LeaveOut(A, old),)


def test_once_left_out_it_is_settled() -> None:
    old = changed_at(file("one", 1), 5)
    assert plan(Trees(local={A: old}, synced={A: left_out(old)})) == ()


def test_an_edit_is_published_for_the_first_time_under_the_folders_rules() -> None:
    """R12: it is created there only now."""
    old, edited = file("one", 1), changed_at(file("two", 1), SINCE + 1)
    trees = Trees(local={A: edited}, synced={A: left_out(old)})
    assert plan(trees) == (Publish(A, edited, NewDocument(A, True)),)


def test_an_edit_counts_by_its_bytes_whatever_its_time() -> None:
    old, edited = file("one", 1), changed_at(file("two", 1), 5)
    trees = Trees(local={A: edited}, synced={A: left_out(old)})
    assert plan(trees) == (Publish(A, edited, NewDocument(A, True)),)


def test_a_new_name_moves_what_was_agreed_and_sends_nothing() -> None:
    old = file("one", 1)
    (move,) = plan(Trees(local={B: old}, synced={A: left_out(old)}))
    assert isinstance(move, Move) and move.is_gone and (move.old_path, move.path) == (A, B)


def test_one_that_vanished_is_forgotten_and_nothing_withdrawn() -> None:
    assert plan(Trees(synced={A: left_out(file("one", 1))})) == (Forget(A),)
