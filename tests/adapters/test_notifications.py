"""Notifications through a real service in a real session, and through none."""

import json
import sys
from pathlib import Path

import pytest

from mydoctransfer.adapters import notifications
from mydoctransfer.adapters.notifications import DesktopNotifier
from mydoctransfer.model.notifications import Notification
from tests.support.desktop import SYSTEM_PYTHON, DesktopSession
from tests.support.launched import Launched
from tests.support.session import NewSession
from tests.support.waiting import wait_for

PROGRAM = Path(__file__).with_name("notifying_program.py")
Wanted = (
    tuple[str, str, str, list[list[str]]]  # key, title, body, buttons
    | tuple[str, str, str, list[list[str]], int]  # and until when it says something
)


def launch(session: DesktopSession, *wanted: Wanted, presses: int = 0) -> Launched:
    """Show these; end after so many buttons were pressed."""
    return session.launch(sys.executable, PROGRAM, json.dumps(wanted), str(presses))


def said(program: Launched) -> list[object]:
    assert program.wait() == 0, program.stderr
    return [json.loads(line) for line in program.stdout.splitlines()]


def test_a_notification_reaches_the_desktop_with_its_buttons(session: DesktopSession) -> None:
    program = launch(session, ("k", "Published", "plan.pdf", [["get", "Download"]]))
    shown = session.wait_for_notification("Published")
    assert said(program) == [True]
    assert (shown.application, shown.body, shown.icon) == (
        "MyDoc Transfer",
        "plan.pdf",
        "mydoctransfer",
    )
    assert shown.actions == {"default": "Open", "get": "Download"}
    assert shown.hints["desktop-entry"] == "mydoctransfer"


def test_a_pressed_button_comes_back_with_its_key(session: DesktopSession) -> None:
    program = launch(session, ("doc-1", "Shared with you", "", [["get", "Download"]]), presses=1)
    session.wait_for_notification("Shared with you")
    wait_for(lambda: session.displayed_notifications() == 1)
    session.press_notification_action("Download")
    assert said(program) == [True, ["doc-1", "get"]]


def test_a_click_comes_back_as_the_default(session: DesktopSession) -> None:
    program = launch(session, ("doc-1", "Click me", "", []), presses=1)
    session.wait_for_notification("Click me")
    wait_for(lambda: session.displayed_notifications() == 1)
    session.run("dunstctl", "action")
    assert said(program) == [True, ["doc-1", "default"]]


def test_what_a_button_does_may_fail_without_ending_the_rest(session: DesktopSession) -> None:
    program = launch(
        session, ("a", "Broken", "", [["fail", "Fail"]]), ("b", "Works", "", [["ok", "Fine"]]),
        presses=2,
    )  # fmt: skip
    wait_for(lambda: session.displayed_notifications() == 2)
    session.press_notification_action("Fail")
    wait_for(lambda: "fail" in program.stdout)
    session.press_notification_action("Fine")
    assert said(program) == [True, True, ["a", "fail"], ["b", "ok"]]


def test_the_same_key_replaces_what_is_shown_however_fast_it_comes(
    session: DesktopSession,
) -> None:
    numbers = [("k", f"Number {n}", "", [["ok", f"Fine {n}"]]) for n in range(20)]
    program = launch(session, *numbers, ("other", "Other", "", []), presses=1)  # type: ignore[arg-type]
    session.wait_for_notification("Other")
    wait_for(lambda: session.displayed_notifications() == 2)
    session.wait_for_notification("Number 19")
    assert session.displayed_notifications() == 2
    session.press_notification_action("Fine 19")
    assert said(program)[-1] == ["k", "ok"]


def test_a_service_without_markup_gets_the_name_as_it_is(session: DesktopSession) -> None:
    body = "<b>bold</b> & <img src='x'/>"
    launch(session, ("k", "Markup <i>", body, []))
    shown = session.wait_for_notification("Markup")
    assert (shown.summary, shown.body) == ("Markup <i>", body)


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"body", "body-markup"}, ("T <i>", "&lt;b&gt; &amp; 'x'", [])),
        ({"body"}, ("T <i>", "<b> & 'x'", [])),
        (set(), ("T <i>: <b> & 'x'", "", [])),
        ({"actions"}, ("T <i>: <b> & 'x'", "", ["default", "Open", "a", "A"])),
    ],
)
def test_a_notification_is_worded_as_the_service_can_show_it(
    capabilities: set[str], expected: tuple[str, str, list[str]]
) -> None:
    wording = notifications.worded("T <i>", "<b> & 'x'", [("a", "A")], frozenset(capabilities))
    assert wording == expected


def test_a_name_that_is_no_utf_8_does_not_break_the_bus(session: DesktopSession) -> None:
    program = launch(session, ("k", "Odd \udcff\0", "b\udcff", []), ("l", "Even", "", []))
    session.wait_for_notification("Even")
    assert said(program) == [True, True]
    assert session.wait_for_notification("Odd").summary == "Odd ?"


QUIET = Path(__file__).parents[1] / "support" / "quiet_service.py"
SERVICE, OBJECT = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


def quiet_service(session: DesktopSession) -> Launched:
    service = session.launch(SYSTEM_PYTHON, QUIET)
    session.wait_for_name(SERVICE)
    return service


def disturb_again(session: DesktopSession) -> None:
    words = ("--method", "tests.Quiet.Set", "false")
    session.run("gdbus", "call", "--session", "--dest", SERVICE, "--object-path", OBJECT, *words)


def test_nothing_is_shown_while_nobody_is_to_be_disturbed_and_the_latest_of_each_afterwards(
    new_session: NewSession,
) -> None:
    session = new_session(tray=False, keyring="none", notifications=False)
    service = quiet_service(session)
    long_ago, later = 1000, 9_000_000_000_000
    program = launch(
        session,
        ("a", "First", "", []),
        ("b", "Other", "", []),
        ("a", "Second", "", []),
        ("c", "Too late", "", [], long_ago),
        ("d", "In time", "", [], later),
        presses=1,
    )
    wait_for(lambda: program.stdout.count("true") == 5)
    assert service.stdout == ""
    disturb_again(session)
    wait_for(lambda: "In time" in service.stdout)
    assert service.stdout.split("\n")[:-1] == ["Other", "Second", "In time"]


def test_a_service_that_waits_by_itself_is_left_to_it(session: DesktopSession) -> None:
    """Dunst keeps what comes while it is paused, and shows it afterwards."""
    session.run("dunstctl", "set-paused", "true")
    try:
        launch(session, ("k", "Patience", "", []), presses=1)
        wait_for(lambda: session.run("dunstctl", "count", "waiting").strip() == "1")
        assert session.displayed_notifications() == 0
    finally:
        session.run("dunstctl", "set-paused", "false")
    wait_for(lambda: session.displayed_notifications() == 1)


def test_without_a_service_it_says_so_and_nothing_happens(new_session: NewSession) -> None:
    session = new_session(tray=False, keyring="none", notifications=False)
    program = launch(session, ("k", "Nobody sees this", "", []), ("k", "Nor this", "", []))
    assert said(program)[-1] is False


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere", "nonsense"])
def test_without_a_bus_it_says_so(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setattr(notifications, "_FIRST_LOOK", 10.0)
    notifier = DesktopNotifier("A", "", lambda key, action: None)
    assert notifier.show(Notification("k", "t")) is False
    notifier.close()


def test_a_service_that_comes_late_is_found(
    session: DesktopSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = session.environment["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setattr(notifications, "_LOOK_AGAIN", 0.05)
    notifier = DesktopNotifier("A", "", lambda key, action: None)
    try:
        wait_for(lambda: not notifier.show(Notification("early", "Too early")))
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
        wait_for(lambda: notifier.show(Notification("late", "In the end")))
        session.wait_for_notification("In the end")
    finally:
        notifier.close()
