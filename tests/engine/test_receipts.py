"""The receipt of a deletion, as a person asks for it: by path or id, for what is gone."""

import hashlib

import pytest

from mydoctransfer.adapters.frames import from_frame, to_frame
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import OTHER


@pytest.fixture
def day():
    with a_day() as day:
        day.write("plan.txt")
        day.sync()
        day.tell(c.Share("plan.txt", (OTHER.email,)))
        yield day


def receipt(day: Day, target: str):
    answer = day.tell(c.GetReceipt(target))
    if isinstance(answer, AppError):
        raise answer
    return answer["receipt"]


def test_a_document_in_the_cloud_has_no_receipt_yet(day):
    with pytest.raises(AppError) as refused:
        receipt(day, "plan.txt")
    assert refused.value.code == "invalid_request"
    assert "not removed yet" in refused.value.message


def test_what_was_withdrawn_says_who_had_it_and_then_that_no_byte_is_left(day):
    share_id = day.id_of("plan.txt")
    day.tell(c.Remove("plan.txt"))
    told = receipt(day, "plan.txt")
    assert told == receipt(day, share_id)
    assert (told["share_id"], told["display_name"]) == (share_id, "plan.txt")
    assert told["sha256"] == hashlib.sha256(day.bytes_of("s00001")).hexdigest()
    assert (told["state"], told["versions"]) == ("removed", 1)
    assert [person["email"] for person in told["people"]] == [OTHER.email]
    assert told["uploaded_at"] <= told["gone_at"] <= told["expires_at"]
    assert told["objects_gone_at"] is None

    day.backend.sweep()
    swept = receipt(day, "plan.txt")
    assert swept["objects_gone_at"] >= told["gone_at"]
    assert swept == told | {"objects_gone_at": swept["objects_gone_at"]}


def test_what_expired_has_its_receipt_once_it_was_swept(day):
    day.tell(c.Extend("plan.txt", 60))
    day.pass_time(61)
    day.backend.sweep()  # buries it
    day.backend.sweep()  # removes its bytes and signs
    told = receipt(day, "plan.txt")
    assert told["state"] == "expired"
    assert told["objects_gone_at"] >= told["expires_at"]


def test_what_never_was_is_not_found(day):
    with pytest.raises(AppError) as refused:
        receipt(day, "0" * 32)
    assert refused.value.code == "not_found"


def test_it_can_be_asked_for_over_the_control_socket():
    assert from_frame(to_frame(c.GetReceipt("plan.txt"))) == c.GetReceipt("plan.txt")
