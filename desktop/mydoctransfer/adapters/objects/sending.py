"""A process that sends small files: what it is asked comes through its pipe, and so do the answers.

Python runs one thread at a time, and for files of some kilobytes it is Python that takes the time.
Spawned, so that it shares nothing; paths, hashes and the grant are in no argument and no variable
that other users of the machine could read. It ends with its pipe.
"""

import os
import signal
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from queue import SimpleQueue

from mydoctransfer.adapters.objects import failures, puts
from mydoctransfer.adapters.objects.lean import Line, place_of, request_head
from mydoctransfer.adapters.objects.reading import OpenFile, Source
from mydoctransfer.adapters.replies import Deadlines
from mydoctransfer.engine.ports import Arrived, Failure, Grant, SmallPut

AT_FIRST = 4  # connections
AT_MOST = 64
FAR = 0.008  # seconds until the store answers, from which more connections are worth a try
_LOOK_EVERY = 8  # answers
_BUSY = 1.25  # times as long as with half as many connections
_PATIENCE, _MOST_PATIENCE = 4, 64  # looks


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process is told first."""

    endpoint: str | None
    deadlines: Deadlines


@dataclass(frozen=True, slots=True)
class Batch:
    """Files to send; `ticket` comes back with the outcomes. `open_file` must pickle."""

    ticket: int
    grant: Grant
    offset_ms: int
    open_file: OpenFile
    puts: tuple[SmallPut, ...]


class Unsent:
    """The outcome of a file that no answer came for: somebody else finds out why."""


Outcome = Arrived | Failure | Unsent


def serve(pipe: Connection) -> None:
    """Send what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    try:
        sender = Sender(pipe.recv(), pipe)
        while True:
            sender.take(pipe.recv())
    except (EOFError, OSError):
        os._exit(0)  # whatever is on its way: nobody waits for it any more


class Growth:
    """How many connections are worth having.

    More when every answer takes long, for then the store is far away. If the answers of twice as
    many take longer in proportion, it is busy and not far: as many as before, and the more seldom
    another try, the more often it was none. More would only stand in line before it, and in the
    way of who asks it one thing after another: the functions that register and complete.
    """

    def __init__(self) -> None:
        self.wanted = AT_FIRST
        self._lock = threading.Lock()
        self._shortest = float("inf")
        self._sum = 0.0
        self._seen = 0
        self._before = 0.0  # seconds an answer took half as many connections; 0: these are proven
        self._patience = _PATIENCE
        self._rests = 0  # looks until another try

    def answered(self, seconds: float) -> None:
        """Take note of how long an answer took."""
        with self._lock:
            self._shortest = min(self._shortest, seconds)
            self._sum += seconds
            self._seen += 1
            if self._seen >= max(_LOOK_EVERY, 2 * self.wanted):
                self._look(self._sum / self._seen)
                self._shortest, self._sum, self._seen = float("inf"), 0.0, 0

    def _look(self, mean: float) -> None:
        before, self._before = self._before, 0.0
        if before and mean > _BUSY * before:
            self.wanted //= 2
            self._rests = self._patience
            self._patience = min(2 * self._patience, _MOST_PATIENCE)
        elif self._rests:
            self._rests -= 1
        elif self._shortest > FAR and self.wanted < AT_MOST:
            self._before = mean
            self.wanted = min(AT_MOST, 2 * self.wanted)


class Sender:
    """The process's threads, one connection each."""

    def __init__(self, setup: Setup, pipe: Connection) -> None:
        self._setup = setup
        self._pipe = pipe
        self._telling = threading.Lock()
        self._jobs: SimpleQueue[tuple[_Open, int]] = SimpleQueue()
        self._growth = Growth()
        self._growing = threading.Lock()
        self._threads = 0

    def take(self, batch: Batch) -> None:
        """Queue the files of a batch."""
        opened = _Open(batch, [Unsent()] * len(batch.puts), len(batch.puts))
        for number in range(len(batch.puts)):
            self._jobs.put((opened, number))
        self._grow()

    def _grow(self) -> None:
        with self._growing:
            while self._threads < self._growth.wanted:
                self._threads += 1
                threading.Thread(target=self._work, daemon=True).start()

    def _is_one_too_many(self) -> bool:
        with self._growing:
            is_too_many = self._threads > self._growth.wanted
            self._threads -= is_too_many
            return is_too_many

    def _work(self) -> None:
        lines: dict[str, Line] = {}
        while not self._is_one_too_many():
            opened, number = self._jobs.get()
            batch = opened.batch
            outcome = self._sent(lines, batch, batch.puts[number])
            if self._threads < self._growth.wanted:
                self._grow()  # not when the next batch comes: the store is far, and these wait
            with self._telling:
                opened.outcomes[number] = outcome
                opened.left -= 1
                if opened.left == 0:
                    self._pipe.send((batch.ticket, opened.outcomes))
        for line in lines.values():
            line.close()

    def _sent(self, lines: dict[str, Line], batch: Batch, put: SmallPut) -> Outcome:
        content = Source(batch.open_file).whole(put.path, put.expects, put.sha256)
        if isinstance(content, Failure):
            return content
        base, target, headers = puts.question(
            self._setup.endpoint, batch.grant, put, batch.offset_ms
        )
        line = lines.get(base)
        if line is None:
            line = lines[base] = Line(place_of(base, tls), self._setup.deadlines)
        began = time.monotonic()
        try:
            reply = line.ask(request_head("PUT", target, headers, len(content)), content)
        except TimeoutError:
            return failures.silent(line.host)
        except (OSError, ValueError):
            return Unsent()
        self._growth.answered(time.monotonic() - began)
        return puts.verdict(reply)


@dataclass(slots=True)
class _Open:
    batch: Batch
    outcomes: list[Outcome]
    left: int


def tls() -> ssl.SSLContext:
    """Return the context for https: whom this machine trusts."""
    with _making:  # reading whom to trust takes 50 ms, and `cache` lets every thread do it at once
        return _trusting()


@cache
def _trusting() -> ssl.SSLContext:
    # Slow to import, and only needed for https.
    from mydoctransfer.adapters.line import tls_context

    return tls_context(os.environ)


_making = threading.Lock()
