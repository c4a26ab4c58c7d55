"""A folder's rule, made in the window: what is put there goes out for its time, to its people."""

from pathlib import Path

from tests.support.cloud import Cloud
from tests.support.desk import EXPIRES, PEOPLE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for


def test_a_rule_made_in_the_window_holds_for_what_is_new_and_ends_when_it_is_removed(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    person, other = cloud.person("Kay", "Board"), cloud.person("Robin", "Recipient")
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    desk.save("Clients/before.txt")
    wait_for_people(desk, "before.txt", "Click to share…")

    # From a document in the folder: the shortcut, a time, a person, Save.
    desk.select("before.txt")
    session.key("ctrl+shift+f")
    dialog = desk.app.find(id="rule-dialog")
    desk.wait_for_focus("rule-lifetime")
    assert dialog.find(id="rule-folder").text == "Clients"
    session.key("End", "Up")  # 30 days, then 7
    session.key("Tab")
    desk.wait_for_focus("rule-people")
    session.type(f"{other.email},nobody@example.org,")
    dialog.find(id="rule-doubts").wait(lambda note: "nobody@example.org" in note.name)
    desk.picture("rule-refused")
    session.key("BackSpace", "BackSpace")  # to the last chip, and away with it
    dialog.find(id="rule-effect").wait(lambda it: "7 days" in it.name and other.email in it.name)
    desk.picture("rule")
    desk.press("rule-save")
    desk.app.wait_until_gone(id="rule-dialog")

    desk.save("Clients/deep/after.txt")
    wait_for_people(desk, "after.txt", "Robin Recipient")
    assert desk.rows()["after.txt"][EXPIRES].startswith(("6 days", "7 days"))
    assert desk.rows()["before.txt"][PEOPLE] == "Click to share…"

    # Where the folder is shown: seen, and removed after a question.
    desk.press("rules-button")
    table = desk.app.find(id="rules-table").wait(lambda it: it.rows == 1)
    assert table.texts() == [["Clients", "7 days", other.email]]
    desk.picture("rules")
    session.click(*table.cell(0, 0).middle)
    desk.app.find(id="rules-remove").wait(lambda it: it.is_enabled).click()
    desk.press("rule-question-yes")
    wait_for(lambda: desk.app.find(id="rules-table").rows == 0)
    desk.press("settings-close")
    desk.save("Clients/later.txt")
    wait_for_people(desk, "later.txt", "Click to share…")
    assert desk.rows()["after.txt"][PEOPLE] == "Robin Recipient"


def wait_for_people(desk: Desk, name: str, people: str) -> None:
    """Wait until a document is in the cloud, and its row says this of its people."""
    desk.wait_for_row(name)
    wait_for(lambda: desk.rows()[name][PEOPLE] == people, 60, lambda: f"{desk.rows()[name]}")
