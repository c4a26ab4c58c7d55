"""The local cloud: the emulator as a child process, with the back-end deployed into it.

`up` starts it and blocks; `add_user` adds a person to one that runs. Both take the data directory,
where everything a cloud is made of lies, and besides only what is asked for: a port, a person.
"""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from mydoctransfer_cloud.deploy import Settings as Choices
from mydoctransfer_cloud.deploy import deploy, local_target
from mydoctransfer_cloud.errors import CloudError
from mydoctransfer_cloud.localcloud.directory import Directory, Settings
from mydoctransfer_cloud.localcloud.guard import API_PATH
from mydoctransfer_cloud.localcloud.process import REGION, CloudProcess
from mydoctransfer_cloud.localcloud.users import put_user

__all__ = ["Ready", "add_user", "up"]

STAGE = "local"


@dataclass(frozen=True, slots=True)
class Ready:
    """What a local cloud says once it serves.

    Attributes:
        connection: the connection file; its path never changes for a data directory.
    """

    connection: Path
    api_url: str


def up(
    data_dir: Path,
    port: int | None,
    ready: Callable[[Ready], None],
    stop: threading.Event,
    *,
    backend: Path | None = None,
) -> None:
    """Run the local cloud of `data_dir` until `stop` is set or SIGTERM arrives.

    Args:
        port: listen there from now on; without it, a free port chosen once and kept.
        ready: called once, when the back-end is deployed and answers.
        backend: other sources than the installed ones.

    Raises:
        CloudError: another `up` runs there, the port is taken, or the deployment failed.
    """
    directory = Directory(data_dir.absolute())
    directory.prepare()
    with directory.locked() as lock, _stopping_at_sigterm(stop):
        settings = directory.settings(port)
        went_back = directory.unsaved_mark.exists()
        with CloudProcess(directory, settings, lock) as process:
            ready(_deploy(directory, settings, backend, went_back))
            process.wait(stop)


def add_user(
    data_dir: Path, email: str, given_name: str, family_name: str, password: str, admin: bool
) -> None:
    """Add a person to the local cloud running on `data_dir`, or bring one up to date.

    Raises:
        CloudError: no local cloud runs there, or the address or password is refused.
    """
    directory = Directory(data_dir.absolute())
    settings, connection = directory.kept_settings(), directory.connection()
    if settings is None or connection is None or not directory.is_running():
        raise CloudError(
            "No local cloud",
            f"No local cloud is running on {data_dir}. Start it with: local up",
        )
    target = local_target(settings.endpoint_url, settings.root_key, REGION, STAGE)
    cognito = target.client("cognito-idp")
    names = (given_name, family_name)
    put_user(cognito, connection.user_pool_id, email, names, password, is_admin=admin)


def _deploy(
    directory: Directory, settings: Settings, backend: Path | None, went_back: bool
) -> Ready:
    target = local_target(settings.endpoint_url, settings.root_key, REGION, STAGE)
    deployed = deploy(
        target,
        directory.bundles,
        backend=backend,
        settings=Choices(policy=directory.policy()),
        new_epoch=went_back,
    ).connection
    directory.write_api(deployed.api_url.removeprefix(settings.endpoint_url))
    connection = replace(deployed, api_url=settings.endpoint_url + API_PATH)
    directory.write_connection(connection)
    return Ready(directory.connection_file, connection.api_url)


class _stopping_at_sigterm:
    """Sets an event on SIGTERM, in the main thread; elsewhere the caller has the signals."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        self._is_main = threading.current_thread() is threading.main_thread()
        if self._is_main:
            self._before = signal.signal(signal.SIGTERM, self._set)

    def __exit__(self, *_: object) -> None:
        if self._is_main:
            signal.signal(signal.SIGTERM, self._before)

    def _set(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()
