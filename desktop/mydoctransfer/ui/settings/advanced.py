"""The page for when something is wrong: logs, diagnostics, beginning anew."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from mydoctransfer.model.errors import AppError
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.file_dialogs import ask_where_to_save
from mydoctransfer.ui.pieces import Note, button
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.settings.page import Page, line, muted


class AdvancedSettings(Page):
    """Shows the logs, saves a bundle of them, forgets everything.

    Args:
        begun_anew: called when everything was forgotten.
    """

    def __init__(self, bridge: Bridge, message: Note, begun_anew: Callable[[], object]) -> None:
        super().__init__(bridge, message)
        self._begun_anew = begun_anew
        logs = button(
            self.tr("Open &logs"),
            "settings-open-logs",
            lambda: open_path(bridge.outside.log_dir),
        )
        bundle = button(self.tr("&Save diagnostics…"), "settings-diagnostics", self._ask_where)
        words = self.tr(
            "The diagnostics hold logs and versions, no passwords, tokens or addresses. Nothing is "
            "sent: you decide who gets the file."
        )
        self.reset = button(self.tr("&Reset…"), "settings-reset", self._ask_reset, "danger")
        after = self.tr("Resetting begins anew: connection, folder and settings are forgotten.")
        self._put(line(logs, bundle), muted(words), line(self.reset), muted(after))

    def _ask_where(self) -> None:
        ask_where_to_save(
            self,
            self.tr("Save diagnostics"),
            "mydoctransfer-diagnostics.zip",
            "settings-diagnostics-dialog",
            self.save_diagnostics,
        )

    def save_diagnostics(self, path: str) -> None:
        """Write the bundle at `path` and say so."""

        def saved(result: Result) -> None:
            if isinstance(result, AppError):
                self._complain(result)
                return
            where = text.isolated(text.shown(path, 200))
            self._message.say("note", self.tr("Saved as {path}.").format(path=where))

        self._message.silence()
        self._bridge.save_diagnostics(path, self, saved)

    def _ask_reset(self) -> None:
        question = Question(
            "reset-question",
            self.tr("Reset MyDoc Transfer on this computer?"),
            self.tr(
                "You are signed out here, and the connection, the choice of folder and all "
                "settings are forgotten. Your files stay where they are, and what is in the cloud "
                "stays there until its time is up."
            ),
            self.tr("&Reset"),
            lambda: self._bridge.reset(self, self._reset_done),
            self,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _reset_done(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
        else:
            self._begun_anew()
