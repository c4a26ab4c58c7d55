"""A program that runs inside a desktop session."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from tests.support.waiting import PATIENCE


class Launched:
    """A program running in the session; its output goes to files, so no pipe ever fills up."""

    def __init__(self, process: subprocess.Popen[bytes], stdout: Path, stderr: Path) -> None:
        self.process = process
        self._stdout = stdout
        self._stderr = stderr

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def stdout(self) -> str:
        return self._stdout.read_text("utf-8", "replace")

    @property
    def stderr(self) -> str:
        return self._stderr.read_text("utf-8", "replace")

    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait(self, timeout: float = PATIENCE) -> int:
        """The exit status; raises `subprocess.TimeoutExpired` after `timeout` seconds."""
        return self.process.wait(timeout)

    def terminate(self, timeout: float = PATIENCE) -> int:
        """Ask it to end and return its exit status; it is killed when it does not."""
        if self.is_running():
            self.process.terminate()
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End it and its whole process group at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
