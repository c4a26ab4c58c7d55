"""The sync thread's whole life: an engine is driven until it is told to stop.

Where the disk with the journal is full no engine can run: it ends, and another begins when some
time has passed, or somebody wants something back for which there is room put by.
"""

import queue
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from mydoctransfer.engine import answers
from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.messages import Message, Stop, Told
from mydoctransfer.engine.ports import Clock
from mydoctransfer.model.commands import Answer, GetStatus, takes_back
from mydoctransfer.model.events import EngineState, Event, Status, StatusChanged

REST = 10.0  # seconds after which a full disk is tried again

Inbox: TypeAlias = "queue.Queue[Message]"


def run(engine: Engine, inbox: Inbox) -> None:
    """Drive an engine until it is told to stop.

    Whatever ends it before is raised, when everybody who waits has been told.
    """
    try:
        _drive(engine, inbox)
    except Exception as exc:
        engine.abandon(exc)
        raise


def _drive(engine: Engine, inbox: Inbox) -> None:
    engine.turn()
    while not engine.is_stopped:
        try:
            message = inbox.get(timeout=engine.next_wake())
        except queue.Empty:
            engine.turn()
            continue
        engine.receive(message)
        for _ in range(1000):
            try:
                engine.receive(inbox.get_nowait())
            except queue.Empty:
                break
        engine.turn()


class Teller:
    """Tells what an engine tells, and that there is none: all else is as it was told last."""

    def __init__(self, publish: Callable[[Event], None], folder: Callable[[], str | None]) -> None:
        self._publish = publish
        self._folder = folder
        self._status: Status | None = None

    def __call__(self, event: Event) -> None:
        """Tell it."""
        if isinstance(event, StatusChanged):
            self._status = event.status
        self._publish(event)

    def broken(self, message: str) -> None:
        """Tell that no engine runs, and why."""
        before = self._status or Status(EngineState.PROBLEM, folder=self._folder())
        now = replace(before, state=EngineState.PROBLEM, message=message, paused_until=None)
        self(StatusChanged(now))


def rest(
    inbox: Inbox, clock: Clock, make_room: Callable[[], bool], folder: Callable[[], str | None]
) -> bool:
    """Wait until an engine may be tried again, and answer what is asked meanwhile.

    `make_room` makes some for what takes something back, and says whether it could. Returns False
    when told to stop.
    """
    ends = clock.monotonic() + REST
    while (left := ends - clock.monotonic()) > 0:
        try:
            message = inbox.get(timeout=left)
        except queue.Empty:
            break
        match message:
            case Stop():
                return False
            case Told(command=GetStatus(), reply=reply):
                reply(_status(folder()))
            case Told(command=command, reply=reply):
                if takes_back(command) and make_room():
                    inbox.put(message)
                    return True
                reply(answers.no_room())
    return True


def _status(folder: str | None) -> Answer:
    return {
        "state": EngineState.PROBLEM.value,
        "folder": folder,
        "queued": 0,
        "items": [answers.sick_folder(answers.NO_ROOM)],
        "held_deletes": 0,
    }
