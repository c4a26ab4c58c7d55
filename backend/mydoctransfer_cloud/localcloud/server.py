"""The local cloud's own process: the emulator behind the guard, for as long as its parent lives.

    python -m mydoctransfer_cloud.localcloud.server DIR PORT

It ends, with its state saved, on SIGTERM and when its standard input closes. The parent holds
the other end of that pipe, so that no way of ending the parent leaves this process behind.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from mydoctransfer_cloud.localcloud import emulator
from mydoctransfer_cloud.localcloud.directory import Directory
from mydoctransfer_cloud.localcloud.guard import Application, Guard, Receive, Scope, Send
from mydoctransfer_cloud.localcloud.snapshots import Snapshots


def main(directory: Directory, port: int) -> None:
    """Serve until told to stop."""
    logging.getLogger("hypercorn.access").disabled = True
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
    asked = asyncio.run(_serve(guard, _config(port), events, snapshots))
    events.save(directory.events_file)
    emulator.check_saved(directory.state, since=asked)
    directory.unsaved_mark.unlink(missing_ok=True)


def _restoring(events: emulator.Events, directory: Directory) -> Application:
    """The emulator, taking up undone events as soon as its own state is restored."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        async def watch(message: Any) -> None:
            if message["type"] == "lifespan.startup.complete":
                events.restore(directory.events_file)
            await send(message)

        watched = watch if scope["type"] == "lifespan" else send
        await emulator.application(scope, receive, watched)

    return application


def _config(port: int) -> Config:
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 5
    config.shutdown_timeout = 120
    config.loglevel = "WARNING"
    return config


async def _serve(
    guard: Guard, config: Config, events: emulator.Events, snapshots: Snapshots
) -> float:
    """Serve; return the time at which the end was asked for, before the last save."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: the closing pipe says it all
            loop.add_signal_handler(number, asked.set)
    threading.Thread(target=_watch_parent, args=(loop, asked), daemon=True).start()

    stopping = 0.0

    async def stop() -> None:
        nonlocal stopping
        await asked.wait()
        stopping = time.time()
        # Functions handling events call back here, so they end before serving does.
        await asyncio.to_thread(events.close)
        await asyncio.to_thread(snapshots.close)

    await serve(guard, config, shutdown_trigger=stop)  # type: ignore[arg-type]
    return stopping


def _watch_parent(loop: asyncio.AbstractEventLoop, asked: asyncio.Event) -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the parent closes the pipe, or ends
    loop.call_soon_threadsafe(asked.set)


if __name__ == "__main__":
    main(Directory(Path(sys.argv[1])), int(sys.argv[2]))
