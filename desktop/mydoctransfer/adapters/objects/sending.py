"""A process that sends small files: what it is asked comes through its pipe, and so do the answers.

Python runs one thread at a time, and for files of some kilobytes it is Python that takes the time.
So one thread sees to all connections of a process: many would hand Python's lock on at each of the
dozen calls of the system that a file takes.
Spawned, so that it shares nothing; paths, hashes and the grant are in no argument and no variable
that other users of the machine could read. It ends with its pipe.
"""

import os
import selectors
import signal
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from queue import SimpleQueue

from mydoctransfer.adapters.objects import failures, puts
from mydoctransfer.adapters.objects.growth import Growth
from mydoctransfer.adapters.objects.lean import Line, Need, place_of, request_head
from mydoctransfer.adapters.objects.reading import OpenFile, Source
from mydoctransfer.adapters.replies import Deadlines, Reply
from mydoctransfer.engine.ports import Arrived, Failure, Grant, SmallPut

_TICK = 0.5  # seconds between two looks for stores that say nothing
_RINGS = 4096  # rings of the bell that are answered at once


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
    except (EOFError, OSError):
        return
    threading.Thread(target=_listen, args=(pipe, sender), daemon=True).start()
    sender.run()


def _listen(pipe: Connection, sender: "Sender") -> None:
    try:
        while True:
            sender.take(pipe.recv())
    except (EOFError, OSError):
        os._exit(0)  # whatever is on its way: nobody waits for it any more


class Sender:
    """The process's connections. `run` serves them all, in one thread; any other may `take`."""

    def __init__(self, setup: Setup, pipe: Connection) -> None:
        self._setup = setup
        self._pipe = pipe
        self._growth = Growth()
        self._jobs: deque[tuple[_Open, int]] = deque()
        self._lanes: list[_Lane] = []
        self._idle: list[_Lane] = []
        self._said: SimpleQueue[Batch | tuple[_Lane, OSError | None]] = SimpleQueue()
        self._bell, self._ring = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)

    def take(self, batch: Batch) -> None:
        """Have the files of a batch sent."""
        self._tell(batch)

    def run(self) -> None:
        """Send what is taken, for ever."""
        looked = time.monotonic()
        while True:
            is_resting = len(self._idle) == len(self._lanes)
            for key, _ in self._selector.select(None if is_resting else _TICK):
                if key.data is None:
                    self._bell.recv(_RINGS)
                else:
                    self._go_on(key.data)
            while not self._said.empty():
                self._hear(self._said.get())
            if time.monotonic() - looked > _TICK:
                looked = time.monotonic()
                self._give_up_the_silent(looked)
            self._begin()

    def _tell(self, what: "Batch | tuple[_Lane, OSError | None]") -> None:
        self._said.put(what)
        self._ring.send(b"!")

    def _hear(self, said: "Batch | tuple[_Lane, OSError | None]") -> None:
        if isinstance(said, Batch):
            opened = _Open(said, Source(said.open_file), [Unsent()] * len(said.puts))
            opened.left = len(said.puts)
            self._jobs.extend((opened, number) for number in range(opened.left))
        else:
            lane, exc = said
            lane.began = time.monotonic()  # a connection tells nothing about answers
            self._go_on(lane, exc)

    def _begin(self) -> None:
        """Give a file to each connection that has none, and have as many as are wanted."""
        while self._jobs:
            if len(self._lanes) > self._growth.wanted and self._idle:
                self._drop(self._idle.pop())
            elif self._idle:
                self._give(self._idle.pop(), *self._jobs.popleft())
            elif len(self._lanes) < self._growth.wanted:
                self._lanes.append(_Lane())
                self._idle.append(self._lanes[-1])
            else:
                break

    def _give(self, lane: "_Lane", opened: "_Open", number: int) -> None:
        batch, put = opened.batch, opened.batch.puts[number]
        lane.opened, lane.number = opened, number
        content = opened.source.whole(put.path, put.expects, put.sha256)
        if isinstance(content, Failure):
            self._settle(lane, content)
            return
        base, target, headers = puts.question(
            self._setup.endpoint, batch.grant, put, batch.offset_ms
        )
        line = lane.line_to(base, self._setup.deadlines)
        lane.began = time.monotonic()
        try:
            head = request_head("PUT", target, headers, len(content))
        except ValueError:
            self._settle(lane, Unsent())
            return
        lane.steps = line.steps(head, content)
        self._go_on(lane)

    def _go_on(self, lane: "_Lane", exc: OSError | None = None) -> None:
        """Take the lane's next step, in which `exc` came between."""
        line, steps = lane.line, lane.steps
        assert line is not None
        if steps is None:
            line.close()  # the store hung up, or says what nobody asked
            self._watch(lane, None)
            return
        try:
            need = steps.throw(exc) if exc else next(steps)
        except StopIteration as answered:
            self._growth.answered(time.monotonic() - lane.began)
            self._settle(lane, puts.verdict(answered.value))
        except TimeoutError:
            self._settle(lane, failures.silent(line.host))
        except (OSError, ValueError):
            self._settle(lane, Unsent())
        else:
            self._wait(lane, line, need)

    def _wait(self, lane: "_Lane", line: Line, need: Need) -> None:
        lane.silent_from = time.monotonic() + self._setup.deadlines.read
        if need is Need.CONNECTION:
            self._watch(lane, None)
            lane.silent_from = float("inf")  # it has a deadline of its own
            threading.Thread(target=self._connect, args=(lane, line), daemon=True).start()
        else:
            self._watch(lane, need)

    def _connect(self, lane: "_Lane", line: Line) -> None:
        try:
            line.connect()
        except OSError as exc:
            self._tell((lane, exc))
        except ValueError:
            self._tell((lane, OSError("no address")))
        else:
            self._tell((lane, None))

    def _watch(self, lane: "_Lane", need: Need | None) -> None:
        """Go on with this lane when its connection is ready for what is needed."""
        line = lane.line.socket if lane.line is not None else None
        event = selectors.EVENT_WRITE if need is Need.ROOM else selectors.EVENT_READ
        if lane.watched is not None and lane.watched is not line:
            self._selector.unregister(lane.watched)
            lane.watched = None
        if line is None:
            return
        if lane.watched is None:
            self._selector.register(line, event, lane)
        elif lane.event != event:
            self._selector.modify(line, event, lane)
        lane.watched, lane.event = line, event

    def _settle(self, lane: "_Lane", outcome: Outcome) -> None:
        lane.steps = None
        self._watch(lane, Need.INPUT)  # of which there is none, until the store hangs up
        self._idle.append(lane)
        opened = lane.opened
        opened.outcomes[lane.number] = outcome
        opened.left -= 1
        if opened.left == 0:
            self._pipe.send((opened.batch.ticket, opened.outcomes))

    def _drop(self, lane: "_Lane") -> None:
        self._lanes.remove(lane)
        if lane.line is not None:
            lane.line.close()
        self._watch(lane, None)

    def _give_up_the_silent(self, now: float) -> None:
        for lane in self._lanes:
            if lane.steps is not None and now > lane.silent_from:
                self._go_on(lane, TimeoutError("no answer"))


class _Lane:
    """One connection, and the file it sends.

    Attributes:
        steps: of sending it; None while there is nothing to do. watched: the socket that is waited
            for, with `event`. silent_from: when the store has said nothing for too long.
    """

    def __init__(self) -> None:
        self.line: Line | None = None
        self.steps: Generator[Need, None, Reply] | None = None
        self.opened: _Open
        self.number = 0
        self.began = 0.0
        self.silent_from = 0.0
        self.watched: socket.socket | None = None
        self.event = 0
        self._base = ""

    def line_to(self, base: str, deadlines: Deadlines) -> Line:
        """Return the connection to this store; one to another store is closed."""
        if self.line is None or self._base != base:
            if self.line is not None:
                self.line.close()
            self.line = Line(place_of(base, tls), deadlines, blocks=False)
            self._base = base
        return self.line


@dataclass(slots=True)
class _Open:
    batch: Batch
    source: Source
    outcomes: list[Outcome]
    left: int = 0


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
