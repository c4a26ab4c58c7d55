"""Both themes can be read, and every icon that is named is there."""

import re

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

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


RULES = re.findall(r"([^{}]+)\{([^{}]*)\}", SHEET)
SURFACES = ("window", "base")  # what lies behind a rule that names no background


def declared(body: str, kind: str) -> list[str]:
    """Return the colours of the theme that a rule gives to something."""
    return re.findall(rf"(?:^|[;\s]){kind}:[^;@]*@(\w+)", body)


@THEMES
@pytest.mark.parametrize(("selector", "body"), RULES, ids=[rule[0].strip() for rule in RULES])
def test_every_rule_of_the_style_sheet_can_be_read(
    colours: theme.Colours, selector: str, body: str
) -> None:
    """Words 4.5 to 1 on each thing they may lie on; the guideline exempts what is disabled."""
    if ":disabled" in selector:
        return
    behind = declared(body, "background") or list(SURFACES)
    for front in declared(body, "color"):
        for back in behind:
            contrast = theme.contrast(getattr(colours, front), getattr(colours, back))
            assert contrast >= 4.5, f"{front} on {back}"


# What lies inside of a field has no ring of its own: the field has it.
RINGS = [
    rule
    for rule in RULES
    if (":focus" in rule[0] and "border: none" not in rule[1]) or "hasKeyboard" in rule[0]
]


@THEMES
@pytest.mark.parametrize(("selector", "body"), RINGS, ids=[rule[0].strip() for rule in RINGS])
def test_every_ring_of_the_focus_can_be_seen(
    colours: theme.Colours, selector: str, body: str
) -> None:
    (ring,) = declared(body, "border")
    assert "2px" in body
    for back in (*SURFACES, "raised"):
        assert theme.contrast(getattr(colours, ring), getattr(colours, back)) >= 3, back


@THEMES
def test_the_style_sheet_knows_every_colour_it_names(colours: theme.Colours) -> None:
    assert "@" not in theme.style_sheet(colours, 11)
    known = {*theme.Colours.__dataclass_fields__, *theme.LETTERS}
    assert set(re.findall(r"@(\w+)", SHEET)) <= known


@pytest.mark.parametrize("role", ["title", "heading"])
def test_what_stands_above_the_text_is_larger_however_large_that_is(
    qapp: QApplication, qtbot: QtBot, role: str
) -> None:
    before = QFont(qapp.font())
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * 2)
    try:
        label = QLabel("Documents")
        label.setProperty("role", role)
        qtbot.addWidget(label)
        label.ensurePolished()
        qapp.setFont(larger)
        assert label.fontInfo().pointSizeF() > larger.pointSizeF()
    finally:
        qapp.setFont(before)
        theme.apply(theme.LIGHT)


def test_every_icon_that_is_named_is_drawn() -> None:
    named = set()
    for module in (theme.resources().parent / "desktop/mydoctransfer/ui").glob("*.py"):
        source = module.read_text("utf-8")
        named |= set(re.findall(r'"((?:state|tray)-[a-z-]+)", "?\w', source))
        named |= set(re.findall(r"theme\.(?:icon|pixmap)\(\"([a-z-]+)\"", source))
    assert "state-gone" in named
    for name in named:
        assert theme.pixmap(name, 16, 1) is not None, name
