"""The other places of the window, and the windows of their own."""

from dataclasses import replace

from mydoctransfer.model.commands import ReadAudit
from mydoctransfer.model.events import (
    Deed,
    Downloading,
    EngineState,
    Halt,
    Happened,
    Happening,
    ItemState,
    Progress,
    RowsChanged,
    Status,
    StatusChanged,
)
from mydoctransfer.model.times import format_time
from mydoctransfer.model.trees import ShareId
from mydoctransfer.ui.home import Place
from mydoctransfer.ui.main_window import MainWindow
from scripts.screenshots.stage import MINUTE, Stage, arrive
from scripts.screenshots.states.documents import empty, every_state
from tests.ui.outside import ACCOUNT, BOB, NOW, Outside, row, shared_row, signed_in


def transfers(window: MainWindow, outside: Outside) -> None:
    big, size = "Recordings/Interview with the whole team.wav", 734_003_200
    paused = row(
        "Letters/Paused letter.odt",
        state=ItemState.WAITING,
        goes_up=True,
        halt=Halt.PAUSED,
        message="Paused. It is sent when you resume it.",
    )
    cancelled = row(
        "Letters/Cancelled letter.odt",
        state=ItemState.SKIPPED,
        goes_up=True,
        halt=Halt.CANCELLED,
        message="Cancelled. It is sent when you change it or resume it.",
    )
    usual = [row(f"Letters/Letter {n}.odt", state=ItemState.WAITING) for n in range(1, 5)]
    waiting = [*usual, paused, cancelled]
    arrive(window, *signed_in(EngineState.SYNCING, queued=5))
    sending = row(big, size=size, state=ItemState.UPLOADING, goes_up=True)
    arrive(window, RowsChanged((sending, *waiting)))
    for second in range(5):
        outside.now = NOW + 1000 * second
        arrive(window, Progress(big, (40 + second) * 2**20, size))
    fetched = shared_row("Interview, cut.mp4", size=size)
    for second in range(5):
        outside.now = NOW + 1000 * second
        came = (40 + 9 * second) * 2**20
        arrive(window, Downloading(ShareId("offer"), fetched, came, size))
    window.home.show_place(Place.TRANSFERS)
    window.home.transfers.table.selectRow(0)


def activity(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    deeds = [Deed.FETCHED, Deed.RECEIVED, Deed.EXPIRED, Deed.EXTENDED, Deed.SHARED]
    entries = [
        Happening(NOW - 7_200_000 * (5 - n), deed, ("Contract draft.pdf",), 1, people=people)
        for n, deed in enumerate(deeds)
        for people in ("bob@example.org" if deed is Deed.SHARED else "",)
    ]
    names = ("Plan.odt", "Offer.pdf", "Photo.jpg")
    many = [Happening(NOW - 60_000, deed, names, 240) for deed in (Deed.ADDED, Deed.PUBLISHED)]
    arrive(window, Happened((*entries, *many), is_all=True))
    window.home.show_place(Place.ACTIVITY)
    window.home.activity.table.selectRow(2)


def problems(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.home.show_place(Place.PROBLEMS)
    window.home.problems.table.selectRow(0)


def transfers_empty(window: MainWindow, outside: Outside) -> None:
    empty(window, outside)
    window.home.show_place(Place.TRANSFERS)


def activity_empty(window: MainWindow, outside: Outside) -> None:
    empty(window, outside)
    window.home.show_place(Place.ACTIVITY)


def problems_empty(window: MainWindow, outside: Outside) -> None:
    empty(window, outside)
    window.home.show_place(Place.PROBLEMS)


def audit(window: MainWindow, outside: Outside) -> None:
    admin = replace(ACCOUNT, groups=("admins",))
    arrive(window, StatusChanged(Status(EngineState.IDLE, folder="/home/ada/x", account=admin)))
    person = {"email": BOB.email, "given_name": "Bob", "family_name": "Recipient"}
    did = (("uploaded", ""), ("shared with", "eve@example.org"), ("deleted because expired", ""))
    outside.answers[ReadAudit] = {
        "entries": [
            {
                "at": format_time(NOW - n * MINUTE),
                "actor": None if n % 3 == 2 else person,
                "action": did[n % 3][0],
                "detail": did[n % 3][1],
                "display_name": f"Offer {n}.pdf",
                "expired": n % 3 == 2,
            }
            for n in range(10_000)
        ]
    }
    window.show_audit()


def audit_for_others(window: MainWindow, outside: Outside) -> None:
    empty(window, outside)
    window.show_audit()


STAGES: tuple[Stage, ...] = (
    transfers,
    activity,
    problems,
    transfers_empty,
    activity_empty,
    problems_empty,
    audit,
    audit_for_others,
)
