"""The back-end's functions: how large, how soon imported, and what a handler takes without AWS.

Everything is what is deployed: the bundle's zip, unpacked, imported by a fresh interpreter; and the
routes as Lambda calls them, from the gateway's event to its answer, over tables in memory.
"""

import contextlib
import importlib
import importlib.util
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mydoctransfer_cloud.deploy.bundle import build
from mydoctransfer_cloud.deploy.sources import backend_dir

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
    for name, event in _routes():
        _show(f"{name}, 95th percentile", _percentile(event), "ms", HANDLER_MS)


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
            began = time.perf_counter()
            try:
                return method(*arguments, **more)
            finally:
                self.ms += (time.perf_counter() - began) * 1000

        return timed


class _Gateway:
    """The deployed routes over a world in memory; a person with a hundred documents."""

    def __init__(self) -> None:
        spec = importlib.util.spec_from_file_location("bench_app", backend_dir() / "app.py")
        assert spec is not None and spec.loader is not None
        self._module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self._module)
        self.world = _fakes.World()
        self.ada, self.bob = self.world.person(), self.world.person("Bob")
        self._tables = _Tables(self.world.store)
        parts = replace(self.world.parts, store=self._tables)
        self._module.parts = lambda: parts  # type: ignore[attr-defined]
        self.documents = [self.world.publish(self.ada, path=f"{n}.txt") for n in range(100)]

    def call(self, method: str, path: str, body: Any = None, **parameters: str) -> float:
        """Return the milliseconds from event to answer, without those in the tables."""
        self.world.now += 1000  # the token bucket fills
        event = self._event(method, path, body, parameters)
        self._tables.ms = 0.0
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            answer = self._module.app(event, None)
        took = (time.perf_counter() - began) * 1000
        assert answer["statusCode"] == 200, answer
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


def _routes() -> list[tuple[str, Callable[[], float]]]:
    gateway = _Gateway()
    documents = iter(gateway.documents * CALLS_EACH)
    names = iter(range(1_000_000))

    def upload() -> dict[str, Any]:
        name = f"new {next(names)}"
        return {
            "op_id": _fakes.op(), "path": name, "display_name": name, "size": 5,
            "sha256": _fakes.sha256(b"hello"),
        }  # fmt: skip

    def rename() -> float:
        name = f"renamed {next(names)}"
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
        ("GET /docs/changes", lambda: gateway.call("GET", "/docs/changes")),
        ("POST /docs/{share_id}, rename", rename),
        ("POST /share/{share_id}", share),
        ("POST /uploads, 1 file", lambda: gateway.call("POST", "/uploads", {"files": [upload()]})),
    ]


def _percentile(call: Callable[[], float]) -> float:
    call()  # the first one imports what it needs
    return statistics.quantiles([call() for _ in range(CALLS_EACH)], n=20)[-1]


if __name__ == "__main__":
    main(3)
