"""Fixtures: a desktop session for the tests that need one.

`session` is shared by the whole run and tidied after each test; `new_session` starts one of another
kind (no tray, locked keyring, dark, scaled, right to left). When a test that used one fails, what
was on screen is kept under `out/failures/`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.desktop import Desktop, DesktopSession

NewSession = Callable[..., DesktopSession]

_FAILURES = Path(__file__).parents[2] / "out" / "failures"
_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def shared_session() -> Iterator[DesktopSession]:
    """The session behind `session`; tests take that one."""
    with DesktopSession() as desktop:
        yield desktop


@pytest.fixture
def session(
    shared_session: DesktopSession, request: pytest.FixtureRequest
) -> Iterator[DesktopSession]:
    """A desktop with tray, notifications and keyring; what a test launches ends with the test."""
    shared_session.forget_notifications()
    yield shared_session
    _keep_picture(shared_session, request)
    shared_session.stop_launched()


@pytest.fixture
def new_session(request: pytest.FixtureRequest) -> Iterator[NewSession]:
    """Starts a desktop of another kind: `new_session(tray=False, keyring="locked")`."""
    with ExitStack() as sessions:

        def start(**options: object) -> DesktopSession:
            desktop = DesktopSession(Desktop(**options))  # type: ignore[arg-type]
            sessions.enter_context(desktop)
            sessions.callback(_keep_picture, desktop, request)
            return desktop

        yield start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def _keep_picture(desktop: DesktopSession, request: pytest.FixtureRequest) -> None:
    if not request.node.stash.get(_FAILED, False):
        return
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.nodeid)
    desktop.screenshot(_FAILURES / f"{name[-150:]}.png")
    (_FAILURES / f"{name[-150:]}.txt").write_text(desktop.account(), "utf-8")
