"""The folder rules, one a line: which folder, how long, for whom (R12)."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QObject

from mydoctransfer.model.events import RulesChanged
from mydoctransfer.model.rules import Rule, governing
from mydoctransfer.model.trees import RelPath, join
from mydoctransfer.ui import text
from mydoctransfer.ui.worded_table import WordedTable


class RuleColumn(IntEnum):
    """The columns, as they stand."""

    FOLDER = 0
    LIFETIME = 1
    PEOPLE = 2


class RulesModel(WordedTable):
    """Knows every rule, and which one holds where.

    Attributes:
        on_change: called when the rules are others.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(self._titles, lambda: len(self._rules), self._words, parent)
        self._rules: tuple[Rule, ...] = ()
        self.on_change: Callable[[], None] = lambda: None

    def apply(self, change: RulesChanged) -> None:
        """Take the rules as they are now."""
        self.beginResetModel()
        self._rules = change.rules
        self.endResetModel()
        self.on_change()

    def rules(self) -> tuple[Rule, ...]:
        """Return every rule."""
        return self._rules

    def rule_at(self, line: int) -> Rule:
        """Return the rule in a line."""
        return self._rules[line]

    def rule_of(self, folder: str) -> Rule | None:
        """Return the rule that a folder has itself."""
        return next((rule for rule in self._rules if rule.path == folder), None)

    def rule_in(self, folder: str) -> Rule | None:
        """Return the rule that holds for what is put into a folder; "" is the watched one."""
        path = governing(join(RelPath(folder), "x"), {rule.path: rule for rule in self._rules})
        return None if path is None else self.rule_of(path)

    def _titles(self) -> tuple[str, ...]:
        return (self.tr("Folder"), self.tr("New documents stay"), self.tr("Shared with"))

    def _words(self, line: int, column: int) -> str:
        rule = self._rules[line]
        match RuleColumn(column):
            case RuleColumn.FOLDER:
                return text.shown(rule.path)
            case RuleColumn.LIFETIME:
                is_usual = rule.lifetime is None
                return self.tr("As everywhere") if is_usual else text.lifetime(rule.lifetime or 0)
            case RuleColumn.PEOPLE:
                return ", ".join(text.shown(one, 80) for one in rule.people) or self.tr("Nobody")
