"""What a person does with documents: asked about where it has to be, told, and answered.

Decides nothing of what is possible (`choices`), and shows no rows: it is told which are meant.
"""

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from mydoctransfer.model.commands import (
    AddFiles,
    Answer,
    AnswerDeletes,
    CancelFiles,
    Command,
    Extend,
    Get,
    Remove,
    ResumeFiles,
    SendAgain,
    Share,
)
from mydoctransfer.model.errors import CANCELLED, AppError
from mydoctransfer.model.events import EngineState, Row, Status
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.choices import Act, possible
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.link_dialog import LinkDialog
from mydoctransfer.ui.pieces import button
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.receipt_dialog import ReceiptDialog
from mydoctransfer.ui.share_dialog import ShareDialog
from mydoctransfer.ui.undoing import Withdrawal


class TellOf(Protocol):
    """Says something above the table."""

    def __call__(self, role: str, body: str, head: str = "", *actions: QPushButton) -> None: ...


class DocumentActs(QObject):
    """Carries out what can be done with documents; its dialogs are the page's.

    Attributes:
        on_extend: called when somebody has to choose how long documents are kept.
        on_rename: called with the document that is to have another name.
        on_folder_rule: called with the folder whose rule is to be edited.
        on_downloaded: called with a document that lies in the inbox now, and the answer.
    """

    def __init__(
        self, bridge: Bridge, model: DocumentsModel, tell_of: TellOf, page: QWidget
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._model = model
        self._tell_of = tell_of
        self._page = page
        self._status = Status(EngineState.SIGNED_OUT)
        self.share_dialog: ShareDialog | None = None
        self.on_extend: Callable[[], None] = lambda: None
        self.on_rename: Callable[[Row], None] = lambda row: None
        self.on_folder_rule: Callable[[str], None] = lambda folder: None
        self.on_downloaded: Callable[[Row, Answer], None] = lambda row, answer: None

    def take_status(self, status: Status) -> None:
        """Know the folder, and what the policy allows."""
        self._status = status

    def refresh(self) -> None:
        """Bring up to date what is open and depends on the rows."""
        if self.share_dialog is not None:
            self._refresh_share_dialog(self.share_dialog)

    def do(self, act: Act, rows: tuple[Row, ...]) -> None:
        """Do something with these documents, if it can be done with all of them."""
        if act not in possible(rows):
            return
        match act:
            case Act.SHARE:
                self.share(rows)
            case Act.SHARE_AS_BEFORE:
                self.share_as_before(rows)
            case Act.LINK:
                self._link(rows[0])
            case Act.DOWNLOAD:
                self.download(rows)
            case Act.RENAME:
                self.on_rename(rows[0])
            case Act.EXTEND:
                self.on_extend()
            case Act.SEND_AGAIN:
                self._each(rows, lambda row: SendAgain(row.path or ""))
            case Act.RESUME:
                paths = tuple(row.path for row in rows if row.path is not None)
                self._bridge.tell(ResumeFiles(paths), self, self.complain)
            case Act.DELETE:
                self._withdraw(rows)
            case Act.RECEIPT:
                ReceiptDialog(self._bridge, rows[0], self._page).open()
            case Act.OPEN:
                open_path(self.local(rows[0]))
            case Act.SHOW_FILE:
                open_path(os.path.dirname(self.local(rows[0])))
            case Act.FOLDER_RULE:
                self.on_folder_rule(os.path.dirname(rows[0].path or ""))

    def share(self, rows: tuple[Row, ...]) -> None:
        """Let the person choose who gets these."""
        account = self._status.account
        me = account.person.email if account else ""
        dialog = ShareDialog(self._bridge, rows, me, self._policy(), self._model.words, self._page)
        self.share_dialog = dialog
        dialog.finished.connect(self._share_closed)
        dialog.open()

    def share_as_before(self, rows: tuple[Row, ...]) -> None:
        """Share with those who had it before it was gone."""
        self._each(rows, lambda row: Share(row.share_id or "", row.former))

    def download(self, rows: tuple[Row, ...]) -> None:
        """Download these into the inbox."""
        self.get(rows, self._downloaded)

    def get(self, rows: tuple[Row, ...], done: Callable[[Answer], None]) -> None:
        """Download these; `done` is called with each answer."""
        self._each(rows, lambda row: Get(row.share_id or ""), done)

    def extend(self, rows: tuple[Row, ...], lifetime: int) -> None:
        """Keep these for so many seconds from now."""
        self._each(rows, lambda row: Extend(row.share_id or "", lifetime))

    def take_back(self, added: Withdrawal) -> None:
        """Withdraw what was added, after a question, and stop what is on its way."""

        def stop() -> None:
            if added.waiting:
                self._bridge.tell(CancelFiles(added.waiting), self, self.complain)

        if added.live:
            self._withdraw(added.live, stop)
        else:
            stop()

    def add_files(self, paths: Iterable[str], into: str = "") -> None:
        """Copy files and folders into the watched folder, or into one within it."""
        paths = tuple(paths)
        if paths:
            self._bridge.tell(AddFiles(paths, into), self, self.complain)

    def choose_files(self) -> None:
        """Ask for files to copy into the watched folder."""
        dialog = QFileDialog(self._page, self.tr("Add files"))
        dialog.setObjectName("add-files-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.add_files(paths))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def answer_deletes(self, is_confirmed: bool) -> None:
        """Let deletions that are held go on, or keep what they are about."""
        self._bridge.tell(AnswerDeletes(is_confirmed), self, self.complain)

    def local(self, row: Row) -> str:
        """Return where the file of a document in the folder is."""
        return os.path.join(self._status.folder or "", row.path or "")

    def complain(self, result: Result) -> None:
        """Say what did not work."""
        if isinstance(result, AppError):
            self._tell_of("error", result.message, result.title)

    def _link(self, row: Row) -> None:
        LinkDialog(self._bridge, row, self._policy(), self._page).open()

    def _share_closed(self) -> None:
        self.share_dialog = None

    def _refresh_share_dialog(self, dialog: ShareDialog) -> None:
        rows = tuple(row for key in dialog.keys if (row := self._model.row(key)) is not None)
        if rows:
            dialog.take_rows(rows)
        else:
            dialog.close()

    def _downloaded(self, answer: Answer) -> None:
        path = str(answer.get("path") or "")
        row = self._model.with_share_id(str(answer.get("share_id") or ""))
        if row is not None:
            self.on_downloaded(row, answer)
        show = button(
            self.tr("Show in &folder"),
            "message-show",
            lambda: open_path(os.path.dirname(path)),
        )
        name = text.isolated(text.shown(os.path.basename(path), 80))
        self._tell_of("note", self.tr("{name} is in your inbox.").format(name=name), "", show)

    def _withdraw(self, rows: tuple[Row, ...], too: Callable[[], None] = lambda: None) -> None:
        """Withdraw documents, and do something else too, if the answer is yes."""

        def withdraw() -> None:
            too()
            self._each(rows, lambda row: Remove(row.share_id or ""))

        name = text.isolated(text.shown(rows[0].name, 60))
        head = (
            self.tr("Withdraw {name} from the cloud?").format(name=name)
            if len(rows) == 1
            else self.tr("Withdraw %Ln document(s) from the cloud?", "", len(rows))
        )
        body = self.tr("The people you shared with can no longer get it. Your file stays.")
        question = Question(
            "delete-question",
            head,
            body,
            self.tr("&Withdraw"),
            withdraw,
            self._page,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _each(
        self,
        rows: tuple[Row, ...],
        command: Callable[[Row], Command],
        done: Callable[[dict[str, object]], None] | None = None,
    ) -> None:
        """Tell one command a row; what was refused is said once, for all of them."""
        refused: list[tuple[Row, AppError]] = []
        waiting = len(rows)

        def answered(row: Row, result: Result) -> None:
            nonlocal waiting
            waiting -= 1
            if isinstance(result, AppError):
                if result.code != CANCELLED:
                    refused.append((row, result))
            elif done is not None:
                done(result)
            if waiting == 0 and refused:
                self._complain_of(refused)

        for row in rows:
            self._bridge.tell(command(row), self, partial(answered, row))

    def _complain_of(self, refused: list[tuple[Row, AppError]]) -> None:
        row, error = refused[0]
        head = f"{text.isolated(text.shown(row.name, 60))}: {error.title}"
        body = error.message
        if len(refused) > 1:
            more = self.tr("The same goes for %Ln more document(s).", "", len(refused) - 1)
            body = f"{body} {more}"
        self._tell_of("error", body, head)

    def _policy(self) -> Policy:
        return self._status.account.policy if self._status.account else Policy()
