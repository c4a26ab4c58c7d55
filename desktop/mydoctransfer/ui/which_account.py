"""The question which account a link or a file is meant for, asked before any of them is opened."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.wishes import ShareFiles, Wish
from mydoctransfer.ui.accounts_menu import account_name
from mydoctransfer.ui.application import the_application
from mydoctransfer.ui.pieces import button, label


class WhichAccount(QDialog):
    """Offers the accounts, one button each.

    Attributes:
        key: of the account that was chosen; None while none was.
    """

    def __init__(
        self, accounts: Sequence[KnownAccount], wish: Wish, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.key: str | None = None
        self.setObjectName("which-account")
        self.setWindowTitle(self.tr("Which account?"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(self.windowTitle(), "heading", "which-account-head"))
        layout.addWidget(label(self._about(wish), "", "which-account-body"))
        self.choices = [
            button(
                account_name(account, accounts).replace("&", "&&"),
                f"which-account-{number}",
                self._choosing(account.key),
                icon="person",
            )
            for number, account in enumerate(accounts, 1)
        ]
        for made in self.choices:
            made.setAutoDefault(True)  # Return chooses what has the focus
            layout.addWidget(made)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(button(self.tr("&Cancel"), "which-account-no", self.reject))
        layout.addSpacing(6)
        layout.addLayout(last)
        self.setMinimumWidth(420)
        self.choices[0].setFocus()

    def _about(self, wish: Wish) -> str:
        if isinstance(wish, ShareFiles):
            return self.tr("%Ln file(s) are to be shared.", "", len(wish.paths))
        return self.tr("A link is to be opened.")

    def _choosing(self, key: str) -> Callable[[], None]:
        def choose() -> None:
            self.key = key
            self.accept()

        return choose


def ask_which_account(accounts: Sequence[KnownAccount], wish: Wish) -> str | None:
    """Ask in a window of its own; return the key of the account, None if nobody said."""
    the_application()
    dialog = WhichAccount(accounts, wish)
    QTimer.singleShot(0, dialog, dialog.activateWindow)
    dialog.exec()
    return dialog.key
