"""The real window in a real desktop session, over the stand-in: keyboard, screen reader, tray."""

import sys
from pathlib import Path

import pytest

from tests.support.a11y import Application
from tests.support.desktop import DesktopSession
from tests.support.launched import Launched
from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]


@pytest.fixture
def program(session: DesktopSession) -> Launched:
    return session.launch(sys.executable, "-m", "tests.ui.stand_alone", cwd=ROOT)


@pytest.fixture
def app(program: Launched, session: DesktopSession) -> Application:
    return session.application("MyDoc Transfer", process=program.pid)


@pytest.fixture
def documents(app: Application) -> Application:
    app.find(id="sign-in-password").text = "right"
    app.find(id="sign-in-button").click()
    for button in ("folder-use", "defaults-begin", "done-close"):
        app.find(id=button).click()
    app.find(id="documents-table").wait(lambda table: table.rows == 4)
    return app


def told(program: Launched, text: str) -> None:
    wait_for(lambda: text in program.stdout, explain=lambda: program.stdout + program.stderr)


def test_everything_up_to_the_table_with_the_keyboard_alone(
    session: DesktopSession, app: Application, program: Launched
) -> None:
    app.find(id="sign-in-password").wait(lambda field: field.is_focused)
    session.type("wrong")
    session.key("Return")
    app.find(id="sign-in-message").wait(lambda it: "password is wrong" in it.name)
    session.type("right")
    session.key("Return")
    app.find(id="folder-use").wait(lambda button: button.is_focused and button.is_enabled)
    session.key("space")
    app.find(id="defaults-begin").wait(lambda button: button.is_focused)
    session.key("space")
    app.find(id="done-close").wait(lambda button: button.is_focused)
    session.key("space")
    table = app.find(id="documents-table").wait(lambda it: it.rows == 4)
    table.wait(lambda it: "focused" in it.states or it.cell(0, 0).is_focused)
    session.key("End", "Home")
    session.key("F2")
    app.find(id="rename-name")
    session.type("new")
    session.key("Return")
    told(program, "Rename(")
    assert "Traceback" not in program.stderr


def test_a_screen_reader_reads_the_table(documents: Application) -> None:
    table = documents.find(id="documents-table")
    assert table.headers == ["Name", "Size", "Owner", "Shared with", "Expires in", "State"]
    texts = table.texts()
    assert [cells[0] for cells in texts] == ["offer.docx", "old.zip", "plan.pdf", "theirs.png"]
    assert texts[2][3] == "Bob Recipient"
    assert texts[1][5] == "Gone from the cloud, kept here"


def test_a_button_pressed_from_outside_withdraws_after_the_question(
    documents: Application, session: DesktopSession, program: Launched
) -> None:
    table = documents.find(id="documents-table")
    session.click(*table.cell(2, 0).middle)
    documents.find(id="delete-button").click()
    documents.find(id="delete-question-yes").click()
    told(program, "Remove(target='id of plan.pdf')")


def test_sharing_from_outside(
    documents: Application, session: DesktopSession, program: Launched
) -> None:
    session.click(*documents.find(id="documents-table").cell(2, 0).middle)
    documents.find(id="share-button").click()
    documents.find(id="share-people").text = "eve@example.org"
    documents.find(id="share-add").click()
    told(program, "Share(target='id of plan.pdf', people=('eve@example.org',))")
    documents.find(id="share-done").click()
    documents.wait_until_gone(id="share-done")


def test_closing_leaves_the_tray_and_the_tray_brings_the_window_back(
    documents: Application, session: DesktopSession, program: Launched
) -> None:
    with session.tray_icon("MyDoc Transfer") as icon:
        session.close_window("MyDoc Transfer")
        told(program, "notify tray")
        documents.wait_until_gone(id="documents-table")
        icon.choose("Open MyDoc Transfer")
        documents.find(id="documents-table")
        icon.choose("Quit")
        assert program.wait() == 0


def test_sigterm_ends_it_cleanly(documents: Application, program: Launched) -> None:
    assert program.terminate() == 0
