"""From the first start to the first document, and a document's life in the folder."""

from pathlib import Path

from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.desk import IN_THE_CLOUD, UP_TO_DATE, Desk
from tests.support.desktop import DesktopSession
from tests.support.waiting import wait_for
from tests.support.window import sign_in, use_folder


def test_from_the_first_start_to_the_first_document(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk")
    desk.start()

    # The connection file, chosen in the file dialog.
    desk.press("connect-file-button")
    desk.choose_files("Open connection file", cloud.connection_file)
    desk.app.find(id="sign-in-email")

    desk.app.find(id="sign-in-email").text = person.email
    desk.app.find(id="sign-in-password").text = "wrong"
    desk.press("sign-in-button")
    said = desk.app.find(id="sign-in-message", timeout=60.0)
    said.wait(lambda it: "password" in it.text)
    desk.picture("wrong-password")
    sign_in(desk.app, person.email, PASSWORD)

    desk.app.find(id="folder-facts")
    desk.picture("folder-page")
    use_folder(desk.app, desk.folder)
    desk.table.wait(lambda it: it.description.startswith("Drop files here. Or save them in"))
    assert (desk.folder / ".mydoctransfer").exists()

    desk.save("plan.pdf", b"the plan")
    row = desk.wait_for_row("plan.pdf")
    assert row[1:4] == ["8 bytes", "You", "Click to share…"]
    told = session.wait_for_notification("plan.pdf")
    assert "is in the cloud until" in told.summary
    desk.wait_for_state(UP_TO_DATE)
    with desk.tray(UP_TO_DATE):
        pass
    desk.picture("first-document")

    # Quit, and start again: the keyring knows who it is.
    assert desk.quit() == 0
    desk.start()
    desk.wait_for_row("plan.pdf")
    desk.wait_for_state(UP_TO_DATE)
    assert not desk.app.has(id="sign-in-email")


def test_a_document_keeps_its_identity_through_edits_renames_and_moves(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    file = desk.save("letters/draft.txt", b"first words")
    desk.wait_for_row("draft.txt")
    first = desk.document("draft.txt")
    assert first["path"] == "letters/draft.txt"

    file.write_bytes(b"better words")
    wait_for(lambda: desk.document("draft.txt")["version"] == 2)
    assert desk.document("draft.txt")["share_id"] == first["share_id"]

    file = file.rename(desk.folder / "letters" / "final.txt")
    desk.wait_for_row("final.txt")
    desk.wait_for_no_row("draft.txt")
    (desk.folder / "sent").mkdir()
    file = file.rename(desk.folder / "sent" / "final.txt")
    wait_for(lambda: desk.document("final.txt")["path"] == "sent/final.txt")
    moved = desk.document("final.txt")
    assert (moved["share_id"], moved["version"]) == (first["share_id"], 2)

    (desk.folder / "sent").rename(desk.folder / "archive")
    wait_for(lambda: desk.document("final.txt")["path"] == "archive/final.txt")
    assert desk.document("final.txt")["share_id"] == first["share_id"]
    assert desk.rows()["final.txt"][5] == IN_THE_CLOUD

    (desk.folder / "archive" / "final.txt").unlink()
    wait_for(lambda: "final.txt" not in desk.device.documents())
    assert desk.document("final.txt", "--all")["state"] == "removed"
    desk.wait_for_state(UP_TO_DATE)
    desk.picture("withdrawn")
