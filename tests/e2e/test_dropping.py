"""Files that come through the window: dropped on it, or chosen in its dialog."""

from pathlib import Path

import pytest

from tests.support.cloud import Cloud, Person
from tests.support.desk import GONE, IN_THE_CLOUD, UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession

DEED = 1  # the activity's column of what happened


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A place beside the folder, with things in it."""
    place = tmp_path / "elsewhere"
    (place / "trip" / "day one").mkdir(parents=True)
    (place / "trip" / "day one" / "beach.jpg").write_bytes(b"sand")
    (place / "ticket.pdf").write_bytes(b"a ticket")
    return place


def test_files_and_folders_dropped_on_the_window_are_copied_and_sent_and_a_drop_is_undone(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person, outside: Path
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    desk.save("ticket.pdf", b"another ticket")
    desk.wait_for_row("ticket.pdf")
    dropped = [outside / "ticket.pdf", outside / "trip"]
    session.drag_files(dropped, desk.table, lambda: desk.app.has(id="drop-zone"))
    desk.wait_for_row("ticket (2).pdf")
    desk.wait_for_row("beach.jpg")
    desk.picture("dropped")
    copies_are_there(desk, outside)

    # Undone, nothing of it is in the cloud, and the copies stay.
    desk.press("place-activity")
    activity = desk.app.find(id="activity-table")
    line = activity.row_of("Added to the folder", DEED)
    session.click(*activity.cell(line, DEED).middle)
    desk.picture("drop-to-undo")
    desk.press("activity-undo")
    desk.press("delete-question-yes")
    desk.press("place-documents")
    desk.wait_for_row("ticket (2).pdf", GONE)
    desk.wait_for_row("beach.jpg", GONE)
    assert list(desk.device.documents()) == ["ticket.pdf"]
    copies_are_there(desk, outside)


def copies_are_there(desk: Desk, outside: Path) -> None:
    assert (desk.folder / "ticket.pdf").read_bytes() == b"another ticket"
    assert (desk.folder / "ticket (2).pdf").read_bytes() == b"a ticket"
    assert (desk.folder / "trip" / "day one" / "beach.jpg").read_bytes() == b"sand"
    assert (outside / "ticket.pdf").read_bytes() == b"a ticket"


def test_files_are_added_from_the_dialog(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person, outside: Path
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    desk.press("add-files-button")
    desk.choose_files("Add files", outside / "ticket.pdf")
    desk.wait_for_row("ticket.pdf", IN_THE_CLOUD)
    desk.wait_for_state(UP_TO_DATE)
    assert (desk.folder / "ticket.pdf").read_bytes() == b"a ticket"
