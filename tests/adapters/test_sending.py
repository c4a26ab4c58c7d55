"""The processes that send small files, and the line they use, against a store that misbehaves."""

import contextlib
import hashlib
import itertools
import multiprocessing
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from mydoctransfer.adapters import line, objects
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.objects import S3Objects, growth, workers
from mydoctransfer.adapters.objects import sending as process
from mydoctransfer.adapters.objects.growth import AT_FIRST, AT_MOST, Growth
from mydoctransfer.adapters.objects.lean import BadAnswer, Line, Place, request_head
from mydoctransfer.adapters.objects.plane import LIGHT, MANY
from mydoctransfer.adapters.objects.sending import Batch, Sender, Setup
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.adapters.web import Deadlines, Web
from mydoctransfer.building import Opening
from mydoctransfer.engine.ports import Arrived, Failure, FailureKind, Grant, SmallPut
from mydoctransfer.model.trees import RelPath, Stat
from tests.support.loopback import Answer, Drip, Loopback, Never, Request, authority
from tests.support.waiting import wait_for

GRANT = Grant("g", "bucket", "eu-west-1", "incoming/s/g/", "AKID", "s3cr3t-canary", "tok-canary", 0)
GOOD = Answer(200, b"", "application/xml", {"ETag": '"e"', "x-amz-version-id": "v7"})
ARRIVED = Arrived("v7")
QUICK = Deadlines(connect=5, read=1, total=5)


class Sending:
    """A folder of many small files, and the adapter that sends them to a server."""

    def __init__(self, folder: Path, url: str, pace: Pace | None = None) -> None:
        self.folder = folder
        self._disk = FolderDisk(str(folder))
        self.objects = S3Objects(url, self._disk.open_file, lambda: 0, Web(QUICK), pace)

    def files(self, count: int = MANY, size: int = 20) -> list[SmallPut]:
        puts = []
        for number in range(count):
            content = f"{number:05d}".encode().ljust(size, b".")
            (self.folder / f"f{number}").write_bytes(content)
            expects = self._disk.stat(RelPath(f"f{number}"))
            assert isinstance(expects, Stat)
            sha256 = hashlib.sha256(content).hexdigest()
            puts.append(SmallPut(RelPath(f"f{number}"), expects, sha256, f"incoming/s/g/{number}"))
        return puts


def kind_of(outcome: Arrived | Failure) -> FailureKind | None:
    return outcome.kind if isinstance(outcome, Failure) else None


def code_of(outcome: Arrived | Failure) -> str | None:
    return outcome.code if isinstance(outcome, Failure) else None


def children() -> list[multiprocessing.process.BaseProcess]:
    """The processes that send."""
    return multiprocessing.active_children()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    yield
    assert children() == []


def test_many_small_files_arrive_through_other_processes(folder: Path) -> None:
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url)
        puts = sending.files(200)
        assert sending.objects.put_many(GRANT, puts) == [ARRIVED] * 200
        assert len(children()) == workers.PROCESSES
        by_target = {request.target: request for request in server.requests}
        assert len(server.requests) == 200
        for put in puts:
            request = by_target[f"/bucket/{put.key}"]
            assert hashlib.sha256(request.body).hexdigest() == put.sha256
            assert request.headers["if-none-match"] == "*"
        sending.objects.close()


def test_neither_arguments_nor_environment_of_a_sending_process_tell_what_is_sent(
    folder: Path,
) -> None:
    """Other users of this machine may read a process's arguments."""
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url)
        sending.objects.put_many(GRANT, sending.files())
        for child in children():
            told = Path(f"/proc/{child.pid}")
            shown = (told / "cmdline").read_bytes() + (told / "environ").read_bytes()
            assert b"spawn_main" in shown
            for secret in ("canary", "AKID", "incoming/s/g", str(folder)):
                assert secret.encode() not in shown
        sending.objects.close()


def test_the_processes_begin_while_many_small_files_are_registered(folder: Path) -> None:
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url)
        sending.objects.expect([LIGHT] * (MANY - 1) + [LIGHT + 1] * MANY)
        assert sending.objects.put_many(GRANT, sending.files(1)) == [ARRIVED]
        assert children() == []
        sending.objects.expect([LIGHT] * MANY)
        wait_for(lambda: len(children()) == workers.PROCESSES)
        begun = {child.pid for child in children()}
        assert sending.objects.put_many(GRANT, sending.files()) == [ARRIVED] * MANY
        assert {child.pid for child in children()} == begun
        sending.objects.close()


def test_no_process_begins_for_files_that_none_would_send(folder: Path) -> None:
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url, Pace(lambda: 10**9))
        sending.objects.expect([20] * MANY)
        assert sending.objects.put_many(GRANT, sending.files()) == [ARRIVED] * MANY
        assert children() == []
        sending.objects.close()


def test_few_files_start_no_process(folder: Path) -> None:
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url)
        assert sending.objects.put_many(GRANT, sending.files(MANY - 1)) == [ARRIVED] * (MANY - 1)
        assert children() == []
        sending.objects.close()


def test_under_a_limit_no_byte_goes_round_it(folder: Path) -> None:
    """The processes know no limit, so under one they send nothing."""
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url, Pace(lambda: 10**9))
        assert sending.objects.put_many(GRANT, sending.files()) == [ARRIVED] * MANY
        assert children() == []
        sending.objects.close()


def test_where_a_proxy_is_asked_everything_goes_through_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G13."""
    with Loopback(lambda _: GOOD) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        sending = Sending(folder, "http://store.example")
        assert sending.objects.put_many(GRANT, sending.files()) == [ARRIVED] * MANY
        assert all(r.target.startswith("http://store.example/") for r in proxy.requests)
        assert children() == []
        sending.objects.close()


def test_large_files_stay_in_this_process_and_come_back_in_their_order(folder: Path) -> None:
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url)
        puts = sending.files()
        (folder / "f3").write_bytes(b"x" * (LIGHT + 1))
        changed = os.stat(folder / "f3")
        puts[3] = replace(
            puts[3],
            expects=Stat(
                changed.st_dev, changed.st_ino, changed.st_size, changed.st_mtime_ns,
                changed.st_ctime_ns,
            ),
            sha256=hashlib.sha256(b"x" * (LIGHT + 1)).hexdigest(),
        )  # fmt: skip
        (folder / "f5").write_bytes(b"another")
        outcomes = sending.objects.put_many(GRANT, puts)
        kinds = [kind_of(outcome) for outcome in outcomes]
        assert kinds == [FailureKind.CHANGED if n == 5 else None for n in range(MANY)]
        sending.objects.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(400, b"<Error><Code>ExpiredToken</Code></Error>", "application/xml"),
         FailureKind.GRANT_ENDED),
        (Answer(503, b"<Error><Code>SlowDown</Code></Error>", "application/xml"),
         FailureKind.BUSY),
        (Answer(200, b"<html>sign in</html>", "text/html"), FailureKind.OFFLINE),
    ],
)  # fmt: skip
def test_each_error_means_what_it_means_in_this_process(
    folder: Path, answer: Answer, kind: FailureKind
) -> None:
    with Loopback(lambda _: answer) as server:
        sending = Sending(folder, server.url)
        outcomes = sending.objects.put_many(GRANT, sending.files())
        assert {kind_of(outcome) for outcome in outcomes} == {kind}
        sending.objects.close()


def test_an_object_that_lies_there_already_has_arrived(folder: Path) -> None:
    refused = Answer(412, b"<Error><Code>PreconditionFailed</Code></Error>", "application/xml")
    with Loopback(lambda _: refused) as server:
        sending = Sending(folder, server.url)
        assert sending.objects.put_many(GRANT, sending.files()) == [Arrived()] * MANY
        sending.objects.close()


def test_a_store_that_is_not_there_is_offline_with_the_usual_sentence(folder: Path) -> None:
    """G01."""
    with Loopback(lambda _: GOOD) as server:
        url = server.url
    sending = Sending(folder, url)
    puts = sending.files()
    (alone,) = sending.objects.put_many(GRANT, puts[:1])
    assert kind_of(alone) is FailureKind.OFFLINE
    assert set(sending.objects.put_many(GRANT, puts)) == {alone}
    sending.objects.close()


def test_a_store_that_never_answers_is_waited_for_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G18. Not again in this process: two deadlines are one too many."""
    monkeypatch.setattr(objects, "_DEADLINES", Deadlines(connect=5, read=0.5, total=5))
    with Loopback(lambda _: Never()) as server:
        sending = Sending(folder, server.url)
        outcomes = sending.objects.put_many(GRANT, sending.files())
        assert {(kind_of(o), code_of(o)) for o in outcomes} == {(FailureKind.OFFLINE, "timeout")}
        assert len(server.requests) == MANY
        sending.objects.close()


def test_a_process_sends_nothing_to_a_store_whose_certificate_it_does_not_trust(
    folder: Path, tmp_path: Path
) -> None:
    """G12."""
    with Loopback(lambda _: GOOD, authority(tmp_path).context()) as server:
        sending = Sending(folder, server.url)
        outcomes = sending.objects.put_many(GRANT, sending.files())
        assert {code_of(o) for o in outcomes} == {"tls"}
        assert server.requests == []
        sending.objects.close()


def test_a_process_believes_a_companys_own_authority(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T72, G13."""
    known = authority(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(known.file))
    with Loopback(lambda _: GOOD, known.context()) as server:
        sending = Sending(folder, server.url)
        assert sending.objects.put_many(GRANT, sending.files()) == [ARRIVED] * MANY
        assert len(children()) == workers.PROCESSES
        sending.objects.close()


def test_what_a_dead_process_had_is_tried_again(folder: Path) -> None:
    """J14. Killed while the store keeps it waiting; what is asked next goes to new ones."""
    is_well = threading.Event()
    waiting = threading.Semaphore(0)

    def answering(_: Request) -> Answer | Never:
        if is_well.is_set():
            return GOOD
        waiting.release()
        return Never()

    with Loopback(answering) as server:
        sending = Sending(folder, server.url)
        puts = sending.files()
        outcomes: list[Arrived | Failure] = []
        asking = threading.Thread(
            target=lambda: outcomes.extend(sending.objects.put_many(GRANT, puts))
        )
        asking.start()
        for _ in range(workers.PROCESSES * AT_FIRST):
            assert waiting.acquire(timeout=60)
        assert sending.objects.workers.is_alive()
        for child in children():
            child.kill()
        asking.join(60)
        assert not sending.objects.workers.is_alive()
        assert sending.objects.workers.restart().endswith(".")
        assert sending.objects.workers.is_alive()
        assert {(kind_of(o), code_of(o)) for o in outcomes} == {(FailureKind.BUSY, "retry")}
        is_well.set()
        assert sending.objects.put_many(GRANT, puts) == [ARRIVED] * MANY
        sending.objects.close()


def test_where_no_process_starts_this_one_sends(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(workers._Worker, "_start", refuse)
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url)
        assert sending.objects.put_many(GRANT, sending.files()) == [ARRIVED] * MANY
        sending.objects.close()


def test_processes_with_nothing_to_send_end_and_others_start_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers.Workers.__init__, "__defaults__", (0.05,))
    with Loopback(lambda _: GOOD) as server:
        sending = Sending(folder, server.url)
        puts = sending.files()
        assert sending.objects.put_many(GRANT, puts) == [ARRIVED] * MANY
        wait_for(
            lambda: not children()
        )  # joined elsewhere, too: of two who wait one misses the end
        assert sending.objects.put_many(GRANT, puts) == [ARRIVED] * MANY
        sending.objects.close()


# --- how many connections ------------------------------------------------------------------------


def test_a_store_that_is_near_gets_few_connections() -> None:
    grown = Growth()
    for _ in range(1000):
        grown.answered(0.002)
    assert grown.wanted == AT_FIRST


def test_a_store_that_is_far_gets_many() -> None:
    grown = Growth()
    for _ in range(1000):
        grown.answered(0.02)
    assert grown.wanted == AT_MOST


def test_a_store_that_is_busy_and_not_far_gets_no_more_for_long() -> None:
    """Its answers take as much longer as there are more questions: three milliseconds each."""
    grown = Growth()
    given = []
    for _ in range(5000):
        grown.answered(0.003 * grown.wanted)
        given.append(grown.wanted)
    assert max(given) == 2 * AT_FIRST  # a try
    assert given.count(AT_FIRST) > 0.9 * len(given)


def test_a_far_store_gets_many_even_where_some_answers_wait_for_this_machine() -> None:
    """With many connections every third answer is seen late, since the processor is busy."""
    grown = Growth()
    for number in range(3000):
        is_late = grown.wanted > 4 * AT_FIRST and number % 3 == 0
        grown.answered(0.2 if is_late else 0.02)
    assert grown.wanted == AT_MOST


def test_a_store_that_was_busy_and_is_far_gets_many_after_all() -> None:
    grown = Growth()
    for _ in range(500):
        grown.answered(0.003 * grown.wanted)
    for _ in range(2000):
        grown.answered(0.05)
    assert grown.wanted == AT_MOST


@contextlib.contextmanager
def one_sender(url: str) -> Iterator[tuple[Sender, Connection]]:
    """What a sending process does, in this one; and where its answers come out."""
    ours, theirs = multiprocessing.Pipe()
    sender = Sender(Setup(url, QUICK), theirs)
    threading.Thread(target=sender.run, daemon=True).start()
    with ours, theirs:
        yield sender, ours


def test_a_connection_that_is_one_too_many_ends(folder: Path) -> None:
    all_ask = threading.Barrier(AT_FIRST)
    is_first = threading.Event()
    is_first.set()

    def answering(_: Request) -> Answer:
        if is_first.is_set():
            all_ask.wait(30)
        return GOOD

    with Loopback(answering) as server, one_sender(server.url) as (sender, told):
        puts = tuple(Sending(folder, server.url).files(AT_FIRST + 1))
        opened = FolderDisk(str(folder)).open_file
        sender.take(Batch(0, GRANT, 0, opened, puts[1:]))
        assert told.recv() == (0, [ARRIVED] * AT_FIRST)
        assert len(sender._lanes) == AT_FIRST
        is_first.clear()
        sender._growth.wanted = AT_FIRST - 1
        sender.take(Batch(1, GRANT, 0, opened, puts[:1]))
        assert told.recv() == (1, [ARRIVED])
        assert len(sender._lanes) == AT_FIRST - 1


def test_one_store_that_says_nothing_keeps_no_other_file(folder: Path) -> None:
    """One thread sees to all of them: what waits for an answer stands in nobody's way."""

    def answering(request: Request) -> Answer | Never:
        return Never() if request.target.endswith("/0") else GOOD

    with Loopback(answering) as server, one_sender(server.url) as (sender, told):
        puts = tuple(Sending(folder, server.url).files(20))
        opened = FolderDisk(str(folder)).open_file
        sender.take(Batch(0, GRANT, 0, opened, puts[:1]))
        sender.take(Batch(1, GRANT, 0, opened, puts[1:]))
        assert told.recv() == (1, [ARRIVED] * 19)
        ticket, (outcome,) = told.recv()
        assert (ticket, code_of(outcome)) == (0, "timeout")


def test_a_connection_that_the_store_closed_is_opened_again(folder: Path) -> None:
    """G16. It hangs up after each answer, which does not say so."""
    hangs_up = replace(GOOD, cut=0)

    with Loopback(lambda _: hangs_up) as server, one_sender(server.url) as (sender, told):
        puts = tuple(Sending(folder, server.url).files(4 * AT_FIRST))
        opened = FolderDisk(str(folder)).open_file
        for ticket in range(2):
            sender.take(Batch(ticket, GRANT, 0, opened, puts))
            assert told.recv() == (ticket, [ARRIVED] * len(puts))
        assert len(server.requests) == 2 * len(puts)


def test_a_body_for_which_there_is_no_room_yet_goes_on_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow line takes a body in pieces, and others are sent meanwhile."""
    real = Line.connect

    def narrow(self: Line) -> None:
        real(self)
        assert self.socket is not None
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

    monkeypatch.setattr(Line, "connect", narrow)
    with Loopback(lambda _: GOOD) as server, one_sender(server.url) as (sender, told):
        puts = tuple(Sending(folder, server.url).files(8, LIGHT))
        opened = FolderDisk(str(folder)).open_file
        sender.take(Batch(0, GRANT, 0, opened, puts))
        assert told.recv() == (0, [ARRIVED] * 8)
        assert sorted(request.body for request in server.requests) == [
            (folder / put.path).read_bytes() for put in puts
        ]


def test_connections_grow_while_one_batch_is_sent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not when the next one comes: against a far store that was a quarter of a second."""
    monkeypatch.setattr(growth, "FAR", 0.0)
    together = threading.Event()
    asked = itertools.count(1)
    waiting = itertools.count(1)

    def answering(_: Request) -> Answer:
        if next(asked) > 2 * AT_FIRST:
            if next(waiting) > AT_FIRST:
                together.set()
            together.wait(30)
        return GOOD

    with Loopback(answering) as server, one_sender(server.url) as (sender, told):
        puts = Sending(folder, server.url).files(MANY)
        opened = FolderDisk(str(folder)).open_file
        sender.take(Batch(0, GRANT, 0, opened, tuple(puts)))
        assert told.recv() == (0, [ARRIVED] * MANY)
    assert together.is_set()


def test_whom_to_trust_is_read_once_for_all_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not by each thread that happens to connect at the same time."""
    process._trusting.cache_clear()
    all_ask, real, made = threading.Barrier(4), line.tls_context, []

    def context(environ: Mapping[str, str]) -> ssl.SSLContext:
        made.append(real(environ))
        return made[-1]

    def ask(_: int) -> ssl.SSLContext:
        all_ask.wait(30)
        return process.tls()

    monkeypatch.setattr(line, "tls_context", context)
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(ask, range(4)))
    assert made == [given[0]] and given == [given[0]] * 4
    process._trusting.cache_clear()


# --- the line ------------------------------------------------------------------------------------


def line_to(server: Loopback, deadlines: Deadlines = QUICK) -> Line:
    port = int(server.url.rpartition(":")[2])
    return Line(Place("127.0.0.1", port, None), deadlines)


def head(length: int) -> bytes:
    return request_head("PUT", "/k", {"host": "h"}, length)


class Raw(Answer):
    """An answer to the letter: `body` is all of it."""

    def raw(self) -> bytes:
        return self.body


@pytest.mark.parametrize(
    ("raw", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, b"ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 503 Slow\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n"
         b"Trailer: t\r\n\r\n", 503, b"abcde"),
    ],
)  # fmt: skip
def test_an_answer_is_read_to_its_end_and_the_line_kept(
    raw: bytes, status: int, body: bytes
) -> None:
    with Loopback(lambda _: Raw(body=raw)) as server:
        line = line_to(server)
        for _ in range(2):
            reply = line.ask(head(4), b"body")
            assert (reply.status, bytes(reply.body)) == (status, body)
        assert [request.body for request in server.requests] == [b"body"] * 2
        line.close()


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 2xx Odd\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 400_000,
    ],
)
def test_what_is_no_answer_is_an_error(raw: bytes) -> None:
    """G10."""
    with Loopback(lambda _: Raw(body=raw, cut=0)) as server:
        line = line_to(server)
        with pytest.raises(BadAnswer):
            line.ask(head(0), b"")
        line.close()


def test_an_answer_that_drips_ends_at_the_deadline() -> None:
    """G18."""
    with Loopback(lambda _: Drip()) as server:
        line = line_to(server, Deadlines(connect=5, read=5, total=0.5))
        with pytest.raises(TimeoutError):
            line.ask(head(0), b"")
        line.close()


def test_a_line_closed_meanwhile_is_opened_again_and_asked_once_more() -> None:
    """G16. A store hangs up after a rest; the first question after it must not fail."""
    count = itertools.count()

    def answering(_: Request) -> Answer:
        return replace(GOOD, cut=0) if next(count) == 1 else GOOD

    with Loopback(answering) as server:
        line = line_to(server)
        hangs_up = [line.ask(head(2), b"ab").status for _ in range(3)]
        assert hangs_up == [200] * 3
        line.close()


def test_a_body_larger_than_every_buffer_arrives_whole() -> None:
    content = os.urandom(5 * 1024 * 1024)
    with Loopback(lambda _: GOOD) as server:
        line = line_to(server)
        assert line.ask(head(len(content)), content).status == 200
        assert server.requests[0].body == content
        line.close()


# --- as the application builds it ----------------------------------------------------------------


class Watching:
    """Settings that name a folder, and like the real ones cannot leave this process."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def folder(self) -> str | None:
        return None if self._folder is None else str(self._folder)


def test_what_the_application_opens_files_with_goes_to_other_processes(folder: Path) -> None:
    """The settings hold locks: sent along, nothing would be sent at all."""
    with Loopback(lambda _: GOOD) as server:
        puts = Sending(folder, server.url).files()
        objects = S3Objects(server.url, Opening(Watching(folder)), lambda: 0)  # type: ignore[arg-type]
        assert objects.put_many(GRANT, puts) == [ARRIVED] * MANY
        assert len(children()) == workers.PROCESSES
        objects.close()


def test_without_a_folder_nothing_is_found_in_other_processes_either(folder: Path) -> None:
    with Loopback(lambda _: GOOD) as server:
        puts = Sending(folder, server.url).files()
        objects = S3Objects(server.url, Opening(Watching(None)), lambda: 0)  # type: ignore[arg-type]
        outcomes = objects.put_many(GRANT, puts)
        assert {kind_of(outcome) for outcome in outcomes} == {FailureKind.MISSING}
        assert server.requests == []
        objects.close()
