"""Closing, reopening, starting twice, quitting, and being killed."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.support.cloud import Cloud, Person
from tests.support.desk import Desk, wait_until_gone
from tests.support.desktop import DesktopSession
from tests.support.session import NewSession
from tests.support.waiting import wait_for
from tests.support.window import APPLICATION


def test_closed_to_the_tray_it_goes_on_and_comes_back(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    session.close_window(APPLICATION)
    desk.app.wait_until_gone(id="main-window")
    assert "still running" in session.wait_for_notification("It goes on in the tray").summary
    desk.save("hidden.txt")
    session.wait_for_notification("hidden.txt")

    with desk.tray() as icon:
        icon.activate()
    desk.wait_for_row("hidden.txt")

    # A second start shows the first window and ends well; a second engine is refused.
    session.close_window(APPLICATION)
    desk.app.wait_until_gone(id="main-window")
    assert session.launch(*desk.command(), env=desk.device.environment).wait(60) == 0
    desk.app.find(id="documents-table")
    session.wait_for_window("MyDoc Transfer")
    second = desk.run("sync")
    assert (second.code, second.error) == (1, "already_running")

    process = desk.running.pid
    assert desk.quit() == 0
    wait_until_gone(process)
    assert not [line for line in session.leftovers() if str(desk.device.home) in line]
    assert "Traceback" not in desk.running.stderr


def test_with_no_tray_closing_says_so_and_minimises(
    new_session: NewSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    """M08."""
    session = new_session(tray=False)
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    session.close_window(APPLICATION)
    session.wait_for_notification("There is no tray on this desktop")
    wait_for(lambda: "MyDoc Transfer" not in session.window_titles())
    assert session.launch(*desk.command(), env=desk.device.environment).wait(60) == 0
    session.wait_for_window("MyDoc Transfer")
    assert "choose Quit in the menu" in desk.app.find(id="message-bar").text
    assert desk.table.is_showing
    desk.picture("no-tray")
    session.key("ctrl+q")
    assert desk.running.wait() == 0


def test_killed_in_the_middle_of_an_upload_it_sends_only_the_rest(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person, upload_kib=16 * 1024)
    content = os.urandom(8 * 1024 * 1024) * 20  # ten seconds: not to be over before the kill
    desk.save("large.bin", content)
    acknowledged = wait_for(lambda: parts_of(desk))
    desk.running.kill()
    before = parts_of(desk)
    assert acknowledged.items() <= before.items()
    assert "large.bin" not in desk.device.documents(), "it was too quick for this test"
    desk.start()
    after = wait_for(lambda: (now := parts_of(desk)) != before and now)
    assert before.items() <= after.items()
    desk.wait_for_row("large.bin")
    desk.picture("resumed")
    assert desk.document("large.bin")["size"] == len(content)


def parts_of(desk: Desk) -> dict[int, str]:
    """The acknowledged parts of the one upload in the journal, as it stands on disk."""
    file = desk.device.home / "state" / "journal.sqlite"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as journal:
        return dict(journal.execute("SELECT number, etag FROM parts"))


def test_a_start_that_fails_is_said_where_the_person_looks(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    """From a menu or at login nobody reads what a program prints."""
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    assert desk.quit() == 0
    engine = session.launch(*desk.command(), "--json", "sync", env=desk.device.environment)
    wait_for(lambda: "idle" in engine.stdout)
    assert session.launch(*desk.command(), env=desk.device.environment).wait(60) == 1
    said = session.wait_for_notification("did not start")
    assert "already running" in said.body
    assert engine.terminate() == 0
