"""The first run, left at every point: nothing half made, and the next start goes on from there."""

from pathlib import Path

import pytest

from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.desk import UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.window import sign_in

MARKER = ".mydoctransfer"


@pytest.fixture
def desk(session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person) -> Desk:
    """Somebody who has signed in and looks at a folder that is not empty."""
    made = Desk(session, tmp_path / "desk")
    made.device.ok("connect", str(cloud.connection_file))
    made.save("old.txt", b"from before")
    made.start()
    sign_in(made.app, person.email, PASSWORD)
    made.app.find(id="folder-path").text = str(made.folder)
    made.app.find(id="folder-facts").wait(lambda it: "It holds 1 file" in it.text)
    return made


def test_only_new_files_are_sent_where_that_was_chosen(desk: Desk) -> None:
    desk.press("folder-only-new")
    desk.picture("only-new")
    desk.press("folder-use")
    desk.press("defaults-begin")
    done = desk.app.find(id="done-tray", timeout=60)
    assert "This icon is in your tray now" in done.text
    desk.picture("done")
    desk.press("done-close")
    desk.save("new.txt", b"new")
    desk.wait_for_row("new.txt")
    desk.wait_for_row("old.txt", "Not sent")
    assert set(desk.device.documents()) == {"new.txt"}
    (desk.folder / "old.txt").write_bytes(b"edited")
    desk.wait_for_row("old.txt")
    assert set(desk.device.documents()) == {"new.txt", "old.txt"}


def test_cancelling_leaves_nothing(desk: Desk) -> None:
    desk.press("folder-use")
    desk.app.find(id="defaults-begin")
    desk.press("defaults-cancel")
    desk.press("cancel-question-yes")
    assert desk.running.wait() == 0
    assert sorted(p.name for p in desk.folder.iterdir()) == ["old.txt"]
    status = desk.device.ok("status")
    assert status["state"] == "signed_out" and status["folder"] is None
    assert desk.run("whoami").code != 0
    desk.start()
    desk.app.find(id="connect-file-button")


def test_quitting_leaves_what_is_whole_and_nothing_else(desk: Desk) -> None:
    desk.press("folder-use")
    desk.app.find(id="defaults-begin")
    desk.session.key("ctrl+q")
    assert desk.running.wait() == 0
    assert sorted(p.name for p in desk.folder.iterdir()) == ["old.txt"]
    assert desk.device.ok("status")["folder"] is None
    desk.start()
    desk.app.find(id="folder-use", timeout=60)


def test_going_back_signs_out_and_one_can_go_on(desk: Desk, person: Person) -> None:
    desk.press("folder-back")
    desk.app.find(id="sign-in-password", timeout=60)
    desk.press("sign-in-back")
    desk.press("connect-keep-button")
    sign_in(desk.app, person.email, PASSWORD)
    assert not (desk.folder / MARKER).exists()
    for button in ("folder-use", "defaults-begin", "done-close"):
        desk.app.find(id=button, timeout=60).wait(lambda it: it.is_enabled).click()
    desk.wait_for_state(UP_TO_DATE)
    assert (desk.folder / MARKER).exists()
