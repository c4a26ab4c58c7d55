"""What the desktop tells a person beside the window."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notification:
    """Something to be told; what was told before under the same key is replaced.

    Plain text: whoever sends it escapes what its service would read as markup.

    Attributes:
        actions: name and label of each button.
        until_ms: when it says nothing to anybody any more (since the epoch); None for never.
    """

    key: str
    title: str
    body: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    until_ms: int | None = None
