"""Downloads are told of from beginning to end, and end when they are cancelled."""

from mydoctransfer.adapters.frames import from_frame, to_frame
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Downloading
from tests.engine.days import Day, a_day


def told(day: Day) -> list[tuple[str | None, int, int]]:
    events = [e for e in day.device().events if isinstance(e, Downloading)]
    return [(e.row.name if e.row else None, e.came, e.total) for e in events]


def test_a_download_is_told_of_and_over_when_it_is_here() -> None:
    with a_day() as day:
        day.write("plan.txt")
        day.sync()
        answer = day.tell(c.Get("plan.txt"))
        assert answer["share_id"] == day.id_of("plan.txt")
        assert told(day) == [("plan.txt", 0, 12), (None, 0, 0)]


def test_a_running_download_is_cancelled_and_answers_so() -> None:
    with a_day() as day:
        day.write("plan.txt")
        day.sync()
        device, share_id = day.device(), day.id_of("plan.txt")
        device.tell(c.Get("plan.txt"))
        day.until(lambda: told(day), "it does not begin", 4000)
        device.tell(c.CancelGet(share_id))
        day.until(lambda: len(told(day)) == 2, "it does not end", 4000)
        refused = [answer for _, answer in device.replies if isinstance(answer, AppError)]
        assert [error.code for error in refused] == ["cancelled"]
        assert device.inbox == {}
        assert not isinstance(day.tell(c.Get("plan.txt")), AppError)


def test_to_cancel_what_does_not_run_does_nothing() -> None:
    with a_day() as day:
        day.write("plan.txt")
        day.sync()
        assert day.tell(c.CancelGet(day.id_of("plan.txt"))) == {"ok": True}
        assert not isinstance(day.tell(c.Get("plan.txt")), AppError)
        assert told(day)[-1] == (None, 0, 0)


def test_the_command_crosses_the_control_socket() -> None:
    assert from_frame(to_frame(c.CancelGet("1" * 32))) == c.CancelGet("1" * 32)
