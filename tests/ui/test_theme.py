"""Both themes can be read, and every icon that is named is there."""

import re

import pytest

from mydoctransfer.ui import theme
from mydoctransfer.ui.style_sheet import SHEET

THEMES = pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])


@THEMES
@pytest.mark.parametrize(("front", "back"), theme.PAIRS)
def test_text_can_be_read(colours: theme.Colours, front: str, back: str) -> None:
    assert theme.contrast(getattr(colours, front), getattr(colours, back)) >= 4.5


@THEMES
@pytest.mark.parametrize(("shape", "back"), theme.SHAPES)
def test_shapes_can_be_seen(colours: theme.Colours, shape: str, back: str) -> None:
    assert theme.contrast(getattr(colours, shape), getattr(colours, back)) >= 3


@pytest.mark.parametrize("circle", theme.CIRCLES)
def test_letters_in_circles_can_be_read(circle: str) -> None:
    assert theme.contrast("#ffffff", circle) >= 4.5


def test_contrast_is_that_of_the_guideline() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@THEMES
def test_the_style_sheet_knows_every_colour_it_names(colours: theme.Colours) -> None:
    assert "@" not in theme.style_sheet(colours)
    assert set(re.findall(r"@(\w+)", SHEET)) <= set(theme.Colours.__dataclass_fields__)


def test_every_icon_that_is_named_is_drawn() -> None:
    named = set()
    for module in (theme.resources().parent / "desktop/mydoctransfer/ui").glob("*.py"):
        source = module.read_text("utf-8")
        named |= set(re.findall(r'"((?:state|tray)-[a-z-]+)", "?\w', source))
        named |= set(re.findall(r"theme\.(?:icon|pixmap)\(\"([a-z-]+)\"", source))
    assert "state-gone" in named
    for name in named:
        assert theme.pixmap(name, 16, 1) is not None, name
