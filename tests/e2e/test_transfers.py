"""The buttons of the transfers page, on a slow line: one file is paused, resumed and cancelled."""

from pathlib import Path

from tests.support.a11y import Element
from tests.support.cloud import Cloud, Person
from tests.support.desk import UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for

DOCUMENT, SENT, _, _, STATE = range(5)  # the columns


def test_one_transfer_is_paused_resumed_and_cancelled_while_others_go_on(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person, upload_kib=16)
    desk.press("place-transfers")
    table = desk.app.find(id="transfers-table")
    for name in ("later.bin", "never.bin"):
        desk.save(name, name.encode() * 60_000)  # half a minute on this line
        wait_for_state(table, name, "Sending", "Waiting")

    choose(session, table, "never.bin")
    desk.press("transfers-cancel")
    wait_for_state(table, "never.bin", "Cancelled.")
    choose(session, table, "later.bin")
    desk.press("transfers-pause-one")
    wait_for_state(table, "later.bin", "Paused.")
    desk.wait_for_state("1 document paused, all else is up to date")
    desk.picture("transfer-paused")

    # What is stopped stays so while others go on.
    desk.save("small.txt", b"small")
    wait_for(lambda: "small.txt" in desk.device.documents())
    assert list(desk.device.documents()) == ["small.txt"]

    # Resumed from the keyboard; and the line is quick again from one moment to the next.
    choose(session, table, "later.bin")
    session.key("ctrl+p")
    wait_for_state(table, "later.bin", "Sending", "Waiting")
    lift_limit(desk)
    desk.press("place-documents")
    desk.wait_for_row("later.bin")
    desk.wait_for_state(UP_TO_DATE)
    assert desk.rows()["never.bin"][5].startswith("Cancelled.")
    assert sorted(desk.device.documents()) == ["later.bin", "small.txt"]


def rows(table: Element) -> dict[str, list[str]]:
    return {row[DOCUMENT]: row for row in table.texts()}


def wait_for_state(table: Element, name: str, *states: str) -> None:
    def look() -> bool:
        row = rows(table).get(name)
        return row is not None and row[STATE].startswith(states)

    wait_for(look, 60, lambda: f"no {name!r} {states!r} in {rows(table)}")


def choose(session: DesktopSession, table: Element, name: str) -> None:
    session.click(*table.cell(table.row_of(name, DOCUMENT), SENT).middle)


def lift_limit(desk: Desk) -> None:
    with desk.tray() as icon:
        icon.choose("Settings…")
    desk.session.wait_for_window("Settings")
    limit = desk.app.find(id="settings-upload-limit", showing=False)
    limit.value = 0
    desk.session.key("Escape")
    desk.app.wait_until_gone(id="settings-dialog")
