"""What `status` and `ls` say before the cloud has answered: what was known, held to the clock."""

from typing import Any

from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.model import commands as c
from tests.engine.days import Day, a_day

ENDED = Failure(FailureKind.SIGNED_OUT, "Your session has ended. Sign in again.", "session_ended")
HOUR = 3600


def _send_for_an_hour(day: Day) -> None:
    day.write("a.txt")
    day.sync()
    day.tell(c.Extend("a.txt", HOUR))


def _start_offline(day: Day) -> None:
    day.device().crash()
    day.fault = lambda device, site, what: "lost_before"
    day.device().start()


def _listed(day: Day, **asked: bool) -> list[tuple[str, str]]:
    told: Any = day.tell(c.ListDocuments(**{"shared_with_me": False, "gone": False, **asked}))
    return [(d["path"], d["state"]) for d in told["documents"]]


def test_a_document_whose_time_is_up_is_gone_also_while_nobody_can_ask():
    """R6, R10, K04: from the next start on, and sent no second time."""
    with a_day() as day:
        _send_for_an_hour(day)
        _start_offline(day)
        assert (day.states(), _listed(day)) == ({"a.txt": "synced"}, [("a.txt", "live")])
        day.pass_time(2 * HOUR)
        assert (day.states(), _listed(day)) == ({"a.txt": "gone"}, [])
        assert _listed(day, gone=True) == [("a.txt", "expired")]
        day.fault = lambda *_: None
        day.sync()
        assert (day.states(), day.puts) == ({"a.txt": "gone"}, 1)


def test_a_clock_that_is_wrong_ends_no_document_for_good():
    """E05, R10: what it makes of a document is said, and written down nowhere."""
    with a_day() as day:
        _send_for_an_hour(day)
        day.device().clock.wall_offset_ms += 48 * HOUR * 1000
        _start_offline(day)
        assert day.states() == {"a.txt": "gone"}
        day.fault = lambda *_: None
        day.sync()
        assert (day.states(), _listed(day)) == ({"a.txt": "synced"}, [("a.txt", "live")])


def test_a_clock_that_was_wrong_when_the_cloud_was_asked_is_believed_as_far_as_it_was_off():
    """E05: it was `gone` right after the sync that had found everything in its place."""
    with a_day() as day:
        _send_for_an_hour(day)
        day.device().clock.wall_offset_ms += 48 * HOUR * 1000
        day.sync()
        _start_offline(day)
        assert (day.states(), _listed(day)) == ({"a.txt": "synced"}, [("a.txt", "live")])
        day.pass_time(2 * HOUR)
        assert day.states() == {"a.txt": "gone"}


def test_a_refused_session_is_over_for_the_next_program_too():
    """I01: it was `idle` again, as if everything were well, until somebody asked the cloud."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        session = day.device().engine._session
        session.noticed(ENDED)
        day.device().crash()
        day.device().start()
        assert day.status(day.device())["state"] == "signed_out"
        day.sync()
        day.device().crash()
        day.device().start()
        assert day.status(day.device())["state"] != "signed_out"


def test_somebody_elses_sign_in_is_remembered_like_the_first():
    """I13: nothing of the account before is kept, and the session is none of it."""
    with a_day() as day:
        day.sync()
        session = day.device().engine._session
        session.journal.put("account", None)
        session.journal.clear()
        session._meet(session.account)
        day.device().crash()
        day.device().start()
        assert day.status(day.device())["state"] != "signed_out"


def test_a_sick_folder_says_why_in_a_row_of_its_own():
    """F01, R9: it is `.`, the path of the folder within itself."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        day.device().folder.delete(".mydoctransfer")
        day.did(".mydoctransfer")
        day.pass_time(60)
        status = day.status(day.device())
        assert status["state"] == "problem"
        first, second = status["items"]
        assert (first["path"], first["state"]) == (".", "problem")
        assert "marker is missing" in first["message"]
        assert second["path"] == "a.txt"
