"""Every window, page and dialog, in every state that is drawn, for those who cannot see or point.

The states are those of `scripts.screenshots`: what is added there is looked at here, too.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QLocale, QRect, Qt, QTranslator
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWidget

from mydoctransfer.model.events import ItemState
from mydoctransfer.ui import theme
from mydoctransfer.ui.application import translate_into
from mydoctransfer.ui.arranging import Column
from mydoctransfer.ui.documents_cells import STATE_ICONS
from mydoctransfer.ui.documents_view import DocumentsView
from mydoctransfer.ui.main_window import MainWindow
from mydoctransfer.ui.scrolled import Scrolled
from scripts.screenshots.stage import Stage
from scripts.screenshots.states import STAGES
from tests.ui import walking
from tests.ui.outside import Outside

STATES = pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
Opening = Callable[[Stage], QWidget]
TITLE_BAR = 32
ELIDED = {"state-label", "account-label"}  # with their tooltips


@pytest.fixture
def opened(window: MainWindow, outside: Outside) -> Opening:
    """Bring the window into a state and return what lies in front."""

    def open_(stage: Stage) -> QWidget:
        stage(window, outside)
        for _ in range(3):
            QApplication.processEvents()
        surface = walking.front(window)
        surface.activateWindow()
        QApplication.processEvents()
        return surface

    return open_


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """Speak German for one test."""
    before = QLocale()
    there = set(qapp.findChildren(QTranslator))
    translate_into(qapp, QLocale(QLocale.Language.German))
    yield
    QLocale.setDefault(before)
    for translator in set(qapp.findChildren(QTranslator)) - there:
        qapp.removeTranslator(translator)


@pytest.fixture
def large_letters(qapp: QApplication) -> Iterator[None]:
    """Write larger by half for one test."""
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(before.pointSizeF() * 1.5)
    qapp.setFont(larger)
    theme.apply(theme.current())
    yield
    qapp.setFont(before)
    theme.apply(theme.current())


@pytest.fixture
def small_screen(monkeypatch: pytest.MonkeyPatch) -> QRect:
    """A screen of 1024 by 600 points."""

    class Small:
        def availableGeometry(self) -> QRect:
            return QRect(0, 0, 1024, 600)

    monkeypatch.setattr(Scrolled, "screen", lambda self: Small())
    return Small().availableGeometry()


@STATES
def test_everything_says_what_it_is_and_tab_leads_there(opened: Opening, stage: Stage) -> None:
    """In reading order, but for the step from the last to the first."""
    surface = opened(stage)
    usable = walking.controls(surface)
    for widget in usable:
        name, role = walking.announced(widget)
        assert name.strip(), f"{widget.objectName()} has no name"
        assert widget.objectName(), f"{name} has no id"
        assert role in walking.allowed_roles(widget), f"{name} is announced as {role}"
    list(walking.stops(surface))  # coming to a table chooses a row, and so enables buttons
    reached = list(walking.stops(surface))
    lost = [w.objectName() for w in usable if w.isEnabled() and not walking.is_reached(w, reached)]
    assert lost == []
    back = [
        f"{one.objectName()} to {other.objectName()}"
        for one, other in pairwise([*reached, reached[0]])
        if walking.is_backwards(one, other, surface)
    ]
    assert len(back) <= 1, back


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [
        "every_state",
        "held",
        "connect_page",
        "sign_in",
        "folder",
        "defaults",
        "transfers",
        "activity",
        "problems",
        "link_there",
        "audit",
        "settings_general",
        "settings_network",
        "withdraw",
    ],
)
def test_the_focus_is_seen_wherever_it_is(
    opened: Opening, colours: theme.Colours, name: str
) -> None:
    theme.apply(colours)
    try:
        surface = opened(next(stage for stage in STAGES if stage.__name__ == name))
        before: tuple[QWidget, QImage] | None = None
        for stop in walking.stops(surface):
            if before is not None:
                widget, picture = before
                difference = walking.clear_difference(picture, walking.seen(widget, surface))
                assert difference >= 24, f"{widget.objectName()} looks the same with the focus"
            before = stop, walking.seen(stop, surface)
    finally:
        theme.apply(theme.LIGHT)


@STATES
def test_german_words_are_seen_whole_and_fit_a_small_screen(
    german: None, opened: Opening, small_screen: QRect, stage: Stage
) -> None:
    surface = opened(stage)
    assert _cut(surface) == []
    for widget in (surface.window(), *surface.findChildren(QDialog)):
        needed = widget.minimumSizeHint()
        assert needed.width() <= small_screen.width(), widget.objectName()
        assert needed.height() <= small_screen.height() - TITLE_BAR, widget.objectName()


@pytest.mark.gates
@STATES
def test_large_letters_are_seen_whole(large_letters: None, opened: Opening, stage: Stage) -> None:
    assert _cut(opened(stage)) == []


@pytest.mark.parametrize("stage", [s for s in STAGES if "settings" in s.__name__])
def test_what_a_small_screen_hides_is_scrolled_to_by_the_keyboard(
    opened: Opening, small_screen: QRect, stage: Stage
) -> None:
    surface = opened(stage)
    surface.resize(surface.minimumSizeHint())
    for stop in walking.stops(surface):
        assert not stop.visibleRegion().isEmpty(), stop.objectName()


def test_the_focus_is_seen_around_the_people_chosen(opened: Opening) -> None:
    surface = opened(next(stage for stage in STAGES if stage.__name__ == "share"))
    (line,) = surface.findChildren(QLineEdit, "share-people")
    (field,) = surface.findChildren(QWidget, "share-field")
    line.clear()
    line.setFocus()
    before = walking.seen(field, surface)
    surface.findChild(QWidget, "share-done").setFocus()
    assert walking.clear_difference(before, walking.seen(field, surface)) >= 24


def test_labels_begin_where_reading_begins(opened: Opening, qapp: QApplication) -> None:
    surface = opened(next(stage for stage in STAGES if stage.__name__ == "settings_account"))
    (who,) = surface.findChildren(QLabel, "settings-who")
    assert who.alignment() & Qt.AlignmentFlag.AlignLeft
    try:
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        assert who.alignment() & Qt.AlignmentFlag.AlignRight
        assert who.alignment() & Qt.AlignmentFlag.AlignAbsolute
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_every_state_of_a_document_is_told_by_a_shape_and_by_words(opened: Opening) -> None:
    """No information by colour alone."""
    surface = opened(next(stage for stage in STAGES if stage.__name__ == "every_state"))
    (table,) = surface.findChildren(DocumentsView)
    model = table.model()
    state = Column.STATE.value
    assert all(model.index(line, state).data() for line in range(model.rowCount()))
    shapes = {_shape(icon) for icon, _ in STATE_ICONS.values()}
    assert set(STATE_ICONS) == set(ItemState)
    assert len(shapes) == len(STATE_ICONS)


def _shape(icon: str) -> tuple[bool, ...]:
    """Return which points of an icon are drawn, whatever their colour."""
    drawn = theme.pixmap(icon, 16, 1)
    assert drawn is not None, icon
    image = drawn.toImage()
    points = ((x, y) for y in range(image.height()) for x in range(image.width()))
    return tuple(image.pixelColor(x, y).alpha() > 127 for x, y in points)


def _cut(surface: QWidget) -> list[str]:
    cut = walking.cut_words(surface)
    return [words for words in cut if words.partition(":")[0] not in ELIDED]
