"""The clouds that other accounts on this computer use, offered to one more account."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from mydoctransfer.model.accounts import KnownAccount, other_clouds
from mydoctransfer.ui import text
from mydoctransfer.ui.pieces import button

_LONGEST = 30  # characters of a name, to fit beside the words around it


class KnownClouds(QWidget):
    """A button for each of them; nothing, where there is none.

    Attributes:
        buttons: those there are now.
    """

    def __init__(self, chosen: Callable[[str], object]) -> None:
        """`chosen` is called with the key of an account whose cloud is wanted."""
        super().__init__()
        self._chosen = chosen
        self.buttons: list[QPushButton] = []
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        self._lines = lines
        self.hide()

    def offer(self, accounts: Sequence[KnownAccount]) -> None:
        """Offer the clouds that these accounts use."""
        for old in self.buttons:
            old.hide()
            old.deleteLater()
        self.buttons = [
            self._button(number, account, accounts)
            for number, account in enumerate(other_clouds(accounts), 1)
        ]
        for made in self.buttons:
            self._lines.addWidget(made)
        self.setVisible(bool(self.buttons))

    def _button(
        self, number: int, account: KnownAccount, among: Sequence[KnownAccount]
    ) -> QPushButton:
        made = button(
            self._words(account, among),
            f"connect-known-{number}",
            partial(self._chosen, account.key),
            "primary",
        )
        made.setToolTip(text.tip(account.cloud))
        return made

    def _words(self, account: KnownAccount, among: Sequence[KnownAccount]) -> str:
        """Say whose cloud it is; or which, where one address has accounts in several."""
        is_told_by_email = sum(one.email == account.email for one in among) == 1
        if account.email and is_told_by_email:
            return self.tr("&Same cloud as {name}").format(name=_shown(account.email))
        return self.tr("&Cloud at {host}").format(host=_shown(account.cloud))


def _shown(name: str) -> str:
    return text.isolated(text.shown(name, _LONGEST)).replace("&", "&&")
