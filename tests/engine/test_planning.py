"""How often a plan is made when making one takes long."""

from tests.engine.days import Day, a_day

PLANNING = 2.0  # seconds a plan takes


def _plans(day: Day, takes: float = 0.0) -> list[float]:
    """Let every plan take this long from now on; return the list of when they began."""
    journal = day.device().journal
    differences = journal.differences
    began: list[float] = []

    def slowly():
        began.append(day.time.seconds)
        day.time.advance(takes)
        return differences()

    journal.differences = slowly
    return began


def test_a_plan_that_takes_long_is_not_made_anew_while_there_is_enough_to_do() -> None:
    """Planning 100,000 new files takes seconds: after each batch it would take hours in all."""
    with a_day() as day:
        day.sync()
        for n in range(500):
            day.write(f"{n:03d}.txt", f"s{n:05d}")
        began = _plans(day, PLANNING)
        answer = day.sync()
        assert answer["uploaded"] == 500
        assert len(day.live_paths()) == 500
        assert len(began) <= 20  # without a pause between plans: 73


def test_a_change_is_planned_at_once_when_nothing_else_is_to_do() -> None:
    with a_day() as day:
        day.sync()
        began = _plans(day, PLANNING)
        for n in range(3):
            day.write("a.txt", f"s{n:05d}")
            at = day.time.seconds
            day.sync()
            assert day.content_at("a.txt") == f"s{n:05d}"
            assert day.time.seconds - at < 60
        assert began


def test_what_is_on_its_way_is_no_reason_to_plan_anew() -> None:
    with a_day() as day:
        day.sync()
        device = day.device()
        for n in range(300):  # three batches: all of them on their way at once
            assert device.folder.write(f"{n:03d}.txt", day.bytes_of(f"s{n:05d}"))
        began = _plans(day)
        assert day.sync()["uploaded"] == 300
        assert len(began) <= 10  # for as long as any is on its way: 20


def test_a_file_that_is_saved_again_on_its_way_follows_in_its_new_form() -> None:
    with a_day() as day:
        day.write("a.txt", "s00001")
        day.until(lambda: day.puts == 1, "nothing is sent")
        day.write("a.txt", "s00002")
        day.sync()
        assert day.content_at("a.txt") == "s00002"
