"""Several accounts on one computer, in the real session: added, switched, meant, removed."""

from contextlib import suppress
from pathlib import Path

from tests.support.a11y import Application, Gone
from tests.support.cloud import PASSWORD, Cloud
from tests.support.desk import UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import poll, wait_for
from tests.support.window import APPLICATION, sign_in, use_folder


def window_with(session: DesktopSession, id: str) -> Application:
    """The application of ours whose window shows this."""

    def look() -> Application | None:
        with suppress(Gone):
            for one in session.accessibility.applications():
                if one.name == APPLICATION and one.has(id=id):
                    return one
        return None

    found = poll(look, 60.0)
    assert found is not None, f"no window shows {id}"
    return found


def called(name: str) -> str:
    """A name as it stands in a menu, whichever way the words around it run."""
    return f"\u2068{name}\u2069"


def test_two_accounts_run_side_by_side_and_one_is_removed(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    ada, bob = cloud.person(), cloud.person()
    desk = Desk(session, tmp_path / "desk").move_in(cloud, ada)
    first = desk.app
    with desk.tray() as icon:
        icon.choose("Accounts", "Add account…")

    # Its first run offers the first one's cloud, and the first one's folder is not to be had.
    second = window_with(session, "connect-known-1")
    assert ada.email in second.find(id="connect-known-1").name
    desk.picture("second-account-cloud")
    second.find(id="connect-known-1").click()
    sign_in(second, bob.email, PASSWORD)
    second.find(id="folder-path").text = str(desk.folder)
    note = second.find(id="folder-message", timeout=60)
    assert "of your other account" in note.text
    desk.picture("second-account-folder")
    folder = tmp_path / "folder of the second"
    use_folder(second, folder)
    second.find(id="state-label", timeout=60).wait(lambda it: it.text.startswith(UP_TO_DATE), 60)
    home = desk.device.home / "profiles" / "2"
    assert (home / "state" / "journal.sqlite").exists()

    # Each has its window, its tray icon and its engine.
    (folder / "from bob.txt").write_text("bob")
    desk.save("from ada.txt")
    second.find(id="documents-table").wait(
        lambda it: any("from bob.txt" in cell for row in it.texts() for cell in row), 60
    )
    assert first.has(id="documents-table")
    with desk.tray(bob.email) as icon:
        assert bob.email in icon.tooltip

    # A file that lies with neither: the person says whose it is.
    letter = tmp_path / "a letter.txt"
    letter.write_text("letter")
    start = session.launch(
        *desk.command(), "--share-files", str(letter), env=desk.device.environment
    )
    asking = window_with(session, "which-account-2")
    desk.picture("which-account")
    assert bob.email in asking.find(id="which-account-2").name
    asking.find(id="which-account-2").click()
    assert start.wait(60) == 0
    second.find(id="share-dialog", timeout=60)
    assert (folder / "a letter.txt").read_text() == "letter"
    assert not (desk.folder / "a letter.txt").exists()
    session.key("Escape")

    # Switching raises the other's window.
    with desk.tray(bob.email) as icon:
        icon.choose("Accounts", called(ada.email))
    session.wait_for_window(ada.email)
    with desk.tray(bob.email) as icon:
        icon.choose("Accounts", "Remove this account…")
    question = second.find(id="remove-account-question-body", timeout=60)
    assert "What stays: all your files" in question.text
    desk.picture("remove-account")
    second.find(id="remove-account-question-yes").click()
    wait_for(lambda: not (home / "state").exists(), 60)
    assert (folder / "from bob.txt").read_text() == "bob"
    session.wait_for_window("MyDoc Transfer")
    assert desk.run("whoami").json["email"] == ada.email
    assert "Traceback" not in desk.running.stderr
