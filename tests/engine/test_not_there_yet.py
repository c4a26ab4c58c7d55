"""What is said of a document while its file is on its way into the cloud for the first time."""

from typing import Any

import pytest

from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import Refused
from tests.engine.days import a_day

SAID = [
    c.Share("big.bin", ("bob@example.org",)),
    c.Unshare("big.bin", ("bob@example.org",)),
    c.Extend("big.bin", 60),
    c.Rename("big.bin", "x.bin"),
    c.ChangeLink("big.bin"),
    c.Remove("big.bin"),
]


@pytest.mark.parametrize("command", SAID, ids=lambda command: type(command).__name__)
def test_of_a_file_that_is_being_sent_it_is_said_that_it_is_not_there_yet(command: Any) -> None:
    with a_day() as day:
        day.sync()
        day.fault = lambda device, at, what: "lost_before" if at == "s3" else None
        day.write("big.bin", "L00001")
        day.until(lambda: day.states() == {"big.bin": "uploading"}, "it is not sent")
        answer = day.tell(command)
        assert isinstance(answer, Refused)
        assert answer.message == "big.bin is not in the cloud yet. Try again when it has been sent."


@pytest.mark.parametrize("name", ["link", "absent.txt"])
def test_what_is_not_on_its_way_is_not_there(name: str) -> None:
    with a_day() as day:
        day.device().folder.special("link", "symlink")
        day.sync()
        answer = day.tell(c.Extend(name, 60))
        assert isinstance(answer, Refused)
        assert answer.message == f"There is no document '{name}' in the cloud."
