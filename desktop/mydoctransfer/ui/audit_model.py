"""The rows of the audit: who did what, newest first, filtered as one types.

Wording ten thousand entries takes most of a second, so it is done in turns of the event loop.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from PySide6.QtCore import QDateTime, QObject, Qt

from mydoctransfer.model.commands import Answer
from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text
from mydoctransfer.ui.indexes import NO_INDEX
from mydoctransfer.ui.turns import Job, Shift, Turns
from mydoctransfer.ui.worded_table import WordedTable

SLICE = 100
_VERSION = re.compile(r"version (\d+)(, not verified)?")
_REMOVED = re.compile(r"(\d+) published, (\d+) removed by the sweep")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


class AuditColumn(IntEnum):
    """The columns, as they stand."""

    TIME = 0
    WHO = 1
    EMAIL = 2
    ACTION = 3
    FILE = 4
    EXPIRED = 5


@dataclass(frozen=True, slots=True)
class _Line:
    cells: tuple[str, ...]
    sought: str


class AuditModel(WordedTable):
    """The entries that match. A filter changes nearly every line, so it is a reset.

    Attributes:
        on_more: called when further entries were taken.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(self._titles, lambda: len(self._shown), self._words, parent)
        self._all: list[_Line] = []
        self._shown: list[_Line] = []
        self._letters = ""
        self.on_more: Callable[[], None] = lambda: None
        self._turns = Turns(Shift(self))

    def take(self, entries: Sequence[Answer]) -> None:
        """Show these entries, as `audit --json` has them, and forget the others."""
        self.beginResetModel()
        self._all, self._shown = [], []
        self.endResetModel()
        self._turns.start(self._word(entries))

    @property
    def is_busy(self) -> bool:
        """Whether entries are still being put into words."""
        return self._turns.is_busy

    def filter(self, needle: str) -> None:
        """Show the entries in which the letters of this occur in this order, blanks apart."""
        self._letters = "".join(needle.casefold().split())
        self.beginResetModel()
        self._shown = self._matching(self._all)
        self.endResetModel()

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Time"),
            self.tr("Who"),
            self.tr("Email"),
            self.tr("Action"),
            self.tr("Document"),
            self.tr("Expired"),
        )

    def _words(self, line: int, column: int) -> str:
        return self._shown[line].cells[column]

    def _word(self, entries: Sequence[Answer]) -> Job:
        arriving = iter(entries)
        while lines := [self._line(entry) for entry in islice(arriving, SLICE)]:
            self._all += lines
            self._show(self._matching(lines))
            self.on_more()
            yield len(lines)
        self.on_more()

    def _show(self, fresh: list[_Line]) -> None:
        if fresh:
            first = len(self._shown)
            self.beginInsertRows(NO_INDEX, first, first + len(fresh) - 1)
            self._shown += fresh
            self.endInsertRows()

    def _matching(self, lines: list[_Line]) -> list[_Line]:
        return [line for line in lines if is_within(self._letters, line.sought)]

    def _line(self, entry: Answer) -> _Line:
        actor = entry["actor"]
        action = self._action(str(entry["action"]))
        detail = self._detail(str(entry["action"]), str(entry["detail"]))
        cells = (
            text.moment(_moment(str(entry["at"]))),
            self.tr("The system") if actor is None else text.full_name(Person(**actor)),
            "" if actor is None else text.shown(str(actor["email"]), 80),
            f"{action} {text.isolated(detail)}" if detail else action,
            text.shown(str(entry["display_name"])),
            self.tr("Yes") if entry["expired"] else self.tr("No"),
        )
        return _Line(cells, "\n".join(cells).casefold())

    def _detail(self, action: str, detail: str) -> str:
        """Return what is said of an action: versions and times as the person writes them."""
        version = _VERSION.fullmatch(detail)
        if version is not None:
            number = version[1]
            if version[2]:
                return self.tr("version {n}, not verified").format(n=number)
            return number if action == "new version" else self.tr("version {n}").format(n=number)
        removed = _REMOVED.fullmatch(detail)
        if removed is not None:
            words = self.tr("({published} published, {removed} removed by the system)")
            return words.format(published=removed[1], removed=removed[2])
        if _TIME.fullmatch(detail):
            return text.moment(_moment(detail))
        return text.shown(detail)

    def _action(self, action: str) -> str:
        """Return an action in the person's language; one of a newer cloud as the cloud says it."""
        return {
            "uploaded": self.tr("uploaded"),
            "new version": self.tr("new version"),
            "download link issued": self.tr("download link issued"),
            "downloaded": self.tr("downloaded"),
            "deleted": self.tr("deleted"),
            "shared with": self.tr("shared with"),
            "unshared": self.tr("unshared"),
            "sharing denied": self.tr("sharing denied"),
            "renamed to": self.tr("renamed to"),
            "extended": self.tr("extended"),
            "deleted because expired": self.tr("deleted because expired"),
            "every version gone": self.tr("every version gone"),
            "link created": self.tr("link created"),
            "link changed": self.tr("link changed"),
            "link revoked": self.tr("link revoked"),
            "link used": self.tr("link used"),
            "arrival refused": self.tr("arrival refused"),
            "denied": self.tr("denied"),
            "everything revoked": self.tr("everything revoked"),
        }.get(action) or text.shown(action, 80)


def _moment(at: str) -> int:
    return QDateTime.fromString(at, Qt.DateFormat.ISODateWithMs).toMSecsSinceEpoch()


def is_within(letters: str, sought: str) -> bool:
    """Whether the letters occur in this order, with anything between them."""
    at = 0
    for letter in letters:
        at = sought.find(letter, at) + 1
        if not at:
            return False
    return True
