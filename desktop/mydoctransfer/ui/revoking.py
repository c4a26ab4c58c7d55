"""The panic button: everything that was shared is taken back at once, after a question."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from mydoctransfer.model.commands import RevokeAll
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui.bridge import Bridge, Result, Then
from mydoctransfer.ui.document_acts import TellOf
from mydoctransfer.ui.question import Question


class Revoking(QObject):
    """Asks first, because nothing brings it back."""

    def __init__(self, bridge: Bridge, complain: Then, tell_of: TellOf, window: QWidget) -> None:
        """`complain` is told what did not work, `tell_of` what did."""
        super().__init__(window)
        self._bridge = bridge
        self._complain = complain
        self._tell_of = tell_of
        self._window = window

    def ask(self) -> None:
        """Ask, and do it if the answer is yes."""
        question = Question(
            "revoke-all-question",
            self.tr("Revoke everything you have shared?"),
            self.tr(
                "All your links stop working, and nobody but you can get your documents any "
                "more. What was downloaded already stays where it is. Your files stay too."
            ),
            self.tr("&Revoke everything"),
            lambda: self._bridge.tell(RevokeAll(), self, self._revoked),
            self._window,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _revoked(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
        else:
            self._tell_of(
                "note", self.tr("All your links have ended, and your documents are yours alone.")
            )
