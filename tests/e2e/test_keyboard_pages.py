"""The other pages and dialogs by keyboard alone: places, settings, link, audit."""

from pathlib import Path

from tests.support.cloud import Cloud, Person
from tests.support.desk import UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for

BIGGER_THAN_ALLOWED = 1 << 40


def test_the_places_and_a_link_by_keyboard_alone(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    desk.save("plan.txt")
    with (desk.folder / "huge.bin").open("wb") as file:
        file.truncate(BIGGER_THAN_ALLOWED)  # sparse: refused before a byte of it is read
    desk.wait_for_row("plan.txt")
    session.wait_for_window("MyDoc Transfer")

    session.key("ctrl+2")
    desk.app.find(id="transfers-table").wait(lambda it: it.is_showing)
    session.key("ctrl+3")
    activity = desk.app.find(id="activity-table").wait(lambda it: it.is_showing)
    activity.wait(lambda it: any("plan.txt" in cell for row in it.texts() for cell in row))
    session.key("ctrl+4")
    problems = desk.app.find(id="problems-table").wait(lambda it: it.is_showing)
    problems.wait(lambda it: any("huge.bin" in cell for row in it.texts() for cell in row))
    _tab_to(desk, "problems-table")
    session.key("Home", "shift+Tab")
    desk.wait_for_focus("problems-retry")
    desk.picture("keyboard-problems")

    session.key("ctrl+1")
    desk.table.wait(lambda it: it.is_showing)
    _tab_to(desk, "documents-table")
    session.key("Home", *["Down"] * desk.line("plan.txt"), "ctrl+l")
    desk.wait_for_focus("link-password")
    session.type("a word between us")
    session.key("Tab")
    desk.wait_for_focus("link-downloads")
    session.type("3")
    session.key("Return")
    desk.app.find(id="link-address").wait(lambda it: "/s/" in it.text)
    desk.picture("keyboard-link")
    _tab_to(desk, "link-revoke")
    session.key("space")
    desk.wait_for_focus("link-revoke-question-no")
    session.key("Tab")
    desk.wait_for_focus("link-revoke-question-yes")
    session.key("space")
    desk.app.find(id="link-message").wait(lambda it: "has ended" in it.text)
    session.key("Escape")
    desk.app.wait_until_gone(id="link-dialog")


def test_the_settings_by_keyboard_alone(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    session.wait_for_window("MyDoc Transfer")
    session.key("ctrl+comma")
    session.wait_for_window("Settings")
    desk.app.find(id="settings-at-login").wait(lambda it: it.is_enabled)
    session.key("Tab")
    desk.wait_for_focus("settings-at-login")
    session.key("space")
    entry = Path(session.environment["XDG_CONFIG_HOME"]) / "autostart" / "mydoctransfer.desktop"
    wait_for(entry.exists)

    _tab_to(desk, "settings-close")
    session.key("Tab", *["Right"] * 3, "Tab")
    desk.wait_for_focus("settings-tell-published")
    session.key("space")
    _tab_to(desk, "settings-close")
    session.key("Tab", "Right", "Tab")
    desk.wait_for_focus("settings-upload-limit")
    session.key("ctrl+a")
    session.type("512")
    session.key("Tab")
    desk.wait_for_focus("settings-download-limit")
    desk.picture("keyboard-settings")
    wait_for(lambda: "512" in _settings(desk))
    assert "tell_published = false" in _settings(desk)
    session.key("Escape")
    desk.app.wait_until_gone(id="settings-dialog")
    desk.wait_for_state(UP_TO_DATE)


def test_an_administrator_searches_the_audit_by_keyboard_alone(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    admin = cloud.person("Aud", "Itor", admin=True)
    desk = Desk(session, tmp_path / "desk").move_in(cloud, admin)
    desk.save("quarterly figures.txt")
    desk.save("letter.txt")
    desk.wait_for_row("quarterly figures.txt")
    desk.wait_for_row("letter.txt")
    session.wait_for_window("MyDoc Transfer")
    _tab_to(desk, "menu-button")
    session.key("space")
    desk.app.find(id="menu-button").wait(lambda it: "pressed" in it.states)  # the menu is open
    session.key("a")  # the mnemonic of Audit
    session.wait_for_window("Audit")
    desk.wait_for_focus("audit-filter")
    table = desk.app.find(id="audit-table")
    table.wait(lambda it: any("letter.txt" in cell for row in it.texts() for cell in row))
    session.type("qrtly fig")
    table.wait(lambda it: it.rows > 0 and all(_tells(row, "quarterly") for row in it.texts()))
    desk.picture("keyboard-audit")
    session.key("Escape")
    desk.app.wait_until_gone(id="audit-dialog")


def _tab_to(desk: Desk, id: str) -> None:
    """Press Tab until a widget has the keyboard; it comes round before fifty."""
    target = desk.app.find(id=id)
    for _ in range(50):
        if target.is_focused:
            return
        desk.session.key("Tab")
    raise AssertionError(f"Tab does not lead to {id}:\n{desk.app.tree()}")


def _tells(row: list[str], word: str) -> bool:
    return any(word in cell for cell in row)


def _settings(desk: Desk) -> str:
    (path,) = desk.device.root.rglob("config.toml")
    return path.read_text("utf-8")
