"""What holds for every test: no screen, no real home, no real cloud account."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before Qt is imported anywhere: windows made inside pytest are drawn into memory.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# A test that forgot to say which cloud it means must not find the person's own.
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
_WHOSE = (
    "AWS_ACCESS",
    "AWS_SE",
    "AWS_PROF",
    "AWS_CONTAINER",
    "AWS_WEB",
    "AWS_ROLE",
    "AWS_ENDPOINT",
)
for _name in [name for name in os.environ if name.startswith(_WHOSE)]:
    del os.environ[_name]

# A property is no matter of time: a machine busy with other tests would be taken for a failure.
# A fixture that is made once for a test serves all its examples; a port's suite runs in more than
# one class.
settings.register_profile(
    "tests",
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
    ],
    print_blob=True,
)
settings.load_profile("tests")

pytest_plugins = ["tests.support.session", "tests.support.cloud"]

# A process takes the next file when it is done with one: the files of minutes first, so that all
# end with files of a second or two, and none waits for another's last one.
_LONGEST_FIRST = ("packaging", "e2e", "pipelines", "simulation", "backend", "adapters", "cli", "ui")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, in whole directories."""
    order = {Path(__file__).parent / name: n for n, name in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.parent, len(order)))


@pytest.fixture
def our_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """The application's logger as it is in a process of its own.

    The back-end's Chalice application is called like our package and takes its logger along, if
    other tests have imported it into this process; the two never share one outside of tests.
    """
    logger = logging.getLogger("mydoctransfer")
    monkeypatch.setattr(logger, "propagate", True)
    monkeypatch.setattr(logger, "handlers", [])
    level = logger.level
    logger.setLevel(logging.NOTSET)
    yield logger
    logger.setLevel(level)
