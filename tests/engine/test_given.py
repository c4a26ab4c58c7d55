"""A document that is shared with somebody is told of once."""

from dataclasses import replace

from chalicelib.controllers import acting, sharing
from chalicelib.model import Identity
from mydoctransfer.engine.given import Given
from mydoctransfer.model.events import Deed, Event, Happened, SharedWithYou
from mydoctransfer.model.trees import Document, DocumentState, Person, ShareId
from mydoctransfer_contract.documents import ActionKind, DocumentAction, ShareChange
from mydoctransfer_contract.documents import Person as WirePerson
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER, USER
from tests.simulation.world.turned import a_home

BOB = Identity(OTHER.sub, OTHER.sub, WirePerson(OTHER.email, "Bob", "Person"))


class Notes(dict[str, str]):
    """The journal's small values, and its documents."""

    put = dict.__setitem__
    known: tuple[Document, ...] = ()

    def documents(self) -> tuple[Document, ...]:
        return self.known


def _document(name: str, **more: object) -> Document:
    made = Document(
        ShareId(name), Person("bob@example.org"), False, None, name, 1, "", 1, 1,
        DocumentState.LIVE, 0, 3_600_000,
    )  # fmt: skip
    return replace(made, **more)


def test_a_change_of_what_is_known_is_no_news_and_what_is_taken_back_and_given_again_is() -> None:
    given = Given(Notes())  # type: ignore[arg-type]
    plan = _document("plan")
    assert given.learned((plan,), (), is_all=False) == ("plan",)
    assert given.learned((replace(plan, expires_at=7_200_000),), (), is_all=False) == ()
    assert given.learned((), (ShareId("plan"),), is_all=False) == ()
    assert given.learned((plan,), (), is_all=False) == ("plan",)


def test_a_later_version_is_news_to_whom_it_is_given_then() -> None:
    given = Given(Notes())  # type: ignore[arg-type]
    assert given.learned((_document("plan", version=3),), (), is_all=False) == ("plan",)


def test_what_has_ended_is_forgotten_and_mine_is_no_news() -> None:
    notes = Notes()
    given = Given(notes)  # type: ignore[arg-type]
    given.learned((_document("plan"),), (), is_all=False)
    over = _document("plan", state=DocumentState.EXPIRED)
    mine = _document("mine", is_mine=True)
    assert given.learned((over, mine), (), is_all=False) == ()
    assert notes["shared_told"] == "[]"


def test_the_first_list_is_no_news_and_a_later_one_tells_what_came_meanwhile() -> None:
    given = Given(Notes())  # type: ignore[arg-type]
    old, new = _document("old"), _document("new")
    assert given.learned((old,), (), is_all=True) == ()
    assert given.learned((old, new), (), is_all=True) == ("new",)


def test_what_an_earlier_version_has_told_of_is_not_told_again() -> None:
    notes = Notes()
    notes.known = (_document("old"), _document("new"))
    given = Given(notes)  # type: ignore[arg-type]
    assert given.learned((_document("new"),), (), is_all=False) == ("new",)
    assert given.learned((_document("old"),), (), is_all=False) == ()


def _told(events: list[Event]) -> list[str]:
    return [row.name for e in events if isinstance(e, SharedWithYou) for row in e.rows]


def _shared_by_bob(day: Day) -> str:
    """He has a device in the same world; what it publishes is his."""
    day.write("offer.txt", d="D2")
    day.sync("D2")
    (document,) = day.live(OTHER.sub)
    body = ShareChange("a" * 32, add=(USER.email,))
    sharing.share(day.backend.parts, BOB, day.time.ms, document.share_id, body)
    return document.share_id


def test_extending_a_shared_document_does_not_tell_its_recipient_again_nor_does_a_restart() -> None:
    with a_home() as home, a_day() as day:
        day._add_device("D2", OTHER, home)
        day._hot["D2"] = 1
        day.sync("D1")
        share_id = _shared_by_bob(day)
        device = day.device("D1")
        day.pass_time(60)
        assert _told(device.events) == ["offer.txt"]
        action = DocumentAction("b" * 32, ActionKind.EXTEND, lifetime=7200)
        acting.act(day.backend.parts, BOB, day.time.ms, share_id, action)
        day.pass_time(60)
        device.crash()
        device.start()
        day.pass_time(60)
        assert _told(device.events) == ["offer.txt"]


def test_the_activity_says_who_shared_a_document() -> None:
    with a_home() as home, a_day() as day:
        day._add_device("D2", OTHER, home)
        day._hot["D2"] = 1
        day.sync("D1")
        _shared_by_bob(day)
        day.pass_time(60)
        entries = [e for event in day.device("D1").events if isinstance(event, Happened)
                   for e in event.entries]  # fmt: skip
        received = [entry.people for entry in entries if entry.deed is Deed.RECEIVED]
        assert received == [OTHER.email]
