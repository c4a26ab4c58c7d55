"""A document in words: what each cell of its row says, and its tooltips."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from mydoctransfer.model.events import ItemState, Row
from mydoctransfer.model.trees import Person, parent
from mydoctransfer.ui import text as words
from mydoctransfer.ui.arranging import Column
from mydoctransfer.ui.choices import can_share, is_trouble
from mydoctransfer.ui.said import said


class RowWords(QObject):
    """Puts rows into words.

    Attributes:
        progress: bytes sent and in all of running uploads, by key.
    """

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        """`now_ms` is the server's time."""
        super().__init__(parent)
        self._now_ms = now_ms
        self.progress: dict[str, tuple[int, int]] = {}

    def left_ms(self, row: Row) -> int | None:
        """Return the time until a document expires; None where it is not in the cloud."""
        if row.expires_at is None or row.state is ItemState.GONE:
            return None
        return row.expires_at - self._now_ms()

    def is_soon(self, row: Row) -> bool:
        """Whether a document expires within minutes."""
        left = self.left_ms(row)
        return left is not None and left < words.SOON_MS

    def has_link(self, row: Row) -> bool:
        """Whether a link leads to a document now."""
        return row.link is not None and row.link.expires_at > self._now_ms() and can_share(row)

    def text(self, row: Row, column: Column) -> str:
        """Return what a cell says."""
        match column:
            case Column.NAME:
                return words.shown(row.name)
            case Column.SIZE:
                return "" if row.is_directory else words.size(row.size)
            case Column.OWNER:
                return self._owner(row)
            case Column.PEOPLE:
                return self._people(row)
            case Column.EXPIRES:
                left = self.left_ms(row)
                return "" if left is None else words.countdown(left)
            case Column.STATE:
                return self._state(row)

    def _owner(self, row: Row) -> str:
        if row.is_mine:
            return self.tr("You")
        return words.full_name(row.owner) if row.owner else ""

    def _people(self, row: Row) -> str:
        if row.people:
            return ", ".join(words.full_name(person) for person in row.people)
        if not can_share(row):
            return ""
        return self.tr("Share as before") if row.former else self.tr("Click to share…")

    def person(self, row: Row, person: Person) -> str:
        """Return who has a document and, of my own, whether they have fetched it."""
        who = words.isolated(words.described(person))
        if not row.is_mine:
            return who
        fetched = row.has_fetched(person)
        if fetched is None:
            return self.tr("{who}: not downloaded yet").format(who=who)
        when = words.clock(fetched.at, self._now_ms())
        return self.tr("{who}: downloaded at {time}").format(who=who, time=when)

    def _state(self, row: Row) -> str:
        if row.state is ItemState.UPLOADING and row.key in self.progress:
            sent, total = self.progress[row.key]
            return self.tr("Sending {percent} %").format(percent=sent * 100 // max(total, 1))
        return (row.message and words.shown(said(row.message))) or self._plain_state(row)

    def _plain_state(self, row: Row) -> str:
        left = self.left_ms(row)
        match row.state:
            case ItemState.SYNCED if left is not None and left <= 0:
                return self.tr("Its time is up")
            case ItemState.SYNCED:
                return self.tr("In the cloud") if row.is_mine else self.tr("Ready to download")
            case ItemState.WAITING:
                return self.tr("Waiting")
            case ItemState.UPLOADING:
                return self.tr("Sending")
            case ItemState.BUSY:
                return self.tr("Still being written")
            case ItemState.SKIPPED:
                return self.tr("Not sent")
            case ItemState.PROBLEM:
                return self.tr("Problem")
            case ItemState.GONE if row.is_mine and row.path is not None:
                return self.tr("Gone from the cloud, kept here")
            case ItemState.GONE:
                return self.tr("Gone from the cloud")
            case ItemState.CONFLICT:
                return self.tr("Two versions, both kept")

    def description(self, row: Row, column: Column) -> str | None:
        """Return what a screen reader says of a cell besides its text.

        The folder, for two documents may have one name; who has fetched it, which is ticks to
        others; and what a click does.
        """
        match column:
            case Column.NAME:
                folder = parent(row.path) if row.path is not None else ""
                return words.shown(folder) or None
            case Column.PEOPLE | Column.EXPIRES:
                return self.tip(row, column)
            case Column.STATE if is_trouble(row):
                return self.tr("Click or press Return to read what helps.")
            case _:
                return None

    def tip(self, row: Row, column: Column) -> str | None:
        """Return a cell's tooltip, as plain words."""
        match column:
            case Column.NAME:
                return self._name_tip(row)
            case Column.SIZE if row.size < 2**31 and not row.is_directory:
                return self.tr("%Ln byte(s)", "", row.size)
            case Column.OWNER:
                return words.described(row.owner) if row.owner else None
            case Column.PEOPLE:
                return "\n".join(self._who_can_get(row)) or None
            case Column.EXPIRES if row.expires_at is not None:
                when = words.clock(row.expires_at, self._now_ms())
                if row.state is not ItemState.GONE and can_share(row):
                    more = self.tr("Expires at {time}. Click or press Return for more time.")
                    return more.format(time=when)
                return self._expiry(row)
            case Column.STATE:
                helps = self.description(row, column)
                return "\n".join(filter(None, (self._state(row), helps)))
            case _:
                return None

    def _who_can_get(self, row: Row) -> list[str]:
        """Return the people who have a document, or had it before, and the link if there is one."""
        people = [self.person(row, person) for person in row.people[:40]]
        who = people or [words.shown(one, 80) for one in row.former]
        if row.link is not None and self.has_link(row):
            until = words.clock(row.link.expires_at, self._now_ms())
            who.append(self.tr("Whoever has its link, until {time}").format(time=until))
        return who

    def _name_tip(self, row: Row) -> str:
        """Return where a document lies, what it was called there, and when it expires."""
        where = words.isolated(words.shown(row.path or row.name, 600))
        when = self._expiry(row)
        return f"{where}\n{when}" if when else where

    def _expiry(self, row: Row) -> str | None:
        if row.expires_at is None:
            return None
        when = words.clock(row.expires_at, self._now_ms())
        if row.state is ItemState.GONE:
            return self.tr("Expired at {time}").format(time=when)
        return self.tr("Expires at {time}").format(time=when)
