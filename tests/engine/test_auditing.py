"""The slow reading of everything: what changed without a trace is found, and nobody notices it."""

import pytest

from mydoctransfer.engine import auditing
from mydoctransfer.engine.auditing import AUDIT_KEY
from mydoctransfer.model import commands as c
from tests.engine.days import a_day
from tests.simulation.world.cloud import USER

AN_HOUR = 3600.0
A_MOMENT = auditing.REST + 10  # the next batch, and the quiet period of what it finds


def test_bytes_that_changed_without_a_trace_are_found_and_sent() -> None:
    """A18, E02, invariant I3."""
    with a_day() as day:
        day.write("rotten.txt", "s00001")
        day.write("d/whole.txt", "s00002")
        day.sync()
        day.rot("rotten.txt", "s00003")
        day.tell(c.LookNow())
        day.pass_time(1)
        assert day.content_at("rotten.txt") == "s00001"
        day.pass_time(A_MOMENT)
        assert day.content_at("rotten.txt") == "s00003"
        assert day.content_at("d/whole.txt") == "s00002"
        (rotten,) = [d for d in day.live(USER.sub) if d.path == "rotten.txt"]
        assert (rotten.version, day.puts) == (2, 3)


@pytest.mark.parametrize(("read", "sent"), [("s00001", "s00003"), ("L00001", "L00003")])
def test_bytes_that_changed_without_a_trace_before_they_were_sent_are_read_again(
    read: str, sent: str
) -> None:
    """A18, invariant I5: what was read is not there to be sent, and no look ever says so."""
    with a_day(single_put_max=24, part_size=10) as day:
        day.tell(c.Pause())
        day.write("rotten.txt", read)
        day.write("whole.txt", "s00002")
        day.pass_time(5)
        day.rot("rotten.txt", sent)
        day.tell(c.Resume())
        day.sync()
        assert day.content_at("rotten.txt") == sent
        assert day.content_at("whole.txt") == "s00002"
        assert day.oracle.calls["D1"] < 20


def test_everything_is_read_again_every_day_and_not_more_often() -> None:
    """A18."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.pass_time(2 * A_MOMENT)
        day.rot("a.txt", "s00002")
        day.pass_time(AN_HOUR)
        assert day.content_at("a.txt") == "s00001"
        day.pass_a_day_asleep()
        assert day.content_at("a.txt") == "s00002"


def test_what_is_as_it_was_is_read_and_nothing_is_sent() -> None:
    """invariant I7."""
    with a_day() as day:
        for n in range(5):
            day.write(f"{n}.txt", f"s0000{n}")
        day.sync()
        puts = day.puts
        day.pass_time(2 * A_MOMENT)
        day.pass_a_day_asleep()
        assert day.puts == puts
        assert day.device().engine.status().state.value == "idle"


def test_a_restart_goes_on_where_it_stopped() -> None:
    with a_day() as day:
        for n in range(auditing.BATCH_FILES + 5):
            day.write(f"{n:03}.txt", f"s{n:05}")
        day.sync()
        while day.device().journal.get(AUDIT_KEY) is None:
            day.pass_time(1)
        day.rot("104.txt", "s00999")
        day.rot("000.txt", "s00998")
        day.device().crash()
        day.device().start()
        day.sync()
        day.pass_time(2 * A_MOMENT)
        # The one ahead is found in this round, the one behind in the next.
        assert day.content_at("104.txt") == "s00999"
        assert day.content_at("000.txt") == "s00000"
        day.pass_a_day_asleep()
        day.pass_time(2 * A_MOMENT)
        assert day.content_at("000.txt") == "s00998"


def test_a_pause_reads_nothing() -> None:
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.tell(c.Pause())
        day.rot("a.txt", "s00002")
        day.pass_time(3 * A_MOMENT)
        assert day.device().journal.get(AUDIT_KEY) is None
        day.tell(c.Resume())
        day.pass_time(3 * A_MOMENT)
        assert day.content_at("a.txt") == "s00002"


def test_a_file_that_cannot_be_read_is_not_taken_for_changed() -> None:
    """invariant I11."""
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.device().folder.permit("a.txt", False)
        day.pass_time(3 * A_MOMENT)
        assert day.content_at("a.txt") == "s00001"
        assert day.live_paths() == ["a.txt"]


def test_a_clock_set_back_begins_a_new_round() -> None:
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.sync()
        day.pass_time(2 * A_MOMENT)
        day.rot("a.txt", "s00002")
        day.device().clock.wall_offset_ms -= 10 * auditing.EVERY_MS
        day.pass_time(AN_HOUR)
        assert day.content_at("a.txt") == "s00002"


def test_batches_are_bounded_by_files_and_by_bytes() -> None:
    """Many bytes are followed by as long a rest as they take at the rate."""
    with a_day() as day:
        for n in range(6):
            day.write(f"{n}.txt", f"s0000{n}")
        day.sync()
        files = day.device().journal.read_after("", 100)
        assert [path for path, _ in files] == [f"{n}.txt" for n in range(6)]
        assert day.device().journal.read_after("3.txt", 100) == files[4:]
        assert len(day.device().journal.read_after("", 2)) == 2
        large = [(path, _sized(file, auditing.BATCH_BYTES // 2)) for path, file in files]
        assert len(auditing._cut(large)) == 2
        huge = [(path, _sized(file, auditing.BATCH_BYTES * 9)) for path, file in files]
        assert len(auditing._cut(huge)) == 1


def _sized(file, size):
    return type(file)(file.stat._replace(size=size), file.birth_ns, file.sha256)
