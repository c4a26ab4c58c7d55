"""Names from anywhere, times, sizes and lifetimes in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def test_a_turned_reading_direction_is_shown_instead_of_followed() -> None:
    assert text.shown("annexe\u202efdp.exe") == "annexe\\u202efdp.exe"


def test_a_name_of_several_lines_is_shown_on_one() -> None:
    assert text.shown("a\nb\tc\r") == "a\\nb\\tc\\r"


def test_bytes_that_are_no_text_are_shown_as_bytes() -> None:
    assert text.shown("caf\udce9.txt") == "caf\\xe9.txt"


def test_an_emoji_of_several_people_stays_whole() -> None:
    assert text.shown("👩‍👩‍👧.png") == "👩‍👩‍👧.png"


def test_a_name_without_end_keeps_its_extension() -> None:
    shown = text.shown("a" * 10_000 + ".exe")
    assert len(shown) == text.LONGEST
    assert shown.endswith("a.exe")


@given(st.text(st.characters(codec=None), max_size=600))
def test_no_name_breaks_a_line_or_turns_the_direction(name: str) -> None:
    shown = text.shown(name)
    assert len(shown) <= text.LONGEST
    assert not any(char in shown for char in "\n\r\u2028\u2029\u202e\u2066\u2067\u2068\u2069\x00")


def test_markup_in_a_tooltip_is_shown_not_obeyed() -> None:
    assert text.tip("<img src=file:///x>") == "<qt>&lt;img src=file:///x&gt;</qt>"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (-5, "Expired"),
        (0, "Expired"),
        (1, "0:01"),
        (9 * MINUTE + 59_000, "9:59"),
        (10 * MINUTE, "10 min"),
        (58 * MINUTE + 30_000, "58 min"),
        (HOUR, "1 h"),
        (HOUR + 5 * MINUTE, "1 h 5 min"),
        (DAY, "1 day"),
        (2 * DAY + 3 * HOUR, "2 days 3 h"),
        (30 * DAY, "30 days"),
    ],
)
def test_the_time_left_is_said_as_people_say_it(left: int, words: str) -> None:
    assert text.countdown(left) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (10 * 2**20, "10 MiB"),
    ],
)
def test_sizes_are_rounded_for_people(number: int, words: str) -> None:
    assert text.size(number).replace("\u202f", ",") in (words, words.replace(",", ""))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3600, "1 hour"),
        (86_400, "1 day"),
        (604_800, "7 days"),
        (5400, "90 minutes"),
        (1, "1 second"),
    ],
)
def test_lifetimes_are_named(seconds: int, words: str) -> None:
    assert text.lifetime(seconds) == words


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        (Person("a@x", "Ada", "Sender"), "AS"),
        (Person("bob@x"), "B"),
        (Person("c@x", "", "Only"), "O"),
        (Person("d@x", "\u202e", "Z"), "…Z"),
    ],
)
def test_a_circle_holds_initials(person: Person, letters: str) -> None:
    assert text.initials(person) == letters
