"""Who has a document: search people, add them, take them away again."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import FindUsers, Share, Unshare
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Row
from mydoctransfer.model.trees import Person, Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.documents_view import circle_colour
from mydoctransfer.ui.pieces import Note, button, label, named

DEBOUNCE_MS = 250
MOST_FOUND = 5
_PERSON = Qt.ItemDataRole.UserRole


class ShareDialog(QDialog):
    """People of one document or of several. Every change goes to the cloud at once."""

    def __init__(
        self,
        bridge: Bridge,
        rows: tuple[Row, ...],
        me: str,
        policy: Policy,
        parent: QWidget | None = None,
    ) -> None:
        """Show who has all of `rows`; `me` is one's own address, never offered."""
        super().__init__(parent)
        self.setObjectName("share-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._rows = rows
        self.keys = tuple(row.key for row in rows)
        self._me = me.casefold()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(DEBOUNCE_MS)
        self._pause.timeout.connect(self._search)
        self._searched = ""
        self._build(policy)
        self._show_people()

    def take_rows(self, rows: tuple[Row, ...]) -> None:
        """Take the documents as they are now."""
        self._rows = rows
        self._show_people()

    # Building

    def _build(self, policy: Policy) -> None:
        what = (
            text.isolated(text.shown(self._rows[0].name, 60))
            if len(self._rows) == 1
            else self.tr("%n document(s)", "", len(self._rows))
        )
        self.setWindowTitle(self.tr("Share {what}").format(what=what))
        self.setAccessibleName(self.windowTitle())
        self.search = named(QLineEdit(), "share-people")
        self.search.setPlaceholderText(self.tr("Name or email address"))
        self.search.setClearButtonEnabled(True)
        self.search.textEdited.connect(self._typed)
        self.add = button(self.tr("&Add"), "share-add", self._add, "primary")
        self.search.returnPressed.connect(self._add)
        self.search.setAccessibleName(self.tr("People to share with"))
        self.found = named(QListWidget(), "share-found")
        self.found.setAccessibleName(self.tr("People found"))
        self.found.itemActivated.connect(self._picked)
        self.found.itemClicked.connect(self._picked)
        self.people = named(QListWidget(), "share-current")
        self.people.setAccessibleName(self.tr("People who have it"))
        for people in (self.found, self.people):
            people.setIconSize(QSize(26, 26))
            people.setSpacing(2)
        self.people.itemSelectionChanged.connect(self._selection_changed)
        self.remove = button(self.tr("&Remove"), "share-remove", self._remove)
        self.message = Note("share-message")
        self._done = button(self.tr("&Done"), "share-done", self.accept)
        caption = label(self.tr("&Share with"), "field")
        caption.setBuddy(self.search)
        having = label(self.tr("&Who has it"), "field")
        having.setBuddy(self.people)
        first = QHBoxLayout()
        first.addWidget(self.search, 1)
        first.addWidget(self.add)
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
        layout.addLayout(first)
        layout.addWidget(self.found)
        layout.addWidget(self.message)
        layout.addWidget(having)
        layout.addWidget(self.people, 1)
        layout.addWidget(label(self._policy_line(policy), "muted", "share-policy"))
        layout.addLayout(last)
        self.found.hide()
        self.resize(480, 460)
        self.search.setFocus()

    # Searching

    def _typed(self) -> None:
        self._pause.start()

    def _search(self) -> None:
        query = self.search.text().strip()
        self._searched = query
        if not query:
            self.found.hide()
            return
        self._bridge.tell(FindUsers(query), self, lambda result: self._found(query, result))

    def _found(self, query: str, result: Result) -> None:
        if query != self._searched:
            return  # an answer to an earlier question
        if isinstance(result, AppError):
            self.found.hide()
            self.message.say("error", result.message, result.title)
            return
        had = {person.email.casefold() for person in self._common()} | {self._me}
        self.found.clear()
        for person in _people_in(result):
            if person.email.casefold() not in had:
                self._offer(person)
        self.found.setVisible(self.found.count() > 0)
        lines = min(self.found.count(), MOST_FOUND)
        self.found.setFixedHeight(lines * self.found.sizeHintForRow(0) + 10)

    def _offer(self, person: Person) -> None:
        item = QListWidgetItem(_circle(person), text.described(person))
        item.setData(_PERSON, person)
        self.found.addItem(item)

    def _picked(self, item: QListWidgetItem) -> None:
        person = item.data(_PERSON)
        self._share((person.email,))

    # Changing

    def _add(self) -> None:
        emails = tuple(self.search.text().replace(",", " ").replace(";", " ").split())
        if not emails:
            self.search.setFocus()
            return
        current = self.found.currentItem() or (
            self.found.item(0) if self.found.count() == 1 else None
        )
        if self.found.isVisibleTo(self) and current is not None and "@" not in self.search.text():
            emails = (current.data(_PERSON).email,)
        self._share(emails)

    def _share(self, emails: tuple[str, ...]) -> None:
        self.message.silence()
        self.add.setEnabled(False)
        for row in self._rows:
            self._bridge.tell(Share(_target(row), emails), self, self._shared)

    def _shared(self, result: Result) -> None:
        self.add.setEnabled(True)
        self.search.setFocus()
        if isinstance(result, AppError):
            self._refuse(result)
            return
        self.search.clear()
        self.found.hide()

    def _remove(self) -> None:
        chosen = tuple(item.data(_PERSON).email for item in self.people.selectedItems())
        if not chosen:
            return
        self.message.silence()
        for row in self._rows:
            self._bridge.tell(Unshare(_target(row), chosen), self, self._removed)

    def _removed(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._refuse(result)

    def _refuse(self, error: AppError) -> None:
        sentence = error.message
        missing = [email for email in error.emails if email not in sentence]
        if missing:
            named = ", ".join(text.isolated(text.shown(email, 80)) for email in missing)
            sentence = f"{sentence}\n{named}"
        self.message.say("error", sentence, error.title)

    # Showing

    def _common(self) -> tuple[Person, ...]:
        """Return the people who have every one of the documents."""
        rest = [{person.email for person in row.people} for row in self._rows[1:]]
        return tuple(p for p in self._rows[0].people if all(p.email in emails for emails in rest))

    def _policy_line(self, policy: Policy) -> str:
        longest = self.tr("Documents stay for {time} at most.").format(
            time=text.lifetime(policy.max_lifetime)
        )
        whom = self.tr("You can share with everybody in your organisation.")
        if policy.allowed_recipients:
            allowed = _listed(policy.allowed_recipients)
            whom = self.tr("You can share with: {who}.").format(who=allowed)
        if policy.refused_recipients:
            refused = _listed(policy.refused_recipients)
            whom += " " + self.tr("Not with: {who}.").format(who=refused)
        return f"{whom} {longest}"

    def _show_people(self) -> None:
        chosen = {item.data(_PERSON).email for item in self.people.selectedItems()}
        self.people.clear()
        for person in self._common():
            item = QListWidgetItem(_circle(person), text.described(person))
            item.setData(_PERSON, person)
            self.people.addItem(item)
            item.setSelected(person.email in chosen)
        self._selection_changed()

    def _selection_changed(self) -> None:
        self.remove.setEnabled(bool(self.people.selectedItems()))


def _listed(addresses: Sequence[str]) -> str:
    return ", ".join(text.isolated(text.shown(one, 60)) for one in addresses)


def _target(row: Row) -> str:
    return row.share_id or f"./{row.path}"


def _people_in(answer: dict[str, object]) -> list[Person]:
    users = answer.get("users")
    found = []
    for user in users if isinstance(users, list) else []:
        names = [str(user.get(key) or "") for key in ("email", "given_name", "family_name")]
        found.append(Person(*names))
    return found


def _circle(person: Person) -> QIcon:
    edge, ratio = 26, 2
    picture = QPixmap(edge * ratio, edge * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(circle_colour(person)))
    painter.drawEllipse(0, 0, edge, edge)
    font = painter.font()
    font.setPixelSize(11)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(0, 0, edge, edge, Qt.AlignmentFlag.AlignCenter, text.initials(person))
    painter.end()
    return QIcon(picture)
