"""What the buttons of notifications do, and what came of it: told where the button was pressed.

The window may be out of sight, so an outcome takes the place of the notification it answers.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from mydoctransfer.model.commands import AnswerDeletes, Extend, Get, ResumeFiles
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.notifications import Notification
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.notices import Notices
from mydoctransfer.ui.places import open_path

SHOW_FILE = "show-file"


class NoticeActions(QObject):
    """Carries out what a notification's button says; its body shows the window.

    Attributes:
        on_show: called with the kind of notification that leads to the window.
    """

    def __init__(
        self, bridge: Bridge, notices: Notices, more_time: Callable[[], int], parent: QObject
    ) -> None:
        """`more_time`: how many seconds from now Extend keeps a document."""
        super().__init__(parent)
        self._bridge = bridge
        self._notices = notices
        self._more_time = more_time
        self._saved: dict[str, str] = {}  # paths of what was downloaded, by notification
        self.on_show: Callable[[str], None] = lambda kind: None

    def take(self, key: str, action: str) -> None:
        """Do what was pressed in the notification `key`."""
        kind, _, share_id = key.partition(":")
        answered = partial(self._failed, key)
        match action:
            case "download" if share_id:
                self._bridge.tell(Get(share_id), self, partial(self._downloaded, key))
            case "extend":
                self._extend(key)
            case "retry":
                again = ResumeFiles(self._notices.problems_told())
                self._bridge.tell(again, self, answered)
            case "let-go":
                return
            case "keep":
                self._bridge.tell(AnswerDeletes(False), self, answered)
            case "show-file" if key in self._saved:
                open_path(os.path.dirname(self._saved[key]))
            case _:
                self.on_show(kind)

    def _extend(self, key: str) -> None:
        documents = self._notices.expiring_in(key)
        results: list[Result] = []

        def answered(result: Result) -> None:
            results.append(result)
            if len(results) == len(documents):
                self._extended(key, results)

        for row in documents:
            self._bridge.tell(Extend(row.share_id or "", self._more_time()), self, answered)

    def _extended(self, key: str, results: Sequence[Result]) -> None:
        """Say it once for all of them: the first failure, or that they stay."""
        failure = next((result for result in results if isinstance(result, AppError)), None)
        if failure is not None:
            self._failed(key, failure)
            return
        time = text.lifetime(self._more_time())
        documents = self._notices.expiring_in(key)
        if len(documents) == 1:
            name = text.isolated(text.shown(documents[0].name, 80))
            title = self.tr("{name} stays for {time}").format(name=name, time=time)
        else:
            title = self.tr("%Ln document(s) stay for {time}", "", len(documents))
            title = title.format(time=time)
        self._notices.tell(Notification(key, title))

    def _downloaded(self, key: str, result: Result) -> None:
        if isinstance(result, AppError):
            self._failed(key, result)
            return
        path = str(result.get("path") or "")
        self._saved[key] = path
        name = text.isolated(text.shown(os.path.basename(path), 80))
        title = self.tr("{name} is in your inbox").format(name=name)
        actions = ((SHOW_FILE, self.tr("Show in folder")),)
        self._notices.tell(Notification(key, title, "", actions))

    def _failed(self, key: str, result: Result) -> None:
        if isinstance(result, AppError):
            self._notices.tell(Notification(key, result.title, text.shown(result.message)))
