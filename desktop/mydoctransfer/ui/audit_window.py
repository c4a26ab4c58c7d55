"""The audit: who did what, for administrators; for others, a sentence that says so."""

from math import ceil

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import ExportAudit, ReadAudit
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui import text
from mydoctransfer.ui.audit_model import AuditColumn, AuditModel
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.file_dialogs import ask_where_to_save
from mydoctransfer.ui.list_page import ListTable
from mydoctransfer.ui.pieces import Note, button, label, named
from mydoctransfer.ui.saving import write_whole

FILTER_MS = 120
_WIDTHS = {  # in ems; the action, which says with whom or until when, has what is left
    AuditColumn.TIME.value: 15,
    AuditColumn.WHO.value: 10,
    AuditColumn.EMAIL.value: 13,
    AuditColumn.FILE.value: 13,
    AuditColumn.EXPIRED.value: 10,
}
_LONG_MOMENT = 1_790_110_728_000  # 22 September 2026, 20:58:48 (UTC): as long as they get
_PADDING = 48  # beside a cell's words


class AuditWindow(QDialog):
    """Asks the cloud when it opens and when told to."""

    def __init__(self, bridge: Bridge, is_admin: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("audit-dialog")
        self.setWindowTitle(self.tr("Audit"))
        self._bridge = bridge
        self._read_so_far: int | None = None  # entries; None before the first answer
        self.model = AuditModel(self)
        self._build()
        self.model.on_more = self._count
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(FILTER_MS)
        self._pause.timeout.connect(self.apply_filter)
        self.filter_box.textChanged.connect(lambda words: self._pause.start())
        for widget in (self.filter_box, self.table, self.again, self.save):
            widget.setVisible(is_admin)
        if is_admin:
            self._read()
        else:
            self.message.say(
                "note",
                self.tr(
                    "Only administrators can read who did what. Ask whoever looks after your "
                    "cloud, or have yourself added to the group “admins”."
                ),
                self.tr("The audit is for administrators"),
            )

    def apply_filter(self) -> None:
        """Show what matches what was typed."""
        self.model.filter(self.filter_box.text())
        self._count()

    def _build(self) -> None:
        self.filter_box = named(QLineEdit(), "audit-filter")
        self.filter_box.setPlaceholderText(self.tr("Search everything: a few letters will do"))
        self.filter_box.setAccessibleName(self.tr("Search the audit"))
        self.filter_box.setClearButtonEnabled(True)
        wide = AuditColumn.ACTION.value
        moment = self.fontMetrics().horizontalAdvance(text.moment(_LONG_MOMENT)) + _PADDING
        em = self.fontMetrics().horizontalAdvance("m")
        widths = {**_WIDTHS, AuditColumn.TIME.value: ceil(moment / em)}
        self.table = ListTable(self.model, "audit-table", self.tr("Audit"), widths, wide)
        self.table.empty.hide()
        self.message = Note("audit-message")
        self.message.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.count = label("", "muted", "audit-count")
        self.again = button(self.tr("&Read again"), "audit-again", self._read)
        self.save = button(self.tr("&Save as CSV…"), "audit-save", self._ask_where)
        last = QHBoxLayout()
        last.addWidget(self.count, 1)
        last.addWidget(self.save)
        last.addWidget(self.again)
        last.addWidget(button(self.tr("&Close"), "audit-close", self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addWidget(self.filter_box)
        layout.addWidget(self.message)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        layout.addLayout(last)
        self.resize(1120, 560)

    def _read(self) -> None:
        self.message.silence()
        self.again.setEnabled(False)
        self.count.setText(self.tr("Reading…"))
        self._bridge.tell(ReadAudit(), self, self._take)

    def _take(self, result: Result) -> None:
        self.again.setEnabled(True)
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
        else:
            self._read_so_far = len(result["entries"])
            self.model.take(result["entries"])
        self._count()

    def _ask_where(self) -> None:
        ask_where_to_save(
            self, self.tr("Save the audit"), "audit.csv", "audit-save-dialog", self.save_csv
        )

    def save_csv(self, path: str) -> None:
        """Write all entries to `path`, whatever is typed in the search, and say so."""

        def exported(result: Result) -> None:
            self.save.setEnabled(True)
            if isinstance(result, AppError):
                self.message.say("error", result.message, result.title)
                return
            where = text.isolated(text.shown(path, 200))
            problem = write_whole(path, result["csv"])
            if problem:
                sentence = self.tr("{path} could not be written: {reason}.")
                sentence = sentence.format(path=where, reason=problem.rstrip("."))
                self.message.say("error", sentence, self.tr("The audit was not saved"))
                return
            self.message.say("note", self.tr("Saved as {path}.").format(path=where))

        self.message.silence()
        self.save.setEnabled(False)
        self._bridge.tell(ExportAudit(), self, exported)

    def _count(self) -> None:
        self.count.setText(
            self.tr("Entries: {number}").format(number=QLocale().toString(self.model.rowCount()))
        )
        if self._read_so_far == 0:
            words = self.tr("What people do with documents is written down here.")
            self.table.hint("audit", self.tr("Nothing has happened yet"), words)
        elif self._read_so_far and self.filter_box.text():
            words = self.tr("No entry has these letters in this order.")
            self.table.hint("search", self.tr("Nothing found"), words)
        else:
            self.table.empty.hide()
