"""The name people see, and the one its file has."""

import os

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mydoctransfer.model.commands import Rename
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Row
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.pieces import Note, button, label, named


class RenameDialog(QDialog):
    """Asks for another name. Closes when the cloud has taken it."""

    def __init__(self, bridge: Bridge, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rename-dialog")
        self.setWindowTitle(self.tr("Rename"))
        self._bridge = bridge
        self._row = row
        self.name = named(QLineEdit(row.name), "rename-name")
        stem = row.name.rfind(".")
        self.name.setSelection(0, stem if stem > 0 else len(row.name))
        self.name.textChanged.connect(self._typed)
        caption = label(self.tr("&New name"), "field")
        caption.setBuddy(self.name)
        self.name.setAccessibleName(self.tr("New name"))
        original = self.tr("Original name: {name}").format(
            name=text.isolated(text.shown(os.path.basename(row.path or row.name), 120))
        )
        self.message = Note("rename-message")
        self.save = button(self.tr("&Rename"), "rename-save", self._save, "primary")
        self.save.setDefault(True)
        cancel = button(self.tr("&Cancel"), "rename-cancel", self.reject)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(cancel)
        last.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(original, "muted", "rename-original"))
        layout.addWidget(caption)
        layout.addWidget(self.name)
        hint = self.tr("People see the new name. Your file keeps its own.")
        layout.addWidget(label(hint, "muted"))
        layout.addWidget(self.message)
        layout.addSpacing(6)
        layout.addLayout(last)
        self.resize(460, 0)
        self._typed()

    def _typed(self) -> None:
        name = self.name.text().strip()
        self.save.setEnabled(bool(name) and name != self._row.name)

    def _save(self) -> None:
        self.save.setEnabled(False)
        self.message.silence()
        target = self._row.share_id or ""
        self._bridge.tell(Rename(target, self.name.text().strip()), self, self._answered)

    def _answered(self, result: Result) -> None:
        self.save.setEnabled(True)
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
            self.name.setFocus()
            return
        self.accept()
