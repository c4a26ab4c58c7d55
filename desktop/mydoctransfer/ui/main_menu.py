"""The menu of window and tray: what can be done with the application as a whole."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QDateTime, QLocale, QTime
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mydoctransfer.model.commands import Pause, Resume
from mydoctransfer.model.events import EngineState, Row, Status
from mydoctransfer.ui import text, theme
from mydoctransfer.ui.accounts_menu import AccountsMenu
from mydoctransfer.ui.bridge import Bridge, Then
from mydoctransfer.ui.choices import can_share
from mydoctransfer.ui.greeting import greeting
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.recent import recent, stored

HALF_HOUR = 30 * 60  # seconds
MORNING = QTime(8, 0)


class MainMenu(QMenu):
    """Knows how things stand, and offers what can be done then.

    Attributes:
        on_open, on_settings, on_audit, on_revoke, on_sign_out, on_sign_out_everywhere, on_quit:
            called when that was chosen.
        on_open_document, on_share_document: the same, for one of the latest documents.
        documents: asked for the documents whenever the menu is about to be shown.
    """

    def __init__(self, bridge: Bridge, complain: Then, parent: QWidget) -> None:
        """`complain` is told when the engine could not do what was chosen."""
        super().__init__(parent)
        self.setObjectName("main-menu")
        self._bridge = bridge
        self._complain = complain
        self.accounts = AccountsMenu(bridge, complain, parent)
        self._status: Status | None = None
        self.on_open: Callable[[], None] = lambda: None
        self.on_settings: Callable[[], None] = lambda: None
        self.on_audit: Callable[[], None] = lambda: None
        self.on_revoke: Callable[[], None] = lambda: None
        self.on_sign_out: Callable[[], None] = lambda: None
        self.on_sign_out_everywhere: Callable[[], None] = lambda: None
        self.on_quit: Callable[[], None] = lambda: None
        self.on_open_document: Callable[[Row], None] = lambda row: None
        self.on_share_document: Callable[[Row], None] = lambda row: None
        self.documents: Callable[[], Iterable[Row]] = lambda: ()
        self._build()
        parent.addAction(self.settings_action)
        parent.addAction(self.quit_action)
        theme.on_change(self, self._draw)
        self._draw()
        self.aboutToShow.connect(self.refresh)
        self.aboutToShow.connect(self.accounts.look)
        self.refresh()

    def take_status(self, status: Status) -> None:
        """Offer what can be done now."""
        self._status = status
        is_in = status.account is not None
        is_paused = status.state is EngineState.PAUSED
        self.folder_action.setEnabled(status.folder is not None)
        self.pause_action.setEnabled(is_in and status.folder is not None)
        self._pause_menu.menuAction().setVisible(self.pause_action.isEnabled() and not is_paused)
        self.pause_action.setText(self.tr("&Resume") if is_paused else self.tr("&Pause"))
        out = (self.sign_out_action, self.everywhere_action)
        for action in (self.audit_action, self.revoke_action, *out):
            action.setEnabled(is_in)
        self.refresh()

    def refresh(self) -> None:
        """Bring the latest documents and what is stored up to date; nothing without an account."""
        is_in = self._status is not None and self._status.account is not None
        rows = tuple(self.documents()) if is_in else ()
        self._greet()
        count, size = stored(rows)
        self.stored_action.setText(
            self.tr("In the cloud: %Ln document(s), {size}", "", count).format(
                size=text.isolated(text.size(size))
            )
        )
        self.stored_action.setVisible(is_in)
        for menu in self.recent_menu.findChildren(QMenu):
            menu.deleteLater()
        self.recent_menu.clear()
        for number, row in enumerate(recent(rows)):
            self._add_document(number, row)
        self.recent_menu.menuAction().setVisible(not self.recent_menu.isEmpty())

    def _greet(self) -> None:
        account = self._status.account if self._status is not None else None
        self.greeting_action.setVisible(account is not None)
        if account is not None:
            words = greeting(account.person, self._bridge.outside.now_ms())
            self.greeting_action.setText(words.replace("&", "&&"))

    def _add_document(self, number: int, row: Row) -> None:
        name = text.isolated(text.shown(row.name, 50)).replace("&", "&&")
        entry = QMenu(name, self.recent_menu)
        entry.setObjectName(f"menu-recent-{number}")
        words = self.tr("&Open") if row.path is not None else self.tr("&Download")
        entry.addAction(words, lambda: self.on_open_document(row)).setObjectName(
            f"menu-recent-{number}-open"
        )
        if can_share(row):
            entry.addAction(self.tr("&Share…"), lambda: self.on_share_document(row)).setObjectName(
                f"menu-recent-{number}-share"
            )
        self.recent_menu.addMenu(entry)

    def _build(self) -> None:
        self.greeting_action = self._entry("menu-greeting", "", lambda: None, False)
        self.greeting_action.setVisible(False)
        self._entry("menu-open", self.tr("&Open MyDoc Transfer"), lambda: self.on_open())
        self.folder_action = self._entry(
            "menu-open-folder", self.tr("Open &folder"), self._open_folder, False
        )
        self.inbox_action = self._entry("menu-open-inbox", self.tr("Open &inbox"), self._open_inbox)
        self.recent_menu = self.addMenu(self.tr("&Latest documents"))
        self.recent_menu.setObjectName("menu-recent")
        self.stored_action = self._entry("menu-stored", "", lambda: None, False)
        self.addSeparator()
        self.pause_action = self._entry(
            "menu-pause", self.tr("&Pause"), self._pause_or_resume, False
        )
        self._pause_menu = self._make_pause_menu()
        self.addSeparator()
        self.settings_action = self._entry(
            "menu-settings", self.tr("Se&ttings…"), lambda: self.on_settings()
        )
        self.settings_action.setShortcut(QKeySequence("Ctrl+,"))
        self.audit_action = self._entry(
            "menu-audit", self.tr("&Audit…"), lambda: self.on_audit(), False
        )
        self.revoke_action = self._entry(
            "menu-revoke-all", self.tr("&Revoke everything…"), lambda: self.on_revoke(), False
        )
        self.addMenu(self.accounts)
        self.sign_out_action = self._entry(
            "menu-sign-out", self.tr("&Sign out"), lambda: self.on_sign_out(), False
        )
        self.everywhere_action = self._entry(
            "menu-sign-out-everywhere",
            self.tr("Sign out &everywhere…"),
            lambda: self.on_sign_out_everywhere(),
            False,
        )
        self.quit_action = self._entry("menu-quit", self.tr("&Quit"), lambda: self.on_quit())
        self.quit_action.setShortcut(QKeySequence("Ctrl+Q"))

    def _entry(
        self, name: str, words: str, chosen: Callable[[], object], is_enabled: bool = True
    ) -> QAction:
        made = self.addAction(words, chosen)
        made.setObjectName(name)
        made.setEnabled(is_enabled)
        return made

    def _make_pause_menu(self) -> QMenu:
        made = self.addMenu(self.tr("Pause for a &while"))
        made.setObjectName("menu-pause-while")
        half_hour = made.addAction(self.tr("For &30 minutes"), lambda: self._pause(HALF_HOUR))
        half_hour.setObjectName("menu-pause-30")
        tomorrow = made.addAction("", lambda: self._pause(self._until_tomorrow()))
        tomorrow.setObjectName("menu-pause-tomorrow")
        time = QLocale().toString(MORNING, QLocale.FormatType.ShortFormat)
        tomorrow.setText(self.tr("Until &tomorrow, {time}").format(time=time))
        made.addAction(self.tr("Until I &resume"), lambda: self._pause()).setObjectName(
            "menu-pause-resumed"
        )
        return made

    def _draw(self) -> None:
        for action, icon in (
            (self.folder_action, "folder"),
            (self.inbox_action, "download"),
            (self.sign_out_action, "sign-out"),
        ):
            action.setIcon(theme.icon(icon))

    def _open_folder(self) -> None:
        if self._status is not None and self._status.folder is not None:
            open_path(self._status.folder)

    def _open_inbox(self) -> None:
        open_path(self._bridge.outside.inbox_dir)

    def _pause_or_resume(self) -> None:
        is_paused = self._status is not None and self._status.state is EngineState.PAUSED
        self._bridge.tell(Resume() if is_paused else Pause(), self, self._complain)

    def _pause(self, seconds: int | None = None) -> None:
        self._bridge.tell(Pause(seconds), self, self._complain)

    def _until_tomorrow(self) -> int:
        now = QDateTime.fromMSecsSinceEpoch(self._bridge.outside.now_ms())
        return now.secsTo(QDateTime(now.date().addDays(1), MORNING))
