"""The sync thread's whole life: an engine is driven until it is told to stop.

Promises: whoever waits for an answer gets one, and a `Stop` that was taken is not lost, however the
engine ends.
"""

import queue
from typing import TypeAlias

from mydoctransfer.engine.loop import Engine
from mydoctransfer.engine.messages import Message, Stop

Inbox: TypeAlias = "queue.Queue[Message]"


def run(engine: Engine, inbox: Inbox) -> None:
    """Drive an engine until it is told to stop.

    Whatever ends it before is raised, when everybody who waits has been told.
    """
    try:
        _drive(engine, inbox)
    except Exception as exc:
        engine.abandon(exc)
        if engine.is_stopped:
            inbox.put(Stop())
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
