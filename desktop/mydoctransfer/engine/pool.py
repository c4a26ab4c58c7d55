"""The transfer pool: runs calls on threads and puts their results into the inbox."""

from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any

from mydoctransfer.engine.messages import Done, Message
from mydoctransfer.engine.tasks import Call


class Pool:
    """A fixed number of threads. An exception is a result too: the asking task gets it raised."""

    def __init__(self, inbox: "Queue[Message]", threads: int = 10) -> None:
        self._inbox = inbox
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="transfer")

    def submit(self, ticket: int, call: Call[Any]) -> None:
        """Run the call some time; its result will lie in the inbox."""
        self._threads.submit(self._run, ticket, call)

    def close(self) -> None:
        """Begin nothing more. What runs is given up by the process's end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, ticket: int, call: Call[Any]) -> None:
        try:
            result: object = call.run()
        except BaseException as exc:
            # Nothing may die silently in a worker: the task that asked hears of it.
            result = exc
        self._inbox.put(Done(ticket, result))
