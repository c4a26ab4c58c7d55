"""The icons are drawable, told apart without colour, and visible on light and dark panels."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from mydoctransfer.ui import theme
from mydoctransfer.ui.file_types import file_type
from scripts import icons

DRAWINGS = sorted(icons.ICONS.glob("*.svg"))
TRAY = [path for path in DRAWINGS if path.stem.startswith("tray-")]
SOURCES = Path(theme.__file__).parent
NAMED = re.compile(r'[(]"(state-[a-z]+)", [a-z"]')

EXTENSIONS = ["pdf", "png", "mp4", "mp3", "zip", "txt", "csv", "pptx", "py", "unheard-of"]

# Ordinary light and dark panels of GNOME, KDE, Xfce, Windows and macOS.
PANELS = ("#f6f5f4", "#dee0e2", "#ffffff", "#e8e8e8", "#000000", "#1e1e1e", "#2b2b2b", "#232629")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("edge", icons.SIZES)
def test_every_icon_is_drawn_at_every_size_and_fills_its_square(drawing: Path, edge: int) -> None:
    picture = icons.draw(drawing, edge, "#1b2027")
    covered = [
        (x, y) for x, y in itertools.product(range(edge), repeat=2) if _alpha(picture, x, y) > 100
    ]
    spans = [max(side) - min(side) + 1 for side in zip(*covered, strict=True)]
    assert max(spans) >= edge * 0.5


@pytest.mark.usefixtures("qapp")
def test_there_is_an_icon_for_each_state_of_the_tray() -> None:
    assert {path.stem.removeprefix("tray-") for path in TRAY} == {
        *("idle", "syncing", "paused", "offline", "problem")
    }


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("edge", [16, 22])
def test_the_trays_states_differ_by_shape_in_grey(edge: int) -> None:
    for one, other in itertools.combinations(TRAY, 2):
        shapes = [_shape(icons.draw(path, edge, "#000000")) for path in (one, other)]
        differing = sum(a != b for a, b in zip(*shapes, strict=True))
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
    named |= {"file-folder"} | {
        f"file-{file_type(f'name.{extension}')}" for extension in EXTENSIONS
    }
    assert len(named) > 15
    assert named - {path.stem for path in DRAWINGS} == set()


def _alpha(picture: QImage, x: int, y: int) -> int:
    return QColor.fromRgba(picture.pixel(x, y)).alpha()


def _shape(picture: QImage) -> list[str]:
    """For each pixel whether it is nothing, drawn, or drawn in white, whatever the colour."""
    shape = []
    for x, y in itertools.product(range(picture.width()), repeat=2):
        colour = QColor.fromRgba(picture.pixel(x, y))
        is_white = min(colour.red(), colour.green(), colour.blue()) > 190
        shape.append("nothing" if colour.alpha() < 128 else "white" if is_white else "drawn")
    return shape


def _commonest_colour(picture: QImage) -> str:
    edge = picture.width()
    colours = Counter(
        QColor.fromRgba(picture.pixel(x, y)).name()
        for x, y in itertools.product(range(edge), repeat=2)
        if _alpha(picture, x, y) == 255
    )
    return colours.most_common(1)[0][0]
