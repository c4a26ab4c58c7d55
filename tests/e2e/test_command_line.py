"""The command line of design §6: the real program, the real local cloud, two devices."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cloud import PASSWORD, Cloud, Person
from tests.support.devices import Device
from tests.support.session import NewSession
from tests.support.waiting import wait_for

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.fixture
def device(tmp_path: Path, cloud: Cloud, person: Person) -> Device:
    return Device(tmp_path / "one").sign_in(cloud, person)


@pytest.fixture
def other(tmp_path: Path, cloud: Cloud) -> tuple[Device, Person]:
    person = cloud.person("Grace", "Hopper")
    return Device(tmp_path / "two").sign_in(cloud, person), person


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Device:
    """A device for tests that only look, which is quicker than one each."""
    return Device(tmp_path_factory.mktemp("settled") / "one").sign_in(cloud, cloud.person())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def once(device: Device) -> dict[str, int]:
    counts: dict[str, int] = device.ok("sync", "--once", "--delete-grace", "0")
    return counts


# --- a document's life ---------------------------------------------------------------------------


def test_a_document_is_published_shared_fetched_and_withdrawn(
    device: Device, person: Person, other: tuple[Device, Person]
) -> None:
    """K10, K12."""
    recipient, grace = other
    odd = os.fsdecode(b"caf\xe9 \n.txt")
    (device.folder / "plan.pdf").write_bytes(b"the plan")
    (device.folder / odd).write_bytes(b"odd")
    assert once(device) == {
        "uploaded": 2,
        "renamed": 0,
        "withdrawn": 0,
        "unchanged": 0,
        "skipped": 0,
        "failed": 0,
        "held_deletes": 0,
    }
    listed = device.documents()["plan.pdf"]
    owner = {"email": person.email, "given_name": "Ada", "family_name": "Byron"}
    assert listed["sha256"] == sha256(b"the plan")
    assert (listed["path"], listed["owner"], listed["people"]) == ("plan.pdf", owner, [])
    assert {d["path"] for d in device.documents().values()} == {"plan.pdf", odd}

    shared = device.ok("share", "plan.pdf", grace.email)["document"]
    assert [one["email"] for one in shared["people"]] == [grace.email]
    theirs = recipient.documents("--shared-with-me")["plan.pdf"]
    assert (theirs["path"], theirs["owner"]) == (None, owner)

    share_id = shared["share_id"]
    got = recipient.ok("get", share_id)
    assert got == {
        "path": str(recipient.home / "inbox" / "plan.pdf"),
        "sha256": sha256(b"the plan"),
        "share_id": share_id,
    }
    assert Path(got["path"]).read_bytes() == b"the plan"

    renamed = device.ok("rename", str(device.folder / "plan.pdf"), "The Plan.pdf")["document"]
    assert (renamed["display_name"], renamed["path"]) == ("The Plan.pdf", "plan.pdf")
    extended = device.ok("extend", share_id, "2h")["document"]
    assert extended["expires_at"] > listed["expires_at"]

    assert device.ok("unshare", share_id, grace.email)["document"]["people"] == []
    assert recipient.run("get", share_id).error == "not_found"

    device.ok("share", share_id, grace.email)
    assert device.ok("rm", "plan.pdf") == {"removed": share_id}
    refused = recipient.run("get", share_id)
    assert (refused.code, refused.error) == (5, "removed")
    # What was downloaded keeps its name and its bytes, whatever became of the document.
    assert [p.name for p in (recipient.home / "inbox").glob("*.pdf")] == ["plan.pdf"]
    assert Path(got["path"]).read_bytes() == b"the plan"
    assert (device.folder / "plan.pdf").read_bytes() == b"the plan"
    states = {item["path"]: item["state"] for item in device.ok("status")["items"]}
    assert states["plan.pdf"] == "gone"


def test_a_link_is_made_changed_shown_again_and_ended(device: Device, cloud: Cloud) -> None:
    """What the address gives without an account is the recipient's page's own test."""
    (device.folder / "plan.pdf").write_bytes(b"the plan")
    once(device)
    made = device.ok("link", "plan.pdf", "--max-downloads", "3", "--password-stdin", stdin="pw\n")
    assert made["url"].startswith(json.loads(cloud.connection_file.read_text())["api_url"])
    assert (made["downloads"], made["max_downloads"], made["has_password"]) == (0, 3, True)
    changed = device.ok("link", "plan.pdf", "--lifetime", "10m", "--password-stdin", stdin="\n")
    assert (changed["url"], changed["has_password"]) == (made["url"], False)
    assert changed["expires_at"] < made["expires_at"]
    assert device.ok("link", made["share_id"]) == changed
    listed = device.documents()["plan.pdf"]["link"]
    assert listed == {key: changed[key] for key in listed}

    ended = device.ok("link", "plan.pdf", "--revoke")
    assert (ended["url"], ended["expires_at"]) == (None, None)
    assert device.documents()["plan.pdf"]["link"] is None
    assert device.ok("link", "plan.pdf")["url"] != made["url"]


def test_revoke_all_ends_every_link_and_takes_documents_back_from_everybody(
    device: Device, other: tuple[Device, Person]
) -> None:
    recipient, grace = other
    for name in ("a", "b", "c"):
        (device.folder / name).write_bytes(name.encode())
    once(device)
    device.ok("link", "a")
    device.ok("share", "b", grace.email)
    share_id = device.ok("share", "c", grace.email)["document"]["share_id"]
    device.ok("link", "c")
    assert device.ok("revoke-all") == {"ok": True}
    assert [(d["link"], d["people"]) for d in device.documents().values()] == [(None, [])] * 3
    assert recipient.documents("--shared-with-me") == {}
    assert recipient.run("get", share_id).error == "not_found"
    assert (device.folder / "c").read_bytes() == b"c"


def test_a_second_pass_finds_nothing_to_do(device: Device) -> None:
    (device.folder / "a").write_bytes(b"a")
    once(device)
    counts = once(device)
    assert (counts["uploaded"], counts["unchanged"]) == (0, 1)


def test_many_small_files_are_published_and_nothing_is_worth_a_line_in_the_log(
    device: Device,
) -> None:
    """From 32 on processes of their own send them: what they are told has to fit into a pipe."""
    for n in range(80):
        (device.folder / f"{n}.txt").write_bytes(b"%d" % n)
    counts = once(device)
    assert (counts["uploaded"], counts["failed"]) == (80, 0)
    log = device.home / "state" / "log" / "mydoctransfer.log"
    assert not log.exists(), log.read_text()
    assert {d["sha256"] for d in device.documents().values()} == {
        sha256(b"%d" % n) for n in range(80)
    }


def test_a_folder_that_is_away_is_a_problem_for_whoever_asks_with_no_engine_running(
    device: Device,
) -> None:
    """F01: `status` looks whether the folder is there, and withdraws nothing."""
    (device.folder / "a").write_bytes(b"a")
    once(device)
    assert device.ok("status")["state"] == "idle"
    away = device.folder.rename(device.folder.with_name("away"))
    assert device.ok("status")["state"] == "problem"
    refused = device.run("sync", "--once", "--delete-grace", "0")
    assert (refused.code, refused.error) == (1, "folder_problem")
    device.folder.mkdir()
    assert device.ok("status")["state"] == "problem"
    device.folder.rmdir()
    away.rename(device.folder)
    assert device.ok("status")["state"] == "idle"
    assert list(device.documents()) == ["a"]


def test_a_huge_sparse_file_is_refused_by_its_size_unread(device: Device) -> None:
    """C05. Reading a terabyte would take longer than a test may."""
    huge = device.folder / "huge.img"
    with huge.open("wb") as out:
        out.write(b"x" * 4096)
        out.truncate(1 << 40)
    (device.folder / "small").write_bytes(b"small")
    refused = device.run("sync", "--once", "--delete-grace", "0")
    assert (refused.code, refused.error) == (1, "items_failed")
    items = {item["path"]: item for item in device.ok("status")["items"]}
    assert items["small"]["state"] == "synced"
    assert items["huge.img"]["state"] == "problem"
    assert "larger than your organisation allows" in items["huge.img"]["message"]
    assert huge.stat().st_blocks * 512 < 1 << 20
    huge.unlink()
    assert once(device)["failed"] == 0


def test_an_expired_document_is_refused_and_the_file_stays(
    device: Device, other: tuple[Device, Person]
) -> None:
    recipient, grace = other
    (device.folder / "brief").write_bytes(b"brief")
    once(device)
    share_id = device.ok("share", "brief", grace.email)["document"]["share_id"]
    assert recipient.ok("get", share_id)
    device.ok("extend", share_id, "1s")
    refused = wait_for(lambda: (ran := recipient.run("get", share_id)).code and ran)
    assert (refused.code, refused.error) == (5, "expired")
    assert once(device)["uploaded"] == 0
    assert (device.folder / "brief").read_bytes() == b"brief"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["share", "absent", "x@example.org"], 5, "not_found"),
        (["get", "0" * 32], 5, "not_found"),
        (["rename", "0" * 32, "x"], 5, "not_found"),
        (["audit"], 5, "forbidden"),
    ],
)
def test_a_refusal_ends_with_5(settled: Device, words: list[str], code: int, error: str) -> None:
    ran = settled.run(*words)
    assert (ran.code, ran.error) == (code, error)
    assert ran.stderr.count("\n") == 1


def test_an_administrator_reads_the_audit(tmp_path: Path, cloud: Cloud) -> None:
    admin = Device(tmp_path / "admin").sign_in(cloud, cloud.person(admin=True))
    (admin.folder / "a").write_bytes(b"a")
    once(admin)
    actions = [entry["action"] for entry in admin.ok("audit")["entries"]]
    assert "uploaded" in actions


def test_people_are_found(settled: Device, cloud: Cloud) -> None:
    found = cloud.person("Alan", "Turing")
    users = settled.ok("users", found.email.split("@")[0])["users"]
    assert {"email": found.email, "given_name": "Alan", "family_name": "Turing"} in users


def test_who_am_i(settled: Device) -> None:
    me = settled.ok("whoami")
    assert set(me) == {"email", "sub", "given_name", "family_name", "groups"}
    assert (me["given_name"], me["groups"]) == ("Ada", [])


# --- the session ---------------------------------------------------------------------------------


def test_wrong_words_and_unknown_people_get_the_same_refusal(
    tmp_path: Path, cloud: Cloud, person: Person
) -> None:
    device = Device(tmp_path / "one")
    device.ok("connect", str(cloud.connection_file))
    options = ("--password-stdin", "--store", "file")
    wrong = device.run("login", person.email, *options, stdin="wrong\n")
    unknown = device.run("login", "nobody@example.org", *options, stdin=f"{PASSWORD}\n")
    assert (wrong.code, wrong.error) == (unknown.code, unknown.error) == (5, "wrong_password")
    assert wrong.json == unknown.json
    assert not (device.home / "state" / "session.json").exists()


def test_without_a_session_it_ends_with_3_and_with_a_cloud_unknown_with_1(
    tmp_path: Path, cloud: Cloud
) -> None:
    device = Device(tmp_path / "one")
    assert device.run("whoami").error == "not_connected"
    assert device.run("status").code == device.run("ls").code == 0
    device.ok("connect", str(cloud.connection_file))
    ran = device.run("whoami")
    assert (ran.code, ran.error) == (3, "not_signed_in")


def test_logging_out_removes_the_session(device: Device) -> None:
    """M10: and touches no file."""
    (device.folder / "a.txt").write_bytes(b"a")
    once(device)
    before = (device.folder / "a.txt").stat()
    assert (device.home / "state" / "session.json").stat().st_mode & 0o777 == 0o600
    assert device.ok("logout") == {"ok": True}
    assert not (device.home / "state" / "session.json").exists()
    assert device.run("whoami").code == 3
    after = (device.folder / "a.txt").stat()
    assert (after.st_mtime_ns, after.st_ctime_ns) == (before.st_mtime_ns, before.st_ctime_ns)


def test_with_no_keyring_login_names_the_file(tmp_path: Path, cloud: Cloud, person: Person) -> None:
    environment = {n: v for n, v in os.environ.items() if n != "DBUS_SESSION_BUS_ADDRESS"}
    device = Device(tmp_path / "one", {**environment, "DBUS_SESSION_BUS_ADDRESS": "disabled:"})
    device.ok("connect", str(cloud.connection_file))
    ran = device.run("login", person.email, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (ran.code, ran.error) == (1, "no_keyring")
    assert "--store file" in ran.stderr
    assert device.run("whoami").code == 3


def test_t69_with_a_keyring_no_token_is_on_the_disk(
    tmp_path: Path, cloud: Cloud, person: Person, new_session: NewSession
) -> None:
    desktop = new_session(tray=False, notifications=False)
    devices = [Device(tmp_path / name, desktop.environment) for name in ("one", "two")]
    for device in devices:
        device.ok("connect", str(cloud.connection_file))
        device.ok("login", person.email, "--password-stdin", stdin=f"{PASSWORD}\n")
        assert device.ok("whoami")["email"] == person.email
    canaries = (b"eyJ", PASSWORD.encode())
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(canary in content for canary in canaries), file
    # Two homes are two installations: signing out of one leaves the other's entry alone.
    devices[0].ok("logout")
    assert devices[0].run("whoami").code == 3
    assert devices[1].ok("whoami")["email"] == person.email


# --- watching ------------------------------------------------------------------------------------


def test_the_watching_engine_streams_events_and_answers_commands(
    device: Device, cloud: Cloud, person: Person
) -> None:
    with device.watch() as watching:
        (device.folder / "a.txt").write_bytes(b"a")
        watching.wait_for("published", names=["a.txt"])
        assert device.documents()["a.txt"]["sha256"] == sha256(b"a")
        assert device.ok("status")["state"] in ("idle", "syncing")
        second = device.run("sync")
        assert (second.code, second.error) == (1, "already_running")
        connecting = device.run("connect", str(cloud.connection_file))
        assert (connecting.code, connecting.error) == (1, "already_running")
        device.ok("pause")
        assert device.ok("status")["state"] == "paused"
        device.ok("resume")
        assert once(device)["unchanged"] == 1
        device.ok("logout")
        assert device.run("whoami").code == 3
        memory = ("login", person.email, "--password-stdin", "--store", "memory")
        device.ok(*memory, stdin=f"{PASSWORD}\n")
        assert device.ok("whoami")["email"] == person.email
        assert watching.stop() == 0
    assert device.run("whoami").code == 3
    memory_again = device.run(*memory, stdin=f"{PASSWORD}\n")
    assert (memory_again.code, memory_again.error) == (1, "no_engine")


def test_a_killed_engine_leaves_a_home_that_works(device: Device) -> None:
    (device.folder / "a.txt").write_bytes(b"a")
    with device.watch() as watching:
        watching.stop(signal.SIGKILL)
    assert device.ok("status")["state"] in ("idle", "syncing")
    assert once(device)["failed"] == 0
    with device.watch() as watching:
        assert watching.stop(signal.SIGINT) == 0


def test_sync_ends_quietly_when_nobody_reads_any_more(device: Device) -> None:
    with subprocess.Popen(
        device.argv("sync"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=device.environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())
        process.stdout.close()
        (device.folder / "a.txt").write_bytes(b"a")
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


# Python would clear its modules, and die of signal 11 now and then: the pool's threads are daemons,
# in C code for the most.
_CLEARED = """
import os
import mydoctransfer.__main__

class Global:
    def __del__(self):
        os.write(1, b"Python cleared its modules")

held = Global()
mydoctransfer.__main__.main()
"""

# Python would wait for a library's thread: quitting took a minute while a store was silent (G18).
_AWAITED = """
import threading
from concurrent.futures import ThreadPoolExecutor
import mydoctransfer.__main__

ThreadPoolExecutor(1).submit(threading.Event().wait)
mydoctransfer.__main__.main()
"""


@pytest.mark.parametrize("program", [_CLEARED, _AWAITED], ids=["cleared", "awaited"])
def test_it_ends_before_python_does_what_it_does_at_an_end(tmp_path: Path, program: str) -> None:
    words = ("--json", "--home", str(tmp_path), "whoami")
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, timeout=60)
    assert json.loads(done.stdout)["error"]["code"] == "not_connected"
    assert done.returncode == 1


def test_a_pipe_that_is_closed_is_no_traceback(device: Device) -> None:
    shell = 'trap "" PIPE; "$@" | true; echo "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", shell, "bash", *device.argv("--help")],
        capture_output=True,
        env=device.environment,
    )
    assert b"Traceback" not in done.stderr


# --- offline -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def passing_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud of one's own, to stop it."""
    running = Cloud(tmp_path_factory.mktemp("passing-cloud"))
    running.start()
    yield running
    running.stop()


def test_g01_offline_what_is_known_is_told_and_the_rest_ends_with_4(
    tmp_path: Path, passing_cloud: Cloud
) -> None:
    device = Device(tmp_path / "one").sign_in(passing_cloud, passing_cloud.person())
    (device.folder / "a.txt").write_bytes(b"a")
    once(device)
    passing_cloud.stop()
    assert list(device.documents()) == ["a.txt"]
    assert device.ok("status")["items"][0]["state"] == "synced"
    for words in (["users", "a"], ["share", "a.txt", "x@example.org"], ["sync", "--once"]):
        ran = device.run(*words)
        assert (ran.code, ran.error) == (4, "offline"), (words, ran)
    assert device.run("logout", "--everywhere").code == 4
    passing_cloud.start()
    assert device.ok("whoami")
    assert once(device)["unchanged"] == 1


# --- speed ---------------------------------------------------------------------------------------

SLOW = ("boto3", "botocore", "pycognito", "PySide6", "keyring", "requests", "jwt", "cryptography")


@pytest.mark.parametrize(
    ("words", "slow"),
    [
        (["--help"], (*SLOW, "urllib3", "sqlite3")),
        (["status"], (*SLOW, "urllib3")),
        (["ls"], SLOW),
        (["whoami"], SLOW),
    ],
)
def test_what_is_slow_to_import_is_not_imported_for_a_look(
    settled: Device, words: list[str], slow: tuple[str, ...]
) -> None:
    program = (
        "import sys\nfrom mydoctransfer.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print(*(name for name in {slow!r} if name in sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "--home", str(settled.home), *words],
        capture_output=True,
        env=settled.environment,
        text=True,
    )
    assert ran.stderr.strip() == ""
