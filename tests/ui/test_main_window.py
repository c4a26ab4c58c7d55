"""Which page is shown, the tray, closing and quitting, and the live change of theme."""

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtGui import QAccessible, QIcon
from PySide6.QtWidgets import QApplication, QLabel, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import Pause
from mydoctransfer.model.events import EngineState, RowsChanged, Status, StatusChanged
from mydoctransfer.ui import theme
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.tray import state_icon
from tests.ui.outside import ACCOUNT, Outside, row, shared_row, signed_in


class Host:
    """Whether there is a tray."""

    def __init__(self) -> None:
        self.is_there = False


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host()
    monkeypatch.setattr(
        QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: made.is_there)
    )
    return made


@pytest.mark.parametrize(
    ("status", "page"),
    [
        (Status(EngineState.SIGNED_OUT), "sign_in"),
        (Status(EngineState.SIGNED_OUT, folder="/f"), "sign_in"),
        (Status(EngineState.OFFLINE), "sign_in"),
        (Status(EngineState.OFFLINE, folder="/f"), "home"),
        (Status(EngineState.IDLE, account=ACCOUNT), "folder"),
        (Status(EngineState.PROBLEM, account=ACCOUNT, folder="/f"), "home"),
    ],
)
def test_the_page_follows_from_how_things_stand(
    window: MainWindow, status: Status, page: str
) -> None:
    window.take_events((StatusChanged(status),))
    shown = window.home if page == "home" else getattr(window.wizard, page)
    assert window.pages.currentWidget() is shown


def test_before_the_engine_spoke_nothing_is_asked(window: MainWindow) -> None:
    assert window.pages.currentWidget() is window._starting


def test_closing_goes_to_the_tray_and_says_so_once(
    window: MainWindow, outside: Outside, host: Host
) -> None:
    host.is_there = True
    window.tray.start()
    for _ in range(2):
        window.show()
        window.close()
        assert not window.isVisible()
    assert [note.key for note in outside.notices] == ["tray"]
    assert not outside.has_quit


def test_closing_without_a_tray_says_so_and_minimises(
    window: MainWindow, outside: Outside, host: Host
) -> None:
    """M08."""
    window.take_events(signed_in())
    window.tray.start()
    window.close()
    assert window.isMinimized()
    assert "no tray" in window.documents.message.body.text()
    assert "no tray" in outside.notices[0].body


def test_quit_really_quits(window: MainWindow, outside: Outside) -> None:
    window.menu.quit_action.trigger()
    assert outside.has_quit
    assert window.close()


def test_a_late_tray_gets_a_new_icon(window: MainWindow, host: Host) -> None:
    window.tray.look()
    assert window.tray._icon is None
    host.is_there = True
    window.tray.look()
    first = window.tray._icon
    assert first is not None
    host.is_there = False
    window.tray.look()
    assert not window.tray.is_there
    host.is_there = True
    window.tray.look()
    assert window.tray._icon is not first


def test_every_state_has_an_icon_of_its_own_shape(qapp: QApplication) -> None:
    states = [state for state in EngineState if state is not EngineState.SIGNED_OUT]
    shapes = {state: _shape(state_icon(state)) for state in states}
    assert len(set(shapes.values())) == len(states)


def test_the_tray_says_how_things_stand(window: MainWindow, host: Host) -> None:
    host.is_there = True
    window.tray.look()
    window.take_events(signed_in(EngineState.SYNCING, queued=2))
    assert window.tray._icon is not None
    assert window.tray._icon.toolTip() == "MyDoc Transfer\nSending 2 documents"


def test_a_click_on_the_tray_opens_the_window(window: MainWindow, host: Host) -> None:
    host.is_there = True
    window.tray.look()
    window.hide()
    assert window.tray._icon is not None
    window.tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert window.isVisible()


def test_the_theme_changes_while_the_window_is_open(window: MainWindow, qapp: QApplication) -> None:
    window.take_events((*signed_in(), RowsChanged((row("a"),))))
    try:
        theme.apply(theme.DARK)
        assert window.palette().window().color().name() == theme.DARK.window
        window.grab()
    finally:
        theme.apply(theme.LIGHT)


def test_a_closed_window_hears_of_no_theme(qtbot: QtBot) -> None:
    label = QLabel()

    def listener() -> None:
        label.setText("changed")

    theme.on_change(label, listener)
    assert listener in theme._state.listeners
    label.deleteLater()
    qtbot.waitUntil(lambda: listener not in theme._state.listeners)


def test_everything_a_person_can_use_has_a_name_and_an_id(window: MainWindow) -> None:
    window.take_events((*signed_in(), RowsChanged((row("a"),))))
    nameless = [
        (type(widget).__name__, widget.objectName())
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy().value and not widget.objectName().startswith("qt_")
        if not widget.objectName() or not _spoken(widget)
    ]
    assert nameless == []


def test_times_are_the_servers(window: MainWindow, outside: Outside) -> None:
    window.take_events(signed_in(clock_offset_ms=-60_000))
    theirs = shared_row("a.pdf")
    assert window.model.words.left_ms(theirs) == 3_600_000 + 60_000


def _shape(icon: QIcon) -> bytes:
    alpha = icon.pixmap(22, 22).toImage().createAlphaMask()
    grey = icon.pixmap(22, 22).toImage().convertToFormat(alpha.Format.Format_Grayscale8)
    return bytes(grey.constBits())


def _spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def test_a_pause_can_be_for_a_while(window: MainWindow, outside: Outside) -> None:
    window.take_events(signed_in())
    half_hour, tomorrow, _ = window.menu._pause_menu.actions()
    half_hour.trigger()
    assert outside.told[-1] == Pause(1800)
    tomorrow.trigger()
    (pause,) = outside.told[-1:]
    assert isinstance(pause, Pause) and pause.seconds is not None
    ends = QDateTime.fromMSecsSinceEpoch(outside.now + pause.seconds * 1000)
    assert (ends.time().hour(), ends.time().minute()) == (8, 0)
    assert 8 * 3600 <= pause.seconds <= 33 * 3600
    window.take_events(signed_in(EngineState.PAUSED))
    assert not window.menu._pause_menu.menuAction().isVisible()
