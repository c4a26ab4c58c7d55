"""Where somebody stands in their change feed: the cursor, and the stretch one call has written."""

from collections.abc import Collection

from chalicelib.connectors.ports import Row
from chalicelib.parts import Parts
from chalicelib.services import cursors
from mydoctransfer_contract.documents import FeedStretch

PURPOSE = "changes"


def cursor(parts: Parts, sub: str, line: int, at: int) -> str:
    """Return the cursor behind a line: `at` this time (ms), nothing after it was seen."""
    state: Row = {"n": line, "t": at, "e": parts.config.epoch}
    return cursors.seal(parts.config.secret, PURPOSE, sub, state)


def stretch(parts: Parts, sub: str, now: int, lines: Collection[int]) -> FeedStretch | None:
    """Return the stretch of the person's feed that these lines, all of one call, make up.

    None where they make up none: nothing was written, or somebody else's line lies between.
    """
    written = set(lines)
    if not written or max(written) - min(written) + 1 != len(written):
        return None
    return FeedStretch(min(written), max(written), cursor(parts, sub, max(written), now))
