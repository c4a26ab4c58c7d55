"""One way to ask a web server, for the API, the user pool and the bytes.

Promises: TLS 1.2 or better, verified against the system's authorities (SSL_CERT_FILE, AWS_CA_BUNDLE
and REQUESTS_CA_BUNDLE add others); a deadline on every question, however slowly the answer drips;
no redirect followed; an answer of bounded size; the environment's proxies used, except to this
machine itself. Whatever goes wrong on the way is a `Failure` OFFLINE with a sentence; its code says
whether the request may have been received (ANSWER_LOST, TIMEOUT). What an answer means is left to
the caller.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from mydoctransfer.adapters.pace import PacedBody
from mydoctransfer.adapters.replies import Deadlines, Headers, Reply, Sink
from mydoctransfer.engine.ports import Failure

__all__ = ["Deadlines", "Headers", "Reply", "Sink", "Web"]


class Web:
    """Keeps connections and asks. Any thread may call it."""

    def __init__(
        self,
        deadlines: Deadlines | None = None,
        environ: Mapping[str, str] = os.environ,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        max_body: int = 32 * 1024 * 1024,
    ) -> None:
        self._settings = deadlines or Deadlines(), environ, wall_ms, max_body
        self._lock = threading.Lock()
        self._known: Any = None

    def ask(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: bytes | bytearray | PacedBody | None = None,
    ) -> Reply | Failure:
        """Send one request and return the whole answer, whatever its status."""
        reply: Reply | Failure = self._line().ask(method, url, headers, body)
        return reply

    def fetch(
        self, url: str, headers: Headers, accept: Callable[[int, Headers], Sink | None]
    ) -> Reply | Failure:
        """GET something large: `accept` is asked, with status and headers, where the body goes.

        Each piece has its deadline, the whole has none: a slow line is no error (G08). The body is
        not in the reply. An exception of the sink passes through.
        """
        reply: Reply | Failure = self._line().fetch(url, headers, accept)
        return reply

    def close(self) -> None:
        """Close every idle connection."""
        if self._known is not None:
            self._known.close()

    def _line(self) -> Any:
        # urllib3 takes 70 ms to import: `status`, `ls` and the window's first picture need none.
        from mydoctransfer.adapters.line import Line

        with self._lock:
            if self._known is None:
                self._known = Line(*self._settings)
            return self._known
