"""The one window: which page is shown, what is dropped on it, and where it goes when closed."""

import os
from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from mydoctransfer.model.commands import (
    LookNow,
)
from mydoctransfer.model.errors import CANCELLED, AppError
from mydoctransfer.model.events import (
    DeletesHeld,
    Downloaded,
    Downloading,
    EngineState,
    Event,
    ExpiringSoon,
    Happened,
    ProblemRaised,
    Progress,
    Published,
    Row,
    RowsChanged,
    RulesChanged,
    SharedWithYou,
    Status,
    StatusChanged,
)
from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import Policy
from mydoctransfer.model.wishes import Wish
from mydoctransfer.ui.accounts_menu import account_name
from mydoctransfer.ui.audit_window import AuditWindow
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.connect_page import ConnectPage
from mydoctransfer.ui.documents_model import DocumentsModel
from mydoctransfer.ui.documents_page import DocumentsPage
from mydoctransfer.ui.drop_zone import DropZone, local_paths
from mydoctransfer.ui.folder_rules import FolderRules
from mydoctransfer.ui.home import Home, Place
from mydoctransfer.ui.main_menu import MainMenu
from mydoctransfer.ui.notice_actions import NoticeActions
from mydoctransfer.ui.notices import Notices
from mydoctransfer.ui.pieces import label
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.revoking import Revoking
from mydoctransfer.ui.settings import SettingsWindow
from mydoctransfer.ui.signing_out import SigningOut
from mydoctransfer.ui.tray import Tray
from mydoctransfer.ui.wishes import Wishes
from mydoctransfer.ui.wizard import Wizard


class MainWindow(QMainWindow):
    """Shows one page at a time and hands every event to whom it concerns."""

    def __init__(self, bridge: Bridge, email: str = "") -> None:
        """`email` is the address to propose at the sign-in."""
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("MyDoc Transfer")
        self.setAcceptDrops(True)
        self._bridge = bridge
        self._status: Status | None = None
        self._email = email
        self._is_quitting = False
        self.settings: SettingsWindow | None = None
        self._audit: AuditWindow | None = None
        self._has_told_of_tray = False
        self.model = DocumentsModel(self._server_time, self)
        self.rules = FolderRules(bridge, self.model, self)
        self.notices = Notices(bridge.outside, self.model, self._more_time, self)
        self.notice_actions = NoticeActions(bridge, self.notices, self._more_time, self)
        self.menu = MainMenu(bridge, self._complain, self)
        self.signing_out = SigningOut(bridge, self._complain, self)
        self.tray = Tray(self.menu, self)
        self._build_pages()
        self.revoking = Revoking(bridge, self._complain, self.documents.tell_of, self)
        self.wishes = Wishes(bridge, self.model, self.documents, self)
        self._drop_zone = DropZone(self)
        self._wire()
        self.resize(1080, 680)
        self._show_page()

    # What comes in

    def take_events(self, events: tuple[Event, ...]) -> None:
        """Hand every event to whom it concerns, in order."""
        for event in events:
            self._take(event)
        self.documents.refresh()
        self.wishes.go_on()

    def summon(self) -> None:
        """Bring the window to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.menu.accounts.look()  # another window may have added or removed one
        if self._status is not None and self._status.account is not None:
            self._bridge.tell(LookNow(), self)

    def take_wish(self, wish: Wish) -> None:
        """Do what a second start, a link or the file manager wants."""
        self.summon()
        self.wishes.take(wish)

    def show_settings(self) -> None:
        """Open the settings, or bring them to the front."""
        self.summon()
        if self.settings is None:
            self.settings = SettingsWindow(self._bridge, self.rules.model, self)
            self.settings.folder.rules.on_edit = self._edit_rule
            self.settings.finished.connect(self._settings_closed)
            self.settings.tell_late_errors(self._complain)
            self.settings.account.on_remove = self.menu.accounts.ask_to_remove
            self.settings.account.on_sign_out = self.signing_out.here
            self.settings.account.on_sign_out_everywhere = self._ask_to_sign_out_everywhere
            self.settings.take_status(self._status or Status(EngineState.SIGNED_OUT))
            self.settings.show()
        self.settings.raise_()
        self.settings.activateWindow()

    def show_rules(self) -> None:
        """Open the settings where the folder and its rules are."""
        self.show_settings()
        if self.settings is not None:
            self.settings.show_folder()

    def _edit_rule(self, rule: Rule | None) -> None:
        self.rules.edit(rule, self.settings)

    def show_audit(self) -> None:
        """Open the audit; whoever is no administrator reads there why it is empty."""
        self.summon()
        account = self._status.account if self._status is not None else None
        if self._audit is None and account is not None:
            self._audit = AuditWindow(self._bridge, "admins" in account.groups, self)
            self._audit.finished.connect(self._audit_closed)
            self._audit.show()
        if self._audit is not None:
            self._audit.raise_()
            self._audit.activateWindow()

    def _audit_closed(self) -> None:
        if self._audit is not None:
            self._audit.deleteLater()
            self._audit = None

    def _settings_closed(self) -> None:
        if self.settings is not None:
            self.settings.deleteLater()
            self.settings = None

    def quit(self) -> None:
        """End the application, really."""
        self._is_quitting = True
        self.tray.stop()
        self._bridge.outside.quit()
        QGuiApplication.quit()

    def _take(self, event: Event) -> None:
        match event:
            case StatusChanged(status):
                self._take_status(status)
            case RowsChanged():
                self.model.apply(event)
                self.home.take_rows(event)
            case Progress():
                self.model.apply_progress(event)
                self.home.take_progress(event)
            case Downloading():
                self.home.take_download(event)
            case Happened():
                self.home.take_happened(event)
            case RulesChanged():
                self.rules.model.apply(event)
            case DeletesHeld():
                self.documents.take_held(event)
                self.notices.take(event)
            case Published() | SharedWithYou() | Downloaded() | ExpiringSoon() | ProblemRaised():
                self.notices.take(event)
            case _:
                assert_never(event)

    def _take_status(self, status: Status) -> None:
        before, self._status = self._status, status
        if status.account is None and before is not None and before.account is not None:
            self._forget()
        self.tray.take_status(status)
        self.wishes.take_status(status)
        self.rules.take_status(status)
        self.home.take_status(status)
        self.wizard.take_status(status)
        if self.settings is not None:
            self.settings.take_status(status)
        self.menu.take_status(status)
        self._show_page()
        if before is None or before.email != status.email:
            self.menu.accounts.look()

    def _name_account(self) -> None:
        """Tell the windows of several accounts apart, and lead from each to the others."""
        known = self.menu.accounts.known
        is_one_of_several = len(known) > 1
        name = next((account_name(a, known) for a in known if a.is_current), "")
        title = f"{name} - MyDoc Transfer" if is_one_of_several else "MyDoc Transfer"
        self.setWindowTitle(title)
        self.notices.whose = name if is_one_of_several else ""
        self.tray.call(self.notices.whose)
        self.wizard.offer_accounts(self.menu.accounts, is_one_of_several)

    def _forget(self) -> None:
        """Nothing of the last account stays to be seen."""
        self.model.clear()
        self.wishes.forget()
        self.notices.forget()
        self.home.leave()
        for dialog in (self._audit, self.settings):
            if dialog is not None:
                dialog.reject()
        self.wizard.sign_in.reset()

    # Pages

    def _build_pages(self) -> None:
        self.wizard = Wizard(self._bridge, self.tray, self._email, self)
        self.documents = DocumentsPage(self._bridge, self.model, self.menu)
        self.home = Home(self._bridge, self.documents, self._server_time)
        self._starting = QWidget()
        self._starting.setMinimumSize(680, 420)  # and with it the window: more where words need it
        waiting = label(self.tr("Starting…"), "muted", "starting-label")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(self._starting).addWidget(waiting)
        self.pages = QStackedWidget()
        for page in (self._starting, self.home):
            self.pages.addWidget(page)
        self.wizard.on_made = self.pages.addWidget
        self.setCentralWidget(self.pages)

    def _show_page(self) -> None:
        step = self.wizard.page()
        page = step or (self._starting if self._status is None else self.home)
        if page is self.pages.currentWidget():
            return
        self.pages.setCurrentWidget(page)
        if step is not None:
            self.wizard.prepare(step)
        elif page is self.home:
            self.home.take_focus()

    # What the menu asks for

    def _more_time(self) -> int:
        """How long a notification's button keeps a document, in seconds from now."""
        account = self._status.account if self._status is not None else None
        return (account.policy if account is not None else Policy()).default_lifetime

    def _ask_revoke(self) -> None:
        self.summon()
        self.revoking.ask()

    def _ask_to_sign_out_everywhere(self) -> None:
        if self.settings is None:
            self.summon()
        self.signing_out.ask_everywhere(self.settings or self)

    def _complain(self, result: Result) -> None:
        """Say what did not work where the person looks now."""
        if not isinstance(result, AppError) or result.code == CANCELLED:
            return
        page = self.wizard.page()
        if self.settings is not None:
            self.settings.complain(result)
        elif page is not None:
            page.message.say("error", result.message, result.title)
        else:
            self.documents.tell_of("error", result.message, result.title)

    # The window itself

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what dropping will do, where dropping does something."""
        if event.source() is not None:
            return  # out of this window: what lies in the folder needs no copy there
        paths = local_paths(event.mimeData())
        page = self.pages.currentWidget()
        if paths and page is self.home:
            self._drop_zone.say(len(paths), self.rules.targets())
            event.acceptProposedAction()
        elif len(paths) == 1 and isinstance(page, ConnectPage):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Mean what lies under the pointer."""
        self._drop_zone.point(event.position().toPoint())
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing was dropped."""
        self._drop_zone.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Copy into the folder what was dropped; the connect page takes its file."""
        self._drop_zone.hide()
        paths = local_paths(event.mimeData())
        page = self.pages.currentWidget()
        if isinstance(page, ConnectPage):
            page.connect_to(paths[0])
        else:
            self.documents.acts.add_files(paths, self._drop_zone.folder())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the drop zone over everything."""
        super().resizeEvent(event)
        self._drop_zone.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go to the tray; where there is none, say so and minimise."""
        if self._is_quitting:
            event.accept()
            return
        event.ignore()
        is_there = self.tray.is_there
        if is_there:
            self.hide()
        else:
            self.documents.tell_of(
                "note",
                self.tr(
                    "There is no tray on this desktop, so closing minimises the window. "
                    "To end the application, choose Quit in the menu."
                ),
            )
            self.showMinimized()
        if not self._has_told_of_tray:
            self._has_told_of_tray = True
            self.notices.tell_of_tray(is_there=is_there)

    def _wire(self) -> None:
        self.tray.on_open = self.summon
        self.wizard.on_moved = self._show_page
        self.wizard.on_cancelled = self.quit
        self._bridge.on_events = self.take_events
        self._bridge.on_activated = self.notice_actions.take
        self.notice_actions.on_show = self._show_what_was_told
        self._bridge.on_wish = self.take_wish
        self.wishes.on_connected = self._show_page
        self.menu.on_open = self.summon
        self.menu.on_settings = self.show_settings
        self.documents.on_rules = self.show_rules
        self.documents.acts.on_folder_rule = self.rules.edit_folder
        self.menu.on_audit = self.show_audit
        self.menu.on_revoke = self._ask_revoke
        self.menu.on_sign_out = self.signing_out.here
        self.menu.on_sign_out_everywhere = self._ask_to_sign_out_everywhere
        self.menu.accounts.summon = self.summon
        self.menu.accounts.on_known = self._name_account
        self.menu.accounts.on_removed = self.quit
        self.menu.on_quit = self.quit
        self.menu.documents = self.model.every
        self.menu.on_open_document = self._open_document
        self.menu.on_share_document = self._share_document
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.commitDataRequest.connect(self._session_ends)

    def _show_what_was_told(self, kind: str) -> None:
        self.summon()
        if kind == "problem":
            self.home.show_place(Place.PROBLEMS)

    def _open_document(self, row: Row) -> None:
        if row.path is not None and self._status is not None and self._status.folder is not None:
            open_path(os.path.join(self._status.folder, row.path))
            return
        self.summon()
        self.documents.acts.download((row,))

    def _share_document(self, row: Row) -> None:
        self.summon()
        self.documents.acts.share((row,))

    def _session_ends(self) -> None:
        self._is_quitting = True

    def _server_time(self) -> int:
        offset = self._status.clock_offset_ms if self._status is not None else 0
        return self._bridge.outside.now_ms() + offset
