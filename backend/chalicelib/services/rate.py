"""A token bucket for each person, as one number: the time at which it is full again (GCRA).

One conditional write a request: an idle person's bucket is full, and setting its time to now plus
one token needs no reading. Only somebody in a burst costs a second write.
"""

from chalicelib.connectors.ports import (
    AnyOf,
    AtMost,
    Busy,
    Change,
    ConditionFailed,
    Missing,
    MoreThan,
    Row,
    Wrote,
)
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import number, rate_key
from mydoctransfer_contract.problems import Code


def take(parts: Parts, sub: str, now: int) -> Row:
    """Take one token; return the person's rate row.

    The clock of the bucket runs in microseconds: a token may be less than a millisecond.

    Raises:
        Refused: 429 with the seconds to wait.
    """
    moment = now * 1000
    token = 1_000_000 // parts.rules.requests_per_second
    room = token * parts.rules.burst
    full = AnyOf((Missing("tat"), AtMost("tat", moment)))
    for _ in range(4):
        first = parts.store.write(Change(rate_key(sub), (full,), assign={"tat": moment + token}))
        if isinstance(first, Wrote) and first.row is not None:
            return first.row
        in_use = (MoreThan("tat", moment), AtMost("tat", moment + room - token))
        second = parts.store.write(Change(rate_key(sub), in_use, add={"tat": token}))
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
