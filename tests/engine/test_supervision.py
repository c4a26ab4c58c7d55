"""Workers that die: real threads, the real pool, the real control socket, the real engine."""

import queue
import socket
import threading
from pathlib import Path

import pytest

from mydoctransfer.adapters.control import LocalServer
from mydoctransfer.engine import supervision
from mydoctransfer.engine.messages import Done, Message, WatchMode, WatchState
from mydoctransfer.engine.pool import Pool, WorkerDied
from mydoctransfer.engine.supervision import Supervision
from mydoctransfer.engine.tasks import Call
from mydoctransfer.model.errors import AppError
from tests.engine.days import Day, a_day
from tests.support.waiting import PATIENCE, wait_for

TEN_SECONDS = 10.0

# The thread is meant to end that way; pytest would call it an accident.
dies = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


class _Clock:
    """A clock that is turned by hand."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def wall_ms(self) -> int:
        return int(self.now * 1000)


def _end_this_thread() -> None:
    # What ends a thread and no task: neither an error nor a result.
    raise SystemExit


def _killed(pool: Pool, inbox: "queue.Queue[Message]") -> object:
    """Make one thread of the pool die; return what the asker heard."""
    pool.submit(1, Call(_end_this_thread, ()))
    told = inbox.get(timeout=PATIENCE)
    wait_for(lambda: not pool.is_alive(), PATIENCE, lambda: "the thread lives on")
    assert isinstance(told, Done)
    return told.result


@dies
def test_who_asked_a_thread_that_died_hears_of_it_and_the_pool_works_on() -> None:
    inbox: queue.Queue[Message] = queue.Queue()
    pool = Pool(inbox, threads=1)
    assert isinstance(_killed(pool, inbox), WorkerDied)
    assert pool.restart().endswith(".")
    assert pool.is_alive()
    pool.submit(2, Call(lambda: "done", ()))
    assert inbox.get(timeout=PATIENCE) == Done(2, "done")


@dies
def test_a_dead_thread_is_noticed_within_ten_seconds_and_said_for_a_while() -> None:
    """J14."""
    inbox: queue.Queue[Message] = queue.Queue()
    clock, pool = _Clock(), Pool(inbox, threads=2)
    watched = Supervision([pool], clock)
    _killed(pool, inbox)
    while not watched.trouble:
        wake = watched.next_wake()
        assert wake is not None
        clock.now = wake
        assert clock.now <= TEN_SECONDS
        watched.turn()
    assert pool.is_alive()
    assert "started again" in watched.trouble
    clock.now += supervision.SHOWN
    watched.turn()
    assert watched.trouble == ""


def test_what_cannot_be_started_again_stays_said_and_is_tried_again() -> None:
    class Hopeless:
        tries = 0

        def __init__(self, error: Exception) -> None:
            self.error = error

        def is_alive(self) -> bool:
            return False

        def restart(self) -> str:
            self.tries += 1
            raise self.error

    for error, word in (
        (RuntimeError("can't start new thread"), "short of memory"),
        (AppError("No place", "The socket cannot be made.", "home_unusable"), "socket"),
    ):
        clock, worker = _Clock(), Hopeless(error)
        watched = Supervision([worker], clock)
        for _ in range(20):
            clock.now += supervision.CHECK
            watched.turn()
            assert word in watched.trouble
        assert worker.tries == 20


def _asked(path: Path) -> bytes:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE)
        client.connect(str(path))
        client.sendall(b"hello\n")
        return client.recv(100)


def test_a_control_socket_whose_thread_died_listens_again(short_path: Path) -> None:
    server = LocalServer(short_path / "control", lambda line: b"heard " + line)
    assert server.is_alive()
    server.start()
    try:
        assert server._listener is not None
        server._listener.shutdown(socket.SHUT_RDWR)
        wait_for(lambda: not server.is_alive(), PATIENCE, lambda: "the thread lives on")
        assert server.restart().endswith(".")
        assert server.is_alive()
        assert _asked(short_path / "control").startswith(b"heard hello")
    finally:
        server.close()
    assert server.is_alive()


@pytest.fixture
def short_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Socket addresses are short."""
    return tmp_path_factory.mktemp("s")


def _state(day: Day) -> tuple[str, str]:
    status = day.device().engine.status()
    return status.state.value, status.message


def test_a_watcher_that_died_turns_the_state_to_problem_and_is_started_again() -> None:
    """J14."""
    with a_day() as day:
        day.write("a.txt")
        day.sync()
        device = day.device()
        device.is_watching = False
        device.hints.append(WatchState(WatchMode.ENDED, "It stopped and was started again."))
        day.pass_time(1)
        assert _state(day) == ("problem", "It stopped and was started again.")
        assert device.is_watching
        day.pass_time(supervision.SHOWN + 1)
        assert _state(day)[0] == "idle"


def test_a_worker_of_the_engine_that_died_turns_the_state_to_problem() -> None:
    """J14."""
    alive: list[bool] = [True]

    class Fragile:
        def is_alive(self) -> bool:
            return alive[0]

        def restart(self) -> str:
            alive[0] = True
            return "Something stopped. It was started again."

    with a_day() as day:
        day.sync()
        day.device().engine._supervision = watched = Supervision([Fragile()], day.device().clock)
        day.device().engine._standing.supervision = watched
        alive[0] = False
        day.pass_time(TEN_SECONDS)
        assert _state(day) == ("problem", "Something stopped. It was started again.")
        assert alive[0]
        day.pass_time(supervision.SHOWN + supervision.CHECK)
        assert _state(day)[0] == "idle"


def test_a_call_that_fails_ends_no_thread() -> None:
    inbox: queue.Queue[Message] = queue.Queue()
    pool = Pool(inbox, threads=1)
    before = threading.active_count()

    def fail() -> None:
        raise ValueError("no")

    pool.submit(1, Call(fail, ()))
    told = inbox.get(timeout=PATIENCE)
    assert isinstance(told, Done)
    assert isinstance(told.result, ValueError)
    assert pool.is_alive()
    assert threading.active_count() == before
