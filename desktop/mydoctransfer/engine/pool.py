"""The transfer pool: runs calls on threads and puts their results into the inbox."""

import threading
from queue import Queue, SimpleQueue
from typing import Any

from mydoctransfer.engine.messages import Done, Message
from mydoctransfer.engine.tasks import Call

THREADS = 10


class Pool:
    """A fixed number of threads. An exception is a result too: the asking task gets it raised.

    The threads are daemons, which `concurrent.futures` does not offer: quitting must not wait for
    a part that is on its way, and a part that never arrives is what the journal is made for.
    """

    def __init__(self, inbox: "Queue[Message]", threads: int = THREADS) -> None:
        self._inbox = inbox
        self._calls: SimpleQueue[tuple[int, Call[Any]]] = SimpleQueue()
        for number in range(threads):
            threading.Thread(target=self._work, name=f"transfer-{number}", daemon=True).start()

    def submit(self, ticket: int, call: Call[Any]) -> None:
        """Run the call some time; its result will lie in the inbox."""
        self._calls.put((ticket, call))

    def _work(self) -> None:
        while True:
            ticket, call = self._calls.get()
            try:
                result: object = call.run()
            except Exception as exc:
                # Nothing may die silently in a worker: the task that asked hears of it.
                result = exc
            self._inbox.put(Done(ticket, result))
