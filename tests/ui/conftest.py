"""The window over a stand-in for what lies outside it."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mydoctransfer.ui.application import calm_collector, dress
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import Outside
from tests.ui.stalls import Watchdog

HERE = __name__.rpartition(".")[0].replace(".", "/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says what it cannot do (size hints, raising) of every window."""
    for item in items:
        if HERE in item.nodeid:
            item.add_marker(
                pytest.mark.qt_log_ignore("This plugin does not support", "systemTrayWindowChanged")
            )


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """Every test begins light, in English, from left to right."""
    if qapp.property("is_dressed") is None:
        dress(qapp, QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        qapp.setProperty("is_dressed", True)


@pytest.fixture(scope="session")
def swept() -> None:
    """Leave to the garbage collector only what a test makes: the tests' own past is no stall."""
    gc.collect()
    calm_collector()


@pytest.fixture(autouse=True)
def stalls(request: pytest.FixtureRequest, qapp: QApplication, swept: None) -> Iterator[Watchdog]:
    """No test may keep the event loop for longer than the eye forgives."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # of the test before
    made = Watchdog()
    made.start()
    yield made
    made.stop()
    # The model tester looks at the whole model at each of its signals, which takes as long as it
    # takes: it is the test's own time.
    if "qtmodeltester" not in request.fixturenames:
        assert not made.too_long, "turns of the event loop that took too long, in seconds"


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def bridge(outside: Outside, qapp: QApplication) -> Bridge:
    return Bridge(outside)


@pytest.fixture
def window(bridge: Bridge, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(bridge)
    qtbot.addWidget(made, before_close_func=lambda window: setattr(window, "_is_quitting", True))
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.tray.stop()
