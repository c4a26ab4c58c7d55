"""One folder's rule, to be made or changed: which folder, how long, for whom (R12)."""

import os
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import SetFolderRule
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import Policy, RelPath
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.file_dialogs import ask_for_folder
from mydoctransfer.ui.people_field import PeopleField
from mydoctransfer.ui.pieces import ChoiceBox, Note, button, label, named
from mydoctransfer.ui.policy_words import policy_words
from mydoctransfer.ui.rule_words import what_happens, what_it_leaves
from mydoctransfer.ui.rules_model import RulesModel
from mydoctransfer.ui.scrolled import Scrolled


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule is made in.

    Attributes:
        watched: the watched folder, absolute. lifetime: what its new documents get, in seconds.
        me: one's own address. folders: those within it that are known.
    """

    watched: str
    lifetime: int
    me: str
    policy: Policy
    folders: frozenset[str]


class RuleDialog(QDialog):
    """Closes when the rule holds. What it will do is said while it is being made."""

    def __init__(
        self,
        bridge: Bridge,
        rules: RulesModel,
        rule: Rule | None,
        where: Surroundings,
        parent: QWidget | None = None,
    ) -> None:
        """`rule` is the one to change; None makes a new one."""
        super().__init__(parent)
        self.setObjectName("rule-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._rules = rules
        self._where = where
        self._is_new = rule is None or rules.rule_of(rule.path) is None
        title = self.tr("New folder rule") if self._is_new else self.tr("Folder rule")
        self.setWindowTitle(title)
        rule = rule or Rule(RelPath(""), None, ())
        self._build(rule)
        self.people.add(rule.people)
        self._explain()

    def _build(self, rule: Rule) -> None:
        self.path = named(QLineEdit(text.shown(rule.path) if rule.path else ""), "rule-folder")
        self._path = rule.path
        self.path.setPlaceholderText(self.tr("A folder within the watched one"))
        self.path.setReadOnly(not self._is_new)
        completer = QCompleter(sorted(self._where.folders), self.path)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.path.setCompleter(completer)
        self.path.textChanged.connect(self._typed)  # `textEdited` knows no screen reader's hand
        completer.activated.connect(self._typed)
        browse = button(self.tr("&Choose…"), "rule-choose", self._browse)
        browse.setVisible(self._is_new)
        first = QHBoxLayout()
        first.addWidget(self.path, 1)
        first.addWidget(browse)
        self.lifetime = named(ChoiceBox(), "rule-lifetime")
        self._offer_lifetimes(rule.lifetime)
        self.lifetime.currentIndexChanged.connect(lambda at: self._explain())
        self.people = PeopleField(self._bridge, "rule", self._where.me, self._where.policy)
        self.people.on_change = self._explain
        self.people.on_finish = self._save
        self.effect = label(name="rule-effect")
        self.message = Note("rule-message")
        self.save = button(self.tr("&Save rule"), "rule-save", self._save, "primary")
        self.save.setDefault(True)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(button(self.tr("Ca&ncel"), "rule-cancel", self.reject))
        last.addWidget(self.save)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label(self.windowTitle(), "heading"))
        self._put(layout, self.tr("&Folder"), self.path)
        layout.addLayout(first)
        self._put(layout, self.tr("New documents stay in the cloud f&or"), self.lifetime)
        layout.addWidget(self.lifetime)
        self._put(layout, self.tr("They are shared w&ith"), self.people.search)
        layout.addWidget(self.people)
        layout.addWidget(label(policy_words(self._where.policy), "muted"))
        layout.addSpacing(4)
        layout.addWidget(self.effect)
        layout.addWidget(label(what_it_leaves(), "muted", "rule-limits"))
        layout.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(8)
        whole.addWidget(Scrolled(content), 1)
        whole.addWidget(self.message)
        whole.addLayout(last)
        self.resize(520, 0)
        (self.path if self._is_new and not rule.path else self.lifetime).setFocus()

    def _put(self, layout: QVBoxLayout, words: str, field: QWidget) -> None:
        caption = label(words, "field")
        caption.setBuddy(field)
        field.setAccessibleName(words.replace("&", ""))
        layout.addWidget(caption)

    def _offer_lifetimes(self, chosen: int | None) -> None:
        usual = text.isolated(text.lifetime(self._where.lifetime))
        self.lifetime.addItem(self.tr("As everywhere: {time}").format(time=usual), None)
        more = {chosen} if chosen is not None else set()
        for seconds in sorted({*self._where.policy.lifetimes, *more}):
            self.lifetime.addItem(text.isolated(text.lifetime(seconds)), seconds)
        self.lifetime.setCurrentIndex(max(0, self.lifetime.findData(chosen)))
        named(self.lifetime.view(), "rule-lifetimes").setAccessibleName(self.tr("Lifetimes"))

    # Doing

    def _typed(self, words: str) -> None:
        self._path = RelPath(words)
        self._explain()

    def _browse(self) -> None:
        ask_for_folder(
            self,
            self.tr("Choose a folder"),
            self._where.watched,
            "rule-folder-dialog",
            self._picked,
        )

    def _picked(self, path: str) -> None:
        self.path.setText(text.shown(inside(path, self._where.watched) or path))
        self._typed(inside(path, self._where.watched) or path)

    def _explain(self) -> None:
        """Say what the rule will do, as it stands in the dialog."""
        self.message.silence()
        folder = inside(self._path, self._where.watched)
        self.effect.setVisible(bool(folder))
        if folder:
            lifetime = self.lifetime.currentData() or self._where.lifetime
            self.effect.setText(what_happens(folder, lifetime, self.people.chosen()))

    def _save(self) -> None:
        if self.people.search.text().strip():
            self.people.take_written()
        folder = inside(self._path, self._where.watched)
        wrong = self._what_is_wrong(folder)
        if wrong:
            self.message.say("error", wrong)
            return
        self.message.silence()
        self.save.setEnabled(False)
        rule = SetFolderRule(folder or "", self.lifetime.currentData(), self.people.chosen())
        self._bridge.tell(rule, self, self._answered)

    def _what_is_wrong(self, folder: str | None) -> str:
        if not self._path.strip():
            self.path.setFocus()
            return self.tr("Say which folder the rule is for.")
        if not folder:
            self.path.setFocus()
            watched = text.isolated(text.shown(self._where.watched, 120))
            return self.tr("The folder has to lie within {folder}.").format(folder=watched)
        if self._is_new and self._rules.rule_of(folder) is not None:
            self.path.setFocus()
            return self.tr("This folder has a rule already. Change that one.")
        if self.people.has_doubts() or self.people.search.text().strip():
            self.people.setFocus()
            return self.tr("Take out first who cannot be chosen.")
        says_nothing = self.lifetime.currentData() is None and not self.people.chosen()
        if says_nothing and self._rules.rule_in(os.path.dirname(folder)) is None:
            self.lifetime.setFocus()
            return self.tr("The rule says nothing yet. Choose a time, or people.")
        return ""

    def _answered(self, result: Result) -> None:
        self.save.setEnabled(True)
        if not isinstance(result, AppError):
            self.accept()
        elif not self.people.refuse(result):
            self.message.say("error", result.message, result.title)


def inside(path: str, watched: str) -> str | None:
    """Return a folder relative to the watched one; None where it is not within it."""
    path = path.strip().rstrip("/") if path.strip() != "/" else path
    found = os.path.relpath(os.path.join(watched, path), watched) if path else os.curdir
    is_within = found != os.curdir and found.split(os.sep)[0] != os.pardir
    return found.replace(os.sep, "/") if is_within else None
