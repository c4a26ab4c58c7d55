"""The fast path for parts of large files: kept connections, signed here, no copy of the bytes."""

import threading
from collections.abc import Callable

from mydoctransfer.adapters.objects import failures, puts
from mydoctransfer.adapters.objects.lean import Given, Line, place_of, request_head
from mydoctransfer.adapters.objects.sending import Unsent, tls
from mydoctransfer.adapters.replies import Deadlines
from mydoctransfer.engine.ports import Failure, Grant, Part, PartPut


class Parts:
    """Sends parts; one connection for each thread that asks.

    Args:
        endpoint: the store's address; None is AWS. offset_ms: the server's clock minus this one.
    """

    def __init__(
        self, endpoint: str | None, offset_ms: Callable[[], int], deadlines: Deadlines
    ) -> None:
        self._endpoint = endpoint
        self._offset_ms = offset_ms
        self._deadlines = deadlines
        self._kept = threading.local()
        self._lines: list[Line] = []

    def put(
        self, grant: Grant, part: PartPut, content: bytearray, crc32: int, given: Given
    ) -> Part | Failure | Unsent:
        """Send one part; unsent where no answer came. `given` hears of its bytes."""
        base, target, headers = puts.part_question(
            self._endpoint, grant, part, crc32, self._offset_ms()
        )
        line = self._line(base)
        try:
            head = request_head("PUT", target, headers, len(content))
            reply = line.ask(head, content, given)
        except TimeoutError:
            return failures.silent(line.host)
        except (OSError, ValueError):
            return Unsent()
        outcome = puts.verdict(reply)
        if isinstance(outcome, Failure):
            return outcome
        etag = reply.headers.get("etag")
        return Part(etag, crc32, len(content)) if etag else Unsent()

    def close(self) -> None:
        """Close every connection."""
        for line in self._lines:
            line.close()

    def _line(self, base: str) -> Line:
        kept: tuple[str, Line] | None = getattr(self._kept, "line", None)
        if kept is None or kept[0] != base:
            if kept is not None:
                kept[1].close()
            kept = self._kept.line = (base, Line(place_of(base, tls), self._deadlines))
            self._lines.append(kept[1])
        return kept[1]
