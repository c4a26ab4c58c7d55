"""Two polls at once, as a command makes them: none goes on from where nobody stands."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters.journal import SqliteJournal
from mydoctransfer.engine.ports import Changes, Documents, Stretch
from mydoctransfer.engine.session import CURSOR_KEY, EPOCH_KEY, Session
from mydoctransfer.engine.tasks import Call
from mydoctransfer.model.trees import Account, Person, Policy

ME = Account("me", Person("a@example.org", "A", "B"), (), Policy(), "e")


@dataclass
class Feed:
    """A cloud in which nothing lies; its feed has lines all the same, told one in a page."""

    lines: int = 0
    asked: list[str | None] = field(default_factory=list)

    def clock_offset_ms(self) -> int:
        return 0

    def me(self) -> Account:
        return ME

    def documents(self, cursor: str | None) -> Documents:
        return Documents((), None, "e")

    def changes(self, since: str | None) -> Changes:
        self.asked.append(since)
        line = self.lines if since is None else min(int(since) + 1, self.lines)
        return Changes((), (), str(line), line < self.lines, False, "e", line)


class Still:
    """Time that stands still, and chance that is none."""

    def monotonic(self) -> float:
        return 1.0

    def wall_ms(self) -> int:
        return 1000

    def uniform(self) -> float:
        return 0.5


@pytest.fixture
def session(tmp_path: Path):
    journal = SqliteJournal(str(tmp_path / "journal.sqlite"))
    journal.put(EPOCH_KEY, "e")
    journal.put(CURSOR_KEY, "4")
    still: Any = Still()
    nobody: Any = None
    told = Session(journal, nobody, Feed(9), still, still, lambda *_: None, lambda: None)
    told.account, told.polled_at = ME, 0.0
    yield told
    journal.close()


def go_on(poll, answer=None) -> Call | None:
    """Give a poll its answer; return the call it makes next."""
    try:
        return poll.send(answer)
    except StopIteration:
        return None


def to_its_end(poll, call: Call | None) -> None:
    while call is not None:
        call = go_on(poll, call.run())


def polled_up_to(session: Session, line: int) -> None:
    cloud: Any = session.cloud
    lines, cloud.lines = cloud.lines, line
    poll = session.poll()
    to_its_end(poll, go_on(poll))
    cloud.lines = lines


def test_a_page_from_before_everything_was_listed_takes_nobody_past_what_the_list_has_forgotten(
    session,
):
    """L08: since the list began at line 4, one poll has read on, and another asks from there."""
    session.cloud.lines = 4
    listing = session._list_everything()
    begun = go_on(listing).run()
    session.cloud.lines = 9
    first = session.poll()
    go_on(first, go_on(first).run())
    overtaken = session.poll()
    page = go_on(overtaken).run()
    assert session.journal.get(CURSOR_KEY) == "5"
    to_its_end(listing, go_on(listing, begun))
    assert session.journal.get(CURSOR_KEY) == "4"
    session.cloud.asked.clear()
    to_its_end(overtaken, go_on(overtaken, page))
    assert session.cloud.asked == ["4", "5", "6", "7", "8"]
    assert session.journal.get(CURSOR_KEY) == "9"


def test_a_poll_that_nobody_overtakes_asks_for_each_page_once(session):
    poll = session.poll()
    to_its_end(poll, go_on(poll))
    assert session.cloud.asked == ["4", "5", "6", "7", "8"]


@pytest.mark.parametrize(
    ("first", "stands"), [(10, "11"), (11, "9")], ids=["the next lines", "lines behind another's"]
)
def test_what_was_written_during_the_last_page_is_not_left_for_the_next_run(session, first, stands):
    """ADR 23: the program may end with this poll. Behind a line of somebody else it is left."""
    polled_up_to(session, 8)
    poll = session.poll()
    page = go_on(poll).run()
    session.wrote(Stretch(first, 11, "11"))
    assert session.journal.get(CURSOR_KEY) == "8"
    to_its_end(poll, go_on(poll, page))
    assert session.journal.get(CURSOR_KEY) == stands


def test_a_poll_that_ends_during_another_moves_nobodys_place(session):
    """L08: the other's page begins where it was asked for."""
    polled_up_to(session, 8)
    poll, other = session.poll(), session.poll()
    page = go_on(poll).run()
    late = go_on(other)
    session.cloud.lines = 11
    session.wrote(Stretch(10, 11, "11"))
    to_its_end(poll, go_on(poll, page))
    assert session.journal.get(CURSOR_KEY) == "9"
    to_its_end(other, late)
    assert session.journal.get(CURSOR_KEY) == "11"
