"""The transfer pool: runs calls on threads and puts their results into the inbox."""

import contextlib
import threading
from queue import Empty, Queue, SimpleQueue
from typing import Any

from mydoctransfer.engine.messages import Done, Message
from mydoctransfer.engine.tasks import Call
from mydoctransfer.model.errors import AppError

THREADS = 10


class WorkerDied(AppError):
    """The thread that made a call ended in the middle of it: what became of it is not known."""

    def __init__(self) -> None:
        super().__init__(
            "Interrupted", "A part of this program stopped. It is tried again.", "internal"
        )


class Pool:
    """A fixed number of threads. An exception is a result too: the asking task gets it raised.

    The threads are daemons, which `concurrent.futures` does not offer: quitting must not wait for
    a part that is on its way, and a part that never arrives is what the journal is made for.
    """

    def __init__(self, inbox: "Queue[Message]", threads: int = THREADS) -> None:
        self._inbox = inbox
        self._calls: SimpleQueue[tuple[int, Call[Any]] | None] = SimpleQueue()
        self._threads = [self._begun(number) for number in range(threads)]

    def submit(self, ticket: int, call: Call[Any]) -> None:
        """Run the call some time; its result will lie in the inbox."""
        self._calls.put((ticket, call))

    def close(self) -> None:
        """End the threads, those that work when their call has ended; what waits is not begun."""
        with contextlib.suppress(Empty):
            while True:
                self._calls.get_nowait()
        for _ in self._threads:
            self._calls.put(None)

    def is_alive(self) -> bool:
        """Whether every thread is there."""
        return all(thread.is_alive() for thread in self._threads)

    def restart(self) -> str:
        """Put new threads in the places of dead ones. Raises RuntimeError: none to have."""
        for number, thread in enumerate(self._threads):
            if not thread.is_alive():
                self._threads[number] = self._begun(number)
        return (
            "A part of this program that sends and reads files stopped. It was started again, and "
            "what it was doing is tried once more."
        )

    def _begun(self, number: int) -> threading.Thread:
        thread = threading.Thread(target=self._work, name=f"transfer-{number}", daemon=True)
        thread.start()
        return thread

    def _work(self) -> None:
        while asked := self._calls.get():
            ticket, call = asked
            # What the task that asked hears, should this thread end here.
            result: object = WorkerDied()
            try:
                result = call.run()
            except Exception as exc:
                # Nothing may die silently in a worker: the task that asked hears of it.
                result = exc
            finally:
                self._inbox.put(Done(ticket, result))
