"""Own lines of the change feed are not read back, and nobody else's is ever passed over."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mydoctransfer.engine.feed import Feed, Place, further
from mydoctransfer.engine.ports import Stretch

PAGE = 3  # lines


def own(first: int, last: int) -> Stretch:
    return Stretch(first, last, f"behind {last}")


def test_own_stretches_that_follow_are_gone_over_in_whatever_order_they_were_answered():
    assert further(Place("", 4), [own(8, 8), own(5, 7)]) == Place("behind 8", 8)


def test_somebody_elses_line_is_read_first():
    assert further(Place("", 4), [own(6, 9)]) == Place("", 4)
    assert further(Place("", 4), [own(5, 5), own(7, 9)]) == Place("behind 5", 5)


def test_what_was_read_in_part_is_read_on():
    assert further(Place("", 4), [own(3, 6)]) == Place("", 4)


def test_a_server_that_tells_no_lines_is_read_as_ever():
    feed = Feed()
    feed.read("a", None)
    feed.wrote(own(1, 2))
    assert feed.gone_on("a") == "a"


def test_a_cursor_of_a_run_before_is_read_from():
    feed = Feed()
    feed.read("a", 4)
    feed.wrote(own(5, 6))
    assert feed.gone_on("an older one") == "an older one"
    assert feed.gone_on("a") == "behind 6"


def test_what_was_written_while_everything_was_listed_is_read():
    feed = Feed()
    feed.read("a", 4)
    feed.wrote(own(5, 6))
    feed.listed("b", 4)
    assert feed.gone_on("b") == "b"
    feed.wrote(own(5, 5))
    assert feed.gone_on("b") == "behind 5"


@dataclass
class Poll:
    """A poll under way: which cursor the journal had, the line it asks from, and the lines the
    server has answered it."""

    cursor: str
    since: int
    answered: tuple[int, int] | None = None


@dataclass
class Listing:
    """A list under way: the line it began at, and up to which it shows everything."""

    began: int
    shows: int = 0


@dataclass
class Call:
    """An answer on its way: our lines, and the stretch they are."""

    lines: list[int]
    stretch: Stretch | None


@dataclass
class Server:
    """Somebody's feed: how many lines it has, and where each cursor stands."""

    lines: int = 0
    cursors: dict[str, int] = field(default_factory=dict)

    def cursor(self, line: int) -> str:
        name = f"{line}, the {len(self.cursors)}th"
        self.cursors[name] = line
        return name


class FeedOfMany(RuleBasedStateMachine):
    """One device's feed: others write between, answers are late, lost and out of order, polls
    overtake each other, everything is listed anew, the program starts again."""

    def __init__(self) -> None:
        super().__init__()
        self.server, self.feed = Server(), Feed()
        self.seen: set[int] = set()  # lines whose documents the journal has
        self.calls: list[Call] = []
        self.polls: list[Poll] = []
        self.listing: Listing | None = None
        self.cursor = self.server.cursor(0)

    @rule(count=st.integers(1, 3))
    def others_write(self, count: int) -> None:
        self.server.lines += count

    @rule(pattern=st.lists(st.booleans(), min_size=1, max_size=4))
    def our_call_writes(self, pattern: list[bool]) -> None:
        """`pattern`: whether each transaction on the way is ours."""
        lines = [self.server.lines + n + 1 for n, ours in enumerate(pattern) if ours]
        self.server.lines += len(pattern)
        if not lines:
            return
        is_whole = lines[-1] - lines[0] + 1 == len(lines)
        end = self.server.cursor(lines[-1])
        self.calls.append(Call(lines, Stretch(lines[0], lines[-1], end) if is_whole else None))

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), is_lost=st.booleans())
    def an_answer_comes(self, data: st.DataObject, is_lost: bool) -> None:
        call = self.calls.pop(data.draw(st.integers(0, len(self.calls) - 1)))
        if is_lost:
            return
        self.seen.update(call.lines)
        if call.stretch is not None:
            self.feed.wrote(call.stretch)

    @rule()
    def it_goes_on(self) -> None:
        self.cursor = self.feed.gone_on(self.cursor)

    @precondition(lambda self: len(self.polls) < 2)
    @rule()
    def a_poll_begins(self) -> None:
        self.it_goes_on()
        self.polls.append(Poll(self.cursor, self.server.cursors[self.cursor]))

    @precondition(lambda self: self.polls)
    @rule(data=st.data())
    def a_poll_is_answered(self, data: st.DataObject) -> None:
        poll = data.draw(st.sampled_from(self.polls))
        poll.answered = (poll.since, min(poll.since + PAGE, self.server.lines))

    @precondition(lambda self: any(poll.answered for poll in self.polls))
    @rule(data=st.data())
    def a_page_comes(self, data: st.DataObject) -> None:
        poll = data.draw(st.sampled_from([poll for poll in self.polls if poll.answered]))
        self.polls.remove(poll)
        if poll.cursor != self.cursor:
            return  # another has gone on meanwhile: it asks again
        assert poll.answered is not None
        since, line = poll.answered
        self.seen.update(range(since + 1, line + 1))
        self.cursor = self.server.cursor(line)
        self.feed.read(self.cursor, line)

    @precondition(lambda self: self.listing is None)
    @rule()
    def a_list_begins(self) -> None:
        self.listing = Listing(self.server.lines, self.server.lines)

    @precondition(lambda self: self.listing is not None)
    @rule()
    def a_list_shows_what_there_is(self) -> None:
        assert self.listing is not None
        self.listing.shows = self.server.lines

    @precondition(lambda self: self.listing is not None)
    @rule()
    def a_list_ends(self) -> None:
        """What it does not show is forgotten, though an answer told of it meanwhile."""
        assert self.listing is not None
        self.seen = set(range(1, self.listing.shows + 1))
        self.cursor = self.server.cursor(self.listing.began)
        self.feed.listed(self.cursor, self.listing.began)
        self.listing = None

    @rule()
    def the_program_starts_again(self) -> None:
        self.feed = Feed()
        self.calls, self.polls, self.listing = [], [], None

    @invariant()
    def nothing_is_passed_over(self) -> None:
        behind = self.server.cursors[self.cursor]
        assert self.seen.issuperset(range(1, behind + 1))


TestFeedOfMany = FeedOfMany.TestCase
TestFeedOfMany.settings = settings(max_examples=150, stateful_step_count=40)
