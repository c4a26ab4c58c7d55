"""The back-end's functions: how large, how soon imported, and what a handler takes without AWS.

Everything is what is deployed: the bundle's zip, unpacked, imported by a fresh interpreter; and the
routes as Lambda calls them, from the gateway's event to its answer, over tables in memory, which
count what AWS would have been asked. A handler that waits for nothing takes as long as it computes:
its time is that of its thread, so that what else the machine does is not counted.
"""

import contextlib
import gc
import importlib
import importlib.util
import io
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mydoctransfer_cloud.deploy.bundle import build
from mydoctransfer_cloud.deploy.sources import backend_dir

_NAMES = itertools.count()

# The suite's own world; it is not typed.
_fakes: Any = importlib.import_module("tests.backend.fakes")

CALLS_EACH = 200
PACKAGE_MB, IMPORT_MS, HANDLER_MS = 2.0, 300.0, 5.0
_ENVIRONMENT = (
    "STAGE EPOCH MAIN_TABLE AUDIT_TABLE BUCKET USER_POOL_ID CLIENT_ID GRANT_ROLE_ARN POLICY SECRET"
)


def main(rounds: int) -> None:
    """Print each figure next to its bound."""
    with tempfile.TemporaryDirectory(prefix="mydoctransfer-bench-") as directory:
        code = build(Path(directory) / "bundle").code
        unpacked = Path(directory) / "code"
        zipfile.ZipFile(io.BytesIO(code)).extractall(unpacked)
        _show("package", len(code) / 1e6, "MB", PACKAGE_MB)
        _show("import (cold start)", _import_ms(unpacked, rounds), "ms", IMPORT_MS)
    gateway = _Gateway()
    routes = _routes(gateway)
    gc.freeze()  # as a function does once its parts are built
    for name, call in routes:
        slow = statistics.median(_percentile(call) for _ in range(rounds))
        _show(f"{name}, 95th percentile", slow, "ms", HANDLER_MS)
    for name, asked, largest, bound in _asked(gateway):
        items = f", transactions of at most {largest} items (bound 100)" if largest else ""
        print(f"{name:44} asks AWS for {asked} (bound: {bound}){items}", flush=True)


def _show(name: str, value: float, unit: str, bound: float) -> None:
    print(f"{name:44} {value:8.2f} {unit} (bound {bound:g})", flush=True)


def _import_ms(unpacked: Path, rounds: int) -> float:
    """The median of fresh interpreters, the first one (no bytecode yet) left out."""
    program = "import time; t = time.perf_counter(); import app; print(time.perf_counter() - t)"
    environment = {f"MYDOC_{name}": "x" for name in _ENVIRONMENT.split()}
    times = []
    for _ in range(rounds + 1):
        run = [sys.executable, "-c", program]
        done = subprocess.run(
            run, cwd=unpacked, env=environment, check=True, capture_output=True, text=True
        )
        times.append(float(done.stdout) * 1000)
    return statistics.median(times[1:])


class _Tables:
    """The world's tables; the time spent in them is not the handler's.

    Attributes:
        ms: spent in the tables so far.
    """

    def __init__(self, store: Any) -> None:
        self._store = store
        self.ms = 0.0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def timed(*arguments: Any, **more: Any) -> Any:
            began = time.thread_time()
            try:
                return method(*arguments, **more)
            finally:
                self.ms += (time.thread_time() - began) * 1000

        return timed


class _Gateway:
    """The deployed routes over a world in memory; a person with a hundred documents.

    Attributes:
        last: the body of the last answer.
    """

    def __init__(self, recipients: int = 0) -> None:
        spec = importlib.util.spec_from_file_location("bench_app", backend_dir() / "app.py")
        assert spec is not None and spec.loader is not None
        self._module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self._module)
        self.world = _fakes.World()
        self.ada, self.bob = self.world.person(), self.world.person("Bob")
        self._tables = _Tables(self.world.store)
        parts = replace(self.world.parts, store=self._tables)
        self._module.parts = lambda: parts  # type: ignore[attr-defined]
        self.last: dict[str, Any] = {}
        given = tuple(self.world.person(f"R{n}").person.email for n in range(recipients))
        self.documents = [
            self.world.publish(self.ada, path=f"{n}.txt", people=given) for n in range(100)
        ]

    def call(self, method: str, path: str, body: Any = None, **parameters: str) -> float:
        """Return the milliseconds from event to answer, without those in the tables."""
        self.world.now += 1000  # the token bucket fills
        event = self._event(method, path, body, parameters)
        self._tables.ms = 0.0
        began = time.thread_time()
        with contextlib.redirect_stdout(io.StringIO()):
            answer = self._module.app(event, None)
        took = (time.thread_time() - began) * 1000
        assert answer["statusCode"] == 200, answer
        self.last = json.loads(answer["body"])
        return took - self._tables.ms

    def _event(self, method: str, path: str, body: Any, parameters: dict[str, str]) -> Any:
        now, config = self.world.now // 1000, self.world.config
        claims = {
            "sub": self.ada.sub,
            "email": self.ada.person.email,
            "iss": f"https://x{config.issuer_suffix}",
            "aud": config.client_id,
            "token_use": "id",
            "exp": str(now + 300),
            "iat": str(now),
        }
        context = {"httpMethod": method, "resourcePath": path, "authorizer": {"claims": claims}}
        return {
            "requestContext": context | {"identity": {"sourceIp": "192.0.2.1"}},
            "headers": {"content-type": "application/json"},
            "multiValueQueryStringParameters": None,
            "pathParameters": parameters or None,
            "stageVariables": None,
            "body": "" if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }

    def register(self, count: int) -> list[dict[str, Any]]:
        """Register new files; return the results."""
        self.call("POST", "/uploads", {"files": [_new() for _ in range(count)]})
        results: list[dict[str, Any]] = self.last["results"]
        return results

    def asked(self, call: Callable[[], object]) -> tuple[str, int]:
        """Return how often AWS was asked for what, and the items of the largest transaction."""
        world = self.world
        world.store.forget_costs()
        before = self._looks()
        call()
        counted = Counter(world.store.calls)
        counted.update({kind: n - before[kind] for kind, n in self._looks().items()})
        told = ", ".join(f"{n} {kind}" for kind, n in counted.items() if n)
        return told, max(world.store.transactions, default=0)

    def _looks(self) -> dict[str, int]:
        world = self.world
        return {
            "HeadObject": world.objects.looks,
            "grant": len(world.grants.minted),
            "look into the directory": world.directory.looks,
        }


def _new() -> dict[str, Any]:
    """A file to register."""
    name = f"new {next(_NAMES)}"
    return {
        "op_id": _fakes.op(), "path": name, "display_name": name, "size": 5,
        "sha256": _fakes.sha256(b"hello"),
    }  # fmt: skip


def _asked(gateway: _Gateway) -> list[tuple[str, str, int, str]]:
    """What a request asks AWS for, beside the write of the person's token bucket."""
    registered: list[dict[str, Any]] = []

    def complete() -> None:
        files = [
            {"upload_id": r["upload_id"], "size": 5, "sha256": _fakes.sha256(b"hello")}
            for r in registered
        ]
        gateway.call("POST", "/uploads/complete", {"uploads": files})

    page = gateway.asked(lambda: gateway.call("GET", "/docs"))
    register = gateway.asked(lambda: registered.extend(gateway.register(100)))
    for result in registered:
        gateway.world.objects.put(result["key"], b"hello")
    completed = gateway.asked(complete)
    return [
        ("GET /docs, a page of 100", *page, "one query"),
        ("POST /uploads, 100 files", *register, "three calls and the transactions"),
        ("POST /uploads/complete, 100 files", *completed, "one HeadObject a file"),
    ]


def _routes(gateway: _Gateway) -> list[tuple[str, Callable[[], float]]]:
    documents, given = iter(gateway.documents * CALLS_EACH), _Gateway(recipients=5)

    def rename() -> float:
        name = f"renamed {next(_NAMES)}"
        action = {"op_id": _fakes.op(), "action": "rename", "path": name, "display_name": name}
        share_id = next(documents).share_id
        return gateway.call("POST", "/docs/{share_id}", action, share_id=share_id)

    def share() -> float:
        change = {"op_id": _fakes.op(), "add": [gateway.bob.person.email], "remove": []}
        share_id = next(documents).share_id
        return gateway.call("POST", "/share/{share_id}", change, share_id=share_id)

    return [
        ("GET /me", lambda: gateway.call("GET", "/me")),
        ("GET /docs, a page of 100", lambda: gateway.call("GET", "/docs")),
        ("GET /docs, each with five people", lambda: given.call("GET", "/docs")),
        ("GET /docs/changes", lambda: gateway.call("GET", "/docs/changes")),
        ("POST /docs/{share_id}, rename", rename),
        ("POST /share/{share_id}", share),
        ("POST /uploads, 1 file", lambda: gateway.call("POST", "/uploads", {"files": [_new()]})),
    ]


def _percentile(call: Callable[[], float]) -> float:
    call()  # the first one imports what it needs
    return statistics.quantiles([call() for _ in range(CALLS_EACH)], n=20)[-1]


if __name__ == "__main__":
    main(3)
