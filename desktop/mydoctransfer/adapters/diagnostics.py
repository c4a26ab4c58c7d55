"""A bundle for whoever helps: the logs and the versions, without passwords, tokens or addresses.

Nothing is sent anywhere: it is a file the person can look into first.
"""

import os
import platform
import re
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

from mydoctransfer.adapters.logs import redacted
from mydoctransfer.model.errors import AppError

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def write(file: Path, logs: Path) -> None:
    """Write the bundle at `file`, which must not exist.

    Raises:
        AppError: it cannot be written.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out, zipfile.ZipFile(out, "w", _DEFLATED) as bundle:
            bundle.writestr("versions.txt", _versions())
            for log in sorted(logs.glob("mydoctransfer.log*")):
                bundle.writestr(log.name, without_secrets(log.read_text("utf-8", "replace")))
    except OSError as exc:
        raise AppError(
            "Not saved",
            f"{file} could not be written ({exc.strerror}). Choose another place.",
            "diagnostics_failed",
        ) from exc


def without_secrets(text: str) -> str:
    """Return the text without tokens, addresses and the home directory's name."""
    return _ADDRESS.sub("[address]", redacted(text)).replace(str(Path.home()), "~")


def _versions() -> str:
    return (
        f"MyDoc Transfer {version('mydoctransfer')}\nPython {sys.version}\n{platform.platform()}\n"
    )


_DEFLATED = zipfile.ZIP_DEFLATED
