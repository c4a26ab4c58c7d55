"""The page on which the folder is chosen. It only looks; nothing is made before the last page."""

import os
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from mydoctransfer.model.errors import AppError
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, FolderFacts
from mydoctransfer.ui.file_dialogs import ask_for_folder
from mydoctransfer.ui.folder_words import holds
from mydoctransfer.ui.pieces import Note, RadioBox, button, label, named
from mydoctransfer.ui.set_up_card import SetUpCard


class FolderPage(SetUpCard):
    """Asks for the folder to watch, and says what is in it before anything is sent.

    Attributes:
        on_chosen: called when somebody goes on with a folder that can be watched.
    """

    WIDTH = 520

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("folder", 3, parent)
        self.title.setText(self.tr("Choose your folder"))
        self.intro.setText(
            self.tr(
                "Whatever you save in this folder goes to the cloud and expires there. Your own "
                "files stay where they are, untouched."
            )
        )
        self._bridge = bridge
        self.on_chosen: Callable[[], None] = _nothing
        self._build()

    @property
    def chosen(self) -> str:
        """The folder proposed, chosen or typed; "" where the field is empty."""
        return os.path.expanduser(self.path.text().strip())

    @property
    def is_only_new(self) -> bool:
        """Whether what is in the folder already is to be left alone."""
        return self.only_new.isVisibleTo(self) and self.only_new.isChecked()

    def prepare(self) -> None:
        """Propose the default folder, unless there is one already."""
        self.message.silence()
        if not self.path.text():
            self.propose(self._bridge.outside.default_folder)

    def propose(self, path: str) -> None:
        """Show a folder and look what is in it."""
        self.path.setText(path)
        self._look()

    def take_focus(self) -> None:
        """Put the focus on going on, now or as soon as the look at the folder allows it."""
        if self.message.isVisibleTo(self):
            self.path.setFocus()
            return
        self._leads_on = not self.use.isEnabled()
        self.use.setFocus()

    def refuse(self, error: AppError) -> None:
        """Say why the folder was not taken."""
        self.message.say("error", error.message, error.title)
        self.path.setFocus()

    def _build(self) -> None:
        self.path = named(QLineEdit(), "folder-path")
        self._leads_on = self._is_wanted = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(250)
        self._pause.timeout.connect(self._look)
        self.path.textChanged.connect(self._typed)
        self.path.returnPressed.connect(self._entered)
        self.choose = button(self.tr("&Choose…"), "folder-choose", self._choose)
        self.add_field(self.tr("&Folder"), self.path, self.choose)
        self.facts = label(role="muted", name="folder-facts")
        self.body.addWidget(self.facts)
        self.all_files = named(RadioBox(), "folder-all-files")
        self.all_files.setText(self.tr("&Send them all to the cloud"))
        self.only_new = named(RadioBox(), "folder-only-new")
        self.only_new.setText(self.tr("Send only &new files, leave these alone"))
        self.only_new.setToolTip(
            self.tr("A file that was here before goes to the cloud only when you change it.")
        )
        self.all_files.setChecked(True)
        self.body.addWidget(self.all_files)
        self.body.addWidget(self.only_new)
        self._show_choice(False)
        self.message: Note = Note("folder-message")
        self.body.addWidget(self.message)
        self.use: QPushButton = button(
            self.tr("&Use this folder"), "folder-use", self._use, "primary"
        )
        self.end_with(self.use)

    def _choose(self) -> None:
        ask_for_folder(self, self.tr("Choose a folder"), self.chosen, "folder-dialog", self.propose)

    def _typed(self) -> None:
        self.use.setEnabled(False)
        self._is_wanted = False
        self._pause.start()

    def _entered(self) -> None:
        """Use the folder typed, once it was looked at."""
        if self.use.isEnabled():
            self._use()
        else:
            self._is_wanted = True

    def _look(self) -> None:
        self._pause.stop()
        path = self.chosen
        self.message.silence()
        if not path:
            self.facts.hide()
            self._show_choice(False)
            return
        self.facts.setText(self.tr("Looking…"))
        self.facts.show()
        self._bridge.inspect_folder(path, self, lambda facts: self._inspected(path, facts))

    def _inspected(self, path: str, facts: FolderFacts | AppError) -> None:
        if path != self.chosen:
            return
        if isinstance(facts, AppError):
            self.facts.hide()
            self._show_choice(False)
            self.message.say("error", facts.message, facts.title)
            if self._leads_on:
                self._leads_on = False
                self.path.setFocus()
            return
        self.use.setEnabled(True)
        self._tell(facts)
        if self._leads_on:
            self._leads_on = False
            self.use.setFocus()
        if self._is_wanted:
            self._use()

    def _tell(self, facts: FolderFacts) -> None:
        free = self.tr("{free} free").format(free=text.size(facts.free))
        if not facts.exists:
            there = self.tr("It will be made for you.")
        elif not facts.files:
            there = self.tr("It is empty.")
        else:
            there = holds(facts)
        self.facts.setText(f"{there} {free}.")
        self.all_files.setText(self._all(facts))
        self._show_choice(bool(facts.files))

    def _all(self, facts: FolderFacts) -> str:
        if facts.is_more:
            return self.tr("&Send them all to the cloud")
        return self.tr("&Send all %Ln file(s) to the cloud", "", facts.files)

    def _show_choice(self, is_shown: bool) -> None:
        self.all_files.setVisible(is_shown)
        self.only_new.setVisible(is_shown)

    def _use(self) -> None:
        self._is_wanted = False
        self.message.silence()
        self.on_chosen()


def _nothing() -> None:
    """Nobody waits."""
