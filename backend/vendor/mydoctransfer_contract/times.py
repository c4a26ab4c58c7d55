"""Times on the wire: RFC 3339 in UTC with milliseconds, `2026-11-23T09:30:00.000Z`.

In code a time is an integer: milliseconds since the Unix epoch, never a local or naive datetime.
"""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_time(ms: int) -> str:
    """Return the wire spelling of a time in milliseconds since the epoch.

    Raises:
        OverflowError: the time lies outside the years 1 to 9999.
    """
    moment = _EPOCH + timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"  # without +00:00


def parse_time(text: str) -> int:
    """Return milliseconds since the epoch; undoes `format_time`.

    Raises:
        ValueError: not an RFC 3339 time with an offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no offset in {text!r}")
    return (moment - _EPOCH) // timedelta(milliseconds=1)
