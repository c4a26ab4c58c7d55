"""A document's link, for people without an account: its terms, its address, its end."""

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIntValidator
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import ChangeLink, RevokeLink
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Row
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.pieces import ChoiceBox, Note, TickBox, button, give_role, label, named
from mydoctransfer.ui.qr_code import QrCode
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.scrolled import Scrolled

COPIED_MS = 2000
MOST_DOWNLOADS = 1_000_000


class LinkDialog(QDialog):
    """Shows the link there is, makes one, changes its terms, ends it."""

    def __init__(
        self, bridge: Bridge, row: Row, policy: Policy, parent: QWidget | None = None
    ) -> None:
        """Ask for the address at once if `row` has a link; otherwise offer to make one."""
        super().__init__(parent)
        self.setObjectName("link-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._target = row.share_id or ""
        self._name = text.isolated(text.shown(row.name, 60))
        self._has_link = row.link is not None
        self._has_password = row.link is not None and row.link.has_password
        self._build(policy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._copied.timeout.connect(self._say_copy)
        self._show_nothing_yet()
        if not policy.links_allowed:
            self.message.say("warning", self.tr("Your organisation does not allow links."))
            self.apply.setEnabled(False)
        if self._has_link:
            self._tell(ChangeLink(self._target))

    # Building

    def _build(self, policy: Policy) -> None:
        self.setWindowTitle(self.tr("Link to {name}").format(name=self._name))
        self.setAccessibleName(self.windowTitle())
        self.address = named(QLineEdit(), "link-address")
        self.address.setReadOnly(True)
        self.address.setAccessibleName(self.tr("Address of the link"))
        self.copy = button("", "link-copy", self._copy, "primary", "copy")
        self.qr = QrCode("link-qr", self.tr("QR code of the link"))
        self.state = label("", "muted", "link-state")
        self.password = named(QLineEdit(), "link-password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(256)
        self.no_password = named(TickBox(self.tr("&No password")), "link-no-password")
        self.no_password.toggled.connect(self._password_toggled)
        self.downloads = named(QLineEdit(), "link-downloads")
        self.downloads.setValidator(QIntValidator(1, MOST_DOWNLOADS, self))
        self.downloads.setPlaceholderText(self.tr("No limit"))
        self.lifetime = named(ChoiceBox(), "link-lifetime")
        self.lifetime.addItem("", None)
        for seconds in policy.lifetimes:
            said = self.tr("{time} from now").format(time=text.lifetime(seconds))
            self.lifetime.addItem(said, seconds)
        self.message = Note("link-message")
        self.apply = button("", "link-apply", self._apply)
        self.apply.setDefault(True)
        self.revoke = button(self.tr("&End the link…"), "link-revoke", self._ask, "danger")
        done = button(self.tr("&Done"), "link-done", self.accept)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(label(self.windowTitle(), "heading"))
        intro = self.tr("Whoever has the address can download it, without an account.")
        layout.addWidget(label(intro, "muted"))
        across = QHBoxLayout()
        across.addWidget(self.address, 1)
        across.addWidget(self.copy)
        layout.addLayout(across)
        layout.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.state)
        self._add(layout, self.tr("&Password"), self.password, self.no_password)
        self._add(layout, self.tr("&Most downloads"), self.downloads)
        self._add(layout, self.tr("The link e&xpires"), self.lifetime)
        layout.addWidget(self.message)
        layout.addStretch(1)
        last = QHBoxLayout()
        last.addWidget(self.revoke)
        last.addStretch(1)
        last.addWidget(self.apply)
        last.addWidget(done)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(16)
        whole.addWidget(Scrolled(content), 1)
        whole.addLayout(last)
        whole.addStrut(432)

    def _add(
        self, layout: QVBoxLayout, caption: str, field: QWidget, beside: QWidget | None = None
    ) -> None:
        above = label(caption, "field")
        above.setBuddy(field)
        field.setAccessibleName(caption.replace("&", ""))
        together = QVBoxLayout()
        together.setSpacing(4)
        together.addWidget(above)
        across = QHBoxLayout()
        across.addWidget(field, 1)
        if beside is not None:
            across.addWidget(beside)
        together.addLayout(across)
        layout.addLayout(together)

    # Doing

    def _apply(self) -> None:
        """Send what differs; a password left empty stays as it is."""
        password = "" if self.no_password.isChecked() else self.password.text() or None
        if self.downloads.text() and not self.downloads.hasAcceptableInput():
            most = QLocale().toString(MOST_DOWNLOADS)
            said = self.tr("Write a number of downloads from 1 to {most}, or leave it empty.")
            self.message.say("error", said.format(most=most))
            self.downloads.setFocus()
            return
        limit, _ = QLocale().toInt(self.downloads.text() or "0")
        is_new_limit = limit != self._limit
        lifetime = self.lifetime.currentData()
        wanted_limit = limit if is_new_limit else None
        self._tell(ChangeLink(self._target, password, wanted_limit, lifetime))

    def _ask(self) -> None:
        question = Question(
            "link-revoke-question",
            self.tr("End the link to {name}?").format(name=self._name),
            self.tr("Its address stops working for everybody, for good."),
            self.tr("&End it"),
            lambda: self._tell(RevokeLink(self._target)),
            self,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _tell(self, command: ChangeLink | RevokeLink) -> None:
        self.message.silence()
        self.apply.setEnabled(False)
        self._bridge.tell(command, self, self._answered)

    def _answered(self, result: Result) -> None:
        self.apply.setEnabled(True)
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
            return
        if result["url"] is None:
            self._has_link, self._has_password = False, False
            self._show_nothing_yet()
            self.message.say("note", self.tr("The link has ended."))
        else:
            self._show(result)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self.copy.setText(self.tr("Copied!"))
        self.copy.setAccessibleName(self.tr("Copied!"))
        self._copied.start()

    # Showing

    def _show_nothing_yet(self) -> None:
        self._limit = 0
        self.address.clear()
        self.qr.encode("")
        self.state.setText("")
        self._say_terms()

    def _show(self, answer: dict[str, object]) -> None:
        self._has_link = True
        self._has_password = bool(answer["has_password"])
        limit = answer["max_downloads"]
        self._limit = limit if isinstance(limit, int) else 0
        url = str(answer["url"])
        self.address.setText(url)
        self.address.setCursorPosition(0)
        self.qr.encode(url)
        locale = QLocale()
        end = QDateTime.fromString(str(answer["expires_at"]), Qt.DateFormat.ISODateWithMs)
        until = text.clock(end.toMSecsSinceEpoch(), self._bridge.outside.now_ms())
        used = int(str(answer["downloads"]))
        counted = (
            self.tr("{used} of %Ln download(s) used", "", self._limit).format(
                used=locale.toString(used)
            )
            if self._limit
            else self.tr("%Ln download(s) so far", "", used)
        )
        secured = self.tr("with a password") if self._has_password else self.tr("without password")
        self.state.setText(
            self.tr("Works until {time}, {counted}, {secured}.").format(
                time=text.isolated(until), counted=counted, secured=secured
            )
        )
        self._say_terms()

    def _say_terms(self) -> None:
        """Set the fields to how the link stands: applying them unchanged changes nothing."""
        self.password.clear()
        self.password.setPlaceholderText(
            self.tr("Unchanged") if self._has_password else self.tr("No password")
        )
        self.no_password.setChecked(False)
        self.no_password.setVisible(self._has_password)
        self.downloads.setText(QLocale().toString(self._limit) if self._limit else "")
        stays = self.tr("As it is now") if self._has_link else self.tr("With the document")
        self.lifetime.setItemText(0, stays)
        self.lifetime.setCurrentIndex(0)
        self.apply.setText(self.tr("&Change") if self._has_link else self.tr("&Make a link"))
        give_role(self.apply, "" if self._has_link else "primary")
        for widget in (self.address, self.copy, self.qr, self.state, self.revoke):
            widget.setVisible(self._has_link)
        self._say_copy()

    def _say_copy(self) -> None:
        self.copy.setText(self.tr("&Copy"))
        self.copy.setAccessibleName(self.tr("Copy the address"))

    def _password_toggled(self, is_without: bool) -> None:
        self.password.setEnabled(not is_without)
