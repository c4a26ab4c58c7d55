"""One engine for one installation: the lock, between real processes."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mydoctransfer.adapters import instance
from mydoctransfer.adapters.instance import AlreadyRunning, InstanceLock
from mydoctransfer.model.errors import AppError

HOLD = (
    "import sys, pathlib; from mydoctransfer.adapters.instance import held\n"
    "with held(pathlib.Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()"
)


@contextmanager
def somebody_else(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_engine_on_one_home_is_refused(tmp_path: Path) -> None:
    """J10."""
    file = tmp_path / "lock"
    with somebody_else(file):
        assert instance.is_held(file)
        with pytest.raises(AlreadyRunning) as caught, instance.held(file):
            pass
        assert (caught.value.exit_code, caught.value.code) == (1, "already_running")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_frees_its_home(tmp_path: Path, number: int) -> None:
    """J10: a stale lock is nobody's."""
    file = tmp_path / "lock"
    with somebody_else(file) as process:
        process.send_signal(number)
        process.wait()
        assert not instance.is_held(file)
        with instance.held(file):
            assert instance.is_held(file)


def test_a_command_waits_for_another_commands_end(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with somebody_else(file) as process:
        lock = InstanceLock(file)
        assert not lock.take(0.05)
        assert process.stdin is not None
        process.stdin.close()
        assert lock.take(10.0)
        lock.release()


def test_the_lock_outlives_no_block_and_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(3):
        with instance.held(tmp_path / "lock"):
            assert instance.is_held(tmp_path / "lock")
        assert not instance.is_held(tmp_path / "lock")


def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    assert not instance.is_held(tmp_path / "no" / "lock")
    with pytest.raises(AppError, match="cannot be opened"), instance.held(tmp_path / "no" / "lock"):
        pass


def test_a_link_in_the_locks_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(AppError), instance.held(tmp_path / "lock"):
        pass
    assert not (tmp_path / "target").exists()
