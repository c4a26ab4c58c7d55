"""Dataclasses to JSON values and back, checked.

Unknown fields are ignored, so that an older client survives a newer server. Everything else
that does not fit its annotation raises `WireError` with the path of the offending field.
"""

import dataclasses
import operator
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

T = TypeVar("T")
_PLAIN = frozenset((str, int, float, bool, type(None)))


class WireError(ValueError):
    """A JSON value does not have the shape the contract asks for."""


def encode(value: Any) -> Any:
    """Return the JSON value of a contract dataclass (tuples become lists, enums their values)."""
    kind: Any = type(value)
    if kind in _PLAIN:  # most of a page of documents
        return value
    if (fields := _fields(kind)) is not None:
        return fields.encoded(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class _Fields:
    """How to read all fields of a dataclass at once. `is_flat`: each is a plain value."""

    names: tuple[str, ...]
    read: Callable[[Any], Sequence[Any]]
    is_flat: bool

    def encoded(self, value: Any) -> dict[str, Any]:
        pairs = zip(self.names, self.read(value), strict=True)
        if self.is_flat:
            return dict(pairs)
        return {n: v if type(v) in _PLAIN else encode(v) for n, v in pairs}


@cache
def _fields(kind: type) -> _Fields | None:
    """Return None for what is no dataclass."""
    if not dataclasses.is_dataclass(kind):
        return None
    fields = dataclasses.fields(kind)
    names = tuple(field.name for field in fields)
    read: Any = operator.attrgetter(*names)
    if len(names) == 1:
        read = lambda value: [getattr(value, names[0])]  # noqa: E731
    return _Fields(names, read, all(field.type in _PLAIN for field in fields))


def decode(kind: type[T], value: Any, where: str = "body") -> T:
    """Return `value` as a `kind`.

    Raises:
        WireError: a field is missing, or is not of its annotated type.
    """
    return typing.cast(T, _decode(kind, value, where))


def _decode(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_dataclass(kind, value, where)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_optional(kind, value, where)
    if origin is tuple:
        return _decode_tuple(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _decode_enum(kind, value, where)
    return _decode_scalar(kind, value, where)


def _decode_dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise WireError(f"{where}: an object was expected")
    hints = _hints(kind)
    known: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        if field.name in value:
            known[field.name] = _decode(
                hints[field.name], value[field.name], f"{where}.{field.name}"
            )
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise WireError(f"{where}.{field.name}: missing")
    return kind(**known)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode_optional(kind: Any, value: Any, where: str) -> Any:
    if value is None:
        return None
    (inner,) = (arg for arg in get_args(kind) if arg is not type(None))
    return _decode(inner, value, where)


def _decode_tuple(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, list | tuple):
        raise WireError(f"{where}: a list was expected")
    inner = get_args(kind)[0]
    return tuple(_decode(inner, item, f"{where}[{n}]") for n, item in enumerate(value))


def _decode_enum(kind: type[Enum], value: Any, where: str) -> Any:
    try:
        return kind(value)
    except ValueError as exc:
        raise WireError(f"{where}: not one of {', '.join(str(e.value) for e in kind)}") from exc


def _decode_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is bool or kind is str:
        fits = type(value) is kind
    elif kind is int:
        fits = type(value) is int
    else:
        raise TypeError(f"{where}: the contract has no spelling for {kind!r}")
    if not fits:
        raise WireError(f"{where}: a {kind.__name__} was expected")
    return value
