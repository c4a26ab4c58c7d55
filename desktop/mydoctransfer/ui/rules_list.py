"""The folder rules as a list, with what can be done with them."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mydoctransfer.model.commands import RemoveFolderRule
from mydoctransfer.model.rules import Rule
from mydoctransfer.ui.bridge import Bridge, Then
from mydoctransfer.ui.list_page import ListTable
from mydoctransfer.ui.pieces import button, label
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.rule_words import quoted
from mydoctransfer.ui.rules_model import RuleColumn, RulesModel

_LINES = 11  # of text that the table is high: a heading and five rules, or what is said of none


class RulesList(QWidget):
    """Shows the rules and lets them be made, changed and removed.

    Attributes:
        on_edit: called with the rule to change, or with None for a new one.
    """

    def __init__(self, bridge: Bridge, rules: RulesModel, complain: Then) -> None:
        super().__init__()
        self._bridge = bridge
        self._rules = rules
        self._complain = complain
        self.on_edit: Callable[[Rule | None], None] = lambda rule: None
        widths = {RuleColumn.LIFETIME.value: 16, RuleColumn.PEOPLE.value: 17}
        title = self.tr("Folder rules")
        self.table = ListTable(rules, "rules-table", title, widths, RuleColumn.FOLDER.value)
        self.table.setFixedHeight(_LINES * self.fontMetrics().lineSpacing())
        self.table.doubleClicked.connect(lambda at: self._edit())
        self.table.selectionModel().selectionChanged.connect(lambda new, old: self.refresh())
        self.add = button(self.tr("&New rule…"), "rules-add", lambda: self.on_edit(None))
        self.edit = button(self.tr("&Change…"), "rules-edit", self._edit)
        self.remove = button(self.tr("&Remove…"), "rules-remove", self._ask, "danger")
        caption = label(self.tr("Rules of folders &within it"), "field")
        caption.setBuddy(self.table)
        last = QHBoxLayout()
        for made in (self.add, self.edit, self.remove):
            last.addWidget(made)
        last.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(caption)
        layout.addWidget(self.table)
        layout.addLayout(last)
        rules.modelReset.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Allow what can be done with what is chosen."""
        has_one = len(self.table.chosen()) == 1
        self.edit.setEnabled(has_one)
        self.remove.setEnabled(has_one)
        self.table.hint(
            "folder",
            self.tr("No folder has a rule"),
            self.tr("A rule gives what is put into a folder its own time and people."),
        )

    def _chosen(self) -> Rule | None:
        lines = self.table.chosen()
        return self._rules.rule_at(lines[0]) if len(lines) == 1 else None

    def _edit(self) -> None:
        rule = self._chosen()
        if rule is not None:
            self.on_edit(rule)

    def _ask(self) -> None:
        rule = self._chosen()
        if rule is None:
            return
        question = Question(
            "rule-question",
            self.tr("Remove the rule of {folder}?").format(folder=quoted(rule.path)),
            self.tr(
                "New files there follow the rules around them. What is in the cloud already keeps "
                "its time and its people."
            ),
            self.tr("&Remove rule"),
            lambda: self._bridge.tell(RemoveFolderRule(rule.path), self, self._complain),
            self,
        )
        question.finished.connect(question.deleteLater)
        question.open()
