"""The main page: the table, what can be done with it, and how things stand."""

import os
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QLocale, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

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
from mydoctransfer.model.events import DeletesHeld, EngineState, Row, Status
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.action_bar import ActionBar
from mydoctransfer.ui.arranging import Column, View
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.choices import Act, narrowed, possible
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.documents_view import DocumentsView
from mydoctransfer.ui.dragging_out import DraggingOut
from mydoctransfer.ui.filter_box import FilterBox
from mydoctransfer.ui.footer import Footer
from mydoctransfer.ui.link_dialog import LinkDialog
from mydoctransfer.ui.pieces import Note, button
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.receipt_dialog import ReceiptDialog
from mydoctransfer.ui.rename_dialog import RenameDialog
from mydoctransfer.ui.share_dialog import ShareDialog
from mydoctransfer.ui.turns import Job, Turns
from mydoctransfer.ui.undoing import Withdrawal

FILTER_MS = 120


class DocumentsPage(QWidget):
    """Shows the documents and sends off what is to be done with them.

    Attributes:
        on_rules: called when somebody wants to see the folder's rules.
        on_folder_rule: called with the folder whose rule is to be edited.
    """

    def __init__(
        self, bridge: Bridge, model: DocumentsModel, menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.model = model
        self.on_folder_rule: Callable[[str], None] = lambda folder: None
        self.on_rules: Callable[[], None] = lambda: None
        self._status = Status(EngineState.SIGNED_OUT)
        self._view = View.ALL
        self._held_count = 0
        self._share_dialog: ShareDialog | None = None
        self._allowing = Turns(model.shift)
        self._to_show: str | None = None
        self.table = DocumentsView(model)
        self.bar = ActionBar()
        self._build(menu)
        self._wire()
        self.refresh()

    # What it is told

    def take_status(self, status: Status) -> None:
        """Show how the engine stands."""
        self._status = status
        self.footer.show_status(status)
        if not status.held_deletes:
            self.held.silence()
        elif self.held.isHidden() or status.held_deletes != self._held_count:
            self._ask_about(status.held_deletes)
        if status.account is not None:
            self.bar.offer_lifetimes(self._policy().lifetimes)
        self.refresh()

    def take_held(self, held: DeletesHeld) -> None:
        """Ask about a mass delete. Doing nothing keeps everything."""
        self._ask_about(len(held.paths))

    def tell_of(self, role: str, body: str, head: str = "", *actions: QPushButton) -> None:
        """Say something above the table; what was said there before goes."""
        close = button("", "message-close", self.message.silence, "quiet", "close")
        close.setAccessibleName(self.tr("Dismiss"))
        close.setToolTip(self.tr("Dismiss"))
        self.message.say(role, body, head, *actions, close)

    def _say(self, words: str) -> None:
        if words:
            self.tell_of("note", words)
        else:
            self.message.silence()

    def refresh(self) -> None:
        """Bring what depends on the rows up to date: counts, buttons, hints."""
        for view, tab in self._tabs.items():
            count = QLocale().toString(self.model.counts[view])
            tab.setText(f"{self._view_words(view)}  {count}")
        self.footer.show_problems(self.model.counts[View.ATTENTION])
        self._allow()
        self._hint()
        self._show_wanted()
        if self._share_dialog is not None:
            self._refresh_share_dialog(self._share_dialog)

    def leave(self) -> None:
        """Forget what was shown: somebody signed out."""
        self.message.silence()
        self.held.silence()
        self.filter_box.clear()
        self.show_view(View.ALL)
        self.dragging_out.forget()
        for dialog in self.findChildren(QDialog):
            dialog.reject()

    def show_view(self, view: View) -> None:
        """Show the rows of a view."""
        self._view = view
        self._tabs[view].setChecked(True)
        self.model.show_view(view)
        self.refresh()

    def show_document(self, key: str) -> None:
        """Show a document's row, whatever the view and the filter are."""
        self._to_show = key
        self.filter_box.clear()
        self._filter()
        self.show_view(View.ALL)

    def add_files(self, paths: Iterable[str], into: str = "") -> None:
        """Copy files and folders into the watched folder, or into one within it."""
        paths = tuple(paths)
        if paths:
            self._bridge.tell(AddFiles(paths, into), self, self._complain)

    # Building

    def _build(self, menu: QMenu) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(16, 6, 16, 8)
        top.setSpacing(8)
        top.addLayout(self._build_head(menu))
        top.addWidget(self.bar)
        self.held = Note("held-deletes")
        self.held.setObjectName("held-deletes-banner")
        self.held.lie_flat()
        self.message = Note("message-bar")
        self.message.lie_flat()
        layout.addLayout(top)
        line = QFrame()
        line.setProperty("role", "bar")
        line.setFixedHeight(1)
        layout.addWidget(line)
        layout.addWidget(self.table, 1)
        self.footer = Footer()

    def _build_head(self, menu: QMenu) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(4)
        self._group = QButtonGroup(self)
        self._tabs = {}
        for view in (View.ALL, View.MINE, View.SHARED, View.GONE):
            tab = QPushButton()
            tab.setObjectName(f"view-{view.value}")
            tab.setProperty("role", "tab")
            tab.setAccessibleName(self._view_words(view).replace("&", ""))
            tab.setCheckable(True)
            # Toggled, not clicked: screen readers toggle what can be checked.
            tab.toggled.connect(partial(self._view_toggled, view))
            self._group.addButton(tab)
            self._tabs[view] = tab
            head.addWidget(tab)
        self._tabs[View.ALL].setChecked(True)
        head.addStretch(1)
        self.filter_box = FilterBox()
        head.addWidget(self.filter_box, 2)
        rules = button("", "rules-button", lambda: self.on_rules(), "quiet", "folder")
        rules.setAccessibleName(self.tr("Folder and rules"))
        rules.setToolTip(self.tr("Folder and rules"))
        head.addWidget(rules)
        more = button("", "menu-button", lambda: None, "quiet", "more")
        more.setAccessibleName(self.tr("Menu"))
        more.setToolTip(self.tr("Menu"))
        more.setMenu(menu)
        head.addWidget(more)
        return head

    def _wire(self) -> None:
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(FILTER_MS)
        self._pause.timeout.connect(self._filter)
        self.filter_box.textChanged.connect(lambda words: self._pause.start())
        self.filter_box.on_leave = self._go_to_found
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.activated.connect(self.filter_box.setFocus)
        self.table.selectionModel().selectionChanged.connect(lambda new, old: self._allow())
        self.table.clicked.connect(self._clicked)
        self.table.on_press = self._press
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.on_open = self._open
        self.dragging_out = DraggingOut(self.table, self._say, self._get, self._local)
        self.table.on_drag = self.dragging_out.files
        self.bar.on_act = self._do
        self.bar.on_extend = self._extend
        self.bar.on_add = self._choose_files
        self.model.on_settled = self.refresh

    # Showing

    def _view_toggled(self, view: View, is_on: bool) -> None:
        if is_on and view is not self._view:
            self.show_view(view)

    def _view_words(self, view: View) -> str:
        return {
            View.ALL: self.tr("All"),
            View.MINE: self.tr("Mine"),
            View.SHARED: self.tr("Shared with me"),
            View.GONE: self.tr("Gone"),
        }[view]

    def _allow(self) -> None:
        """Offer what can be done with what is selected, however much that is."""
        self._allowing.start(self._find_possible(self.table.each_chosen()))

    def _find_possible(self, keys: Iterable[str]) -> Job:
        found: frozenset[Act] | None = None
        for key in keys:
            row = self.model.row(key)
            if row is not None:
                found = narrowed(found, row)
                if not found:
                    break
            yield 1
        self.bar.allow(found)

    def _hint(self) -> None:
        is_empty = self.model.is_settled and self.model.rowCount() == 0
        self.table.empty.setVisible(is_empty)
        if is_empty:
            icon, head, body = self._empty_words()
            self.table.empty.say(icon, head, body)
            # A table's accessible has cells and headers alone: the hint in it is read from here.
            self.table.setAccessibleDescription(f"{head}. {body}")
        else:
            self.table.setAccessibleDescription("")

    def _empty_words(self) -> tuple[str, str, str]:
        if self.filter_box.text():
            return "search", self.tr("Nothing found"), self.tr("No document matches your filter.")
        match self._view:
            case View.SHARED:
                return (
                    "person",
                    self.tr("Nothing shared with you"),
                    self.tr("When somebody shares a document with you, it appears here."),
                )
            case View.GONE:
                return (
                    "clock",
                    self.tr("Nothing is gone"),
                    self.tr("Documents whose time is up are listed here. Your files stay."),
                )
            case _:
                folder = text.isolated(text.shown(self._status.folder or "", 80))
                return (
                    "upload",
                    self.tr("Drop files here"),
                    self.tr("Or save them in {folder}. They go to the cloud by themselves.").format(
                        folder=folder
                    ),
                )

    def _show_wanted(self) -> None:
        line = None if self._to_show is None else self.model.line_of(self._to_show)
        if line is not None and self.model.is_settled:
            self._to_show = None
            self.table.selectRow(line)
            self.table.scrollTo(self.model.index(line, 0))
            self.table.setFocus()

    def _show_menu(self, at: QPoint) -> None:
        if self.table.chosen():
            menu = self.bar.context_menu()
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.table.viewport().mapToGlobal(at))

    def _filter(self) -> None:
        self._pause.stop()
        self.model.filter(self.filter_box.text())
        self._hint()

    def _go_to_found(self) -> None:
        """Give the keyboard to what the filter leaves; it begins with the first."""
        self._filter()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask_about(self, count: int) -> None:
        self._held_count = count
        keep = button(
            self.tr("&Keep in the cloud"),
            "held-deletes-keep",
            lambda: self._answer_deletes(False),
            "primary",
        )
        keep.setDefault(True)
        withdraw = button(
            self.tr("&Withdraw %Ln document(s)", "", count),
            "held-deletes-confirm",
            lambda: self._answer_deletes(True),
            "danger",
        )
        self.held.say(
            "warning",
            self.tr("Nothing has been withdrawn yet. Should they leave the cloud too?"),
            self.tr("%Ln file(s) disappeared from your folder.", "", count),
            keep,
            withdraw,
        )

    # Doing

    def _clicked(self, index: QModelIndex) -> None:
        if len(self.table.chosen()) == 1:
            self._press(Column(index.column()))

    def _press(self, column: Column) -> bool:
        """Do what a cell of the chosen documents is for; whether there was anything to do."""
        rows = self.table.chosen()
        acts = possible(rows)
        if column is Column.EXPIRES and Act.EXTEND in acts:
            self.bar.show_lifetimes(self.table.current_cell())
        elif column is Column.PEOPLE and Act.SHARE_AS_BEFORE in acts:
            self._share_as_before(rows)
        elif column is Column.PEOPLE and Act.SHARE in acts:
            self.share(rows)
        else:
            return False
        return True

    def _open(self, row: Row) -> None:
        acts = possible((row,))
        if Act.OPEN in acts:
            self._do(Act.OPEN)
        elif Act.DOWNLOAD in acts:
            self.download((row,))

    def _do(self, act: Act) -> None:
        rows = self.table.chosen()
        if act not in possible(rows):
            return
        match act:
            case Act.SHARE:
                self.share(rows)
            case Act.SHARE_AS_BEFORE:
                self._share_as_before(rows)
            case Act.LINK:
                self._link(rows[0])
            case Act.DOWNLOAD:
                self.download(rows)
            case Act.RENAME:
                self._rename(rows[0])
            case Act.EXTEND:
                self.bar.buttons[act].showMenu()
            case Act.SEND_AGAIN:
                self._each(rows, lambda row: SendAgain(row.path or ""))
            case Act.RESUME:
                paths = tuple(row.path for row in rows if row.path is not None)
                self._bridge.tell(ResumeFiles(paths), self, self._complain)
            case Act.DELETE:
                self._withdraw(rows)
            case Act.RECEIPT:
                ReceiptDialog(self._bridge, rows[0], self).open()
            case Act.OPEN:
                open_path(self._local(rows[0]))
            case Act.SHOW_FILE:
                open_path(os.path.dirname(self._local(rows[0])))
            case Act.FOLDER_RULE:
                self.on_folder_rule(os.path.dirname(rows[0].path or ""))

    def share(self, rows: tuple[Row, ...]) -> None:
        """Let the person choose who gets these."""
        account = self._status.account
        me = account.person.email if account else ""
        dialog = ShareDialog(self._bridge, rows, me, self._policy(), self.model.words, self)
        self._share_dialog = dialog
        dialog.finished.connect(self._share_closed)
        dialog.open()

    def _link(self, row: Row) -> None:
        LinkDialog(self._bridge, row, self._policy(), self).open()

    def _share_as_before(self, rows: tuple[Row, ...]) -> None:
        self._each(rows, lambda row: Share(row.share_id or "", row.former))

    def _share_closed(self) -> None:
        self._share_dialog = None

    def _refresh_share_dialog(self, dialog: ShareDialog) -> None:
        rows = tuple(row for key in dialog.keys if (row := self.model.row(key)) is not None)
        if rows:
            dialog.take_rows(rows)
        else:
            dialog.close()

    def download(self, rows: tuple[Row, ...]) -> None:
        """Download these into the inbox."""
        self._get(rows, self._downloaded)

    def _get(self, rows: tuple[Row, ...], done: Callable[[Answer], None]) -> None:
        self._each(rows, lambda row: Get(row.share_id or ""), done)

    def _downloaded(self, answer: Answer) -> None:
        path = str(answer.get("path") or "")
        row = self.model.with_share_id(str(answer.get("share_id") or ""))
        if row is not None:
            self.dragging_out.was_downloaded(row, answer)
        show = button(
            self.tr("Show in &folder"),
            "message-show",
            lambda: open_path(os.path.dirname(path)),
        )
        name = text.isolated(text.shown(os.path.basename(path), 80))
        self.tell_of("note", self.tr("{name} is in your inbox.").format(name=name), "", show)

    def take_back(self, added: Withdrawal) -> None:
        """Withdraw what was added, after a question, and stop what is on its way."""

        def stop() -> None:
            if added.waiting:
                self._bridge.tell(CancelFiles(added.waiting), self, self._complain)

        if added.live:
            self._withdraw(added.live, stop)
        else:
            stop()

    def _rename(self, row: Row) -> None:
        dialog = RenameDialog(self._bridge, row, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _extend(self, lifetime: int) -> None:
        self._each(self.table.chosen(), lambda row: Extend(row.share_id or "", lifetime))

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
            self,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _answer_deletes(self, is_confirmed: bool) -> None:
        self.held.silence()
        self._bridge.tell(AnswerDeletes(is_confirmed), self, self._complain)

    def _choose_files(self) -> None:
        dialog = QFileDialog(self, self.tr("Add files"))
        dialog.setObjectName("add-files-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.add_files(paths))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

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
        self.tell_of("error", body, head)

    def _complain(self, result: Result) -> None:
        if isinstance(result, AppError):
            self.tell_of("error", result.message, result.title)

    def _local(self, row: Row) -> str:
        return os.path.join(self._status.folder or "", row.path or "")

    def _policy(self) -> Policy:
        return self._status.account.policy if self._status.account else Policy()
