"""From the bucket's event to its use case, without Chalice.

Whoever may invoke the function may hand it anything. What is no record of an arrival is passed
over and logged without its content; a record that fails stops none of those beside it.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus

from chalicelib.controllers.arrivals import ObjectArrived, Unsettled, arrived
from chalicelib.logs import log, log_failure
from chalicelib.parts import Parts

_VERSION = re.compile(r"[0-9A-Za-z._-]{1,1024}\Z")
_LONGEST_KEY = 1024  # bytes; S3 has no longer one
_LARGEST = 50 * 1024**4  # bytes; S3 has no larger object


class Malformed(ValueError):
    """No record of an arrival."""


def settle_arrivals(parts: Parts, event: object) -> None:
    """Settle every arrival the event speaks of.

    Raises:
        Unsettled: some could not be; the event has to come again.
    """
    unsettled = 0
    for number, record in enumerate(_records(event)):
        try:
            arrived(parts, parts.clock(), read_arrival(record))
        except Malformed:
            log(event="malformed record", number=number)
        except Exception as exc:
            log_failure(exc, number=number)
            unsettled += 1
    if unsettled:
        raise Unsettled(f"{unsettled} records")


def read_arrival(record: object) -> ObjectArrived:
    """Return one record, its key unquoted.

    Raises:
        Malformed: it is none, or names what S3 cannot have.
    """
    s3 = _mapping(_mapping(record).get("s3"))
    stored = _mapping(s3.get("object"))
    size = stored.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= _LARGEST:
        raise Malformed
    version_id = _text(stored.get("versionId", "null"))
    if not _VERSION.match(version_id):
        raise Malformed
    key = _text(unquote_plus(_text(stored.get("key"))))
    if not 1 <= len(key.encode()) <= _LONGEST_KEY:
        raise Malformed
    bucket = _text(_mapping(s3.get("bucket")).get("name"))
    return ObjectArrived(bucket=bucket, key=key, version_id=version_id, size=size)


def _records(event: object) -> list[object]:
    """Return the event's records; S3's own test event, and what is no event, have none."""
    records = event.get("Records") if isinstance(event, Mapping) else None
    if isinstance(records, list):
        return records
    log(event="malformed event")
    return []


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise Malformed
    return value


def _text(value: object) -> str:
    """Return it when it is a text that UTF-8 can spell."""
    if not isinstance(value, str):
        raise Malformed
    try:
        value.encode()
    except UnicodeEncodeError as exc:
        raise Malformed from exc
    return value
