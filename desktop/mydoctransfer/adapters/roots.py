"""Which folders may be watched (F20).

A folder that holds everything, or what other programs keep for themselves, would publish what
nobody meant to publish. Each refusal is a sentence that says what to do instead.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from mydoctransfer.model.errors import AppError

# What other synchronising programs leave in the folders that are theirs.
_DROPBOX = re.compile(r"\.dropbox(\.cache)?")
_FOREIGN = (
    (re.compile(r"\.stfolder"), "Syncthing"),
    (re.compile(r"\.?_?\.sync_[0-9a-f]+\.db|\.nextcloudsync\.log"), "Nextcloud"),
    (re.compile(r"\.owncloudsync\.log|\._sync_[0-9a-f]+\.db"), "ownCloud"),
    (re.compile(r"\.maestral"), "Maestral"),
    (re.compile(r"\.tmp\.drive(download|upload)"), "Google Drive"),
    (re.compile(r"\.SynologyWorkingDirectory"), "Synology Drive"),
)

# What the system is made of: nobody's documents lie in there, its passwords and keys do.
_SYSTEM = tuple(
    Path(place)
    for place in (
        *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/sbin", "/sys"),
        *("/usr", "/Library", "/System", "/private/etc"),
        *filter(None, map(os.environ.get, ("SystemRoot", "ProgramFiles", "ProgramData"))),
    )
)
# Too wide themselves, while a folder deeper down may be somebody's: a mounted disk, a share.
_WIDE = tuple(map(Path, ("/media", "/mnt", "/opt", "/private", "/run", "/srv", "/var", "/Volumes")))
# What programs keep in a home folder: settings, sessions, keys.
_PRIVATE = (".aws", ".config", ".gnupg", ".kube", ".local", ".mozilla", ".password-store", ".ssh")


def check_root(path: str, refusal: Callable[[Path], str | None]) -> str:
    """Return the folder's real path, symlinks resolved this once.

    Args:
        path: absolute. refusal: why a folder overlaps with an installation's own data, else None.

    Raises:
        AppError: it must not or cannot be watched.
    """
    for reason in _reasons(path, os.path.realpath(path), refusal):
        raise AppError("Not this folder", f"{reason} Choose another folder.", "bad_folder")
    return os.path.realpath(path)


def check_place(path: str, refusal: Callable[[Path], str | None]) -> None:
    """Make sure that a folder which is not there yet can be made and watched where it would lie.

    Raises:
        AppError: it must not or cannot be.
    """
    for reason in _reasons_of_place(path, os.path.realpath(path), refusal):
        raise AppError("Not this folder", f"{reason} Choose another folder.", "bad_folder")


def _reasons(path: str, real: str, refusal: Callable[[Path], str | None]) -> Iterator[str]:
    if not os.path.isabs(path):
        yield f"{path} is not an absolute path."
    if not os.path.lexists(real):
        yield f"There is no folder {path}."
    if not os.path.isdir(real):
        yield f"{path} is not a folder."
    yield from _wrong_places(path, real, refusal)
    if not os.access(real, os.R_OK | os.X_OK):
        yield f"You have no permission to read {path}."
    if not os.access(real, os.W_OK):
        yield f"Nothing can be written into {path}, not even the marker this program needs."


def _reasons_of_place(path: str, real: str, refusal: Callable[[Path], str | None]) -> Iterator[str]:
    if not os.path.isabs(path):
        yield f"{path} is not an absolute path."
    around = next(place for place in Path(real).parents if place.exists())
    if not around.is_dir():
        yield f"{around} is not a folder."
    yield from _wrong_places(path, real, refusal)
    if not os.access(around, os.W_OK | os.X_OK):
        yield f"You have no permission to make a folder in {around}."


def _wrong_places(path: str, real: str, refusal: Callable[[Path], str | None]) -> Iterator[str]:
    home = os.path.realpath(os.path.expanduser("~"))
    if os.path.dirname(real) == real:
        yield f"{path} is the whole disk."
    if real == home:
        yield f"{path} is your home folder, with everything you have in it."
    if home.startswith(real + os.sep):
        yield f"{path} contains your home folder."
    if Path(real) in _WIDE or _is_within(Path(real), _SYSTEM):
        yield f"{path} belongs to the system."
    if _is_within(Path(real), tuple(Path(home, name) for name in _PRIVATE)):
        yield f"{path} is where programs keep settings and keys."
    if reason := refusal(Path(real)):
        yield reason
    if owner := _foreign_owner(Path(real)):
        yield f"{path} lies in a folder that {owner[0]} synchronises ({owner[1]})."


def _is_within(real: Path, places: tuple[Path, ...]) -> bool:
    return any(place in (real, *real.parents) for place in places)


def _foreign_owner(real: Path) -> tuple[str, Path] | None:
    for around in (real, *real.parents):
        try:
            names = os.listdir(around)
        except OSError:
            continue
        for name in names:
            if program := _program_of(around, name):
                return program, around
    return None


def _program_of(around: Path, name: str) -> str | None:
    # In the home folder `.dropbox` is a directory with settings; in its own folder it is a file.
    if _DROPBOX.fullmatch(name) and (around / name).is_dir() == name.endswith(".cache"):
        return "Dropbox"
    return next((program for form, program in _FOREIGN if form.fullmatch(name)), None)
