"""Room put by for a full disk, on a small disk of one's own."""

import errno
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mydoctransfer.adapters import reserve as reserving
from mydoctransfer.adapters.reserve import PLENTY, SIZE, ReserveFile

MIB = 1024 * 1024
ON_A_SMALL_DISK = """
import json, os, sys
from pathlib import Path
from mydoctransfer.adapters.reserve import ReserveFile

place, steps = Path(sys.argv[1]), sys.argv[2:]
reserve, said = ReserveFile(place / "reserve"), []
for step in steps:
    if step == "fill":
        with open(place / "filling", "wb", buffering=0) as file:
            try:
                while file.write(bytes(65536)) == 65536: pass
            except OSError:
                pass
    elif step == "empty":
        (place / "filling").unlink()
    else:
        said.append(getattr(reserve, step)())
    free = os.statvfs(place)
    said.append(free.f_bavail * free.f_frsize)
print(json.dumps(said))
"""


def on_a_disk(place: Path, size: int, *steps: str) -> list[Any]:
    """Take these steps on a disk of this size; what was answered, and the room free after each."""
    mount = f'mount -t tmpfs -o size={size} none "$0" && exec "$@"'
    words = (sys.executable, "-c", ON_A_SMALL_DISK, str(place), *steps)
    ran = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", mount, str(place), *words], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    said: list[Any] = json.loads(ran.stdout)
    return said


def test_room_is_really_put_by_and_given_back_on_a_full_disk(tmp_path: Path) -> None:
    """J05."""
    size = 2 * PLENTY
    said = on_a_disk(tmp_path, size, "keep", "fill", "tend", "tend")
    assert said == [None, size - SIZE, 0, True, SIZE, False, SIZE]


def test_room_is_put_by_anew_when_the_disk_has_plenty_again(tmp_path: Path) -> None:
    size = 2 * PLENTY
    said = on_a_disk(tmp_path, size, "keep", "fill", "tend", "empty", "tend")
    assert said == [None, size - SIZE, 0, True, SIZE, size, False, size - SIZE]


def test_a_disk_that_has_little_room_is_left_alone(tmp_path: Path) -> None:
    said = on_a_disk(tmp_path, PLENTY - MIB, "keep", "tend")
    assert said == [None, PLENTY - MIB, False, PLENTY - MIB]


def test_what_is_half_there_is_made_whole_and_what_is_whole_is_left(tmp_path: Path) -> None:
    """Killed in the midst of it."""
    file = tmp_path / "reserve"
    file.write_bytes(b"x")
    ReserveFile(file).keep()
    whole = file.stat()
    assert whole.st_size == SIZE
    ReserveFile(file).keep()
    assert file.stat().st_mtime_ns == whole.st_mtime_ns


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="needs posix_fallocate")
def test_what_a_quota_has_no_room_for_is_left_to_others_and_said_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    our_log: logging.Logger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A running program tries it every few seconds."""

    def over_quota(handle: int, offset: int, length: int) -> None:
        os.write(handle, bytes(MIB))
        raise OSError(errno.EDQUOT, "quota")

    monkeypatch.setattr(os, "posix_fallocate", over_quota)
    reserve = ReserveFile(tmp_path / "reserve")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            reserve.keep()
            assert not (tmp_path / "reserve").exists()
    assert len([one for one in caplog.records if one.name == reserving.__name__]) == 1


def test_it_is_nobody_elses_to_read(tmp_path: Path) -> None:
    """T69."""
    file = tmp_path / "reserve"
    ReserveFile(file).keep()
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_has_no_room_put_by_is_told(tmp_path: Path) -> None:
    assert ReserveFile(tmp_path / "reserve").give() is False


def test_no_other_file_is_written_over(tmp_path: Path) -> None:
    """T60. The name is a link to something of somebody's."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    file = tmp_path / "reserve"
    file.symlink_to(precious)
    ReserveFile(file).keep()
    assert precious.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["keep", "tend"])
def test_a_directory_of_that_name_stops_nothing(tmp_path: Path, name: str) -> None:
    file = tmp_path / "reserve"
    file.mkdir()
    getattr(ReserveFile(file), name)()
    assert file.is_dir()


@pytest.mark.parametrize("name", ["keep", "tend", "give"])
def test_where_its_directory_is_gone_nothing_is_made_and_nothing_given(
    tmp_path: Path, name: str
) -> None:
    """Somebody removed all that the program remembers, while it ran."""
    assert not getattr(ReserveFile(tmp_path / "gone" / "reserve"), name)()
    assert not (tmp_path / "gone").exists()
