"""The local cloud's own process: the emulator behind the guard, for as long as its parent lives.

    python -m mydoctransfer_cloud.localcloud.server DIR PORT

It ends, with its state saved, on SIGTERM and when its standard input closes. The parent holds
the other end of that pipe, so that no way of ending the parent leaves this process behind.
"""

import asyncio
import contextlib
import gc
import os
import shutil
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn

from mydoctransfer_cloud.localcloud import emulator
from mydoctransfer_cloud.localcloud.directory import Directory
from mydoctransfer_cloud.localcloud.guard import Application, Guard, Receive, Scope, Send
from mydoctransfer_cloud.localcloud.snapshots import Snapshots

_NEW_BEFORE_GARBAGE = 10_000  # objects; Python's own 700 are meant for smaller programs


def main(directory: Directory, port: int) -> None:
    """Serve until told to stop."""
    # Snapshots fork on purpose: the copy saves the state and exits, and takes no lock.
    warnings.filterwarnings("ignore", message=".*multi-threaded, use of fork")
    events = emulator.prepare()

    def save() -> None:
        emulator.save_services(directory.state)
        events.save(directory.events_file)

    snapshots = Snapshots(save, directory.unsaved_mark)
    guard = Guard(
        _restoring(events, directory),
        port,
        directory.api_file,
        snapshots.changed,
        room=lambda: shutil.disk_usage(directory.path).free,
    )
    config = _config(guard, port)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        asked = runner.run(_serve(_Server(config), events, snapshots))
    events.save(directory.events_file)
    emulator.check_saved(directory.state, since=asked)
    directory.unsaved_mark.unlink(missing_ok=True)


def _restoring(events: emulator.Events, directory: Directory) -> Application:
    """The emulator, taking up undone events as soon as its own state is restored."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        async def watch(message: Any) -> None:
            if message["type"] == "lifespan.startup.complete":
                events.restore(directory.events_file)
                _leave_alone_what_stays()
            await send(message)

        watched = watch if scope["type"] == "lifespan" else send
        await emulator.application(scope, receive, watched)

    return application


def _leave_alone_what_stays() -> None:
    """Look for garbage that refers to itself less often, and never among what was there first.

    Everybody waits while it is looked for, a tenth of a second and more among the rows of some
    thousand documents; there is next to none.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_BEFORE_GARBAGE, 10, 10)


def _config(app: Application, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        http="httptools",  # h11, in Python, takes a fifth of the time of a small request
        ws="none",
        loop="auto",  # uvloop, where there is one: all but Windows
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,  # the emulator says it
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )


class _Server(uvicorn.Server):
    """Ends when it is told to; signals are answered elsewhere."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(server: _Server, events: emulator.Events, snapshots: Snapshots) -> float:
    """Serve; return the time at which the end was asked for, before the last save."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: the closing pipe says it all
            loop.add_signal_handler(number, asked.set)
    threading.Thread(target=_watch_parent, args=(loop, asked), daemon=True).start()

    serving = asyncio.create_task(server.serve())
    await asyncio.wait(
        [serving, asyncio.create_task(asked.wait())], return_when=asyncio.FIRST_COMPLETED
    )
    stopping = time.time()
    # Functions handling events call back here, so they end before serving does.
    await asyncio.to_thread(events.close)
    await asyncio.to_thread(snapshots.close)
    server.should_exit = True
    await serving
    await asyncio.to_thread(emulator.end_functions)
    return stopping


def _watch_parent(loop: asyncio.AbstractEventLoop, asked: asyncio.Event) -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the parent closes the pipe, or ends
    loop.call_soon_threadsafe(asked.set)


if __name__ == "__main__":
    main(Directory(Path(sys.argv[1])), int(sys.argv[2]))
