"""Everything by keyboard alone, from the sign-in to a document that is withdrawn again."""

from pathlib import Path

from tests.support.cloud import PASSWORD, Cloud
from tests.support.desk import PEOPLE, UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for


def test_everything_by_keyboard_alone(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    person, other = cloud.person("Kay", "Board"), cloud.person("Robin", "Recipient")
    desk = Desk(session, tmp_path / "desk")
    desk.device.ok("connect", str(cloud.connection_file))
    desk.start()

    desk.wait_for_focus("sign-in-email")
    session.type(person.email)
    session.key("Tab")
    desk.wait_for_focus("sign-in-password")
    session.type(PASSWORD)
    session.key("Return")

    # The folder page: Space would take the folder proposed; another is typed over it.
    desk.wait_for_focus("folder-use")
    session.key("shift+Tab", "shift+Tab")
    desk.wait_for_focus("folder-path")
    session.key("ctrl+a")
    session.type(str(desk.folder))
    session.key("Return")
    desk.wait_for_focus("defaults-begin")
    session.key("space")
    desk.wait_for_focus("done-close")
    session.key("space")
    desk.wait_for_focus("documents-table")
    desk.wait_for_state(UP_TO_DATE)

    desk.save("draft.txt")
    desk.wait_for_row("draft.txt")
    session.key("Down")
    session.key("ctrl+s")
    desk.wait_for_focus("share-people")
    session.type(other.email)
    session.key("Tab")  # the address becomes a chip; the next Tab leads on
    desk.app.find(id="share-chip").wait(lambda chip: "Robin Recipient" in chip.name)
    session.key("Tab")
    desk.wait_for_focus("share-add")
    session.key("space")
    current = desk.app.find(id="share-current")
    current.wait(lambda it: "Robin Recipient" in it.tree())
    desk.wait_for_focus("share-people")
    session.key("Escape")
    wait_for(lambda: "Robin Recipient" in desk.rows()["draft.txt"][PEOPLE])

    desk.wait_for_focus("documents-table")
    session.key("F2")
    desk.wait_for_focus("rename-name")
    session.type("final")  # the stem is selected
    session.key("Return")
    desk.app.wait_until_gone(id="rename-name")
    desk.wait_for_row("final.txt")
    assert (desk.folder / "draft.txt").exists()

    # Return is the careful answer.
    desk.wait_for_focus("documents-table")
    session.key("Delete")
    desk.wait_for_focus("delete-question-no")
    session.key("Return")
    desk.app.wait_until_gone(id="delete-question")
    assert desk.document("final.txt")["state"] == "live"
    session.key("Delete")
    desk.wait_for_focus("delete-question-no")
    session.key("Tab")
    desk.wait_for_focus("delete-question-yes")
    session.key("space")
    desk.wait_for_row("final.txt", "Gone from the cloud, kept here")
    desk.picture("keyboard")
    assert (desk.folder / "draft.txt").exists()

    session.key("ctrl+f")
    desk.wait_for_focus("filter-box")
    session.type("nothing like it")
    desk.table.wait(lambda it: it.rows == 0)
    session.key("ctrl+q")
    assert desk.running.wait() == 0
