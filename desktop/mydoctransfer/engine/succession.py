"""One engine after the other: where one cannot go on that may again later, another begins.

It ends as at a kill: nothing that it holds in memory can be believed then. On a full disk, or where
the journal cannot be used, the next one begins after a rest, or when somebody wants something back
(on a full disk: if room was put by); at once, where a journal had been of use for longer.
"""

import logging
import queue
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from mydoctransfer.engine import answers
from mydoctransfer.engine.driving import Inbox, run
from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.messages import Stop, Told
from mydoctransfer.engine.ports import Clock, JournalBroken, JournalLost, Reserve
from mydoctransfer.model.commands import GetStatus, is_urgent
from mydoctransfer.model.errors import AppError, is_disk_full
from mydoctransfer.model.events import EngineState, Event, Status, StatusChanged

REST = 10.0  # seconds until another engine is tried

log = logging.getLogger(__name__)


class Running(Protocol):
    """An engine, and what has to be closed behind it."""

    @property
    def engine(self) -> Engine: ...
    def close(self) -> None: ...


class Publisher:
    """Publishes what engines tell, and that there is none: all else is as it was told last."""

    def __init__(self, publish: Callable[[Event], None], folder: Callable[[], str | None]) -> None:
        self._publish = publish
        self._folder = folder
        self._status: Status | None = None

    def __call__(self, event: Event) -> None:
        """Publish it."""
        if isinstance(event, StatusChanged):
            self._status = event.status
        self._publish(event)

    def broken(self, message: str) -> None:
        """Publish that no engine runs, and why."""
        now = replace(self.status, state=EngineState.PROBLEM, message=message, paused_until=None)
        self(StatusChanged(now))

    @property
    def status(self) -> Status:
        """How things stood last."""
        return self._status or Status(EngineState.PROBLEM, folder=self._folder())


class Succession:
    """Runs engines on one inbox until told to stop."""

    def __init__(self, inbox: Inbox, clock: Clock, publisher: Publisher, reserve: Reserve) -> None:
        self._inbox = inbox
        self._clock = clock
        self._publisher = publisher
        self._reserve = reserve
        self._has_begun = False
        self._tried: Told | None = None

    def run(self, begin: Callable[[], Running]) -> None:
        """Run what `begin` builds, and build the next, until told to stop.

        What no other engine would survive either is raised, when everybody who asked for something
        has been told.
        """
        try:
            while self._goes_on_after(begin):
                pass
        except Exception as exc:
            self._answer_all(answers.error_of(exc))
            raise

    def _goes_on_after(self, begin: Callable[[], Running]) -> bool:
        began: float | None = None
        try:
            running = begin()
            began, self._has_begun = self._clock.monotonic(), True
            try:
                run(running.engine, self._inbox)
            finally:
                running.close()
            return False
        except JournalBroken as exc:
            if not (self._has_begun or isinstance(exc, JournalLost)):
                raise  # who starts the program can choose another place, or the newer version
            log.warning("no engine can go on: %s (%r)", exc.message, exc.__cause__)
            self._publisher.broken(exc.message)
            # What happens again in a moment is nothing that yet another engine makes good.
            has_lasted = began is not None and self._clock.monotonic() - began > REST
            return has_lasted or self._rests(exc, exc.message)
        except OSError as exc:
            if not is_disk_full(exc):
                raise
            self._publisher.broken(answers.NO_ROOM)
            return self._rests(answers.no_room(), answers.NO_ROOM, helps=self._reserve.give)

    def _rests(
        self, error: AppError, message: str, helps: Callable[[], bool] = lambda: True
    ) -> bool:
        """Wait until an engine may be tried again, and answer what is asked meanwhile; whether one
        is still wanted then.

        `helps` is asked at an urgent command whether an engine may be tried for it at once; never
        twice for the same command, since that engine may end before it takes it.
        """
        ends = self._clock.monotonic() + REST
        while (left := ends - self._clock.monotonic()) > 0:
            try:
                asked = self._inbox.get(timeout=left)
            except queue.Empty:
                break
            match asked:
                case Stop():
                    return False
                case Told(command=GetStatus(), reply=reply):
                    items = [answers.sick_folder(message)]
                    reply(answers.status(self._publisher.status, items))
                case Told(command=command, reply=reply):
                    if is_urgent(command) and asked is not self._tried and helps():
                        self._tried = asked
                        self._inbox.put(asked)
                        return True
                    reply(error)
        return True

    def _answer_all(self, error: AppError) -> None:
        stops: list[Stop] = []
        while True:
            try:
                message = self._inbox.get_nowait()
            except queue.Empty:
                break
            match message:
                case Stop():
                    stops.append(message)
                case Told(reply=reply):
                    reply(error)
        for stop in stops:
            self._inbox.put(stop)
