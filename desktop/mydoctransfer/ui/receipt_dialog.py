"""The receipt of a deletion: who had the document, and when it and its bytes went."""

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import Answer, GetReceipt
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Row
from mydoctransfer.model.trees import Person
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.file_dialogs import ask_where_to_save
from mydoctransfer.ui.pieces import Note, button, label
from mydoctransfer.ui.saving import write_whole


class ReceiptDialog(QDialog):
    """Fetches a receipt, shows it and saves it."""

    def __init__(self, bridge: Bridge, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("receipt-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Receipt of the deletion"))
        self._lines: list[tuple[str, str]] = []
        self._name = row.name
        self.message = Note("receipt-message")
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self.save = button(self.tr("&Save…"), "receipt-save", self._ask_where)
        self.save.setEnabled(False)
        close = button(self.tr("&Close"), "receipt-close", self.reject, "primary")
        last = QHBoxLayout()
        last.addWidget(self.save)
        last.addStretch(1)
        last.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        heading = label(self.windowTitle(), "heading")
        heading.setWordWrap(False)
        layout.addWidget(heading)
        layout.addWidget(self.message)
        layout.addLayout(self._form)
        layout.addStretch(1)
        layout.addLayout(last)
        layout.addStrut(432)
        close.setFocus()
        bridge.tell(GetReceipt(row.share_id or ""), self, self._take)

    def save_at(self, path: str) -> None:
        """Write the receipt, as it is shown, and say so."""
        content = "".join(f"{caption}: {value}\n" for caption, value in self._lines)
        where = text.isolated(text.shown(path, 200))
        problem = write_whole(path, content)
        if problem:
            sentence = self.tr("{path} could not be written: {reason}.")
            sentence = sentence.format(path=where, reason=problem.rstrip("."))
            self.message.say("error", sentence, self.tr("The receipt was not saved"))
        else:
            self.message.say("note", self.tr("Saved as {path}.").format(path=where))

    def _take(self, result: Result) -> None:
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
            return
        self._lines = self._words(result["receipt"])
        for number, (caption, value) in enumerate(self._lines):
            shown = label("\n".join(_lines(value)), "", f"receipt-value-{number}")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._form.addRow(label(caption, "field"), shown)
        self.save.setEnabled(True)

    def _words(self, receipt: Answer) -> list[tuple[str, str]]:
        people = [text.described(Person(**person)) for person in receipt["people"]]
        bytes_gone = receipt["objects_gone_at"]
        return [
            (self.tr("Document"), text.shown(str(receipt["display_name"]))),
            (self.tr("Size"), text.size(int(receipt["size"]))),
            (self.tr("SHA-256"), str(receipt["sha256"])),
            (self.tr("Versions"), QLocale().toString(int(receipt["versions"]))),
            (self.tr("Owner"), text.described(Person(**receipt["owner"]))),
            (self.tr("Who had it"), ", ".join(people) or self.tr("Nobody else")),
            (
                self.tr("Who downloaded it"),
                "\n".join(self._fetched(one) for one in receipt["fetched"]) or self.tr("Nobody"),
            ),
            (self.tr("Sent"), _time(receipt["uploaded_at"])),
            (self.tr("Left the cloud"), _time(receipt["gone_at"])),
            (
                self.tr("Last byte deleted"),
                _time(bytes_gone) if bytes_gone else self.tr("Not yet"),
            ),
        ]

    def _fetched(self, fetched: Answer) -> str:
        who = text.described(
            Person(fetched["email"], fetched["given_name"], fetched["family_name"])
        )
        return self.tr("{who}, {time}").format(who=who, time=_time(fetched["at"]))

    def _ask_where(self) -> None:
        ask_where_to_save(
            self,
            self.tr("Save the receipt"),
            f"{self._name}.txt",
            "receipt-save-dialog",
            self.save_at,
        )


def _lines(value: str) -> list[str]:
    """Return a value so that it fits: a hash has no blank to break it at."""
    is_long = len(value) > 48 and " " not in value
    pieces = (value[:32], value[32:]) if is_long else value.splitlines()
    return [text.isolated(piece) for piece in pieces]


def _time(written: object) -> str:
    at = QDateTime.fromString(str(written), Qt.DateFormat.ISODateWithMs).toLocalTime()
    return f"{text.moment(at.toMSecsSinceEpoch())} ({at.timeZoneAbbreviation()})"
