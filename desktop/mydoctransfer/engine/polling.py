"""When the cloud is asked what has changed: one question at a time, none while paused."""

from collections.abc import Callable

from mydoctransfer.engine.ports import Failure
from mydoctransfer.engine.session import Presence
from mydoctransfer.engine.standing import Standing
from mydoctransfer.engine.tasks import Tasks


class Polling:
    """Finds out who is signed in, and then what changed, whenever the session says it is time."""

    def __init__(self, standing: Standing, tasks: Tasks, learned: Callable[[], None]) -> None:
        self._standing = standing
        self._session = standing.session
        self._tasks = tasks
        self._learned = learned
        self._is_asking = False

    def turn(self, now: float) -> None:
        """Ask, if it is time."""
        if self._is_asking:
            return
        if self._session.presence is Presence.UNKNOWN:
            self._is_asking = True
            self._tasks.start("restore", self._session.restore(), self._restored)
            return
        due = self._session.next_poll()
        if due is not None and due <= now and not self._standing.paused.is_on:
            self._is_asking = True
            self._tasks.start("poll", self._session.poll(), self._polled)

    def wakes(self) -> list[float | None]:
        """Return when a turn is wanted (monotonic seconds)."""
        is_waiting = self._is_asking or self._standing.paused.is_on
        return [] if is_waiting else [self._session.next_poll()]

    def at_once(self) -> None:
        """Ask with the next turn: what is known is out of date."""
        self._session.poll_at_once()
        self._standing.has_polled = False

    def _restored(self, failure: Failure | None, error: BaseException | None) -> None:
        self._is_asking = False
        if self._session.presence is not Presence.UNKNOWN:
            return  # somebody signed in meanwhile, or it is known that nobody is
        if error is not None or (failure is not None and self._session.trouble is None):
            self._session.nobody_can_tell()

    def _polled(self, failure: Failure | None, error: BaseException | None) -> None:
        self._is_asking = False
        if failure is None and error is None:
            self._standing.has_polled |= self._session.polled_at is not None
            self._learned()
            if self._standing.parts.reserve is not None:
                self._standing.parts.reserve.keep()  # it may have been given since
        elif error is not None:
            self._session.failed(error)
