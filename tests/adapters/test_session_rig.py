"""The desktop session that other tests rely on is itself a real one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import tiny_window
from tests.support.a11y import Application, NotThere
from tests.support.desktop import DesktopSession
from tests.support.reaper import marked
from tests.support.session import NewSession
from tests.support.waiting import poll, wait_for

TINY = (sys.executable, tiny_window.__file__)
STORE = "import keyring; keyring.set_password('rig', 'sender', 'secret')"
READ = "import keyring; print(keyring.get_keyring().name, keyring.get_password('rig', 'sender'))"


@pytest.fixture
def tiny(session: DesktopSession) -> Application:
    session.launch(*TINY)
    return session.application("tiny-window")


def test_a_button_is_pressed_and_a_field_filled_through_accessibility(tiny: Application) -> None:
    tiny.find(id="name").text = "Ada"
    tiny.find(role="push button", name="Greet").click()
    tiny.find(id="said").wait(lambda label: label.text == "Hello, Ada")


def test_a_tables_headers_cells_and_rows_can_be_read(tiny: Application) -> None:
    table = tiny.find(id="table")
    assert table.headers == ["File", "Size"]
    assert table.texts() == [["plan.pdf", "3 KiB"], ["photo.jpg", "2 MiB"]]
    assert table.row_of("photo.jpg") == 1
    assert table.cell(1, 1).text == "2 MiB"


def test_what_is_not_there_fails_with_a_picture_of_the_tree(tiny: Application) -> None:
    with pytest.raises(NotThere, match="push button 'Greet' #greet"):
        tiny.find(id="absent", timeout=0.1)


def test_mouse_and_keyboard_reach_the_window(session: DesktopSession, tiny: Application) -> None:
    session.wait_for_window("Tiny window")
    session.click(*tiny.find(id="name").middle)
    tiny.find(id="name").wait(lambda field: field.is_focused)
    session.type("Grace Hopper")
    tiny.find(id="name").wait(lambda field: field.text == "Grace Hopper")
    session.click(*tiny.find(id="greet").middle)
    tiny.find(id="said").wait(lambda label: label.text == "Hello, Grace Hopper")


def test_files_are_dragged_from_another_window(
    session: DesktopSession, tiny: Application, tmp_path: Path
) -> None:
    files = [tmp_path / "one.txt", tmp_path / "two ü.txt"]
    for file in files:
        file.write_text(file.name)
    said = tiny.find(id="said")
    session.drag_files(files, tiny.find(id="table"), lambda: said.text == "let go")
    said.wait(lambda label: label.text == "one.txt two ü.txt")


def test_the_tray_icon_and_its_menu_are_driven(session: DesktopSession, tiny: Application) -> None:
    said = tiny.find(id="said")
    with session.tray_icon("Tiny window") as icon:
        assert [item.label for item in icon.menu()] == ["Wave", "More"]
        icon.choose("Wave")
        said.wait(lambda label: label.text == "waved")
        icon.choose("More", "Nod")
        said.wait(lambda label: label.text == "nodded")
        icon.activate()
        said.wait(lambda label: label.text == "tray clicked")
        assert len(icon.picture) > 8


def test_a_notification_is_seen_with_its_actions_and_its_button_pressed(
    session: DesktopSession,
) -> None:
    sender = session.launch(
        *("notify-send", "--wait", "--action=extend=Extend", "--action=go=Let go"),
        *("plan.pdf goes in 10 minutes", "Grace has not fetched it"),
    )
    notification = session.wait_for_notification("plan.pdf goes")
    assert notification.body == "Grace has not fetched it"
    assert notification.actions == {"extend": "Extend", "go": "Let go"}
    wait_for(lambda: session.displayed_notifications() == 1)
    session.press_notification_action("Let go")
    assert sender.wait() == 0
    assert sender.stdout.strip() == "go"


def test_the_keyring_is_a_real_secret_service(session: DesktopSession) -> None:
    session.run(sys.executable, "-c", STORE)
    assert session.run(sys.executable, "-c", READ) == "SecretService Keyring secret"
    assert session.run("secret-tool", "lookup", "service", "rig", "username", "sender") == "secret"


def test_a_locked_keyring_asks_the_person_and_goes_on_once_answered(
    new_session: NewSession,
) -> None:
    session = new_session(keyring="locked")
    program = session.launch(sys.executable, "-c", STORE)
    session.open_keyring()
    assert program.wait() == 0, program.stderr
    assert session.run(sys.executable, "-c", READ).endswith("secret")


def test_a_desktop_without_a_keyring_says_so(new_session: NewSession) -> None:
    session = new_session(keyring="none", tray=False, notifications=False)
    program = session.launch(sys.executable, "-c", STORE)
    assert program.wait() != 0
    assert "NoKeyringError" in program.stderr or "InitError" in program.stderr


def test_a_desktop_without_a_tray_offers_none(new_session: NewSession) -> None:
    session = new_session(tray=False)
    session.launch(*TINY)
    session.application("tiny-window").find(id="greet")
    with pytest.raises(TimeoutError):
        session.tray_icon("Tiny window", timeout=0.2)


def test_a_scaled_desktop_draws_everything_larger_and_the_mouse_still_hits(
    session: DesktopSession, tiny: Application, new_session: NewSession
) -> None:
    scaled = new_session(scale=2.0, size=(2560, 1600))
    scaled.launch(*TINY)
    window = scaled.application("tiny-window")
    button = window.find(id="greet")
    assert button.extents[3] == 2 * tiny.find(id="greet").extents[3]
    scaled.wait_for_window("Tiny window")
    scaled.click(*button.middle)
    window.find(id="said").wait(lambda label: label.text == "Hello, ")


def test_a_desktop_in_arabic_is_laid_out_from_right_to_left(
    tiny: Application, new_session: NewSession
) -> None:
    arabic = new_session(locale="ar_EG.UTF-8", tray=False)
    arabic.launch(*TINY)
    mirrored = arabic.application("tiny-window").find(id="table")
    assert mirrored.cell(0, 0).extents[0] > mirrored.cell(0, 1).extents[0]
    table = tiny.find(id="table")
    assert table.cell(0, 0).extents[0] < table.cell(0, 1).extents[0]


def test_a_dark_desktop_says_so_and_can_turn_light(new_session: NewSession) -> None:
    session = new_session(dark=True)
    session.launch(*TINY)
    scheme = session.application("tiny-window").find(id="scheme")
    scheme.wait(lambda label: label.text == "Dark")
    session.set_dark(False)
    scheme.wait(lambda label: label.text == "Light")


def test_the_screen_can_be_photographed(
    session: DesktopSession, tiny: Application, tmp_path: Path
) -> None:
    tiny.find(id="greet")
    picture = session.screenshot(tmp_path / "screen.png")
    assert session.run("identify", "-format", "%w %h", picture) == "1280 800"


def test_the_session_leaves_the_persons_home_and_bus_alone(session: DesktopSession) -> None:
    inside = session.run("env")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        assert f"{name}={session.root}/" in inside
    assert (session.root / "runtime").stat().st_mode & 0o777 == 0o700


def test_a_closed_session_leaves_no_process_and_no_file_behind(new_session: NewSession) -> None:
    session = new_session()
    session.launch(*TINY)
    session.application("tiny-window").find(id="greet")
    session.launch("sh", "-c", "setsid sleep 1000 & exit 0").wait()
    assert len(session.leftovers()) > 8
    session.close()
    assert session.leftovers() == []
    assert not session.root.exists()


def test_a_session_whose_owner_is_killed_ends_all_the_same(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from tests.support.desktop import DesktopSession\n"
        "session = DesktopSession().__enter__()\n"
        "print(session.environment['MYDOCTRANSFER_SESSION_MARK'], session.root, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    mark, root = done.stdout.split()
    assert poll(lambda: not marked(mark))
    assert poll(lambda: not Path(root).exists())
