"""`get`, ended in its midst from the command line: nothing of somebody's document stays."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cloud import Cloud, Person
from tests.support.devices import Device
from tests.support.waiting import wait_for

# Started from a script in the background, all of this ignores Ctrl-C, and so would the program.
HEEDING = ("env", "--default-signal=INT")


@pytest.fixture
def fetching(
    tmp_path: Path, cloud: Cloud, person: Person
) -> Iterator[tuple[Device, "subprocess.Popen[bytes]"]]:
    """A device on whose slow line a document comes, of which a part is here."""
    device = Device(tmp_path / "one").sign_in(cloud, person)
    (device.folder / "film.mp4").write_bytes(os.urandom(8 * 2**20))
    device.ok("sync", "--once", "--delete-grace", "0")
    config = device.home / "config.toml"
    config.write_text(config.read_text() + "\n[network]\ndownload_limit_kib = 200\n")
    getting = (*HEEDING, *device.argv("get", "film.mp4"))
    with subprocess.Popen(getting, env=device.environment) as process:
        wait_for(lambda: _parts(device))
        yield device, process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_get_that_is_interrupted_leaves_no_half_of_it(
    fetching: tuple[Device, "subprocess.Popen[bytes]"], number: signal.Signals
) -> None:
    device, process = fetching
    process.send_signal(number)
    assert process.wait(30) == 130
    assert _parts(device) == []


def test_the_half_of_a_killed_get_goes_with_the_next_command(
    fetching: tuple[Device, "subprocess.Popen[bytes]"],
) -> None:
    device, process = fetching
    process.kill()
    process.wait()
    assert len(_parts(device)) == 1
    device.ok("sync", "--once", "--delete-grace", "0")
    assert _parts(device) == []


def _parts(device: Device) -> list[str]:
    return [path.name for path in (device.home / "inbox").glob(".mydoctransfer-*.part")]
