"""Telling the person's desktop of the application: its links, and "Share with" in file managers.

A package does this for everybody. For whoever runs the application from a wheel, the application
does it: files in this person's own directories, each of which starts exactly this program. Only
what this module wrote is ever replaced or removed.
"""

import logging
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mydoctransfer.adapters import config
from mydoctransfer.adapters.autostart import quoted
from mydoctransfer.model.errors import AppError

ENTRY = "mydoctransfer.desktop"
MARK = "X-MyDocTransfer-Written=true"
_PATIENCE = 20.0  # seconds

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one kind of file goes, and which program there must be for it to be of use."""

    template: str
    target: str  # beneath XDG_DATA_HOME
    reader: str
    is_script: bool = False


_PLACES = (
    _Place(ENTRY, f"applications/{ENTRY}", ""),
    _Place(
        "dolphin-share.desktop", "kio/servicemenus/mydoctransfer-share.desktop", "dolphin", True
    ),
    _Place("thunar-share.desktop", "Thunar/sendto/mydoctransfer-share.desktop", "thunar"),
    _Place("nautilus-share.sh", "nautilus/scripts/Share with MyDoc Transfer", "nautilus", True),
)


class DesktopEntries:
    """The files of this person.

    Args:
        command: what starts this program, its absolute path first.
        templates: where the files lie that packages install.
    """

    def __init__(
        self, command: Sequence[str], templates: Path, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._command = tuple(command)
        self._templates = templates
        self._environ = environ
        given = environ.get("XDG_DATA_HOME", "")
        self._data = Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"

    @property
    def is_possible(self) -> bool:
        """Whether this system has such files."""
        return sys.platform == "linux"

    def install(self) -> None:
        """Write what is missing or starts another program.

        Raises:
            AppError: something cannot be written.
        """
        for place in _PLACES:
            if place.target.startswith("applications/") and self._is_packaged():
                continue
            if not place.reader or shutil.which(place.reader, path=self._environ.get("PATH")):
                self._write(place)
        self._tell_desktop()

    def remove(self) -> None:
        """Remove what was written.

        Raises:
            AppError: something cannot be removed.
        """
        for place in _PLACES:
            target = self._data / place.target
            try:
                if _is_ours(target):
                    target.unlink()
            except OSError as exc:
                raise _failed(target, exc) from exc
        self._tell_desktop()

    def _write(self, place: _Place) -> None:
        target = self._data / place.target
        text = self._filled(place)
        try:
            if os.path.lexists(target) and not _is_ours(target):
                return  # somebody's own
            if target.exists() and target.read_text("utf-8") == text:
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            config.replace(target, text.encode())
            target.chmod(0o755 if place.is_script else 0o644)
        except OSError as exc:
            raise _failed(target, exc) from exc

    def _filled(self, place: _Place) -> str:
        """Return a template with this program in the place of the installed one."""
        text = (self._templates / place.template).read_text("utf-8")
        if place.template.endswith(".sh"):
            return text.replace("exec mydoctransfer ", f"exec {shlex.join(self._command)} ")
        line = " ".join(quoted(part) for part in self._command)
        return text.replace("Exec=mydoctransfer ", f"Exec={line} ").rstrip("\n") + f"\n{MARK}\n"

    def _is_packaged(self) -> bool:
        system = self._environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        return any(
            (Path(one) / "applications" / ENTRY).exists() for one in system.split(":") if one
        )

    def _tell_desktop(self) -> None:
        """Let the desktop read anew which program takes which links. It does so by itself later."""
        tool = shutil.which("update-desktop-database", path=self._environ.get("PATH"))
        applications = self._data / "applications"
        if tool is None or not applications.is_dir():
            return
        try:
            subprocess.run([tool, "-q", str(applications)], timeout=_PATIENCE, check=True)
        except (OSError, subprocess.SubprocessError) as exc:
            _log.warning("the desktop's database of applications was not updated: %s", exc)


def _is_ours(file: Path) -> bool:
    try:
        return not file.is_symlink() and MARK in file.read_text("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def _failed(file: Path, exc: OSError) -> AppError:
    return AppError(
        "Not in the file manager",
        f"{file} cannot be changed ({exc.strerror}).",
        "desktop_entries_failed",
    )
