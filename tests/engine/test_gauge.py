"""How far large files have come, by parts that arrived and bytes of those under way."""

import pytest

from mydoctransfer.engine.gauge import Gauge
from mydoctransfer.model.events import Event, Progress
from mydoctransfer.model.trees import RelPath

A, B = RelPath("a.iso"), RelPath("b.iso")


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def gauge(told: list[Event]) -> Gauge:
    return Gauge(told.append)


def test_bytes_of_parts_under_way_count(gauge: Gauge, told: list[Event]) -> None:
    gauge.arrived(A, 0, 100, frozenset({1, 2}))
    gauge.given(A, 1, 10)
    gauge.given(A, 2, 30)
    gauge.given(A, 1, 20)
    assert [event.sent for event in told if isinstance(event, Progress)] == [0, 10, 40, 50]


def test_a_part_that_arrived_counts_once(gauge: Gauge, told: list[Event]) -> None:
    gauge.arrived(A, 0, 100, frozenset({1, 2}))
    gauge.given(A, 1, 25)
    gauge.given(A, 2, 10)
    gauge.arrived(A, 25, 100, frozenset({2}))
    assert told[-1] == Progress(A, 35, 100)
    gauge.given(A, 1, 5)  # of a try that nobody waits for any more
    assert told[-1] == Progress(A, 35, 100)


def test_a_part_that_begins_anew_counts_from_its_beginning(gauge: Gauge, told: list[Event]) -> None:
    gauge.arrived(A, 0, 100, frozenset({1}))
    gauge.given(A, 1, 20)
    gauge.given(A, 1, 5)
    assert told[-1] == Progress(A, 5, 100)


def test_files_are_told_apart_and_forgotten_when_they_are_there(
    gauge: Gauge, told: list[Event]
) -> None:
    gauge.given(A, 1, 10)  # nobody sends it
    assert told == []
    gauge.arrived(A, 0, 50, frozenset({1}))
    gauge.arrived(B, 0, 50, frozenset({1}))
    gauge.given(B, 1, 10)
    gauge.arrived(A, 50, 50, frozenset())
    assert told[-2:] == [Progress(B, 10, 50), Progress(A, 50, 50)]
    gauge.given(A, 1, 10)
    assert told[-1] == Progress(A, 50, 50)


def test_it_is_never_more_than_the_whole(gauge: Gauge, told: list[Event]) -> None:
    gauge.arrived(A, 90, 100, frozenset({1}))
    gauge.given(A, 1, 20)
    assert told[-1] == Progress(A, 100, 100)
