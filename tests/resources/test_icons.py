"""The icons are drawable, told apart without colour, and visible on light and dark panels."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from mydoctransfer.ui import theme
from scripts import icons

DRAWINGS = sorted(icons.ICONS.glob("*.svg"))
TRAY = [path for path in DRAWINGS if path.stem.startswith("tray-")]
SOURCES = Path(theme.__file__).parent
NAMED = re.compile(r'"((?:tray|file|state)-[a-z-]+)"')

# Ordinary light and dark panels of GNOME, KDE, Xfce, Windows and macOS.
PANELS = ("#f6f5f4", "#dee0e2", "#ffffff", "#e8e8e8", "#000000", "#1e1e1e", "#2b2b2b", "#232629")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("edge", icons.SIZES)
def test_every_icon_is_drawn_at_every_size_and_fills_its_square(drawing: Path, edge: int) -> None:
    picture = icons.draw(drawing, edge, "#1b2027")
    covered = [x for x in range(edge) for y in range(edge) if _alpha(picture, x, y) > 100]
    assert max(covered) - min(covered) >= edge * 0.45


@pytest.mark.usefixtures("qapp")
def test_there_is_an_icon_for_each_state_of_the_tray() -> None:
    assert {path.stem.removeprefix("tray-") for path in TRAY} == {
        *("idle", "syncing", "paused", "offline", "problem")
    }


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("edge", [16, 22])
def test_the_trays_states_differ_by_shape_in_grey(edge: int) -> None:
    for one, other in itertools.combinations(TRAY, 2):
        grey = [_grey(icons.draw(path, edge, "#000000"), edge) for path in (one, other)]
        differing = sum(abs(a - b) > 60 for a, b in zip(*grey, strict=True))
        assert differing >= edge * edge * 0.05, (one.stem, other.stem)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("drawing", TRAY, ids=lambda path: path.stem)
def test_the_trays_icons_stand_out_from_light_and_dark_panels(drawing: Path) -> None:
    picture = icons.draw(drawing, 64, "#000000")
    main = _commonest_colour(picture)
    for panel in PANELS:
        assert theme.contrast(main, panel) >= 3.0, panel


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_an_icon_takes_nothing_from_elsewhere(drawing: Path) -> None:
    source = drawing.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "://" not in source
    assert "<image" not in source and "<text" not in source and "<style" not in source


def test_every_icon_the_window_names_exists() -> None:
    named = {name for path in SOURCES.rglob("*.py") for name in NAMED.findall(path.read_text())}
    assert named - {path.stem for path in DRAWINGS} == set()


def _alpha(picture: QImage, x: int, y: int) -> int:
    return QColor.fromRgba(picture.pixel(x, y)).alpha()


def _grey(picture: QImage, edge: int) -> list[float]:
    """Lightness on a mid-grey panel, so that colour alone makes no difference to speak of."""
    values = []
    for x, y in itertools.product(range(edge), repeat=2):
        colour = QColor.fromRgba(picture.pixel(x, y))
        light = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()
        values.append(light * colour.alphaF() + 128 * (1 - colour.alphaF()))
    return values


def _commonest_colour(picture: QImage) -> str:
    edge = picture.width()
    colours = Counter(
        QColor.fromRgba(picture.pixel(x, y)).name()
        for x, y in itertools.product(range(edge), repeat=2)
        if _alpha(picture, x, y) == 255
    )
    return colours.most_common(1)[0][0]
