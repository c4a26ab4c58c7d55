"""The emulator, with what it lacks for holding a person's documents on a small machine.

ministack 1.5.33 is pinned exactly, so the places changed here are known; tests of the local
cloud fail if one of them is gone.

*Waiting for logs.* After every invocation it waits 50 ms for log lines the function may not
write. Three are enough: the pipe was drained while the function ran.

*Fan-out.* It starts a process for every event and every call in flight: 2,000 small uploads
would start dozens of interpreters on two cores. AWS queues events and bounds concurrency; so
does this: events wait for one of EVENT_WORKERS, calls for one of CALL_WORKERS.

Its third weakness, that it saves its state only when it ends, is `snapshots`' business.
"""

import contextvars
import functools
import os
import queue
import threading
from collections.abc import Callable
from typing import Any

from ministack import app as _ministack
from ministack.core import lambda_runtime as _runtime
from ministack.core.persistence import save_all
from ministack.services import lambda_svc as _lambda

EVENT_WORKERS = 2
CALL_WORKERS = max(4, 2 * (os.cpu_count() or 1))
RETRY_SECONDS = (1.0, 10.0)
"""An event whose function failed is tried again after these, then given up, as on AWS."""

Invoke = Callable[[Any, Any], Any]

application = _ministack.app

# Typed loosely, because they are changed.
_worker: Any = _runtime.Worker
_functions: Any = _lambda


def prepare() -> "Events":
    """Change what is said above; return the queue of events, to be drained before the end."""
    _worker._drain_stderr_bounded = functools.partialmethod(
        _worker._drain_stderr_bounded, first_line_wait=0.003, idle_confirm=0.001
    )
    _functions._execute_function = _bounded(_functions._execute_function)
    events = Events(_functions._execute_function)
    _functions.invoke_async_with_retry = events.put
    return events


def save() -> None:
    """Write the state of every service to the state directory."""
    save_all(_ministack._build_persistence_save_dict())  # type: ignore[no-untyped-call]


def _bounded(execute: Invoke) -> Invoke:
    """`execute`, for at most CALL_WORKERS invocations of one function at a time."""
    places: dict[str, threading.Semaphore] = {}
    guard = threading.Lock()

    def wait_and_execute(function: Any, event: Any) -> Any:
        name = (function.get("config") or function).get("FunctionName", "")
        with guard:
            place = places.setdefault(name, threading.Semaphore(CALL_WORKERS))
        with place:
            return execute(function, event)

    return wait_and_execute


class Events:
    """Invocations nobody waits for, in order of arrival, a few at a time."""

    def __init__(self, execute: Invoke) -> None:
        self._execute = execute
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._unfinished = 0
        self._count = threading.Condition()
        for _ in range(EVENT_WORKERS):
            threading.Thread(target=self._work, daemon=True, name="events").start()

    def put(self, function: Any, event: Any) -> None:
        """Queue one invocation, on behalf of the account and region of the caller."""
        with self._count:
            self._unfinished += 1
        context = contextvars.copy_context()
        self._queue.put(lambda: context.run(self._attempt, function, event, RETRY_SECONDS))

    def drain(self, seconds: float) -> bool:
        """Wait until every event is handled; say whether that came true in time."""
        with self._count:
            return self._count.wait_for(lambda: not self._unfinished, seconds)

    def _work(self) -> None:
        while True:
            self._queue.get()()

    def _attempt(self, function: Any, event: Any, delays: tuple[float, ...]) -> None:
        failed = True
        try:
            failed = bool(self._execute(function, event).get("error"))
        finally:
            if failed and delays:
                self._again_later(function, event, delays)
            else:
                self._finish()

    def _again_later(self, function: Any, event: Any, delays: tuple[float, ...]) -> None:
        context = contextvars.copy_context()
        again = functools.partial(context.run, self._attempt, function, event, delays[1:])
        timer = threading.Timer(delays[0], self._queue.put, [again])
        timer.daemon = True
        timer.start()

    def _finish(self) -> None:
        with self._count:
            self._unfinished -= 1
            self._count.notify_all()
