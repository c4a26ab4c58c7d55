"""What a web server answered, and how long one waits for it: values without the web in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Headers = Mapping[str, str]
Sink = Callable[[bytes], object]

# Codes of failures after which it is not known what became of the request: it was sent.
ANSWER_LOST = "answer_lost"  # the connection broke
TIMEOUT = "timeout"  # nothing came in time


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds: to connect, between two pieces of an answer, and for the whole question."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `headers` by lower-case name.

    Attributes:
        earliest, latest: bounds in milliseconds of the server's clock minus this machine's; None
            where the answer carries no date.
    """

    status: int
    headers: Headers
    body: bytes
    earliest: int | None = None
    latest: int | None = None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asked to wait."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdecimal():
            return float(min(int(text), 86_400))
        return None
