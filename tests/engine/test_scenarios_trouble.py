"""Days on which things go wrong: line, store, journal, devices (groups G to O of the catalogue)."""

import os
import shutil
from dataclasses import replace

import pytest

from chalicelib import wire
from chalicelib.refusals import Refused
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import ProblemRaised
from mydoctransfer_contract.problems import Code
from tests.engine.days import Day, a_day
from tests.simulation.schedule import JOURNAL_WRITES
from tests.simulation.world.cloud import OTHER, USER
from tests.simulation.world.troubles import TROUBLES

LIFETIME = 600  # seconds

# --- G. the line ---------------------------------------------------------------------------------


def test_a_server_that_is_busy_for_ten_minutes_is_asked_ever_more_rarely_and_then_goes_on():
    """G05: 503 on everything; nobody has to do anything."""
    with a_day() as day:
        day.sync()
        asked = []
        day.fault = lambda d, site, what: asked.append(what) or "busy" if site == "api" else None
        for n in range(20):
            day.write(f"{n}.txt", f"s000{n:02}")
        day.pass_time(600)
        assert len(asked) < 200
        day.fault = lambda *_: None
        day.pass_time(900)
        assert len(day.live_paths()) == 20


def test_what_is_saved_offline_is_counted_until_the_line_is_back():
    """G01: "0 files wait" would be no comfort to who has just saved three."""
    with a_day() as day:
        day.sync()
        day.fault = lambda d, site, what: "lost_before"
        day.write("0.txt", "s00000")
        day.pass_time(60)
        day.write("1.txt", "s00001")
        day.write("2.txt", "s00002")
        day.pass_time(30)
        status = day.status(day.device())
        assert (status["state"], status["queued"]) == ("offline", 3)
        day.fault = lambda *_: None
        day.sync()
        assert day.status(day.device())["queued"] == 0
        assert len(day.live_paths()) == 3


def test_however_long_it_was_away_the_line_is_found_again_within_a_minute():
    """G01: after twenty minutes it was looked for every five only."""
    with a_day() as day:
        day.sync()
        for n in range(20):
            day.write(f"{n}.txt", f"L000{n:02}")
        day.until(lambda: len(day.oracle.puts) > 2, "nothing is sent")
        day.fault = lambda d, site, what: "lost_before"
        day.until(lambda: day.status(day.device())["state"] == "offline", "nobody notices")
        day.pass_time(1200)
        day.fault = lambda *_: None
        day.pass_time(60)
        assert day.status(day.device())["state"] != "offline"
        day.sync()
        assert len(day.live_paths()) == 20


@pytest.mark.parametrize("content", ["s00001", "L00001"])
def test_what_the_store_damaged_is_sent_once_more_and_nobody_is_alarmed(content):
    """H02: seen with a store that was stopped while it put the parts together."""
    with a_day() as day:
        day.sync()
        damaged = []

        def damage(device, site, what):
            if site == "api" and what.endswith("/uploads/complete") and not damaged:
                for versions in day.backend.bucket.objects.values():
                    versions[-1] = replace(versions[-1], sha256="0" * 64, crc32="AAAAAA==-1")
                    damaged.append(versions[-1].version_id)

        day.fault = damage
        told = day.device().events
        day.write("a.bin", content)
        day.until(lambda: day.live_paths(), "it is not sent again")
        assert damaged
        assert not [event for event in told if isinstance(event, ProblemRaised)]
        assert day.content_at("a.bin") == content
        day.sync()
        assert day.states() == {"a.bin": "synced"}


@pytest.mark.parametrize("content", ["s00001", "L00001"])
def test_a_line_that_comes_and_goes_sends_nothing_twice_for_good(content):
    """G17: ten seconds with, ten seconds without, for ten minutes."""
    with a_day() as day:
        day.sync()
        for n in range(6):
            day.write(f"{n}.txt", content[:-1] + str(n))

        def fault(device, site, what):
            return "lost_after" if int(day.time.seconds / 10) % 2 else None

        day.fault = fault
        day.pass_time(600)
        day.fault = lambda *_: None
        day.sync()
        assert day.live_paths() == [f"{n}.txt" for n in range(6)]
        assert set(day.states().values()) == {"synced"}
        assert not day.backend.bucket.uploads
        day.time.advance(86_400.0 * 2)
        day.backend.sweep(600.0)
        assert len(day.backend.bucket.objects) == 6


def test_one_item_that_always_fails_leaves_the_others_alone_and_is_asked_ever_more_rarely():
    """G20, G05."""
    with a_day() as day:
        day.sync()
        tries = []
        day.write("bad.txt", "L00001")
        for n in range(30):
            day.write(f"good {n}.txt", f"s000{n:02}")
        day.fault = lambda d, site, what: tries.append(1) or "slow_down" if what == "part" else None
        day.pass_time(3600)
        assert len(day.live_paths()) == 30
        first = len(tries)
        day.pass_time(3600)
        assert len(tries) - first < first + 60
        day.fault = lambda *_: None
        day.write("bad.txt", "L00002")
        day.sync()
        assert day.content_at("bad.txt") == "L00002"


# --- H. the store --------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 3, 7])
@pytest.mark.parametrize("kind", ["lost_after", "slow_down", "lost_before", "bad_digest"])
def test_finishing_that_fails_again_and_again_ends_in_one_whole_document(kind, times):
    """H06, H04, H01."""
    with a_day() as day:
        day.sync()
        day.write("big.bin", "L00001")
        left, parts = [kind] * times, []

        def fault(device, site, what):
            parts.extend([what] if what == "part" else [])
            return left.pop() if what == "finish" and left else None

        day.fault = fault
        day.pass_time(4000)
        assert len(left) < times
        assert kind == "lost_after" or not left  # what arrived is not finished again
        assert kind == "bad_digest" or len(parts) == 8  # each of the parts once
        day.sync()
        assert day.content_at("big.bin") == "L00001"
        assert not day.backend.bucket.uploads


@pytest.mark.parametrize(
    ("where", "content"),
    [
        ("put", "s00001"),
        ("complete", "s00001"),
        ("finish", "L00001"),
        ("complete", "L00001"),
    ],
)
def test_what_cannot_be_ended_under_one_upload_id_is_sent_under_another(where, content):
    """H06: three failures of the last step, then a fresh upload; of the old one nothing is left."""
    with a_day() as day:
        day.sync()
        day.write("a.bin", content)
        asked = []

        def fault(device, site, what):
            if what.endswith(where):
                asked.extend(device.journal.intents().values())
                return "internal_error" if len(set(asked)) == 1 else None
            return None

        day.fault = fault
        day.pass_time(120)
        assert day.states() == {"a.bin": "synced"}
        assert [asked.count(key) for key in dict.fromkeys(asked)] == [3, 1]
        assert day.content_at("a.bin") == content
        day.pass_time(2 * 86_400)
        assert not day.backend.bucket.uploads
        assert [len(versions) for versions in day.backend.bucket.objects.values()] == [1]


def test_a_store_that_asks_for_patience_is_not_sent_everything_anew():
    """H06, G06: to be asked to slow down says nothing of the upload."""
    with a_day() as day:
        day.sync()
        day.write("big.bin", "L00001")
        asked = set()

        def fault(device, site, what):
            asked.update(device.journal.intents().values())
            return "slow_down" if what == "finish" else None

        day.fault = fault
        day.pass_time(3600)
        assert len(asked) == 1


@pytest.mark.parametrize("content", ["s00001", "L00001"])
def test_storage_events_that_come_late_or_never_delay_nothing(content):
    """H12, H13: the client says itself that it is complete."""
    with a_day(event_loss=1.0) as day:
        day.write("a.txt", content)
        day.sync()
        assert day.states() == {"a.txt": "synced"}
    with a_day() as day:
        late = []
        day.backend.bucket.arrived = lambda *event: late.append(event)
        day.write("a.txt", content)
        day.sync()
        assert day.states() == {"a.txt": "synced"}
        day.pass_time(300)
        for event in late * 2:
            day.backend.tell_arrival(*event)
        day.sync()
        assert day.content_at("a.txt") == content


@pytest.mark.parametrize("content", ["s00001", "L00001"])
def test_the_function_may_die_before_any_write_and_nothing_is_lost_or_doubled(content):
    """H16: at every store operation of the day, one by one."""
    n = 0
    while True:
        with a_day() as day:
            day.write("a.txt", content)
            day.armed = ("die", n)
            day.sync()
            has_died = day.armed is None
            day.pass_time(300)
            day.sync()
            assert day.content_at("a.txt") == content
            assert day.states() == {"a.txt": "synced"}
        if not has_died:
            break
        n += 1
    assert n > 5


# --- J. crashes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("write", JOURNAL_WRITES)
@pytest.mark.parametrize("kind", ["full", "crash"])
def test_the_journal_may_fail_at_any_of_its_writes(write, kind):
    """J04, J05, J16: a full disk or a kill, at the n-th write of each kind."""
    for n in range(12):
        with a_day() as day:
            for path, content in (("a.txt", "s00001"), ("d/b.bin", "L00001")):
                day.write(path, content)
            day.crashes["D1"] = (write, n, kind)
            for _ in range(4000):
                if day.device().engine is None or len(day.live_paths()) == 2:
                    break
                day.step()
            is_past = "D1" in day.crashes
            day.crashes.clear()
            if day.device().engine is None:
                day.device().start()
            day.sync()
            assert day.live_paths() == ["a.txt", "d/b.bin"], (write, n)
            assert day.content_at("d/b.bin") == "L00001"
            assert set(day.states().values()) == {"synced"}
        if is_past:
            break


def test_a_full_disk_under_the_journal_is_said_as_that_and_passes_by_itself():
    """J05: the folder is well; who is told that it cannot be read looks in the wrong place."""
    with a_day() as day:
        day.write("a.txt")
        day.crashes["D1"] = ("observe", 0, "full")

        def says_why():
            return "disk" in day.device().engine.status().message

        day.until(says_why, "nothing is said")
        assert "Make room" in day.device().engine.status().message
        day.sync()
        assert day.states() == {"a.txt": "synced"}
        assert day.device().engine.status().state.value == "idle"


def test_asleep_in_the_middle_of_a_part_it_goes_on_with_a_new_grant():
    """J12, H09: the parts that arrived are not sent again."""
    with a_day() as day:
        day.sync()
        day.write("big.bin", "L00001")

        def has_part():
            return any(upload.parts for upload in day.backend.bucket.uploads.values())

        day.until(has_part, "no part arrives")
        day.device().asleep_until = day.time.ns + 3 * 3600 * 10**9
        day.pass_time(3 * 3600 + 600)
        day.sync()
        assert day.content_at("big.bin") == "L00001"
        assert not day.backend.bucket.uploads


def test_an_upload_of_more_than_its_leave_lasts_renews_it_and_sends_each_part_once():
    """H09, H10: five minutes a part, fifteen a grant."""
    with a_day() as day:
        day.sync()
        day.write("big.bin", "L00001")
        parts = []

        def fault(device, site, what):
            if what == "part":
                parts.append(day.time.seconds)
                day.time.advance(300)

        day.fault = fault
        began = day.time.seconds
        day.until(lambda: day.live_paths() == ["big.bin"], "it never arrives", 20_000)
        assert parts[-1] - began > 900
        assert len(parts) == 8
        day.fault = lambda *_: None
        day.sync()
        assert day.content_at("big.bin") == "L00001"
        assert not day.backend.bucket.uploads


def test_leave_that_ends_just_before_the_end_is_renewed_for_it():
    """H09: nothing is read or sent again for it."""
    with a_day() as day:
        day.sync()
        day.write("big.bin", "L00001")
        parts, left = [], ["grant_ended"]

        def fault(device, site, what):
            parts.extend([what] if what == "part" else [])
            return left.pop() if what == "finish" and left else None

        day.fault = fault
        day.pass_time(30)
        assert day.live_paths() == ["big.bin"]
        assert (len(parts), left) == (8, [])


def test_leave_that_ends_for_all_parts_under_way_is_renewed_once():
    with a_day() as day:
        day.sync()
        day.write("big.bin", "L00001")
        seen = []

        def fault(device, site, what):
            seen.append((site, what))
            return "grant_ended" if what == "part" and len(_parts(seen)) in (1, 2, 3, 4) else None

        day.fault = fault
        day.pass_time(60)
        assert day.live_paths() == ["big.bin"]
        assert len(_parts(seen)) == 12


def _parts(seen):
    return [what for _, what in seen if what == "part"]


@pytest.mark.parametrize("steps", [40, 90, 200])
def test_killed_with_a_long_queue_it_goes_on_where_it_was(steps):
    """J13: nothing twice in the cloud, nothing left out."""
    with a_day() as day:
        for n in range(250):
            day.device().folder.write(f"d{n % 7}/{n}.txt", day.bytes_of(f"s{n:05}"))
        day.did(*(f"d{n}/x" for n in range(7)))
        for _ in range(steps):
            day.step()
        day.device().crash()
        day.device().start()
        day.sync()
        assert len(day.live_paths()) == 250
        assert set(day.states().values()) == {"synced"}


def _kept(day: Day, d: str) -> dict[str, str]:
    """Return the journal's files as they lie on the disk now."""
    path = day.device(d).journal_path
    found = {}
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            shutil.copyfile(path + suffix, path + suffix + ".kept")
            found[suffix] = path + suffix + ".kept"
    return found


def _put_back(day: Day, d: str, kept: dict[str, str]) -> None:
    path = day.device(d).journal_path
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.unlink(path + suffix)
    for suffix, copy in kept.items():
        shutil.copyfile(copy, path + suffix)


def test_yesterdays_journal_sends_nothing_twice_and_withdraws_nothing():
    """J08: the folder is today's, the journal of before a version, a rename and a new file."""
    with a_day() as day:
        for n in range(3):
            day.write(f"{n}.txt", f"s0000{n}")
        day.sync()
        day.device().crash()
        kept = _kept(day, "D1")
        day.device().start()
        day.write("0.txt", "s00010")
        day.device().folder.rename("1.txt", "one.txt")
        day.write("new.txt", "s00011")
        day.did("1.txt", "one.txt")
        day.sync()
        before = {d.path: (d.share_id, d.version) for d in day.live(USER.sub)}
        puts = day.puts
        day.device().crash()
        _put_back(day, "D1", kept)
        day.device().start()
        day.sync()
        day.pass_time(300)
        assert {d.path: (d.share_id, d.version) for d in day.live(USER.sub)} == before
        assert day.puts == puts
        assert set(day.states().values()) == {"synced"}


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_journal_of_before_sends_nothing_that_has_left_the_cloud(is_lost):
    """J08, I7, R6: neither one that begins anew nor one put back knows that it was there. Under a
    rule it would have gone to the people it had been taken from."""
    with a_day(lifetime=LIFETIME) as day:
        day.sync()
        day.device().crash()
        kept = _kept(day, "D1")
        day.device().start()
        for path in ("removed.txt", "expired.txt", "back.txt", "edited.txt"):
            day.write(path, f"s{len(path):05}")
        day.sync()
        day.tell(c.Remove(day.id_of("removed.txt")))
        day.pass_time(LIFETIME)
        day.sync()
        puts, folder = day.puts, day.device().folder
        if is_lost:
            TROUBLES["drop_journal"](day, day.device())
        else:
            day.device().crash()
            _put_back(day, "D1", kept)
            day.device().start()
        assert folder.rename("back.txt", "away~") and folder.rename("away~", "back.txt")
        day.write("edited.txt", "s00099")
        day.sync()
        assert day.states() == {
            "removed.txt": "gone",
            "expired.txt": "gone",
            "back.txt": "synced",  # it was put there after all that
            "edited.txt": "synced",
        }
        assert day.puts == puts + 2


def test_a_device_restored_from_an_image_overwrites_nothing_newer():
    """L09: old files and an old journal; what is newer in the cloud stays."""
    with a_day(devices=2) as day:
        day.write("a.txt", "s00001", d="D1")
        day.sync()
        day.write("a.txt", "s00001", d="D2")
        day.sync()
        day.device("D2").crash()
        kept = _kept(day, "D2")
        day.device("D2").start()
        day.write("a.txt", "s00002", d="D2")
        day.sync()
        day.device("D2").crash()
        _put_back(day, "D2", kept)
        day.device("D2").folder.write("a.txt", day.bytes_of("s00001"))
        day.device("D2").start()
        day.sync()
        day.pass_time(4000)
        assert day.content_at("a.txt") == "s00002"
        day.write("a.txt", "s00003", d="D2")
        day.sync()
        found = sorted(day.oracle.names[d.sha256] for d in day.live(USER.sub))
        assert found == ["s00002", "s00003"]
        assert day.content_at("a.txt") == "s00002"


# --- K. ends -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["s00002", "L00002"])
def test_an_end_while_a_new_version_goes_up_refuses_it_and_touches_no_file(content):
    """K02: what follows is a new document (R13), and no upload stays behind."""
    with a_day(lifetime=100) as day:
        day.write("a.txt", "s00001")
        day.sync()
        before = day.id_of("a.txt")
        day.write("a.txt", content)
        day.until(lambda: day.backend.bucket.uploads or day.puts > 1, "nothing is sent")
        day.time.advance(101.0)
        day.sync()
        assert day.device().folder.at("a.txt").data == day.bytes_of(content)
        assert before not in {d.share_id for d in day.live(USER.sub)}
        assert not day.backend.bucket.uploads


def test_both_devices_delete_one_document_and_neither_has_an_error():
    """L05."""
    with a_day(devices=2) as day:
        day.write("a.txt", d="D1")
        day.sync()
        day.write("a.txt", d="D2")
        day.sync()
        for d in ("D1", "D2"):
            day.device(d).folder.delete("a.txt")
            day.did("a.txt", d=d)
        answers = [day.sync(d) for d in ("D1", "D2", "D1", "D2")]
        assert all(isinstance(a, AppError) is False or a.code == "deletes_held" for a in answers)
        assert day.states("D1") == {}


# --- M, N. life ----------------------------------------------------------------------------------


def test_paused_nothing_is_sent_and_resumed_nothing_is_lost():
    """M09, G21: paused in the middle of a file of many parts, and over a whole day of changes."""
    with a_day() as day:
        day.sync()
        day.write("big.bin", "L00001")
        day.until(
            lambda: any(u.parts for u in day.backend.bucket.uploads.values()), "no part arrives"
        )
        day.tell(c.Pause())
        day.pass_time(60)
        calls, puts = dict(day.oracle.calls), day.puts
        day.write("a.txt", "s00001")
        day.pass_time(7200)
        assert (dict(day.oracle.calls), day.puts) == (calls, puts)
        assert day.live_paths() == []
        day.tell(c.Resume())
        day.sync()
        assert day.live_paths() == ["a.txt", "big.bin"]
        assert set(day.states().values()) == {"synced"}


def test_small_files_do_not_wait_for_a_huge_one():
    """N08: parts of the huge one and whole small ones go up side by side."""
    with a_day(part_size=1) as day:
        day.sync()
        day.write("huge.bin", "L00001")
        day.until(lambda: bool(day.backend.bucket.uploads), "no upload begins")
        for n in range(40):
            day.write(f"{n}.txt", f"s000{n:02}")
        day.until(lambda: len(day.live_paths()) >= 40, "the small ones wait", 20_000)
        assert "huge.bin" not in day.live_paths() or day.time.seconds < 60


# --- O. the inbox --------------------------------------------------------------------------------


def test_a_download_is_fetched_when_asked_for_and_never_by_itself():
    """O04, O01, O02, O09: moved, edited or deleted, it is the person's; a newer one lies beside."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        inbox = day.device().inbox
        share_id = day.id_of("a.txt")
        first = day.tell(c.Get(share_id))
        assert inbox == {"a.txt": day.bytes_of("s00001")}
        assert day.tell(c.Get(share_id))["path"] == first["path"]
        inbox["mine.txt"] = inbox.pop("a.txt")
        day.write("a.txt", "s00002")
        day.sync()
        day.pass_time(7200)
        assert list(inbox) == ["mine.txt"]
        inbox["a.txt"] = b"edited"
        day.tell(c.Get(share_id))
        assert inbox == {
            "mine.txt": day.bytes_of("s00001"),
            "a.txt": b"edited",
            "a (2).txt": day.bytes_of("s00002"),
        }


def test_what_left_the_cloud_between_list_and_download_is_a_calm_answer():
    """O10, K10: the row goes with the next look, an earlier download stays."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        share_id = day.id_of("a.txt")
        day.tell(c.Get(share_id))
        kept = dict(day.device().inbox)
        answer = day.backend.answer

        def gone(device, method, url, token, body):
            if method == "GET" and "/share/" in url:
                return wire.problem(Refused(Code.REMOVED))
            return answer(device, method, url, token, body)

        day.backend.answer = gone
        refused = day.tell(c.Get(share_id))
        assert isinstance(refused, AppError)
        assert refused.code == "removed"
        assert day.device().inbox == kept
        day.backend.answer = answer
        day.tell(c.Share("a.txt", (OTHER.email,)))
        day.tell(c.Remove("a.txt"))
        refused = day.tell(c.Get(share_id))
        assert refused.code == "removed"
        assert day.device().inbox == kept


def test_a_problem_is_told_once_also_over_restarts():
    with a_day() as day:
        day.sync()
        device = day.device()
        day.write("/".join(["d" * 200] * 40 + ["x.txt"]))  # too long for the cloud
        day.pass_time(900)
        told = [event for event in device.events if isinstance(event, ProblemRaised)]
        assert len(told) == 1
        device.crash()
        device.start()
        day.pass_time(900)
        assert [event for event in device.events if isinstance(event, ProblemRaised)] == told
