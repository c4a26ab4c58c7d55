"""How the window takes 100,000 documents: stalls of the event loop, sorting, filtering, scrolling.

python -m scripts.bench.window
"""

import os
import time
from collections.abc import Callable

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from mydoctransfer.model.events import RowsChanged
from mydoctransfer.ui.application import calm_collector, make_application
from mydoctransfer.ui.arranging import Column
from mydoctransfer.ui.bridge import Bridge
from mydoctransfer.ui.main_window import MainWindow
from tests.ui.outside import BOB, EVE, NOW, Outside, row, signed_in
from tests.ui.stalls import Watchdog

ROWS = 100_000


def main() -> None:
    """Print a line a step: seconds until it is shown, and how long the longest turn took.

    Turns and frames are processor time of the main thread: see `tests.ui.stalls` for the reason.
    """
    make_application(["bench"], QLocale("en_GB"))
    calm_collector()
    outside = Outside()
    window = MainWindow(Bridge(outside))
    window.show()
    window.take_events(signed_in())
    watchdog = Watchdog()
    watchdog.start()
    model = window.model
    rows = tuple(
        row(
            f"Archive/{n % 1000:03d}/Scan {n * 7919 % ROWS:06d}.pdf",
            size=n * 31 % 99_991,
            people=(BOB, EVE)[: n % 3],
            expires_at=NOW + n * 1000,
        )
        for n in range(ROWS)
    )

    def step(name: str, act: Callable[[], object]) -> None:
        for _ in range(5):
            QApplication.processEvents()
        watchdog.longest = 0.0
        start, began = time.perf_counter(), time.thread_time()
        act()
        is_last = False
        while True:
            QApplication.processEvents()
            if model.is_settled and is_last:
                break
            is_last = model.is_settled  # one turn more, so that the last one is counted too
        wall, cpu = time.perf_counter() - start, time.thread_time() - began
        longest = watchdog.longest * 1000
        print(f"{name:34} {wall:6.3f} s   processor {cpu:6.3f} s   longest turn {longest:4.0f} ms")

    half = ROWS // 2
    step(
        "a snapshot of 50,000 arrives",
        lambda: window.take_events((RowsChanged(rows[:half], (), True),)),
    )

    def take_batches() -> None:
        for at in range(half, ROWS, 500):
            window.take_events((RowsChanged(rows[at : at + 500]),))

    step("50,000 more in batches of 500", take_batches)
    step("sort by size", lambda: model.sort(Column.SIZE.value))
    step(
        "sort by size, descending",
        lambda: model.sort(Column.SIZE.value, Qt.SortOrder.DescendingOrder),
    )
    step("sort by expiry", lambda: model.sort(Column.EXPIRES.value))
    step("sort by name", lambda: model.sort(Column.NAME.value))
    step("filter to 1,110", lambda: model.filter("scan 09 123"))
    step("filter off", lambda: model.filter(""))
    step(
        "one row changes",
        lambda: window.take_events((RowsChanged((row("Archive/001/Scan 007919.pdf", size=1),)),)),
    )
    window.documents.table.selectAll()
    step("sort by size, all selected", lambda: model.sort(Column.SIZE.value))
    window.documents.table.clearSelection()
    bar = window.documents.table.verticalScrollBar()
    frames = []
    for at in range(0, bar.maximum(), bar.maximum() // 200):
        start = time.thread_time()
        bar.setValue(at)
        window.documents.table.viewport().repaint()
        frames.append((time.thread_time() - start) * 1000)
    frames.sort()
    print(f"scrolling, a frame: median {frames[len(frames) // 2]:.1f} ms, p99 {frames[-2]:.1f} ms")
    print("peak memory", _peak(), "MB")


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
