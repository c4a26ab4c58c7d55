"""The policy table of `reconcile`, cell by cell, and what must hold for any trees."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydoctransfer.model import conflicts
from mydoctransfer.model.actions import (
    Adopt,
    Exchange,
    Forget,
    MarkGone,
    Move,
    NewDocument,
    NewVersion,
    Plan,
    Publish,
    Withdraw,
)
from mydoctransfer.model.reconcile import Surroundings, reconcile
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    LocalFile,
    RelPath,
    Stat,
    Trees,
    agreed_with,
)
from tests.model.trees import agreed, document, file, gone, sha

A, B, C = RelPath("a.txt"), RelPath("b.txt"), RelPath("dir/c.txt")


def plan(
    trees: Trees, gone_for_sure: bool = True, cloud: Mapping[str, Document] | None = None
) -> Plan:
    at = {d.path: d for d in trees.remote.values() if d.state is DocumentState.LIVE}
    at |= cloud or {}
    homes = {synced.share_id: path for path, synced in trees.synced.items()}
    return reconcile(trees, Surroundings("laptop", at.get, lambda path: gone_for_sure, homes.get))


def test_a_new_file_becomes_a_document_under_the_folders_rules() -> None:
    new = file("one", 1)
    assert plan(Trees(local={A: new})).actions == (Publish(A, new, NewDocument(A, True)),)


def test_a_new_file_with_the_documents_bytes_is_adopted_without_an_upload() -> None:
    """R14."""
    new, there = file("one", 1), document("d", "one", "a.txt")
    assert plan(Trees(local={A: new}), cloud={A: there}).actions == (Adopt(A, new, there, True),)


def test_a_new_file_with_other_bytes_than_the_document_gets_a_name_with_the_host() -> None:
    """R14, F09."""
    new, there = file("mine", 1), document("d", "theirs", "a.txt")
    (action,) = plan(Trees(local={A: new}), cloud={A: there}).actions
    assert action == Publish(A, new, NewDocument(RelPath("a (from laptop).txt"), False))


def test_a_second_clash_on_one_name_stays_unique() -> None:
    """L10, D16."""
    new = file("mine", 1)
    cloud = {
        A: document("d", "theirs", "a.txt"),
        RelPath("a (from laptop).txt"): document("e", "older", "a (from laptop).txt"),
    }
    (action,) = plan(Trees(local={A: new}), cloud=cloud).actions
    assert isinstance(action, Publish)
    assert action.target == NewDocument(RelPath(f"a (from laptop {sha('mine')[:12]}).txt"), False)


def test_where_no_birth_times_are_told_a_document_keeps_its_path() -> None:
    """R2 rule 1, R14."""
    second = RelPath("a (from laptop).txt")
    doc, old, new = document("d", "one", second), file("one", 1, birth=0), file("two", 9, birth=0)
    trees = Trees({A: new, second: old}, {A: agreed(doc, old)}, {doc.share_id: doc})
    actions = plan(trees).actions
    assert Publish(A, new, NewVersion(doc.share_id, 1, second)) in actions
    (other,) = (a for a in actions if a.path == second)
    assert isinstance(other, Publish) and isinstance(other.target, NewDocument)


def test_no_second_name_of_a_document_that_a_file_here_has_is_adopted_for_a_copy_of_it() -> None:
    """R2 rule 4, R14. A file moved to its document's second name, and was copied back."""
    second = RelPath(f"a (from laptop {sha('one')[:12]}).txt")
    doc, old, copy = document("d", "one", second), file("one", 1), file("one", 9, birth=9)
    trees = Trees({A: copy, second: old}, {second: agreed(doc, old)}, {doc.share_id: doc})
    others = {
        A: document("e", "theirs", A),
        RelPath("a (from laptop).txt"): document("f", "other", "a (from laptop).txt"),
        second: doc,
    }
    third = RelPath(f"a (from laptop {sha('one')[:12]} 2).txt")
    assert plan(trees, cloud=others).actions == (Publish(A, copy, NewDocument(third, False)),)


def test_a_document_under_its_second_name_keeps_it_when_its_file_moves_to_the_first() -> None:
    """R14."""
    second = RelPath("a (from laptop).txt")
    doc, old = document("d", "one", second), file("one", 1)
    trees = Trees({A: old}, {second: agreed(doc, old)}, {doc.share_id: doc})
    cloud = {A: document("e", "theirs", A), second: doc}
    (action,) = plan(trees, cloud=cloud).actions
    assert isinstance(action, Move) and action.cloud_path == second


def test_the_longest_name_of_a_device_leaves_room_for_what_tells_two_contents_apart() -> None:
    """L10, D16."""
    taken: set[RelPath] = set()
    for content in ("u", "v", "v"):
        taken.add(conflicts.from_host(A, "h" * 200, sha(content), taken.__contains__))
    assert len(taken) == 3


def test_an_edit_becomes_a_new_version_of_the_same_document() -> None:
    """A01, R13."""
    doc, old, new = document("d", "one", "a.txt"), file("one", 1), file("two", 1)
    trees = Trees({A: new}, {A: agreed(doc, old)}, {doc.share_id: doc})
    assert plan(trees).actions == (Publish(A, new, NewVersion(doc.share_id, 1, A)),)


def test_an_atomic_save_keeps_the_document_whatever_inode_lies_there_now() -> None:
    """R2 rule 1, A25."""
    doc, old, new = document("d", "one", "a.txt"), file("one", 1), file("two", 99, birth=7)
    trees = Trees({A: new}, {A: agreed(doc, old)}, {doc.share_id: doc})
    assert plan(trees).actions == (Publish(A, new, NewVersion(doc.share_id, 1, A)),)


def test_two_edits_from_one_base_keep_both_under_distinct_names() -> None:
    """I4, L01, R7."""
    base, theirs = file("base", 1), document("d", "theirs", "a.txt", version=2)
    mine = file("mine", 1)
    trees = Trees(
        {A: mine}, {A: agreed(document("d", "base", "a.txt"), base)}, {theirs.share_id: theirs}
    )
    (action,) = plan(trees).actions
    assert isinstance(action, Publish)
    assert isinstance(action.target, NewDocument)
    assert action.target.cloud_path == f"a (conflict from laptop {sha('mine')[:12]}).txt"


def test_a_conflict_copy_whose_name_is_taken_by_other_bytes_gets_a_number() -> None:
    """R7, L10. The copy was edited since, or another device calls itself the same: refused for its
    path, this one would never have been sent."""
    trees, name = in_conflict()
    edited = document("copy", "edited since", name, version=2)
    (action,) = plan(trees, cloud={name: edited}).actions
    assert isinstance(action, Publish)
    assert action.target == NewDocument(RelPath(name.replace(").txt", " 2).txt")), False)


def test_a_conflict_copy_that_another_device_of_that_name_has_sent_is_adopted() -> None:
    """R7, R14: the same bytes under the same name need no second document."""
    trees, name = in_conflict()
    there = document("copy", "mine", name)
    (action,) = plan(trees, cloud={name: there}).actions
    assert action == Adopt(A, trees.local[A], there, True)


def in_conflict() -> tuple[Trees, RelPath]:
    """A file edited here and elsewhere, and the name that its copy would get."""
    base = file("base", 1)
    doc = document("d", "base", "a.txt")
    newer = document("d", "theirs", "a.txt", version=2)
    trees = Trees({A: file("mine", 1)}, {A: agreed(doc, base)}, {doc.share_id: newer})
    return trees, conflicts.conflict_copy(A, "laptop", sha("mine"), lambda _: False)


def test_two_identical_edits_are_no_conflict_and_no_upload() -> None:
    """L02."""
    base, theirs = file("base", 1), document("d", "same", "a.txt", version=2)
    mine = file("same", 1)
    trees = Trees(
        {A: mine}, {A: agreed(document("d", "base", "a.txt"), base)}, {theirs.share_id: theirs}
    )
    assert plan(trees).actions == (Adopt(A, mine, theirs, False),)


def test_anothers_newer_version_changes_nothing_here() -> None:
    """R11."""
    base, theirs = file("base", 1), document("d", "theirs", "a.txt", version=2)
    trees = Trees(
        {A: base}, {A: agreed(document("d", "base", "a.txt"), base)}, {theirs.share_id: theirs}
    )
    assert plan(trees).actions == ()


def test_expiry_only_marks_the_row() -> None:
    """K01, R6, invariant I10."""
    doc = document("d", "one", "a.txt", state=DocumentState.EXPIRED)
    here = file("one", 1)
    trees = Trees({A: here}, {A: agreed(doc, here)}, {doc.share_id: doc})
    assert plan(trees).actions == (MarkGone(A, agreed(doc, here)),)


def test_what_is_gone_is_not_sent_again_by_itself() -> None:
    """I9, R6."""
    doc = document("d", "one", "a.txt", state=DocumentState.REMOVED)
    here = file("one", 1)
    trees = Trees({A: here}, {A: gone(agreed(doc, here))}, {doc.share_id: doc})
    assert plan(trees).actions == ()


def test_an_edit_after_expiry_is_a_new_document_without_the_old_people() -> None:
    """K18, R13."""
    doc = document("d", "one", "a.txt", state=DocumentState.EXPIRED)
    edited = file("two", 1)
    trees = Trees({A: edited}, {A: gone(agreed(doc, file("one", 1)))}, {doc.share_id: doc})
    assert plan(trees).actions == (Publish(A, edited, NewDocument(A, under_rules=False)),)


def test_an_edit_from_before_the_removal_goes_along_with_its_document() -> None:
    """R6."""
    doc = document("d", "one", "a.txt", state=DocumentState.REMOVED)
    was, edited = agreed(doc, file("one", 1)), file("two", 2)
    trees = Trees({A: edited}, {A: was}, {doc.share_id: doc})
    (action,) = reconcile(trees, removed_as(edited.stat)).actions
    assert action == MarkGone(A, agreed_with(was, edited))
    assert (action.synced.share_id, action.synced.sha256) == (doc.share_id, sha("two"))


def test_an_edit_after_the_removal_is_a_new_document() -> None:
    """R6, R13."""
    doc = document("d", "one", "a.txt", state=DocumentState.REMOVED)
    was, edited = agreed(doc, file("one", 1)), file("two", 2)
    trees = Trees({A: edited}, {A: was}, {doc.share_id: doc})
    around = removed_as(edited.stat._replace(ctime_ns=0))
    assert reconcile(trees, around).actions == (Publish(A, edited, NewDocument(A, False)),)


def removed_as(stat: Stat) -> Surroundings:
    return Surroundings(
        "laptop", lambda _: None, lambda _: True, lambda _: A, removed_as=lambda _: stat
    )


def test_renaming_what_is_gone_brings_nothing_back() -> None:
    """I9."""
    doc = document("d", "one", "a.txt", state=DocumentState.EXPIRED)
    here = file("one", 1)
    trees = Trees({B: here}, {A: gone(agreed(doc, here))}, {doc.share_id: doc})
    (action,) = plan(trees).actions
    assert isinstance(action, Move)
    assert action.is_gone


def test_what_is_gone_is_not_forgotten_while_its_file_waits_for_the_name_to_be_left() -> None:
    """R6. Of two files whose documents expired one went aside and the other took its name: it was
    forgotten before its turn to move came, and went up again though nobody had touched it."""
    one, two = file("one", 1), file("two", 2)
    edited = one._replace(sha256=sha("edited"))
    docs = [
        document("one", "one", "a.txt", state=DocumentState.EXPIRED),
        document("two", "two", "b.txt", state=DocumentState.EXPIRED),
    ]
    trees = Trees(
        {A: two, C: edited},
        {A: gone(agreed(docs[0], one)), B: gone(agreed(docs[1], two))},
        {doc.share_id: doc for doc in docs},
    )
    (first,) = plan(trees).actions
    assert isinstance(first, Move) and (first.old_path, first.path) == (A, C)
    left = Trees(trees.local, {C: trees.synced[A], B: trees.synced[B]}, trees.remote)
    assert [(a.old_path, a.path) for a in plan(left).actions if isinstance(a, Move)] == [(B, A)]


def test_what_is_gone_and_trades_names_brings_nothing_back_even_from_a_backup() -> None:
    """R6. Nobody edited anything: one of two files was restored, so that it lies in another inode,
    and then they traded names."""
    one, two = file("one", 1), file("two", 2)
    restored = file("one", 3, birth=9)
    docs = [
        document("one", "one", "a.txt", state=DocumentState.EXPIRED),
        document("two", "two", "b.txt", state=DocumentState.EXPIRED),
    ]
    trees = Trees(
        {A: two, B: restored},
        {A: gone(agreed(docs[0], one)), B: gone(agreed(docs[1], two))},
        {doc.share_id: doc for doc in docs},
    )
    (action,) = plan(trees).actions
    assert isinstance(action, Exchange) and all(move.is_gone for move in action.moves)


def test_a_vanished_file_withdraws_its_document_after_the_second_look() -> None:
    """R5, invariant I11."""
    doc, was = document("d", "one", "a.txt"), file("one", 1)
    trees = Trees({}, {A: agreed(doc, was)}, {doc.share_id: doc})
    assert plan(trees, gone_for_sure=False).actions == ()
    assert plan(trees).actions == (Withdraw(A, doc.share_id, 1, needs_answer=False),)


def test_a_device_that_only_adopted_asks_before_withdrawing() -> None:
    """R14."""
    doc, was = document("d", "one", "a.txt"), file("one", 1)
    trees = Trees({}, {A: agreed(doc, was, adopted=True)}, {doc.share_id: doc})
    assert plan(trees).actions == (Withdraw(A, doc.share_id, 1, needs_answer=True),)


def test_an_edit_elsewhere_beats_a_delete_here() -> None:
    """L04, invariant I12."""
    newer, was = document("d", "two", "a.txt", version=2), file("one", 1)
    trees = Trees({}, {A: agreed(document("d", "one", "a.txt"), was)}, {newer.share_id: newer})
    assert plan(trees).actions == (Forget(A),)


def test_both_deleting_converges_without_a_call() -> None:
    """L05."""
    doc, was = document("d", "one", "a.txt", state=DocumentState.REMOVED), file("one", 1)
    trees = Trees({}, {A: agreed(doc, was)}, {doc.share_id: doc})
    assert plan(trees).actions == (Forget(A),)


def test_a_rename_moves_the_document_and_sends_nothing() -> None:
    """B01."""
    doc, was = document("d", "one", "a.txt"), file("one", 1)
    trees = Trees({C: was}, {A: agreed(doc, was)}, {doc.share_id: doc})
    assert plan(trees).actions == (Move(A, C, agreed(doc, was), was, "c.txt"),)


def test_a_rename_together_with_an_edit_still_moves() -> None:
    """B02."""
    doc, was, now = document("d", "one", "a.txt"), file("one", 1), file("two", 1)
    trees = Trees({B: now}, {A: agreed(doc, was)}, {doc.share_id: doc})
    assert plan(trees).actions == (Move(A, B, agreed(doc, was), now, "b.txt"),)


def test_a_document_whose_inode_is_not_read_yet_is_not_looked_for_by_its_bytes() -> None:
    """R2: rule 2 before rule 3. The unread file may be the one that moved; this one is a copy."""
    doc, old, copy = document("d", "one", "a.txt"), file("one", 1), file("one", 2, birth=7)
    trees = Trees({B: copy}, {A: agreed(doc, old)}, {doc.share_id: doc})
    unread = {(old.stat.dev, old.stat.ino)}
    around = Surroundings("laptop", lambda _: None, lambda _: False, lambda _: A, unread)
    assert reconcile(trees, around).actions == (Publish(B, copy, NewDocument(B, True)),)
    (moved,) = plan(trees, gone_for_sure=False).actions
    assert isinstance(moved, Move)


def test_a_freed_inode_number_never_carries_a_document_to_other_bytes() -> None:
    """E08: without a birth time, or with another one, only equal content proves a move."""
    doc, was = document("d", "secret", "a.txt"), file("secret", 1, birth=1)
    for birth in (2, 0):
        other = file("unrelated", 1, birth=birth)
        trees = Trees({B: other}, {A: agreed(doc, was)}, {doc.share_id: doc})
        actions = plan(trees).actions
        assert not any(isinstance(a, Move) for a in actions)


def test_a_renamed_and_then_copied_file_gives_its_document_to_one_of_them() -> None:
    """B13."""
    doc, was = document("d", "one", "a.txt"), file("one", 1)
    copies = {RelPath(f"file{n}.txt"): file("one", 10 + n) for n in (0, 2, 3, 4)}
    local = {**copies, RelPath("file1.txt"): was}
    actions = plan(Trees(local, {A: agreed(doc, was)}, {doc.share_id: doc})).actions
    (move,) = (a for a in actions if isinstance(a, Move))
    assert move.path == "file1.txt"
    assert sum(isinstance(a, Publish) for a in actions) == 4


def test_a_moved_over_b_makes_a_version_of_b_and_withdraws_a() -> None:
    """B12."""
    doc_a, doc_b = document("a", "one", "a.txt"), document("b", "two", "b.txt")
    was_a, was_b = file("one", 1), file("two", 2)
    trees = Trees(
        {B: was_a},
        {A: agreed(doc_a, was_a), B: agreed(doc_b, was_b)},
        {doc_a.share_id: doc_a, doc_b.share_id: doc_b},
    )
    assert plan(trees).actions == (
        Publish(B, was_a, NewVersion(doc_b.share_id, 1, B)),
        Withdraw(A, doc_a.share_id, 1, needs_answer=False),
    )


def test_files_that_swap_names_take_their_documents_along() -> None:
    """B05, R2's exception."""
    doc_a, doc_b = document("a", "one", "a.txt"), document("b", "two", "b.txt")
    was_a, was_b = file("one", 1), file("two", 2)
    trees = Trees(
        {A: was_b, B: was_a},
        {A: agreed(doc_a, was_a), B: agreed(doc_b, was_b)},
        {doc_a.share_id: doc_a, doc_b.share_id: doc_b},
    )
    (action,) = plan(trees).actions
    assert isinstance(action, Exchange)
    assert {(m.old_path, m.path) for m in action.moves} == {(A, B), (B, A)}
    assert all(m.synced.sha256 == m.file.sha256 for m in action.moves)


def test_a_path_whose_file_was_replaced_by_the_same_bytes_takes_no_part_in_a_swap() -> None:
    """B05, R2's exception. Its agreement still names the inode that another document has now."""
    doc_a, doc_b = document("a", "one", "a.txt"), document("b", "two", "b.txt")
    doc_c = document("c", "one", C)
    was_a, was_b, copy = file("one", 1), file("two", 2), file("one", 9, birth=9)
    for order in ((A, B, C), (C, B, A)):
        synced = {A: agreed(doc_a, was_a), B: agreed(doc_b, was_b), C: agreed(doc_c, was_a)}
        trees = Trees(
            {A: was_b, B: was_a, C: copy},
            {path: synced[path] for path in order},
            {doc.share_id: doc for doc in (doc_a, doc_b, doc_c)},
        )
        (exchange,) = plan(trees).actions
        assert isinstance(exchange, Exchange)
        assert {(m.old_path, m.path) for m in exchange.moves} == {(A, B), (B, A)}


def test_another_name_of_a_swapped_file_takes_no_part_in_the_swap() -> None:
    """B05, R2's exception. Of two names of one file (a hard link) one traded places."""
    doc_a, doc_b = document("a", "one", "a.txt"), document("b", "two", "b.txt")
    doc_c = document("c", "one", C)
    was_a, was_b = file("one", 1), file("two", 2)
    for stayed, agreed_at in ((was_a, was_a), (was_a, file("old", 7))):
        trees = Trees(
            {A: was_b, B: was_a, C: stayed},
            {A: agreed(doc_a, was_a), B: agreed(doc_b, was_b), C: agreed(doc_c, agreed_at)},
            {doc.share_id: doc for doc in (doc_a, doc_b, doc_c)},
        )
        exchange, *_ = plan(trees).actions
        assert isinstance(exchange, Exchange)
        assert {(m.old_path, m.path) for m in exchange.moves} == {(A, B), (B, A)}


def test_a_new_file_at_the_old_name_of_a_moved_one_is_a_new_document() -> None:
    """B21."""
    doc, was, new = document("d", "one", "a.txt"), file("one", 1), file("new", 2)
    # The old name is taken by a new inode while the document's own inode moved on: rule 1 wins.
    trees = Trees({A: new, B: was}, {A: agreed(doc, was)}, {doc.share_id: doc})
    kinds = {type(a) for a in plan(trees).actions}
    assert kinds == {Publish}


contents = st.sampled_from(["x", "y", "z", "w"])
paths = st.sampled_from([RelPath(p) for p in ("a", "b", "d/a", "d/b", "e")])


@st.composite
def perturbed(draw: st.DrawFn) -> Trees:
    """One tree, perturbed twice: independent trees would never meet."""
    base = draw(st.dictionaries(paths, contents, max_size=5))
    documents = {p: document(f"doc {p}", text, p) for p, text in base.items()}
    files = {p: file(text, n + 1) for n, (p, text) in enumerate(sorted(base.items()))}
    synced = {p: agreed(documents[p], files[p], draw(st.booleans())) for p in base}
    local = dict(files)
    for n in range(draw(st.integers(0, 4))):
        p = draw(paths)
        kind = draw(st.sampled_from(["write", "delete", "move"]))
        if kind == "write":
            inode = local[p].stat.ino if p in local and draw(st.booleans()) else 50 + n
            local[p] = file(draw(contents), inode)
        elif kind == "delete":
            local.pop(p, None)
        elif p in local:
            local[draw(paths)] = local.pop(p)
    remote = {}
    for doc in documents.values():
        fate = draw(st.sampled_from(["same", "same", "newer", "gone", "unknown"]))
        if fate == "newer":
            doc = document(f"doc {doc.path}", draw(contents), doc.path, version=2)
        elif fate == "gone":
            doc = document(
                f"doc {doc.path}",
                "x",
                doc.path,
                state=draw(st.sampled_from(list(DocumentState)[1:])),
            )
        if fate != "unknown":
            remote[doc.share_id] = doc
    return Trees(local, synced, remote)


@given(perturbed())
def test_no_document_is_withdrawn_whose_content_is_still_in_the_folder_under_another_name(
    trees: Trees,
) -> None:
    """B08, I2: what only moved is moved, not withdrawn, if it is recognisable."""
    actions = plan(trees).actions
    taken_over = {p for a in actions if isinstance(a, Move) for p in (a.path, a.old_path)}
    for action in actions:
        if isinstance(action, Withdraw):
            was = trees.synced[action.path]
            same_inode = [
                p
                for p, f in trees.local.items()
                if p not in trees.synced
                and p not in taken_over
                and (f.stat.dev, f.stat.ino, f.birth_ns) == (was.dev, was.ino, was.birth_ns)
            ]
            assert not same_inode


@given(perturbed())
def test_a_withdrawal_names_a_live_document_at_the_version_this_device_saw(trees: Trees) -> None:
    """R14, invariant I12."""
    for action in plan(trees).actions:
        if isinstance(action, Withdraw):
            doc = trees.remote[action.share_id]
            assert doc.state is DocumentState.LIVE
            assert doc.version == action.version == trees.synced[action.path].version
            assert action.path not in trees.local


@given(perturbed())
def test_nothing_is_withdrawn_without_the_second_look(trees: Trees) -> None:
    """R5, invariant I11."""
    actions = plan(trees, gone_for_sure=False).actions
    assert not any(isinstance(a, Withdraw) for a in actions)


@given(perturbed())
def test_what_is_only_here_is_sent_or_adopted_never_forgotten(trees: Trees) -> None:
    """F09: only in the local tree, not in the base: it is uploaded, never deleted."""
    actions = plan(trees).actions
    reached = {p for a in actions for p in _paths(a)}
    for path in trees.local:
        if path not in trees.synced:
            assert path in reached


@given(perturbed())
def test_one_path_is_the_object_of_at_most_one_action(trees: Trees) -> None:
    """I6: actions of one plan never race each other."""
    seen: list[RelPath] = [p for a in plan(trees).actions for p in _paths(a)]
    assert len(seen) == len(set(seen))


@given(perturbed())
def test_the_plan_depends_on_the_trees_and_not_on_their_order(trees: Trees) -> None:
    """I8: the same observations give the same plan."""
    shuffled = Trees(
        dict(reversed(trees.local.items())),
        dict(reversed(trees.synced.items())),
        dict(reversed(trees.remote.items())),
    )
    assert plan(trees) == plan(shuffled)


def _paths(action: object) -> tuple[RelPath, ...]:
    match action:
        case Exchange(moves=moves):
            return tuple(m.path for m in moves)
        case Move(path=new, old_path=old):
            return (new, old)
        case Publish(path=p) | Adopt(path=p) | Forget(path=p) | MarkGone(path=p) | Withdraw(path=p):
            return (p,)
    raise AssertionError(action)


def test_what_only_the_cloud_has_since_a_power_loss_stays_there() -> None:
    """C02. The emptied file was renamed over another's path: its own document is not withdrawn."""
    one, other = document("d", "one", "a.txt"), document("e", "two", "b.txt")
    there = file("one", 1)._replace(is_emptied=True)
    trees = Trees(
        {B: there},
        {A: agreed(one, file("one", 1, birth=0)), B: agreed(other, file("two", 2))},
        {one.share_id: one, other.share_id: other},
    )
    assert plan(trees).actions == (Forget(A),)


@pytest.mark.parametrize("was_told", [True, False])
def test_what_a_power_loss_emptied_is_what_was_agreed_on_also_when_it_is_gone(
    was_told: bool,
) -> None:
    """C02, R6. It was emptied while its newest version was on its way, and is known by the one
    before; put back from a backup it would have gone up again."""
    doc = document("d", "two", "a.txt", version=2, state=DocumentState.REMOVED)
    there = file("one", 1)._replace(is_emptied=True)
    was = agreed(doc, file("two", 1))
    trees = Trees({A: there}, {A: gone(was) if was_told else was}, {doc.share_id: doc})
    assert reconcile(trees, removed_as(there.stat)).actions == (
        () if was_told else (MarkGone(A, was),)
    )


class _Counted(dict[RelPath, LocalFile]):
    """Files, and how often somebody went over all of them."""

    walks = 0

    def items(self):
        self.walks += 1
        return super().items()

    def values(self):
        self.walks += 1
        return super().values()

    def __iter__(self):
        self.walks += 1
        return super().__iter__()


def test_a_plan_goes_over_the_files_no_oftener_for_more_that_vanished() -> None:
    def walks(vanished: int) -> int:
        documents = [document(f"d{n}", f"old {n}", f"old{n}") for n in range(vanished)]
        synced = {
            RelPath(f"old{n}"): agreed(doc, file(f"old {n}", n)) for n, doc in enumerate(documents)
        }
        local = _Counted({A: file("one", 901), B: file("two", 902)})
        assert len(plan(Trees(local, synced, {d.share_id: d for d in documents})).actions) == (
            vanished + 2
        )
        return local.walks

    assert 0 < walks(2) == walks(50)
