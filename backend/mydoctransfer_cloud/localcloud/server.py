"""The local cloud's own process: the emulator behind the guard, for as long as its parent lives.

    python -m mydoctransfer_cloud.localcloud.server PORT API_FILE

It ends, with its state saved, on SIGTERM and when its standard input closes. The parent holds
the other end of that pipe, so that no way of ending the parent leaves this process behind.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config

from mydoctransfer_cloud.localcloud.guard import Guard


def main(port: int, api_file: Path) -> None:
    """Serve until told to stop."""
    from ministack.app import app  # slow, and reads its settings from the environment

    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 5
    config.shutdown_timeout = 60
    config.loglevel = "WARNING"
    logging.getLogger("hypercorn.access").disabled = True
    asyncio.run(_serve(Guard(app, port, api_file), config))


async def _serve(app: Guard, config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True).start()
    await serve(app, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the parent closes the pipe, or ends
    loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
