"""The emulator, with what it lacks for holding a person's documents on a small machine.

ministack 1.5.33 is pinned exactly, so the places changed here are known; tests of the local
cloud fail if one of them is gone.

*Waiting for logs.* After every invocation it waits 50 ms for log lines the function may not
write. Three are enough: the pipe was drained while the function ran.

*Fan-out.* It starts a process for every event and every call in flight: 2,000 small uploads
would start dozens of interpreters on two cores. AWS queues events and bounds concurrency; so
does this: events wait for one of EVENT_WORKERS, also over a restart, calls for one of
CALL_WORKERS.

*Precedence.* Events are handled when nobody has waited for a call for CALM, or after PATIENCE:
a program that makes one call after another is waited for by somebody, too.

*Updates.* Another version of a function kills its workers in the middle of a call. AWS lets
those under way end; so does this.

*Signing up.* It lets everybody, also where a pool leaves that to its administrators.

What its API Gateway lacks is `gateway`'s business; what it works out again and again,
`remembering`'s; that it saves its state only when it ends, `snapshots`'.
"""

import contextvars
import functools
import itertools
import json
import math
import os
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ministack import app as _ministack
from ministack.core import lambda_runtime as _runtime
from ministack.core.persistence import save_all
from ministack.services import cognito as _cognito
from ministack.services import lambda_svc as _lambda

from mydoctransfer_cloud.localcloud import gateway, remembering

EVENT_WORKERS = 2
CALL_WORKERS = min(8, max(2, os.cpu_count() or 1))
"""One for each core: what they wait for, the emulator, works on the same ones, and each start of
an interpreter costs as much as registering a hundred files."""
RETRY_SECONDS = (1.0, 10.0)
"""An event whose function failed is tried again after these, then given up, as on AWS."""
PATIENCE = 0.25
"""Seconds an event lets calls go first."""
CALM = 0.1
"""Seconds after the last call."""
CLOSE_SECONDS = 35.0
"""Longer than a function may run."""

Invoke = Callable[[Any, Any], Any]

# Typed loosely: the emulator is untyped here and there, and most of these are changed.
application: Any = _ministack.app
_worker: Any = _runtime.Worker
_functions: Any = _lambda
_processes: Any = _runtime
_pools: Any = _cognito


def prepare() -> "Events":
    """Change what is said above; return the queue of events."""
    _worker._drain_stderr_bounded = functools.partialmethod(
        _worker._drain_stderr_bounded, first_line_wait=0.003, idle_confirm=0.001
    )
    execute = _bounded(_functions._execute_function)
    calls = Calls(execute)
    _functions._execute_function = calls.execute
    gateway.prepare()
    remembering.prepare()
    _let_calls_end()
    _pools._sign_up = _where_it_is_allowed(_pools._sign_up)
    events = Events(execute, calls)
    _functions.invoke_async_with_retry = events.put
    return events


def _let_calls_end() -> None:
    """Kill a worker that is at work when it is done, not when it is dismissed."""
    kill, lock = _processes.kill_workers, _processes._lock
    dismissed: set[Any] = set()

    def kill_idle(workers: list[Any]) -> None:
        with lock:
            busy = {worker for worker in workers if worker.in_use}
            dismissed.update(busy)
        kill([worker for worker in workers if worker not in busy])

    def release(worker: Any) -> None:
        if worker is None:  # it broke, and is out of the pool
            return
        with lock:
            worker.in_use = False
            is_dismissed = worker in dismissed
            dismissed.discard(worker)
        if is_dismissed:
            kill([worker])

    _processes.kill_workers, _functions.release_worker = kill_idle, release


def _where_it_is_allowed(sign_up: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`sign_up`, refused in AWS's words by a pool whose administrators make the accounts."""

    def checked(asked: Any) -> Any:
        for pool in _pools._user_pools.values():
            is_closed = (pool.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly")
            if is_closed and asked.get("ClientId") in pool["_clients"]:
                said = "SignUp is not permitted for this user pool"
                return _pools.error_response_json("NotAuthorizedException", said, 400)
        return sign_up(asked)

    return checked


def end_functions() -> None:
    """End the functions' processes; return when they are gone.

    Their pipes close with this process, but they would outlive it by as long as they take to end.
    """
    _processes.reset()


def save_services(state: Path) -> None:
    """Write the state of every service to the state directory.

    Raises:
        OSError: something could not be written, for example because the disk is full.
    """
    started = time.time()
    save_all(_saved_services())
    check_saved(state, since=started)


def check_saved(state: Path, since: float) -> None:
    """Look whether the state was written; the emulator only logs that it could not.

    Raises:
        OSError: a file is older.
    """
    for service in _saved_services().keys() & {"cloudformation", "cognito", "dynamodb", "s3"}:
        file = state / f"{service}.json"
        # One second, since file systems' clocks are coarser than time.time().
        if not file.exists() or file.stat().st_mtime < since - 1:
            raise OSError(f"the local cloud's state could not be saved to {file}")


def _saved_services() -> dict[str, Any]:
    """Services that have been used in this run, by the name of their file."""
    used: Any = _ministack._build_persistence_save_dict
    return dict(used())


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


class Calls:
    """Invocations somebody waits for."""

    def __init__(self, execute: Invoke) -> None:
        self._execute = execute
        self._running = 0
        self._ended = -math.inf
        self._changed = threading.Condition()

    def execute(self, function: Any, event: Any) -> Any:
        """Invoke a function."""
        with self._changed:
            self._running += 1
        try:
            return self._execute(function, event)
        finally:
            with self._changed:
                self._running -= 1
                self._ended = time.monotonic()
                self._changed.notify_all()

    def go_first(self) -> None:
        """Return when none has been running for CALM, or after PATIENCE."""
        ends = time.monotonic() + PATIENCE
        with self._changed:
            while (left := self._begins(ends) - time.monotonic()) > 0:
                self._changed.wait(left)

    def _begins(self, ends: float) -> float:
        """Return when an event may begin, if no call begins or ends before."""
        return ends if self._running else min(ends, self._ended + CALM)


@dataclass(frozen=True, slots=True)
class Event:
    """An invocation nobody waits for.

    Attributes:
        function: the emulator's record of a function.
        context: whose account and region it is.
    """

    function: Any
    payload: Any
    context: contextvars.Context


class Events:
    """Invocations nobody waits for, in order of arrival, a few at a time, each at least once."""

    def __init__(self, execute: Invoke, calls: Calls) -> None:
        self._execute = execute
        self._calls = calls
        self._queue: queue.SimpleQueue[tuple[int, tuple[float, ...]]] = queue.SimpleQueue()
        self._pending: dict[int, Event] = {}
        self._numbers = itertools.count()
        self._closing = threading.Event()
        self._workers = [
            threading.Thread(target=self._work, daemon=True, name="events")
            for _ in range(EVENT_WORKERS)
        ]
        for worker in self._workers:
            worker.start()

    def put(self, function: Any, payload: Any) -> None:
        """Queue one invocation, on behalf of the account and region of the caller."""
        number = next(self._numbers)
        self._pending[number] = Event(function, payload, contextvars.copy_context())
        self._queue.put((number, RETRY_SECONDS))

    def close(self) -> None:
        """Begin no other event; return when those begun are done."""
        self._closing.set()
        for _ in self._workers:
            self._queue.put((-1, ()))
        for worker in self._workers:
            worker.join(CLOSE_SECONDS)

    def save(self, path: Path) -> None:
        """Write down what is not done, for the next start."""
        undone = [
            [(event.function.get("config") or event.function)["FunctionArn"], event.payload]
            for event in self._pending.copy().values()
        ]
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(undone), "utf-8")
        beside.replace(path)

    def restore(self, path: Path) -> None:
        """Queue what an earlier run left undone. Events of functions now gone go with them."""
        if not path.exists():
            return
        for arn, payload in json.loads(path.read_text("utf-8")):
            function, config, _ = _functions._get_func_record_for_ref(arn)
            if function and config:
                self.put(_functions._execution_record_for_config(function, config), payload)

    def _work(self) -> None:
        while not self._closing.is_set():
            number, delays = self._queue.get()
            if event := self._pending.get(number):
                self._attempt(number, event, delays)

    def _attempt(self, number: int, event: Event, delays: tuple[float, ...]) -> None:
        failed = True
        self._calls.go_first()
        try:
            answer = event.context.run(self._execute, event.function, event.payload)
            failed = bool(answer.get("error"))
        finally:
            if failed and delays:
                timer = threading.Timer(delays[0], self._queue.put, [(number, delays[1:])])
                timer.daemon = True
                timer.start()
            else:
                del self._pending[number]
