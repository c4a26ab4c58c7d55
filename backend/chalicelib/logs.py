"""What the functions write to their logs: JSON lines that quote nothing anybody sent."""

import json
import traceback


def log(**fields: object) -> None:
    """Write one line."""
    print(json.dumps(fields))


def log_failure(exc: Exception, **fields: object) -> None:
    """Write where it failed, not with what: an exception's text may quote the request."""
    frames = traceback.extract_tb(exc.__traceback__)
    where = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:]]
    log(event="failure", **fields, error=type(exc).__name__, where=where)
