"""Who had a document before it was sent again (R13)."""

import pytest

from mydoctransfer.engine.former import KEY, MOST, Former
from mydoctransfer.engine.rows import NOT_SHARED_AGAIN
from mydoctransfer.model import commands as c
from mydoctransfer.model.events import Row, RowsChanged
from mydoctransfer.model.trees import ShareId
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER


def row(day: Day) -> Row:
    told = [e for e in day.device().events if isinstance(e, RowsChanged)]
    return next(r for e in reversed(told) for r in e.rows if r.key == "a.txt")


def shared_and_gone(day: Day) -> None:
    day.write("a.txt")
    day.sync()
    assert "document" in day.tell(c.Share("a.txt", (OTHER.email,)))
    day.pass_time(101)


def test_after_an_edit_one_share_brings_everybody_back():
    """K18, R13."""
    with a_day(lifetime=100) as day:
        shared_and_gone(day)
        day.write("a.txt", "s00002")
        day.sync()
        assert (row(day).people, row(day).former) == ((), (OTHER.email,))
        assert row(day).message == NOT_SHARED_AGAIN
        day.tell(c.Share("a.txt", row(day).former))
        day.sync()
        assert ([p.email for p in row(day).people], row(day).former) == ([OTHER.email], ())
        assert row(day).message == ""


def test_a_second_time_without_sharing_still_knows_them():
    """R13."""
    with a_day(lifetime=100) as day:
        shared_and_gone(day)
        day.write("a.txt", "s00002")
        day.sync()
        day.pass_time(101)
        day.write("a.txt", "s00003")
        day.sync()
        assert row(day).former == (OTHER.email,)


class Values:
    """The journal's small values."""

    def __init__(self, **values: str) -> None:
        self.values = values

    def get(self, key: str) -> str | None:
        return self.values.get(key)


@pytest.mark.parametrize("written", ["", "{", "[1]", "null", '{"a": 1}'])
def test_what_another_version_wrote_is_let_go(written: str) -> None:
    assert Former(Values(**{KEY: written}))._people == {}  # type: ignore[arg-type]


def test_only_the_newest_are_kept() -> None:
    with a_day(lifetime=100) as day:
        former = day.device().engine._former
        former._people = {ShareId(f"{n:032x}"): ("x@example.org",) for n in range(MOST)}
        shared_and_gone(day)
        day.write("a.txt", "s00002")
        day.sync()
        assert len(former._people) == MOST
        assert former._people[ShareId(day.id_of("a.txt"))] == (OTHER.email,)
