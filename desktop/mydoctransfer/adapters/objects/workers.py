"""The parent's side of the sending processes: started when there is enough to send, ended when
nothing was to be sent for a while.

Promises: at most two; what a process had when it died comes back as a failure that is tried again.
What none can take, because none starts here, comes back unsent.
"""

import contextlib
import itertools
import logging
import multiprocessing
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from multiprocessing.connection import Connection

from mydoctransfer.adapters.objects.reading import OpenFile
from mydoctransfer.adapters.objects.sending import Batch, Outcome, Setup, Unsent, serve
from mydoctransfer.engine.ports import Failure, FailureKind, Grant, SmallPut

PROCESSES = 2
IDLE = 30.0  # seconds after which a process with nothing to do ends
_AT_ONCE = 8  # files in one message
_MOST_DEATHS = 3  # in a row, none of them with an answer: processes are of no use here

DIED = Failure(
    FailureKind.BUSY,
    "Something went wrong inside the application. It will be tried again; the log says more.",
    "retry",
)

log = logging.getLogger(__name__)


class Workers:
    """Sends files in other processes. Any thread may call it."""

    def __init__(self, setup: Setup, open_file: OpenFile, idle: float = IDLE) -> None:
        self._workers = [_Worker(setup, open_file, idle) for _ in range(PROCESSES)]

    def expect(self) -> None:
        """Have the processes started by the time something is to be sent. Returns at once."""
        if not all(worker.is_started for worker in self._workers):
            # No thread to have: they start when they are asked, if they can.
            with contextlib.suppress(RuntimeError):
                threading.Thread(target=self._start, name="sending soon", daemon=True).start()

    def put_many(self, grant: Grant, puts: Sequence[SmallPut], offset_ms: int) -> list[Outcome]:
        """Send these files; outcomes in their order."""
        asked: list[tuple[Future[list[Outcome]], int]] = []
        for start in range(0, len(puts), _AT_ONCE):
            some = tuple(puts[start : start + _AT_ONCE])
            least = min(self._workers, key=lambda worker: worker.load)
            asked.append((least.ask(grant, some, offset_ms), len(some)))
        return [outcome for future, _ in asked for outcome in future.result()]

    def _start(self) -> None:
        for worker in self._workers:
            worker.start()

    def is_alive(self) -> bool:
        """Whether none died with calls since somebody looked."""
        return not any(worker.has_died for worker in self._workers)

    def restart(self) -> str:
        """Take note of the dead: the next call starts another one anyway."""
        for worker in self._workers:
            worker.has_died = False
        return (
            "A part of this program that sends files stopped. It is started again, and what it "
            "was sending is sent once more."
        )

    def close(self) -> None:
        """End the processes: what they are sending is given up."""
        for worker in self._workers:
            worker.close()


class _Worker:
    """One process, started when it is first asked."""

    def __init__(self, setup: Setup, open_file: OpenFile, idle: float) -> None:
        self._setup = setup
        self._open_file = open_file
        self._idle = idle
        self._lock = threading.Lock()
        self._tickets = itertools.count()
        self._asked: dict[int, tuple[Future[list[Outcome]], int]] = {}
        self._pipe: Connection | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._listener: threading.Thread | None = None
        self._deaths = 0
        self.has_died = False

    @property
    def load(self) -> int:
        """Messages it has not answered."""
        return len(self._asked)

    @property
    def is_started(self) -> bool:
        """Whether its process was begun and is wanted."""
        return self._pipe is not None

    def start(self) -> None:
        """Begin the process, unless there is one. Whether one can be begun, who asks finds out."""
        with self._lock, contextlib.suppress(OSError):
            if self._deaths < _MOST_DEATHS and self._pipe is None:
                self._start()

    def ask(
        self, grant: Grant, puts: tuple[SmallPut, ...], offset_ms: int
    ) -> Future[list[Outcome]]:
        """Send these in the process; the future always gets its outcomes."""
        future: Future[list[Outcome]] = Future()
        with self._lock:
            try:
                if self._deaths >= _MOST_DEATHS:
                    raise OSError("processes end here as soon as they have begun")
                pipe = self._pipe or self._start()
                ticket = next(self._tickets)
                pipe.send(Batch(ticket, grant, offset_ms, self._open_file, puts))
            except OSError:
                future.set_result([Unsent()] * len(puts))
            else:
                self._asked[ticket] = (future, len(puts))
        return future

    def close(self) -> None:
        """End it: what it has not answered comes back as a failure."""
        with self._lock:
            self._deaths = _MOST_DEATHS
            process, listener = self._process, self._listener
        if process is not None:
            process.kill()
        if listener is not None:
            listener.join()  # it buries the process: two that wait for one child miss its end

    def _start(self) -> Connection:
        spawning = multiprocessing.get_context("spawn")
        ours, theirs = spawning.Pipe()
        process = spawning.Process(target=serve, args=(theirs,), name="sending", daemon=True)
        process.start()
        theirs.close()
        ours.send(self._setup)
        self._pipe, self._process = ours, process
        self._listener = threading.Thread(
            target=self._listen, args=(ours, process), name="sent", daemon=True
        )
        self._listener.start()
        return ours

    def _listen(self, pipe: Connection, process: multiprocessing.process.BaseProcess) -> None:
        """Hand on the answers, until the process is dead or nothing was asked for long."""
        try:
            while self._is_needed(pipe):
                ticket, outcomes = pipe.recv()
                with self._lock:
                    future, _ = self._asked.pop(ticket)
                    self._deaths = 0
                future.set_result(outcomes)
        except (EOFError, OSError):
            pass  # it died: what it had is answered below
        self._buried(pipe, process)

    def _is_needed(self, pipe: Connection) -> bool:
        while not pipe.poll(self._idle):
            with self._lock:
                if not self._asked:
                    self._pipe = None  # from here on, who asks starts another
                    return False
        return True

    def _buried(self, pipe: Connection, process: multiprocessing.process.BaseProcess) -> None:
        with self._lock:
            is_current = self._process is process
            left = list(self._asked.values()) if is_current else []
            if is_current:
                self._deaths += bool(left)
                self.has_died |= bool(left)
                self._asked.clear()
                self._pipe = self._process = None
        pipe.close()
        process.kill()
        process.join()
        if left:
            log.warning("A sending process ended (%s) with %d calls", process.exitcode, len(left))
        for future, count in left:
            future.set_result([DIED] * count)
