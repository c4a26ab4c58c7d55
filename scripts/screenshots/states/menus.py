"""Menus, pauses, and the questions that come from outside."""

from dataclasses import replace

from PySide6.QtCore import Qt

from mydoctransfer.model.events import EngineState, Status, StatusChanged
from mydoctransfer.model.links import OpenShare, to_set_up
from mydoctransfer.model.trees import ShareId
from mydoctransfer.model.wishes import FollowLink
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.said import said
from scripts.screenshots.stage import MINUTE, Stage
from scripts.screenshots.states.documents import every_state, three_rows
from tests.ui.outside import ACCOUNT, Outside, signed_in


def context_menu(window: MainWindow, outside: Outside) -> None:
    every_state(window, outside)
    menu = window.documents.bar.context_menu()
    menu.setParent(window)
    menu.resize(menu.sizeHint())
    menu.move(420, 260)
    menu.show()


def main_menu(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    window.menu.setParent(window, Qt.WindowType.Widget)
    window.menu.refresh()
    window.menu.resize(window.menu.sizeHint())
    window.menu.move(60, 60)
    window.menu.show()
    window.menu.raise_()
    latest = window.menu.recent_menu
    latest.setParent(window)
    latest.resize(latest.sizeHint())
    latest.move(420, 120)
    latest.show()
    latest.raise_()


def paused_until(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    later = outside.now + 30 * MINUTE
    window.take_events(signed_in(EngineState.PAUSED, queued=2, paused_until=later))


def waiting_on_battery(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    status = Status(EngineState.PAUSED, said("This computer runs on its battery."))
    more = {"folder": "/home/ada/MyDoc Transfer", "account": ACCOUNT}
    window.take_events((StatusChanged(replace(status, **more)),))  # type: ignore[arg-type]


def link_question(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    (first, *_) = window.model.every()
    window.take_wish(FollowLink(OpenShare(first.share_id or ShareId(""))))


def link_unknown(window: MainWindow, outside: Outside) -> None:
    three_rows(window, outside)
    window.take_wish(FollowLink(OpenShare(ShareId("0" * 32))))


def setup_question(window: MainWindow, outside: Outside) -> None:
    outside.has_connection = False
    text = '{"api_url": "https://abc123.execute-api.eu-central-1.amazonaws.com/api"}'
    window.take_wish(FollowLink(to_set_up(text)))


STAGES: tuple[Stage, ...] = (
    context_menu,
    main_menu,
    paused_until,
    waiting_on_battery,
    link_question,
    link_unknown,
    setup_question,
)
