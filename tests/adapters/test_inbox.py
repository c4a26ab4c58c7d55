"""Downloads: from a server that misbehaves, onto a disk that does too."""

import errno
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mydoctransfer.adapters import _arrival
from mydoctransfer.adapters.cloud import HttpCloud
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.inbox import InboxFolder
from mydoctransfer.adapters.objects import S3Objects
from mydoctransfer.adapters.web import Deadlines, Web
from mydoctransfer.engine.ports import (
    Answers,
    Arrived,
    Completion,
    DownloadLink,
    Failure,
    FailureKind,
    Registered,
    Registration,
    SmallPut,
    UploadRequest,
)
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.trees import Document, OpId, RelPath, ShareId, Stat
from tests.support.cloud import Cloud, Person
from tests.support.loopback import Answer, Loopback, Never, Request

ID = ShareId("0" * 32)
CONTENT = b"0123456789" * 1000
WEB = Web(Deadlines(connect=5, read=1, total=5))


def serving(content: bytes = CONTENT, **headers: str) -> Callable[[Request], Answer]:
    """Answer like a store: whole, or from where a Range begins."""

    def answering(request: Request) -> Answer:
        said = {"ETag": '"v1"', **headers}
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        if wanted and request.headers.get("if-range") == said["ETag"]:
            start = int(wanted[1])
            said["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            return Answer(206, content[start:], "application/octet-stream", said)
        return Answer(200, content, "application/octet-stream", said)

    return answering


def link(server: Loopback, name: str = "a.txt", content: bytes = CONTENT) -> DownloadLink:
    sha256 = hashlib.sha256(content).hexdigest()
    url = f"{server.url}/b/k?X-Amz-Signature=canary"
    return DownloadLink(url, name, len(content), sha256, 1)


@pytest.fixture
def inbox(tmp_path: Path) -> InboxFolder:
    place = tmp_path / "inbox"
    place.mkdir()
    return InboxFolder(lambda: place, WEB)


def names(tmp_path: Path) -> set[str]:
    return set(os.listdir(tmp_path / "inbox"))


def kind_of(outcome: object) -> FailureKind:
    assert isinstance(outcome, Failure)
    assert outcome.message
    return outcome.kind


# --- cancelling ----------------------------------------------------------------------------------

LONG = os.urandom(3_000_000)
OTHER_ID = ShareId("e" * 32)


def test_a_cancelled_download_ends_and_leaves_nothing(tmp_path: Path, inbox: InboxFolder) -> None:
    place = tmp_path / "inbox"
    seen: set[str] = set()

    def cancel(share_id: ShareId, came: int, total: int) -> None:
        seen.update(name.rpartition(".")[2] for name in names(tmp_path))
        assert 0 < came < total == len(LONG)
        ending.cancel(share_id)

    ending = InboxFolder(lambda: place, WEB, tell=cancel)
    with Loopback(serving(LONG)) as server:
        outcome = ending.fetch(link(server, content=LONG), None, ID)
        assert isinstance(outcome, Failure)
        assert (outcome.kind, outcome.code) == (FailureKind.REFUSED, "cancelled")
        assert seen == {"part"}  # some of it was there
        assert names(tmp_path) == set()
        # What was cancelled can be fetched again.
        inbox.cancel(ID)
        inbox.allow(ID)
        assert isinstance(inbox.fetch(link(server, content=LONG), None, ID), str)


def test_what_is_on_its_way_goes_when_the_program_does(tmp_path: Path) -> None:
    """J02."""
    left: list[set[str]] = []

    def end(share_id: ShareId, came: int, total: int) -> None:
        assert names(tmp_path)
        ending.close()
        left.append(names(tmp_path))

    ending = InboxFolder(lambda: tmp_path / "inbox", WEB, tell=end)
    (tmp_path / "inbox").mkdir()
    with Loopback(serving(LONG)) as server:
        assert isinstance(ending.fetch(link(server, content=LONG), None, ID), Failure)
        assert isinstance(ending.fetch(link(server, content=LONG), None, OTHER_ID), Failure)
        assert left == [set()]
        assert names(tmp_path) == set()


def test_what_is_cancelled_before_its_turn_comes_is_not_fetched(
    tmp_path: Path, inbox: InboxFolder
) -> None:
    inbox.cancel(ID)
    with Loopback(serving(LONG)) as server:
        outcome = inbox.fetch(link(server, content=LONG), None, ID)
    assert isinstance(outcome, Failure)
    assert outcome.code == "cancelled"
    assert names(tmp_path) == set()


def test_a_cancel_of_another_document_ends_nothing(tmp_path: Path) -> None:
    place = tmp_path / "inbox"
    place.mkdir()
    other = InboxFolder(lambda: place, WEB, tell=lambda *_: other.cancel(OTHER_ID))
    with Loopback(serving(LONG)) as server:
        assert isinstance(other.fetch(link(server, content=LONG), None, ID), str)


def test_how_far_it_has_come_is_told_now_and_then(tmp_path: Path) -> None:
    place, told = tmp_path / "inbox", []
    place.mkdir()
    telling = InboxFolder(lambda: place, WEB, tell=lambda *came: told.append(came))
    with Loopback(serving(LONG)) as server:
        telling.fetch(link(server, content=LONG), None, ID)
    assert 2 < len(told) <= 100
    assert told == sorted(told)
    assert {(share_id, total) for share_id, _, total in told} == {(ID, len(LONG))}


# --- landing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, os.urandom(3_000_000)])
def test_a_document_lands_byte_for_byte(tmp_path: Path, inbox: InboxFolder, content: bytes) -> None:
    """C01, O06, T64, E09: the link carries no time of the sender's; the file has that of now."""
    (tmp_path / "clock").touch()
    began = os.stat(tmp_path / "clock").st_mtime
    (tmp_path / "clock").unlink()
    with Loopback(serving(content)) as server:
        landed = inbox.fetch(link(server, content=content), None, ID)
    assert os.stat(landed).st_mtime >= began
    assert landed == str(tmp_path / "inbox" / "a.txt")
    assert Path(landed).read_bytes() == content
    assert os.stat(landed).st_mode & 0o177 == 0
    assert names(tmp_path) == {"a.txt"}


def test_a_landed_file_says_where_it_came_from_and_no_secret(
    tmp_path: Path, inbox: InboxFolder
) -> None:
    """O06, T40, invariant I24."""
    with Loopback(serving()) as server:
        landed = inbox.fetch(link(server), None, ID)
        assert isinstance(landed, str)
        try:
            mark = os.getxattr(landed, "user.xdg.origin.url")
        except OSError as exc:
            assert exc.errno in (errno.ENOTSUP, errno.ENODATA)  # this file system keeps none
        else:
            assert mark == b"http://localhost/"


def test_a_taken_name_gets_a_number(tmp_path: Path, inbox: InboxFolder) -> None:
    """O01."""
    (tmp_path / "inbox/a.txt").write_text("mine")
    (tmp_path / "inbox/a (2).txt").mkdir()
    with Loopback(serving()) as server:
        assert inbox.fetch(link(server), None, ID) == str(tmp_path / "inbox/a (3).txt")
    assert (tmp_path / "inbox/a.txt").read_text() == "mine"


def test_the_same_content_under_that_name_is_adopted(tmp_path: Path, inbox: InboxFolder) -> None:
    """O02. Also as the second of that name; nothing is downloaded."""
    with Loopback(serving()) as server:
        first = inbox.fetch(link(server), None, ID)
        assert inbox.fetch(link(server), None, ID) == first
        (tmp_path / "inbox/a.txt").write_bytes(CONTENT[::-1])
        second = inbox.fetch(link(server), None, ID)
        assert second == str(tmp_path / "inbox/a (2).txt")
        assert inbox.fetch(link(server), None, ID) == second
        assert len(server.requests) == 2


def test_a_link_of_that_name_is_neither_followed_nor_adopted(
    tmp_path: Path, inbox: InboxFolder
) -> None:
    """T64."""
    (tmp_path / "elsewhere").write_bytes(CONTENT)
    os.symlink(tmp_path / "elsewhere", tmp_path / "inbox/a.txt")
    with Loopback(serving()) as server:
        assert inbox.fetch(link(server), None, ID) == str(tmp_path / "inbox/a (2).txt")
    assert (tmp_path / "inbox/a.txt").is_symlink()


@given(name=st.text(st.characters(exclude_categories=()), max_size=300))
@settings(max_examples=60)
def test_no_name_leads_out_of_the_inbox(tmp_path: Path, inbox: InboxFolder, name: str) -> None:
    """T58, D10, D12, invariant I20."""
    with Loopback(serving(b"x")) as server:
        landed = inbox.fetch(link(server, name, b"x"), None, ID)
    assert isinstance(landed, str)
    assert os.path.dirname(os.path.realpath(landed)) == str(tmp_path / "inbox")
    assert os.listdir(tmp_path) == ["inbox"]


@pytest.mark.parametrize("place", ["there", "not/yet"])
def test_a_directory_that_was_named_is_used_and_made(
    place: str, tmp_path: Path, inbox: InboxFolder
) -> None:
    (tmp_path / "there").mkdir()
    with Loopback(serving()) as server:
        landed = inbox.fetch(link(server), str(tmp_path / place), ID)
    assert landed == str(tmp_path / place / "a.txt")
    assert names(tmp_path) == set()


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_is_no_directory_to_land_in(place: str, tmp_path: Path, inbox: InboxFolder) -> None:
    (tmp_path / "file").write_text("mine")
    with Loopback(serving()) as server:
        outcome = inbox.fetch(link(server), str(tmp_path / place), ID)
    assert kind_of(outcome) is FailureKind.MISSING
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("place", ["watched", "watched/sub", "alias/new"])
def test_nothing_lands_in_the_watched_folder(place: str, tmp_path: Path) -> None:
    """R1: it would be sent again, as somebody else's."""
    (tmp_path / "watched/sub").mkdir(parents=True)
    (tmp_path / "alias").symlink_to(tmp_path / "watched")
    careful = InboxFolder(lambda: tmp_path, WEB, watched=lambda: str(tmp_path / "watched"))
    with Loopback(serving()) as server:
        outcome = careful.fetch(link(server), str(tmp_path / place), ID)
        assert isinstance(outcome, Failure)
        assert outcome.code == "watched_directory"
        assert server.requests == []
    assert sorted(os.listdir(tmp_path / "watched")) == ["sub"]


# --- the line ------------------------------------------------------------------------------------


def test_a_broken_line_is_taken_up_where_it_broke(tmp_path: Path, inbox: InboxFolder) -> None:
    """G14. No byte is asked for twice, and the hash is over the whole."""
    whole = serving()

    def answering(request: Request) -> Answer:
        found = whole(request)
        return Answer(found.status, found.body, found.kind, found.headers, cut=3000)

    with Loopback(answering) as server:
        landed = inbox.fetch(link(server), None, ID)
        assert isinstance(landed, str)
        assert Path(landed).read_bytes() == CONTENT
        asked = [r.headers.get("range") for r in server.requests]
        assert asked == [None, "bytes=3000-", "bytes=6000-", "bytes=9000-"]


def test_a_new_version_in_the_middle_begins_again(tmp_path: Path, inbox: InboxFolder) -> None:
    """O09. Never a mixture of two."""
    other = CONTENT[::-1]
    answers = iter([Answer(200, other, "x/y", {"ETag": '"v0"'}, cut=500)])

    def answering(request: Request) -> Answer:
        return next(answers, None) or serving()(request)

    with Loopback(answering) as server:
        landed = inbox.fetch(link(server), None, ID)
        assert isinstance(landed, str)
        assert Path(landed).read_bytes() == CONTENT
        assert server.requests[1].headers["if-range"] == '"v0"'


def test_a_line_that_breaks_for_ever_is_offline(tmp_path: Path, inbox: InboxFolder) -> None:
    """G14, D08."""
    with Loopback(lambda _: Answer(200, CONTENT, "x/y", {"ETag": '"v1"'}, cut=0)) as server:
        assert kind_of(inbox.fetch(link(server), None, ID)) is FailureKind.OFFLINE
        assert len(server.requests) <= 5
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(200, b"<html>sign in</html>", "text/html"), FailureKind.OFFLINE),
        (Answer(200, b"x" * 9999, "application/octet-stream"), FailureKind.OFFLINE),
        (Answer(200, b"<html>".ljust(len(CONTENT)), "text/html"), FailureKind.CORRUPT),
        (Answer(200, CONTENT[::-1], "application/octet-stream"), FailureKind.CORRUPT),
        (Answer(302, b"", "text/html", {"Location": "http://portal/"}), FailureKind.OFFLINE),
        (Answer(511, b"<html>", "text/html"), FailureKind.OFFLINE),
        (Answer(403, b"<html>blocked</html>", "text/html"), FailureKind.OFFLINE),
        (Answer(403, b"<Error/>", "application/xml"), FailureKind.BUSY),
        (Answer(404, b"<Error/>", "application/xml"), FailureKind.REFUSED),
        (Answer(503, b"<Error/>", "application/xml"), FailureKind.BUSY),
        (Answer(206, CONTENT[5:], "x/y", {"Content-Range": "bytes 5-9999/10000"}),
         FailureKind.OFFLINE),
    ],
)  # fmt: skip
def test_what_is_not_the_document_leaves_nothing_behind(
    tmp_path: Path, inbox: InboxFolder, answer: Answer, kind: FailureKind
) -> None:
    """G09, G10, H18, O10."""
    with Loopback(lambda _: answer) as server:
        assert kind_of(inbox.fetch(link(server), None, ID)) is kind
    assert names(tmp_path) == set()


@pytest.mark.parametrize("status", [403, 503])
def test_a_download_that_did_not_come_about_is_for_the_person_to_try_again(
    inbox: InboxFolder, status: int
) -> None:
    """G05: nothing repeats what was asked for once."""
    with Loopback(lambda _: Answer(status, b"<Error/>", "application/xml")) as server:
        failure = inbox.fetch(link(server), None, ID)
    assert isinstance(failure, Failure)
    assert "Try again" in failure.message


def test_a_server_that_never_answers_is_offline(tmp_path: Path, inbox: InboxFolder) -> None:
    """G18."""
    with Loopback(lambda _: Never()) as server:
        assert kind_of(inbox.fetch(link(server), None, ID)) is FailureKind.OFFLINE
    assert names(tmp_path) == set()


# --- the disk ------------------------------------------------------------------------------------


def test_too_little_room_is_said_before_anything_is_asked_for(tmp_path: Path) -> None:
    """O08."""
    place = tmp_path / "inbox"
    place.mkdir()
    full = InboxFolder(lambda: place, WEB, lambda _: 20_000_000)
    with Loopback(serving()) as server:
        large = DownloadLink(server.url, "a.iso", 50_000_000_000, "0" * 64, 1)
        outcome = full.fetch(large, None, ID)
        assert kind_of(outcome) is FailureKind.NO_SPACE
        assert isinstance(outcome, Failure)
        assert "50.0 GB" in outcome.message
        assert "20.0 MB" in outcome.message
        assert server.requests == []


@pytest.mark.parametrize("call", ["write", "fsync", "open", "_rename_noreplace"])
def test_a_full_disk_at_any_step_leaves_nothing(
    tmp_path: Path, inbox: InboxFolder, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """J06."""
    target = _arrival if call.startswith("_") else _arrival.os
    real = getattr(target, call)

    def full(*args: object, **options: object) -> object:
        if call == "open" and not (isinstance(args[0], str) and args[0].endswith(".part")):
            return real(*args, **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    with Loopback(serving()) as server:
        with monkeypatch.context() as patched:
            patched.setattr(target, call, full)
            assert kind_of(inbox.fetch(link(server), None, ID)) is FailureKind.NO_SPACE
        assert names(tmp_path) == set()
        assert isinstance(inbox.fetch(link(server), None, ID), str)


def test_an_inbox_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """D08."""

    def prepare() -> Path:
        raise AppError("No place to work", "It cannot be made.", "home_unusable")

    with Loopback(serving()) as server:
        outcome = InboxFolder(prepare, WEB).fetch(link(server), None, ID)
        assert kind_of(outcome) is FailureKind.UNREADABLE
        InboxFolder(prepare, WEB).sweep()


def test_a_name_taken_while_the_bytes_came_is_not_replaced(
    tmp_path: Path, inbox: InboxFolder
) -> None:
    """J17."""
    whole = serving()

    def answering(request: Request) -> Answer:
        (tmp_path / "inbox/a.txt").write_text("faster")
        return whole(request)

    with Loopback(answering) as server:
        assert inbox.fetch(link(server), None, ID) == str(tmp_path / "inbox/a (2).txt")
    assert (tmp_path / "inbox/a.txt").read_text() == "faster"


@pytest.mark.parametrize("ways", [2, 1])
def test_where_the_best_rename_is_missing_another_one_does_not_replace_either(
    tmp_path: Path, inbox: InboxFolder, monkeypatch: pytest.MonkeyPatch, ways: int
) -> None:
    """J17. vfat knows no links, older kernels no renameat2."""

    def unsupported(*_: object) -> None:
        raise OSError(errno.EINVAL, "not here")

    monkeypatch.setattr(_arrival, "_rename_noreplace", unsupported)
    if ways == 1:
        monkeypatch.setattr(_arrival, "_rename_by_link", unsupported)
    (tmp_path / "inbox/a.txt").write_text("mine")
    with Loopback(serving()) as server:
        landed = inbox.fetch(link(server), None, ID)
    assert landed == str(tmp_path / "inbox/a (2).txt")
    assert Path(landed).read_bytes() == CONTENT
    assert names(tmp_path) == {"a.txt", "a (2).txt"}


def test_a_half_file_that_somebody_removed_is_fetched_again(
    tmp_path: Path, inbox: InboxFolder
) -> None:
    """O05."""
    whole, removed = serving(), []

    def answering(request: Request) -> Answer:
        if not removed:
            removed.extend((tmp_path / "inbox").glob(".mydoctransfer-*"))
            removed[0].unlink()
        return whole(request)

    with Loopback(answering) as server:
        landed = inbox.fetch(link(server), None, ID)
    assert isinstance(landed, str)
    assert Path(landed).read_bytes() == CONTENT
    assert names(tmp_path) == {"a.txt"}


def test_the_dead_are_swept_and_the_living_are_not(tmp_path: Path, inbox: InboxFolder) -> None:
    """J02, D16."""
    place = tmp_path / "inbox"
    dead = place / f".mydoctransfer-{'0' * 32}.part"
    dead.write_text("half")
    (place / ".mydoctransfer-x.part").write_text("somebody's own")
    into = os.open(place, os.O_RDONLY)
    with _arrival.Arrival(into) as alive:
        inbox.sweep()
        assert names(tmp_path) == {".mydoctransfer-x.part", alive.name}
    os.close(into)
    assert names(tmp_path) == {".mydoctransfer-x.part"}


def test_a_kill_in_the_middle_leaves_a_half_file_that_the_next_start_removes(
    tmp_path: Path, inbox: InboxFolder
) -> None:
    """J02."""
    code = (
        "import os, sys\n"
        "from mydoctransfer.adapters._arrival import Arrival\n"
        "a = Arrival(os.open(sys.argv[1], os.O_RDONLY))\n"
        "a.write(b'half')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "inbox")], check=False)
    assert len(names(tmp_path)) == 1
    inbox.sweep()
    assert names(tmp_path) == set()


# --- the real cloud ------------------------------------------------------------------------------


def test_what_was_published_comes_back(
    cloud: Cloud, person: Person, tmp_path: Path, inbox: InboxFolder
) -> None:
    """From the folder through the real local cloud into the inbox."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "f").write_bytes(CONTENT)
    api = HttpCloud(cloud.api_url, lambda _: person.token, "host", Web())
    disk = FolderDisk(str(folder))
    objects = S3Objects(cloud.endpoint, disk.open_file, api.clock_offset_ms)
    sha256, expects = hashlib.sha256(CONTENT).hexdigest(), disk.stat(RelPath("f"))
    assert isinstance(expects, Stat)
    wanted = UploadRequest(
        OpId(os.urandom(16).hex()), RelPath("f"), "r\u00e9sum\u00e9.txt", len(CONTENT), sha256,
        None, None, None, (),
    )  # fmt: skip
    registration = api.register([wanted], None)
    assert isinstance(registration, Registration)
    (registered,) = registration.results
    assert isinstance(registered, Registered)
    assert registration.grant is not None
    put = SmallPut(RelPath("f"), expects, sha256, registered.key)
    (sent,) = objects.put_many(registration.grant, [put])
    assert isinstance(sent, Arrived)
    completed = api.complete([Completion(registered.upload_id, len(CONTENT), sha256)])
    assert isinstance(completed, Answers)
    (document,) = completed.results
    assert isinstance(document, Document)
    found = api.link(document.share_id)
    assert isinstance(found, DownloadLink)
    landed = inbox.fetch(found, None, document.share_id)
    assert landed == str(tmp_path / "inbox" / "r\u00e9sum\u00e9.txt")
    assert Path(landed).read_bytes() == CONTENT
    objects.close()
