"""Choosing people: what is typed, pasted, offered, taken out, and who cannot be chosen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import FindUsers
from mydoctransfer.model.errors import AppError, Offline, Refused
from mydoctransfer.model.recipients import Doubt
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.chip import Chip
from mydoctransfer.ui.people_field import PeopleField
from tests.ui.outside import ADA, Outside

Key = Qt.Key
Making = Callable[..., PeopleField]

FOUND = {
    "users": [
        {"email": "carl@example.org", "given_name": "Carl", "family_name": "Gustafsson"},
        {"email": "carol@example.org", "given_name": "Carol", "family_name": "Jones"},
    ]
}


@pytest.fixture
def making(bridge: Bridge, qtbot: QtBot) -> Making:
    def make(policy: Policy | None = None) -> PeopleField:
        field = PeopleField(bridge, "share", ADA.email, policy or Policy())
        qtbot.addWidget(field)
        field.resize(420, 200)
        field.show()
        field.search.setFocus()
        qtbot.waitUntil(field.search.hasFocus)
        return field

    return make


@pytest.fixture
def field(making: Making, outside: Outside) -> PeopleField:
    outside.answers[FindUsers] = FOUND
    return making()


def offered(field: PeopleField) -> list[str]:
    return [field.found.item(n).text() for n in range(field.found.count())]


def chips(field: PeopleField) -> list[str]:
    return [chip.person.email for chip in field.findChildren(Chip) if not chip.isHidden()]


def look_for(field: PeopleField, words: str, qtbot: QtBot) -> None:
    qtbot.keyClicks(field.search, words)
    qtbot.waitUntil(lambda: field.found.count() > 0)


def focus() -> object:
    return QApplication.focusWidget()


def test_typing_searches_the_directory_once_it_pauses(
    field: PeopleField, outside: Outside, qtbot: QtBot
) -> None:
    look_for(field, "car", qtbot)
    assert outside.told_of(FindUsers) == [FindUsers("car")]
    assert offered(field) == [
        "Carl Gustafsson (carl@example.org)",
        "Carol Jones (carol@example.org)",
    ]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Tab, Key.Key_Comma])
def test_return_tab_and_comma_take_whom_the_list_offers(
    field: PeopleField, qtbot: QtBot, key: Qt.Key
) -> None:
    look_for(field, "car", qtbot)
    qtbot.keyClick(field.search, Key.Key_Down)
    if key is Key.Key_Comma:
        qtbot.keyClicks(field.search, ",")
    else:
        qtbot.keyClick(field.search, key)
    assert field.chosen() == ("carol@example.org",)
    assert (field.search.text(), field.found.isVisible()) == ("", False)
    assert field.search.hasFocus()


def test_a_name_taken_before_the_answer_came_is_chosen_when_it_comes(
    field: PeopleField, outside: Outside, qtbot: QtBot
) -> None:
    outside.is_holding_back = True
    qtbot.keyClicks(field.search, "carl")
    qtbot.keyClick(field.search, Key.Key_Return)
    assert field.chosen() == ()
    outside.let_go()
    assert field.chosen() == ("carl@example.org",)


def test_a_name_that_nobody_has_is_said(making: Making, outside: Outside, qtbot: QtBot) -> None:
    outside.answers[FindUsers] = {"users": []}
    field = making()
    qtbot.keyClicks(field.search, "zebra")
    qtbot.keyClick(field.search, Key.Key_Return)
    assert "zebra" in field.message.body.text()
    assert field.search.text() == "zebra"


def test_who_is_offered_is_told_to_screen_readers(field: PeopleField, qtbot: QtBot) -> None:
    look_for(field, "car", qtbot)
    qtbot.keyClick(field.search, Key.Key_Down)
    assert field.search.accessibleDescription() == "Carol Jones (carol@example.org)"


def test_a_pasted_list_is_taken_whole(field: PeopleField, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("Carl G <carl@example.org>;\ncarol@example.org, x@example.org")
    qtbot.keyClick(field.search, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert chips(field) == ["carl@example.org", "carol@example.org", "x@example.org"]
    assert field.chosen() == ("carl@example.org", "carol@example.org")
    assert field.search.text() == ""


def test_nobody_is_chosen_twice(field: PeopleField, qtbot: QtBot) -> None:
    field.add(("carl@example.org", "CARL@example.org"))
    look_for(field, "car", qtbot)
    assert offered(field) == ["Carol Jones (carol@example.org)"]
    assert len(chips(field)) == 1


def test_backspace_goes_to_the_last_chip_and_then_takes_it_away(
    field: PeopleField, qtbot: QtBot
) -> None:
    field.add(("carl@example.org", "carol@example.org"))
    qtbot.keyClick(field.search, Key.Key_Backspace)
    assert chips(field) == ["carl@example.org", "carol@example.org"]
    last = focus()
    assert last.accessibleName() == "\u2068Carol Jones (carol@example.org)\u2069, chosen"
    qtbot.keyClick(last, Key.Key_Backspace)
    assert field.chosen() == ("carl@example.org",)
    assert "Carl" in focus().accessibleName()
    qtbot.keyClick(focus(), Key.Key_Backspace)
    assert (field.chosen(), field.search.hasFocus()) == ((), True)


def test_the_arrows_walk_along_the_chips_and_back_to_the_line(
    field: PeopleField, qtbot: QtBot
) -> None:
    field.add(("carl@example.org", "carol@example.org"))
    walked = []
    qtbot.keyClick(field.search, Key.Key_Left)
    for key in (Key.Key_Left, Key.Key_Left, Key.Key_End):
        walked.append(focus().accessibleName()[1:5])
        qtbot.keyClick(focus(), key)
    assert walked == ["Caro", "Carl", "Carl"]
    assert field.search.hasFocus()


def test_the_arrows_follow_a_line_that_runs_from_right_to_left(
    field: PeopleField, qtbot: QtBot
) -> None:
    field.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    field.add(("carl@example.org", "carol@example.org"))
    qtbot.keyClick(field.search, Key.Key_Right)
    qtbot.keyClick(focus(), Key.Key_Right)
    assert "Carl" in focus().accessibleName()
    first, second = (chip for chip in field.findChildren(Chip))
    assert first.x() > second.x()


def test_delete_takes_a_chip_away_and_letters_go_on_in_the_line(
    field: PeopleField, qtbot: QtBot
) -> None:
    field.add(("carl@example.org", "carol@example.org"))
    qtbot.keyClick(field.search, Key.Key_Left)
    qtbot.keyClick(focus(), Key.Key_Home)
    qtbot.keyClick(focus(), Key.Key_Delete)
    assert field.chosen() == ("carol@example.org",)
    qtbot.keyClicks(focus(), "x")
    assert (field.search.text(), field.search.hasFocus()) == ("x", True)


def test_each_chip_has_a_button_that_takes_it_away(field: PeopleField, qtbot: QtBot) -> None:
    field.add(("carl@example.org",))
    (chip,) = field.findChildren(Chip)
    assert chip.remove.accessibleName() == "Remove \u2068Carl Gustafsson\u2069"
    qtbot.mouseClick(chip.remove, Qt.MouseButton.LeftButton)
    assert field.chosen() == ()


@pytest.mark.parametrize(
    ("typed", "policy", "said"),
    [
        ("bob", Policy(), "This is no email address: bob."),
        (ADA.email, Policy(), "ada@example.org is your own address."),
        ("b@other.org", Policy(), "Nobody in your organisation has this address: b@other.org."),
        (
            "b@other.org",
            Policy(refused_recipients=("other.org",)),
            "Your organisation does not allow sharing with b@other.org.",
        ),
    ],
)
def test_who_cannot_be_chosen_is_named_beside_the_field_with_the_reason(
    making: Making, outside: Outside, typed: str, policy: Policy, said: str
) -> None:
    outside.answers[FindUsers] = {"users": []}
    field = making(policy)
    field.add((typed,))
    assert field.chosen() == ()
    assert field.has_doubts()
    told = field.message.body.text().replace("\u2068", "").replace("\u2069", "")
    assert told == said
    (chip,) = field.findChildren(Chip)
    assert chip.face.accessibleName().endswith("cannot be chosen")
    chip.remove.click()
    assert not field.message.isVisible()


def test_whoever_has_it_already_is_said_to(field: PeopleField) -> None:
    field.having = frozenset({"carl@example.org"})
    field.add(("Carl@example.org",))
    assert "Has it already" in field.message.body.text()


@pytest.mark.parametrize(
    ("answer", "policy"),
    [(Offline("The cloud cannot be reached."), Policy()), ({"users": []}, Policy(directory="off"))],
)
def test_who_cannot_be_looked_up_is_left_to_the_server(
    making: Making, outside: Outside, answer: object, policy: Policy
) -> None:
    outside.answers[FindUsers] = answer  # type: ignore[assignment]
    field = making(policy)
    field.add(("b@other.org",))
    assert field.chosen() == ("b@other.org",)


def test_whom_the_server_refuses_keeps_a_chip_that_says_so(field: PeopleField) -> None:
    field.add(("carl@example.org", "carol@example.org"))
    refused = Refused("Refused", "…", "unknown_recipient", ("CAROL@example.org",))
    assert field.refuse(refused)
    assert field.chosen() == ("carl@example.org",)
    assert [chip.doubt for chip in field.findChildren(Chip)] == [None, Doubt.UNKNOWN]
    assert not field.refuse(AppError("It did not work", "The disk is full."))


def test_many_people_scroll_rather_than_push_the_window(field: PeopleField, qtbot: QtBot) -> None:
    field.add(f"person{n}@example.org" for n in range(60))
    assert field._area.height() <= 124
    qtbot.keyClick(field.search, Key.Key_Left)
    qtbot.keyClick(focus(), Key.Key_Home)
    assert "person0@" in focus().accessibleName()
    assert not focus().visibleRegion().isEmpty()


def test_escape_closes_the_list_before_it_closes_the_window(
    field: PeopleField, qtbot: QtBot
) -> None:
    look_for(field, "car", qtbot)
    assert field.found.isVisible()
    qtbot.keyClick(field.search, Key.Key_Escape)
    assert not field.found.isVisible()
    assert field.isVisible()
