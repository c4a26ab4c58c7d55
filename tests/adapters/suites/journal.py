"""What the engine relies on in a `Journal`. Fixture: `journal`, empty."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mydoctransfer.engine.ports import (
    Entry,
    Journal,
    Note,
    Part,
    Settled,
    Transfer,
)
from mydoctransfer.model.rules import FolderRule
from mydoctransfer.model.trees import (
    ROOT,
    Document,
    DocumentState,
    Fetched,
    LinkState,
    LocalFile,
    OpId,
    Person,
    RelPath,
    ShareId,
    Skip,
    Stat,
    Synced,
)

ONE, TWO, THREE = "1" * 64, "2" * 64, "3" * 64
ADA = Person("ada@example.org", "Ada", "Byron")
BOB = Person("bob@example.org", "Bob", "")

# Any string that can be a name on some disk: with lone surrogates, without NUL and "/".
components = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=()), min_size=1, max_size=12
).filter(lambda name: name not in (".", ".."))
paths = st.lists(components, min_size=1, max_size=4).map(lambda c: RelPath("/".join(c)))
numbers = st.integers(-(2**80), 2**80)
stats = st.builds(Stat, numbers, numbers, numbers, numbers, numbers)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)


def stat(ino: int = 1, size: int = 10) -> Stat:
    return Stat(66306, ino, size, 1_700_000_000_000_000_000, 1_700_000_000_000_000_001)


def hashed(sha256: str = ONE, ino: int = 1) -> LocalFile:
    return LocalFile(stat(ino), 5, sha256)


def agreed(share_id: str = "d1", sha256: str = ONE, version: int = 1, **more: object) -> Synced:
    return Synced(ShareId(share_id), version, sha256, 10, 66306, 1, 5, **more)  # type: ignore[arg-type]


def document(
    share_id: str = "d1",
    path: str | None = "a",
    sha256: str = ONE,
    version: int = 1,
    revision: int = 1,
    state: DocumentState = DocumentState.LIVE,
    **more: object,
) -> Document:
    return Document(
        ShareId(share_id),
        ADA,
        path is not None,
        None if path is None else RelPath(path),
        "a",
        10,
        sha256,
        version,
        revision,
        state,
        1000,
        2000,
        **more,  # type: ignore[arg-type]
    )


def publish(
    journal: Journal, path: str, share_id: str = "d1", sha256: str = ONE, ino: int = 1
) -> None:
    """Bring a path to rest: the file, the document and the agreement are one."""
    journal.observe({RelPath(path): hashed(sha256, ino)}, ())
    journal.settle(
        [
            Settled(
                RelPath(path),
                replace(agreed(share_id, sha256), ino=ino),
                document(share_id, path, sha256),
                "publish",
            )
        ]
    )


class JournalSuite:
    """The port's promises."""

    # --- single values ---------------------------------------------------------------------------

    def test_a_value_is_kept_until_it_is_taken_away(self, journal: Journal) -> None:
        assert journal.get("folder") is None
        journal.put("folder", "/home/\udcff/x")
        assert journal.get("folder") == "/home/\udcff/x"
        journal.put("folder", None)
        assert journal.get("folder") is None

    # --- the local tree --------------------------------------------------------------------------

    @given(entries=st.dictionaries(paths, stats, max_size=6), sha256=hashes)
    @settings(max_examples=60)
    def test_every_name_and_number_comes_back_as_it_went_in(
        self, journal: Journal, entries: dict[RelPath, Stat], sha256: str
    ) -> None:
        """B17, B20, E01, E08. Names of any characters, numbers beyond 64 bits."""
        journal.forget_local()
        journal.observe({path: LocalFile(s, s.mtime_ns, sha256) for path, s in entries.items()}, ())
        for path, expected in entries.items():
            directory, _, name = path.rpartition("/")
            seen = journal.directory(RelPath(directory))[name]
            assert seen == (expected, sha256, None)
            assert journal.local(path) == seen
            assert journal.differences().local[path] == LocalFile(
                expected, expected.mtime_ns, sha256
            )

    def test_years_and_inodes_beyond_64_bits_are_kept(self, journal: Journal) -> None:
        """E01, E08."""
        far = Stat(2**64 - 1, 2**64 - 1, 2**63, 999_999_999_999_999 * 10**9, -3600 * 10**9)
        journal.observe({RelPath("f"): LocalFile(far, 10**24, None)}, ())
        assert journal.unhashed() == {RelPath("f"): far}

    def test_a_directory_lists_what_is_directly_in_it(self, journal: Journal) -> None:
        journal.observe(
            {
                RelPath("a"): hashed(),
                RelPath("d/b"): LocalFile(stat(2), 0, None),
                RelPath("d/e/c"): hashed(),
                RelPath("d/l"): (stat(3), Skip.SYMLINK),
            },
            (),
        )
        assert set(journal.directory(ROOT)) == {"a"}
        assert journal.directory(RelPath("d")) == {
            "b": (stat(2), None, None),
            "l": (stat(3), None, Skip.SYMLINK),
        }
        assert journal.skipped() == {RelPath("d/l"): Skip.SYMLINK}
        assert journal.unhashed() == {RelPath("d/b"): stat(2)}

    def test_a_directory_in_which_nothing_changed_is_told_at_once(self, journal: Journal) -> None:
        names = ["a", "b\n", "\u00e9", "\U0001f469"]
        here = [Entry(name, *stat(n), None) for n, name in enumerate(names)]
        journal.observe({RelPath(f"d/{e.name}"): LocalFile(e.stat, 5, ONE) for e in here}, ())
        journal.observe({RelPath("d/deeper/a"): hashed(), RelPath("a"): hashed()}, ())
        directory = RelPath("d")
        assert journal.has_exactly(directory, here)
        assert not journal.has_exactly(directory, here[1:])
        assert not journal.has_exactly(directory, [*here, Entry("z", *stat(9), None)])
        assert not journal.has_exactly(directory, [here[0]._replace(size=11), *here[1:]])
        assert not journal.has_exactly(directory, [here[0]._replace(ctime_ns=1), *here[1:]])
        assert not journal.has_exactly(ROOT, here)
        assert journal.has_exactly(RelPath("empty"), [])
        journal.observe({}, [RelPath("d/a")])
        assert journal.has_exactly(directory, here[1:])

    def test_what_is_not_told_at_once_is_never_told_wrong(self, journal: Journal) -> None:
        """E01, E08, D02. Odd bytes, numbers beyond 64 bits, skipped entries."""
        odd = Entry("\udcff", *stat(1), None)
        far = Entry("far", *stat(1)._replace(mtime_ns=2**70), None)
        linked = Entry("link", *stat(1), Skip.SYMLINK)
        plain = linked._replace(skip=None)
        for one, what in ((odd, hashed()), (far, LocalFile(far.stat, 5, ONE))):
            journal.observe({RelPath(f"{ord(one.name[0])}/{one.name}"): what}, ())
            assert not journal.has_exactly(RelPath(str(ord(one.name[0]))), [])
        journal.observe({RelPath("l/link"): (linked.stat, Skip.SYMLINK)}, ())
        assert not journal.has_exactly(RelPath("l"), [plain])

    def test_directories_are_told_by_components_not_by_prefix(self, journal: Journal) -> None:
        """C14."""
        names = ("x", "A/x", "A/X/x", "A/X/Y/x", "A/X o/x", "A/Xylo/x")
        journal.observe({RelPath(p): hashed() for p in names}, ())
        assert journal.directories(ROOT) == {"", "A", "A/X", "A/X/Y", "A/X o", "A/Xylo"}
        assert journal.directories(RelPath("A/X")) == {"A/X", "A/X/Y"}

    def test_a_directory_without_entries_is_not_known(self, journal: Journal) -> None:
        """B22. What was moved out and comes back in is looked at again."""
        publish(journal, "d/a")
        journal.observe({}, [RelPath("d/a")])
        assert journal.directories(ROOT) == set()
        assert journal.local(RelPath("d/a")) is None
        assert journal.synced(RelPath("d/a")) is not None

    def test_a_file_can_become_a_link_and_a_file_again(self, journal: Journal) -> None:
        journal.observe({RelPath("a"): hashed()}, ())
        journal.observe({RelPath("a"): (stat(9), Skip.SYMLINK)}, ())
        assert journal.local(RelPath("a")) == (stat(9), None, Skip.SYMLINK)
        journal.observe({RelPath("a"): LocalFile(stat(8), 0, None)}, ())
        assert journal.local(RelPath("a")) == (stat(8), None, None)
        assert journal.skipped() == {}

    # --- differences -----------------------------------------------------------------------------

    def test_what_is_at_rest_differs_in_nothing(self, journal: Journal) -> None:
        publish(journal, "a")
        trees = journal.differences()
        assert (trees.local, trees.synced, trees.remote) == ({}, {}, {})
        assert journal.published_count() == 1

    def test_a_new_file_differs_once_it_was_read(self, journal: Journal) -> None:
        path = RelPath("new")
        journal.observe({path: LocalFile(stat(), 0, None)}, ())
        assert journal.differences().local == {}
        journal.observe({path: hashed()}, ())
        trees = journal.differences()
        assert trees.local == {path: hashed()}
        assert trees.synced == {}

    def test_a_file_that_was_not_read_again_yet_is_neither_edited_nor_gone(
        self, journal: Journal
    ) -> None:
        publish(journal, "a")
        journal.observe({RelPath("a"): LocalFile(stat(7), 0, None)}, ())
        assert journal.differences().synced == {}

    def test_an_edited_file_comes_with_its_agreement_and_its_document(
        self, journal: Journal
    ) -> None:
        publish(journal, "a")
        journal.observe({RelPath("a"): hashed(TWO, ino=2)}, ())
        trees = journal.differences()
        assert trees.local == {RelPath("a"): hashed(TWO, ino=2)}
        assert trees.synced == {RelPath("a"): agreed()}
        assert set(trees.remote) == {"d1"}

    def test_what_traded_files_with_an_edited_one_comes_along_though_its_bytes_are_the_same(
        self, journal: Journal
    ) -> None:
        """R2: three documents with the same bytes go round, and one of them is edited."""
        for ino, path in enumerate(("a", "b", "c", "elsewhere"), 1):
            publish(journal, path, f"d{ino}", ino=ino)
        seen = {"a": hashed(TWO, ino=2), "b": hashed(ino=3), "c": hashed(ino=1)}
        journal.observe({RelPath(path): file for path, file in seen.items()}, ())
        trees = journal.differences()
        assert (trees.local, set(trees.synced)) == (seen, {"a", "b", "c"})
        assert set(trees.remote) == {"d1", "d2", "d3"}

    def test_a_vanished_file_is_an_agreement_without_a_file(self, journal: Journal) -> None:
        publish(journal, "a")
        journal.observe({}, [RelPath("a")])
        trees = journal.differences()
        assert trees.local == {}
        assert trees.synced == {RelPath("a"): agreed()}

    def test_a_link_in_a_files_place_leaves_the_agreement_alone(self, journal: Journal) -> None:
        publish(journal, "a")
        journal.observe({RelPath("a"): (stat(9), Skip.SYMLINK)}, ())
        trees = journal.differences()
        assert (trees.local, set(trees.synced)) == ({}, {"a"})

    @pytest.mark.parametrize("state", [DocumentState.EXPIRED, DocumentState.REMOVED])
    def test_what_left_the_cloud_differs_until_the_person_was_told(
        self, journal: Journal, state: DocumentState
    ) -> None:
        """K01."""
        publish(journal, "a")
        journal.learn([document(revision=2, state=state)], (), "c")
        assert journal.published_count() == 0
        assert set(journal.differences().synced) == {"a"}
        journal.settle([Settled(RelPath("a"), agreed(is_gone=True), None, "")])
        assert journal.differences().synced == {}
        journal.observe({RelPath("a"): hashed(TWO)}, ())
        assert set(journal.differences().local) == {"a"}

    def test_a_document_that_is_not_told_any_more_counts_as_gone(self, journal: Journal) -> None:
        publish(journal, "a")
        journal.learn((), [ShareId("d1")], None)
        trees = journal.differences()
        assert (set(trees.synced), trees.remote) == ({"a"}, {})

    def test_what_a_power_loss_emptied_is_told_under_every_name(self, journal: Journal) -> None:
        """C02: also where nothing was agreed on, and never as something to be read."""
        publish(journal, "a")
        lost = LocalFile(stat(size=0), 5, ONE, is_emptied=True)
        for path in (RelPath("a"), RelPath("b")):
            journal.observe({path: lost}, ())
            assert journal.differences().local[path] == lost
            assert journal.local(path) == (lost.stat, ONE, Skip.EMPTIED)
        assert set(journal.differences().synced) == {"a"}
        assert (journal.unhashed(), journal.read_after(RelPath(""), 9)) == ({}, [])
        journal.observe({RelPath("a"): hashed()}, [RelPath("b")])
        assert journal.differences().local == {}

    def test_when_agreed_bytes_were_written_comes_back(self, journal: Journal) -> None:
        """C02, E01."""
        publish(journal, "a")
        for at in (0, -1, 2**80):
            journal.settle([Settled(RelPath("a"), agreed(mtime_ns=at), None, "")])
            found = journal.synced(RelPath("a"))
            assert found is not None
            assert found.mtime_ns == at

    def test_a_newer_version_elsewhere_differs(self, journal: Journal) -> None:
        publish(journal, "a")
        journal.learn([document(sha256=TWO, version=2, revision=2)], (), "c")
        trees = journal.differences()
        assert trees.remote[ShareId("d1")].version == 2
        assert set(trees.local) == set(trees.synced) == {"a"}

    def test_my_documents_at_a_new_files_path_are_told(self, journal: Journal) -> None:
        """F09, R14; and R6: of those that have left the cloud the newest."""
        journal.learn(
            [
                document("older", "a", state=DocumentState.EXPIRED),
                replace(document("gone", "a", state=DocumentState.REMOVED), uploaded_at=10**13),
                document("mine", "a"),
                document("elsewhere", "b", state=DocumentState.REMOVED),
                document("theirs", None),
            ],
            (),
            "c",
        )
        journal.observe({RelPath("a"): hashed()}, ())
        assert set(journal.differences().remote) == {"gone", "mine"}

    def test_to_send_again_keeps_the_agreement_and_differs(self, journal: Journal) -> None:
        publish(journal, "a")
        journal.learn([document(revision=2, state=DocumentState.EXPIRED)], (), "c")
        journal.settle([Settled(RelPath("a"), agreed(is_gone=True), None, "")])
        journal.forget_content(RelPath("a"))
        trees = journal.differences()
        assert set(trees.local) == set(trees.synced) == {"a"}

    # --- the remote tree -------------------------------------------------------------------------

    @given(revisions=st.lists(st.integers(1, 9), min_size=1, max_size=8))
    @settings(max_examples=30)
    def test_a_document_never_goes_back(self, journal: Journal, revisions: list[int]) -> None:
        """H14, L08. In whatever order pages come, the greatest revision stays."""
        journal.forget_remote()
        for revision in revisions:
            journal.learn([document(revision=revision, version=revision)], (), None)
        found = journal.document(ShareId("d1"))
        assert found is not None
        assert found.revision == found.version == max(revisions)

    def test_a_new_epoch_lets_revisions_go_back(self, journal: Journal) -> None:
        """F12."""
        journal.learn([document(revision=7)], (), "cursor")
        journal.forget_remote()
        assert journal.get("cursor") is None
        journal.learn([document(revision=2)], (), "other")
        found = journal.document(ShareId("d1"))
        assert found is not None
        assert found.revision == 2

    def test_a_document_comes_back_whole(self, journal: Journal) -> None:
        whole = document(
            path="d/\udcff",
            people=(BOB, ADA),
            link=LinkState(5, 1, None, True),
            host="h\u00f6st",
            fetched=(Fetched(BOB, 1, 1500), Fetched(ADA, 2, 1600)),
        )
        journal.learn([whole, document("d2", None)], (), "c1")
        assert journal.document(ShareId("d1")) == whole
        assert {d.share_id for d in journal.documents()} == {"d1", "d2"}
        assert journal.document_at(RelPath("d/\udcff")) == whole
        assert journal.get("cursor") == "c1"

    # --- settling --------------------------------------------------------------------------------

    def test_a_move_takes_the_agreement_along(self, journal: Journal) -> None:
        """B01."""
        publish(journal, "a")
        journal.observe({RelPath("b"): hashed()}, [RelPath("a")])
        moved = document(path="b", revision=2)
        journal.settle([Settled(RelPath("b"), agreed(), moved, "move", moved_from=RelPath("a"))])
        assert journal.synced(RelPath("a")) is None
        assert journal.synced_path(ShareId("d1")) == "b"
        assert journal.differences().synced == {}

    def test_moves_in_a_row_do_not_take_each_others_place(self, journal: Journal) -> None:
        """B05. a to b, b to c, settled in one batch and in the worse order."""
        publish(journal, "a", "d1", ONE)
        publish(journal, "b", "d2", TWO)
        journal.observe({RelPath("b"): hashed(ONE), RelPath("c"): hashed(TWO)}, [RelPath("a")])
        one = Settled(RelPath("b"), agreed("d1", ONE), None, "", moved_from=RelPath("a"))
        two = Settled(RelPath("c"), agreed("d2", TWO), None, "", moved_from=RelPath("b"))
        journal.settle([one, two])
        assert {p: s.share_id for p, s in journal.synced_all().items()} == {"b": "d1", "c": "d2"}
        assert journal.differences().synced == {}

    def test_a_path_is_no_id_of_a_document(self, journal: Journal) -> None:
        """B20. People name documents by path, too, and a path may hold any bytes."""
        publish(journal, "a")
        assert journal.document(ShareId("bad\udce9name.txt")) is None
        assert journal.document(ShareId("d1")) is not None

    def test_the_homes_of_an_inode_are_the_paths_it_was_agreed_on(self, journal: Journal) -> None:
        """B01, E08."""
        publish(journal, "a", "d1", ONE)
        huge = replace(agreed("d2", TWO), ino=2**63 + 7)
        journal.settle([Settled(RelPath("d/b"), huge, None, "")])
        known = agreed("d1", ONE)
        assert journal.homes([]) == set()
        assert journal.homes([(known.dev, known.ino)]) == {"a"}
        assert journal.homes([(known.dev + 1, known.ino)]) == set()
        assert journal.homes([(huge.dev, huge.ino), (1, 1)]) == {"d/b"}
        journal.settle([Settled(RelPath("a"), None, None, "")])
        assert journal.homes([(known.dev, known.ino)]) == set()

    def test_forgetting_an_agreement_leaves_the_file(self, journal: Journal) -> None:
        publish(journal, "a")
        journal.settle([Settled(RelPath("a"), None, None, "")])
        assert journal.synced(RelPath("a")) is None
        assert journal.local(RelPath("a")) is not None

    # --- intents and transfers -------------------------------------------------------------------

    def test_an_intent_keeps_its_key_until_it_is_settled(self, journal: Journal) -> None:
        """J16, R4."""
        first = journal.intend(["x\udcff", "y"], [OpId("1"), OpId("2")])
        assert first == ["1", "2"]
        assert journal.intend(["y", "z"], [OpId("3"), OpId("4")]) == ["2", "4"]
        journal.settle([Settled(None, None, None, "y")])
        assert journal.intend(["x\udcff", "y"], [OpId("5"), OpId("6")]) == ["1", "6"]

    def test_a_transfer_is_taken_up_with_its_parts(self, journal: Journal) -> None:
        """G02, J01."""
        huge = Stat(1, 2**64 - 1, 2**40, 10**24, 5)
        transfer = Transfer(OpId("op"), RelPath("d/\udcff"), huge, "u", "g", "k", None, 8, {})
        journal.save_transfer(transfer)
        begun = Transfer(OpId("op"), RelPath("d/\udcff"), huge, "u", "g", "k", "m", 8, {})
        journal.save_transfer(begun)
        journal.save_part(OpId("op"), 2, Part('"e2"', 2**32 - 1, 8))
        journal.save_part(OpId("op"), 1, Part('"e1"', 0, 8))
        found = journal.transfer(RelPath("d/\udcff"))
        assert found is not None
        assert found.parts == {1: Part('"e1"', 0, 8), 2: Part('"e2"', 2**32 - 1, 8)}
        assert found.multipart_id == "m"
        assert found.expects == huge
        assert journal.transfers() == [found]

    def test_starting_a_transfer_anew_drops_its_parts(self, journal: Journal) -> None:
        transfer = Transfer(OpId("op"), RelPath("a"), stat(), "u", "g", "k", "m", 8, {})
        journal.save_transfer(transfer)
        journal.save_part(OpId("op"), 1, Part("e", 1, 8))
        journal.save_transfer(transfer)
        assert journal.transfers() == [transfer]

    def test_a_part_of_a_dropped_transfer_is_nothing(self, journal: Journal) -> None:
        """A13. The answer for a part may come after its transfer was given up."""
        transfer = Transfer(OpId("op"), RelPath("a"), stat(), "u", "g", "k", "m", 8, {})
        journal.save_transfer(transfer)
        journal.drop_transfer(OpId("op"))
        journal.save_part(OpId("op"), 1, Part("e", 1, 8))
        assert journal.transfers() == []
        journal.save_transfer(transfer)
        assert journal.transfers() == [transfer]

    def test_settling_ends_the_transfer(self, journal: Journal) -> None:
        journal.save_transfer(Transfer(OpId("op"), RelPath("a"), stat(), "u", "g", "k", "m", 8, {}))
        journal.settle([Settled(RelPath("a"), agreed(), document(), "x", op_id=OpId("op"))])
        assert journal.transfers() == []

    # --- the rest --------------------------------------------------------------------------------

    def test_notes_rules_and_withdrawals_are_kept(self, journal: Journal) -> None:
        path = RelPath("d/\udcff")
        journal.note(path, Note("problem", "It is d/\udcff."))
        assert journal.notes() == {path: Note("problem", "It is d/\udcff.")}
        journal.note(path, None)
        assert journal.notes() == {}
        journal.set_rule(path, FolderRule(3600, ("b@example.org",)))
        journal.set_rule(RelPath("e"), FolderRule(None, ()))
        journal.set_rule(RelPath("e"), None)
        assert journal.rules() == {path: FolderRule(3600, ("b@example.org",))}

    def test_only_unconfirmed_withdrawals_of_the_time_asked_for_count(
        self, journal: Journal
    ) -> None:
        """R5."""
        journal.log_withdrawals({ShareId("1"): False}, 1000)
        journal.log_withdrawals({ShareId("2"): False, ShareId("3"): True}, 2000)
        journal.log_withdrawals({ShareId("2"): False}, 2000)
        assert journal.withdrawals_since(1500) == 1
        assert journal.withdrawals_since(0) == 2

    def test_a_withdrawal_counts_once_its_document_is_no_longer_live(
        self, journal: Journal
    ) -> None:
        """R5. It counts when its answer was lost, too, and not while it did not come about."""
        publish(journal, "a")
        journal.log_withdrawals({ShareId("d1"): False}, 1000)
        assert journal.withdrawals_since(0) == 0
        journal.learn([document(revision=2, state=DocumentState.REMOVED)], [], "cursor")
        assert journal.withdrawals_since(0) == 1

    def test_another_folder_keeps_what_the_server_told(self, journal: Journal) -> None:
        """F10."""
        publish(journal, "a")
        journal.save_transfer(Transfer(OpId("op"), RelPath("a"), stat(), "u", "g", "k", "m", 8, {}))
        journal.put("epoch", "e")
        journal.forget_local()
        assert journal.local(RelPath("a")) is None
        assert journal.synced_all() == {}
        assert journal.transfers() == []
        assert journal.document(ShareId("d1")) is not None
        assert journal.get("epoch") == "e"

    def test_another_account_finds_nothing(self, journal: Journal) -> None:
        """Invariant I13; scenario I13: another account finds nothing."""
        publish(journal, "a")
        journal.put("cursor", "c")
        journal.intend(["x"], [OpId("1")])
        journal.clear()
        assert list(journal.documents()) == []
        assert journal.synced_all() == {}
        assert journal.get("cursor") is None
        assert journal.intend(["x"], [OpId("2")]) == ["2"]
