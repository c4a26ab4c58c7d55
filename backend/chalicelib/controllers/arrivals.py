"""What arrived in the bucket. Records it on the registered upload, and publishes nothing.

The event is a hint: which bucket it names is compared with ours, and before anything is removed
the object itself is asked. In the ordinary case one conditional write is all it costs.

| what arrived | what happens |
|---|---|
| of a registered, open upload, not larger than declared | noted on the upload |
| the version that was published, or noted before | nothing: the event came late or twice |
| larger than declared | removed, audited, no further grants today |
| another version, or of an upload given up | that version is removed, audited |
| registered by nobody | removed, audited |
"""

import re
from dataclasses import dataclass

from chalicelib.connectors.ports import (
    Busy,
    Change,
    Is,
    Missing,
    MoreThan,
    ObjectFacts,
    Row,
    Wrote,
)
from chalicelib.controllers.publishing import refuse_arrival
from chalicelib.parts import Parts
from chalicelib.rows import read_upload, upload_key
from chalicelib.services import audit
from chalicelib.services.audit import Entry, Happened

_KEY = re.compile(r"incoming/[0-9a-zA-Z-]{1,64}/[0-9a-f]{32}/([0-9a-f]{32})\Z")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class ObjectArrived:
    """One record of the bucket's notification, its key unquoted."""

    bucket: str
    key: str
    version_id: str
    size: int


class Unsettled(Exception):
    """Other writers did not let us through: the event has to come again."""


def arrived(parts: Parts, now: int, event: ObjectArrived) -> None:
    """Settle one arrival.

    Raises:
        Unsettled: try again later.
    """
    if event.bucket != parts.config.bucket:
        return  # not our bucket, whoever says so
    match = _KEY.match(event.key)
    if match is None:
        _remove(parts, now, event, "registered by nobody")
        return
    noted = Change(
        upload_key(match.group(1)),
        (
            Is("key", event.key),
            Is("state", "open"),
            Missing("arrived_vid"),
            MoreThan("size", event.size - 1),
        ),
        assign={
            "arrived_vid": event.version_id,
            "arrived_size": event.size,
            "arrived_at": now,
        },
    )
    for _ in range(_TRIES):
        result = parts.store.write(noted)
        if isinstance(result, Wrote):
            return
        if not isinstance(result, Busy):
            _settle_odd(parts, now, event, result.row)
            return
        parts.pause(0.05)
    raise Unsettled(event.key)


def _settle_odd(parts: Parts, now: int, event: ObjectArrived, row: Row | None) -> None:
    if row is None or row.get("key") != event.key:
        _remove(parts, now, event, "registered by nobody")
        return
    upload = read_upload(row)
    known = (row.get("vid"), row.get("arrived_vid"))
    if event.version_id in known:
        return
    facts = parts.objects.facts(event.key, event.version_id)
    if facts is None:
        return
    if upload.state == "open" and facts.size > upload.size:
        refuse_arrival(parts, now, None, upload, facts)
        return
    if upload.state == "open" and upload.arrival is None:
        return  # the event was wrong about the size
    _remove_version(parts, now, event, facts, "not the version that counts")


def _remove(parts: Parts, now: int, event: ObjectArrived, why: str) -> None:
    facts = parts.objects.facts(event.key, event.version_id)
    if facts is not None:
        _remove_version(parts, now, event, facts, why)


def _remove_version(
    parts: Parts, now: int, event: ObjectArrived, facts: ObjectFacts, why: str
) -> None:
    parts.objects.delete_version(event.key, event.version_id)
    refusal = Entry(
        at=now,
        actor=None,
        actor_sub="",
        action=Happened.ARRIVAL_REFUSED,
        share_id="",
        display_name="",
        owner=None,
        detail=f"{facts.size} bytes, {why}",
        source="system",
        expires_at=0,
    )
    audit.record(parts, [refusal])
