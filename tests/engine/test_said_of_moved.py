"""What is said of a PATH whose file has changed places, before the engine has seen it (R2)."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError, Refused
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER, USER

SAID = [
    c.Share("secret", (OTHER.email,)),
    c.Unshare("secret", (OTHER.email,)),
    c.Rename("secret", "x"),
    c.Extend("secret", 7200),
    c.ChangeLink("secret"),
    c.RevokeLink("secret"),
    c.Remove("secret"),
    c.Get("secret"),
    c.GetReceipt("secret"),
    c.SendAgain("secret"),
]


@pytest.fixture
def day() -> Iterator[Day]:
    """A device with two documents."""
    with a_day() as day:
        day.write("secret", "s00001")
        day.write("public", "s00002")
        day.sync()
        yield day


@pytest.mark.parametrize("command", SAID, ids=lambda command: type(command).__name__)
def test_nothing_is_done_with_a_document_whose_file_traded_places_unseen(
    day: Day, command: Any
) -> None:
    before = copy.deepcopy(list(day.live(USER.sub)))
    day.device().folder.swap("secret", "public")
    answer = day.tell(command)
    assert isinstance(answer, Refused) and answer.code == "not_seen_yet"
    assert list(day.live(USER.sub)) == before


def test_the_running_engine_looks_at_once_at_what_traded_places_unheard(day: Day) -> None:
    secret = day.id_of("secret")
    day.device().folder.swap("secret", "public")
    day.tell(c.Share("secret", (OTHER.email,)))
    day.pass_time(5)
    assert day.id_of("public") == secret
    assert day.tell(c.Share("public", (OTHER.email,)))["document"]["share_id"] == secret


def test_what_was_moved_over_another_is_not_taken_out_in_its_place(day: Day) -> None:
    day.device().folder.rename("secret", "public")
    assert isinstance(day.tell(c.Remove("public")), AppError)
    assert day.live_paths() == ["public", "secret"]
    day.pass_time(20)
    assert day.live_paths() == ["public", "secret"]  # nobody is sure yet that a file was deleted
    assert "removed" in day.tell(c.Remove("public"))
    day.pass_time(120)
    assert day.live_paths() == []


def test_what_was_moved_to_a_free_name_is_not_called_no_document(day: Day) -> None:
    day.device().folder.rename("secret", "new")
    assert day.tell(c.Share("new", (OTHER.email,))).code == "not_seen_yet"


def test_an_atomic_save_is_shared_as_before(day: Day) -> None:
    day.device().folder.replace("secret", day.bytes_of("s00003"))
    answer = day.tell(c.Share("secret", (OTHER.email,)))
    assert answer["document"]["share_id"] == day.id_of("secret")


def test_a_second_name_of_a_file_in_another_ones_place_is_shared_as_before(day: Day) -> None:
    """Nothing was moved: the document at this path keeps it, with new bytes (R2)."""
    folder = day.device().folder
    folder.delete("secret")
    folder.link("public", "secret")
    answer = day.tell(c.Share("secret", (OTHER.email,)))
    assert answer["document"]["share_id"] == day.id_of("secret")


def test_an_id_says_which_document_is_meant(day: Day) -> None:
    secret = day.id_of("secret")
    day.device().folder.swap("secret", "public")
    assert day.tell(c.Share(secret, (OTHER.email,)))["document"]["share_id"] == secret


def test_where_the_file_of_a_document_that_left_the_cloud_lies_the_path_is_believed(
    day: Day,
) -> None:
    day.tell(c.Remove("public"))
    day.device().folder.rename("public", "secret")
    answer = day.tell(c.Share("secret", (OTHER.email,)))
    assert answer["document"]["share_id"] == day.id_of("secret")
