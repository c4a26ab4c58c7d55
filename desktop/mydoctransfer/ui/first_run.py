"""The first pages: which cloud, and which folder."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from mydoctransfer.model.commands import ChooseFolder
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text
from mydoctransfer.ui.bridge import Bridge, FolderFacts, Result
from mydoctransfer.ui.pieces import Card, ChoiceBox, Note, button, label, named


class ConnectPage(Card):
    """Asks for the connection file. `on_connected` is called when there is one."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.title.setText(self.tr("Welcome"))
        self.intro.setText(
            self.tr(
                "MyDoc Transfer sends documents through your organisation's own cloud, and they "
                "are gone from there when their time is up."
            )
        )
        self._bridge = bridge
        self.on_connected = _nothing
        self.body.addWidget(
            label(
                self.tr(
                    "To begin, open the connection file you were given. It is usually called "
                    "connection.json. Or copy its text, as it came in a message, and paste it."
                )
            )
        )
        self.message = Note("connect-message")
        self.body.addWidget(self.message)
        self.open_file = button(
            self.tr("&Open connection file…"), "connect-file-button", self._choose, "primary"
        )
        self.body.addSpacing(4)
        self.body.addWidget(self.open_file)
        self.paste = button(self.tr("&Paste its text"), "connect-paste-button", self._paste)
        self.paste.setShortcut(QKeySequence.StandardKey.Paste)
        self.body.addWidget(self.paste)

    def connect_to(self, path: str) -> None:
        """Use this connection file (chosen, or dropped on the page)."""
        self._be_busy(True)
        self._bridge.connect_file(path, self, self._answered)

    def take_focus(self) -> None:
        """Put the focus on the one thing to do."""
        self.open_file.setFocus()

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Open connection file"))
        dialog.setObjectName("connect-file-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Connection files") + " (*.json)", self.tr("All files") + " (*)"]
        )
        dialog.fileSelected.connect(self.connect_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text().strip()
        if not text:
            self.message.say(
                "warning",
                self.tr("There is no text to paste. Copy the text of the connection file first."),
            )
            return
        self._be_busy(True)
        self._bridge.connect_text(text, self, self._answered)

    def _be_busy(self, is_busy: bool) -> None:
        if is_busy:
            self.message.silence()
        self.open_file.setEnabled(not is_busy)
        self.paste.setEnabled(not is_busy)

    def _answered(self, result: Result) -> None:
        self._be_busy(False)
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
            self.open_file.setFocus()
            return
        self.on_connected()


class FolderPage(Card):
    """Asks for the folder to watch, and says what is in it before anything is sent."""

    WIDTH = 520

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.title.setText(self.tr("Choose your folder"))
        self.intro.setText(
            self.tr(
                "Whatever you save in this folder goes to the cloud and expires there. Your own "
                "files stay where they are, untouched."
            )
        )
        self._bridge = bridge
        self._build()

    def prepare(self, policy: Policy) -> None:
        """Offer the lifetimes of the policy and propose the default folder."""
        self._lifetime.clear()
        for seconds in policy.lifetimes:
            self._lifetime.addItem(text.isolated(text.lifetime(seconds)), seconds)
        self._lifetime.setCurrentIndex(max(0, self._lifetime.findData(policy.default_lifetime)))
        if not self.path.text():
            self.propose(self._bridge.outside.default_folder)

    def propose(self, path: str) -> None:
        """Show a folder and look what is in it."""
        self.path.setText(path)
        self._look()

    def take_focus(self) -> None:
        """Put the focus on going on, now or as soon as the look at the folder allows it."""
        self._leads_on = not self.use.isEnabled()
        self.use.setFocus()

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
        self._lifetime = named(ChoiceBox(), "folder-lifetime")
        named(self._lifetime.view(), "folder-lifetimes").setAccessibleName(self.tr("Lifetimes"))
        self.add_field(self.tr("Documents stay in the cloud &for"), self._lifetime)
        self.message = Note("folder-message")
        self.body.addWidget(self.message)
        self.use: QPushButton = button(
            self.tr("&Use this folder"), "folder-use", self._use, "primary"
        )
        self.body.addSpacing(4)
        self.body.addWidget(self.use)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a folder"), self.path.text())
        dialog.setObjectName("folder-dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.propose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

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
        path = self.path.text().strip()
        self.message.silence()
        self.facts.setText(self.tr("Looking…"))
        self.facts.show()
        self._bridge.inspect_folder(path, self, lambda facts: self._inspected(path, facts))

    def _inspected(self, path: str, facts: FolderFacts | AppError) -> None:
        if path != self.path.text().strip():
            return
        if isinstance(facts, AppError):
            self.facts.hide()
            self.message.say("error", facts.message, facts.title)
            return
        self.use.setEnabled(True)
        self.facts.setText(self._in_words(facts))
        if self._leads_on:
            self._leads_on = False
            self.use.setFocus()
        if self._is_wanted:
            self._use()

    def _in_words(self, facts: FolderFacts) -> str:
        free = self.tr("{free} free").format(free=text.size(facts.free))
        if not facts.exists:
            return self.tr("It will be made for you.") + " " + free + "."
        if not facts.files:
            return self.tr("It is empty.") + " " + free + "."
        many = (
            self.tr("It holds more than %n file(s), {size} or more.", "", facts.files)
            if facts.is_more
            else self.tr("It holds %n file(s), {size}.", "", facts.files)
        ).format(size=text.size(facts.size))
        sent = self.tr("They will be sent to the cloud.")
        return f"{many} {sent} {free}."

    def _use(self) -> None:
        self._is_wanted = False
        self.use.setEnabled(False)
        self.message.silence()
        lifetime = self._lifetime.currentData()
        command = ChooseFolder(self.path.text().strip(), lifetime, is_new=True)
        self._bridge.tell(command, self, self._answered)

    def _answered(self, result: Result) -> None:
        self.use.setEnabled(True)
        if isinstance(result, AppError):
            self.message.say("error", result.message, result.title)
            self.path.setFocus()


def _nothing() -> None:
    """Nobody waits."""
