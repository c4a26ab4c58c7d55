"""Files that leave the folder: many at once, and the folder itself."""

from pathlib import Path

import pytest

from tests.support.cloud import Cloud, Person
from tests.support.desk import IN_THE_CLOUD, STATE, UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for

NAMES = ("one.txt", "two.txt", "three.txt")


@pytest.fixture
def desk(session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person) -> Desk:
    """A desk with three documents."""
    moved_in = Desk(session, tmp_path / "desk").move_in(cloud, person)
    for name in NAMES:
        moved_in.save(name, name.encode())
    for name in NAMES:
        moved_in.wait_for_row(name)
    return moved_in


def test_deleting_everything_is_asked_about_and_keeping_is_the_default(
    desk: Desk, session: DesktopSession
) -> None:
    for name in NAMES:
        (desk.folder / name).unlink()
    banner = desk.app.find(id="held-deletes", timeout=60)
    assert "Nothing has been withdrawn yet" in banner.text
    assert desk.app.find(id="held-deletes-title").text == "3 files disappeared from your folder."
    session.wait_for_notification("disappeared from your folder")
    for name in NAMES:
        desk.wait_for_row(name, "Gone from the folder; waits for your answer")
    desk.picture("held-deletes")
    assert set(desk.device.documents()) == set(NAMES)

    desk.press("held-deletes-keep")
    desk.app.wait_until_gone(id="held-deletes")
    for name in NAMES:
        desk.wait_for_row(name, "In the cloud only")
    desk.wait_for_state(UP_TO_DATE)
    desk.picture("deletes-kept")
    assert set(desk.device.documents()) == set(NAMES)


def test_deleting_everything_withdraws_it_once_confirmed(desk: Desk) -> None:
    for name in NAMES:
        (desk.folder / name).unlink()
    desk.app.find(id="held-deletes-confirm", timeout=60).click()
    wait_for(lambda: not desk.device.documents())
    desk.app.wait_until_gone(id="held-deletes")
    desk.wait_for_state(UP_TO_DATE)
    desk.picture("deletes-confirmed")


def test_a_folder_that_is_away_for_a_while_withdraws_nothing(desk: Desk) -> None:
    away = desk.folder.rename(desk.folder.with_name("away"))
    desk.wait_for_state("Something needs your attention: ")
    sentence = desk.app.find(id="state-label").text
    desk.picture("folder-missing")
    assert "folder" in sentence
    assert set(desk.device.documents()) == set(NAMES)

    away.rename(desk.folder)
    desk.wait_for_state(UP_TO_DATE)
    desk.save("four.txt")
    desk.wait_for_row("four.txt")
    rows = desk.rows()
    assert {row[STATE] for row in rows.values()} == {IN_THE_CLOUD}
    assert set(rows) == {*NAMES, "four.txt"}
