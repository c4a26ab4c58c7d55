"""The folder rules as the window uses them: shown, edited, and told before something is dropped."""

import os
from dataclasses import dataclass
from itertools import islice

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mydoctransfer.model.events import Status
from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import Policy, RelPath, parent
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.rule_dialog import RuleDialog, Surroundings
from mydoctransfer.ui.rule_words import what_happens, which_rule
from mydoctransfer.ui.rules_model import RulesModel

MOST_TARGETS = 4
_MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Target:
    """Where something can be dropped, and what that does.

    Attributes:
        folder: relative to the watched folder, which is "". name: what it is called.
        brief: time and people in a few words. words: what happens, in sentences.
    """

    folder: str
    name: str
    brief: str
    words: str


class FolderRules(QObject):
    """Knows the rules and the folder they are in."""

    def __init__(self, bridge: Bridge, documents: DocumentsModel, window: QWidget) -> None:
        super().__init__(window)
        self.model = RulesModel(self)
        self._bridge = bridge
        self._documents = documents
        self._window = window
        self._status: Status | None = None

    def take_status(self, status: Status) -> None:
        """Learn which folder is watched, and under which policy."""
        self._status = status

    def edit(self, rule: Rule | None, parent: QWidget | None = None) -> None:
        """Let a rule be changed, or a new one be made."""
        status = self._status
        if status is None or status.account is None or status.folder is None:
            return
        account = status.account
        where = Surroundings(
            status.folder,
            self._usual_lifetime(),
            account.person.email,
            account.policy,
            self._known_folders(),
        )
        RuleDialog(self._bridge, self.model, rule, where, parent or self._window).open()

    def edit_folder(self, folder: str) -> None:
        """Let the rule of this folder be changed, or made where it has none."""
        self.edit(self.model.rule_of(folder) or Rule(RelPath(folder), None, ()))

    def targets(self) -> tuple[Target, ...]:
        """Return where something can be dropped: the watched folder, then those with rules."""
        watched = self._status.folder if self._status is not None else None
        if watched is None:
            return ()
        there = (
            rule.path
            for rule in self.model.rules()
            if os.path.isdir(os.path.join(watched, rule.path))
        )
        return tuple(self._target(folder) for folder in ("", *islice(there, MOST_TARGETS)))

    def _target(self, folder: str) -> Target:
        watched = self._status.folder if self._status is not None else None
        name = folder or os.path.basename(watched or "")
        rule = self.model.rule_of(folder)
        usual = self._usual_lifetime()
        lifetime = (rule.lifetime if rule is not None else None) or usual
        people = rule.people if rule is not None else ()
        words = what_happens(name, lifetime, people)
        brief = text.lifetime(lifetime)
        if people:
            brief += " · " + ", ".join(text.isolated(text.shown(one, 40)) for one in people)
        return Target(folder, name, brief, f"{words} {which_rule(rule)}" if rule else words)

    def _usual_lifetime(self) -> int:
        account = self._status.account if self._status is not None else None
        policy = account.policy if account is not None else Policy()
        return self._bridge.outside.folder_lifetime or policy.default_lifetime

    def _known_folders(self) -> frozenset[str]:
        found: set[str] = set()
        for row in islice(self._documents.every(), _MOST_ROWS):
            at = parent(row.path) if row.path is not None else RelPath("")
            while at and at not in found:
                found.add(at)
                at = parent(at)
        return frozenset(found)
