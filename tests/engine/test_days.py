"""What a person sees of the engine, line by line of the scenario catalogue."""

import pytest

from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import RowsChanged
from mydoctransfer.model.ignore import MARKER, SIGN
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import LOST, USER
from tests.simulation.world.troubles import TROUBLES, heal

# --- A. local edits ------------------------------------------------------------------------------


def test_several_writes_within_the_quiet_period_make_one_version():
    """A01, A22."""
    with a_day() as day:
        for n in range(1, 8):
            day.write("a.txt", f"s0000{n}")
            day.pass_time(0.5)
        day.sync()
        assert (day.content_at("a.txt"), day.puts) == ("s00007", 1)


def test_an_editor_that_saves_beside_and_renames_makes_a_version_of_the_same_document():
    """A02, A05."""
    with a_day() as day:
        day.write("f.txt")
        day.sync()
        before = day.id_of("f.txt")
        folder = day.device().folder
        folder.write(".gedit-save-1", day.bytes_of("s00002"))
        folder.rename("f.txt", "f.txt~")
        folder.rename(".gedit-save-1", "f.txt")
        day.did("f.txt")
        day.sync()
        assert day.live_paths() == ["f.txt"]
        assert (day.id_of("f.txt"), day.content_at("f.txt")) == (before, "s00002")


def test_office_lock_files_are_never_sent():
    """A04, A08."""
    with a_day() as day:
        for name in ("~$report.docx", ".~lock.x.odt#", "4913", ".f.swp", "x.pdf.crdownload"):
            day.write(name)
        day.write("report.docx", "s00002")
        day.sync()
        assert day.live_paths() == ["report.docx"]


def test_what_marks_a_directory_of_the_programs_own_is_not_sent():
    """R1: wherever it turns up, for instance through an inbox that is a link into the folder."""
    with a_day() as day:
        day.write(SIGN, "s00001")
        day.write("a.txt", "s00002")
        day.sync()
        assert day.live_paths() == ["a.txt"]


def test_the_empty_file_a_browser_keeps_beside_a_download_is_not_sent():
    """A09."""
    with a_day() as day:
        day.write("x.pdf", "empty")
        day.write("x.pdf.part", "s00001")
        day.sync()
        assert day.live_paths() == []
        day.device().folder.rename("x.pdf.part", "x.pdf")
        day.did("x.pdf")
        day.sync()
        assert (day.content_at("x.pdf"), day.puts) == ("s00001", 1)


def test_a_document_that_is_downloaded_anew_keeps_its_people():
    """A09, R2: the browser empties the file, and renames the new one over it in the end. Whoever
    looks meanwhile sees that it is on its way."""
    with a_day() as day:
        day.write("x.pdf", "s00001")
        day.write("other.txt", "s00009")
        day.sync()
        before = day.id_of("x.pdf")
        day.write("x.pdf", "empty")
        day.write("x.pdf.part", "s00002")
        day.pass_time(300)
        assert day.states()["x.pdf"] == "skipped"
        assert (day.id_of("x.pdf"), day.content_at("x.pdf")) == (before, "s00001")
        day.device().folder.rename("x.pdf.part", "x.pdf")
        day.did("x.pdf")
        day.sync()
        assert (day.id_of("x.pdf"), day.content_at("x.pdf")) == (before, "s00002")
        assert day.states()["x.pdf"] == "synced"


def test_a_directory_that_was_moved_away_and_linked_keeps_its_documents():
    """R9: what is in it lies where the link leads, and nobody follows that. It is sent on when
    the directory is back, and withdrawn when the link is gone too."""
    with a_day() as day:
        day.write("sub/deep/x.txt", "s00001")
        day.write("other.txt", "s00009")
        day.sync()
        before, folder = day.id_of("sub/deep/x.txt"), day.device().folder
        assert folder.rename("sub", ".Trash") and folder.special("sub", "symlink")
        day.did("sub")
        day.pass_time(300)
        assert day.states()["sub"] == "skipped"
        assert day.id_of("sub/deep/x.txt") == before
        assert folder.delete("sub") and folder.rename(".Trash", "sub")
        day.did("sub")
        day.write("sub/deep/x.txt", "s00002")
        day.sync()
        assert (day.id_of("sub/deep/x.txt"), day.content_at("sub/deep/x.txt")) == (before, "s00002")
        assert folder.delete("sub") and folder.special("sub", "symlink")
        day.did("sub")
        day.pass_time(30)
        assert folder.delete("sub")
        day.did("sub")
        day.pass_time(300)
        assert day.live_paths() == ["other.txt"]


def test_an_empty_file_is_nobody_elses_next_name():
    """R2: to be empty is no sign of being the same. The diary is not for those of the notes."""
    with a_day() as day:
        day.write("notes.txt", "empty")
        day.write("other.txt", "s00009")
        day.sync()
        before, folder = day.id_of("notes.txt"), day.device().folder
        assert folder.delete("notes.txt")
        day.write("diary.txt", "empty")
        day.did("notes.txt")
        day.sync(grace=0)
        assert day.live_paths() == ["diary.txt", "other.txt"]
        assert day.id_of("diary.txt") != before
        after = day.id_of("diary.txt")
        assert folder.rename("diary.txt", "d/diary.txt")
        day.did("diary.txt", "d/diary.txt")
        day.sync(grace=0)
        assert day.id_of("d/diary.txt") == after


def test_a_file_that_changes_while_it_is_sent_is_sent_as_it_came_to_rest():
    """A10, A12."""
    with a_day() as day:
        day.write("big.bin", "L00001")
        day.until(lambda: bool(day.backend.bucket.uploads), "no upload begins")
        day.write("big.bin", "L00002")
        day.sync()
        assert day.content_at("big.bin") == "L00002"
        assert not day.backend.bucket.uploads


def _is_begun(day: Day) -> bool:
    """Whether the journal knows of an upload in parts."""
    return any(t.multipart_id for t in day.device().journal.transfers())


def test_a_half_sent_file_that_is_deleted_leaves_nothing_behind():
    """A13."""
    with a_day() as day:
        day.write("big.bin", "L00001")
        day.until(lambda: _is_begun(day), "no upload begins")
        day.device().crash()
        day.device().folder.delete("big.bin")
        day.device().start()
        day.sync()
        assert day.live_paths() == []
        assert not day.backend.bucket.uploads
        assert not day.device().journal.transfers()


@pytest.mark.parametrize("trouble", ["lost_before", "busy"])
def test_what_nobody_may_give_up_now_is_given_up_later(trouble):
    """A13, invariant I16: the line fails while leave is asked for to end the parts in the store."""
    with a_day() as day:
        day.write("big.bin", "L00001")
        day.until(lambda: _is_begun(day), "no upload begins")
        day.device().crash()
        day.device().folder.delete("big.bin")
        day.device().start()
        day.fault = lambda d, site, what: trouble if what == "POST /v1/uploads" else None
        day.pass_time(600)
        assert len(day.backend.bucket.uploads) == 1
        assert _is_begun(day)
        day.fault = lambda *_: None
        day.pass_time(600)
        assert not day.backend.bucket.uploads
        assert not day.device().journal.transfers()


def test_a_file_that_is_gone_when_its_turn_comes_is_no_error():
    """A14."""
    with a_day() as day:
        day.write("a.txt")
        day.pass_time(1.0)
        day.device().folder.delete("a.txt")
        day.did("a.txt")
        assert "failed" in day.sync()
        assert day.live_paths() == []


def test_an_edit_of_the_same_size_that_puts_the_time_back_is_seen():
    """A18, A25, E02."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.device().folder.write("a.txt", day.bytes_of("s00002"), forge=True)
        day.did("a.txt")
        day.sync()
        assert day.content_at("a.txt") == "s00002"


@pytest.mark.parametrize("mtime_ns", [0, -3_600_000_000_000, (2**32 - 1) * 10**9, 10**24])
def test_a_file_with_a_strange_time_is_sent(mtime_ns):
    """A17, E01."""
    with a_day() as day:
        day.device().folder.replace("old.txt", day.bytes_of("s00001"), mtime_ns=mtime_ns)
        day.did("old.txt")
        day.sync()
        assert day.live_paths() == ["old.txt"]


def test_a_hint_that_a_directory_is_gone_proves_nothing():
    """A24."""
    with a_day() as day:
        day.write("d/a.txt")
        day.sync()
        day.did("d", "d/a.txt")
        day.pass_time(200)
        assert day.live_paths() == ["d/a.txt"]


def test_a_copy_of_a_sent_file_is_a_document_of_its_own():
    """A26."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        before = day.id_of("a.txt")
        day.write("b.txt")
        day.sync()
        assert day.live_paths() == ["a.txt", "b.txt"]
        assert day.id_of("a.txt") == before


def test_a_touch_sends_nothing():
    """Invariant I7."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.device().folder.touch("a.txt")
        day.did("a.txt")
        day.sync()
        assert day.puts == 1


# --- B. names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_birth", [True, False])
def test_a_rename_is_one_call_and_no_bytes(has_birth):
    """B01."""
    with a_day(has_birth=has_birth) as day:
        day.write("a.txt")
        day.sync()
        before, calls = day.id_of("a.txt"), day.oracle.calls["D1"]
        day.device().folder.rename("a.txt", "d/b.txt")
        day.did("a.txt", "d/b.txt")
        day.sync()
        assert day.live_paths() == ["d/b.txt"]
        assert (day.id_of("d/b.txt"), day.puts) == (before, 1)
        assert day.oracle.calls["D1"] == calls + 1


def test_a_rename_with_an_edit_keeps_the_document_and_sends_once():
    """B02."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        before = day.id_of("a.txt")
        day.device().folder.rename("a.txt", "b.txt")
        day.write("b.txt", "s00002")
        day.did("a.txt")
        day.sync()
        assert (day.id_of("b.txt"), day.content_at("b.txt"), day.puts) == (before, "s00002", 2)


def test_an_inverted_hierarchy_sends_nothing():
    """B04."""
    with a_day() as day:
        day.write("A/E/x.txt", "s00001")
        day.write("A/y.txt", "s00002")
        day.sync()
        folder = day.device().folder
        folder.rename("A/E", "E")
        folder.rename("A", "E/A")
        day.did("A/y.txt", "E/x.txt", "E/A/y.txt", "A/E/x.txt", "A")
        day.sync()
        assert day.live_paths() == ["E/A/y.txt", "E/x.txt"]
        assert day.puts == 2


def test_documents_follow_files_that_trade_names():
    """B05."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.write("b.txt", "s00002")
        day.write("c.txt", "s00003")
        day.sync()
        a, b, e = day.id_of("a.txt"), day.id_of("b.txt"), day.id_of("c.txt")
        folder = day.device().folder
        folder.swap("a.txt", "b.txt")
        folder.swap("b.txt", "c.txt")
        day.did("a.txt")
        day.sync()
        assert (day.id_of("a.txt"), day.id_of("b.txt"), day.id_of("c.txt")) == (b, e, a)
        assert day.puts == 3


def test_of_a_renamed_folder_only_new_files_are_sent():
    """B06, L14."""
    with a_day() as day:
        for n in range(1, 6):
            day.write(f"d/s/{n}.txt", f"s0000{n}")
        day.sync()
        day.device().folder.rename("d", "e")
        day.write("e/s/new.txt", "s00009")
        day.did("d", "e", "e/s/new.txt", "d/s/1.txt")
        day.sync()
        assert day.live_paths() == [f"e/s/{n}.txt" for n in range(1, 6)] + ["e/s/new.txt"]
        assert day.puts == 6


def test_a_file_moved_out_of_a_deleted_folder_survives():
    """B08."""
    with a_day() as day:
        day.write("d/a.txt", "s00001")
        day.write("d/b.txt", "s00002")
        day.sync()
        before = day.id_of("d/a.txt")
        folder = day.device().folder
        folder.rename("d/a.txt", "a.txt")
        folder.delete("d")
        day.did("a.txt", "d", "d/a.txt")
        day.sync()
        assert day.live_paths() == ["a.txt"]
        assert (day.id_of("a.txt"), day.puts) == (before, 2)


def test_two_devices_that_rename_one_document_end_with_one():
    """B09."""
    with a_day(devices=2) as day:
        day.write("c.txt", d="D1")
        day.sync()
        day.write("c.txt", d="D2")
        day.sync()
        day.device("D1").folder.rename("c.txt", "left.txt")
        day.device("D2").folder.rename("c.txt", "right.txt")
        day.did("c.txt", "left.txt", d="D1")
        day.did("c.txt", "right.txt", d="D2")
        day.sync()
        day.sync()
        assert len(day.live_paths()) == 1
        calls = dict(day.oracle.calls)
        day.sync()
        assert dict(day.oracle.calls) == calls


def test_a_file_moved_over_another_is_its_new_version():
    """B12."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.write("b.txt", "s00002")
        day.sync()
        b = day.id_of("b.txt")
        day.device().folder.rename("a.txt", "b.txt")
        day.did("a.txt")
        day.sync()
        assert day.live_paths() == ["b.txt"]
        assert (day.id_of("b.txt"), day.content_at("b.txt")) == (b, "s00001")


def test_of_a_renamed_and_copied_file_exactly_one_keeps_the_document():
    """B13."""
    with a_day() as day:
        day.write("file", "s00001")
        day.sync()
        before = day.id_of("file")
        day.device().folder.rename("file", "file1")
        for n in (0, 2, 3, 4):
            day.write(f"file{n}", "s00001")
        day.did("file")
        day.sync()
        assert day.live_paths() == [f"file{n}" for n in range(5)]
        assert day.id_of("file1") == before


def test_a_change_of_case_only_is_one_rename():
    """B14, B16."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        before = day.id_of("a.txt")
        day.device().crash()
        day.device().folder.rename("a.txt", "A.txt")
        day.device().start()
        day.sync()
        assert (day.live_paths(), day.id_of("A.txt"), day.puts) == (["A.txt"], before, 1)


@pytest.mark.parametrize(
    "name",
    ["fo\u0301lder.txt", "\U0001f468\u200d\U0001f469.txt", "\u202eexe.txt", "a\u0301" * 60,
     "bad\udce9.txt", " lead", "a:b*?.txt", "-rf", "%2e%2e", "CON", "new\nline", "a::$DATA"],
)  # fmt: skip
def test_every_name_is_sent_and_kept_byte_for_byte(name):
    """B17, B20, D10."""
    from mydoctransfer_contract.paths import decode_path

    with a_day() as day:
        day.write(name)
        day.sync()
        assert [decode_path(p) for p in day.live_paths()] == [name]
        assert day.states() == {name: "synced"}


def test_two_spellings_of_one_name_are_two_documents():
    """B18."""
    with a_day() as day:
        day.write("caf\u00e9.txt", "s00001")
        day.write("cafe\u0301.txt", "s00002")
        day.sync()
        assert len(day.live_paths()) == 2


def test_a_name_no_json_can_carry_stops_no_other_file():
    """B25, G20, invariant I22."""
    with a_day() as day:
        day.write("bad\udce9.txt", "s00001")
        day.write("good.txt", "s00002")
        day.sync()
        assert "good.txt" in day.live_paths()


def test_a_folder_renamed_and_made_anew_while_nobody_looked_maps_by_inode():
    """B21."""
    with a_day() as day:
        day.write("d/a.txt", "s00001")
        day.sync()
        before = day.id_of("d/a.txt")
        day.device().crash()
        day.device().folder.rename("d", "old")
        day.write("d/b.txt", "s00002")
        day.device().start()
        day.sync()
        assert day.live_paths() == ["d/b.txt", "old/a.txt"]
        assert day.id_of("old/a.txt") == before


def test_what_comes_back_within_the_grace_was_never_gone():
    """B22."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        before, calls = day.id_of("a.txt"), day.oracle.calls["D1"]
        day.device().folder.rename("a.txt", "a.txt~")
        day.did("a.txt")
        day.pass_time(20)
        day.device().folder.rename("a.txt~", "a.txt")
        day.did("a.txt")
        day.sync()
        assert (day.id_of("a.txt"), day.oracle.calls["D1"]) == (before, calls)


# --- C. trees ------------------------------------------------------------------------------------


def test_an_empty_file_is_a_document():
    """C01."""
    with a_day() as day:
        day.write("empty.txt", "empty")
        day.sync()
        assert day.live_paths() == ["empty.txt"]


def test_two_hundred_levels_are_walked():
    """C06."""
    with a_day() as day:
        path = "/".join(["d"] * 200) + "/a.txt"
        day.write(path)
        day.sync()
        assert day.live_paths() == [path]


def test_empty_directories_are_no_documents():
    """C09."""
    with a_day() as day:
        day.device().folder.make_directory("d/e")
        day.write("d/.DS_Store")
        day.did("d/e", "d")
        assert day.sync()["uploaded"] == 0
        assert day.live_paths() == []


def test_what_cannot_be_read_is_frozen_and_the_rest_goes_on():
    """C12."""
    with a_day() as day:
        day.write("d/s/a.txt", "s00001")
        day.sync()
        day.device().folder.permit("d", False)
        day.write("b.txt", "s00002")
        day.pass_time(4000)
        day.sync()
        assert day.live_paths() == ["b.txt", "d/s/a.txt"]


def test_a_directory_that_cannot_be_read_is_said_until_it_can_be():
    """C12: in `status`, by `sync --once`, and nowhere any more once it is readable again."""
    with a_day() as day:
        day.write("d/a.txt", "s00001")
        day.sync()
        day.device().folder.permit("d", False)
        day.write("b.txt", "s00002")
        day.pass_time(4000)
        refused = day.sync()
        assert isinstance(refused, AppError)
        assert refused.code == "items_failed"
        status = day.status(day.device())
        assert status["state"] == "problem"
        (item,) = [item for item in status["items"] if item["path"] == "d"]
        assert "“d”" in item["message"]
        assert "Make that readable" in item["message"]
        assert day.states() == {"b.txt": "synced", "d/a.txt": "synced", "d": "problem"}
        told = [e for e in day.device().events if isinstance(e, RowsChanged)]
        assert {row.path for e in told for row in e.rows if row.is_directory} == {"d"}
        day.device().folder.permit("d", True)
        day.pass_time(4000)
        assert day.sync()["failed"] == 0
        assert day.states() == {"b.txt": "synced", "d/a.txt": "synced"}
        assert day.status(day.device())["state"] == "idle"


# --- D. what is not to be sent -------------------------------------------------------------------


def test_what_the_folder_says_is_ignored_is_not_sent():
    """D14. In git's syntax, nested: the deeper file wins."""
    with a_day() as day:
        day.device().folder.write(".mydocignore", b"*.log\nbuild/\n!keep.log\n")
        day.device().folder.write("d/.mydocignore", b"!*.log\n/top.txt\n")
        names = ("a.log", "keep.log", "build/a.txt", "d/b.log", "d/top.txt", "d/e/top.txt", "b.txt")
        for n, name in enumerate(names):
            day.write(name, f"s0000{n}")
        day.sync()
        assert day.live_paths() == ["b.txt", "d/b.log", "d/e/top.txt", "keep.log"]
        assert set(day.states()) == set(day.live_paths())


def test_ignoring_a_document_withdraws_nothing_and_sends_no_edit():
    with a_day() as day:
        for name in ("a.txt", "d/b.txt", "d/e/c.txt"):
            day.write(name, f"{name} one")
        day.sync()
        before = {path: day.id_of(path) for path in day.live_paths()}
        day.device().folder.write(".mydocignore", b"/a.txt\nd/\n")
        day.did(".mydocignore")
        day.write("a.txt", "a two")
        day.write("d/e/c.txt", "c two")
        day.write("d/new.txt", "new")
        day.device().folder.delete("d/b.txt")
        day.did("d/b.txt")
        day.pass_time(4000)
        assert day.sync()["withdrawn"] == 0
        assert {path: day.id_of(path) for path in day.live_paths()} == before
        assert day.content_at("a.txt") == "a.txt one"
        day.device().folder.delete(".mydocignore")
        day.did(".mydocignore")
        day.sync()
        assert day.content_at("a.txt") == "a two"
        assert day.content_at("d/e/c.txt") == "c two"
        assert {day.id_of(p) for p in ("a.txt", "d/e/c.txt")} == {
            before["a.txt"],
            before["d/e/c.txt"],
        }
        assert day.live_paths() == ["a.txt", "d/e/c.txt", "d/new.txt"]


def test_rules_that_cannot_be_read_keep_everything_here():
    """R9."""
    with a_day() as day:
        day.device().folder.write("d/.mydocignore", b"secret.txt\n")
        day.device().folder.at("d/.mydocignore").is_readable = False
        day.write("d/secret.txt", "s00001")
        day.write("a.txt", "s00002")
        day.sync()
        assert day.live_paths() == ["a.txt"]
        day.device().folder.permit("d/.mydocignore", True)
        day.write("d/open.txt", "s00003")
        day.sync()
        assert day.live_paths() == ["a.txt", "d/open.txt"]


def test_a_line_that_is_no_pattern_spoils_no_other():
    with a_day() as day:
        day.device().folder.write(".mydocignore", b"\xef\xbb\xbf!\n\\\n*.log\r\n\xff.txt\n")
        day.write("a.log", "s00001")
        day.write("\udcff.txt", "s00002")
        day.write("a.txt", "s00003")
        day.sync()
        assert day.live_paths() == ["a.txt"]


def test_a_second_name_of_a_file_is_a_second_document():
    """D05."""
    with a_day() as day:
        day.write("a.txt")
        day.device().folder.link("a.txt", "b.txt")
        day.did("b.txt")
        day.sync()
        assert day.live_paths() == ["a.txt", "b.txt"]
        day.write("a.txt", "s00002")
        day.did("a.txt", "b.txt")
        day.sync()
        assert day.content_at("a.txt") == day.content_at("b.txt") == "s00002"


def test_links_and_pipes_are_shown_and_never_opened():
    """D01, D02."""
    with a_day() as day:
        day.device().folder.special("link", "symlink")
        day.device().folder.special("pipe", "fifo")
        day.did("link")
        assert day.sync()["skipped"] == 2
        assert set(day.states().values()) == {"skipped"}


# --- E. clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_jumps_sends_and_withdraws_nothing(years):
    """E04."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        calls = dict(day.oracle.calls)
        day.device().clock.wall_offset_ms += years * 365 * 86_400_000
        day.pass_time(300)
        day.sync()
        assert dict(day.oracle.calls) == calls


def test_after_a_long_sleep_the_engine_looks_before_it_acts():
    """E06."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.device().asleep_until = day.time.ns + 3 * 86_400 * 10**9
        day.device().folder.delete("a.txt")
        day.write("b.txt", "s00002")
        day.device().hints.clear()
        day.pass_time(3 * 86_400 + 300)
        assert day.live_paths() == ["b.txt"]


# --- F. the folder's health ----------------------------------------------------------------------


def _three(day: Day) -> None:
    for n in (1, 2, 3):
        day.write(f"{n}.txt", f"s0000{n}")
    day.sync()


@pytest.mark.parametrize("what", ["unmount", "vanish", "unmark"])
def test_a_sick_folder_withdraws_nothing(what):
    """F01, F02, F04."""
    with a_day() as day:
        _three(day)
        TROUBLES[what](day, day.device())
        day.pass_time(4000)
        assert day.status(day.device())["state"] == "problem"
        assert len(day.live_paths()) == 3
        heal(day, day.device())
        day.sync()
        assert len(day.live_paths()) == 3


def test_when_everything_is_gone_somebody_is_asked_and_keeping_is_the_default():
    """F05."""
    with a_day() as day:
        _three(day)
        for n in (1, 2, 3):
            day.device().folder.delete(f"{n}.txt")
        day.did("1.txt")
        answer = day.sync()
        assert isinstance(answer, AppError)
        assert answer.code == "deletes_held"
        assert len(day.live_paths()) == 3
        day.tell(c.AnswerDeletes(False))
        day.sync()
        assert len(day.live_paths()) == 3


def test_a_confirmed_mass_delete_happens_once():
    """F06."""
    with a_day() as day:
        _three(day)
        for n in (1, 2, 3):
            day.device().folder.delete(f"{n}.txt")
        day.did("1.txt")
        day.sync()
        day.confirm_deletes()
        assert day.sync()["held_deletes"] == 0
        assert day.live_paths() == []


def test_a_new_journal_adopts_what_is_the_same_and_sends_nothing():
    """F09, J08."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        before = day.id_of("a.txt")
        device = day.device()
        device.crash()
        import os

        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(device.journal_path + suffix):
                os.unlink(device.journal_path + suffix)
        device.starts = 0
        device.start()
        day.sync()
        assert (day.id_of("a.txt"), day.puts) == (before, 1)


def test_lost_hints_are_made_good_by_an_overflow_and_by_the_timer():
    """F14, C13."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.device().folder.write("b.txt", day.bytes_of("s00002"))
        day.pass_time(30)
        assert day.live_paths() == ["a.txt"]
        day.device().overflow()
        day.pass_time(30)
        assert day.live_paths() == ["a.txt", "b.txt"]
        day.device().folder.write("c.txt", day.bytes_of("s00003"))
        day.pass_time(3700)
        assert day.live_paths() == ["a.txt", "b.txt", "c.txt"]


# --- G. the line ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lost_after", "timeout_after", "lost_before", "busy", "portal"])
@pytest.mark.parametrize("call", range(3))
def test_a_lost_answer_makes_no_second_document(kind, call):
    """G04, G05, G09, J16."""
    with a_day() as day:
        day.sync()
        day.write("a.txt")
        day.until(lambda: bool(day.device().journal.local("a.txt")), "it is not seen")
        asked = iter([None] * call + [kind])
        day.fault = lambda device, site, what: next(asked, None) if site == "api" else None
        day.pass_time(400)
        day.fault = lambda *_: None
        day.sync()
        assert day.live_paths() == ["a.txt"]
        assert day.states() == {"a.txt": "synced"}


@pytest.mark.parametrize("after", ["edit", "delete", "rename"])
def test_a_lost_answer_and_then_a_change_leave_one_truth(after):
    """G04, L06: the own lost version is nobody else's."""
    with a_day() as day:
        day.sync()
        day.write("a.txt", "s00001")

        def fault(device, site, what):
            return "lost_after" if what.endswith("/uploads/complete") else None

        day.fault = fault
        day.until(lambda: bool(day.live(USER.sub)), "nothing is published")
        folder = day.device().folder
        match after:
            case "edit":
                day.write("a.txt", "s00002")
            case "delete":
                folder.delete("a.txt")
            case "rename":
                folder.rename("a.txt", "b.txt")
        day.did("a.txt")
        day.pass_time(20)
        day.fault = lambda *_: None
        day.sync()
        wanted = {"edit": ["a.txt"], "delete": [], "rename": ["b.txt"]}
        assert day.live_paths() == wanted[after]
        if after == "edit":
            assert day.content_at("a.txt") == "s00002"


def test_what_was_published_unheard_and_ended_meanwhile_is_shown_as_gone():
    """Invariant I15: when it turns out, nothing is left to do, and the row is told all the same."""
    with a_day(lifetime=120) as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.fault = lambda device, site, what: (
            "lost_after" if what.endswith("/uploads/complete") else None
        )
        day.write("a.txt", "s00002")
        day.until(lambda: day.content_at("a.txt") == "s00002", "it is not published")
        day.device().crash()
        day.fault = lambda *_: None
        day.pass_time(600)
        day.device().start()
        day.pass_time(60)
        assert day.states() == {"a.txt": "gone"}
        day.oracle.shown.check(day.device(), day.status(day.device()))
        assert day.broken is None


def test_offline_at_the_start_ends_by_itself():
    """G01."""
    with a_day() as day:
        day.fault = lambda device, site, what: "lost_before"
        day.write("a.txt")
        day.pass_time(600)
        assert day.status(day.device())["state"] == "offline"
        day.fault = lambda *_: None
        day.pass_time(600)
        assert day.live_paths() == ["a.txt"]


def test_one_part_that_fails_is_sent_again_alone():
    """G02."""
    with a_day() as day:
        day.write("big.bin", "L00001")
        faults = iter([None, None, "slow_down"])
        day.fault = lambda d, site, what: next(faults, None) if what == "part" else None
        day.sync()
        assert day.content_at("big.bin") == "L00001"


# --- J. crashes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["s00001", "L00001"])
def test_a_kill_after_any_step_of_an_upload_ends_in_one_document(content):
    """J01, J16, invariant I8: every n-th step, one by one."""
    n = 0
    while True:
        with a_day() as day:
            day.write("a.txt", content)
            for _ in range(n):
                day.step()
            is_over = bool(day.live(USER.sub)) and day.states().get("a.txt") == "synced"
            day.device().crash()
            day.device().start()
            day.sync()
            assert day.live_paths() == ["a.txt"]
            assert day.content_at("a.txt") == content
            # Begun, and killed before its id was known here: the bucket's lifecycle ends it.
            day.time.advance(90_000.0)
            day.backend.bucket.lifecycle()
            assert not day.backend.bucket.uploads
        if is_over:
            break
        n += 1
    assert n > 10


@pytest.mark.parametrize("change", ["edit", "rename", "delete"])
def test_a_kill_after_any_step_and_a_change_end_in_the_change(change):
    """J01, G04: every third step."""
    for n in range(0, 45, 3):
        with a_day() as day:
            day.write("a.txt", "s00001")
            for _ in range(n):
                day.step()
            day.device().crash()
            folder = day.device().folder
            match change:
                case "edit":
                    folder.write("a.txt", day.bytes_of("s00002"))
                case "rename":
                    folder.rename("a.txt", "b.txt")
                case "delete":
                    folder.delete("a.txt")
            day.device().start()
            day.sync()
            wanted = {"edit": ["a.txt"], "delete": [], "rename": ["b.txt"]}
            assert day.live_paths() == wanted[change], n


# --- K. expiry and removal -----------------------------------------------------------------------


def test_expiry_touches_nothing_here_and_sends_nothing_again():
    """K01, K04, invariants I9 and I10."""
    with a_day(lifetime=100) as day:
        day.write("a.txt")
        day.sync()
        version = day.device().folder.version
        day.pass_time(2000)
        day.sync()
        assert day.states() == {"a.txt": "gone"}
        assert (day.device().folder.version, day.puts) == (version, 1)


def test_an_edit_after_expiry_is_a_new_document():
    """K18, R13."""
    with a_day(lifetime=100) as day:
        day.write("a.txt")
        day.sync()
        before = day.id_of("a.txt")
        day.pass_time(101)
        day.write("a.txt", "s00002")
        day.sync()
        assert day.id_of("a.txt") != before


def test_what_was_withdrawn_by_command_stays_away_until_it_is_sent_again():
    """K06, R6."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.tell(c.Remove("a.txt"))
        day.sync()
        assert (day.live_paths(), day.states()) == ([], {"a.txt": "gone"})
        day.oracle.births.by_hand["D1", day.device().folder.at("a.txt").sha] += 1
        answer = day.tell(c.SendAgain("a.txt"))
        assert answer["document"]["state"] == "live"
        assert day.live_paths() == ["a.txt"]


# --- L. several devices --------------------------------------------------------------------------


def _shared_file(day: Day) -> None:
    day.write("a.txt", "s00001", d="D1")
    day.sync()
    day.write("a.txt", "s00001", d="D2")
    day.sync()
    assert day.puts == 1


def test_two_edits_of_one_document_are_both_kept():
    """L01, invariant I4."""
    with a_day(devices=2) as day:
        _shared_file(day)
        day.write("a.txt", "s00002", d="D1")
        day.write("a.txt", "s00003", d="D2")
        day.sync()
        day.sync()
        found = sorted(day.oracle.names[d.sha256] for d in day.live(USER.sub))
        assert found == ["s00002", "s00003"]


def test_the_same_edit_twice_is_no_conflict():
    """L02."""
    with a_day(devices=2) as day:
        _shared_file(day)
        day.write("a.txt", "s00002", d="D1")
        day.sync("D1")
        day.write("a.txt", "s00002", d="D2")
        day.sync()
        assert (day.live_paths(), day.puts) == (["a.txt"], 2)


def test_an_edit_beats_a_delete():
    """L04, invariant I12."""
    with a_day(devices=2) as day:
        _shared_file(day)
        day.write("a.txt", "s00002", d="D2")
        day.device("D1").folder.delete("a.txt")
        day.did("a.txt", d="D1")
        day.sync("D2")
        day.sync()
        assert day.content_at("a.txt") == "s00002"
        assert day.device("D1").folder.at("a.txt") is None


def test_a_file_made_anew_under_a_deleted_name_is_there():
    """L06."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.device().folder.delete("a.txt")
        day.did("a.txt")
        day.pass_time(30)
        day.write("a.txt", "s00002")
        day.sync()
        day.pass_time(300)
        assert day.content_at("a.txt") == "s00002"


def test_two_devices_with_one_name_and_two_contents_have_two_documents():
    """R14, F09."""
    with a_day(devices=2) as day:
        day.write("a.txt", "s00001", d="D1")
        day.sync("D1")
        day.write("a.txt", "s00002", d="D2")
        day.sync()
        assert day.live_paths() == ["a (from D2).txt", "a.txt"]


def test_a_device_that_was_away_for_a_quarter_deletes_nothing():
    """L13."""
    with a_day(devices=2) as day:
        _shared_file(day)
        day.device("D2").crash()
        day.time.advance(29 * 86_400.0)
        day.write("b.txt", "s00005", d="D1")
        day.device("D2").start()
        day.sync()
        assert day.device("D2").folder.at("a.txt") is not None


def test_the_marker_is_the_only_thing_the_engine_ever_made():
    """Invariant I1."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        assert sorted(p for p, _ in day.device().folder.files()) == [MARKER, "a.txt"]
        assert LOST.code == "offline"
