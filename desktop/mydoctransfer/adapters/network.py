"""The table `[network]` of the configuration file, as it stands now.

Promises: a change of the file, by whomever, holds from the next question on; what cannot be
understood counts as not said. Reading costs one look at the file's time.
"""

import logging
import os
import threading
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mydoctransfer.adapters import config
from mydoctransfer.model.preferences import MOST_KIB, Network

log = logging.getLogger(__name__)


class NetworkFile:
    """Reads and writes the table. Any thread may call it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._network = Network()

    def read(self) -> Network:
        """Return what holds now."""
        with self._lock:
            seen = _look(self._file)
            if seen != self._seen:
                self._seen = seen
                self._network = self._read()
            return self._network

    def write(self, network: Network) -> None:
        """Write the table; what else stands in the file stays.

        Raises:
            AppError: it cannot be written.
        """
        config.save_table(
            self._file,
            "network",
            {
                "upload_limit_kib": network.upload_limit_kib,
                "download_limit_kib": network.download_limit_kib,
                "pause_on_metered": network.pause_on_metered,
                "pause_on_battery": network.pause_on_battery,
            },
        )

    def _read(self) -> Network:
        try:
            table = tomllib.loads(self._file.read_bytes().decode("utf-8-sig")).get("network")
        except FileNotFoundError:
            return Network()
        except (OSError, ValueError):
            return self._network  # half written, perhaps: what held goes on
        return _decoded(table) if isinstance(table, dict) else Network()


def _decoded(table: Mapping[str, Any]) -> Network:
    return Network(
        _limit(table, "upload_limit_kib"),
        _limit(table, "download_limit_kib"),
        table.get("pause_on_metered") is True,
        table.get("pause_on_battery") is True,
    )


def _limit(table: Mapping[str, Any], name: str) -> int:
    value = table.get(name, 0)
    if type(value) is int and 0 <= value <= MOST_KIB:
        return value
    log.warning("network.%s is no number of KiB a second, so there is no limit", name)
    return 0


def _look(file: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
