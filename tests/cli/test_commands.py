"""Design §6, command by command: what is typed, what the engine is told, what is printed."""

import errno
import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters import instance
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.model import commands as told
from mydoctransfer.model.commands import Answer, Command
from mydoctransfer.model.errors import AppError, NotSignedIn, Offline, Refused
from tests.cli.conftest import CommandLine

ID = "0123456789abcdef" * 2
ADA = {"email": "ada@example.org", "given_name": "Ada", "family_name": "Byron"}
DOCUMENT: Answer = {
    "share_id": ID,
    "path": "a/plan\udcff.pdf",
    "display_name": "plan.pdf",
    "size": 1536,
    "sha256": "ab" * 32,
    "version": 1,
    "state": "live",
    "uploaded_at": "2026-11-23T09:30:00.000Z",
    "expires_at": "2026-11-23T10:30:00.000Z",
    "owner": ADA,
    "people": [ADA],
    "link": None,
}
COUNTS = {
    "uploaded": 2,
    "renamed": 0,
    "withdrawn": 0,
    "unchanged": 1,
    "skipped": 0,
    "failed": 0,
    "held_deletes": 0,
}

LINK: Answer = {
    "url": "https://api/s/token",
    "share_id": ID,
    "expires_at": "2026-11-23T10:30:00.000Z",
    "downloads": 0,
    "max_downloads": None,
    "has_password": False,
}

# words, what the engine is told, what it answers, what a person reads
COMMANDS: list[tuple[list[str], Command, Answer, str]] = [
    (["logout"], told.SignOut(False), {"ok": True}, "Signed out."),
    (["logout", "--everywhere"], told.SignOut(True), {"ok": True}, "Signed out."),
    (
        ["whoami"],
        told.WhoAmI(),
        {**ADA, "sub": "s", "groups": ["admins"]},
        "ada@example.org (Ada Byron), in admins",
    ),
    (["sync", "--once"], told.SyncOnce(60), COUNTS, "Done: 2 uploaded, 1 unchanged."),
    (["sync", "--once", "--delete-grace", "0"], told.SyncOnce(0), COUNTS, "Done:"),
    (
        ["status"],
        told.GetStatus(),
        {
            "state": "problem",
            "folder": "/f",
            "queued": 1,
            "items": [{"path": "a\nb", "state": "busy", "message": "Still being written."}],
            "held_deletes": 3,
        },
        "busy   a\\nb  Still being written.",
    ),
    (["ls"], told.ListDocuments(False, False), {"documents": [DOCUMENT]}, "1.5 KiB"),
    (["ls"], told.ListDocuments(False, False), {"documents": []}, "No documents."),
    (["ls", "--shared-with-me"], told.ListDocuments(True, False), {"documents": []}, "No doc"),
    (["ls", "--all"], told.ListDocuments(False, True), {"documents": []}, "No documents."),
    (
        ["share", "a/b.txt", "x@example.org", "y@example.org"],
        told.Share("a/b.txt", ("x@example.org", "y@example.org")),
        {"document": DOCUMENT},
        "a/plan\\udcff.pdf is shared with ada@example.org.",
    ),
    (
        ["unshare", ID, "x@example.org"],
        told.Unshare(ID, ("x@example.org",)),
        {"document": {**DOCUMENT, "people": []}},
        "is shared with nobody.",
    ),
    (["users"], told.FindUsers(""), {"users": [ADA]}, "ada@example.org  Ada Byron"),
    (["users", "ad"], told.FindUsers("ad"), {"users": []}, "Nobody found."),
    (
        ["rename", f"./{ID}", "new\tname"],
        told.Rename(f"./{ID}", "new\tname"),
        {"document": DOCUMENT},
        "People see it as plan.pdf.",
    ),
    (["extend", "a", "7d"], told.Extend("a", 604_800), {"document": DOCUMENT}, "is there until"),
    (["link", "a"], told.ChangeLink("a"), LINK, "https://api/s/token\n(until "),
    (
        ["link", ID, "--max-downloads", "3", "--lifetime", "2h"],
        told.ChangeLink(ID, None, 3, 7200),
        {**LINK, "downloads": 1, "max_downloads": 3, "has_password": True},
        ", 1 of 3 downloads used, with a password)",
    ),
    (
        ["link", "a", "--revoke"],
        told.RevokeLink("a"),
        {**dict.fromkeys(LINK), "share_id": ID},
        "There is no link any more.",
    ),
    (["revoke-all"], told.RevokeAll(), {"ok": True}, "All your links have ended"),
    (["rm", "a"], told.Remove("a"), {"removed": ID}, "Your file was not touched."),
    (["send-again", "a"], told.SendAgain("a"), {"document": DOCUMENT}, "was sent again."),
    (["deletes", "--confirm"], told.AnswerDeletes(True), {"ok": True}, "are withdrawn."),
    (["deletes", "--keep"], told.AnswerDeletes(False), {"ok": True}, "stay in the cloud."),
    (
        ["get", ID],
        told.Get(ID, None),
        {"path": "/i/plan (2).pdf", "sha256": "ab" * 32, "share_id": ID},
        "Saved as /i/plan (2).pdf.",
    ),
    (["audit"], told.ReadAudit(""), {"entries": []}, "Nothing recorded."),
    (
        ["audit", "--query", "pl"],
        told.ReadAudit("pl"),
        {"entries": [{"at": "2026-11-23T10:30:00.000Z", "actor": ADA, "action": "renamed\x1b[2J"}]},
        "ada@example.org  renamed\\x1b[2J",
    ),
    (["pause"], told.Pause(), {"ok": True}, "Paused."),
    (["resume"], told.Resume(), {"ok": True}, "Going on."),
]
_NAMES = [" ".join(row[0]) for row in COMMANDS]


@pytest.mark.parametrize(("words", "command", "answer", "said"), COMMANDS, ids=_NAMES)
def test_a_command_is_told_to_the_engine_and_its_answer_printed(
    line: CommandLine, words: list[str], command: Command, answer: Answer, said: str
) -> None:
    line.engine.answers = [answer, answer]
    as_json = line.json(*words)
    assert (as_json.code, as_json.json, as_json.stderr) == (0, answer, "")
    assert as_json.stdout.isascii()
    in_words = line(*words)
    assert in_words.code == 0
    assert said in in_words.stdout
    assert line.engine.told == [command, command]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AppError("T", "It failed.", "deletes_held"), 1),
        (NotSignedIn(), 3),
        (Offline("No answer."), 4),
        (Refused("T", "Not these:\nx@example.org", "recipient_refused", ("x@example.org",)), 5),
    ],
)
def test_an_error_is_one_line_and_with_json_an_object_too(
    line: CommandLine, error: AppError, code: int
) -> None:
    line.engine.answers = [error, error]
    in_words, as_json = line("ls"), line.json("ls")
    assert in_words.code == as_json.code == code
    assert in_words.stdout == ""
    assert in_words.stderr == as_json.stderr
    assert in_words.stderr.startswith("mydoctransfer: ")
    assert in_words.stderr.count("\n") == 1
    shown = as_json.json["error"]
    assert (shown["code"], shown["message"]) == (error.code, error.message)
    assert shown.get("emails", []) == list(error.emails)


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["share", "a"],
        ["share"],
        ["status", "--json"],
        ["status", "extra"],
        ["login", "a@example.org"],
        ["login", "--password-stdin"],
        ["link", "a", "--revoke", "--max-downloads", "0"],
        ["link", "a", "--max-downloads", "-1"],
        ["link", "a", "--lifetime", "soon"],
        ["login", "a@example.org", "--password-stdin", "--store", "cloud"],
        ["deletes"],
        ["deletes", "--confirm", "--keep"],
        ["sync", "--delete-grace", "5"],
        ["sync", "--once", "--delete-grace", "-1"],
        ["sync", "--once", "--delete-grace", "1.5"],
        ["sync", "--onc"],
        ["extend", "a", "forever"],
        ["extend", "a", "0s"],
        ["extend", "a", "1w"],
        ["extend", "a", "-1h"],
        ["folder", "d", "--lifetime", "1"],
        ["folder", "d", "--share", "x@example.org"],
        ["local"],
        ["local", "up", "--port", "0"],
        ["local", "up", "--port", "65536"],
        ["local", "up", "--port", "http"],
        ["local", "add-user", "a@example.org", "--password-stdin"],
        ["link"],
        ["cloud", "deploy"],
        ["revoke-all", "now"],
        ["connect"],
        ["get"],
        ["--home", "", "status"],
    ],
)
def test_what_makes_no_sense_ends_with_2_and_tells_the_engine_nothing(
    line: CommandLine, words: list[str]
) -> None:
    in_words, as_json = line(*words), line.json(*words)
    assert in_words.code == as_json.code == 2
    assert in_words.stdout == ""
    assert in_words.stderr.count("\n") == 1
    assert set(as_json.json["error"]) == {"code", "message"}
    assert line.engine.told == []


def test_without_a_command_the_desktop_opens(line: CommandLine) -> None:
    assert line().code == 0
    assert line.engine.desktops == 1


def test_help_is_printed_and_names_every_command(line: CommandLine) -> None:
    with pytest.raises(SystemExit) as caught:
        line("--help")
    assert caught.value.code == 0


def test_a_surprise_is_one_line_too_and_its_trace_is_in_the_log(line: CommandLine) -> None:
    line.engine.answers = [{"documents": [{}]}]
    ran = line("ls")
    assert ran.code == 1
    assert ran.stderr.count("\n") == 1
    assert "KeyError" in ran.stderr
    assert "Traceback" in (line.place.logs / "mydoctransfer.log").read_text()


@pytest.mark.parametrize(
    "trouble",
    [
        ModuleNotFoundError("No module named 'keyring'"),
        ImportError("cannot import name 'Web' from 'mydoctransfer.adapters.web'"),
    ],
)
def test_an_environment_older_than_the_sources_says_what_brings_it_up_to_date(
    trouble: ImportError, line: CommandLine
) -> None:
    line.engine.answers = [trouble]
    ran = line.json("ls")
    assert (ran.code, ran.json["error"]["code"]) == (1, "not_installed")
    assert ran.stderr.count("\n") == 1
    assert str(trouble) in ran.stderr
    assert "`make run`" in ran.stderr


@pytest.mark.parametrize(
    ("number", "code", "remedy"),
    [
        (errno.ENOSPC, "disk_full", "Make room"),
        (errno.EDQUOT, "disk_full", "Make room"),
        (errno.EROFS, "not_writable", "--home"),
        (errno.EACCES, "not_writable", "--home"),
    ],
)
def test_a_system_that_refuses_is_said_with_what_to_do(
    number: int, code: str, remedy: str, line: CommandLine
) -> None:
    """J05. No trace, no log: both would need the disk that is full."""
    line.engine.answers = [OSError(number, os.strerror(number))]
    ran = line.json("ls")
    assert (ran.code, ran.json["error"]["code"]) == (1, code)
    assert remedy in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert not (line.place.logs / "mydoctransfer.log").exists()


def test_get_resolves_its_directory_against_the_current_one(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = {"path": "/x", "sha256": "", "share_id": ID}
    line.engine.answers = [answer, answer]
    line("get", ID, "-o", "here")
    line("get", ID, "-o", "/there")
    assert line.engine.told == [told.Get(ID, str(tmp_path / "here")), told.Get(ID, "/there")]


def test_a_name_that_is_no_utf_8_reaches_the_engine_as_it_is(line: CommandLine) -> None:
    name = os.fsdecode(b"caf\xe9\n")
    line.engine.answers = [{"removed": ID}]
    line("rm", name)
    assert line.engine.told == [told.Remove(name)]


# --- connect -------------------------------------------------------------------------------------

CLOUD = Connection("https://api.example.org/p", "eu-south-1", "eu-south-1_Ab1", "client", None, "X")


@pytest.fixture
def connection_file(tmp_path: Path) -> Path:
    file = tmp_path / "connection.json"
    file.write_text(json.dumps({n: getattr(CLOUD, n) for n in CLOUD.__dataclass_fields__}))
    return file


def test_connect_remembers_the_cloud_and_keeps_the_rest(
    line: CommandLine, connection_file: Path
) -> None:
    before, _ = line.place.load()
    line.place.save(replace(before, folder="/f"))
    assert line.json("connect", str(connection_file)).json == {"ok": True}
    assert line.place.load()[0] == replace(before, folder="/f", connection=CLOUD)


@pytest.mark.parametrize("content", [None, "", "{}", '{"api_url": "http://example.org"}'])
def test_a_wrong_connection_file_changes_nothing(
    line: CommandLine, connection_file: Path, content: str | None
) -> None:
    assert line("connect", str(connection_file)).code == 0
    if content is None:
        connection_file.unlink()
    else:
        connection_file.write_text(content)
    ran = line.json("connect", str(connection_file))
    assert ran.code == 1
    assert ran.json["error"]["code"] in ("connection_invalid", "connection_unreadable")
    assert line.place.load()[0].connection == CLOUD


def test_connect_is_refused_while_an_engine_runs(line: CommandLine, connection_file: Path) -> None:
    with instance.held(line.place.lock):
        ran = line.json("connect", str(connection_file))
    assert (ran.code, ran.json["error"]["code"]) == (1, "already_running")
    assert line.place.load()[0].connection is None


def test_m05_a_broken_configuration_is_warned_of_once(
    line: CommandLine, connection_file: Path
) -> None:
    line.place.config_file.write_text("folder = ")
    line.engine.answers = [{"documents": []}, {"documents": []}]
    ran = line.json("ls")
    assert (ran.code, ran.json) == (0, {"documents": []})
    assert "warning" in ran.stderr
    assert line("ls").stderr == ""


# --- login ---------------------------------------------------------------------------------------

LOGIN = ["login", "a@example.org", "--password-stdin"]
NEW_PASSWORD = Refused("T", "Choose one.", "new_password_required")
CODE = Refused("T", "Enter it.", "code_required")


@pytest.mark.parametrize(
    ("stdin", "password"),
    [
        (b"secret\n", "secret"),
        (b"secret", "secret"),
        (b"secret\n\n", "secret"),
        (b" se cret \n", " se cret "),
        (b"secret\r\n", "secret"),
        (b"\n", ""),
        ("pässwörd\n".encode(), "pässwörd"),
    ],
)
def test_exactly_one_newline_of_a_password_is_removed(
    line: CommandLine, stdin: bytes, password: str
) -> None:
    assert line.json(*LOGIN, stdin=stdin).json == {"ok": True}
    assert line.engine.told == [told.SignIn("a@example.org", password, "keyring")]


@pytest.mark.parametrize(("stdin", "password"), [(b"secret word\n", "secret word"), (b"\n", "")])
def test_a_links_password_is_read_from_stdin_and_an_empty_one_takes_it_away(
    line: CommandLine, stdin: bytes, password: str
) -> None:
    line.engine.answers = [LINK]
    assert line.json("link", "a", "--password-stdin", stdin=stdin).json == LINK
    assert line.engine.told == [told.ChangeLink("a", password)]


@pytest.mark.parametrize("stdin", [b"", b"\xff\n"])
def test_no_password_is_no_sign_in(line: CommandLine, stdin: bytes) -> None:
    assert line(*LOGIN, stdin=stdin).code == 1
    assert line.engine.told == []


def test_a_new_password_and_a_code_are_further_lines_used_as_they_are_asked_for(
    line: CommandLine,
) -> None:
    line.engine.answers = [NEW_PASSWORD, CODE]
    ran = line(*LOGIN, "--new-password-stdin", "--code-stdin", stdin=b"old\nnew \n 123456\n")
    assert ran.code == 0
    first = told.SignIn("a@example.org", "old", "keyring")
    assert line.engine.told == [
        first,
        replace(first, new_password="new "),
        replace(first, new_password="new ", code="123456"),
    ]


def test_a_line_that_is_not_needed_is_passed_over(line: CommandLine) -> None:
    line.engine.answers = [CODE]
    ran = line(*LOGIN, "--new-password-stdin", "--code-stdin", stdin=b"old\nunneeded\n123456\n")
    assert ran.code == 0
    assert line.engine.told[1] == told.SignIn("a@example.org", "old", "keyring", None, "123456")


@pytest.mark.parametrize(
    ("refused", "remedy"), [(NEW_PASSWORD, "--new-password-stdin"), (CODE, "--code-stdin")]
)
def test_a_challenge_nobody_answers_names_the_option(
    line: CommandLine, refused: AppError, remedy: str
) -> None:
    line.engine.answers = [Refused("T", refused.message, refused.code)]
    ran = line.json(*LOGIN, stdin=b"old\n")
    assert (ran.code, ran.json["error"]["code"]) == (5, refused.code)
    assert remedy in ran.json["error"]["message"]


def test_a_challenge_that_comes_again_and_again_ends(line: CommandLine) -> None:
    line.engine.answers = [CODE, Refused("T", "Enter it.", "code_required"), CODE, CODE, CODE]
    ran = line(*LOGIN, "--code-stdin", stdin=b"old\n123456\n")
    assert ran.code == 5


def test_a_session_in_a_file_is_warned_of(line: CommandLine) -> None:
    ran = line.json(*LOGIN, "--store", "file", stdin=b"p\n")
    assert ran.json == {"ok": True}
    assert "warning" in ran.stderr
    assert line.engine.told == [told.SignIn("a@example.org", "p", "file")]


def test_a_session_in_memory_needs_a_running_engine(line: CommandLine) -> None:
    ran = line.json(*LOGIN, "--store", "memory", stdin=b"p\n")
    assert (ran.code, ran.json["error"]["code"]) == (1, "no_engine")
    with instance.held(line.place.lock):
        assert line(*LOGIN, "--store", "memory", stdin=b"p\n").code == 0
    assert line.engine.told == [told.SignIn("a@example.org", "p", "memory")]


# --- folder --------------------------------------------------------------------------------------


def test_a_folder_is_chosen_absolute(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert line.json("folder", "docs", "--lifetime", "2h").json == {"ok": True}
    assert line.engine.told == [told.ChooseFolder(str(tmp_path / "docs"), 7200)]


@pytest.fixture
def watched(line: CommandLine, tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "in" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to("docs")
    line.place.save(replace(line.place.load()[0], folder=str(folder)))
    return folder


@pytest.mark.parametrize("directory", ["docs/in/deep", "docs/./in//deep/", "link/in/deep"])
def test_a_folder_inside_the_watched_one_gets_a_rule(
    line: CommandLine,
    watched: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    directory: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    line("folder", directory, "--lifetime", "1h", "--share", "x@a.org", "y@a.org")
    assert line.engine.told == [told.SetFolderRule("in/deep", 3600, ("x@a.org", "y@a.org"))]


def test_the_watched_folder_itself_and_its_neighbours_are_chosen(
    line: CommandLine, watched: Path
) -> None:
    for folder in (watched, watched.parent, Path(f"{watched}-too")):
        line("folder", str(folder))
        assert line.engine.told[-1] == told.ChooseFolder(str(folder), None)
        assert line("folder", str(folder), "--share", "x@a.org").code == 2


# --- the local cloud -----------------------------------------------------------------------------


class FakeReady:
    connection = Path("/data/connection.json")
    api_url = "http://127.0.0.1:1/api"


def test_local_up_says_when_it_is_ready(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[Any, ...]] = []

    def up(data_dir: Path, port: int | None, ready: Any, stop: threading.Event) -> None:
        asked.append((data_dir, port))
        ready(FakeReady)

    monkeypatch.setattr("mydoctransfer_cloud.localcloud.up", up)
    monkeypatch.chdir(tmp_path)
    ran = line.json("local", "up")
    assert ran.json == {
        "ready": True,
        "connection": "/data/connection.json",
        "api_url": "http://127.0.0.1:1/api",
    }
    assert (
        "connect /data/connection.json"
        in line("local", "up", "--data-dir", "d", "--port", "4567").stdout
    )
    assert asked == [(line.place.cloud, None), (tmp_path / "d", 4567)]


def test_without_the_local_extra_a_sentence_says_what_to_install(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mydoctransfer_cloud.localcloud", None)
    ran = line.json("local", "up")
    assert (ran.code, ran.json["error"]["code"]) == (1, "local_extra_missing")
    assert "mydoctransfer[local]" in ran.json["error"]["message"]


def test_a_local_cloud_that_is_not_there_is_said(line: CommandLine, tmp_path: Path) -> None:
    ran = line.json(
        *("local", "add-user", "a@example.org", "--given-name", "A", "--family-name", "B"),
        *("--password-stdin", "--data-dir", str(tmp_path / "none")),
        stdin=b"long enough\n",
    )
    assert ran.code == 1
    assert ran.json["error"]["code"] == "local_cloud_failed"
