"""Another name for a document, written where the old one stands."""

import os

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QTableView, QVBoxLayout, QWidget

from mydoctransfer.model.commands import Rename
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Row
from mydoctransfer.ui import text
from mydoctransfer.ui.arranging import Column
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.pieces import Note, give_role, label, named

_MARGIN = 6
_LEAST_WIDTH = 34  # in ems: the hint is read beside the name


class NameEditor(QFrame):
    """Return gives the name to the cloud, and it closes when the cloud has taken it. Escape, or a
    click elsewhere, leaves the old one. It goes with its row.

    It is the page's child: of a table, screen readers see cells and headers alone.
    """

    def __init__(
        self,
        bridge: Bridge,
        row: Row,
        table: QTableView,
        model: DocumentsModel,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self.setObjectName("rename")
        give_role(self, "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._row = row
        self._table = table
        self._model = model
        self._is_asking = False
        self.name = named(QLineEdit(row.name), "rename-name")
        self.name.setAccessibleName(self.tr("New name"))
        stem = row.name.rfind(".")
        self.name.setSelection(0, stem if stem > 0 else len(row.name))
        self.name.installEventFilter(self)
        self.message = Note("rename-message")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN + 2)
        layout.setSpacing(6)
        layout.addWidget(self.name)
        layout.addWidget(self.message)
        for hint in self._hints():
            layout.addWidget(hint)
        self.setFocusProxy(self.name)

    def begin(self) -> None:
        """Show it at its row, and take the keyboard."""
        self._come_into_view()
        self._follow()
        self.show()
        self.raise_()
        self._place()  # its height is known now
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Return and Escape, and notice when the keyboard goes elsewhere."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._save()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._leave()
                return True
        by_mouse = Qt.FocusReason.MouseFocusReason
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() is by_mouse:
            self._leave()
        if watched is not self.name and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _hints(self) -> list[QLabel]:
        hint = label(self.tr("People see the new name. Your file keeps its own."), "muted")
        file_name = os.path.basename(self._row.path or self._row.name)
        if file_name == self._row.name:
            return [hint]
        shown = text.isolated(text.shown(file_name, 120))
        original = self.tr("Original name: {name}").format(name=shown)
        return [label(original, "muted", "rename-original"), hint]

    def _follow(self) -> None:
        """Go where the row goes."""
        for bar in (self._table.verticalScrollBar(), self._table.horizontalScrollBar()):
            bar.valueChanged.connect(self._place)
        model = self._model
        for moved in (model.layoutChanged, model.rowsInserted, model.rowsRemoved, model.modelReset):
            moved.connect(self._place)
        self._table.viewport().installEventFilter(self)

    def _come_into_view(self) -> bool:
        line = self._model.line_of(self._row.key)
        if line is not None:
            self._table.scrollTo(self._model.index(line, Column.NAME.value))
        return line is not None

    def _place(self) -> None:
        line = self._model.line_of(self._row.key)
        page, viewport = self.parentWidget(), self._table.viewport()
        cell = QRect()
        if line is not None:
            cell = self._table.visualRect(self._model.index(line, Column.NAME.value))
        if page is None or not viewport.rect().intersects(cell):
            self._leave()
            return
        em = self.fontMetrics().horizontalAdvance("m")
        width = min(max(cell.width(), _LEAST_WIDTH * em), page.width())
        height = self.heightForWidth(width)
        at = viewport.mapTo(page, cell.topLeft())
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            at.setX(at.x() + cell.width() - width)
        at.setY(at.y() + (cell.height() - self.name.sizeHint().height()) // 2 - _MARGIN)
        left = max(0, min(at.x(), page.width() - width))
        self.setGeometry(left, max(0, min(at.y(), page.height() - height)), width, height)

    def _save(self) -> None:
        name = self.name.text().strip()
        if self._is_asking:
            return
        if not name or name == self._row.name:
            self._leave()
            return
        self._is_asking = True
        self.name.setReadOnly(True)
        self.message.silence()
        self._bridge.tell(Rename(self._row.share_id or "", name), self, self._answered)

    def _answered(self, result: Result) -> None:
        self._is_asking = False
        self.name.setReadOnly(False)
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
            # Where its row has gone meanwhile, it stays and says so: nothing is refused unseen.
            if self._come_into_view():
                self._place()
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._leave()

    def _leave(self) -> None:
        """Close, and give the keyboard back; what was asked for is waited for."""
        if self._is_asking or not self.isVisible():
            return
        had_keyboard = self.name.hasFocus()
        self.close()
        if had_keyboard:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
