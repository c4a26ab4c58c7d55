"""Folder rules in the window: seen, made, changed, removed, and told before a drop (R12)."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mydoctransfer.model.commands import AddFiles, FindUsers, RemoveFolderRule, SetFolderRule
from mydoctransfer.model.errors import Refused
from mydoctransfer.model.events import RowsChanged, RulesChanged
from mydoctransfer.model.rules import Rule
from mydoctransfer.model.trees import RelPath
from mydoctransfer.ui.choices import Act
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.question import Question
from mydoctransfer.ui.rule_dialog import RuleDialog, inside
from mydoctransfer.ui.rules_model import RulesModel
from tests.ui.outside import BOB, EVE, Outside, row, signed_in

LEFT = Qt.MouseButton.LeftButton
CLIENTS = Rule(RelPath("Clients"), 604_800, (BOB.email,))
DEEP = Rule(RelPath("Clients/Acme"), None, ())
FOUND = {"users": [{"email": p.email, "given_name": "", "family_name": ""} for p in (BOB, EVE)]}


@pytest.fixture
def home(window: MainWindow, outside: Outside, tmp_path: Path) -> MainWindow:
    (tmp_path / "Clients" / "Acme").mkdir(parents=True)
    outside.answers[FindUsers] = FOUND
    rows = RowsChanged((row("Clients/offer.pdf"), row("plan.pdf"), row("Letters/a.odt")))
    window.take_events((*signed_in(folder=str(tmp_path)), rows))
    window.take_events((RulesChanged((CLIENTS, DEEP)),))
    return window


def dialog_of(window: MainWindow) -> RuleDialog:
    return next(d for d in window.findChildren(RuleDialog) if d.isVisible())


def plain(words: str) -> str:
    return words.replace("\u2068", "").replace("\u2069", "")


def test_the_model_of_the_rules_is_sound(qtmodeltester: ModelTester) -> None:
    model = RulesModel()
    qtmodeltester.check(model)
    model.apply(RulesChanged((CLIENTS, DEEP)))
    qtmodeltester.check(model)
    model.apply(RulesChanged(()))


def test_the_rule_that_holds_is_the_nearest_above() -> None:
    model = RulesModel()
    model.apply(RulesChanged((CLIENTS, DEEP)))
    held = {where: model.rule_in(where) for where in ("", "Clients", "Clients/x", "Clients/Acme/y")}
    assert held == {"": None, "Clients": CLIENTS, "Clients/x": CLIENTS, "Clients/Acme/y": DEEP}


def test_the_rules_are_seen_where_the_folder_is(home: MainWindow, qtbot: QtBot) -> None:
    home.documents.on_rules()
    assert home.settings is not None
    rules = home.settings.folder.rules
    assert rules.table.isVisible()
    cells = [
        [home.rules.model.index(line, column).data() for column in range(3)] for line in range(2)
    ]
    assert cells == [
        ["Clients", "7 days", BOB.email],
        ["Clients/Acme", "As everywhere", "Nobody"],
    ]
    assert not rules.edit.isEnabled()


def test_a_rule_is_made_with_the_keyboard(home: MainWindow, outside: Outside, qtbot: QtBot) -> None:
    home.show_rules()
    assert home.settings is not None
    qtbot.mouseClick(home.settings.folder.rules.add, LEFT)
    dialog = dialog_of(home)
    qtbot.keyClicks(dialog.path, "Letters")
    dialog.lifetime.setCurrentIndex(dialog.lifetime.findData(86_400))
    qtbot.keyClicks(dialog.people.search, EVE.email)
    qtbot.keyClick(dialog.people.search, Qt.Key.Key_Return)
    assert "Letters” leaves the cloud after 1 day." in plain(dialog.effect.text())
    assert f"shared at once with {EVE.email}." in plain(dialog.effect.text())
    qtbot.keyClick(dialog.people.search, Qt.Key.Key_Return)
    assert outside.told[-1] == SetFolderRule("Letters", 86_400, (EVE.email,))
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("folder", "lifetime", "people", "said"),
    [
        ("", 86_400, (), "Say which folder the rule is for."),
        ("../elsewhere", 86_400, (), "The folder has to lie within"),
        ("/etc", 86_400, (), "The folder has to lie within"),
        (".", 86_400, (), "The folder has to lie within"),
        ("Clients/", 86_400, (), "This folder has a rule already. Change that one."),
        ("Letters", None, (), "The rule says nothing yet. Choose a time, or people."),
        ("Letters", None, ("nonsense",), "Take out first who cannot be chosen."),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_and_nothing_is_kept(
    home: MainWindow,
    outside: Outside,
    folder: str,
    lifetime: int | None,
    people: tuple[str, ...],
    said: str,
) -> None:
    home.rules.edit(None)
    dialog = dialog_of(home)
    dialog.path.setText(folder)  # as a screen reader writes
    dialog.lifetime.setCurrentIndex(dialog.lifetime.findData(lifetime))
    dialog.people.add(people)
    dialog.save.click()
    assert plain(dialog.message.body.text()).startswith(said)
    assert outside.told_of(SetFolderRule) == []
    assert dialog.isVisible()


def test_a_rule_that_says_nothing_is_one_beneath_another(
    home: MainWindow, outside: Outside
) -> None:
    home.rules.edit(None)
    dialog = dialog_of(home)
    dialog._typed("Clients/Other")
    dialog.save.click()
    assert outside.told_of(SetFolderRule) == [SetFolderRule("Clients/Other", None, ())]


def test_a_rule_is_changed_from_a_document_in_its_folder(
    home: MainWindow, outside: Outside
) -> None:
    line = home.model.line_of("Clients/offer.pdf")
    assert line is not None
    home.documents.table.selectRow(line)
    home.documents.acts.do(Act.FOLDER_RULE, home.documents.table.chosen())
    dialog = dialog_of(home)
    assert (dialog.path.text(), dialog.path.isReadOnly()) == ("Clients", True)
    assert dialog.people.chosen() == (BOB.email,)
    dialog.people.add((EVE.email,))
    dialog.save.click()
    assert outside.told[-1] == SetFolderRule("Clients", 604_800, (BOB.email, EVE.email))


def test_a_document_in_a_folder_without_a_rule_offers_to_make_one(
    home: MainWindow, outside: Outside
) -> None:
    home.rules.edit_folder("Letters")
    dialog = dialog_of(home)
    assert (dialog.path.text(), dialog.path.isReadOnly()) == ("Letters", False)
    dialog.lifetime.setCurrentIndex(dialog.lifetime.findData(604_800))
    dialog.save.click()
    assert outside.told[-1] == SetFolderRule("Letters", 604_800, ())


def test_what_the_engine_refuses_is_said_in_the_dialog(home: MainWindow, outside: Outside) -> None:
    outside.answers[SetFolderRule] = Refused("Too long", "Not that long.", "lifetime_refused")
    home.rules.edit(CLIENTS)
    dialog = dialog_of(home)
    dialog.save.click()
    assert dialog.message.body.text() == "Not that long."
    assert dialog.save.isEnabled()


def test_a_rule_is_removed_after_a_question_and_what_then_happens_is_said(
    home: MainWindow, outside: Outside, qtbot: QtBot
) -> None:
    home.show_rules()
    assert home.settings is not None
    rules = home.settings.folder.rules
    rules.table.selectRow(0)
    qtbot.mouseClick(rules.remove, LEFT)
    (question,) = rules.findChildren(Question)
    assert plain(question.windowTitle()) == "Remove the rule of “Clients”?"
    assert outside.told_of(RemoveFolderRule) == []
    qtbot.mouseClick(question.yes, LEFT)
    assert outside.told_of(RemoveFolderRule) == [RemoveFolderRule("Clients")]
    home.take_events((RulesChanged((DEEP,)),))
    assert home.rules.model.rowCount() == 1
    assert not rules.remove.isEnabled()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", "a"),
        ("a/b/", "a/b"),
        ("./a", "a"),
        ("/w/a", "a"),
        ("/w", None),
        ("/", None),
        ("", None),
        ("..", None),
        ("a/..", None),
        ("/w2", None),
        ("..a", "..a"),
    ],
)
def test_a_folder_is_within_the_watched_one_or_it_is_none(path: str, found: str | None) -> None:
    assert inside(path, "/w") == found


# Dropping


def drag(window: MainWindow, at: QPoint | None = None) -> QPoint:
    """Drag a file over the window, to a point; return the point."""
    data = QMimeData()
    data.setUrls([QUrl("file:///tmp/a.pdf")])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    where = at or QPoint(5, 5)
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, LEFT, none))
    QApplication.sendEvent(window, QDragMoveEvent(where, copy, data, LEFT, none))
    return where


def drop(window: MainWindow, at: QPoint) -> None:
    data = QMimeData()
    data.setUrls([QUrl("file:///tmp/a.pdf")])
    event = QDropEvent(
        at.toPointF(), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)


def test_before_a_drop_it_is_said_where_for_how_long_and_for_whom(
    home: MainWindow, outside: Outside, tmp_path: Path
) -> None:
    outside.folder_lifetime = 86_400
    drag(home)
    words = plain(home._drop_zone.words())
    assert words == (
        f"What is put into “{tmp_path.name}” leaves the cloud after 1 day. "
        "Nobody else can see it until you share it."
    )
    tile = home._drop_zone.tiles()[1].center().toPoint()
    drag(home, tile)
    assert plain(home._drop_zone.words()) == (
        "What is put into “Clients” leaves the cloud after 7 days. It is shared at once with "
        "bob@example.org. The rule of “Clients” says so."
    )
    assert "bob@example.org" in home._drop_zone.accessibleName()


def test_a_drop_on_a_folder_goes_there_and_any_other_into_the_watched_one(
    home: MainWindow, outside: Outside
) -> None:
    drag(home)
    tile = home._drop_zone.tiles()[1].center().toPoint()
    drop(home, drag(home, tile))
    drop(home, drag(home, QPoint(3, 3)))
    assert outside.told_of(AddFiles) == [
        AddFiles(("/tmp/a.pdf",), "Clients"),
        AddFiles(("/tmp/a.pdf",), ""),
    ]


def test_a_folder_that_is_not_there_is_no_target(home: MainWindow) -> None:
    gone = Rule(RelPath("Not there"), 60, ())
    home.take_events((RulesChanged((CLIENTS, gone)),))
    assert [target.folder for target in home.rules.targets()] == ["", "Clients"]


def test_without_rules_the_whole_window_is_one_target(home: MainWindow) -> None:
    home.take_events((RulesChanged(()),))
    drag(home)
    assert home._drop_zone.tiles() == []
