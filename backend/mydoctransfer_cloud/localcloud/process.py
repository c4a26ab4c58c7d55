"""Starting and stopping the local cloud's process.

The child gets an environment of its own making: nothing of the operator's AWS configuration may
reach the emulator or the functions that run in it.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from mydoctransfer_cloud.errors import CloudError
from mydoctransfer_cloud.localcloud.directory import Directory, Settings
from mydoctransfer_cloud.localcloud.guard import READY_PATH

REGION = "us-east-1"

_START_SECONDS, _STOP_SECONDS = 60.0, 60.0
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV")


class CloudProcess:
    """A running local cloud. Use as a context manager; leaving it stops the cloud."""

    def __init__(self, directory: Directory, settings: Settings, lock: int) -> None:
        self._directory = directory
        self._lock = lock
        self._settings = settings

    def __enter__(self) -> "CloudProcess":
        self._check_port()
        temporary = self._directory.path / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(mode=0o700)
        self._child = self._start()
        try:
            self._await_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the child, with its state saved."""
        if sys.platform == "win32" and self._child.stdin:
            self._child.stdin.close()
        elif self._child.poll() is None:
            self._child.terminate()
        try:
            self._child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdin:
            self._child.stdin.close()
        if self._child.returncode > 0:
            raise self._died()

    def wait(self, stop: threading.Event) -> None:
        """Return when `stop` is set.

        Raises:
            CloudError: the cloud ended by itself.
        """
        while not stop.wait(0.5):
            if self._child.poll() is not None:
                raise self._died()

    def _check_port(self) -> None:
        with socket.socket() as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self._settings.port))
            except OSError as exc:
                raise CloudError(
                    "The port is taken",
                    f"Another program uses port {self._settings.port}. Choose one with --port.",
                ) from exc

    def _start(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "mydoctransfer_cloud.localcloud.server",
            str(self._directory.path),
            str(self._settings.port),
        ]
        with open(self._directory.log_file, "wb") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                cwd=self._directory.path,
                # Ctrl-C in the terminal reaches the parent only, which then stops the child.
                start_new_session=True,
                # The directory stays locked until the child is gone, too.
                pass_fds=() if sys.platform == "win32" else (self._lock,),
            )

    def _environment(self) -> dict[str, str]:
        path = self._directory.path
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        return kept | {
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": self._settings.root_key,
            "AWS_SECRET_ACCESS_KEY": "unused",
            "AWS_EC2_METADATA_DISABLED": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._settings.port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            # Never look for a container runtime.
            "DOCKER_HOST": "unix:///nonexistent",
            "LOG_LEVEL": "WARNING",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(path / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(path / "objects"),
            "TMPDIR": str(path / "tmp"),
        }

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                raise self._died()
            if self._answers():
                return
            time.sleep(0.02)
        raise CloudError(
            "The local cloud does not start",
            f"It did not answer within {_START_SECONDS:.0f} seconds. "
            f"{self._directory.log_file} may say why.",
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._settings.endpoint_url + READY_PATH, timeout=5) as got:
                return bool(got.read() == str(self._child.pid).encode())
        except (urllib.error.URLError, OSError):
            return False

    def _died(self) -> CloudError:
        lines = self._directory.log_file.read_text("utf-8", "replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {self._child.returncode}"
        return CloudError("The local cloud stopped", f"The local cloud ended by itself: {reason}")
