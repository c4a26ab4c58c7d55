"""What is on its way to the cloud, or from it: how far, how fast, how long still."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from mydoctransfer.model.events import Downloading, Halt, ItemState, Progress, Row, RowsChanged
from mydoctransfer.ui import text
from mydoctransfer.ui.picked_rows import PickedRows
from mydoctransfer.ui.said import said
from mydoctransfer.ui.turns import Job, Shift

UNDER_WAY = (ItemState.UPLOADING, ItemState.WAITING, ItemState.BUSY)
DOWNLOAD = "\0download:"  # no path begins so
LOOK_BACK_MS = 10_000


def is_transfer(row: Row) -> bool:
    """Whether a document is on its way up, or would be had it not been stopped."""
    return row.state in UNDER_WAY or row.halt is not None


def is_download(row: Row) -> bool:
    """Whether it comes from the cloud: its key says so."""
    return row.key.startswith(DOWNLOAD)


class Pace:
    """How fast one document goes, from what was told of it in the last ten seconds."""

    def __init__(self) -> None:
        self._told: deque[tuple[int, int]] = deque()
        self.sent = self.total = 0

    def take(self, at_ms: int, sent: int, total: int) -> None:
        """Take how far it has come."""
        if sent < self.sent:  # it began anew
            self._told.clear()
        self.sent, self.total = sent, total
        self._told.append((at_ms, sent))
        while len(self._told) > 2 and at_ms - self._told[0][0] > LOOK_BACK_MS:
            self._told.popleft()

    def speed(self) -> float | None:
        """Return bytes a second; None before there is something to measure."""
        if len(self._told) < 2:
            return None
        (began, at_first), (ended, at_last) = self._told[0], self._told[-1]
        if ended <= began or at_last <= at_first:
            return None
        return (at_last - at_first) * 1000 / (ended - began)

    def left_ms(self) -> int | None:
        """Return how long it will still take at this speed."""
        speed = self.speed()
        return None if speed is None else int((self.total - self.sent) * 1000 / speed)


class TransfersModel(PickedRows):
    """The transfers table."""

    def __init__(
        self, now_ms: Callable[[], int], shift: Shift, parent: QObject | None = None
    ) -> None:
        super().__init__(is_transfer, self._titles, self._cell, shift, parent)
        self._now_ms = now_ms
        self._paces: dict[str, Pace] = {}

    def _take(self, change: RowsChanged) -> Job:
        """Take rows; what is no longer being sent has no speed. Downloads are none of them."""
        yield from super()._take(change)
        for key in [key for key in self._paces if key not in self._rows]:
            del self._paces[key]

    def _stays(self) -> dict[str, Row]:
        return {key: row for key, row in self._rows.items() if is_download(row)}

    def paused(self) -> int:
        """Return how many wait until somebody resumes them."""
        return sum(row.halt is Halt.PAUSED for row in self._rows.values())

    def apply_progress(self, progress: Progress) -> None:
        """Take how far an upload has come."""
        row = self._rows.get(progress.key)
        if row is not None and row.halt is None:
            pace = self._paces.setdefault(progress.key, Pace())
            pace.take(self._now_ms(), progress.sent, progress.total)
            self.tell_changed(progress.key)

    def apply_download(self, event: Downloading) -> None:
        """Take how far a download has come; what is over is listed no more."""
        key = DOWNLOAD + event.share_id
        if event.row is None:
            self._paces.pop(key, None)
            self._change({key} & self._rows.keys(), {})
            return
        pace = self._paces.setdefault(key, Pace())
        pace.take(self._now_ms(), event.came, event.total)
        row = replace(event.row, key=key, size=event.total, message="")
        self._change((), {key: row})

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Document"),
            self.tr("Sent"),
            self.tr("Speed"),
            self.tr("Time left"),
            self.tr("State"),
        )

    def _cell(self, row: Row, column: int) -> str:
        is_moving = row.state is ItemState.UPLOADING or is_download(row)
        known = self._paces.get(row.key)
        pace = known if is_moving else None
        match column:
            case 0:
                return text.shown(row.path or row.name)
            case 1:
                return self._sent(row, None if row.halt is Halt.CANCELLED else known)
            case 2:
                speed = pace.speed() if pace else None
                return (
                    "" if speed is None else self.tr("{size}/s").format(size=text.size(int(speed)))
                )
            case 3:
                left = pace.left_ms() if pace else None
                return "" if left is None else text.countdown(max(left, 1000))
            case _:
                return self._state(row)

    def _sent(self, row: Row, pace: Pace | None) -> str:
        whole = text.size(row.size)
        if pace is None:
            return whole
        percent = pace.sent * 100 // max(pace.total, 1)
        return self.tr("{percent} % of {size}").format(percent=percent, size=whole)

    def _state(self, row: Row) -> str:
        if is_download(row):
            return self.tr("Downloading")
        if row.message:
            return text.shown(said(row.message))
        return {
            ItemState.UPLOADING: self.tr("Sending"),
            ItemState.BUSY: self.tr("Still being written"),
        }.get(row.state, self.tr("Waiting"))
