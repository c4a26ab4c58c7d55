"""Times as people and programs read them: RFC 3339 in UTC with milliseconds. Pure."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_time(ms: int) -> str:
    """Return `YYYY-MM-DDTHH:MM:SS.mmmZ` for milliseconds since the epoch.

    Times beyond the year 9999 are shown as its end: a display has to show something.
    """
    try:
        moment = _EPOCH + timedelta(milliseconds=ms)
    except OverflowError:
        moment = datetime.max if ms > 0 else datetime.min
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
