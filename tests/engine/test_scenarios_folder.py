"""Whole days with the folder: ways of saving, moves, odd files (groups A to F of the catalogue)."""

import itertools

import pytest

from chalicelib import wire
from chalicelib.refusals import Refused
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer_contract.paths import decode_path, encode_path
from mydoctransfer_contract.problems import Code
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER, USER

# --- A. ways of saving ---------------------------------------------------------------------------


def _beside(day: Day, temporary: str) -> None:
    """Write a temporary file and rename it over."""
    folder = day.device().folder
    folder.write(temporary, day.bytes_of("s00002"))
    folder.rename(temporary, "f.odt")


def _backup(day: Day) -> None:
    folder = day.device().folder
    folder.write("4913", b"")
    folder.delete("4913")
    folder.rename("f.odt", "f.odt~")
    folder.write("f.odt", day.bytes_of("s00002"))
    folder.delete("f.odt~")


def _in_place(day: Day) -> None:
    folder = day.device().folder
    folder.write("f.odt", b"")
    day.time.advance(0.01)
    folder.write("f.odt", day.bytes_of("s00002"))


def _deleted_first(day: Day) -> None:
    folder = day.device().folder
    for _ in range(2):
        folder.delete("f.odt")
        folder.write("f.odt", day.bytes_of("s00002"))
    folder.write("~$f.odt", b"owner")


WAYS = {
    "gedit": lambda day: _beside(day, ".goutputstream-AB12CD"),
    "kate": lambda day: _beside(day, "f.odt.kate-swp"),
    "libreoffice": lambda day: _beside(day, "lu1234abc.tmp"),
    "macos": lambda day: _beside(day, "f.odt.sb-1a2b3c4d-abcdef"),
    "rsync": lambda day: _beside(day, ".f.odt.AbCdEf"),
    "vim": _backup,
    "vim in place": _in_place,
    "office": _deleted_first,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("looks_between", [False, True])
def test_every_way_of_saving_makes_one_version_of_the_same_document(way, looks_between):
    """A01, A02, A04, A05, A06, A08."""
    with a_day() as day:
        day.write("f.odt", "s00001")
        day.sync()
        before = day.id_of("f.odt")
        if looks_between:
            day.did("f.odt")
        WAYS[way](day)
        day.did("f.odt")
        day.sync()
        assert day.live_paths() == ["f.odt"]
        assert (day.id_of("f.odt"), day.content_at("f.odt")) == (before, "s00002")
        assert day.puts == 2


def test_what_comes_back_to_its_old_content_within_the_quiet_period_sends_nothing():
    """A16: a checkout there and back."""
    with a_day() as day:
        for n in range(8):
            day.write(f"src/{n}.py", f"s0001{n}")
        day.sync()
        puts = day.puts
        for content in ("s0002", "s0001"):
            for n in range(8):
                day.device().folder.replace(f"src/{n}.py", day.bytes_of(f"{content}{n}"))
            day.did(*(f"src/{n}.py" for n in range(8)))
            day.pass_time(0.5)
        day.sync()
        assert day.puts == puts
        assert set(day.states().values()) == {"synced"}


def test_a_file_that_never_rests_is_called_busy_and_blocks_nobody():
    """A21, A22: a database in use; afterwards it is sent as it came to rest."""
    with a_day() as day:
        day.sync()
        for n in range(150):
            day.write("mail.pst", f"s1{n:04}")
            if n == 3:
                day.write("other.txt", "s00002")
            day.pass_time(1.0)
        assert day.live_paths() == ["other.txt"]
        item = next(i for i in day.status(day.device())["items"] if i["path"] == "mail.pst")
        assert item["state"] == "busy"
        assert item["message"]
        day.sync()
        assert day.content_at("mail.pst") == "s10149"


# --- B. moves ------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations("abcd"))[1::4])
def test_documents_follow_files_through_any_exchange_of_names(order):
    """B05: swaps, three- and four-cycles, and what stayed in its place."""
    with a_day() as day:
        for n, name in enumerate("abcd"):
            day.write(name, f"s0000{n}")
        day.sync()
        ids = {name: day.id_of(name) for name in "abcd"}
        folder = day.device().folder
        for name in "abcd":
            folder.rename(name, f"{name}.tmp")
        for old, new in zip("abcd", order, strict=True):
            folder.rename(f"{old}.tmp", new)
        day.did("a")
        day.sync()
        assert {new: day.id_of(new) for new in "abcd"} == {
            new: ids[old] for old, new in zip("abcd", order, strict=True)
        }
        assert day.puts == 4


@pytest.mark.parametrize("order", ["bca", "cab"])
@pytest.mark.parametrize("told", ["abc", "cba"])
def test_an_exchange_of_three_that_are_read_one_after_the_other_is_an_exchange(order, told):
    """B05, R2: large files are read one by one. As an edit, the first would reach the people of
    another: where it came from is read by then, and where that came from is not."""
    with a_day(hash_batch=1) as day:
        for n, name in enumerate("abc"):
            day.write(name, f"s0000{n}")
        day.sync()
        ids = {name: day.id_of(name) for name in "abc"}
        folder = day.device().folder
        for name in "abc":
            folder.rename(name, f"{name}.tmp")
        for old, new in zip("abc", order, strict=True):
            folder.rename(f"{old}.tmp", new)
        day.did(*told)
        day.sync()
        assert {new: day.id_of(new) for new in "abc"} == {
            new: ids[old] for old, new in zip("abc", order, strict=True)
        }
        assert day.puts == 3


def test_a_tree_turned_inside_out_and_back_sends_and_withdraws_nothing():
    """B04, B08."""
    with a_day() as day:
        for n, path in enumerate(("A/a.txt", "A/E/e.txt", "A/E/F/f.txt")):
            day.write(path, f"s0000{n}")
        day.sync()
        ids = {day.id_of(path) for path in day.live_paths()}
        folder = day.device().folder
        for moves in ([("A/E/F", "F"), ("A/E", "F/E"), ("A", "F/E/A")], [("F/E/A", "A")]):
            for old, new in moves:
                assert folder.rename(old, new)
            day.did("A/a.txt", "A/E/e.txt", "F/f.txt", "F/E/e.txt", "F/E/A/a.txt", "x")
            day.sync()
        assert day.live_paths() == ["A/a.txt", "F/E/e.txt", "F/f.txt"]
        assert {day.id_of(path) for path in day.live_paths()} == ids
        assert day.puts == 3


def test_an_edit_here_and_a_rename_there_meet_in_one_document():
    """B10."""
    with a_day(devices=2) as day:
        day.write("a.txt", "s00001", d="D1")
        day.sync()
        day.write("a.txt", "s00001", d="D2")
        day.sync()
        before = day.id_of("a.txt")
        day.device("D2").folder.rename("a.txt", "b.txt")
        day.did("a.txt", "b.txt", d="D2")
        day.write("a.txt", "s00002", d="D1")
        day.sync("D2")
        day.sync("D1")
        (document,) = day.live(USER.sub)
        assert document.share_id == before
        assert day.oracle.names[document.sha256] == "s00002"


def test_an_edit_of_a_document_that_was_given_another_name_in_the_cloud_is_its_version():
    """B10."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        before = day.id_of("a.txt")
        day.tell(c.Rename("a.txt", "Renamed.txt"))
        day.write("a.txt", "s00002")
        day.sync()
        (document,) = day.live(USER.sub)
        assert (document.share_id, document.display_name) == (before, "Renamed.txt")
        assert day.oracle.names[document.sha256] == "s00002"


@pytest.mark.parametrize("code", ["forbidden", "quota_exceeded"])
def test_a_rename_the_cloud_refuses_leaves_the_file_its_new_name(code):
    """B24: nothing is taken back on the disk; the row says so; a later edit is sent."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        before = day.id_of("a.txt")
        answer = day.backend.answer

        def refusing(device, method, url, token, body):
            if method == "POST" and url.endswith("/docs"):
                return wire.problem(Refused(Code(code)))
            return answer(device, method, url, token, body)

        day.backend.answer = refusing
        day.device().folder.rename("a.txt", "b.txt")
        day.did("a.txt", "b.txt")
        day.write("c.txt", "s00002")
        day.sync()
        assert [p for p, _ in day.device().folder.files() if p in ("a.txt", "b.txt")] == ["b.txt"]
        assert day.live_paths() == ["a.txt", "c.txt"]
        items = {i["path"]: i for i in day.status(day.device())["items"]}
        assert items["b.txt"]["state"] in ("problem", "waiting")
        assert items["b.txt"]["message"]
        day.backend.answer = answer
        day.pass_time(4000)
        assert day.live_paths() == ["b.txt", "c.txt"]
        assert (day.id_of("b.txt"), day.puts) == (before, 2)


# --- C, D. shapes and names ----------------------------------------------------------------------


def _emptied(day: Day) -> None:
    """What a power loss leaves: the name, the times, and no bytes."""
    day.device().folder.write("a.txt", b"", forge=True)
    day.did("a.txt")


def test_a_file_that_lost_its_bytes_and_kept_its_time_is_not_sent():
    """C02: shown with a remedy, also after a restart; the cloud keeps the last good version."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.device().crash()
        _emptied(day)
        day.device().start()
        for _ in range(2):
            day.sync()
            assert day.content_at("a.txt") == "s00001"
            (item,) = day.status(day.device())["items"]
            assert item["state"] == "skipped"
            assert "Restore it" in item["message"]
            day.device().crash()
            day.device().start()
        assert day.puts == 1


@pytest.mark.parametrize("how", ["restored", "saved", "touched"])
def test_a_file_that_lost_its_bytes_is_sent_again_once_somebody_cared(how):
    """C02: the state goes away by itself with its cause."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        before = day.id_of("a.txt")
        _emptied(day)
        day.sync()
        match how:
            case "restored":
                day.device().folder.write("a.txt", day.bytes_of("s00001"), forge=True)
            case "saved":
                day.device().folder.write("a.txt", day.bytes_of("s00002"))
            case "touched":
                day.device().folder.touch("a.txt")
        day.did("a.txt")
        day.sync()
        wanted = {"restored": "s00001", "saved": "s00002", "touched": "empty"}[how]
        (document,) = day.live(USER.sub)
        assert (document.share_id, document.sha256) == (before, day.sha(day.bytes_of(wanted)))
        assert day.states() == {"a.txt": "synced"}


def test_a_file_emptied_by_a_person_is_a_version_without_bytes():
    """C01, A06."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.pass_time(5)
        day.write("a.txt", "empty")
        day.sync()
        assert [d.sha256 for d in day.live(USER.sub)] == [day.sha(b"")]


def test_a_name_of_any_length_is_kept_and_its_key_knows_nothing_of_it():
    """D13, C06: a name of 252 bytes in four-byte characters, in a path of almost 4096."""
    name = "\U0001f600" * 62 + ".txt"
    path = "/".join(["d" * 200] * 15 + [name])
    with a_day() as day:
        day.write(path)
        day.sync()
        (document,) = day.live(USER.sub)
        assert decode_path(document.path) == path
        assert len(document.key.encode()) < 200
        assert "d" * 20 not in document.key


def test_a_path_beyond_every_limit_is_one_files_trouble():
    """C06, G20."""
    path = "/".join(["d" * 200] * 40 + ["x.txt"])
    with a_day() as day:
        day.write(path, "s00001")
        day.write("b.txt", "s00002")
        day.sync()
        assert day.live_paths() == ["b.txt"]
        items = {i["path"]: i for i in day.status(day.device())["items"]}
        assert (items[path]["state"], "too long" in items[path]["message"]) == ("problem", True)


ODD = [
    " both ", "dot.", "back\\slash", "tab\tname", "cr\rname", "del\x7f", "~", "$HOME", "..foo",
    "...", "aux.h", "COM\u00b9", "nul", "%2e%2e%2f", "<b>x</b>", '"quoted"', "a|b", "\u2215slash",
    "\ufeffbom", "\u200bzero", "n\u0303" * 100, "x" * 255,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "a (conflict D1).txt", "a (2).txt", "1" * 251 + ".txt",
]  # fmt: skip


def test_odd_names_side_by_side_are_each_a_document():
    """D10, D12, D16, B20: one folder with all of them; each is kept to the byte."""
    with a_day() as day:
        for n, name in enumerate(ODD):
            day.write(f"odd/{name}", f"s00{n:03}")
        day.sync()
        kept = {decode_path(d.path): day.oracle.names[d.sha256] for d in day.live(USER.sub)}
        sent = {f"odd/{name}": f"s00{n:03}" for n, name in enumerate(ODD)}
        assert kept == sent
        assert set(day.states().values()) == {"synced"}


def test_a_file_renamed_to_an_odd_name_keeps_its_document():
    """B01, D10: also to what nobody could call it by `rename`."""
    with a_day() as day:
        for n, name in enumerate(["...", " ", "\udce9" * 120]):
            day.write(f"{n}.txt", f"s0000{n}")
            day.sync()
            before = day.id_of(f"{n}.txt")
            day.device().folder.rename(f"{n}.txt", name)
            day.sync()
            assert (day.states()[name], day.id_of(encode_path(name))) == ("synced", before)


def test_a_file_that_gives_way_to_a_folder_and_back_loses_neither():
    """L12: also with an edit on the other device that was not sent yet."""
    with a_day(devices=2) as day:
        day.write("f", "s00001", d="D1")
        day.sync()
        day.write("f", "s00001", d="D2")
        day.sync()
        day.device("D1").folder.delete("f")
        day.write("f/inner.txt", "s00003", d="D1")
        day.write("f", "s00002", d="D2")
        day.sync("D1")
        day.sync("D2")
        day.sync()
        contents = sorted(day.oracle.names[d.sha256] for d in day.live(USER.sub))
        assert {"s00002", "s00003"} <= set(contents)
        assert day.device("D2").folder.at("f").data == day.bytes_of("s00002")
        assert day.device("D1").folder.at("f/inner.txt").data == day.bytes_of("s00003")


# --- E, F. clocks and the whole folder -----------------------------------------------------------


@pytest.mark.parametrize("hours", [-24, 24])
def test_versions_decide_and_not_the_clocks_of_two_devices(hours):
    """E10: the device whose clock is behind publishes last; what it knew decides."""
    with a_day(devices=2) as day:
        day.device("D2").clock.wall_offset_ms += hours * 3_600_000
        day.write("a.txt", "s00001", d="D1")
        day.sync()
        day.write("a.txt", "s00001", d="D2")
        day.sync()
        day.write("a.txt", "s00002", d="D1")
        day.write("a.txt", "s00003", d="D2")
        day.sync("D1")
        day.sync("D2")
        assert day.content_at("a.txt") == "s00002"
        found = sorted(day.oracle.names[d.sha256] for d in day.live(USER.sub))
        assert found == ["s00002", "s00003"]


def test_when_every_file_changes_at_once_each_is_a_version_and_the_old_bytes_are_still_there():
    """F08: an encrypted disk, say. R5 lets uploads through; nothing is withdrawn or doubled."""
    with a_day() as day:
        for n in range(30):
            day.write(f"{n:02}.txt", f"s000{n:02}")
        day.sync()
        ids = {path: day.id_of(path) for path in day.live_paths()}
        day.tell(c.Share("00.txt", (OTHER.email,)))
        old = day.live(USER.sub)[0]
        for n in range(30):
            day.write(f"{n:02}.txt", f"s001{n:02}")
        day.sync()
        assert {path: day.id_of(path) for path in day.live_paths()} == ids
        assert day.content_at("00.txt").startswith("s001")
        kept = day.backend.bucket.version(old.key, old.version_id)
        assert kept is not None
        assert day.oracle.names[day.sha(kept.data)].startswith("s000")


def test_an_edit_right_after_a_file_was_sent_is_sent_too():
    """F21: nothing that is written in the folder is taken for the client's own doing."""
    with a_day() as day:
        day.sync()
        day.write("a.txt", "s00001")
        day.until(lambda: bool(day.live(USER.sub)), "it is not sent")
        day.write("a.txt", "s00002")
        day.sync()
        assert (day.content_at("a.txt"), day.puts) == ("s00002", 2)
        assert not isinstance(day.sync(), AppError)


def test_a_file_renamed_to_where_it_cannot_be_read_keeps_its_document_until_it_can():
    """R2, R9: it lies there, and nobody deleted it. Others that are gone are not kept for it."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.write("b.txt", "s00002")
        day.sync()
        before = day.id_of("a.txt")
        folder = day.device().folder
        assert folder.rename("a.txt", "moved.txt") and folder.permit("moved.txt", False)
        assert folder.delete("b.txt")
        day.did("a.txt", "moved.txt", "b.txt")
        day.pass_time(300)
        assert day.live_paths() == ["a.txt"]
        folder.permit("moved.txt", True)
        day.did("moved.txt")
        day.sync()
        assert (day.live_paths(), day.id_of("moved.txt")) == (["moved.txt"], before)


def test_an_exchange_of_which_one_half_is_told_is_an_exchange():
    """R2: two files in two directories trade places, and only one directory's event arrives. As an
    edit, the one would reach the other's people."""
    with a_day() as day:
        day.write("a/one.txt", "s00001")
        day.write("b/two.txt", "s00002")
        day.sync()
        one, two = day.id_of("a/one.txt"), day.id_of("b/two.txt")
        assert day.device().folder.swap("a/one.txt", "b/two.txt")
        day.did("a/one.txt")
        day.pass_time(30)
        assert (day.id_of("a/one.txt"), day.id_of("b/two.txt")) == (two, one)
        assert day.content_at("a/one.txt") == "s00002"
