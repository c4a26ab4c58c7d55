"""Token buckets, each as one number: the time at which it is full again (GCRA).

Of a person: all requests. Of a person and a document: downloads.

One conditional write a request: an idle person's bucket is full, and setting its time to now plus
one token needs no reading. Only somebody in a burst costs a second write.
"""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.connectors.ports import (
    AnyOf,
    AtMost,
    Busy,
    Cell,
    Change,
    ConditionFailed,
    Key,
    Missing,
    MoreThan,
    Row,
    Wrote,
)
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import DAY_MS, downloads_key, number, rate_key, ttl
from mydoctransfer_contract.problems import Code


def take(parts: Parts, sub: str, now: int) -> Row:
    """Take one token; return the person's rate row.

    Raises:
        Refused: 429 with the seconds to wait.
    """
    rules = parts.rules
    return _take(parts, rate_key(sub), now, 1_000_000 // rules.requests_per_second, rules.burst)


def take_download(parts: Parts, sub: str, share_id: str, now: int) -> None:
    """Take one of the person's downloads of a document: who pays for them is the operator.

    Raises:
        Refused: 429 with the seconds to wait.
    """
    most = parts.rules.daily_downloads
    gone = {"ttl": ttl(now, 2 * DAY_MS)}  # the bucket is full again after one day
    _take(parts, downloads_key(sub, share_id), now, 1000 * DAY_MS // most, most, gone)


def _take(
    parts: Parts,
    key: Key,
    now: int,
    token: int,
    burst: int,
    also: Mapping[str, Cell] = MappingProxyType({}),
) -> Row:
    """Take a token from the bucket at `key`, which then also says `also`.

    The clock of the bucket runs in microseconds: a token may be less than a millisecond.
    """
    moment = now * 1000
    room = token * burst
    full = AnyOf((Missing("tat"), AtMost("tat", moment)))
    for _ in range(4):
        first = parts.store.write(Change(key, (full,), assign={**also, "tat": moment + token}))
        if isinstance(first, Wrote) and first.row is not None:
            return first.row
        in_use = (MoreThan("tat", moment), AtMost("tat", moment + room - token))
        second = parts.store.write(Change(key, in_use, assign=also, add={"tat": token}))
        if isinstance(second, Wrote) and second.row is not None:
            return second.row
        if isinstance(second, ConditionFailed) and second.row is not None:
            over = number(second.row, "tat") - (moment + room - token)
            if over > 0:
                raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1 + over // 1_000_000)
        if isinstance(first, Busy) or isinstance(second, Busy):
            parts.pause(0.01)
    raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)


def block_grants(parts: Parts, sub: str, until: int) -> None:
    """Let the person register no uploads until then."""
    parts.store.write(
        Change(
            rate_key(sub),
            (AnyOf((Missing("blocked_until"), AtMost("blocked_until", until))),),
            assign={"blocked_until": until},
        )
    )


def is_blocked(row: Row, now: int) -> bool:
    until = row.get("blocked_until", 0)
    return isinstance(until, int) and until > now
