"""What a state is made from: rows, events, a selected line."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QApplication

from mydoctransfer.model.events import Event, ItemState, Row
from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import Fetched, RelPath
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import ADA, BOB, EVE, NOW, Outside, row, shared_row

MINUTE = 60_000

Stage = Callable[[MainWindow, Outside], None]


def some_rows() -> tuple[Row, ...]:
    """Return rows of every state, a directory's among them."""
    far, near = NOW + 26 * 60 * MINUTE, NOW + 7 * MINUTE + 12_000
    return (
        row(
            "Clients/Acme/Offer 2026.pdf",
            people=(BOB, EVE),
            expires_at=NOW + 58 * MINUTE,
            version=1,
            fetched=(Fetched(BOB, 1, NOW - 9 * MINUTE),),
        ),
        row("Site plan.dwg", people=(EVE,), expires_at=near, size=18_300_000),
        row("Holiday film.mp4", state=ItemState.UPLOADING, expires_at=None, size=1_200_000_000),
        row("Minutes of the meeting.docx", state=ItemState.WAITING, expires_at=None, share_id=None),
        row("Budget.xlsx", expires_at=far, people=(BOB,)),
        row("photos.zip", state=ItemState.GONE, expires_at=NOW - 30 * MINUTE, size=74_000_000),
        row(
            "backup.iso",
            state=ItemState.PROBLEM,
            expires_at=None,
            share_id=None,
            message="backup.iso is larger than your organisation allows (50 GB). "
            "Split it, or ask the person who runs your cloud.",
            size=80 * 2**30,
        ),
        row(
            "Reports",
            state=ItemState.PROBLEM,
            expires_at=None,
            share_id=None,
            size=0,
            is_directory=True,
            message="Nothing in “Reports” is sent or withdrawn, for it cannot be read, or its "
            ".mydocignore cannot. Make that readable, and this goes on by itself.",
        ),
        row("notes.md", state=ItemState.CONFLICT),
        row(
            "socket",
            state=ItemState.SKIPPED,
            expires_at=None,
            share_id=None,
            size=0,
            message="Not a regular file (a socket).",
        ),
        row(
            "Older thesis.pdf",
            state=ItemState.SKIPPED,
            expires_at=None,
            share_id=None,
            is_from_before=True,
            message="Not sent: it was here before. It is sent when you change it.",
        ),
        shared_row(
            "Contract draft.pdf", BOB, people=(ADA, EVE), expires_at=NOW + 3 * 24 * 60 * MINUTE
        ),
        shared_row("Drawing.png", EVE, people=(ADA,), expires_at=NOW + 4 * MINUTE),
    )


def some_rules() -> tuple[Rule, ...]:
    """Return rules of every kind."""
    return (
        Rule(RelPath("Clients/Acme"), 604_800, (BOB.email, EVE.email)),
        Rule(RelPath("Confidential/not there any more"), 3600, ()),
        Rule(RelPath("Invoices"), None, (EVE.email,)),
    )


def arrive(window: MainWindow, *events: Event) -> None:
    """Hand events over and let the window come to rest."""
    window.take_events(events)
    while not window.model.is_settled:
        QApplication.processEvents()


def select(window: MainWindow, line: int) -> None:
    """Select one line."""
    flags = QItemSelectionModel.SelectionFlag
    index = window.model.index(line, 0)
    window.documents.table.selectionModel().setCurrentIndex(
        index, flags.ClearAndSelect | flags.Rows
    )
