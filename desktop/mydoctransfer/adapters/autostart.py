"""Starting at login: one XDG autostart entry that starts exactly this program.

The entry holds an absolute, quoted path, and an entry that somebody else could have written is not
taken for ours.
"""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mydoctransfer.adapters import config
from mydoctransfer.adapters.home import make_private
from mydoctransfer.model.errors import AppError

NAME = "mydoctransfer.desktop"

_RESERVED = '\\"`$'  # in a quoted argument, by the Desktop Entry Specification


class Autostart:
    """The entry of this person.

    Args:
        command: what is to start, the program's absolute path first.
        name: of the entry; each account has one.
    """

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str] = os.environ, name: str = NAME
    ) -> None:
        self._command = tuple(command)
        configured = environ.get("XDG_CONFIG_HOME", "")
        base = Path(configured) if os.path.isabs(configured) else Path.home() / ".config"
        self._file = base / "autostart" / name

    @property
    def is_enabled(self) -> bool:
        """Whether the entry is there, ours, and starts this program."""
        try:
            return _is_ours(self._file) and self._file.read_text("utf-8") == self._entry()
        except (OSError, UnicodeDecodeError, AppError):
            return False

    def enable(self) -> None:
        """Write the entry, whatever was in its place.

        Raises:
            AppError: it cannot be written.
        """
        entry = self._entry()
        make_private(self._file.parent)
        try:
            config.replace(self._file, entry.encode())
        except OSError as exc:
            raise _failed(self._file, exc) from exc

    def disable(self) -> None:
        """Remove the entry.

        Raises:
            AppError: it cannot be removed.
        """
        try:
            self._file.unlink(missing_ok=True)
        except OSError as exc:
            raise _failed(self._file, exc) from exc

    def _entry(self) -> str:
        line = " ".join(quoted(part) for part in self._command)
        return (
            "[Desktop Entry]\n"
            "Type=Application\n"
            "Name=MyDoc Transfer\n"
            f"Exec={line}\n"
            "Icon=mydoctransfer\n"
            "Terminal=false\n"
            "X-GNOME-Autostart-enabled=true\n"
        )


def this_program(home: str | None = None) -> tuple[str, ...]:
    """Return the command that starts this program again, `home` being its `--home` if it has one.

    Raises:
        AppError: no absolute path to it is known.
    """
    options = () if home is None else ("--home", home)
    if getattr(sys, "frozen", False):
        return (os.path.abspath(sys.executable), *options)
    script = shutil.which("mydoctransfer", path=os.path.dirname(sys.executable))
    if script is not None:
        return (os.path.abspath(script), *options)
    return (os.path.abspath(sys.executable), "-m", "mydoctransfer", *options)


def quoted(part: str) -> str:
    """Return an argument of Exec: quoted, escaped twice (string, then key), `%` doubled."""
    if not part.isprintable():
        raise AppError(
            "Not at login",
            f"{part!r} cannot stand in an autostart entry. Move it to a plainer path.",
            "autostart_failed",
        )
    escaped = "".join(f"\\{c}" if c in _RESERVED else c for c in part)
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'


def _is_ours(file: Path) -> bool:
    if sys.platform == "win32":
        return False
    found = os.lstat(file)
    is_writable_by_others = bool(found.st_mode & 0o022)
    return found.st_uid == os.getuid() and not is_writable_by_others and not file.is_symlink()


def _failed(file: Path, exc: OSError) -> AppError:
    return AppError(
        "Not at login",
        f"{file} cannot be changed ({exc.strerror}).",
        "autostart_failed",
    )
