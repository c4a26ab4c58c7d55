"""What the pages of the first run have in common: which step it is, the way back, and out."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from mydoctransfer.ui.pieces import Card, button, label

STEPS = 5


class SetUpCard(Card):
    """One page of the first run. Out of it (signing in again later) it shows no steps.

    Attributes:
        on_back, on_cancel: called when somebody wants there; set by the wizard.
    """

    def __init__(self, name: str, step: int, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.on_back: Callable[[], None] = _nothing
        self.on_cancel: Callable[[], None] = _nothing
        self.step = label(
            self.tr("Step {n} of {all}").format(n=step, all=STEPS), "muted", f"{name}-step"
        )
        self.body.insertWidget(1, self.step)
        self.back = button(self.tr("&Back"), f"{name}-back", lambda: self.on_back(), "link")
        self.cancel = button(
            self.tr("Cance&l set-up"), f"{name}-cancel", lambda: self.on_cancel(), "link"
        )
        self._ways_out = QWidget()
        self.accounts = button(
            self.tr("Other &accounts…"), f"{name}-accounts", self._show_accounts, "link"
        )
        self.accounts.hide()
        self._accounts_menu: QMenu | None = None
        line = QHBoxLayout(self._ways_out)
        line.setContentsMargins(0, 4, 0, 0)
        line.addWidget(self.back)
        line.addStretch(1)
        line.addWidget(self.cancel)

    def end_with(self, *last: QWidget) -> None:
        """Put what leads on under everything else, and the ways out last."""
        self.body.addSpacing(4)
        for made in last:
            is_link = made.property("role") == "link"
            leading = Qt.AlignmentFlag.AlignLeading
            self.body.addWidget(made, 0, leading if is_link else Qt.AlignmentFlag(0))
        self.body.addWidget(self.accounts, 0, Qt.AlignmentFlag.AlignLeading)
        self.body.addWidget(self._ways_out)

    def offer_accounts(self, menu: QMenu, is_offered: bool) -> None:
        """Lead to the other accounts by this menu, or do not: there are none."""
        self._accounts_menu = menu
        self.accounts.setVisible(is_offered)

    def show_steps(self, is_shown: bool, can_go_back: bool = True) -> None:
        """Be a step of the first run, or a page of its own."""
        self.step.setVisible(is_shown)
        self._ways_out.setVisible(is_shown)
        self.back.setVisible(can_go_back)
        self.setAccessibleName(self.title.text())

    def _show_accounts(self) -> None:
        if self._accounts_menu is not None:
            below = self.accounts.rect().bottomLeft()
            self._accounts_menu.popup(self.accounts.mapToGlobal(below))


def _nothing() -> None:
    """Nobody waits."""
