"""Long work of a window shares the turns of the event loop; what is small is done at once."""

from collections import Counter
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from mydoctransfer.ui import turns
from mydoctransfer.ui.turns import LEAST, TURN_S, Job, Shift, Turns

STEP_S = TURN_S / 8


class Work:
    """Jobs whose every step takes the same processor time, on a clock of their own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: Counter[str] = Counter()

    def steps(self, name: str, count: int) -> Job:
        for _ in range(count):
            self.now += STEP_S
            self.done[name] += 1
            yield LEAST // 2


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    made = Work()
    monkeypatch.setattr(turns, "time", SimpleNamespace(thread_time=lambda: made.now))
    return made


def test_two_long_jobs_share_a_turn(qapp: QApplication, work: Work) -> None:
    shift = Shift()
    one, other = Turns(shift), Turns(shift)
    one.start(work.steps("one", 1000))
    other.start(work.steps("other", 1000))
    assert work.done == {"one": 8}  # it began at once; the other waits for the next turn
    before = work.now
    qapp.processEvents()
    assert work.done == {"one": 16, "other": 2}
    assert work.now - before == pytest.approx(TURN_S + 2 * STEP_S)


def test_the_other_has_all_of_a_turn_when_the_first_is_done(qapp: QApplication, work: Work) -> None:
    shift = Shift()
    one, other = Turns(shift), Turns(shift)
    one.start(work.steps("one", 9))
    other.start(work.steps("other", 1000))
    qapp.processEvents()
    assert work.done == {"one": 9, "other": 7}
    assert not one.is_busy and other.is_busy


def test_what_is_small_is_done_at_once(qapp: QApplication, work: Work) -> None:
    turn = Turns(Shift())
    turn.start(work.steps("small", 1))
    assert work.done == {"small": 1} and not turn.is_busy


def test_a_job_may_set_another_to_work(qapp: QApplication, work: Work) -> None:
    shift = Shift()
    first, second = Turns(shift), Turns(shift)

    def starting() -> Job:
        second.start(work.steps("second", 1))
        assert work.done == {}  # never in the middle of the first
        yield from work.steps("first", 1)

    first.start(starting())
    assert work.done == {"first": 1, "second": 1}


def test_work_goes_on_after_a_job_that_failed(qapp: QApplication, work: Work) -> None:
    shift = Shift()
    broken, sound = Turns(shift), Turns(shift)

    def failing() -> Job:
        yield 1
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        broken.start(failing())
    sound.start(work.steps("sound", 2))
    assert work.done == {"sound": 2}
