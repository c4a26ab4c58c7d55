"""A sender and a recipient: shared in the window, fetched elsewhere, expired, sent again."""

from pathlib import Path

from tests.support.cloud import Cloud
from tests.support.desk import EXPIRES, GONE, IN_THE_CLOUD, PEOPLE, UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.devices import Device
from tests.support.waiting import wait_for


def test_a_document_is_shared_fetched_extended_expires_and_is_sent_again(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    sender, recipient = cloud.person("Sam", "Sender"), cloud.person("Robin", "Recipient")
    theirs = Device(tmp_path / "recipient").sign_in(cloud, recipient)
    desk = Desk(session, tmp_path / "desk").move_in(cloud, sender)
    content = bytes(range(256)) * 4096
    desk.save("plan.pdf", content)
    desk.wait_for_row("plan.pdf")

    # Shared with the keyboard: the row, Ctrl+S, a name, Return for the person found and once more.
    desk.select("plan.pdf")
    session.key("ctrl+s")
    dialog = desk.app.find(id="share-dialog")
    dialog.find(id="share-people").wait(lambda field: field.is_focused)
    session.type(recipient.email.partition("@")[0])
    dialog.find(id="share-found").wait(lambda found: len(found.children) >= 1)
    desk.picture("share-found")
    session.key("Return")
    dialog.find(id="share-chip").wait(lambda chip: "Robin Recipient" in chip.name)
    session.key("Return")
    dialog.find(id="share-current").wait(lambda it: "Robin Recipient" in it.tree())
    desk.picture("shared")
    session.key("Escape")
    desk.app.wait_until_gone(id="share-dialog")
    wait_for(lambda: "Robin Recipient" in desk.rows()["plan.pdf"][PEOPLE])

    (found,) = theirs.ok("ls", "--shared-with-me")["documents"]
    assert (found["display_name"], found["owner"]["email"]) == ("plan.pdf", sender.email)
    got = theirs.ok("get", found["share_id"])
    assert Path(got["path"]).read_bytes() == content
    told = session.wait_for_notification("downloaded", 60)
    assert told.summary == "\u2068Robin Recipient\u2069 downloaded \u2068plan.pdf\u2069"
    desk.picture("downloaded")

    # A longer life, from the button's menu.
    desk.select("plan.pdf")
    session.key("ctrl+e")
    desk.app.find(id="extend-button").wait(lambda it: "pressed" in it.states)  # the menu is open
    session.key("Down", "Down", "Down", "Return")
    wait_for(lambda: "6 days" in desk.rows()["plan.pdf"][EXPIRES])

    # Its time is up.
    desk.device.ok("extend", "plan.pdf", "1s")
    desk.wait_for_row("plan.pdf", GONE)
    desk.picture("expired")
    refused = theirs.run("get", found["share_id"])
    assert (refused.code, refused.error) == (5, "expired")
    assert (desk.folder / "plan.pdf").read_bytes() == content

    desk.select("plan.pdf")
    session.key("ctrl+r")
    row = desk.wait_for_row("plan.pdf", "Sent again; not shared again.")
    assert row[PEOPLE] == "Share as before"
    again = desk.document("plan.pdf")
    assert again["share_id"] != found["share_id"]
    assert (again["version"], again["people"]) == (1, [])
    desk.wait_for_state(UP_TO_DATE)
    desk.picture("sent-again")

    # With whom it was shared before is known, and one step away (R13).
    desk.select("plan.pdf")
    session.key("ctrl+shift+s")
    row = desk.wait_for_row("plan.pdf", IN_THE_CLOUD)
    assert row[PEOPLE] == "Robin Recipient"
    assert theirs.ok("get", again["share_id"])["share_id"] == again["share_id"]


def test_the_recipient_is_notified_and_downloads_from_the_notification(
    session: DesktopSession, tmp_path: Path, cloud: Cloud
) -> None:
    sender, recipient = cloud.person("Sam", "Sender"), cloud.person("Robin", "Recipient")
    desk = Desk(session, tmp_path / "recipient").move_in(cloud, recipient)
    theirs = Device(tmp_path / "sender").sign_in(cloud, sender)
    (theirs.folder / "offer.txt").write_bytes(b"an offer")
    theirs.ok("sync", "--once")
    theirs.ok("share", "offer.txt", recipient.email)

    told = session.wait_for_notification("shared a document with you", 60)
    assert told.summary == "\u2068Sam Sender\u2069 shared a document with you"
    assert "offer.txt" in told.body
    row = desk.wait_for_row("offer.txt", "Ready to download")
    assert row[2] == "Sam Sender"
    desk.picture("shared-with-me")
    session.press_notification_action("Download")
    copy = desk.device.home / "inbox" / "offer.txt"
    wait_for(copy.exists)
    assert copy.read_bytes() == b"an offer"
    assert not (desk.folder / "offer.txt").exists()

    # Taken back: it is not there any more.
    theirs.ok("unshare", "offer.txt", recipient.email)
    desk.wait_for_no_row("offer.txt")
    assert copy.read_bytes() == b"an offer"
