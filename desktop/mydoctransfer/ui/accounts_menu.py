"""The accounts of this installation: going to another one, adding one, removing this one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.errors import AppError
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, Result, Then
from mydoctransfer.ui.question import Question


class AccountsMenu(QMenu):
    """Knows which accounts there are, and leads to them. Each has a window of its own.

    Attributes:
        known: the accounts, this one among them.
        on_known: called when they were looked at.
        on_removed: called when this account was removed and another was opened.
        summon: brings this window to the front, for a question over it.
    """

    def __init__(self, bridge: Bridge, complain: Then, window: QWidget) -> None:
        """`complain` is told what could not be done."""
        super().__init__(window)
        self.setObjectName("accounts-menu")
        self.setTitle(self.tr("A&ccounts"))
        self._bridge = bridge
        self._complain = complain
        self._window = window
        self.known: tuple[KnownAccount, ...] = ()
        self.on_known: Callable[[], None] = lambda: None
        self.on_removed: Callable[[], None] = lambda: None
        self.summon: Callable[[], None] = lambda: None
        self._group = QActionGroup(self)
        self._entries: list[QAction] = []
        self._line = self.addSeparator()
        self.add_action = self.addAction(self.tr("&Add account…"), self._add)
        self.add_action.setObjectName("menu-account-add")
        self.remove_action = self.addAction(self.tr("&Remove this account…"), self.ask_to_remove)
        self.remove_action.setObjectName("menu-account-remove")
        self.remove_action.setEnabled(False)
        self.aboutToShow.connect(self.look)

    def look(self) -> None:
        """Find out which accounts there are now; other windows add and remove them, too."""
        self._bridge.look_at_accounts(self, self._show)

    def ask_to_remove(self) -> None:
        """Remove this account from this computer, after a question that says what stays."""
        self.summon()
        current = next((account for account in self.known if account.is_current), None)
        name = "" if current is None else account_name(current, self.known)
        question = Question(
            "remove-account-question",
            self.tr("Remove {name} from this computer?").format(name=name),
            self.tr(
                "You are signed out here, and this account's connection, folder and settings are "
                "forgotten on this computer. What stays: all your files, in the folder and among "
                "the downloads; what is in the cloud, until its time is up; and the account "
                "itself, with which you can sign in again. Other accounts stay as they are."
            ),
            self.tr("&Remove account"),
            lambda: self._bridge.remove_account(self, self._removed),
            self._window,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _show(self, result: tuple[KnownAccount, ...] | AppError) -> None:
        if isinstance(result, AppError):
            self._complain(result)
            return
        if result != self.known:
            self.known = result
            self._fill()
        self.on_known()

    def _fill(self) -> None:
        for entry in self._entries:
            self.removeAction(entry)
            entry.deleteLater()
        self._entries = [self._entry(n, account) for n, account in enumerate(self.known, 1)]
        self.insertActions(self._line, self._entries)
        is_used = any(account.is_current and account.cloud for account in self.known)
        self.remove_action.setEnabled(is_used)

    def _entry(self, number: int, account: KnownAccount) -> QAction:
        entry = QAction(account_name(account, self.known).replace("&", "&&"), self)
        entry.setObjectName(f"menu-account-{number}")
        entry.setCheckable(True)
        entry.setChecked(account.is_current)
        entry.setActionGroup(self._group)
        entry.triggered.connect(self._going_to(account))
        return entry

    def _going_to(self, account: KnownAccount) -> Callable[[], None]:
        def go() -> None:
            for entry, known in zip(self._entries, self.known, strict=True):
                entry.setChecked(known.is_current)  # this window stays this account's
            if account.is_current:
                self.summon()
            else:
                self._bridge.open_account(account.key, self, self._complain)

        return go

    def _add(self) -> None:
        self._bridge.add_account(self, self._complain)

    def _removed(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
        elif not result.get("is_last"):
            self.on_removed()


class _Words(QObject):
    """An object because the translators' tools read `tr` of a class."""

    def unnamed(self) -> str:
        return self.tr("New account")


_WORDS = _Words()


def account_name(account: KnownAccount, among: Sequence[KnownAccount]) -> str:
    """Return what an account is called: its address, with the cloud where that alone is not it."""
    name = account.email or account.cloud or _WORDS.unnamed()
    is_twice = sum(one.email == account.email for one in among) > 1
    shown = f"{name} ({account.cloud})" if is_twice and account.email and account.cloud else name
    return text.isolated(text.shown(shown, 80))
