"""What the engine relies on in a `Disk`. Fixture: `place`, an empty folder as people use it."""

import hashlib
from typing import Protocol

from mydoctransfer.engine.ports import (
    Along,
    Disk,
    Entry,
    Failure,
    FailureKind,
    Hashed,
    Listing,
    Root,
)
from mydoctransfer.model.trees import ROOT, RelPath, Skip, Stat

MARKER = "0123456789abcdef0123456789abcdef"
ALONG = Along(before_ns=2**63, most_bytes=5, most_files=100)


class Place(Protocol):
    """The folder as people see it, and the port over it. Paths are relative, with `/`."""

    disk: Disk

    def write(self, path: str, content: bytes) -> None:
        """Write in place, making the directories it needs."""

    def replace(self, path: str, content: bytes) -> None:
        """Write beside and rename over, as editors do."""

    def read(self, path: str) -> bytes: ...
    def mkdir(self, path: str) -> None: ...
    def move(self, old: str, new: str) -> None: ...
    def remove(self, path: str) -> None:
        """Remove a file, or a directory with all it holds; "" is the folder itself."""

    def link(self, target: str, path: str) -> None:
        """Make a symlink."""

    def hardlink(self, path: str, other: str) -> None: ...
    def fifo(self, path: str) -> None: ...
    def names(self) -> set[str]:
        """Every path in the folder, directories included."""

    def outside(self, name: str, content: bytes) -> str:
        """Make a file elsewhere, `name` may have `/`; return the absolute path of its first
        component."""


def listed(place: Place, directory: str = "") -> Listing:
    (listing,) = place.disk.list_directories([RelPath(directory)])
    assert listing.failure is None
    return listing


def entries(place: Place, directory: str = "") -> dict[str, Entry]:
    listing = listed(place, directory)
    assert [e.name for e in listing.entries] == sorted(e.name for e in listing.entries)
    return {e.name: e for e in listing.entries}


def stat_of(place: Place, path: str) -> Stat:
    found = place.disk.stat(RelPath(path))
    assert isinstance(found, Stat)
    return found


def kind_of(outcome: object) -> FailureKind:
    assert isinstance(outcome, Failure)
    assert outcome.message
    return outcome.kind


def hash_one(place: Place, path: str, expects: Stat) -> Hashed | Failure:
    (outcome,) = place.disk.hash_files([(RelPath(path), expects)])
    return outcome


class DiskSuite:
    """The port's promises."""

    # --- the root --------------------------------------------------------------------------------

    def test_the_marker_is_made_once_and_kept(self, place: Place) -> None:
        """R1, F02."""
        before = place.disk.look()
        assert isinstance(before, Root)
        assert before.marker is None
        assert place.disk.mark(MARKER) == Root(before.dev, MARKER)
        assert place.disk.mark("f" * 32) == Root(before.dev, MARKER)
        assert place.disk.look() == Root(before.dev, MARKER)

    def test_a_missing_folder_is_said(self, place: Place) -> None:
        """F01."""
        place.remove("")
        assert kind_of(place.disk.look()) is FailureKind.MISSING
        assert kind_of(place.disk.mark(MARKER)) is FailureKind.MISSING
        (listing,) = place.disk.list_directories([ROOT])
        assert kind_of(listing.failure) is FailureKind.MISSING
        (hashed,) = place.disk.hash_files([(RelPath("a"), Stat(1, 1, 1, 1, 1))])
        assert kind_of(hashed) is FailureKind.MISSING

    def test_something_else_under_the_markers_name_is_no_marker(self, place: Place) -> None:
        """F04."""
        place.write(".mydoctransfer", b"hello")
        found = place.disk.look()
        assert isinstance(found, Root)
        assert found.marker is None
        assert kind_of(place.disk.mark(MARKER)) is FailureKind.UNREADABLE
        assert place.read(".mydoctransfer") == b"hello"

    def test_a_link_under_the_markers_name_is_no_marker(self, place: Place) -> None:
        """F04, D02."""
        place.write("real", MARKER.encode())
        place.link("real", ".mydoctransfer")
        found = place.disk.look()
        assert isinstance(found, Root)
        assert found.marker is None

    # --- looking ---------------------------------------------------------------------------------

    def test_a_directory_lists_files_and_directories(self, place: Place) -> None:
        place.write("a", b"12345")
        place.mkdir("d")
        place.mkdir("c")
        found = entries(place)
        assert set(found) == {"a"}
        assert (found["a"].size, found["a"].stat.size, found["a"].skip) == (5, 5, None)
        assert list(listed(place).subdirectories) == ["c", "d"]
        assert entries(place, "d") == {}

    def test_names_of_any_bytes_are_found_again(self, place: Place) -> None:
        """B17, B18, B20, D10."""
        names = [
            "a\nb", " ", "...", "-rf", "~", "$HOME", "a\\b", "CON", "fo\u0301o", "f\u00f3o",
            "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u202efdp.exe", "x" * 255,
            "\udcff\udc80", "a" + "\u0301" * 100, "%2e%2e", "\x7f\x01", "\u00e9" * 127,
        ]  # fmt: skip
        for name in names:
            place.write(f"d/{name}", name.encode("utf-8", "surrogateescape"))
        found = entries(place, "d")
        assert set(found) == set(names)
        batch = [(RelPath(f"d/{name}"), found[name].stat) for name in names]
        for name, outcome in zip(names, place.disk.hash_files(batch), strict=True):
            assert isinstance(outcome, Hashed)
            content = name.encode("utf-8", "surrogateescape")
            assert outcome.sha256 == hashlib.sha256(content).hexdigest()

    def test_what_is_no_regular_file_is_skipped_and_never_opened(self, place: Place) -> None:
        """D01, D02, T62."""
        place.write("real", b"x")
        place.link("real", "link")
        place.link(".", "loop")
        place.link("nowhere", "dangling")
        place.fifo("pipe")
        found = entries(place)
        assert {n: e.skip for n, e in found.items() if e.skip} == {
            "link": Skip.SYMLINK,
            "loop": Skip.SYMLINK,
            "dangling": Skip.SYMLINK,
            "pipe": Skip.FIFO,
        }
        assert not listed(place).subdirectories
        for name in ("link", "pipe", "loop", "dangling"):
            assert isinstance(place.disk.stat(RelPath(name)), Failure)
            assert isinstance(hash_one(place, name, found[name].stat), Failure)

    def test_a_directory_that_is_not_there_is_missing(self, place: Place) -> None:
        place.write("a", b"x")
        listings = place.disk.list_directories([RelPath("no"), RelPath("no/deeper"), RelPath("a")])
        assert [kind_of(one.failure) for one in listings] == [FailureKind.MISSING] * 3
        assert [one.directory for one in listings] == ["no", "no/deeper", "a"]
        assert not any(one.entries or one.subdirectories for one in listings)

    def test_a_small_file_is_read_if_it_is_as_expected(self, place: Place) -> None:
        place.write("rules", b"*.log\n")
        place.link("rules", "link")
        found = entries(place)
        stat = found["rules"].stat
        assert place.disk.read(RelPath("rules"), stat, 6) == b"*.log\n"
        assert kind_of(place.disk.read(RelPath("rules"), stat, 5)) is FailureKind.UNREADABLE
        linked = place.disk.read(RelPath("link"), found["link"].stat, 100)
        assert kind_of(linked) is FailureKind.CHANGED
        other = stat._replace(ctime_ns=stat.ctime_ns + 1)
        assert kind_of(place.disk.read(RelPath("rules"), other, 100)) is FailureKind.CHANGED

    def test_no_path_leads_out(self, place: Place) -> None:
        """D04, T78, invariant I20. Not even one a tampered journal asks for."""
        outside = place.outside("secret", b"canary")
        place.link(outside.rpartition("/")[0], "door")
        place.mkdir("d")
        for path in ("..", "d/..", "d/../..", "/", "/etc", ".", "d//", "door", "a\0b"):
            (listing,) = place.disk.list_directories([RelPath(path)])
            assert isinstance(listing.failure, Failure), path
        for path in ("door/secret", "../secret", outside, "d/../../secret", "", ".", ".."):
            assert isinstance(place.disk.stat(RelPath(path)), Failure), path
            assert isinstance(hash_one(place, path, Stat(0, 0, 6, 0, 0)), Failure), path

    def test_many_directories_come_in_the_order_asked(self, place: Place) -> None:
        asked = []
        for a in "abc":
            for b in "xyz":
                place.write(f"{a}/{b}/f{a}{b}", b"")
                asked.append(RelPath(f"{a}/{b}"))
        asked.reverse()
        listings = place.disk.list_directories(asked)
        assert [one.directory for one in listings] == asked
        assert [one.entries[0].name for one in listings] == [
            f"f{d.replace('/', '')}" for d in asked
        ]

    def test_deep_trees_and_long_paths_are_walked(self, place: Place) -> None:
        """C06. 200 levels and a path of more than 4,096 bytes."""
        deep = "/".join(["x" * 24] * 200)
        place.write(f"{deep}/file", b"deep")
        assert len(deep) > 4096
        assert set(entries(place, deep)) == {"file"}
        outcome = hash_one(place, f"{deep}/file", stat_of(place, f"{deep}/file"))
        assert isinstance(outcome, Hashed)
        half = "/".join(deep.split("/")[:100])
        listings = place.disk.list_directories([RelPath(deep), RelPath(half), RelPath(deep), ROOT])
        assert all(
            one.failure is None and len([*one.entries, *one.subdirectories]) == 1
            for one in listings
        )

    # --- reading along ---------------------------------------------------------------------------

    def test_small_files_at_rest_are_read_while_they_are_listed(self, place: Place) -> None:
        place.write("d/a", b"12345")
        place.write("d/b", b"")
        place.write("d/large", b"123456")
        place.write("d/other.tmp", b"x")
        place.link("d/a", "d/link")
        place.fifo("d/pipe")
        (listing,) = place.disk.list_directories([RelPath("d")], ALONG)
        assert list(listing.entries) == list(listed(place, "d").entries)
        assert set(listing.read) == {"a", "b"}
        for name, file in listing.read.items():
            path = RelPath(f"d/{name}")
            assert Hashed(path, *file[:3]) == hash_one(place, path, stat_of(place, path))

    def test_what_was_touched_just_now_is_not_read_along(self, place: Place) -> None:
        """A01."""
        place.write("a", b"x")
        stat = stat_of(place, "a")
        for touched in {stat.mtime_ns, stat.ctime_ns}:
            along = ALONG._replace(before_ns=touched)
            assert not place.disk.list_directories([ROOT], along)[0].read

    def test_as_many_files_as_are_wanted_are_read_along(self, place: Place) -> None:
        for directory in "abc":
            for name in "xy":
                place.write(f"{directory}/{name}", b"x")
        asked = [RelPath(directory) for directory in "abc"]
        listings = place.disk.list_directories(asked, ALONG._replace(most_files=3))
        assert [set(one.read) for one in listings] == [{"x", "y"}, {"x"}, set()]

    def test_nothing_is_read_along_where_rules_may_ignore_it(self, place: Place) -> None:
        place.write("a/.mydocignore", b"x\n")
        place.mkdir("c/.mydocignore")
        place.write("d/rules", b"x\n")
        place.link("rules", "d/.mydocignore")
        for directory in "abcd":
            place.write(f"{directory}/x", b"x")
        listings = place.disk.list_directories([RelPath(directory) for directory in "abcd"], ALONG)
        assert [set(one.read) for one in listings] == [set(), {"x"}, set(), set()]

    # --- reading ---------------------------------------------------------------------------------

    def test_a_file_is_hashed_to_its_last_byte(self, place: Place) -> None:
        """C01. Empty, small, and larger than any buffer."""
        for size in (0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3_000_000):
            content = b"\xa5" * size
            place.write("f", content)
            outcome = hash_one(place, "f", stat_of(place, "f"))
            assert isinstance(outcome, Hashed)
            assert outcome.sha256 == hashlib.sha256(content).hexdigest()
            assert outcome.stat == stat_of(place, "f")

    def test_a_file_that_is_not_as_expected_is_not_read(self, place: Place) -> None:
        """A06, T60."""
        place.write("f", b"one")
        old = stat_of(place, "f")
        place.replace("f", b"two")
        assert kind_of(hash_one(place, "f", old)) is FailureKind.CHANGED
        place.remove("f")
        assert kind_of(hash_one(place, "f", old)) is FailureKind.MISSING
        place.mkdir("f")
        assert kind_of(hash_one(place, "f", old)) is FailureKind.CHANGED

    def test_one_bad_file_does_not_spoil_the_batch(self, place: Place) -> None:
        """Invariant I22."""
        place.write("a", b"1")
        place.write("c", b"3")
        batch = [
            (RelPath("a"), stat_of(place, "a")),
            (RelPath("b"), stat_of(place, "a")),
            (RelPath("c"), stat_of(place, "c")),
        ]
        kinds = [type(outcome) for outcome in place.disk.hash_files(batch)]
        assert kinds == [Hashed, Failure, Hashed]

    def test_a_birth_is_the_same_under_another_name(self, place: Place) -> None:
        """R2, B01."""
        place.write("a", b"x")
        before = hash_one(place, "a", stat_of(place, "a"))
        place.move("a", "b")
        after = hash_one(place, "b", stat_of(place, "b"))
        assert isinstance(before, Hashed)
        assert isinstance(after, Hashed)
        assert (before.birth_ns, before.stat.ino) == (after.birth_ns, after.stat.ino)

    def test_two_names_of_one_file_are_two_files(self, place: Place) -> None:
        """D05."""
        place.write("a", b"x")
        place.hardlink("a", "b")
        found = entries(place)
        assert found["a"].stat.ino == found["b"].stat.ino
        assert (found["a"].skip, found["b"].skip) == (None, None)

    def test_looking_and_reading_leave_no_trace(self, place: Place) -> None:
        """A20, I1."""
        place.write("d/a", b"x")
        before = stat_of(place, "d/a"), place.names(), place.read("d/a")
        listings: list[Listing] = place.disk.list_directories([ROOT, RelPath("d")])
        assert len(listings) == 2
        hash_one(place, "d/a", before[0])
        assert (stat_of(place, "d/a"), place.names(), place.read("d/a")) == before

    # --- adding ----------------------------------------------------------------------------------

    def test_a_dropped_file_gets_a_free_name(self, place: Place) -> None:
        """R1, O01."""
        place.write("in/a.txt", b"mine")
        source = place.outside("a.txt", b"dropped")
        assert place.disk.add(source, RelPath("in")) == ["in/a (2).txt"]
        assert place.disk.add(source, RelPath("in")) == ["in/a (3).txt"]
        assert place.read("in/a.txt") == b"mine"
        assert place.read("in/a (2).txt") == b"dropped"

    def test_a_dropped_directory_comes_whole_under_a_free_name(self, place: Place) -> None:
        place.mkdir("d")
        source = place.outside("d/e/f", b"x")
        assert place.disk.add(source, ROOT) == ["d (2)/e/f"]
        assert place.read("d (2)/e/f") == b"x"
        assert "d/e" not in place.names()

    def test_a_dropped_name_of_full_length_still_gets_a_second_one(self, place: Place) -> None:
        """D12."""
        name = "\u00e9" * 125 + ".txt"
        source = place.outside(name, b"x")
        assert place.disk.add(source, ROOT) == [name]
        added = place.disk.add(source, ROOT)
        assert added == ["\u00e9" * 123 + " (2).txt"]

    def test_what_lies_in_the_folder_already_is_not_copied(self, place: Place) -> None:
        place.write("d/a", b"x")
        assert place.disk.add(root_of(place) + "/d/a", ROOT) == ["d/a"]
        assert place.names() == {"d", "d/a"}

    def test_the_folder_is_not_copied_into_itself(self, place: Place) -> None:
        place.write("a", b"x")
        root = root_of(place)
        assert kind_of(place.disk.add(root, ROOT)) is FailureKind.REFUSED
        assert kind_of(place.disk.add(root.rpartition("/")[0], ROOT)) is FailureKind.REFUSED
        assert place.names() == {"a"}

    def test_a_drop_that_is_not_there_is_said(self, place: Place) -> None:
        assert kind_of(place.disk.add("/no/such/file", ROOT)) is FailureKind.MISSING
        source = place.outside("a", b"x")
        assert kind_of(place.disk.add(source, RelPath("no"))) is FailureKind.MISSING
        assert place.names() == set()


def root_of(place: Place) -> str:
    root: str = place.disk.root  # type: ignore[attr-defined]
    return root
