"""What somebody sees who is signed in: documents, transfers, activity and problems side by side.

The documents page has what concerns all of them (messages, the footer); this one gives it a place.
"""

from collections.abc import Callable
from enum import Enum
from functools import partial

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.model.events import Downloading, Happened, Progress, RowsChanged, Status
from mydoctransfer.ui.activity_model import ActivityModel
from mydoctransfer.ui.activity_page import ActivityPage
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.documents_page import DocumentsPage
from mydoctransfer.ui.pieces import button
from mydoctransfer.ui.problems_model import ProblemsModel
from mydoctransfer.ui.problems_page import ProblemsPage
from mydoctransfer.ui.transfers_model import TransfersModel
from mydoctransfer.ui.transfers_page import TransfersPage

NARROW = 78  # ems: from there on the rail has its icons alone


class Place(Enum):
    """The pages, from top to bottom. The value is the stem of the button's id."""

    DOCUMENTS = "documents"
    TRANSFERS = "transfers"
    ACTIVITY = "activity"
    PROBLEMS = "problems"


_ICONS = {
    Place.DOCUMENTS: "file-other",
    Place.TRANSFERS: "upload",
    Place.ACTIVITY: "clock",
    Place.PROBLEMS: "warning",
}


class Home(QWidget):
    """Shows one place at a time."""

    def __init__(self, bridge: Bridge, documents: DocumentsPage, now_ms: Callable[[], int]) -> None:
        """`now_ms` is the server's time."""
        super().__init__()
        self.documents = documents
        self._is_narrow = False
        self._transfers = TransfersModel(bridge.outside.now_ms, documents.model.shift, self)
        self._activity = ActivityModel(bridge.outside.now_ms, self)
        self._problems = ProblemsModel(documents.model.shift, self)
        self.transfers = TransfersPage(bridge, self._transfers, documents.acts.complain)
        self.activity = ActivityPage(
            bridge,
            self._activity,
            documents.model,
            now_ms,
            documents.acts.complain,
            documents.acts.take_back,
        )
        self.problems = ProblemsPage(bridge, self._problems, documents.acts.complain)
        self._build()
        self._transfers.on_change = self._count
        self._problems.on_change = self._count
        self._activity.on_change = self.activity.refresh
        documents.on_trouble = self._show_trouble
        documents.footer.on_problems = lambda: self.show_place(Place.PROBLEMS)
        self._count()

    def take_status(self, status: Status) -> None:
        """Show how the engine stands."""
        self.documents.take_status(status)
        self.transfers.take_status(status)
        self.problems.take_status(status)

    def take_rows(self, change: RowsChanged) -> None:
        """Take rows that are new or different."""
        self._transfers.apply(change)
        self._problems.apply(change)
        self.activity.refresh()

    def take_progress(self, progress: Progress) -> None:
        """Take how far an upload has come."""
        self._transfers.apply_progress(progress)

    def take_download(self, event: Downloading) -> None:
        """Take how far a download has come, or that it is over."""
        self._transfers.apply_download(event)

    def take_happened(self, happened: Happened) -> None:
        """Take what happened."""
        self._activity.apply(happened)

    def leave(self) -> None:
        """Forget everything: somebody signed out."""
        for model in (self._transfers, self._activity, self._problems):
            model.clear()
        self.documents.leave()
        self.show_place(Place.DOCUMENTS)

    def show_place(self, place: Place) -> None:
        """Go to a page."""
        self._buttons[place].setChecked(True)

    def take_focus(self) -> None:
        """Let the keyboard begin in the documents."""
        self.documents.table.setFocus()

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for page in (self.documents, self.transfers, self.activity, self.problems):
            self._stack.addWidget(page)
        right = QVBoxLayout()
        right.setSpacing(0)
        notes = QVBoxLayout()
        notes.setContentsMargins(16, 6, 16, 0)
        notes.addWidget(self.documents.held)
        notes.addWidget(self.documents.message)
        right.addLayout(notes)
        right.addWidget(self._stack, 1)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self._build_rail())
        across.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(across, 1)
        layout.addWidget(self.documents.footer)
        rail, held = self._buttons[Place.PROBLEMS], self.documents.held
        held.comes_after = lambda: rail
        self.documents.message.comes_after = lambda: held.last_action() or rail

    def _build_rail(self) -> QFrame:
        rail = QFrame()
        rail.setProperty("role", "rail")
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(8, 12, 8, 12)
        layout.setSpacing(4)
        group = QButtonGroup(self)
        self._buttons: dict[Place, QPushButton] = {}
        for number, place in enumerate(Place, 1):
            made = button("", f"place-{place.value}", lambda: None, "tab", _ICONS[place])
            made.setCheckable(True)
            # Toggled, not clicked: screen readers toggle what can be checked.
            made.toggled.connect(partial(self._toggled, place))
            made.setAccessibleName(self._words(place))
            made.setToolTip(f"{self._words(place)} (Ctrl+{number})")
            QShortcut(QKeySequence(f"Ctrl+{number}"), self).activated.connect(
                partial(self._go_to, place)
            )
            group.addButton(made)
            layout.addWidget(made)
            self._buttons[place] = made
        layout.addStretch(1)
        self._buttons[Place.DOCUMENTS].setChecked(True)
        return rail

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the rail's words in a narrow window; the tooltips keep them."""
        super().resizeEvent(event)
        is_narrow = self.width() < self.fontMetrics().horizontalAdvance("m") * NARROW
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._count()

    def _toggled(self, place: Place, is_on: bool) -> None:
        if is_on:
            self._stack.setCurrentIndex(list(Place).index(place))

    def _go_to(self, place: Place) -> None:
        """Go to a page by its key; the keyboard goes along, to what is listed there."""
        self.show_place(place)
        pages = (self.documents, self.transfers, self.activity, self.problems)
        pages[list(Place).index(place)].table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_trouble(self, key: str) -> None:
        self.show_place(Place.PROBLEMS)
        self.problems.show_document(key)

    def _words(self, place: Place) -> str:
        return {
            Place.DOCUMENTS: self.tr("Documents"),
            Place.TRANSFERS: self.tr("Transfers"),
            Place.ACTIVITY: self.tr("Activity"),
            Place.PROBLEMS: self.tr("Problems"),
        }[place]

    def _count(self) -> None:
        counts = {
            Place.TRANSFERS: self._transfers.rowCount(),
            Place.PROBLEMS: self._problems.attention(),
        }
        for place, made in self._buttons.items():
            number = counts.get(place, 0)
            shown = f"  {QLocale().toString(number)}" if number else ""
            made.setText(shown.strip() if self._is_narrow else f"{self._words(place)}{shown}")
        self.transfers.refresh()
        self.problems.refresh()
        self.documents.footer.show_paused(self._transfers.paused())
