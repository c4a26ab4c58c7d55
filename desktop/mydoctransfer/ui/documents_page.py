"""The main page: the table, what can be done with it, and how things stand."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QLocale, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.events import DeletesHeld, EngineState, Row, Status
from mydoctransfer.ui import text
from mydoctransfer.ui.action_bar import ActionBar
from mydoctransfer.ui.arranging import Column, View, belongs
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.choices import Act, is_trouble, narrowed, possible
from mydoctransfer.ui.document_acts import DocumentActs
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.documents_view import DocumentsView
from mydoctransfer.ui.dragging_out import DraggingOut
from mydoctransfer.ui.filter_box import FilterBox
from mydoctransfer.ui.footer import Footer
from mydoctransfer.ui.name_editor import NameEditor
from mydoctransfer.ui.pieces import Note, button
from mydoctransfer.ui.turns import Job, Turns

FILTER_MS = 120


class DocumentsPage(QWidget):
    """Shows the documents and sends off what is to be done with them.

    Attributes:
        on_rules: called when somebody wants to see the folder's rules.
        on_trouble: called with a document's key when somebody wants to know what is wrong with it.
        acts: what is done with documents.
    """

    def __init__(
        self, bridge: Bridge, model: DocumentsModel, menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.model = model
        self.on_rules: Callable[[], None] = lambda: None
        self.on_trouble: Callable[[str], None] = lambda key: None
        self._status = Status(EngineState.SIGNED_OUT)
        self._view = View.ALL
        self._held_count = 0
        self._allowing = Turns(model.shift)
        self._to_show: str | None = None
        self.acts = DocumentActs(bridge, model, self.tell_of, self)
        self.table = DocumentsView(model)
        self.bar = ActionBar()
        self._build(menu)
        self._wire()
        self.refresh()

    # What it is told

    def take_status(self, status: Status) -> None:
        """Show how the engine stands."""
        self._status = status
        self.acts.take_status(status)
        self.footer.show_status(status)
        if not status.held_deletes:
            self.held.silence()
        elif self.held.isHidden() or status.held_deletes != self._held_count:
            self._ask_about(status.held_deletes)
        if status.account is not None:
            self.bar.offer_lifetimes(status.account.policy.lifetimes)
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
        self.acts.refresh()

    def leave(self) -> None:
        """Forget what was shown: somebody signed out."""
        self.message.silence()
        self.held.silence()
        self.filter_box.clear()
        self.show_view(View.ALL)
        self.dragging_out.forget()
        for dialog in self.findChildren(QDialog):
            dialog.reject()
        for editor in self.findChildren(NameEditor):
            editor.close()

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
        row = self.model.row(key)
        self.show_view(View.ALL if row is None or belongs(row, View.ALL) else View.GONE)

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
        self.dragging_out = DraggingOut(self.table, self._say, self.acts.get, self.acts.local)
        self.acts.on_downloaded = self.dragging_out.was_downloaded
        self.acts.on_rename = self._rename
        self.acts.on_extend = self.bar.buttons[Act.EXTEND].showMenu
        self.table.on_drag = self.dragging_out.files
        self.bar.on_act = lambda act: self.acts.do(act, self.table.chosen())
        self.bar.on_extend = lambda time: self.acts.extend(self.table.chosen(), time)
        self.bar.on_add = self.acts.choose_files
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
            lambda: self._answer(False),
            "primary",
        )
        keep.setDefault(True)
        withdraw = button(
            self.tr("&Withdraw %Ln document(s)", "", count),
            "held-deletes-confirm",
            lambda: self._answer(True),
            "danger",
        )
        self.held.say(
            "warning",
            self.tr("Nothing has been withdrawn yet. Should they leave the cloud too?"),
            self.tr("%Ln file(s) disappeared from your folder.", "", count),
            keep,
            withdraw,
        )

    def _answer(self, is_confirmed: bool) -> None:
        self.held.silence()
        self.acts.answer_deletes(is_confirmed)

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
            self.acts.share_as_before(rows)
        elif column is Column.PEOPLE and Act.SHARE in acts:
            self.acts.share(rows)
        elif column is Column.STATE and len(rows) == 1 and is_trouble(rows[0]):
            self.on_trouble(rows[0].key)
        else:
            return False
        return True

    def _rename(self, row: Row) -> None:
        NameEditor(self._bridge, row, self.table, self.model, self).begin()

    def _open(self, row: Row) -> None:
        acts = possible((row,))
        if Act.OPEN in acts:
            self.acts.do(Act.OPEN, (row,))
        elif Act.SHOW_FILE in acts:
            self.acts.do(Act.SHOW_FILE, (row,))
        elif Act.DOWNLOAD in acts:
            self.acts.download((row,))
