"""Links and files handed to the application that runs, in the real session."""

from pathlib import Path

from tests.support.cloud import Cloud, Person
from tests.support.desk import Desk
from tests.support.desktop import DesktopSession
from tests.support.window import APPLICATION


def test_a_link_and_a_file_go_to_the_application_that_runs(
    session: DesktopSession, tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    desk = Desk(session, tmp_path / "desk").move_in(cloud, person)
    desk.save("plan.txt")
    desk.wait_for_row("plan.txt")
    desk.wait_for_state("Everything is up to date")
    share_id = desk.document("plan.txt")["share_id"]
    environment = desk.device.environment
    session.close_window(APPLICATION)
    desk.app.wait_until_gone(id="main-window")

    def start(*words: str) -> int:
        return session.launch(*desk.command(), *words, env=environment).wait(60)

    assert start("--link", f"mydoctransfer://delete?share={share_id}") == 2
    refused = session.wait_for_notification("links must not do")
    assert refused.summary == "Not a link of ours"
    assert not desk.app.has(id="main-window")
    assert start("--link", f"mydoctransfer://open?share={share_id}") == 0
    assert "plan.txt" in desk.app.find(id="link-question-head").text
    desk.app.find(id="link-question-yes").click()
    desk.app.wait_until_gone(id="link-question")

    elsewhere = tmp_path / "a letter.txt"
    elsewhere.write_bytes(b"letter")
    assert start("--share-files", str(elsewhere)) == 0
    desk.app.find(id="share-dialog").wait(lambda dialog: "a letter.txt" in dialog.name)
    assert (desk.folder / "a letter.txt").read_bytes() == b"letter"
    assert "Traceback" not in desk.running.stderr
