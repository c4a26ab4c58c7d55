"""What the journal keeps as JSON, read back; nothing where it makes no sense.

Another version may have written it, or a disk that goes bad: neither keeps the program from
beginning, or from a command that takes something back.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

NONSENSE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What is raised by taking a value for something that it is not."""


def read(written: str | None, decode: Callable[[Any], T]) -> T | None:
    """Return what `decode` makes of the JSON; None where there is none, or it makes no sense."""
    if written is None:
        return None
    try:
        return decode(json.loads(written))
    except NONSENSE:
        return None
