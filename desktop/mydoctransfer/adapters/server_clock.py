"""What the server's clock shows, from the dates of its answers."""

import threading

from mydoctransfer.adapters.replies import Reply


class ServerClock:
    """The server's clock as far as it is known.

    A date is given in whole seconds and has travelled, so each answer tells bounds. Bounds that
    agree with earlier ones narrow them; others replace them (this machine's clock was set).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bounds: tuple[int, int] | None = None

    def learn(self, reply: Reply) -> None:
        """Take over what an answer of the real server says."""
        if reply.earliest is None or reply.latest is None:
            return
        with self._lock:
            earliest, latest = reply.earliest, reply.latest
            if self._bounds is not None:
                narrowed = max(earliest, self._bounds[0]), min(latest, self._bounds[1])
                if narrowed[0] <= narrowed[1]:
                    earliest, latest = narrowed
            self._bounds = earliest, latest

    def offset_ms(self) -> int:
        """Milliseconds to add to this machine's clock; 0 before the first answer."""
        with self._lock:
            return 0 if self._bounds is None else sum(self._bounds) // 2
