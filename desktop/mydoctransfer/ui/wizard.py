"""The first run, step by step: connect, sign in, folder, defaults, done.

Nothing of it is half made at any moment. The connection and the session are each whole or not
there; the folder, its marker and the defaults come into being together, by the button of the last
page but one. Going back takes the step before back; cancelling takes back all of them.

A page is made when it is first needed: on most starts none is.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from mydoctransfer.model.commands import ChooseFolder, SignOut
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.model.preferences import Preferences
from mydoctransfer.ui.bridge import Bridge, Result
from mydoctransfer.ui.connect_page import ConnectPage
from mydoctransfer.ui.defaults_page import DefaultsPage
from mydoctransfer.ui.done_page import DonePage
from mydoctransfer.ui.folder_page import FolderPage
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.sign_in import SignInPage
from mydoctransfer.ui.tray import Tray

_FOLDER_CODES = ("bad_folder", "bad_marker")
Page = ConnectPage | SignInPage | FolderPage | DefaultsPage | DonePage
Made = TypeVar("Made", ConnectPage, SignInPage, FolderPage, DefaultsPage, DonePage)


class Wizard(QObject):
    """Knows which page comes next, and what going on, back and out mean.

    Attributes:
        on_made: called with a page that has just been made.
        on_moved: called when `page` may answer otherwise.
        on_cancelled: called when all was taken back.
    """

    def __init__(self, bridge: Bridge, tray: Tray, email: str, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._tray = tray
        self._email = email
        self._window = window
        self._status: Status | None = None
        self._accounts: tuple[QMenu, bool] | None = None
        self._wants_another_cloud = False
        self._has_folder = False
        self._is_ending = False
        self._pages: list[Page] = []
        self._shown: Page | None = None
        self.on_made: Callable[[Page], object] = _no_page
        self.on_moved: Callable[[], None] = _nothing
        self.on_cancelled: Callable[[], None] = _nothing

    # The pages

    @cached_property
    def connect_page(self) -> ConnectPage:
        """Which cloud it is."""
        page = self._made(ConnectPage(self._bridge))
        page.on_connected = self._has_cloud
        return page

    @cached_property
    def sign_in(self) -> SignInPage:
        """Who it is."""
        page = self._made(SignInPage(self._bridge))
        page.suggest_email(self._email)
        page.on_back = self._choose_cloud
        if self._status is not None:
            page.take_status(self._status)
        return page

    @cached_property
    def folder(self) -> FolderPage:
        """Which folder is watched."""
        page = self._made(FolderPage(self._bridge))
        page.on_chosen = self._has_chosen
        page.on_back = self._sign_out
        return page

    @cached_property
    def defaults(self) -> DefaultsPage:
        """How it is to be from the start."""
        page = self._made(DefaultsPage())
        page.on_begin = self._begin
        page.on_back = self._choose_folder
        return page

    @cached_property
    def done(self) -> DonePage:
        """Where to find the application again."""
        page = self._made(DonePage(self._bridge, self._tray))
        page.on_done = self._end
        return page

    def _made(self, page: Made) -> Made:
        page.on_cancel = self._ask_cancel
        if self._accounts is not None:
            page.offer_accounts(*self._accounts)
        self._pages.append(page)
        self.on_made(page)
        return page

    # What it is told

    def offer_accounts(self, menu: QMenu, is_offered: bool) -> None:
        """Lead from every page to the other accounts by this menu, or do not: there are none."""
        self._accounts = menu, is_offered
        for page in self._pages:
            page.offer_accounts(menu, is_offered)

    def take_status(self, status: Status) -> None:
        """Follow how things stand."""
        if status.account is None:
            self._has_folder = False
        self._status = status
        for page in self._pages:
            if isinstance(page, SignInPage):
                page.take_status(status)
        if isinstance(self._shown, DonePage):
            self._shown.look_at_tray()
        if self._shown is not None and self._shown is self.page():
            self._show_steps(self._shown)  # after a reset the folder is forgotten last

    def page(self) -> Page | None:
        """Return the page for how things stand; None: there is nothing to set up.

        | connection     | status     | account | folder        | page     |
        |----------------|------------|---------|---------------|----------|
        | no, or another | any        | any     | any           | connect  |
        | yes            | signed out | any     | any           | sign in  |
        | yes            | another    | none    | none          | sign in  |
        | yes            | another    | one     | none          | folder   |
        | yes            | another    | one     | to be used    | defaults |
        | yes            | another    | one     | just now      | done     |
        | yes            | not told   |         |               | None     |
        | yes            | another    | any     | used          | None     |
        """
        status = self._status
        if not self._bridge.outside.has_connection or self._wants_another_cloud:
            return self.connect_page
        if status is None:
            return None
        if status.state is EngineState.SIGNED_OUT:
            return self.sign_in
        if status.folder is not None:
            return self.done if self._is_ending and status.account is not None else None
        if status.account is None:
            return self.sign_in
        return self.defaults if self._has_folder else self.folder

    def prepare(self, page: Page) -> None:
        """Bring a page up to date that is going to be shown, and put the focus on it."""
        self._shown = page
        account = self._status.account if self._status is not None else None
        if isinstance(page, ConnectPage | FolderPage):
            page.prepare()
        elif isinstance(page, DefaultsPage) and account is not None:
            page.prepare(account.policy)
            self._bridge.look_at_login_start(self, self._show_login_start)
        elif isinstance(page, DonePage) and self._status is not None:
            page.prepare(self._status)
        self._show_steps(page)
        page.take_focus()

    def _show_steps(self, page: Page) -> None:
        """Show a page as a step of the first run, or alone to who only signs in again."""
        is_last = isinstance(page, DonePage)
        is_first_run = self._status is None or self._status.folder is None or is_last
        page.show_steps(is_first_run, not isinstance(page, ConnectPage | DonePage))
        page.cancel.setVisible(not is_last)

    # What the pages want

    def _has_cloud(self) -> None:
        self._wants_another_cloud = False
        self.on_moved()

    def _choose_cloud(self) -> None:
        self._wants_another_cloud = True
        self.on_moved()

    def _choose_folder(self) -> None:
        self._has_folder = False
        self.on_moved()

    def _has_chosen(self) -> None:
        self._has_folder = True
        self.on_moved()

    def _sign_out(self) -> None:
        """Back to the sign-in: somebody else, perhaps."""
        self._bridge.tell(SignOut(), self, self._answered_back)

    def _answered_back(self, result: Result) -> None:
        if isinstance(result, AppError):
            self.folder.refuse(result)

    def _begin(self) -> None:
        self._is_ending = True
        command = ChooseFolder(
            self.folder.chosen,
            self.defaults.lifetime,
            is_new=True,
            is_only_new=self.folder.is_only_new,
        )
        self._bridge.tell(command, self, self._has_begun)

    def _has_begun(self, result: Result) -> None:
        if not isinstance(result, AppError):
            self._keep_defaults()
            return
        self._is_ending = False
        if result.code in _FOLDER_CODES:
            self._choose_folder()
            self.folder.refuse(result)
        else:
            self.defaults.refuse(result)

    def _keep_defaults(self) -> None:
        if not self.defaults.notices.isChecked():
            kinds = (f.name for f in fields(Preferences) if f.name.startswith("tell_"))
            silent = dict.fromkeys(kinds, False)
            chosen = replace(self._bridge.outside.preferences, **silent)
            self._bridge.prefer(chosen, self, self._answered_late)
        self._bridge.start_at_login(self.defaults.at_login.isChecked(), self, self._answered_late)

    def _answered_late(self, result: object) -> None:
        if isinstance(result, AppError):
            self.done.complain(result)

    def _show_login_start(self, result: bool | AppError) -> None:
        if not isinstance(result, AppError):
            self.defaults.at_login.setChecked(result)

    def _end(self) -> None:
        self._is_ending = self._has_folder = False
        self.on_moved()

    # Out of it

    def _ask_cancel(self) -> None:
        if not self._bridge.outside.has_connection:
            self.on_cancelled()
            return
        Question(
            "cancel-question",
            self.tr("Cancel the set-up?"),
            self.tr(
                "You are signed out here, the cloud is forgotten, and the application ends. "
                "Nothing was sent, and your files were not touched."
            ),
            self.tr("&Cancel set-up"),
            self._undo,
            self._window,
            no=self.tr("&Go on"),
        ).open()

    def _undo(self) -> None:
        account = self._status.account if self._status is not None else None
        if account is None:
            self._forget_cloud()
        else:
            self._bridge.tell(SignOut(), self, self._signed_out_for_good)

    def _signed_out_for_good(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
        else:
            self._forget_cloud()

    def _forget_cloud(self) -> None:
        self._bridge.forget_cloud(self, self._forgotten)

    def _forgotten(self, result: Result) -> None:
        if isinstance(result, AppError):
            self._complain(result)
        else:
            self.on_cancelled()

    def _complain(self, error: AppError) -> None:
        page = self.page()
        if page is not None:
            page.message.say("error", error.message, error.title)


def _nothing() -> None:
    """Nobody waits."""


def _no_page(page: Page) -> None:
    """Nobody shows it."""
