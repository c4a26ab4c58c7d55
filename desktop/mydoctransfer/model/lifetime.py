"""Lifetimes as people write them: an integer and `s`, `m`, `h` or `d`."""

import re

from mydoctransfer.model.errors import UsageError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_FORM = re.compile(r"([0-9]{1,9})([smhd])", re.ASCII)


def parse_lifetime(text: str) -> int:
    """Return the lifetime in seconds, at least 1.

    Raises:
        UsageError: not of that form, or zero.
    """
    match = _FORM.fullmatch(text)
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if seconds < 1:
        raise UsageError(
            "Not a lifetime",
            f"{text!r} is not a lifetime. Write a number and s, m, h or d, for example 1h or 7d.",
            "bad_lifetime",
        )
    return seconds
