"""The page with the few defaults; its button is what begins to send."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from mydoctransfer.model.errors import AppError
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.pieces import ChoiceBox, Note, TickBox, button, explained, label, named
from mydoctransfer.ui.set_up_card import SetUpCard


class DefaultsPage(SetUpCard):
    """Asks how long, and whether to start at login and to tell what happens.

    Attributes:
        on_begin: called when somebody wants to begin.
    """

    WIDTH = 520

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("defaults", 4, parent)
        self.title.setText(self.tr("How it should work"))
        self.intro.setText(self.tr("You can change all of this later in the settings."))
        self.on_begin: Callable[[], None] = _nothing
        self._lifetime = named(ChoiceBox(), "defaults-lifetime")
        named(self._lifetime.view(), "defaults-lifetimes").setAccessibleName(self.tr("Lifetimes"))
        self.add_field(self.tr("Documents stay in the cloud &for"), self._lifetime)
        self.at_login = named(
            TickBox(self.tr("S&tart MyDoc Transfer when I log in")), "defaults-at-login"
        )
        self.notices = named(TickBox(self.tr("Show &notifications")), "defaults-notices")
        kinds = self.tr(
            "When something was sent, shared with you or downloaded, leaves soon, or is in the way."
        )
        self.notices.setChecked(True)
        self.body.addWidget(self.at_login)
        self.body.addWidget(explained(self.notices, kinds))
        self.body.addWidget(label(self.tr("Nothing has been sent so far."), "muted"))
        self.message = Note("defaults-message")
        self.body.addWidget(self.message)
        self.begin = button(self.tr("&Begin"), "defaults-begin", self._begin, "primary")
        self.back.setText(self.tr("Bac&k"))
        self.end_with(self.begin)

    @property
    def lifetime(self) -> int:
        """How long new documents stay in the cloud, in seconds."""
        seconds: int = self._lifetime.currentData()
        return seconds

    def prepare(self, policy: Policy) -> None:
        """Offer the lifetimes of the policy; what was chosen on this page before stays."""
        self.be_busy(False)
        self.message.silence()
        chosen = self._lifetime.currentData() or policy.default_lifetime
        self._lifetime.clear()
        for seconds in policy.lifetimes:
            self._lifetime.addItem(text.isolated(text.lifetime(seconds)), seconds)
        self._lifetime.setCurrentIndex(max(0, self._lifetime.findData(chosen)))

    def take_focus(self) -> None:
        """Put the focus on going on: the defaults need no change."""
        self.begin.setFocus()

    def refuse(self, error: AppError) -> None:
        """Say why it could not begin."""
        self.be_busy(False)
        self.message.say("error", error.message, error.title)
        self.begin.setFocus()

    def be_busy(self, is_busy: bool) -> None:
        """Take no other choice while it begins."""
        for widget in (self.begin, self.back, self.cancel, self._lifetime):
            widget.setEnabled(not is_busy)

    def _begin(self) -> None:
        self.message.silence()
        self.be_busy(True)
        self.on_begin()


def _nothing() -> None:
    """Nobody waits."""
