"""Going to another account: its window is raised, or its program started with its home."""

import json
import queue
import sys
from pathlib import Path

import pytest

from mydoctransfer.adapters import control, profiles
from mydoctransfer.adapters import home as homes
from mydoctransfer.adapters.accounts import Accounts
from mydoctransfer.adapters.connection import pasted
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.wishes import Show, Wish
from tests.adapters.test_profiles import CLOUD
from tests.support.waiting import wait_for

TELLS = """
import json, os, sys
told = {"arguments": sys.argv[2:], "environment": dict(os.environ), "session": os.getsid(0)}
open(sys.argv[1] + ".part", "w").write(json.dumps(told))
os.rename(sys.argv[1] + ".part", sys.argv[1])
"""


def connected(home: Home) -> Home:
    home.prepare()
    HomeSettings(home, FolderDisk, lambda path: path).connect(pasted(CLOUD))
    return home


@pytest.fixture
def own(tmp_path: Path) -> Home:
    return connected(homes.find(str(tmp_path / "home")))


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "told.json"


@pytest.fixture
def accounts(own: Home, told: Path) -> Accounts:
    """The accounts, with a program that writes down how it was started."""

    def program(home: str | None) -> tuple[str, ...]:
        options = () if home is None else ("--home", home)
        return (sys.executable, "-c", TELLS, str(told), *options)

    environ = {"MYDOCTRANSFER_HOME": "/elsewhere", "MYDOCTRANSFER_EMAIL": "a@b", "LANG": "C"}
    return Accounts(own, program, environ)


def test_another_account_is_started_with_its_home_and_nothing_of_ours(
    accounts: Accounts, own: Home, told: Path
) -> None:
    two = connected(profiles.make(own))
    accounts.open(two.key)
    wait_for(told.exists)
    how = json.loads(told.read_text())
    assert how["arguments"] == ["--home", str(two.config_file.parent)]
    assert how["environment"].get("LANG") == "C"
    assert not {"MYDOCTRANSFER_HOME", "MYDOCTRANSFER_EMAIL"} & how["environment"].keys()


def test_an_account_that_runs_is_raised_and_not_started(
    accounts: Accounts, own: Home, told: Path
) -> None:
    two = connected(profiles.make(own))
    wishes: queue.Queue[Wish] = queue.Queue()
    window = control.window_server(two.runtime(), wishes.put)
    window.start()
    try:
        accounts.open(two.key)
        assert wishes.get(timeout=10) == Show()
    finally:
        window.close()
    assert not told.exists()


def test_one_more_account_begins_in_a_home_of_its_own(
    accounts: Accounts, own: Home, told: Path
) -> None:
    accounts.add()
    wait_for(told.exists)
    assert json.loads(told.read_text())["arguments"] == ["--home", str(own.profiles / "2")]
    assert [account.key for account in accounts.known()] == [own.key]
    assert len(accounts.every()) == 2


def test_an_account_that_was_removed_meanwhile_is_said(accounts: Accounts, own: Home) -> None:
    two = connected(profiles.make(own))
    profiles.remove(two)
    with pytest.raises(AppError, match="removed meanwhile"):
        accounts.open(two.key)


def test_one_more_account_can_use_the_cloud_of_another(accounts: Accounts, own: Home) -> None:
    assert accounts.connection(own.key) == pasted(CLOUD)
    unused = profiles.make(own)
    with pytest.raises(AppError, match="removed meanwhile"):
        accounts.connection(unused.key)


def test_a_program_that_is_not_there_any_more_is_said(own: Home) -> None:
    gone = Accounts(own, lambda home: ("/nowhere/mydoctransfer",))
    with pytest.raises(AppError, match="could not be started"):
        gone.add()
