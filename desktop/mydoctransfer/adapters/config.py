"""The configuration of one installation: a TOML file people may read and edit.

Reading never fails: a file that cannot be understood is set aside and the defaults hold. Writing
replaces the file in one step and keeps comments and whatever else somebody wrote into it.
"""

import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mydoctransfer.adapters.connection import Connection, checked
from mydoctransfer.model.commands import Store
from mydoctransfer.model.errors import AppError

Setting = str | int | bool


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation remembers of the person's choices.

    Attributes:
        connection: the cloud it talks to. folder: absolute path of the watched folder.
        lifetime: seconds, the folder's default; None is the policy's.
        store: where the refresh token lies ("": nobody has signed in). email, sub: who was last.
        settings: the settings window's, by name.
        only_new_since: nanoseconds since the epoch; what was in the folder then is not sent until
            it is edited. 0: everything is sent.
    """

    connection: Connection | None = None
    folder: str | None = None
    lifetime: int | None = None
    store: str = ""
    email: str = ""
    sub: str = ""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    only_new_since: int = 0


def load(file: Path) -> tuple[Config, str]:
    """Return the configuration, and a sentence about what was wrong with it ("": nothing).

    A file that is empty, half written or wrong is renamed to `config.toml.broken-N`.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Config(), ""
    except UnicodeDecodeError:
        return Config(), _set_aside(file, "it is not UTF-8 text")
    except OSError as exc:
        return Config(), f"The settings in {file} could not be read ({exc.strerror})."
    if not text.strip():
        return Config(), _set_aside(file, "it is empty")
    try:
        return _decoded(tomllib.loads(text)), ""
    except (tomllib.TOMLDecodeError, ValueError, AppError) as exc:
        return Config(), _set_aside(file, str(exc))


def glance(file: Path) -> Config:
    """Return another account's configuration; the defaults hold where it cannot be understood.

    Nothing is set aside: that is for the account itself to do, and to tell of.
    """
    try:
        return _decoded(tomllib.loads(file.read_bytes().decode("utf-8-sig")))
    except (OSError, ValueError, AppError):
        return Config()


def save(file: Path, config: Config) -> None:
    """Write the configuration, in one step.

    Raises:
        AppError: it cannot be written.
    """
    _write(file, _merged(file, config))


def save_table(file: Path, name: str, values: Mapping[str, Setting]) -> None:
    """Write these values into one table, in one step; what else stands in the file stays.

    Raises:
        AppError: it cannot be written.
    """
    import tomlkit  # 25 ms, needed only when something is written

    document = _document_in(file)
    table = document.setdefault(name, tomlkit.table())
    for key, value in values.items():
        if table.get(key) != value:
            table[key] = value
    _write(file, tomlkit.dumps(document))


def _write(file: Path, text: str) -> None:
    try:
        replace(file, text.encode())
    except OSError as exc:
        raise AppError(
            "Settings not saved",
            f"The settings could not be written to {file} ({exc.strerror}). Nothing was changed."
            " Put that right and try again.",
            "config_not_saved",
        ) from exc


def replace(file: Path, content: bytes) -> None:
    """Put `content` at `file` so that a reader sees the old or the new, whole; mode 0600."""
    handle, beside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, file)
    except BaseException:
        os.unlink(beside)
        raise


def _decoded(table: dict[str, Any]) -> Config:
    connection = table.get("connection")
    settings = _field(table, "settings", dict) or {}
    for name, value in settings.items():
        if not isinstance(value, str | int | bool):
            raise ValueError(f"settings.{name} is not a text, a number, true or false")
    store = _field(table, "store", str)
    return Config(
        connection=None if connection is None else checked(connection),
        folder=_unescaped(_field(table, "folder", str)),
        lifetime=_field(table, "lifetime", int),
        only_new_since=_field(table, "only_new_since", int) or 0,
        store=Store(store).value if store else "",
        email=_field(table, "email", str) or "",
        sub=_field(table, "sub", str) or "",
        settings=settings,
    )


def _field(table: dict[str, Any], name: str, kind: type) -> Any:
    value = table.get(name)
    if value is not None and type(value) is not kind:
        raise ValueError(f"{name} is not of the kind expected")
    return value


def _set_aside(file: Path, reason: str) -> str:
    for number in range(1, 1000):
        aside = file.with_name(f"{file.name}.broken-{number}")
        if not aside.exists():
            break
    problem = f"The settings in {file} could not be understood ({_one_line(reason)})"
    try:
        os.rename(file, aside)
    except OSError:
        return f"{problem}. The defaults hold."
    return f"{problem}. They were set aside as {aside.name}, and the defaults hold."


def _one_line(reason: str) -> str:
    return " ".join(reason.split()).rstrip(".")


def _merged(file: Path, config: Config) -> str:
    import tomlkit  # 25 ms, needed only when something is written

    document = _document_in(file)
    fields = asdict(config)
    fields["folder"] = _escaped(config.folder)
    fields["settings"] = dict(config.settings)
    for name, value in fields.items():
        if isinstance(value, dict):
            value = {k: v for k, v in value.items() if v is not None}
        if value in (None, "", {}, 0):
            document.pop(name, None)
        elif document.get(name) != value:
            document[name] = value
    # An empty file is one that was not written to its end, so there is always a line.
    return tomlkit.dumps(document) or _FIRST_LINE


def _document_in(file: Path) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(file.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError, TOMLKitError):
        return tomlkit.document()
    except OSError as exc:
        # What stands there may well be right: it is not for a new file to take its place.
        raise AppError(
            "Settings not saved",
            f"The settings in {file} cannot be read ({exc.strerror}), and so they were not changed."
            " Put that right and try again.",
            "config_not_saved",
        ) from exc


def _escaped(folder: str | None) -> str | None:
    """TOML holds no lone surrogates: a path whose bytes are no UTF-8 is written as `\\udcXX`."""
    if folder is None or folder.isprintable():
        return folder
    return _MARK + folder.encode("unicode_escape").decode("ascii")


def _unescaped(folder: str | None) -> str | None:
    if folder is None or not folder.startswith(_MARK):
        return folder
    return folder.removeprefix(_MARK).encode("ascii").decode("unicode_escape")


_FIRST_LINE = "# The settings of MyDoc Transfer. Comments stay when the program writes.\n"
_MARK = "escaped:"
