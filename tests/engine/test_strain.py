"""A server, or a store, that has too much to do: one pause, one sentence, nobody is blamed."""

import pytest

from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.engine.speed import MIB, SMALLEST_PART, USUAL_PART, Speed
from mydoctransfer.engine.strain import LEAST, PATIENCE, Strain, is_strain
from mydoctransfer.model import commands as c
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.trees import RelPath
from tests.engine.days import Day, a_day

BUSY = Failure(FailureKind.BUSY, "The store is busy; it is tried again.", "slow_down")


class _Clock:
    """A clock that is turned by hand."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def wall_ms(self) -> int:
        return int(self.now * 1000)


class _Rand:
    """The longest waits there can be."""

    def hex32(self) -> str:
        return "0" * 32

    def uniform(self) -> float:
        return 0.999


def _paths(*names: str) -> set[RelPath]:
    return {RelPath(name) for name in names}


# --- what it makes of refusals -------------------------------------------------------------------


def test_one_file_is_never_the_whole_side() -> None:
    strain = Strain(_Clock(), _Rand())
    for _ in range(10):
        strain.refused(BUSY, _paths("bad.txt"))
    assert not strain.is_whole
    assert not strain.rests()
    assert strain.trouble is None


def test_two_files_in_a_row_are_and_a_success_ends_it() -> None:
    clock = _Clock()
    strain = Strain(clock, _Rand())
    for _ in range(PATIENCE):
        assert strain.trouble is None
        strain.refused(BUSY, _paths("a.txt", "b.txt"))
        assert strain.rests()
        assert strain.room(4) == 1
        wake = strain.next_wake()
        assert wake is not None
        clock.now = wake
        assert not strain.rests()
    assert strain.trouble == BUSY
    strain.went_well()
    assert (strain.trouble, strain.rests(), strain.next_wake()) == (None, False, None)


def test_what_was_asked_for_is_waited_for() -> None:
    """G05, G06: `Retry-After`."""
    clock = _Clock()
    strain = Strain(clock, _Rand())
    strain.refused(Failure(FailureKind.BUSY, "Busy.", "", 120.0), _paths("a", "b"))
    clock.now += 119
    assert strain.rests()
    clock.now += 2
    assert not strain.rests()


def test_the_person_may_ask_to_try_at_once() -> None:
    strain = Strain(_Clock(), _Rand())
    strain.refused(Failure(FailureKind.BUSY, "Busy.", "", 120.0), _paths("a", "b"))
    strain.rest_is_over()
    assert not strain.rests()


def test_who_is_asked_to_slow_down_halves_and_comes_back_step_by_step() -> None:
    strain = Strain(_Clock(), _Rand())
    rooms = [strain.room(8)]
    for _ in range(5):
        strain.slowed()
        rooms.append(strain.room(8))
    assert rooms == [8, 4, 2, 1, 1, 1]
    for _ in range(int(1 / LEAST)):
        strain.went_well()
        rooms.append(strain.room(8))
    assert rooms[6:] == [2, 3, 4, 5, 6, 7, 8, 8]


def test_an_error_of_our_own_says_nothing_of_the_other_side() -> None:
    assert is_strain(BUSY)
    assert not is_strain(Failure(FailureKind.BUSY, "Something went wrong.", "internal"))
    assert not is_strain(Failure(FailureKind.REFUSED, "No.", "too_large"))
    assert not is_strain(None)


# --- in an engine --------------------------------------------------------------------------------


def _busy_day(day: Day, site: str) -> list[str]:
    """Everything of one side is busy from now on; return what was asked of it."""
    asked: list[str] = []
    answer = "busy" if site == "api" else "slow_down"
    day.fault = lambda d, at, what: asked.append(what) or answer if at == site else None
    return asked


@pytest.mark.parametrize("site", ["api", "s3"])
def test_a_side_that_is_busy_for_long_is_one_state_and_no_file_is_blamed(site: str) -> None:
    """G06, G05."""
    with a_day() as day:
        day.sync()
        asked = _busy_day(day, site)
        for n in range(5):
            day.write(f"{n}.txt", f"s0000{n}")
        day.write("big.bin", "L00001")
        day.pass_time(600)
        status = day.status(day.device())
        assert status["state"] == "offline"
        assert {item["state"] for item in status["items"]} == {"waiting"}
        assert day.device().engine.status().message.endswith(".")
        assert len(asked) < 120
        day.fault = lambda *_: None
        day.pass_time(600)
        assert len(day.live_paths()) == 6
        assert day.device().engine.status().state.value == "idle"


def test_a_command_that_waits_is_told_that_the_other_side_is_busy() -> None:
    """G06."""
    with a_day() as day:
        day.sync()
        _busy_day(day, "s3")
        day.write("a.txt", "s00001")
        day.write("b.txt", "s00002")
        answer = day.tell(c.SyncOnce(0), limit=20_000)
        assert isinstance(answer, AppError)
        assert "busy" in answer.message or "patience" in answer.message
        day.fault = lambda *_: None
        day.sync()
        assert day.live_paths() == ["a.txt", "b.txt"]


# --- parts ---------------------------------------------------------------------------------------


def test_a_usual_line_takes_usual_parts_and_a_huge_file_as_large_ones_as_it_needs() -> None:
    """H08."""
    speed = Speed(_Clock())
    assert speed.part_size(17 * MIB) == USUAL_PART
    assert speed.at_a_time(USUAL_PART, 4) == 4
    huge = 5 * 1024 * 1024 * MIB
    assert huge / speed.part_size(huge) <= 10_000
    assert speed.part_size(huge) % MIB == 0
    assert speed.at_a_time(speed.part_size(huge), 4) == 1


@pytest.mark.parametrize(
    ("kib_a_second", "part", "at_a_time"),
    [
        (10, SMALLEST_PART, 1),
        (100, SMALLEST_PART, 1),
        (300, USUAL_PART, 2),
        (100_000, USUAL_PART, 4),
        (1_000_000, USUAL_PART, 4),
        (1_100_000, USUAL_PART, 2),
    ],
)
def test_a_slow_line_has_few_small_parts_under_way_and_a_store_at_hand_few_as_well(
    kib_a_second: int, part: int, at_a_time: int
) -> None:
    """H08: what takes minutes is lost whole when the line breaks. At a gigabyte a second it is the
    processor that is short."""
    clock = _Clock()
    speed = Speed(clock)
    for _ in range(10):
        began = speed.now()
        clock.now += 2 * USUAL_PART / (kib_a_second * 1024)
        speed.carried(USUAL_PART, began, 2)
    assert speed.part_size(100 * MIB) == part
    assert speed.at_a_time(part, 4) == at_a_time


def test_a_line_that_becomes_fast_again_is_used_again() -> None:
    clock = _Clock()
    speed = Speed(clock)
    began = speed.now()
    clock.now += 3600
    speed.carried(USUAL_PART, began, 1)
    assert speed.at_a_time(SMALLEST_PART, 4) == 1
    for _ in range(10):
        began = speed.now()
        clock.now += 1
        speed.carried(USUAL_PART, began, 1)
    assert (speed.part_size(20 * MIB), speed.at_a_time(USUAL_PART, 4)) == (USUAL_PART, 4)
    speed.carried(USUAL_PART, speed.now(), 1)  # a clock too coarse to tell
    assert speed.at_a_time(USUAL_PART, 4) == 4
