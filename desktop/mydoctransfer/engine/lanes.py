"""What is on its way: running tasks by lane, and the paths nothing else may touch meanwhile."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from mydoctransfer.engine.execution.errand import Outcome
from mydoctransfer.engine.ports import Failure, FailureKind
from mydoctransfer.engine.tasks import Task, Tasks, Work
from mydoctransfer.model import moves
from mydoctransfer.model.actions import Action, Publish, paths_of
from mydoctransfer.model.trees import RelPath, ShareId


class Lanes:
    """Runs tasks, several lanes beside each other.

    Attributes:
        in_flight: paths of everything that runs. running: how many tasks a lane has.
    """

    def __init__(
        self,
        tasks: Tasks,
        touched: Callable[[Iterable[RelPath], Iterable[ShareId]], None],
        take: Callable[[Sequence[Outcome]], None],
    ) -> None:
        self._tasks = tasks
        self._touched = touched
        self._take = take
        self._started: dict[Task, tuple[str, frozenset[RelPath]]] = {}
        self._sending: dict[RelPath, Publish] = {}
        self.in_flight: set[RelPath] = set()
        self.running: Counter[str] = Counter()

    def is_uploading(self, path: RelPath) -> bool:
        """Whether the bytes of this path are on their way."""
        return path in self._sending

    def being_sent(self) -> Mapping[RelPath, Publish]:
        """Return the publications that are on their way."""
        return self._sending

    def start(self, lane: str, actions: Sequence[Action], work: Work[list[Outcome]]) -> None:
        """Begin these actions; their outcomes are judged one by one."""
        paths = [p for action in actions for p in paths_of(action)]
        self._sending.update((a.path, a) for a in actions if isinstance(a, Publish))
        self._touched(paths, ())
        self.begin(lane, paths, work, partial(self._ended, tuple(actions)))

    def begin(
        self,
        lane: str,
        paths: Sequence[RelPath],
        work: Work[Any],
        ended: Callable[[Any, BaseException | None], None],
    ) -> None:
        """Begin something else that keeps these paths."""

        def left(result: Any, error: BaseException | None) -> None:
            self.running[lane] -= 1
            self._started = {t: s for t, s in self._started.items() if t in self._tasks.running}
            self.in_flight.difference_update(paths)
            for path in paths:
                self._sending.pop(path, None)
            ended(result, error)

        self.in_flight.update(paths)
        self.running[lane] += 1
        self._started[self._tasks.start(lane, work, left)] = (lane, frozenset(paths))

    def stop(self) -> None:
        """Give up what runs where it stands. The journal has the finished parts."""
        for task in self._started:
            self._tasks.cancel(task)
        stopped = list(self.in_flight)
        self.in_flight.clear()
        self._sending.clear()
        self.running.clear()
        self._started.clear()
        self._touched(stopped, ())

    def stop_sending(self, paths: Collection[RelPath]) -> None:
        """Give up the sending of these where it stands, with what goes along in the same batch."""
        for task, (lane, along) in list(self._started.items()):
            if along.isdisjoint(self._sending) or along.isdisjoint(paths):
                continue
            self._tasks.cancel(task)
            del self._started[task]
            self.running[lane] -= 1
            self.in_flight -= along
            for path in along:
                self._sending.pop(path, None)
            self._touched(along, ())

    def _ended(
        self,
        actions: tuple[Action, ...],
        outcomes: list[Outcome] | None,
        error: BaseException | None,
    ) -> None:
        if error is not None or outcomes is None:
            broken = Failure(
                FailureKind.BUSY,
                "Something went wrong inside the application. It will be tried again; the log "
                "says more.",
                "internal",
            )
            outcomes = [Outcome(action, broken) for action in actions]
        self._take(outcomes)


def inode_of(action: Action) -> moves.Inode | None:
    """Return where the bytes of a publication lie."""
    if not isinstance(action, Publish):
        return None
    return (action.file.stat.dev, action.file.stat.ino, action.file.birth_ns)
