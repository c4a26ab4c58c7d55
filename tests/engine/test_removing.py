"""Taking a document out of the cloud by hand, while its file stays (R6)."""

from collections.abc import Iterator

import pytest

from mydoctransfer.engine.rows import GONE
from mydoctransfer.model import commands as c
from mydoctransfer.model.events import Progress
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER

OFTEN = 20_000  # steps: more than any of these days needs
KEPT_HERE = ("gone", GONE)


@pytest.fixture
def day() -> Iterator[Day]:
    """A device with one document, which somebody else has."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.tell(c.Share("a.txt", (OTHER.email,)))
        yield day


def test_what_was_saved_just_before_is_taken_out_too(day: Day) -> None:
    day.write("a.txt", "s00002")
    day.tell(c.Remove("a.txt"))
    day.pass_time(120)
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE


def test_what_was_saved_unheard_just_before_is_taken_out_too(day: Day) -> None:
    day.device().folder.write("a.txt", day.bytes_of("s00002"))
    day.tell(c.Remove(day.id_of("a.txt")))
    day.sync()
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE


def test_what_waited_for_the_end_of_a_pause_is_taken_out_too(day: Day) -> None:
    day.tell(c.Pause())
    day.write("a.txt", "s00002")
    day.pass_time(30)
    day.tell(c.Remove("a.txt"))
    day.pass_time(30)
    assert row(day, "a.txt") == KEPT_HERE
    day.tell(c.Resume())
    day.pass_time(120)
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE


def test_a_new_version_on_its_way_goes_no_further_and_leaves_nothing(day: Day) -> None:
    _send_a_part_of_the_next_version(day)
    meanwhile, day.fault = day.fault, lambda device, at, what: "lost_before" if at == "s3" else None
    day.tell(c.Remove("a.txt"))
    day.fault = meanwhile
    sent = _sent(day)
    day.pass_time(300)
    assert _sent(day) == sent < 72
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE
    assert day.device().journal.transfers() == []
    assert day.device().journal.intents() == {}
    assert not day.backend.bucket.uploads


def test_a_new_version_that_was_on_its_way_before_a_pause_leaves_nothing(day: Day) -> None:
    _send_a_part_of_the_next_version(day)
    day.tell(c.Pause())
    day.tell(c.Remove("a.txt"))
    day.tell(c.Resume())
    day.pass_time(300)
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE
    assert not day.backend.bucket.uploads


def test_a_small_new_version_on_its_way_is_not_published_by_the_sweep(day: Day) -> None:
    puts = day.puts
    day.write("a.txt", "s00002")
    day.until(lambda: day.puts > puts, "nothing is put", OFTEN)
    day.tell(c.Remove("a.txt"))
    day.pass_time(1200)
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE


def test_it_holds_over_the_end_of_the_process_before_the_answer(day: Day) -> None:
    day.write("a.txt", "s00002")
    day.device().tell(c.Remove("a.txt"))
    day.until(lambda: not day.live_paths(), "nothing is removed", OFTEN)
    day.device().crash()
    day.device().start()
    day.sync()
    day.pass_time(120)
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE


def test_an_edit_afterwards_is_sent_as_a_new_document(day: Day) -> None:
    before = day.id_of("a.txt")
    day.write("a.txt", "s00002")
    day.tell(c.Remove("a.txt"))
    day.write("a.txt", "s00003")
    day.pass_time(120)
    assert day.content_at("a.txt") == "s00003"
    assert day.id_of("a.txt") != before


def test_bytes_that_change_without_a_trace_afterwards_are_sent_as_a_new_document(day: Day) -> None:
    """A18."""
    day.write("a.txt", "s00002")
    day.tell(c.Remove("a.txt"))
    day.pass_time(10)
    assert row(day, "a.txt") == KEPT_HERE
    day.device().crash()
    day.device().start()
    day.rot("a.txt", "s00003")
    day.pass_a_day_asleep()
    assert day.content_at("a.txt") == "s00003"


def test_so_are_those_in_what_had_only_been_touched(day: Day) -> None:
    day.device().folder.touch("a.txt")
    day.tell(c.Remove("a.txt"))
    day.tell(c.LookNow())
    day.pass_time(10)
    day.rot("a.txt", "s00003")
    day.pass_a_day_asleep()
    assert day.content_at("a.txt") == "s00003"


def test_bytes_that_change_without_a_trace_before_they_are_read_are_taken_out_too(day: Day) -> None:
    """A18: nothing tells them from those that lay there when the document was removed."""
    day.device().folder.write("a.txt", day.bytes_of("s00002"))
    day.tell(c.Remove("a.txt"))
    day.rot("a.txt", "s00003")
    day.sync()
    assert day.live_paths() == []
    assert row(day, "a.txt") == KEPT_HERE


def test_it_is_sent_again_when_the_person_says_so(day: Day) -> None:
    day.write("a.txt", "s00002")
    day.tell(c.Remove("a.txt"))
    day.pass_time(120)
    day.tell(c.SendAgain("a.txt"))
    day.pass_time(120)
    assert day.content_at("a.txt") == "s00002"


def _send_a_part_of_the_next_version(day: Day) -> None:
    day.device().events.clear()
    day.write("a.txt", "L00001")
    day.until(lambda: 0 < _sent(day) < 72, "no part arrives", OFTEN)


def _sent(day: Day) -> int:
    """How much of the file that is being sent has arrived."""
    return max((e.sent for e in day.device().events if isinstance(e, Progress)), default=0)


def test_a_file_deleted_after_its_document_has_left_takes_nothing_with_it() -> None:
    with a_day() as day:
        day.write("a.txt")
        day.write("b.txt", "s00002")
        day.sync()
        day.tell(c.Remove("a.txt"))
        for name in ("a.txt", "b.txt"):
            assert day.device().folder.delete(name)
        day.did("a.txt", "b.txt")
        day.pass_time(10)
        assert row(day, "a.txt") == ("waiting", "Gone from the folder.")
        assert row(day, "b.txt") == (
            "waiting",
            "Gone from the folder; it will leave the cloud too.",
        )


def row(day: Day, path: str) -> tuple[str, str]:
    (item,) = [i for i in day.status(day.device())["items"] if i["path"] == path]
    return item["state"], item["message"]
