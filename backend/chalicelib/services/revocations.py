"""How often somebody has taken everything back: what they registered before that, and which is
published afterwards, is given to nobody.

An upload cannot be found by its owner. So nothing is taken from it: it keeps the count of when it
was registered, and whoever publishes it compares. The count itself is a condition of publishing: no
order of the two leaves a document with its people.
"""

from chalicelib.connectors.ports import Busy, Change, Check, Is, Key, Missing, Row, When
from chalicelib.parts import Parts
from chalicelib.refusals import Refused
from chalicelib.rows import number, revocations_key
from mydoctransfer_contract.problems import Code

_TRIES = 12


def count_in(row: Row | None) -> int:
    """Return the count of such a row, or of none."""
    return 0 if row is None else number(row, "count")


def counted(parts: Parts, sub: str) -> int:
    """Return how often this person has taken everything back."""
    key = revocations_key(sub)
    return count_in(parts.store.read([key]).get(key))


def unchanged(sub: str, count: int) -> Check:
    """Return the condition that they have not done so since."""
    return Check(revocations_key(sub), _when(count))


def count_one_more(parts: Parts, sub: str) -> None:
    """Count it once more; where another call did so at this moment, that is this one's as well.

    Raises:
        Refused: 429, other writers did not let us through.
    """
    count = counted(parts, sub)
    key: Key = revocations_key(sub)
    for _ in range(_TRIES):
        written = parts.store.write(Change(key, _when(count), assign={"count": count + 1}))
        if not isinstance(written, Busy):
            return
        parts.pause(0.02)
    raise Refused(Code.TOO_MANY_REQUESTS, retry_after=1)


def _when(count: int) -> When:
    return (Is("count", count) if count else Missing("count"),)
