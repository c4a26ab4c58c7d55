"""`local up` and `local add-user`, as the first two commands of anybody who tries this."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.devices import Device


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path / "one")


@pytest.fixture
def up(device: Device) -> Iterator[tuple["subprocess.Popen[bytes]", Any]]:
    """A local cloud that runs on the device's own data directory, and what it said."""
    with subprocess.Popen(
        device.argv("local", "up"), stdout=subprocess.PIPE, env=device.environment
    ) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
        process.terminate()
        process.wait(60)


def test_a_cloud_is_started_filled_used_and_stopped(
    device: Device, up: tuple["subprocess.Popen[bytes]", Any], tmp_path: Path
) -> None:
    process, ready = up
    assert set(ready) == {"ready", "connection", "api_url"}
    assert ready["connection"] == str(device.home / "cloud" / "connection.json")

    adding = (
        *("local", "add-user", "ada@example.org", "--given-name", "Ada"),
        *("--family-name", "Byron", "--password-stdin"),
    )
    assert device.ok(*adding, stdin="correct horse\n") == {"ok": True}
    assert device.ok(*adding, stdin="correct horse\n") == {"ok": True}
    device.ok("connect", ready["connection"])
    signing = ("login", "ada@example.org", "--password-stdin", "--store", "file")
    device.ok(*signing, stdin="correct horse\n")

    second = device.run("local", "up")
    assert (second.code, second.error) == (1, "local_cloud_failed")
    watched = device.run("folder", str(device.home / "state"))
    assert watched.code == 1

    other = Device(tmp_path / "other")
    elsewhere = ("--data-dir", str(device.home / "cloud"))
    assert other.ok(*adding, "--admin", *elsewhere, stdin="another one\n") == {"ok": True}
    assert device.run(*signing, stdin="correct horse\n").error == "wrong_password"

    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert device.run("whoami").code == 4
