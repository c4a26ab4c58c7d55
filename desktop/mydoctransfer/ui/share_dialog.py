"""Who has a document: choose people, share with them, take it away from them again."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import Share, Unshare
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Row
from mydoctransfer.model.trees import Person, Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.fitting import Fitting
from mydoctransfer.ui.people_field import PeopleField
from mydoctransfer.ui.person_circle import person_circle
from mydoctransfer.ui.pieces import Note, button, label, named
from mydoctransfer.ui.policy_words import policy_words
from mydoctransfer.ui.row_words import RowWords

_PERSON = Qt.ItemDataRole.UserRole


class ShareDialog(QDialog):
    """People of one document or of several. Every change goes to the cloud at once."""

    def __init__(
        self,
        bridge: Bridge,
        rows: tuple[Row, ...],
        me: str,
        policy: Policy,
        words: RowWords,
        parent: QWidget | None = None,
    ) -> None:
        """Show who has all of `rows`; `me` is one's own address, never offered."""
        super().__init__(parent)
        self._words = words
        self.setObjectName("share-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._rows = rows
        self.keys = tuple(row.key for row in rows)
        self._waiting = 0
        self._is_refused = False
        self.field = PeopleField(bridge, "share", me, policy)
        self._build(policy)
        self._show_people()
        Fitting(self)

    def take_rows(self, rows: tuple[Row, ...]) -> None:
        """Take the documents as they are now."""
        self._rows = rows
        self._show_people()

    # Building

    def _build(self, policy: Policy) -> None:
        what = (
            text.isolated(text.shown(self._rows[0].name, 60))
            if len(self._rows) == 1
            else self.tr("%Ln document(s)", "", len(self._rows))
        )
        self.setWindowTitle(self.tr("Share {what}").format(what=what))
        self.setAccessibleName(self.windowTitle())
        self.field.on_change = self._allow
        self.field.on_finish = self._share
        self.field.search.setAccessibleName(self.tr("People to share with"))
        self.add = button(self.tr("&Share"), "share-add", self._share_written, "primary")
        self.people = named(QListWidget(), "share-current")
        self.people.setAccessibleName(self.tr("People who have it"))
        self.people.setIconSize(QSize(26, 26))
        self.people.setSpacing(2)
        self.people.setWordWrap(True)  # with large letters a line has no room for when it was
        self.people.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.people.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.people.itemSelectionChanged.connect(self._selection_changed)
        self.nobody = label("", "muted", "share-nobody")
        inside = QVBoxLayout(self.people.viewport())
        inside.addWidget(self.nobody, 0, Qt.AlignmentFlag.AlignTop)
        self.remove = button(self.tr("&Remove"), "share-remove", self._remove)
        self.message = Note("share-message")
        self._done = button(self.tr("&Done"), "share-done", self.accept)
        caption = label(self.tr("Share w&ith"), "field")
        caption.setBuddy(self.field.search)
        having = label(self.tr("&Who has it"), "field")
        having.setBuddy(self.people)
        first = QHBoxLayout()
        first.addWidget(label(policy_words(policy), "muted", "share-policy"), 1)
        first.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        last = QHBoxLayout()
        last.addWidget(self.remove)
        last.addStretch(1)
        last.addWidget(self._done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        head = label(self.windowTitle(), "heading")
        layout.addWidget(head)
        layout.addWidget(caption)
        layout.addWidget(self.field)
        layout.addLayout(first)
        layout.addWidget(self.message)
        layout.addWidget(having)
        layout.addWidget(self.people, 1)
        layout.addLayout(last)
        self.resize(500, 480)
        self.field.setFocus()

    # Changing

    def _allow(self) -> None:
        self.add.setEnabled(self._waiting == 0)

    def _share_written(self) -> None:
        """Take what is still written in the field, too."""
        if self.field.search.text().strip():
            self.field.take_written()
        self._share()

    def _share(self) -> None:
        emails = self.field.chosen()
        if not emails or self._waiting:
            self.field.setFocus()
            return
        self.message.silence()
        self._waiting = len(self._rows)
        self._is_refused = False
        self._allow()
        for row in self._rows:
            self._bridge.tell(Share(_target(row), emails), self, partial(self._shared, emails))

    def _shared(self, emails: tuple[str, ...], result: Result) -> None:
        self._waiting -= 1
        if isinstance(result, AppError):
            self._is_refused = True
            if not self.field.refuse(result):
                self._complain(result)
        if self._waiting:
            return
        self._allow()
        self.field.setFocus()
        if not self._is_refused:
            self.field.drop(emails)

    def _remove(self) -> None:
        chosen = tuple(item.data(_PERSON).email for item in self.people.selectedItems())
        if not chosen:
            return
        self.message.silence()
        for row in self._rows:
            self._bridge.tell(Unshare(_target(row), chosen), self, self._removed)

    def _removed(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)

    def _complain(self, error: AppError) -> None:
        self.message.say("error", error.message, error.title)

    # Showing

    def _common(self) -> tuple[Person, ...]:
        """Return the people who have every one of the documents."""
        rest = [{person.email for person in row.people} for row in self._rows[1:]]
        return tuple(p for p in self._rows[0].people if all(p.email in emails for emails in rest))

    def _show_people(self) -> None:
        chosen = {item.data(_PERSON).email for item in self.people.selectedItems()}
        self.people.clear()
        common = self._common()
        self.field.having = frozenset(person.email.casefold() for person in common)
        for person in common:
            item = QListWidgetItem(person_circle(person), self._said_of(person))
            item.setData(_PERSON, person)
            item.setToolTip(text.tip(item.text()))
            self.people.addItem(item)
            item.setSelected(person.email in chosen)
        self._say_nobody("" if common else self._nobody_words())
        self._selection_changed()

    def _nobody_words(self) -> str:
        if len(self._rows) == 1:
            return self.tr("Nobody else has it yet.")
        return self.tr("Nobody else has all of them yet.")

    def _say_nobody(self, words: str) -> None:
        self.nobody.setText(words)
        self.nobody.setVisible(bool(words))
        # A list's accessible has its items alone: the words in it are read from here.
        self.people.setAccessibleDescription(words)

    def _said_of(self, person: Person) -> str:
        """Return who it is and, where there is one document, whether they have fetched it."""
        is_one = len(self._rows) == 1
        return self._words.person(self._rows[0], person) if is_one else text.described(person)

    def _selection_changed(self) -> None:
        self.remove.setEnabled(bool(self.people.selectedItems()))


def _target(row: Row) -> str:
    return row.share_id or f"./{row.path}"
