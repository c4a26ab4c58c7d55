"""How often the end of an upload has failed: after a few times a fresh one is begun (H06)."""

from collections import Counter
from dataclasses import replace

from mydoctransfer.engine.ports import Failure, FailureKind

PATIENCE = 3

# Asked to slow down, one does: to send everything once more would be the opposite.
_SLOWER = {
    "slow_down",
    "service_unavailable",
    "throttling",
    "throttling_exception",
    "request_limit_exceeded",
    "http_429",
    "http_503",
}


class Endings:
    """Counts, for each upload, how often the server or the store could not end it.

    In memory only: whoever starts again has patience again.
    """

    def __init__(self) -> None:
        self._failed: Counter[str] = Counter()

    def failed(self, upload_id: str, failure: Failure) -> Failure:
        """Return the failure, as that of an upload that has ended when it was one too many."""
        if not _says_something_of_it(failure):
            return failure
        self._failed[upload_id] += 1
        if self._failed[upload_id] < PATIENCE:
            return failure
        self.went_well(upload_id)
        return replace(failure, kind=FailureKind.UPLOAD_ENDED)

    def went_well(self, upload_id: str) -> None:
        """It has ended."""
        self._failed.pop(upload_id, None)


def _says_something_of_it(failure: Failure) -> bool:
    is_later = failure.retry_after is not None or failure.code in _SLOWER
    return failure.kind is FailureKind.BUSY and not is_later
