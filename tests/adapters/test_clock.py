"""Time and chance as the system gives them."""

import time

import pytest

from mydoctransfer.adapters.clock import SystemClock, SystemRand


def test_durations_run_on_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """E06, E04. By the clock that counts sleep, not by the one people set."""
    asked: list[int] = []

    def clock_gettime(which: int) -> float:
        asked.append(which)
        return 5.0

    monkeypatch.setattr(time, "clock_gettime", clock_gettime)
    assert SystemClock().monotonic() == 5.0
    assert asked == [time.CLOCK_BOOTTIME]


def test_without_such_a_clock_the_monotonic_one_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    clock = SystemClock()
    assert 0 <= clock.monotonic() - time.monotonic() + 1 < 2
    assert abs(clock.wall_ms() - time.time() * 1000) < 60_000


def test_keys_are_32_hex_digits_and_never_the_same() -> None:
    rand = SystemRand()
    keys = {rand.hex32() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)
    assert all(0 <= rand.uniform() < 1 for _ in range(1000))
