"""The settings window: every choice holds at once, and each has a default that needs no visit."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.commands import (
    ChooseFolder,
    Command,
    EndSecondFactor,
    LookAtSecondFactor,
    SignOut,
)
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Status
from mydoctransfer.model.preferences import MOST_KIB, Network
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.passwords import AnotherPassword
from mydoctransfer.ui.pieces import ChoiceBox, Note, TickBox, button, label, named
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.second_factor import SecondFactor


class SettingsWindow(QDialog):
    """Shows what is chosen and takes other choices."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings-dialog")
        self.setWindowTitle(self.tr("Settings"))
        self._bridge = bridge
        self._status: Status | None = None
        self.tabs = named(QTabWidget(), "settings-tabs")
        self.tabs.setAccessibleName(self.tr("Settings"))
        self.tabs.addTab(self._general(), self.tr("General"))
        self.tabs.addTab(self._account(), self.tr("Account"))
        self.tabs.addTab(self._folder(), self.tr("Folder"))
        self.tabs.addTab(self._notifications(), self.tr("Notifications"))
        self.tabs.addTab(self._network(), self.tr("Network"))
        self.tabs.addTab(self._advanced(), self.tr("Advanced"))
        self.message = Note("settings-message")
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(button(self.tr("&Close"), "settings-close", self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addWidget(self.tabs)
        layout.addWidget(self.message)
        layout.addLayout(last)
        self.resize(660, 400)
        self._bridge.look_at_login_start(self, self._show_login_start)

    def take_status(self, status: Status) -> None:
        """Show account and folder as they are now."""
        self._status = status
        account = status.account
        self.change_password.setEnabled(account is not None)
        self.sign_out.setEnabled(account is not None)
        self.sign_out_everywhere.setEnabled(account is not None)
        self._look_at_second_factor(account.sub if account is not None else "")
        self.who.setText(
            self.tr("Nobody is signed in.")
            if account is None
            else self.tr("You are signed in as {name}.").format(
                name=text.isolated(text.described(account.person))
            )
        )
        can_choose = account is not None and status.folder is not None
        for widget in (self.choose, self.lifetime, self.open_folder):
            widget.setEnabled(can_choose)
        self.folder.setText(
            text.isolated(text.shown(status.folder, 200))
            if status.folder is not None
            else self.tr("No folder is chosen yet.")
        )
        self._offer_lifetimes(account.policy if account is not None else Policy())

    # Pages

    def _general(self) -> QWidget:
        self.at_login = named(
            TickBox(self.tr("&Start MyDoc Transfer when I log in")), "settings-at-login"
        )
        self.at_login.setEnabled(False)  # until it is known
        # Not `clicked`: a screen reader toggles without a click.
        self.at_login.toggled.connect(self._start_at_login)
        words = self.tr("It begins in the tray, without its window.")
        self.in_file_manager = named(
            TickBox(self.tr("Offer “Share with MyDoc Transfer” in the &file manager")),
            "settings-in-file-manager",
        )
        self.in_file_manager.setChecked(self._bridge.outside.preferences.in_file_manager)
        self.in_file_manager.toggled.connect(self._choose_entries)
        links = self.tr("Links that begin with mydoctransfer:// open here, too, after a question.")
        return _page(self.at_login, _muted(words), self.in_file_manager, label(links, "muted"))

    def _account(self) -> QWidget:
        self.who = label(name="settings-who")
        self.sign_out = button(self.tr("Sign &out here"), "settings-sign-out", self._sign_out)
        self.sign_out_everywhere = button(
            self.tr("Sign out &everywhere…"),
            "settings-sign-out-everywhere",
            self._ask_everywhere,
            "danger",
        )
        self.change_password = button(
            self.tr("Change &password…"), "settings-change-password", self._change_password
        )
        self.second_factor = button(
            self.tr("Set up a second &factor…"), "settings-second-factor", self._second_factor
        )
        self.second_factor.setEnabled(False)  # until it is known whether there is one
        self._has_second_factor = False
        self._asked_about = ""
        out = _line(self.sign_out, self.sign_out_everywhere)
        self.setup_link = button(
            self.tr("Copy set-up &link"), "settings-setup-link", self._copy_setup_link
        )
        self.setup_link.setEnabled(bool(self._bridge.outside.setup_link))
        words = self.tr(
            "The link connects another computer to the same cloud. There is no password in it."
        )
        return _page(
            self.who,
            _line(self.change_password, self.second_factor),
            out,
            _line(self.setup_link),
            _muted(words),
        )

    def _folder(self) -> QWidget:
        self.folder = label(name="settings-folder")
        self.choose = button(self.tr("Choose &another…"), "settings-choose-folder", self._choose)
        self.open_folder = button(self.tr("&Open"), "settings-open-folder", self._open_folder)
        self.lifetime = named(ChoiceBox(), "settings-lifetime")
        named(self.lifetime.view(), "settings-lifetimes").setAccessibleName(self.tr("Lifetimes"))
        self.lifetime.activated.connect(self._choose_lifetime)
        caption = label(self.tr("New documents stay in the cloud &for"), "field")
        caption.setBuddy(self.lifetime)
        self.lifetime.setAccessibleName(caption.text().replace("&", ""))
        watched = label(self.tr("Watched folder"), "field")
        return _page(
            watched, self.folder, _line(self.choose, self.open_folder), caption, self.lifetime
        )

    def _notifications(self) -> QWidget:
        chosen = self._bridge.outside.preferences
        self.kinds = {
            "tell_published": TickBox(self.tr("A document is in the &cloud")),
            "tell_shared": TickBox(self.tr("Somebody &shares a document with me")),
            "tell_expiring": TickBox(self.tr("A document &leaves the cloud soon")),
            "tell_problems": TickBox(self.tr("A document could not be se&nt")),
        }
        for kind, box in self.kinds.items():
            box.setObjectName(f"settings-{kind.replace('_', '-')}")
            box.setChecked(getattr(chosen, kind))
            box.toggled.connect(self._choose_kinds)
        words = self.tr("Your desktop's “do not disturb” holds for all of them.")
        return _page(label(self.tr("Tell me when"), "field"), *self.kinds.values(), _muted(words))

    def _network(self) -> QWidget:
        held = self._bridge.outside.network
        self.upload_limit = self._limit("settings-upload-limit", held.upload_limit_kib)
        self.download_limit = self._limit("settings-download-limit", held.download_limit_kib)
        up = label(self.tr("&Upload at most"), "field")
        up.setBuddy(self.upload_limit)
        self.upload_limit.setAccessibleName(self.tr("Upload at most"))
        down = label(self.tr("&Download at most"), "field")
        down.setBuddy(self.download_limit)
        self.download_limit.setAccessibleName(self.tr("Download at most"))
        words = self.tr("A limit holds for all transfers together, also for those under way.")
        lines = (up, _line(self.upload_limit), down, _line(self.download_limit))
        self.on_metered = self._waiting_box(
            self.tr("Wait while the line is &metered"), "metered", held.pause_on_metered
        )
        self.on_battery = self._waiting_box(
            self.tr("Wait while the computer runs on its &battery"),
            "battery",
            held.pause_on_battery,
        )
        boxes = (self.on_metered, self.on_battery)
        return _page(*lines, _muted(words), *boxes, *self._way_out(held))

    def _waiting_box(self, words: str, reason: str, held: bool) -> TickBox:
        box = named(TickBox(words), f"settings-pause-on-{reason}")
        box.setChecked(held)
        box.toggled.connect(self._choose_network)
        return box

    def _way_out(self, held: Network) -> tuple[QWidget, ...]:
        self.proxy = self._way("settings-proxy", held.proxy, "http://host:port")
        self.ca_file = self._way("settings-ca-file", held.ca_file, "/path/to/authorities.pem")
        proxy = label(self.tr("&Proxy"), "field")
        proxy.setBuddy(self.proxy)
        self.proxy.setAccessibleName(self.tr("Proxy"))
        authorities = label(self.tr("File with certificate a&uthorities"), "field")
        authorities.setBuddy(self.ca_file)
        self.ca_file.setAccessibleName(self.tr("File with certificate authorities"))
        words = self.tr(
            "Empty means: as the system says. Both hold from the application's next start."
        )
        return proxy, self.proxy, authorities, self.ca_file, _muted(words)

    def _way(self, name: str, held: str, example: str) -> QLineEdit:
        way = named(QLineEdit(held), name)
        way.setPlaceholderText(example)
        way.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # addresses run that way everywhere
        way.editingFinished.connect(self._choose_network)
        return way

    def _limit(self, name: str, held: int) -> QSpinBox:
        limit = named(QSpinBox(), name)
        limit.setRange(0, MOST_KIB)
        limit.setSingleStep(64)
        limit.setSuffix(self.tr(" KiB a second"))
        limit.setSpecialValueText(self.tr("No limit"))
        limit.setValue(held)
        limit.setKeyboardTracking(False)  # not with every digit
        limit.valueChanged.connect(self._choose_network)
        return limit

    def _advanced(self) -> QWidget:
        logs = button(
            self.tr("Open &logs"),
            "settings-open-logs",
            lambda: open_path(self._bridge.outside.log_dir),
        )
        bundle = button(self.tr("&Save diagnostics…"), "settings-diagnostics", self._ask_where)
        words = self.tr(
            "The diagnostics hold logs and versions, no passwords, tokens or addresses. Nothing is "
            "sent: you decide who gets the file."
        )
        reset = button(self.tr("&Reset…"), "settings-reset", self._ask_reset, "danger")
        after = self.tr("Resetting begins anew: connection, folder and settings are forgotten.")
        return _page(_line(logs, bundle), _muted(words), _line(reset), _muted(after))

    # What the person chooses

    def _show_login_start(self, result: bool | AppError) -> None:
        if isinstance(result, AppError):
            self._complain(result)
            return
        self.at_login.setEnabled(True)
        with QSignalBlocker(self.at_login):
            self.at_login.setChecked(result)

    def _start_at_login(self, wanted: bool) -> None:
        self.message.silence()
        self.at_login.setEnabled(False)
        self._bridge.start_at_login(wanted, self, self._show_login_start)

    def _sign_out(self) -> None:
        self._tell(SignOut())

    def _change_password(self) -> None:
        self.message.silence()
        dialog = AnotherPassword(self._bridge, self)
        dialog.accepted.connect(
            lambda: self.message.say("note", self.tr("Your password was changed."))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _look_at_second_factor(self, sub: str) -> None:
        if sub != self._asked_about:
            self._asked_about = sub
            self.second_factor.setEnabled(False)
            if sub:
                self._bridge.tell(LookAtSecondFactor(), self, self._show_second_factor)

    def _show_second_factor(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._asked_about = ""  # it is asked again with the next change of state
            return
        self._has_second_factor = bool(result.get("is_on"))
        self.second_factor.setEnabled(True)
        self.second_factor.setText(
            self.tr("Turn off the second &factor…")
            if self._has_second_factor
            else self.tr("Set up a second &factor…")
        )

    def _second_factor(self) -> None:
        self.message.silence()
        if self._has_second_factor:
            self._ask_to_end_second_factor()
            return
        dialog = SecondFactor(self._bridge, self)
        dialog.accepted.connect(self._has_turned_on)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_to_end_second_factor(self) -> None:
        Question(
            "end-second-factor",
            self.tr("Turn off the second factor?"),
            self.tr("From then on your password alone is enough to sign in."),
            self.tr("&Turn off"),
            lambda: self._bridge.tell(EndSecondFactor(), self, self._has_turned_off),
            self,
        ).open()

    def _has_turned_on(self) -> None:
        self._show_second_factor({"is_on": True})
        self.message.say("note", self.tr("From now on signing in asks for a code."))

    def _has_turned_off(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
            return
        self._show_second_factor({"is_on": False})
        self.message.say("note", self.tr("Signing in asks for no code any more."))

    def _ask_everywhere(self) -> None:
        Question(
            "sign-out-everywhere",
            self.tr("Sign out everywhere?"),
            self.tr(
                "All your devices are signed out, this one too. Your files and what is in the "
                "cloud stay as they are."
            ),
            self.tr("Sign out &everywhere"),
            lambda: self._tell(SignOut(everywhere=True)),
            self,
        ).open()

    def _ask_reset(self) -> None:
        question = Question(
            "reset-question",
            self.tr("Reset MyDoc Transfer on this computer?"),
            self.tr(
                "You are signed out here, and the connection, the choice of folder and all "
                "settings are forgotten. Your files stay where they are, and what is in the cloud "
                "stays there until its time is up."
            ),
            self.tr("&Reset"),
            lambda: self._bridge.reset(self, self._reset_done),
            self,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _reset_done(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
        else:
            self.accept()

    def _choose(self) -> None:
        before = self._status.folder if self._status is not None else None
        dialog = QFileDialog(self, self.tr("Choose a folder"), before or "")
        dialog.setObjectName("settings-folder-dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self._tell(ChooseFolder(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_folder(self) -> None:
        if self._status is not None and self._status.folder is not None:
            open_path(self._status.folder)

    def _choose_lifetime(self) -> None:
        if self._status is not None and self._status.folder is not None:
            self._tell(ChooseFolder(self._status.folder, self.lifetime.currentData()))

    def _choose_kinds(self) -> None:
        chosen = {kind: box.isChecked() for kind, box in self.kinds.items()}
        preferences = replace(self._bridge.outside.preferences, **chosen)
        self._bridge.prefer(preferences, self, self._answered)

    def _choose_entries(self, wanted: bool) -> None:
        preferences = replace(self._bridge.outside.preferences, in_file_manager=wanted)
        self._bridge.prefer(preferences, self, self._answered)

    def _copy_setup_link(self) -> None:
        QGuiApplication.clipboard().setText(self._bridge.outside.setup_link)
        self.message.say("note", self.tr("Copied. Send it to whoever is to use this cloud."))

    def _choose_network(self) -> None:
        chosen = replace(
            self._bridge.outside.network,
            upload_limit_kib=self.upload_limit.value(),
            download_limit_kib=self.download_limit.value(),
            pause_on_metered=self.on_metered.isChecked(),
            pause_on_battery=self.on_battery.isChecked(),
            proxy=self.proxy.text().strip(),
            ca_file=self.ca_file.text().strip(),
        )
        if chosen != self._bridge.outside.network:
            self._bridge.limit(chosen, self, self._answered)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("Save diagnostics"), "mydoctransfer-diagnostics.zip")
        dialog.setObjectName("settings-diagnostics-dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.save_diagnostics)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_diagnostics(self, path: str) -> None:
        """Write the bundle at `path` and say so."""

        def saved(result: Result) -> None:
            if isinstance(result, AppError):
                self._complain(result)
                return
            where = text.isolated(text.shown(path, 200))
            self.message.say("note", self.tr("Saved as {path}.").format(path=where))

        self.message.silence()
        self._bridge.save_diagnostics(path, self, saved)

    # What comes of it

    def _tell(self, command: Command) -> None:
        self.message.silence()
        self._bridge.tell(command, self, self._answered)

    def _answered(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)

    def _complain(self, error: AppError) -> None:
        self.message.say("error", error.message, error.title)

    def _offer_lifetimes(self, policy: Policy) -> None:
        chosen = self._bridge.outside.folder_lifetime or policy.default_lifetime
        self.lifetime.clear()
        for seconds in sorted({*policy.lifetimes, chosen}):
            self.lifetime.addItem(text.isolated(text.lifetime(seconds)), seconds)
        self.lifetime.setCurrentIndex(self.lifetime.findData(chosen))


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(16, 16, 16, 16)
    layout.setSpacing(10)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return page


def _line(*parts: QWidget) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        layout.addWidget(part, 0, Qt.AlignmentFlag.AlignLeading)
    layout.addStretch(1)
    return line


def _muted(words: str) -> QWidget:
    return label(words, "muted")
