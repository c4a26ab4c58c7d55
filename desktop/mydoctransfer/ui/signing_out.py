"""Signing out, here or everywhere: chosen in the menu or in the settings, done in one place."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from mydoctransfer.model.commands import SignOut
from mydoctransfer.ui.bridge import Bridge, Then
from mydoctransfer.ui.question import Question


class SigningOut(QObject):
    """Tells the engine. It outlives the settings, which close over it, so no answer is lost."""

    def __init__(self, bridge: Bridge, complain: Then, window: QWidget) -> None:
        """`complain` is told how it went, and says so where the person looks then."""
        super().__init__(window)
        self._bridge = bridge
        self._complain = complain

    def here(self) -> None:
        """Sign out on this computer."""
        self._bridge.tell(SignOut(), self, self._complain)

    def ask_everywhere(self, over: QWidget) -> None:
        """Sign out all devices, after a question over a window."""
        question = Question(
            "sign-out-everywhere",
            self.tr("Sign out everywhere?"),
            self.tr(
                "All your devices are signed out, this one too. Your files and what is in the "
                "cloud stay as they are."
            ),
            self.tr("Sign out &everywhere"),
            lambda: self._bridge.tell(SignOut(everywhere=True), self, self._complain),
            over,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()
