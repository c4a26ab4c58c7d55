"""The table: empty, few, many, long names, and what is said above it."""

import os
import tempfile

from mydoctransfer.model.errors import Refused
from mydoctransfer.model.events import DeletesHeld, EngineState, Progress, RowsChanged, RulesChanged
from mydoctransfer.model.trees import RelPath
from mydoctransfer.ui.arranging import View
from mydoctransfer.ui.main_window import MainWindow
from scripts.screenshots.stage import MINUTE, Stage, arrive, select, some_rows, some_rules
from tests.ui.outside import BOB, EVE, NOW, Outside, row, signed_in


def empty(window: MainWindow, outside: Outside) -> None:
    arrive(window, *signed_in())


def three_rows(window: MainWindow, outside: Outside) -> None:
    arrive(
        window, *signed_in(), RowsChanged(some_rows()[:3]), Progress("Holiday film.mp4", 431, 1200)
    )


def every_state(window: MainWindow, outside: Outside) -> None:
    arrive(
        window,
        *signed_in(EngineState.SYNCING, queued=2),
        RowsChanged(some_rows()),
        Progress("Holiday film.mp4", 431, 1200),
    )
    select(window, 1)


def ten_thousand(window: MainWindow, outside: Outside) -> None:
    kinds = ("pdf", "docx", "png", "xlsx", "mp3", "zip", "py")
    rows = tuple(
        row(
            f"Archive/{n // 100:03d}/Scan {n:05d}.{kinds[n % 7]}",
            size=n * 7919,
            people=(BOB, EVE)[: n % 3],
            expires_at=NOW + (n % 50) * 13 * MINUTE,
        )
        for n in range(10_000)
    )
    arrive(window, *signed_in(EngineState.PAUSED, queued=1234), RowsChanged(rows, (), True))
    window.documents.table.scrollTo(window.model.index(4000, 0))


def long_names(window: MainWindow, outside: Outside) -> None:
    names = (
        "annexe\u202efdp.exe",
        "line one\nline two.txt",
        "caf\udce9.txt",
        "A" * 255 + ".tar.gz",
        "<b>bold</b> & <img src=file:///etc/passwd>.html",
        "مستند مهم.pdf",
        "文書の名前.docx",
        "👩‍👩‍👧 holiday.jpg",
        "%n %1 {name}.txt",
        "deep/" * 30 + "leaf.txt",
    )
    rows = tuple(row(name, people=(BOB,) * (n % 8)) for n, name in enumerate(names))
    arrive(window, *signed_in(), RowsChanged(rows))


def offline(window: MainWindow, outside: Outside) -> None:
    arrive(
        window,
        *signed_in(
            EngineState.OFFLINE,
            queued=3,
            message="cloud.example.org cannot be reached. Check the network and try again.",
        ),
        RowsChanged(some_rows()),
    )


def held(window: MainWindow, outside: Outside) -> None:
    paths = tuple(RelPath(f"f{n}") for n in range(42))
    arrive(window, *signed_in(held_deletes=42), RowsChanged(some_rows()), DeletesHeld(paths, 50))


def refused(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.acts._complain_of(
        [
            (
                some_rows()[0],
                Refused("Refused", "This name is not allowed."),
            )
        ]
    )


def downloaded(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.acts._downloaded({"path": "/home/ada/MyDoc Inbox/Contract draft.pdf"})


def gone(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.show_view(View.GONE)
    select(window, 0)


def nothing_found(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.documents.filter_box.setText("zebra")
    window.documents._filter()


def narrow(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window.resize(760, 520)


def dropping(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    window._drop_zone.say(3, window.rules.targets())


def dropping_on_rules(window: MainWindow, outside: Outside) -> None:
    with tempfile.TemporaryDirectory(prefix="MyDoc Transfer ") as watched:
        os.makedirs(f"{watched}/Clients/Acme")
        os.makedirs(f"{watched}/Invoices")
        arrive(window, *signed_in(folder=watched), RulesChanged(some_rules()))
        window._drop_zone.say(3, window.rules.targets())
    window._drop_zone.point(window._drop_zone.tiles()[1].center().toPoint())


STAGES: tuple[Stage, ...] = (
    empty,
    three_rows,
    every_state,
    ten_thousand,
    long_names,
    offline,
    held,
    refused,
    downloaded,
    gone,
    nothing_found,
    narrow,
    dropping,
    dropping_on_rules,
)
