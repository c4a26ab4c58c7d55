"""The fast path for small files: many PUTs over kept connections, signed here.

Promises: no byte is sent that is not of the hash that was asked for; no object is overwritten; at
most a few of the bodies are in memory at once. An answer that is not the store's is no success.
"""

import base64
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit
from xml.etree import ElementTree

from mydoctransfer.adapters.objects import failures, signing
from mydoctransfer.adapters.objects.reading import Source
from mydoctransfer.adapters.pace import Pace
from mydoctransfer.adapters.web import Reply, Web
from mydoctransfer.engine.ports import Failure, Grant, SmallPut

CONNECTIONS = 16
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
    ) -> None:
        self._endpoint = endpoint
        self._source = source
        self._web = web
        self._offset_ms = offset_ms
        self._pace = pace
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="plane")
        self._memory = _Memory(_IN_MEMORY)

    def put_many(self, grant: Grant, puts: Sequence[SmallPut]) -> list[Failure | None]:
        """Send these files; answers in their order."""
        return list(self._threads.map(lambda put: self._put(grant, put), puts))

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _put(self, grant: Grant, put: SmallPut) -> Failure | None:
        with self._memory.taken(put.expects.size):
            content = self._source.whole(put.path, put.expects, put.sha256)
            if isinstance(content, Failure):
                return content
            return self._send(grant, put, content)

    def _send(self, grant: Grant, put: SmallPut, content: bytearray) -> Failure | None:
        reply = self._ask(grant, put, content)
        if isinstance(reply, Failure) and reply.code == "offline":
            # A kept connection may have been closed by the other side meanwhile.
            reply = self._ask(grant, put, content)
        return reply if isinstance(reply, Failure) else _verdict(reply)

    def _ask(self, grant: Grant, put: SmallPut, content: bytearray) -> Reply | Failure:
        base, path = address(self._endpoint, grant, put.key)
        now = time.gmtime(time.time() + self._offset_ms() / 1000)
        headers = {
            "if-none-match": "*",
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(put.sha256)).decode("ascii"),
        }
        uri = signing.canonical_uri(path)
        signed = signing.signed_headers(
            grant,
            urlsplit(base).netloc,
            uri,
            headers,
            put.sha256,
            time.strftime("%Y%m%dT%H%M%SZ", now),
        )
        # Said here, because a body that is paced does not tell its length.
        lengthy = {**signed, "Content-Length": str(len(content))}
        return self._web.ask("PUT", base + uri, lengthy, self._pace.body(content))


def address(endpoint: str | None, grant: Grant, key: str) -> tuple[str, str]:
    """Return the store's base address and the object's path beneath it."""
    if endpoint is not None:
        return endpoint.rstrip("/"), f"/{grant.bucket}/{key}"
    suffix = "amazonaws.com.cn" if grant.region.startswith("cn-") else "amazonaws.com"
    return f"https://{grant.bucket}.s3.{grant.region}.{suffix}", f"/{key}"


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


def _verdict(reply: Reply) -> Failure | None:
    if reply.status == 200 and "etag" in reply.headers:
        return None
    code, message = _error_in(reply.body)
    if code == "PreconditionFailed" or (reply.status == 412 and not code):
        # The key was made for this upload alone: what lies there is what an earlier try has sent.
        return None
    if code:
        return failures.failure(code, reply.status, message, reply.retry_after)
    if reply.status in (500, 502, 503, 504, 429):
        return failures.failure("", reply.status, "", reply.retry_after)
    return failures.foreign()


def _error_in(body: bytes) -> tuple[str, str]:
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError):
        return "", ""
    if root.tag.rpartition("}")[2] != "Error":
        return "", ""
    return root.findtext("Code") or "", root.findtext("Message") or ""
