"""What a device has done itself, it does not read back from the change feed; all else it does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from mydoctransfer.model.trees import ShareId
from tests.engine.days import Day, a_day
from tests.simulation.world.cloud import USER

FILES = 120  # more than a call


@contextmanager
def reading(day: Day) -> Iterator[dict[str, list[str]]]:
    """Give which documents each device reads from the feed meanwhile."""
    read: dict[str, list[str]] = {name: [] for name in day.devices}
    asked = day.oracle.asked

    def listening(device, route, body, answer):
        asked(device, route, body, answer)
        if route == "GET /docs/…" and answer.status == 200:
            changes = json.loads(answer.body).get("changes", ())
            read[device.name] += [change["share_id"] for change in changes]

    day.oracle.asked = listening
    yield read
    day.oracle.asked = asked


def fill(day: Day, folder: str, d: str = "D1") -> None:
    for n in range(FILES):
        day.write(f"{folder}/{n}.txt", f"s{n:05d}", d)


def revisions(day: Day, d: str) -> dict[str, int]:
    journal = day.device(d).journal
    assert journal is not None
    return {document.share_id: document.revision for document in journal.documents()}


def test_a_folder_that_was_sent_and_renamed_is_not_read_back():
    with a_day() as day:
        day.sync()
        with reading(day) as read:
            fill(day, "old")
            day.sync()
            calls = day.oracle.calls["D1"]
            day.device().folder.rename("old", "new")
            day.did("old", "new")
            day.sync()
            assert day.oracle.calls["D1"] == calls + 2
        assert day.live_paths() == sorted(f"new/{n}.txt" for n in range(FILES))
        assert read == {"D1": []}


def test_the_other_device_reads_all_of_it():
    """L08."""
    with a_day(devices=2) as day:
        day.sync()
        with reading(day) as read:
            fill(day, "old")
            day.sync("D1", "D2")
            day.sync("D2")
        assert len(set(read["D2"])) == FILES and read["D1"] == []
        assert revisions(day, "D1") == revisions(day, "D2")


def test_what_the_other_device_did_in_between_is_read():
    """L08: it comes before what this device does next, and is not passed over with it."""
    with a_day(devices=2) as day:
        day.write("theirs.txt", "s09999", "D2")
        day.sync()
        theirs = ShareId(day.id_of("theirs.txt"))
        with reading(day) as read:
            fill(day, "mine")
            device = day.device()
            until = lambda: len(day.live_paths()) > 50  # noqa: E731
            day.until(until, "nothing is published", 100_000)
            day.device("D2").folder.rename("theirs.txt", "theirs too.txt")
            day.did("theirs.txt", "theirs too.txt", d="D2")
            day.sync("D2")
            day.sync("D1")
            day.sync("D1")
        assert theirs in read["D1"]
        assert device.journal is not None
        known = device.journal.document(theirs)
        assert known is not None and known.path == "theirs too.txt"
        assert revisions(day, "D1") == {r.share_id: r.revision for r in day.documents(USER.sub)}
