"""What comes from outside the window: links, files to share, a second start.

A link does nothing before the person said yes. What cannot be done yet (nobody is signed in, the
documents are not there) waits until it can, the last wish alone.
"""

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from mydoctransfer.model.commands import AddFiles
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Row, Status
from mydoctransfer.model.links import OpenShare, SetUp
from mydoctransfer.model.trees import is_beneath
from mydoctransfer.model.wishes import FollowLink, ShareFiles, Show, Wish
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.choices import can_share
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.documents_page import DocumentsPage
from mydoctransfer.ui.question import Question, Telling


class Wishes(QObject):
    """Grants what is wished for, as soon as it can be.

    Attributes:
        on_connected: called when a link has connected this installation.
    """

    def __init__(
        self, bridge: Bridge, model: DocumentsModel, documents: DocumentsPage, window: QWidget
    ) -> None:
        super().__init__(window)
        self.on_connected: Callable[[], None] = lambda: None
        self._bridge = bridge
        self._model = model
        self._documents = documents
        self._window = window
        self._status: Status | None = None
        self._waiting: OpenShare | ShareFiles | None = None
        self._to_share: tuple[str, ...] = ()

    def take(self, wish: Wish) -> None:
        """Take a wish; the window shows already."""
        match wish:
            case Show():
                return
            case FollowLink(SetUp() as link):
                self._ask_to_set_up(link)
            case FollowLink(OpenShare() as link):
                self._waiting = link
            case ShareFiles():
                self._waiting = wish
        self.go_on()

    def take_status(self, status: Status) -> None:
        """Learn whether there are documents to speak of."""
        self._status = status

    def forget(self) -> None:
        """Somebody signed out: their wishes go with them."""
        self._waiting, self._to_share = None, ()

    def go_on(self) -> None:
        """Do what can be done by now."""
        status = self._status
        if status is None or status.account is None or status.folder is None:
            return
        wish = self._waiting
        match wish:
            case OpenShare():
                self._open(wish, status.state)
            case ShareFiles(paths):
                self._waiting = None
                self._add(paths, status.folder)
        self._share_what_arrived()

    # A document

    def _open(self, link: OpenShare, state: EngineState) -> None:
        row = self._model.with_share_id(link.share_id)
        if row is None and (state is EngineState.SYNCING or not self._model.is_settled):
            return
        self._waiting = None
        if row is None:
            self._tell(
                "link-unknown",
                self.tr("This document is not among yours"),
                self.tr(
                    "The link leads to a document that is not shared with you, or is gone. Ask "
                    "whoever sent it to share it with the address you sign in with."
                ),
            )
            return
        self._ask_to_open(row)

    def _ask_to_open(self, row: Row) -> None:
        name = text.isolated(text.shown(row.name, 60))
        self._ask(
            "link-question",
            self.tr("Show {name}?").format(name=name),
            self.tr("A link that was opened outside of this window asks for it."),
            self.tr("&Show"),
            lambda: self._documents.show_document(row.key),
            is_harmless=True,
        )

    # A cloud

    def _ask_to_set_up(self, link: SetUp) -> None:
        if self._bridge.outside.has_connection:
            self._tell(
                "setup-refused",
                self.tr("This installation is connected already"),
                self.tr(
                    "A link cannot change that. To use another cloud beside this one, choose "
                    "“Add account” in the menu, and paste the link there."
                ),
            )
            return
        self._ask(
            "setup-question",
            self.tr("Connect to {host}?").format(host=text.isolated(link.host)),
            self.tr(
                "A link asks for it. Your documents and your password would go there: only go on "
                "if the link comes from the person who runs your cloud."
            ),
            self.tr("&Connect"),
            lambda: self._bridge.connect_text(link.text, self, self._connected),
        )

    def _connected(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._tell("setup-failed", result.title, result.message)
        else:
            self.on_connected()

    # Files

    def _add(self, paths: tuple[str, ...], folder: str) -> None:
        """Copy what lies elsewhere; what lies in the folder is shared where it is."""
        here = tuple(os.path.relpath(p, folder) for p in paths if is_beneath(p, folder))
        elsewhere = tuple(path for path in paths if not is_beneath(path, folder))
        self._to_share = here
        if elsewhere:
            self._bridge.tell(AddFiles(elsewhere), self, self._added)

    def _added(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._documents.tell_of("error", result.message, result.title)
            return
        self._to_share += tuple(result.get("added", ()))
        self._share_what_arrived()

    def _share_what_arrived(self) -> None:
        """Open the share dialog as soon as all of it is in the cloud."""
        rows = [self._model.row(key) for key in self._to_share]
        arrived = tuple(row for row in rows if row is not None and can_share(row))
        if arrived and len(arrived) == len(rows):
            self._to_share = ()
            self._documents.acts.share(arrived)

    # Saying

    def _ask(
        self,
        name: str,
        head: str,
        body: str,
        yes: str,
        then: Callable[[], None],
        is_harmless: bool = False,
    ) -> None:
        self._end(name)
        question = Question(name, head, body, yes, then, self._window, is_harmless=is_harmless)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _tell(self, name: str, head: str, body: str) -> None:
        self._end(name)
        telling = Telling(name, head, body, self._window)
        telling.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        telling.open()

    def _end(self, name: str) -> None:
        """No storm of dialogs: a page that opens links in a loop gets the last one shown."""
        for kind in (Question, Telling):
            for dialog in self._window.findChildren(kind, name):
                dialog.close()
