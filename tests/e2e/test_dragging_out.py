"""Copies saved by dragging documents out of the window, with the real mouse."""

from pathlib import Path

from tests.support.cloud import Cloud
from tests.support.desk import NAME, Desk
from tests.support.desktop import DesktopSession
from tests.support.devices import Device
from tests.support.waiting import wait_for


def test_copies_are_saved_by_dragging_them_out_of_the_window(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    ada, robin = cloud.person("Ada", "Byron"), cloud.person("Robin", "Sender")
    desk = Desk(session, tmp_path / "desk").move_in(cloud, ada)
    desk.save("mine.txt", b"my own")
    theirs = Device(tmp_path / "robin").sign_in(cloud, robin)
    (theirs.folder / "theirs.txt").write_bytes(b"from the cloud")
    theirs.ok("sync", "--once")
    theirs.ok("share", "theirs.txt", ada.email)
    desk.wait_for_row("mine.txt")
    desk.wait_for_row("theirs.txt", "Ready to download")
    place = tmp_path / "place"
    place.mkdir()
    basket = session.open_basket(place)

    def is_welcome() -> bool:
        return basket.text == "let go"

    # What lies in the folder is under the pointer at once.
    session.drag(desk.table.cell(desk.line("mine.txt"), NAME).middle, basket.middle, is_welcome)
    wait_for((place / "mine.txt").exists)
    assert (place / "mine.txt").read_bytes() == b"my own"
    assert (desk.folder / "mine.txt").read_bytes() == b"my own"

    # What lies in the cloud only is downloaded while it is held.
    session.pick_up(desk.table.cell(desk.line("theirs.txt"), NAME).middle)
    inbox = desk.device.home / "inbox" / "theirs.txt"
    wait_for(inbox.exists)
    desk.app.wait_until_gone(id="message-bar")  # "hold on to it" is over
    desk.picture("dragging-out")
    session.put_down(basket.middle, is_welcome)
    wait_for((place / "theirs.txt").exists)
    assert (place / "theirs.txt").read_bytes() == b"from the cloud"
    assert not (desk.folder / "theirs.txt").exists()
