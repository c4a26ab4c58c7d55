"""How commands cross the control socket: as JSON objects `{"v": 1, "command": NAME, …}`.

Whatever comes in is checked here, field by field: the other end may be another version.
"""

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from mydoctransfer.model.commands import Command
from mydoctransfer.model.errors import UsageError

VERSION = 1

_BY_NAME: dict[str, type] = {kind.__name__: kind for kind in typing.get_args(Command)}


def to_frame(command: Command) -> dict[str, Any]:
    """Return the JSON object that carries a command over the control socket."""
    fields = {f.name: getattr(command, f.name) for f in dataclasses.fields(command)}
    return {"v": VERSION, "command": type(command).__name__, **fields}


def from_frame(frame: object) -> Command:
    """Return the command in a frame.

    Raises:
        UsageError: not a command this version knows, or a field of the wrong type.
    """
    if not isinstance(frame, Mapping) or frame.get("v") != VERSION:
        raise _misfit("It comes from another version of the application.")
    kind = _BY_NAME.get(str(frame.get("command")))
    if kind is None:
        raise _misfit(f"There is no command {frame.get('command')!r}.")
    hints = typing.get_type_hints(kind)
    given = {name: frame[name] for name in hints if name in frame}
    values = {name: _checked(name, hints[name], value) for name, value in given.items()}
    try:
        return typing.cast(Command, kind(**values))
    except TypeError as exc:
        raise _misfit(f"{kind.__name__} lacks a field.") from exc


def _checked(name: str, hint: Any, value: object) -> object:
    if typing.get_origin(hint) is tuple:
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif type(value) in (typing.get_args(hint) or (hint,)):
        return value
    raise _misfit(f"The field {name!r} has the wrong type.")


def _misfit(reason: str) -> UsageError:
    return UsageError("Not understood", f"The request was not understood. {reason}", "usage")
