"""The table `[network]` of the configuration file, as it stands now.

Promises: a change of the file, by whomever, holds from the next question on; what cannot be
understood counts as not said. Reading costs one look at the file's time.
"""

import logging
import os
import threading
import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mydoctransfer.adapters import config
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.preferences import MOST_KIB, Network

_LIMITS = ("upload_limit_kib", "download_limit_kib")

log = logging.getLogger(__name__)


def use(network: Network, environ: MutableMapping[str, str] = os.environ) -> None:
    """Have everything that goes out of this process take the named way, from its next connection.

    The environment is what all of them read already: the API's and the pool's calls, boto3, and the
    processes that send. The settings win over what stood there.

    Raises:
        AppError: the proxy is no address, or the file holds no certificates.
    """
    if network.proxy:
        _check_proxy(network.proxy)
        for name in ("http_proxy", "https_proxy"):
            environ[name] = environ[name.upper()] = network.proxy
    if network.ca_file:
        _check_authorities(network.ca_file)
        environ["AWS_CA_BUNDLE"] = network.ca_file


def _check_proxy(proxy: str) -> None:
    try:
        parts = urlsplit(proxy)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_address = is_address and (parts.port is None or parts.port > 0)
    except ValueError:
        is_address = False
    if not is_address:
        raise AppError(
            "Network settings",
            "The proxy in the settings is no address. Write it as http://host:port, or leave it "
            "empty.",
            "proxy_malformed",
        )


def _check_authorities(file: str) -> None:
    import ssl  # needed only where certificates are named

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except (OSError, ValueError) as exc:
        raise AppError(
            "Network settings",
            f"{file} holds no certificates that could be read. Name a file in PEM form in the "
            "settings, or leave it empty.",
            "ca_file_unusable",
        ) from exc


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
        said: dict[str, config.Setting] = {
            "upload_limit_kib": network.upload_limit_kib,
            "download_limit_kib": network.download_limit_kib,
            "pause_on_metered": network.pause_on_metered,
            "pause_on_battery": network.pause_on_battery,
        }
        held = self.read()
        # What nobody ever named is not written down as empty.
        ways = {
            name: getattr(network, name)
            for name in ("proxy", "ca_file")
            if getattr(network, name) or getattr(held, name)
        }
        config.save_table(self._file, "network", said | ways)

    def _read(self) -> Network:
        try:
            table = tomllib.loads(self._file.read_bytes().decode("utf-8-sig")).get("network")
        except FileNotFoundError:
            return Network()
        except (OSError, ValueError):
            return self._network  # half written, perhaps: what held goes on
        return _decoded(table) if isinstance(table, dict) else Network()


def warning(file: Path) -> str:
    """Return a sentence about limits in the table that are none ("": nothing is wrong)."""
    try:
        table = tomllib.loads(file.read_bytes().decode("utf-8-sig")).get("network")
    except (OSError, ValueError):
        return ""  # told where the configuration as a whole is read
    wrong = [name for name in _LIMITS if isinstance(table, dict) and not _is_limit(table, name)]
    if not wrong:
        return ""
    return (
        f"{' and '.join(wrong)} in {file} cannot be a limit, so there is none. Write a whole number"
        f" of KiB a second, from 0 (no limit) to {MOST_KIB}."
    )


def _decoded(table: Mapping[str, Any]) -> Network:
    return Network(
        _limit(table, "upload_limit_kib"),
        _limit(table, "download_limit_kib"),
        table.get("pause_on_metered") is True,
        table.get("pause_on_battery") is True,
        _text(table, "proxy"),
        _text(table, "ca_file"),
    )


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name, "")
    if isinstance(value, str):
        return value.strip()
    log.warning("network.%s is no text, so it counts as not said", name)
    return ""


def _limit(table: Mapping[str, Any], name: str) -> int:
    if _is_limit(table, name):
        return int(table.get(name, 0))
    log.warning("network.%s is no number of KiB a second, so there is no limit", name)
    return 0


def _is_limit(table: Mapping[str, Any], name: str) -> bool:
    value = table.get(name, 0)
    return type(value) is int and 0 <= value <= MOST_KIB


def _look(file: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
