"""What `.mydocignore` files say, pattern by pattern, and what is told of wrong ones (D14)."""

import pytest

from mydoctransfer.engine.ignoring import IgnoreRules
from mydoctransfer.model.events import RowsChanged
from mydoctransfer.model.trees import ROOT, RelPath, Stat
from tests.engine.days import Day, a_day

SOME = Stat(1, 1, 1, 1, 1)


def rules(root: bytes, **deeper: bytes) -> IgnoreRules:
    made = IgnoreRules()
    made.read(ROOT, SOME, root)
    for directory, text in deeper.items():
        made.read(RelPath(directory), SOME, text)
    return made


@pytest.mark.parametrize(
    ("text", "path", "is_ignored"),
    [
        (b"*.bak", "a.bak", True),
        (b"*.bak", "deep/down/a.bak", True),
        (b"*.bak", "a.bak.txt", False),
        (b"*.bak\n!keep.bak", "keep.bak", False),
        (b"/top.txt", "top.txt", True),
        (b"/top.txt", "sub/top.txt", False),
        (b"build/", "build", False),
        (b"build/", "sub/build/x", True),
        (b"build/\n!build/x", "build/x", True),
        (b"docs/**/draft", "docs/a/b/draft", True),
        (b"# *.txt\n\n", "a.txt", False),
        (b"\\#x", "#x", True),
        (b"*.txt\r\n", "a.txt", True),
        (b"\xef\xbb\xbf*.txt", "a.txt", True),
        (b"*.bak", "line\nfeed/a.bak", True),
        (b"a*b", "a\nb", True),
        ("a\u2028b".encode(), "a\u2028b", True),
        (b"caf\xe9", "caf\udce9", True),
    ],
)
def test_rules_are_gits(text, path, is_ignored):
    """D14, B20."""
    assert rules(text).covers(RelPath(path)) is is_ignored


def test_nothing_beneath_an_ignored_directory_is_let_in_again():
    assert rules(b"build/", build=b"!x").covers(RelPath("build/x"))


@pytest.mark.parametrize("wrong", [b"!", b"\\", b"[z-a]"])
def test_a_line_that_is_no_pattern_is_told_and_the_others_hold(wrong):
    made = rules(b"*.bak", sub=b"*.one\n" + wrong + b"\r\n*.two")
    assert made.complaints == {
        "sub/.mydocignore": "sub/.mydocignore, line 2, is no pattern and ignores nothing: "
        f"{wrong.decode()}. Correct it or remove it."
    }
    assert made.covers(RelPath("sub/a.one"))
    assert made.covers(RelPath("sub/a.two"))
    made.read(RelPath("sub"), SOME, b"*.one")
    assert made.complaints == {}


@pytest.mark.parametrize("wrong", [b"!", b"[z-a]"])
def test_a_wrong_line_is_a_sentence_in_the_status_and_stops_nothing(wrong):
    with a_day() as day:
        day.device().folder.write(".mydocignore", wrong)
        day.write("a.txt")
        day.sync()
        assert day.live_paths() == ["a.txt"]
        engine = day.device().engine
        assert engine is not None
        assert engine.status().message.startswith(".mydocignore, line 1, is no pattern")


def test_a_wrong_line_has_a_row_until_it_is_corrected():
    """D14: `status` and `sync --once` said nothing, and what the line was to keep here was sent."""
    with a_day() as day:
        device = day.device()
        assert device.folder.write("d/.mydocignore", b"*.bak\n[z-a]\n")
        day.write("d/a.txt")
        assert (day.sync()["skipped"], day.sync()["failed"]) == (1, 0)
        items = {item["path"]: item for item in day.status(device)["items"]}
        assert items["d/a.txt"]["state"] == "synced"
        assert items["d/.mydocignore"]["state"] == "skipped"
        assert items["d/.mydocignore"]["message"].startswith(
            "d/.mydocignore, line 2, is no pattern"
        )
        device.crash()
        assert device.folder.write("d/.mydocignore", b"*.bak\n")
        device.start()
        assert (day.sync()["skipped"], day.states()) == (0, {"d/a.txt": "synced"})


def test_rules_that_become_unreadable_say_that_and_not_what_was_wrong_with_them():
    """R9: in the folder itself both are told of the one file."""
    with a_day() as day:
        device = day.device()
        assert device.folder.write(".mydocignore", b"[z-a]\n")
        day.write("a.txt")
        day.sync()
        assert device.folder.delete(".mydocignore")
        assert device.folder.special(".mydocignore", "symlink")
        day.did(".mydocignore")
        day.sync()
        assert day.states()[".mydocignore"] == "problem"
        assert device.folder.delete(".mydocignore")
        day.did(".mydocignore")
        day.sync()
        assert day.states() == {"a.txt": "synced"}


@pytest.mark.parametrize("is_told", [True, False])
def test_rules_go_with_the_directory_that_held_them(is_told):
    """What such rules ignored is deleted like anything else, when all of it is."""
    with a_day() as day:
        folder = day.device().folder
        folder.make_directory("d")
        day.write("d/a.txt", "s00001")
        day.write("b.txt", "s00002")
        day.sync()
        folder.write("d/.mydocignore", b"a.txt")
        day.did("d/.mydocignore")
        day.sync()
        assert day.live_paths() == ["b.txt", "d/a.txt"]
        for path in ("d/.mydocignore", "d/a.txt", "d"):
            folder.delete(path)
        if is_told:
            day.did("d")
        day.sync(grace=0)
        assert day.live_paths() == ["b.txt"]


def test_a_directory_renamed_with_its_rules_keeps_them_and_moves_its_documents():
    """D14: by one call for each document, with no byte sent and none withdrawn."""
    with a_day() as day:
        assert day.device().folder.write("old/.mydocignore", b"*.bak\n")
        day.write("old/a.txt", "s00001")
        day.write("old/deep/b.txt", "s00002")
        day.write("old/a.bak", "s00003")
        day.sync()
        before = {path.rpartition("/")[2]: day.id_of(path) for path in day.live_paths()}
        assert "a.bak" not in before
        puts = day.puts
        day.device().folder.rename("old", "new")
        day.did("old", "new")
        day.sync()
        after = {path.rpartition("/")[2]: day.id_of(path) for path in day.live_paths()}
        assert (after, day.puts) == (before, puts)
        assert all(path.startswith("new/") for path in day.live_paths())
        day.write("new/c.bak", "s00004")
        day.write("new/deep/d.bak", "s00005")
        day.write("c.bak", "s00006")
        day.sync()
        assert [path for path in day.live_paths() if path.endswith(".bak")] == ["c.bak"]


def test_a_directory_renamed_out_of_its_parents_rules_is_sent():
    """D14."""
    with a_day() as day:
        assert day.device().folder.write(".mydocignore", b"/drafts/\n")
        day.did(".mydocignore")
        day.write("drafts/a.txt", "s00001")
        day.sync()
        assert "drafts/a.txt" not in day.live_paths()
        day.device().folder.rename("drafts", "final")
        day.did("drafts", "final")
        day.sync()
        assert "final/a.txt" in day.live_paths()


def _two_of_which_one_is_ignored(day: Day) -> tuple[str, str]:
    """Publish two documents, then ignore the first; return their ids."""
    day.write("a.txt", "s00001")
    day.write("b.txt", "s00002")
    day.sync()
    assert day.device().folder.write(".mydocignore", b"/a.txt\n")
    day.did(".mydocignore")
    day.sync()
    return day.id_of("a.txt"), day.id_of("b.txt")


def test_an_ignored_document_that_trades_places_follows_its_file_and_reaches_nobody_else():
    """R2, B05, D14: nobody looked at the ignored half, and its bytes went to the people of the
    other document as an edit."""
    with a_day() as day:
        a, b = _two_of_which_one_is_ignored(day)
        assert day.device().folder.swap("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        assert day.sync()["failed"] == 0
        assert (day.id_of("a.txt"), day.id_of("b.txt")) == (b, a)
        assert (day.content_at("a.txt"), day.content_at("b.txt"), day.puts) == (
            *("s00002", "s00001"),
            2,
        )
        day.write("a.txt", "s00003")
        day.write("b.txt", "s00004")
        day.sync()
        assert (day.content_at("a.txt"), day.content_at("b.txt")) == ("s00002", "s00004")


def test_what_is_ignored_is_not_sent_where_its_exchange_was_undone_by_half():
    """R2, D14: what the person saves in the place of the other half makes two edits of it, and the
    ignored one is neither sent nor waited for."""
    with a_day() as day:
        a, b = _two_of_which_one_is_ignored(day)
        device = day.device()
        assert device.folder.swap("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.pass_time(1)
        assert device.folder.replace("b.txt", day.bytes_of("s00003"))
        day.did("b.txt")
        assert day.sync()["failed"] == 0
        assert (day.id_of("a.txt"), day.id_of("b.txt")) == (a, b)
        assert (day.content_at("a.txt"), day.content_at("b.txt")) == ("s00001", "s00003")
        day.pass_time(100)
        assert (day.content_at("a.txt"), day.status(device)["state"]) == ("s00001", "idle")


def test_an_ignored_file_moved_over_a_document_is_its_next_version():
    """R2, rule 1: whatever inode now lies there; what it left behind keeps its document (D14)."""
    with a_day() as day:
        a, b = _two_of_which_one_is_ignored(day)
        assert day.device().folder.rename("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        assert day.sync()["uploaded"] == 1
        assert (day.id_of("a.txt"), day.id_of("b.txt")) == (a, b)
        assert day.content_at("b.txt") == "s00001"


def _row(day: Day, path: str) -> tuple[str, str]:
    (found,) = [item for item in day.status(day.device())["items"] if item["path"] == path]
    return found["state"], found["message"]


def _told(day: Day, path: str) -> str:
    """Return the state that was last told of a path."""
    told = [e.rows for e in day.device().events if isinstance(e, RowsChanged)]
    return [row.state.value for rows in told for row in rows if row.path == path][-1]


KEPT = ("skipped", "Its file is named in .mydocignore: changes to it are not sent.")


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_document_whose_file_is_ignored_is_not_called_synced(is_deleted):
    """R8, D14: nobody looks whether its bytes are those of the file. Said as soon as the rule
    holds, after a restart too, and no more when the rule goes."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.write("b.txt", "s00002")
        day.sync()
        device = day.device()
        assert device.folder.write(".mydocignore", b"/a.txt\n")
        day.did(".mydocignore")
        day.pass_time(30)
        assert (_row(day, "a.txt"), _row(day, "b.txt")) == (KEPT, ("synced", ""))
        assert _told(day, "a.txt") == "skipped"
        if is_deleted:
            assert device.folder.delete("a.txt")
        else:
            assert device.folder.write("a.txt", day.bytes_of("s00003"))
        day.did("a.txt")
        day.pass_time(100)
        assert _row(day, "a.txt") == KEPT
        device.crash()
        device.start()
        assert _row(day, "a.txt") == KEPT
        assert day.sync()["failed"] == 0
        assert device.folder.delete(".mydocignore")
        day.did(".mydocignore")
        day.pass_time(100)
        assert day.states() == {"b.txt": "synced"} | ({} if is_deleted else {"a.txt": "synced"})


def test_an_ignored_document_that_expires_is_gone():
    """R6."""
    with a_day(lifetime=120) as day:
        day.write("a.txt", "s00001")
        day.sync()
        assert day.device().folder.write(".mydocignore", b"/a.txt\n")
        day.did(".mydocignore")
        day.pass_time(300)
        assert _row(day, "a.txt")[0] == "gone"
