"""The fast path for small files: many PUTs over kept connections, signed here.

Promises: no byte is sent that is not of the hash that was asked for; no object is overwritten; at
most a few of the bodies are in memory at once. An answer that is not the store's is no success.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from mydoctransfer.adapters.objects import puts
from mydoctransfer.adapters.objects.reading import Source
from mydoctransfer.adapters.objects.sending import Outcome, Unsent
from mydoctransfer.adapters.objects.workers import Workers
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.adapters.replies import ANSWER_LOST
from mydoctransfer.adapters.web import Reply, Web
from mydoctransfer.engine.ports import Arrived, Failure, Grant, SmallPut

CONNECTIONS = 16
MANY = 32  # files in one call from which processes are worth their start
LIGHT = 128 * 1024  # bytes up to which it is Python that takes the time, not the line
_IN_MEMORY = 48 * 1024 * 1024  # bytes of bodies at once


class Plane:
    """Sends small files.

    Args:
        endpoint: the store's address; None is AWS. offset_ms: the server's clock minus this one.
    """

    def __init__(
        self,
        endpoint: str | None,
        source: Source,
        web: Web,
        offset_ms: Callable[[], int],
        pace: Pace,
        workers: Workers,
    ) -> None:
        self._workers = workers
        self._endpoint = endpoint
        self._source = source
        self._web = web
        self._offset_ms = offset_ms
        self._pace = pace
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="plane")
        self._memory = _Memory(_IN_MEMORY)
        self._is_direct = True  # until a grant says where the store is

    def expect(self, sizes: Sequence[int]) -> None:
        """Files of so many bytes will come in a moment. Returns at once."""
        is_worth_it = sum(size <= LIGHT for size in sizes) >= MANY
        if is_worth_it and self._is_direct and not self._pace.is_limited:
            self._workers.expect()

    def put_many(self, grant: Grant, files: Sequence[SmallPut]) -> list[Arrived | Failure]:
        """Send these files; answers in their order.

        Many little ones go through other processes, unless every byte is counted or a proxy is
        asked. Why one did not get through there is found out here, by sending it again.
        """
        light = [n for n, put in enumerate(files) if put.expects.size <= LIGHT]
        outcomes: dict[int, Outcome] = {}
        self._is_direct = puts.is_direct(self._endpoint, grant)
        if len(light) >= MANY and self._is_direct and not self._pace.is_limited:
            asked = self._workers.put_many(grant, [files[n] for n in light], self._offset_ms())
            outcomes = dict(zip(light, asked, strict=True))
        left = {
            n: self._threads.submit(self._put, grant, put)
            for n, put in enumerate(files)
            if isinstance(outcomes.get(n, _UNSENT), Unsent)
        }
        outcomes |= {n: future.result() for n, future in left.items()}
        return [_settled(outcomes[n]) for n in range(len(files))]

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._workers.close()

    def _put(self, grant: Grant, put: SmallPut) -> Arrived | Failure:
        with self._memory.taken(put.expects.size):
            content = self._source.whole(put.path, put.expects, put.sha256)
            if isinstance(content, Failure):
                return content
            return self._send(grant, put, content)

    def _send(self, grant: Grant, put: SmallPut, content: bytearray) -> Arrived | Failure:
        reply = self._ask(grant, put, content)
        if isinstance(reply, Failure) and reply.code == ANSWER_LOST:
            # A kept connection may have been closed by the other side meanwhile.
            reply = self._ask(grant, put, content)
        return reply if isinstance(reply, Failure) else puts.verdict(reply)

    def _ask(self, grant: Grant, put: SmallPut, content: bytearray) -> Reply | Failure:
        base, target, headers = puts.question(self._endpoint, grant, put, self._offset_ms())
        # Said here, because a body that is paced does not tell its length.
        lengthy = {**headers, "Content-Length": str(len(content))}
        return self._web.ask("PUT", base + target, lengthy, self._pace.body(content))


class _Memory:
    """How many bytes may be held at once, over all threads."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._changed = threading.Condition()
        self._size = size

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        size = min(size, self._size)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= size)
            self._free -= size
        try:
            yield
        finally:
            with self._changed:
                self._free += size
                self._changed.notify_all()


def _settled(outcome: Outcome) -> Arrived | Failure:
    assert not isinstance(outcome, Unsent)  # asked again above
    return outcome


_UNSENT = Unsent()
