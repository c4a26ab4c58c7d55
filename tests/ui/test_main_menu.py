"""The menu of window and tray: latest documents, what is stored, and the pause with its end."""

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import Get, Pause
from mydoctransfer.model.events import EngineState, ItemState, RowsChanged, Status, StatusChanged
from mydoctransfer.ui import main_window
from mydoctransfer.ui.footer import status_words
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.recent import recent, stored
from mydoctransfer.ui.settings import SettingsWindow
from tests.ui.outside import NOW, Outside, row, shared_row, signed_in

ROWS = (
    row("old.txt", uploaded_at=NOW - 5000),
    row("R&D/plan.pdf", uploaded_at=NOW),
    shared_row("theirs.png", uploaded_at=NOW - 1),
    row("gone.txt", state=ItemState.GONE, uploaded_at=NOW + 9),
    row("waits.txt", state=ItemState.WAITING, share_id=None, uploaded_at=None),
)


def action(window: MainWindow, name: str) -> QAction:
    (found,) = window.menu.findChildren(QAction, name)
    return found


@pytest.fixture
def filled(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.take_events((*signed_in(), RowsChanged(ROWS, (), True)))
    qtbot.waitUntil(lambda: window.model.is_settled)
    window.menu.aboutToShow.emit()
    return window


def titles(window: MainWindow) -> list[str]:
    return [a.text().strip("\u2068\u2069") for a in window.menu.recent_menu.actions()]


def test_the_latest_documents_stand_in_the_menu_newest_first(filled: MainWindow) -> None:
    assert titles(filled) == ["plan.pdf", "theirs.png", "old.txt"]
    assert filled.menu.stored_action.text().startswith("In the cloud: 2 documents, ")


def test_a_latest_document_is_opened_downloaded_or_shared(
    filled: MainWindow, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(main_window, "open_path", opened.append)
    action(filled, "menu-recent-0-open").trigger()
    assert opened == ["/home/ada/MyDoc Transfer/R&D/plan.pdf"]
    action(filled, "menu-recent-1-open").trigger()
    assert outside.told_of(Get) == [Get(ROWS[2].share_id or "")]
    assert not filled.menu.findChildren(QAction, "menu-recent-1-share")
    action(filled, "menu-recent-2-share").trigger()
    assert filled.documents.acts.share_dialog is not None
    assert filled.documents.acts.share_dialog.keys == ("old.txt",)


def test_t80_nothing_of_the_last_account_stays_in_the_menu(filled: MainWindow) -> None:
    filled.take_events((StatusChanged(Status(EngineState.SIGNED_OUT)),))
    assert titles(filled) == []
    assert not filled.menu.stored_action.isVisible()
    assert not filled.menu.recent_menu.menuAction().isVisible()


def test_names_keep_their_ampersands(window: MainWindow, qtbot: QtBot) -> None:
    window.take_events((*signed_in(), RowsChanged((row("a&b.txt"),), (), True)))
    qtbot.waitUntil(lambda: window.model.is_settled)
    window.menu.aboutToShow.emit()
    assert titles(window) == ["a&&b.txt"]


def test_only_the_latest_few_stand_in_the_menu_and_all_are_counted() -> None:
    rows = [row(f"{n}.txt", uploaded_at=NOW + n % 777, size=1) for n in range(2000)]
    assert len(recent(rows)) == 5
    assert stored(rows) == (2000, 2000)


def test_pausing_until_resumed_stands_beside_the_others(
    window: MainWindow, outside: Outside
) -> None:
    window.take_events(signed_in())
    action(window, "menu-pause-resumed").trigger()
    assert outside.told_of(Pause) == [Pause(None)]


@pytest.mark.parametrize(
    ("queued", "words"),
    [(0, "Paused until {}"), (1, "Paused until {}, 1 document waiting")],
)
def test_a_pause_says_when_it_ends_in_window_and_tray(
    window: MainWindow, queued: int, words: str
) -> None:
    status = Status(EngineState.PAUSED, queued=queued, paused_until=NOW)
    said = status_words(status)
    assert said.startswith("Paused until ")
    assert said.endswith(words.partition("{}")[2])
    window.take_events(signed_in(EngineState.PAUSED, queued=queued, paused_until=NOW))
    assert said in window.documents.footer.state.text()


def test_waiting_on_battery_and_on_a_metered_line_is_chosen_in_the_settings(
    window: MainWindow, outside: Outside
) -> None:
    window.take_events(signed_in())
    window.show_settings()
    assert isinstance(window.settings, SettingsWindow)
    window.settings.network.on_battery.toggle()
    assert outside.network.pause_on_battery and not outside.network.pause_on_metered
    window.settings.network.on_metered.toggle()
    window.settings.network.on_battery.toggle()
    assert outside.network.pause_on_metered and not outside.network.pause_on_battery
