"""Single files are paused, resumed and cancelled, also while they are being sent."""

from mydoctransfer.adapters.frames import from_frame, to_frame
from mydoctransfer.engine.halting import KEY
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Halt, ItemState, Progress, Row, RowsChanged
from tests.engine.days import Day, a_day

PAUSED = ("waiting", "Paused. It is sent when you resume it.")
CANCELLED = ("skipped", "Cancelled. It is sent when you change it or resume it.")
OFTEN = 20_000  # steps: more than any of these days needs


def state(day: Day, path: str) -> tuple[str, str]:
    (item,) = [i for i in day.status(day.device())["items"] if i["path"] == path]
    return item["state"], item["message"]


def row(day: Day, path: str) -> Row:
    rows = [r for e in day.device().events if isinstance(e, RowsChanged) for r in e.rows]
    return [r for r in rows if r.key == path][-1]


def write_and_see(day: Day, path: str, content: str = "s00001") -> None:
    """Write a file, and go on until it waits to be sent."""
    day.write(path, content)

    def is_seen() -> bool:
        items = day.status(day.device())["items"]
        return any(i["path"] == path and i["state"] == "waiting" for i in items)

    day.until(is_seen, f"{path} is not seen", OFTEN)


def sent(day: Day) -> list[int]:
    return [e.sent for e in day.device().events if isinstance(e, Progress)]


def send_until_a_part_arrived(day: Day) -> None:
    """Begin a large file, and go on until some of it is in the store but not all."""
    day.sync()
    day.write("film.iso", "L00001")
    day.until(lambda: any(0 < n < 72 for n in sent(day)), "no part arrives", OFTEN)


def test_a_paused_file_waits_while_others_go_and_goes_when_resumed() -> None:
    with a_day() as day:
        day.sync()
        write_and_see(day, "a.txt")
        day.tell(c.PauseFiles(("a.txt",)))
        day.write("b.txt", "s00002")
        day.pass_time(120)
        assert day.live_paths() == ["b.txt"]
        assert state(day, "a.txt") == PAUSED
        assert row(day, "a.txt").halt is Halt.PAUSED
        assert day.status(day.device())["state"] == "idle"
        day.tell(c.ResumeFiles(("a.txt",)))
        day.pass_time(60)
        assert day.live_paths() == ["a.txt", "b.txt"]
        assert row(day, "a.txt").halt is None


def test_pausing_keeps_the_parts_that_have_arrived_also_over_a_restart() -> None:
    with a_day() as day:
        send_until_a_part_arrived(day)
        day.tell(c.PauseFiles(("film.iso",)))
        held = max(sent(day))
        day.pass_time(60)
        assert state(day, "film.iso") == PAUSED
        assert max(sent(day)) == held
        device = day.device()
        device.crash()
        device.start()
        device.events.clear()
        day.pass_time(120)
        assert state(day, "film.iso") == PAUSED
        assert sent(day) == []
        day.tell(c.ResumeFiles(("film.iso",)))
        day.pass_time(120)
        assert day.live_paths() == ["film.iso"]
        assert sent(day)[0] >= held  # it went on from there


def test_a_cancelled_upload_leaves_nothing_and_is_not_begun_again_over_a_restart() -> None:
    with a_day() as day:
        send_until_a_part_arrived(day)
        day.tell(c.CancelFiles(("film.iso",)))
        assert state(day, "film.iso") == CANCELLED
        day.pass_time(60)
        assert day.device().engine._journal.transfers() == []
        assert day.device().engine._journal.intents() == {}
        device = day.device()
        device.crash()
        device.start()
        day.pass_time(600)
        assert state(day, "film.iso") == CANCELLED
        assert row(day, "film.iso").state is ItemState.SKIPPED
        assert row(day, "film.iso").halt is Halt.CANCELLED
        assert day.live_paths() == []
        day.tell(c.ResumeFiles(("film.iso",)))
        day.pass_time(120)
        assert day.live_paths() == ["film.iso"]


def test_a_cancelled_small_file_whose_bytes_have_arrived_is_not_published_by_the_sweep() -> None:
    with a_day() as day:
        day.sync()
        day.write("a.txt")
        day.until(lambda: day.puts > 0, "nothing is put", OFTEN)
        assert day.live_paths() == []
        day.tell(c.CancelFiles(("a.txt",)))
        day.pass_time(1200)
        assert day.live_paths() == []
        assert state(day, "a.txt") == CANCELLED


def test_what_goes_along_with_a_cancelled_file_still_arrives() -> None:
    with a_day(batch=10) as day:
        day.sync()
        for n in range(4):
            day.write(f"{n}.txt", f"s0000{n}")
        day.until(lambda: day.puts > 0, "nothing is put", OFTEN)
        day.tell(c.CancelFiles(("1.txt",)))
        day.pass_time(600)
        assert [p for p in day.live_paths() if p != "1.txt"] == ["0.txt", "2.txt", "3.txt"]


def test_a_cancelled_file_is_sent_when_it_is_changed() -> None:
    with a_day() as day:
        day.sync()
        write_and_see(day, "a.txt")
        day.tell(c.CancelFiles(("a.txt",)))
        day.pass_time(120)
        assert day.live_paths() == []
        day.write("a.txt", "s00002")
        day.pass_time(120)
        assert day.content_at("a.txt") == "s00002"
        assert day.device().engine._journal.get(KEY) is None


def test_a_stopped_file_stays_stopped_under_another_name() -> None:
    with a_day() as day:
        day.sync()
        write_and_see(day, "a.txt")
        day.tell(c.CancelFiles(("a.txt",)))
        write_and_see(day, "b.txt", "s00002")
        day.tell(c.PauseFiles(("b.txt",)))
        day.pass_time(120)
        for old, new in (("a.txt", "c.txt"), ("b.txt", "d.txt")):
            day.device().folder.rename(old, new)
            day.did(old, new)
        day.pass_time(120)
        assert day.live_paths() == []
        assert (state(day, "c.txt"), state(day, "d.txt")) == (CANCELLED, PAUSED)


def test_a_new_version_is_cancelled_and_the_one_before_stays_in_the_cloud() -> None:
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.tell(c.CancelFiles(("a.txt",)))  # nothing is to be sent: this says nothing of it
        day.pass_time(60)
        day.write("a.txt", "s00002")
        day.pass_time(60)
        assert day.content_at("a.txt") == "s00002"
        write_and_see(day, "a.txt", "s00003")
        day.tell(c.PauseFiles(("a.txt",)))
        day.pass_time(60)
        day.tell(c.CancelFiles(("a.txt",)))
        day.pass_time(120)
        assert day.content_at("a.txt") == "s00002"
        assert state(day, "a.txt") == CANCELLED


def test_a_deletion_does_not_wait_for_a_file_that_is_cancelled() -> None:
    with a_day() as day:
        day.write("a.txt")
        day.write("z.txt", "s00009")
        day.sync()
        write_and_see(day, "b.txt")  # the same bytes
        day.tell(c.CancelFiles(("b.txt",)))
        day.device().folder.delete("a.txt")
        day.did("a.txt")
        answer = day.sync()
        assert not isinstance(answer, AppError), answer
        assert "a.txt" not in day.live_paths()


def test_sync_once_ends_beside_stopped_files_and_counts_them_as_skipped() -> None:
    with a_day() as day:
        day.sync()
        write_and_see(day, "a.txt")
        day.tell(c.PauseFiles(("a.txt",)))
        write_and_see(day, "b.txt", "s00002")
        day.tell(c.CancelFiles(("b.txt",)))
        day.write("c.txt", "s00003")
        answer = day.sync()
        assert (answer["uploaded"], answer["skipped"]) == (1, 2)
        assert day.live_paths() == ["c.txt"]


def test_what_is_not_in_the_folder_cannot_be_stopped() -> None:
    with a_day() as day:
        day.sync()
        day.tell(c.PauseFiles(("nothing.txt", "../out", "\udcff")))
        assert day.device().engine._journal.get(KEY) is None


def test_sending_again_ends_a_stop() -> None:
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.tell(c.Remove("a.txt"))
        day.tell(c.CancelFiles(("a.txt",)))
        answer = day.tell(c.SendAgain("a.txt"), limit=OFTEN)
        assert answer["document"]["path"] == "a.txt"
        assert day.live_paths() == ["a.txt"]


def test_the_commands_cross_the_control_socket() -> None:
    for command in (c.PauseFiles(("a",)), c.ResumeFiles(("a", "b")), c.CancelFiles(())):
        assert from_frame(to_frame(command)) == command
