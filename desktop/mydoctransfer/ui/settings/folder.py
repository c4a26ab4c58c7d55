"""The page of the watched folder and of how long new documents stay, everywhere and by folder."""

import os

from PySide6.QtCore import QSignalBlocker

from mydoctransfer.model.commands import ChooseFolder
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Status
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, FolderFacts
from mydoctransfer.ui.file_dialogs import ask_for_folder
from mydoctransfer.ui.folder_words import holds
from mydoctransfer.ui.pieces import ChoiceBox, Note, button, label, named
from mydoctransfer.ui.places import open_path
from mydoctransfer.ui.question import Choosing
from mydoctransfer.ui.rules_list import RulesList
from mydoctransfer.ui.rules_model import RulesModel
from mydoctransfer.ui.settings.page import Page, line


class FolderSettings(Page):
    """Which folder is watched, and the lifetime of what is put there."""

    def __init__(self, bridge: Bridge, message: Note, rules: RulesModel) -> None:
        super().__init__(bridge, message)
        self.rules = RulesList(bridge, rules, self._answered)
        self._watched: str | None = None
        self.folder = label(name="settings-folder")
        self.choose = button(self.tr("Choose &another…"), "settings-choose-folder", self._choose)
        self.open_folder = button(self.tr("&Open"), "settings-open-folder", self._open_folder)
        self.lifetime = named(ChoiceBox(), "settings-lifetime")
        named(self.lifetime.view(), "settings-lifetimes").setAccessibleName(self.tr("Lifetimes"))
        self.lifetime.currentIndexChanged.connect(self._choose_lifetime)
        caption = label(self.tr("New documents stay in the cloud &for"), "field")
        caption.setBuddy(self.lifetime)
        self.lifetime.setAccessibleName(caption.text().replace("&", ""))
        watched = label(self.tr("Watched folder"), "field")
        chosen = line(self.choose, self.open_folder)
        self._put(watched, self.folder, chosen, caption, self.lifetime, self.rules)

    def take_status(self, status: Status) -> None:
        """Show the folder as it is now."""
        self._watched = status.folder
        account = status.account
        can_choose = account is not None and status.folder is not None
        for widget in (self.choose, self.lifetime, self.open_folder, self.rules):
            widget.setEnabled(can_choose)
        self.folder.setText(
            text.isolated(text.shown(status.folder, 200))
            if status.folder is not None
            else self.tr("No folder is chosen yet.")
        )
        self._offer_lifetimes(account.policy if account is not None else Policy())

    def _offer_lifetimes(self, policy: Policy) -> None:
        chosen = self._bridge.outside.folder_lifetime or policy.default_lifetime
        with QSignalBlocker(self.lifetime):
            self.lifetime.clear()
            for seconds in sorted({*policy.lifetimes, chosen}):
                self.lifetime.addItem(text.isolated(text.lifetime(seconds)), seconds)
            self.lifetime.setCurrentIndex(self.lifetime.findData(chosen))

    def _choose(self) -> None:
        ask_for_folder(
            self,
            self.tr("Choose a folder"),
            self._watched or "",
            "settings-folder-dialog",
            self._look_at,
        )

    def _look_at(self, path: str) -> None:
        """Find out what is in the folder before any of it is sent."""
        self._bridge.inspect_folder(path, self, lambda facts: self._looked_at(path, facts))

    def _looked_at(self, path: str, facts: FolderFacts | AppError) -> None:
        if isinstance(facts, AppError):
            self._answered(facts)
        elif facts.files and path != self._watched:
            self._ask_what_to_send(path, facts)
        else:
            self._tell(ChooseFolder(path))

    def _ask_what_to_send(self, path: str, facts: FolderFacts) -> None:
        rest = self.tr("What is there already goes to the cloud now, or only once you change it.")
        name = text.isolated(text.shown(os.path.basename(path), 60))
        Choosing(
            "another-folder",
            self.tr("Send what is in {folder}?").format(folder=name),
            f"{holds(facts)} {rest}",
            (
                (self.tr("Only &new files"), "only-new", lambda: self._use(path, True)),
                (self.tr("&Send them all"), "all", lambda: self._use(path, False)),
            ),
            self,
        ).open()

    def _use(self, path: str, is_only_new: bool) -> None:
        self._tell(ChooseFolder(path, is_only_new=is_only_new))

    def _open_folder(self) -> None:
        if self._watched is not None:
            open_path(self._watched)

    def _choose_lifetime(self) -> None:
        if self._watched is not None:
            self._tell(ChooseFolder(self._watched, self.lifetime.currentData()))
