"""Requests on the line, by urllib3: connections, TLS, proxies, a sentence for every mishap."""

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

import urllib3
from urllib3 import exceptions

from mydoctransfer.adapters.connection import is_loopback
from mydoctransfer.adapters.pace import PacedBody
from mydoctransfer.adapters.replies import (
    ANSWER_LOST,
    TIMEOUT,
    Deadlines,
    Headers,
    Reply,
    Sink,
)
from mydoctransfer.engine.ports import Failure, FailureKind

_CHUNK = 256 * 1024
# Where companies name their own authority for boto3, which sends the large files.
_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


class Line:
    """The connections behind one `Web`, which says what its calls promise."""

    def __init__(
        self,
        deadlines: Deadlines,
        environ: Mapping[str, str],
        wall_ms: Callable[[], int],
        max_body: int,
    ) -> None:
        self._deadlines = deadlines
        self._environ = environ
        self._wall_ms = wall_ms
        self._max_body = max_body
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._lock = threading.Lock()

    def ask(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: bytes | bytearray | PacedBody | None = None,
    ) -> Reply | Failure:
        ends = time.monotonic() + self._deadlines.total
        asked = self._wall_ms()
        try:
            response = self._pool_for(url).request(
                method,
                url,
                body=body,  # type: ignore[arg-type]  # a RawIOBase is as good as an IO
                headers={"User-Agent": "MyDocTransfer/0.1", **headers},
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=self._deadlines.connect, read=self._deadlines.read),
            )
            answered = self._wall_ms()
            if isinstance(body, PacedBody):
                ends += body.waited
            try:
                content = self._read(response, ends)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        except (exceptions.HTTPError, OSError, ValueError) as exc:
            return _failure(exc, urlsplit(url).hostname or url)
        if response.status == 407:
            return _PROXY_WANTS_NAME
        lower = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status, lower, content, *_offset(lower, asked, answered))

    def fetch(
        self, url: str, headers: Headers, accept: Callable[[int, Headers], Sink | None]
    ) -> Reply | Failure:
        try:
            response = self._pool_for(url).request(
                "GET",
                url,
                headers={
                    "User-Agent": "MyDocTransfer/0.1",
                    "Accept-Encoding": "identity",
                    **headers,
                },
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=self._deadlines.connect, read=self._deadlines.read),
            )
        except (exceptions.HTTPError, OSError, ValueError) as exc:
            return _failure(exc, urlsplit(url).hostname or url)
        try:
            lower = {name.lower(): value for name, value in response.headers.items()}
            sink = accept(response.status, lower)
            while sink is not None:
                try:
                    chunk = response.read1(_CHUNK, decode_content=False)
                except (exceptions.HTTPError, OSError, ValueError) as exc:
                    return _failure(exc, urlsplit(url).hostname or url)
                if not chunk:
                    return Reply(response.status, lower, b"")
                sink(chunk)
            return Reply(response.status, lower, b"")
        finally:
            # Not kept: what was not read to its end would be the next one's answer.
            response.close()

    def close(self) -> None:
        with self._lock:
            for pool in self._pools.values():
                pool.clear()
            self._pools.clear()

    def _read(self, response: urllib3.BaseHTTPResponse, ends: float) -> bytes:
        content = bytearray()
        while chunk := response.read1(_CHUNK):
            content += chunk
            if len(content) > self._max_body:
                raise exceptions.HTTPError("the answer is too long")
            if time.monotonic() > ends:
                raise exceptions.TimeoutError("the answer takes too long")
        return bytes(content)

    def _pool_for(self, url: str) -> urllib3.PoolManager:
        proxy = proxy_for(url, self._environ)
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = _pool(proxy, self._environ)
            return self._pools[proxy]


def _pool(proxy: str, environ: Mapping[str, str]) -> urllib3.PoolManager:
    if not proxy:
        return urllib3.PoolManager(num_pools=4, maxsize=16, ssl_context=tls_context(environ))
    parts = urlsplit(proxy)
    name = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return urllib3.ProxyManager(
        parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(),
        num_pools=4,
        maxsize=16,
        ssl_context=tls_context(environ),
        proxy_headers=urllib3.make_headers(proxy_basic_auth=name) if parts.username else None,
    )


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return what every connection of ours trusts: the system's authorities and those named."""
    # Not create_default_context(): that one writes the session keys to SSLKEYLOGFILE.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    for name in _BUNDLES:
        if (bundle := environ.get(name)) and os.path.isfile(bundle):
            context.load_verify_locations(bundle)
    return context


def proxy_for(url: str, environ: Mapping[str, str]) -> str:
    """Return the proxy's address for a URL; empty where none is asked."""
    parts = urlsplit(url)
    if is_loopback(url):
        return ""
    # As urllib does: lower-case names win, and HTTP_PROXY is not believed where it may have come
    # from a request's header.
    known = {name.lower()[:-6]: value for name, value in environ.items() if _is_proxy(name)}
    known |= {name[:-6]: value for name, value in environ.items() if name.endswith("_proxy")}
    if "REQUEST_METHOD" in environ and "http_proxy" not in environ:
        known.pop("http", None)
    if proxy_bypass_environment(parts.netloc, known):
        return ""
    proxy = known.get(parts.scheme) or known.get("all", "")
    if not proxy:
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_proxy(name: str) -> bool:
    return name.lower().endswith("_proxy")


def _offset(headers: Headers, asked: int, answered: int) -> tuple[int | None, int | None]:
    try:
        date = int(parsedate_to_datetime(headers.get("date", "")).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None, None
    # The server wrote its date between `asked` and `answered`, and cut it to whole seconds.
    return date - answered, date + 999 - asked


_PROXY_WANTS_NAME = Failure(
    FailureKind.OFFLINE,
    "The network's proxy asks for a name and a password. Put them into the proxy's address "
    "(http://name:password@host:port) and try again.",
    "proxy_auth",
)


def _failure(exc: BaseException, host: str) -> Failure:
    """Return the sentence for what went wrong on the way to `host`."""
    causes = [exc]
    while (cause := _cause(causes[-1])) is not None and cause not in causes:
        causes.append(cause)
    text = " ".join(str(cause) for cause in causes)
    if any(isinstance(c, exceptions.ProxyError) for c in causes):
        if " 407 " in f" {text} ":
            return _PROXY_WANTS_NAME
        return _offline("The network's proxy cannot be reached, or refuses to connect.", "proxy")
    if any(isinstance(c, exceptions.SSLError | ssl.SSLError) for c in causes):
        return _offline(
            f"The connection to {host} is not secure: {_why_insecure(causes)}. Nothing was sent.",
            "tls",
        )
    if any(isinstance(c, exceptions.NameResolutionError | socket.gaierror) for c in causes):
        return _offline(f"{host} cannot be found. Is this computer online?")
    if any(isinstance(c, exceptions.NewConnectionError) for c in causes):
        return _unconnected(host)
    if any(isinstance(c, exceptions.TimeoutError | TimeoutError) for c in causes):
        is_sent = not any(isinstance(c, exceptions.ConnectTimeoutError) for c in causes)
        sentence = f"{host} does not answer. Try again in a while."
        return _offline(sentence, TIMEOUT) if is_sent else _offline(sentence)
    if any(isinstance(c, exceptions.ProtocolError | ConnectionError) for c in causes):
        return _offline(f"{host} broke off before its answer was whole. Try again.", ANSWER_LOST)
    return _unreachable(host)


def _unconnected(host: str) -> Failure:
    if is_loopback(f"//{host}"):
        return _offline(
            "The cloud on this machine does not run; `mydoctransfer local up` starts it."
        )
    return _unreachable(host)


def _unreachable(host: str) -> Failure:
    return _offline(f"{host} cannot be reached. Check the network and try again.")


def _cause(exc: BaseException) -> BaseException | None:
    for name in ("original_error", "reason"):
        if isinstance(inner := getattr(exc, name, None), BaseException):
            return inner
    return exc.__cause__ or exc.__context__


def _why_insecure(causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({cause.verify_message.rstrip('.')})"
    return "no safe way to talk could be agreed on"


def _offline(message: str, code: str = "offline") -> Failure:
    return Failure(FailureKind.OFFLINE, message, code)
