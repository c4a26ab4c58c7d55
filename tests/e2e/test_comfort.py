"""Notifications and settings in the real session: extending, and signing out everywhere."""

import shlex
from pathlib import Path

from tests.support.cloud import Cloud, Person
from tests.support.desk import Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for
from tests.support.window import APPLICATION


def test_a_document_about_to_expire_is_kept_from_its_notification(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    # A second longer than the warning: it comes at once.
    desk.device.ok("folder", str(desk.folder), "--lifetime", "601s")
    desk.save("plan.pdf")
    desk.wait_for_row("plan.pdf")
    before = desk.document("plan.pdf")["expires_at"]
    told = session.wait_for_notification("plan.pdf\u2069 leaves the cloud at", 60)
    assert told.actions["let-go"] == "Let go"
    session.press_notification_action(told.actions["extend"])
    wait_for(lambda: desk.document("plan.pdf")["expires_at"] > before, 60)


def test_signing_out_everywhere_is_asked_in_the_settings_and_leaves_no_session(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    with desk.tray() as icon:
        icon.choose("Settings…")
    desk.app.find(id="settings-at-login").wait(lambda it: it.is_enabled)
    session.wait_for_window("Settings")
    session.key("Right")  # the next page
    assert person.email in desk.app.find(id="settings-who").text
    desk.picture("settings-account")
    desk.press("settings-sign-out-everywhere")
    desk.press("sign-out-everywhere-yes")
    desk.app.find(id="sign-in-email", timeout=60)
    assert desk.run("whoami").code == 3


def test_what_starts_at_login_begins_in_the_tray_without_a_window(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    with desk.tray() as icon:
        icon.choose("Settings…")
    desk.app.find(id="settings-at-login").wait(lambda it: it.is_enabled).click()
    entry = Path(session.environment["XDG_CONFIG_HOME"]) / "autostart" / "mydoctransfer.desktop"
    wait_for(entry.exists)
    line = next(li for li in entry.read_text().splitlines() if li.startswith("Exec="))
    assert desk.quit() == 0

    desk.running = session.launch(
        *shlex.split(line.removeprefix("Exec=")), env=desk.device.environment
    )
    with desk.tray() as icon:
        assert APPLICATION not in session.window_titles()
        icon.choose("Open MyDoc Transfer")
    wait_for(lambda: APPLICATION in session.window_titles())
