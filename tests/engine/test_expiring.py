"""Documents about to leave the cloud are told of: once for each deadline, and only mine."""

from mydoctransfer.engine.expiring import SOON_MS, due
from mydoctransfer.model import commands as c
from mydoctransfer.model.events import Event, ExpiringSoon
from mydoctransfer.model.trees import Document, DocumentState, Person, ShareId
from tests.engine.days import Day, a_day


def _document(name: str, *, is_mine: bool = True, life: int = 3_600_000) -> Document:
    return Document(
        ShareId(name), Person("a@example.org"), is_mine, None, name, 1, "", 1, 1,
        DocumentState.LIVE, uploaded_at=0, expires_at=life,
    )  # fmt: skip


def test_a_document_is_told_of_once_for_each_deadline() -> None:
    plan = _document("plan")
    news, told = due([plan], {})
    assert news == (plan,)
    assert due([plan], told) == ((), told)
    later = _document("plan", life=7_200_000)
    assert due([later], told)[0] == (later,)


def test_what_is_others_or_short_lived_is_not_told_of() -> None:
    assert due([_document("a", is_mine=False), _document("b", life=SOON_MS)], {}) == ((), {})


def test_what_has_ended_is_forgotten() -> None:
    assert due([], {ShareId("gone"): 1}) == ((), {})


def _told(events: list[Event]) -> list[str]:
    return [row.name for e in events if isinstance(e, ExpiringSoon) for row in e.rows]


def test_the_engine_says_ten_minutes_before_what_goes_and_again_after_extending() -> None:
    with a_day() as day:
        day.write("plan.txt")
        day.sync()
        _extended(day, 3600)
        day.pass_time(3600 - 660)
        assert _told(day.device().events) == []
        day.pass_time(120)
        assert _told(day.device().events) == ["plan.txt"]
        day.pass_time(60)
        assert _told(day.device().events) == ["plan.txt"]
        _extended(day, 900)
        day.pass_time(400)
        assert _told(day.device().events) == ["plan.txt"] * 2


def _extended(day: Day, seconds: int) -> None:
    answer = day.tell(c.Extend("plan.txt", seconds))
    assert answer["document"]["display_name"] == "plan.txt"
