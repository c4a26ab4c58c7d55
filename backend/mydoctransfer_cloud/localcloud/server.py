"""The local cloud's own process: the emulator behind the guard, for as long as its parent lives.

    python -m mydoctransfer_cloud.localcloud.server PORT API_FILE UNSAVED_MARK

It ends, with its state saved, on SIGTERM and when its standard input closes. The parent holds
the other end of that pipe, so that no way of ending the parent leaves this process behind.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
import warnings
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config

from mydoctransfer_cloud.localcloud import emulator
from mydoctransfer_cloud.localcloud.guard import Guard
from mydoctransfer_cloud.localcloud.snapshots import Snapshots

DRAIN_SECONDS = 20.0


def main(port: int, api_file: Path, unsaved: Path) -> None:
    """Serve until told to stop."""
    logging.getLogger("hypercorn.access").disabled = True
    # Snapshots fork on purpose: the copy saves the state and exits, and takes no lock.
    warnings.filterwarnings("ignore", message=".*multi-threaded, use of fork", append=False)
    events = emulator.prepare()
    snapshots = Snapshots(emulator.save, unsaved)
    guard = Guard(emulator.application, port, api_file, snapshots.changed)
    asyncio.run(_serve(guard, _config(port), events, snapshots))
    unsaved.unlink(missing_ok=True)


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
) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    threading.Thread(target=_watch_parent, args=(loop, asked), daemon=True).start()

    async def stop() -> None:
        await asked.wait()
        # Functions handling events call back here, so they end before serving does.
        await asyncio.to_thread(events.drain, DRAIN_SECONDS)
        await asyncio.to_thread(snapshots.close)

    await serve(guard, config, shutdown_trigger=stop)  # type: ignore[arg-type]


def _watch_parent(loop: asyncio.AbstractEventLoop, asked: asyncio.Event) -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the parent closes the pipe, or ends
    loop.call_soon_threadsafe(asked.set)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
