"""The command line beside the running window: both speak to one engine."""

from pathlib import Path

from tests.support.cloud import Cloud
from tests.support.desk import PEOPLE, UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for


def test_what_the_shell_does_the_window_shows(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    person, other = cloud.person("Ada", "Byron"), cloud.person("Robin", "Recipient")
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    desk.save("plan.txt")
    desk.wait_for_row("plan.txt")
    desk.wait_for_state(UP_TO_DATE)

    status = desk.device.ok("status")
    assert (status["state"], status["folder"]) == ("idle", str(desk.folder))
    assert [(one["path"], one["state"]) for one in status["items"]] == [("plan.txt", "synced")]
    assert desk.document("plan.txt")["owner"]["email"] == person.email

    desk.device.ok("share", "plan.txt", other.email)
    wait_for(lambda: "Robin Recipient" in desk.rows()["plan.txt"][PEOPLE])
    desk.device.ok("rename", "plan.txt", "The plan.txt")
    desk.wait_for_row("The plan.txt")

    desk.device.ok("pause")
    desk.wait_for_state("Paused")
    assert desk.device.ok("status")["state"] == "paused"
    with desk.tray("Paused") as icon:
        assert "Resume" in [item.label for item in icon.menu()]
    desk.device.ok("resume")
    desk.wait_for_state(UP_TO_DATE)

    counts = desk.device.ok("sync", "--once")
    assert (counts["unchanged"], counts["uploaded"]) == (1, 0)
    desk.device.ok("logout")
    field = desk.app.find(id="sign-in-email")
    assert field.text == person.email
    assert desk.device.run("whoami").code == 3
    desk.picture("signed-out-by-the-shell")
