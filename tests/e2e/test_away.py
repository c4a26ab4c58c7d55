"""The cloud, the network or the person away for a while: nothing is lost and nothing is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cloud import Cloud
from tests.support.desk import UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession


@pytest.fixture
def passing_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud of one's own, to stop it."""
    running = Cloud(tmp_path_factory.mktemp("passing-cloud"))
    running.start()
    yield running
    running.stop()


def test_offline_is_said_and_everything_goes_on_when_the_cloud_is_back(
    session: DesktopSession, tmp_path: Path, passing_cloud: Cloud
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(passing_cloud, passing_cloud.person())
    desk.save("before.txt")
    desk.wait_for_row("before.txt")
    with desk.tray(UP_TO_DATE) as icon:
        idle = icon.picture

    passing_cloud.stop()
    desk.wait_for_state("Offline")
    with desk.tray("Offline") as icon:
        assert icon.picture != idle
    desk.save("meanwhile.txt")
    desk.wait_for_row("meanwhile.txt", "Waiting")
    desk.picture("offline")

    passing_cloud.start()
    desk.wait_for_row("meanwhile.txt")
    desk.wait_for_state(UP_TO_DATE)
    with desk.tray(UP_TO_DATE) as icon:
        assert icon.picture == idle


def test_paused_in_the_tray_menu_nothing_is_sent_until_resumed(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, cloud.person())
    with desk.tray() as icon:
        icon.choose("Pause")
    desk.wait_for_state("Paused")
    desk.save("later.txt")
    desk.picture("paused")
    with desk.tray("Paused") as icon:
        icon.choose("Resume")
    desk.wait_for_row("later.txt")
    desk.wait_for_state(UP_TO_DATE)
