"""Who has got a document is told of once, to its owner alone, also across restarts."""

from dataclasses import replace

from chalicelib.controllers import sharing
from chalicelib.model import Identity
from mydoctransfer.engine.fetching import DOUBT_MS, Fetching, Told, news
from mydoctransfer.model import commands as c
from mydoctransfer.model.events import Deed, Downloaded, Event, Happened, RowsChanged
from mydoctransfer.model.trees import Document, DocumentState, Fetched, Person, ShareId
from mydoctransfer_contract.documents import Person as WirePerson
from mydoctransfer_contract.documents import Received
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER

ANNA, BEN = Person("anna@example.org", "Anna"), Person("ben@example.org", "Ben")
T = 1_790_000_000_000


def _document(name: str, *fetched: Fetched, is_mine: bool = True) -> Document:
    return Document(
        ShareId(name), Person("a@example.org"), is_mine, None, name, 1, "", 1, 1,
        DocumentState.LIVE, T, T + 3_600_000, people=(ANNA, BEN), fetched=fetched,
    )  # fmt: skip


def _names(documents: list[Document], told: Told) -> tuple[list[tuple[str, str, int]], Told]:
    fresh, then = news(documents, told)
    return [(d.display_name, f.person.given_name, f.version) for d, f in fresh], then


def test_each_confirmation_is_news_once() -> None:
    first = _document("plan", Fetched(ANNA, 1, T))
    fresh, told = _names([first], Told())
    assert fresh == [("plan", "Anna", 1)]
    assert _names([first], told) == ([], told)
    both = replace(first, fetched=(*first.fetched, Fetched(BEN, 1, T + 5)))
    fresh, told = _names([both], told)
    assert fresh == [("plan", "Ben", 1)]
    newer = replace(both, version=2, fetched=(Fetched(ANNA, 2, T + 9), *both.fetched[1:]))
    assert _names([newer], told)[0] == [("plan", "Anna", 2)]


def test_what_comes_to_be_known_out_of_order_is_not_lost() -> None:
    _, told = news([_document("plan", Fetched(ANNA, 1, T + 60_000))], Told())
    late = _document("other", Fetched(BEN, 1, T))
    fresh, told = _names([late], told)
    assert fresh == [("other", "Ben", 1)]
    assert _names([late], told)[0] == []


def test_what_is_remembered_does_not_grow() -> None:
    told = Told()
    for n in range(1000):
        _, told = news([_document(str(n), Fetched(ANNA, 1, T + n * 60_000))], told)
    assert len(told.late) <= DOUBT_MS / 60_000
    assert told.until == T + 999 * 60_000


def test_others_documents_are_no_news() -> None:
    assert _names([_document("theirs", Fetched(ANNA, 1, T), is_mine=False)], Told()) == ([], Told())


def _downloads(events: list[Event]) -> list[tuple[str, str]]:
    told = [pair for event in events if isinstance(event, Downloaded) for pair in event.fetches]
    return [(row.name, person.email) for row, person in told]


def _bob_fetches(day: Day, path: str, op_id: str = "f" * 32) -> None:
    """His client says that it has what lies at a path."""
    (mine,) = [d for d in day.live("ann") if d.path == path]
    bob = Identity(OTHER.sub, OTHER.sub, WirePerson(OTHER.email, "Bob", "Person"))
    body = Received(op_id, mine.sha256, mine.version)
    sharing.received(day.backend.parts, bob, day.time.ms, mine.share_id, body)


def test_the_owner_is_told_once_and_sees_it_in_the_row() -> None:
    with a_day() as day:
        day.write("plan.txt")
        day.sync()
        day.tell(c.Share("plan.txt", (OTHER.email,)))
        day.pass_time(60)
        device = day.device()
        assert _downloads(device.events) == []
        _bob_fetches(day, "plan.txt")
        day.pass_time(60)
        assert _downloads(device.events) == [("plan.txt", OTHER.email)]
        rows = [r for e in device.events if isinstance(e, RowsChanged) for r in e.rows]
        assert rows[-1].waits_for == ()
        assert [f.person.email for f in rows[-1].fetched] == [OTHER.email]
        entries = [entry for e in device.events if isinstance(e, Happened) for entry in e.entries]
        (deed,) = [entry for entry in entries if entry.deed is Deed.DOWNLOADED]
        assert (deed.names, deed.people) == (("plan.txt",), OTHER.email)


def test_an_answer_that_shows_it_before_the_poll_does_not_swallow_the_news() -> None:
    with a_day() as day:
        day.write("plan.txt")
        day.sync()
        day.tell(c.Share("plan.txt", (OTHER.email,)))
        _bob_fetches(day, "plan.txt")
        day.tell(c.Extend("plan.txt", 7200))
        day.pass_time(60)
        assert _downloads(day.device().events) == [("plan.txt", OTHER.email)]


def test_a_restart_does_not_tell_it_again_but_what_came_meanwhile() -> None:
    with a_day() as day:
        day.write("plan.txt")
        day.write("other.txt", "s00002")
        day.sync()
        for path in ("plan.txt", "other.txt"):
            day.tell(c.Share(path, (OTHER.email,)))
        _bob_fetches(day, "plan.txt")
        day.pass_time(60)
        device = day.device()
        assert _downloads(device.events) == [("plan.txt", OTHER.email)]
        device.crash()
        _bob_fetches(day, "other.txt", "e" * 32)
        device.start()
        device.events.clear()
        day.pass_time(60)
        assert _downloads(device.events) == [("other.txt", OTHER.email)]


class Notes(dict[str, str]):
    """The journal's small values."""

    put = dict.__setitem__


def test_what_was_fetched_before_an_account_came_to_this_device_is_no_news() -> None:
    fetching = Fetching(Notes())  # type: ignore[arg-type]
    old = _document("plan", Fetched(ANNA, 1, T))
    assert fetching.learned((old,), is_all=True) == ()
    both = replace(old, fetched=(*old.fetched, Fetched(BEN, 1, T + 5)))
    assert fetching.learned((both,), is_all=False) == ((both, both.fetched[1]),)


def test_what_was_fetched_while_the_device_was_long_away_is_news_in_the_full_list() -> None:
    fetching = Fetching(Notes())  # type: ignore[arg-type]
    assert fetching.learned((), is_all=True) == ()
    plan = _document("plan", Fetched(ANNA, 1, T))
    assert fetching.learned((plan,), is_all=True) == ((plan, plan.fetched[0]),)
    assert fetching.learned((plan,), is_all=True) == ()
