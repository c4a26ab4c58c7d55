"""The journal is taken away under the running program: it begins anew and sends nothing twice."""

import shutil
from collections.abc import Callable
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


@pytest.mark.parametrize("lost", [_deleted, _of_yesterday])
def test_a_journal_that_is_taken_away_under_the_program_is_made_anew(
    tmp_path: Path, cloud: Cloud, person: Person, lost: Callable[[Path], None]
) -> None:
    """J08, J09."""
    device = Device(tmp_path / "one").sign_in(cloud, person)
    (device.folder / "a.txt").write_text("one")
    with device.watch() as watching:
        wait_for(lambda: "a.txt" in device.documents())
        before = device.documents()["a.txt"]
        lost(device.home / "state")
        (device.folder / "b.txt").write_text("two")
        watching.wait_for("status", state="problem")
        wait_for(lambda: "b.txt" in device.documents())
        assert device.documents()["a.txt"] == before
        assert len(device.documents("--all")) == 2
        assert watching.stop() == 0
