"""Choosing people: a field with chips, the directory searched as one types.

Return, Tab, a comma or a click takes whom the list offers or the address that was written; a pasted
list is taken whole. Backspace goes to the last chip, and once more takes it away; the arrows walk.
Whoever cannot be chosen stays there, and beside the field it says why.
"""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import FindUsers
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.recipients import Doubt, addresses, doubt, is_address, is_list
from mydoctransfer.model.trees import Person, Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.chip import Chip
from mydoctransfer.ui.flow import Flow
from mydoctransfer.ui.people_entry import PeopleEntry
from mydoctransfer.ui.person_circle import person_circle
from mydoctransfer.ui.pieces import Note, named

DEBOUNCE_MS = 250
MOST_FOUND = 5
MOST_NAMED = 6
_MOST_HIGH = 124
_PERSON = Qt.ItemDataRole.UserRole
_CODES = {"unknown_recipient": Doubt.UNKNOWN, "recipient_refused": Doubt.REFUSED}


class PeopleField(QWidget):
    """Knows who is chosen, and what speaks against whom.

    Attributes:
        on_change: called when somebody was added or taken out, or more is known of them.
        on_finish: called on Return where nothing is written.
        having: addresses that have it already, in small letters.
    """

    def __init__(self, bridge: Bridge, stem: str, me: str, policy: Policy) -> None:
        """`stem` begins the ids of what is in it; `me` is one's own address."""
        super().__init__()
        self.on_change: Callable[[], None] = lambda: None
        self.on_finish: Callable[[], None] = lambda: None
        self.having: frozenset[str] = frozenset()
        self._bridge = bridge
        self._stem = stem
        self._me = me
        self._policy = policy
        self._chips: list[Chip] = []
        self._searched = ""
        self._is_to_take = False  # whom the search that runs finds
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(DEBOUNCE_MS)
        self._pause.timeout.connect(self._search)
        self._build()

    def chosen(self) -> tuple[str, ...]:
        """Return the addresses of those against whom nothing speaks."""
        return tuple(chip.person.email for chip in self._chips if chip.doubt is None)

    def has_doubts(self) -> bool:
        """Whether somebody is named who cannot be chosen."""
        return any(chip.doubt is not None for chip in self._chips)

    def add(self, emails: Iterable[str]) -> None:
        """Choose people by their addresses."""
        for email in emails:
            self._add(Person(email), is_known=False)

    def take_written(self) -> None:
        """Choose whom the list offers, or the address that is written."""
        written = self.search.text().strip()
        offered = self.found.currentItem() if self._is_offering() else None
        if is_address(written) or "@" in written:
            self.add(addresses(written))
        elif offered is not None:
            self._add(offered.data(_PERSON), is_known=True)
        elif written and (self._pause.isActive() or self._is_searching()):
            self._is_to_take = True
            self._search()
            return
        elif written:
            self._say_nobody(written)
            return
        self._begin_anew()

    def drop(self, emails: Iterable[str]) -> None:
        """Take out those for whom something was done."""
        done = set(emails)
        for chip in [chip for chip in self._chips if chip.person.email in done]:
            self._take_out(chip)
        self._changed()

    def refuse(self, error: AppError) -> bool:
        """Mark whom the server refused; False where that names nobody here."""
        refused = {email.casefold() for email in error.emails}
        marked = [c for c in self._chips if c.person.email.casefold() in refused]
        for chip in marked:
            chip.know(chip.person, _CODES.get(error.code, Doubt.REFUSED))
        self._changed()
        return bool(marked)

    # Building

    def _build(self) -> None:
        self.search = named(PeopleEntry(), f"{self._stem}-people")
        self.search.setProperty("role", "inside")
        self.search.setPlaceholderText(self.tr("Name or email address"))
        self.search.setMinimumWidth(150)
        self.search.textEdited.connect(self._typed)
        self.search.on_take = self.take_written
        self.search.on_finish = lambda: self.on_finish()
        self.search.on_back = lambda: self._walk_from(len(self._chips), -1)
        self.search.on_look = self._look
        self.search.on_escape = self._stop_offering
        self.search.on_focus = self._show_focus
        inside = _Inside(self.search)
        self._flow = Flow(inside)
        self._flow.setContentsMargins(4, 4, 4, 4)
        self._flow.addWidget(self.search)
        self._area = named(QScrollArea(), f"{self._stem}-field")
        self._area.setProperty("role", "field")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(inside)
        self.found = named(QListWidget(), f"{self._stem}-found")
        self.found.setAccessibleName(self.tr("People found"))
        self.found.setIconSize(QSize(26, 26))
        self.found.setSpacing(2)
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows in the line move it
        self.found.itemClicked.connect(self._picked)
        self.found.currentItemChanged.connect(lambda now, before: self._tell_offered())
        self.found.hide()
        self.message = Note(f"{self._stem}-doubts")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._area)
        layout.addWidget(self.found)
        layout.addWidget(self.message)
        self.setFocusProxy(self.search)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the chips are."""
        super().resizeEvent(event)
        self._fit()

    def _show_focus(self, has_keyboard: bool) -> None:
        self._area.setProperty("hasKeyboard", has_keyboard)
        self._area.style().unpolish(self._area)
        self._area.style().polish(self._area)

    def _fit(self) -> None:
        high = self._flow.heightForWidth(self._area.width() - 4)
        self._area.setFixedHeight(min(high + 4, _MOST_HIGH))

    # Searching

    def _typed(self, words: str) -> None:
        self._is_to_take = False
        if not is_list(words):
            self._pause.start()
            return
        named_here = addresses(words)
        if len(named_here) == 1 and "@" not in named_here[0]:  # a name, and a comma
            self.search.setText(named_here[0])
            self._pause.start()
            self.take_written()
            return
        self.add(named_here)
        self._begin_anew()

    def _is_searching(self) -> bool:
        return bool(self._searched) and self._searched == self.search.text().strip()

    def _search(self) -> None:
        self._pause.stop()
        query = self.search.text().strip()
        self._searched = query
        if not query:
            self._stop_offering()
            return
        self._bridge.tell(FindUsers(query), self, lambda result: self._answered(query, result))

    def _answered(self, query: str, result: Result) -> None:
        if query != self._searched:
            return  # an answer to an earlier question
        self._searched = ""
        if isinstance(result, AppError):
            self._stop_offering()
            self.message.say("error", result.message, result.title)
            return
        self.found.clear()
        not_again = {chip.person.email.casefold() for chip in self._chips} | self.having
        for person in people_in(result):
            if person.email.casefold() not in not_again | {self._me.casefold()}:
                item = QListWidgetItem(person_circle(person), text.described(person))
                item.setData(_PERSON, person)
                self.found.addItem(item)
        self.found.setVisible(self.found.count() > 0)
        self.found.setFixedHeight(min(self.found.count(), MOST_FOUND) * 34 + 10)
        self.found.setCurrentRow(0)
        if self._is_to_take:
            self._is_to_take = False
            self.take_written()

    def _is_offering(self) -> bool:
        return self.found.isVisibleTo(self) and self.found.count() > 0

    def _look(self, steps: int) -> None:
        if self._is_offering():
            row = (self.found.currentRow() + steps) % self.found.count()
            self.found.setCurrentRow(row)

    def _tell_offered(self) -> None:
        """Say who is offered: the keyboard stays in the line, so nothing else would."""
        item = self.found.currentItem()
        self.search.setAccessibleDescription(item.text() if item is not None else "")
        changed = QAccessibleEvent(self.search, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(changed)

    def _stop_offering(self) -> bool:
        was_offering = self._is_offering()
        self.found.hide()
        self.found.clear()
        return was_offering

    def _picked(self, item: QListWidgetItem) -> None:
        person = item.data(_PERSON)
        self._begin_anew()
        self._add(person, is_known=True)
        self.search.setFocus()

    def _begin_anew(self) -> None:
        self._pause.stop()
        self._searched = ""
        self.search.clear()
        self._stop_offering()

    # Chips

    def _add(self, person: Person, *, is_known: bool) -> None:
        email = person.email.casefold()
        if any(chip.person.email.casefold() == email for chip in self._chips):
            return
        chip = Chip(self._stem, person, self)
        against = doubt(person.email, self._me, self._policy)
        if email in self.having:
            against = Doubt.HAS_IT
        chip.know(person, against)
        chip.on_remove = lambda towards: self._remove(chip, towards)
        chip.on_walk = lambda steps: self._walk_from(self._chips.index(chip), steps)
        chip.on_write = self._write
        self._flow.insert(len(self._chips), chip)
        self._chips.append(chip)
        chip.show()
        self._changed()
        if not is_known and against is None and self._policy.directory != "off":
            self._bridge.tell(
                FindUsers(person.email), chip, lambda result: self._verified(chip, result)
            )

    def _verified(self, chip: Chip, result: Result) -> None:
        if chip not in self._chips or isinstance(result, AppError):
            return  # what cannot be known now, sharing will tell
        email = chip.person.email.casefold()
        known = next((p for p in people_in(result) if p.email.casefold() == email), None)
        chip.know(known or chip.person, None if known is not None else Doubt.UNKNOWN)
        self._changed()

    def _walk_from(self, at: int, steps: int) -> None:
        """Give the keyboard to a chip; past the last one, to the line."""
        to = max(0, at + steps)
        target = self._chips[to].face if to < len(self._chips) else self.search
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(target)

    def _write(self, words: str) -> None:
        self.search.setFocus()
        self.search.insert(words)
        self._typed(self.search.text())

    def _remove(self, chip: Chip, towards: int) -> None:
        had_keyboard = chip.face.hasFocus()
        at = self._chips.index(chip)
        self._take_out(chip)
        self._changed()
        if not had_keyboard:
            self.search.setFocus()
        elif towards < 0 and at == 0:
            self._walk_from(len(self._chips), 0)
        else:
            self._walk_from(at if towards > 0 else at - 1, 0)

    def _take_out(self, chip: Chip) -> None:
        self._chips.remove(chip)
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _changed(self) -> None:
        self._flow.invalidate()
        self._fit()
        self._say_doubts()
        self.on_change()

    # What speaks against whom

    def _say_doubts(self) -> None:
        sentences = []
        for kind in Doubt:
            who = [chip.person.email for chip in self._chips if chip.doubt is kind]
            if who:
                sentences.append(self._against(kind, _listed(who)))
        if sentences:
            self.message.say("warning", "\n".join(sentences))
        else:
            self.message.silence()

    def _against(self, kind: Doubt, who: str) -> str:
        match kind:
            case Doubt.NO_ADDRESS:
                words = self.tr("This is no email address: {who}.")
            case Doubt.REFUSED:
                words = self.tr("Your organisation does not allow sharing with {who}.")
            case Doubt.UNKNOWN:
                words = self.tr("Nobody in your organisation has this address: {who}.")
            case Doubt.MYSELF:
                words = self.tr("{who} is your own address.")
            case Doubt.HAS_IT:
                words = self.tr("Has it already: {who}.")
        return words.format(who=who)

    def _say_nobody(self, name: str) -> None:
        words = self.tr("Nobody called {who} was found. Write the email address.")
        self.message.say("warning", words.format(who=text.isolated(text.shown(name, 60))))


class _Inside(QWidget):
    """What the chips lie on; a click on it means the line."""

    def __init__(self, line: QWidget) -> None:
        super().__init__()
        self._line = line
        self.setProperty("role", "field-inside")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Write where there is nothing."""
        self._line.setFocus()


def people_in(answer: dict[str, object]) -> list[Person]:
    """Return the people in an answer to `FindUsers`."""
    users = answer.get("users")
    found = []
    for user in users if isinstance(users, list) else []:
        names = [str(user.get(key) or "") for key in ("email", "given_name", "family_name")]
        found.append(Person(*names))
    return found


def _listed(emails: list[str]) -> str:
    some = ", ".join(text.isolated(text.shown(one, 60)) for one in emails[:MOST_NAMED])
    return some if len(emails) <= MOST_NAMED else f"{some}, …"
