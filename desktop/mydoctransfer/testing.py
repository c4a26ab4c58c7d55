"""The aids of outside tests: environment variables MYDOCTRANSFER_TEST_*, ignored in a release.

None of them can disable a signature, TLS, keyring or authorisation check (design §6). A release is
what carries the module `mydoctransfer._release`, which `packaging/` writes into wheels.

| variable                          | instead of                                              |
|-----------------------------------|---------------------------------------------------------|
| MYDOCTRANSFER_TEST_DELETE_GRACE   | the 60 s between the two looks that make a deletion     |
| MYDOCTRANSFER_TEST_POLL           | the 15 s between two questions to the cloud             |
| MYDOCTRANSFER_TEST_KILL           | living on when the point of this name is reached        |

A kill point is `PORT.CALL.before` or `PORT.CALL.after` for every call of the ports `journal`,
`cloud`, `objects` and `inbox` (`journal.intend.after`: the keys are on disk, nothing was sent), and
`journal.commit` (inside each transaction, before it counts), `bytes.midway` (between two pieces of
a body, either way), `inbox.rename.before` and `inbox.rename.after`. `NAME:n` is the n-th time.
"""

import functools
import importlib.util
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

Port = TypeVar("Port")


def seconds(name: str, usual: float) -> float:
    """Return the seconds MYDOCTRANSFER_TEST_`name` asks for, or `usual`."""
    asked = _asked(name)
    return usual if asked is None else float(asked)


def reach(point: str) -> None:
    """Die here, as by a power cut, if MYDOCTRANSFER_TEST_KILL says so."""
    wish = _wish()
    if wish is not None and wish.point == point and next(wish.times) == wish.number:
        _die()


def killable(port: Port, name: str) -> Port:
    """Return a port whose calls are kill points; the port itself if none is asked for."""
    wish = _wish()
    if wish is None or not wish.point.startswith(f"{name}."):
        return port
    return cast(Port, _Killable(port, name))


def _asked(name: str) -> str | None:
    if importlib.util.find_spec("mydoctransfer._release") is not None:
        return None
    return os.environ.get(f"MYDOCTRANSFER_TEST_{name}")


@dataclass(frozen=True, slots=True)
class _Wish:
    """Where to die; `times` counts from 1 how often that point was reached, by any thread."""

    point: str
    number: int
    times: Iterator[int] = field(default_factory=lambda: itertools.count(1))


@functools.cache
def _wish() -> _Wish | None:
    asked = _asked("KILL")
    if not asked:
        return None
    point, _, number = asked.partition(":")
    return _Wish(point, int(number or 1))


class _Killable:
    def __init__(self, port: object, name: str) -> None:
        self._port = port
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._port, attribute)
        if not callable(found):
            return found
        return _killable_call(found, f"{self._name}.{attribute}")


def _killable_call(call: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(call)
    def made(*args: Any, **named: Any) -> Any:
        reach(f"{name}.before")
        answer = call(*args, **named)
        reach(f"{name}.after")
        return answer

    return made


def _die() -> None:
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)
