"""The journal is lost under the running program: it begins anew and sends nothing twice."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.cloud import Cloud, Person
from tests.support.devices import Device
from tests.support.waiting import wait_for


def _deleted(state: Path) -> None:
    for file in state.glob("journal.sqlite*"):
        file.unlink()


def _of_yesterday(state: Path) -> None:
    """Put back from a backup, as such a program does it: another file of that name."""
    backup = state / "backup"
    shutil.copy(state / "journal.sqlite", backup)
    backup.replace(state / "journal.sqlite")


DOCUMENTS = "UPDATE remote SET state = 'bewitched'"
CURSOR = "UPDATE meta SET value = x'ff' WHERE key = 'cursor'"


def _damaged(state: Path, statement: str = DOCUMENTS) -> None:
    """Write what no version knows, in pages that are whole."""
    with contextlib.closing(sqlite3.connect(state / "journal.sqlite")) as other:
        assert other.execute(statement).rowcount > 0
        other.commit()


@pytest.mark.parametrize("lost", [_deleted, _of_yesterday, _damaged])
def test_a_journal_that_is_lost_under_the_program_is_made_anew(
    tmp_path: Path, cloud: Cloud, person: Person, lost: Callable[[Path], None]
) -> None:
    """J08, J09, T78."""
    device = Device(tmp_path / "one").sign_in(cloud, person)
    (device.folder / "a.txt").write_text("one")
    with device.watch() as watching:
        wait_for(lambda: "a.txt" in device.documents())
        before = device.documents()["a.txt"]
        lost(device.home / "state")
        (device.folder / "b.txt").write_text("two")
        device.run("ls")  # reads all of it
        watching.wait_for("status", state="problem")
        wait_for(lambda: "b.txt" in device.documents())
        assert device.documents()["a.txt"] == before
        assert len(device.documents("--all")) == 2
        assert (device.home / "state/journal.corrupt-1").exists() is (lost is _damaged)
        assert watching.stop() == 0


@pytest.mark.parametrize("statement", [DOCUMENTS, CURSOR])
def test_a_command_that_finds_the_journal_damaged_says_so_and_the_next_one_works(
    tmp_path: Path, cloud: Cloud, person: Person, statement: str
) -> None:
    """J08, T78: with no program running."""
    device = Device(tmp_path / "one").sign_in(cloud, person)
    (device.folder / "a.txt").write_text("one")
    device.ok("sync", "--once")
    device.ok("folder", str(device.folder / "team"), "--lifetime", "7d")
    before = device.documents()
    _damaged(device.home / "state", statement)
    assert device.run("ls").error == "journal_damaged"
    device.ok("sync", "--once")
    assert device.documents() == before
    (device.folder / "team").mkdir()
    (device.folder / "team/b.txt").write_text("two")
    device.ok("sync", "--once")
    document = device.documents()["b.txt"]
    ends, began = (datetime.fromisoformat(document[at]) for at in ("expires_at", "uploaded_at"))
    assert ends - began > timedelta(days=6)
