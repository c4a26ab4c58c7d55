"""When the state is saved while the cloud runs, and what the mark beside it says."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mydoctransfer_cloud.localcloud import snapshots
from mydoctransfer_cloud.localcloud.snapshots import Snapshots
from tests.support.waiting import wait_for

Start = Callable[[Callable[[], None]], Snapshots]


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "unsaved"


@pytest.fixture
def start(mark: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts snapshots that settle at once and save in this process, so that tests see them."""
    monkeypatch.setattr(snapshots, "SETTLE_SECONDS", 0.01)
    monkeypatch.delattr(snapshots.os, "fork")
    started: list[Snapshots] = []

    def begin(save: Callable[[], None]) -> Snapshots:
        started.append(Snapshots(save, mark))
        return started[-1]

    yield begin
    for one in started:
        one.close()


def test_a_change_is_marked_saved_and_the_mark_taken_away(start: Start, mark: Path) -> None:
    may_save, saved = threading.Event(), threading.Event()

    def save() -> None:
        may_save.wait(10)
        saved.set()

    start(save).changed()
    assert mark.exists()
    may_save.set()
    assert saved.wait(10)
    wait_for(lambda: not mark.exists())


def test_nothing_is_saved_when_nothing_changes(start: Start, mark: Path) -> None:
    saves: list[None] = []
    running = start(lambda: saves.append(None))
    running.close()
    assert (saves, mark.exists()) == ([], False)


def test_a_change_during_a_save_keeps_the_mark_until_it_is_saved_too(
    start: Start, mark: Path
) -> None:
    saves: list[bool] = []

    def save() -> None:
        saves.append(mark.exists())
        if len(saves) == 1:
            running.changed()

    running = start(save)
    running.changed()
    wait_for(lambda: len(saves) == 2)
    assert saves == [True, True]
    wait_for(lambda: not mark.exists())


def test_a_save_that_failed_keeps_the_mark_and_is_tried_again(start: Start, mark: Path) -> None:
    saves: list[bool] = []

    def save() -> None:
        saves.append(mark.exists())
        if len(saves) == 1:
            raise OSError("no space")

    start(save).changed()
    wait_for(lambda: len(saves) == 2)
    assert saves == [True, True]
    wait_for(lambda: not mark.exists())


def test_closing_leaves_an_unsaved_change_marked(start: Start, mark: Path) -> None:
    saving, may_save = threading.Event(), threading.Event()

    def save() -> None:
        saving.set()
        may_save.wait(10)

    running = start(save)
    running.changed()
    saving.wait(10)
    running.changed()
    may_save.set()
    running.close()
    assert mark.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="saved in the cloud's own process here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork")
def test_who_is_served_goes_before_the_copy_that_is_saved(
    mark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SETTLE_SECONDS", 0.01)
    found = tmp_path / "found"
    running = Snapshots(lambda: found.write_text(f"{os.getpid()} {os.nice(0)}") and None, mark)
    running.changed()
    wait_for(lambda: not mark.exists())
    running.close()
    process, niceness = found.read_text().split()
    assert int(process) != os.getpid()
    assert int(niceness) == min(19, os.nice(0) + 10)
