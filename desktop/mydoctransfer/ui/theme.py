"""Colours, icons and the style sheet, for light and for dark.

A theme is a value (`Colours`); palette and style sheet are made from it. `PAIRS` names which colour
is read on which: a test computes their contrast (WCAG 2.2 AA). Icons are SVG files drawn for this
product; those drawn in `currentColor` take the colour of the text around them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QGuiApplication, QIcon, QImageReader, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

import mydoctransfer
from mydoctransfer.ui.style_sheet import SHEET


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. Every value is a `#rrggbb`."""

    is_dark: bool
    window: str
    base: str
    raised: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    accent_hover: str
    on_accent: str
    selected: str
    on_selected: str
    tint: str
    hover: str
    warning: str
    warning_back: str
    danger: str
    danger_back: str
    good: str


LIGHT = Colours(
    is_dark=False,
    window="#f5f6f8",
    base="#ffffff",
    raised="#ffffff",
    text="#1b2027",
    muted="#596270",
    line="#e1e4ea",
    edge="#868e9b",
    accent="#2456d3",
    accent_hover="#1c46b0",
    on_accent="#ffffff",
    selected="#dce6fd",
    on_selected="#152a57",
    tint="#f1f6ff",
    hover="#eceff4",
    warning="#8f4700",
    warning_back="#fff3df",
    danger="#b0211a",
    danger_back="#fdeceb",
    good="#1c6a3d",
)

DARK = Colours(
    is_dark=True,
    window="#1a1d22",
    base="#20242a",
    raised="#2a2f37",
    text="#e9ebee",
    muted="#a8b0bc",
    line="#343a43",
    edge="#7d8794",
    accent="#8ab0ff",
    accent_hover="#a8c5ff",
    on_accent="#0c1a38",
    selected="#2d4471",
    on_selected="#f2f6ff",
    tint="#252d3b",
    hover="#31373f",
    warning="#ffb869",
    warning_back="#3a2d1c",
    danger="#ff9a92",
    danger_back="#40252a",
    good="#86d9a4",
)

# (read, on): contrast of at least 4.5 to 1.
PAIRS = (
    ("text", "window"),
    ("text", "base"),
    ("text", "raised"),
    ("text", "tint"),
    ("text", "hover"),
    ("text", "warning_back"),
    ("text", "danger_back"),
    ("muted", "window"),
    ("muted", "base"),
    ("muted", "tint"),
    ("muted", "raised"),
    ("accent", "window"),
    ("accent", "base"),
    ("accent", "tint"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_selected", "selected"),
    ("warning", "base"),
    ("warning", "tint"),
    ("warning", "window"),
    ("warning", "warning_back"),
    ("danger", "base"),
    ("danger", "tint"),
    ("danger", "window"),
    ("danger", "danger_back"),
    ("good", "base"),
    ("good", "window"),
)

# (seen, on): parts of controls and marks, at least 3 to 1.
SHAPES = (("edge", "base"), ("edge", "window"), ("accent", "base"), ("accent", "selected"))

# Circles of other people: white letters on these.
CIRCLES = ("#7a3e9d", "#0f6b6b", "#9c3d2e", "#4d5a1e", "#8a2f62", "#34577f", "#6b4a1f", "#3f4fa0")


# How large these letters are, in those of the text: a style sheet knows only points.
LETTERS = {"title_letters": 1.8, "heading_letters": 1.1}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def current() -> Colours:
    """Return the colours in force."""
    return _state.colours


def apply(colours: Colours) -> None:
    """Put a theme in force, everywhere and at once."""
    _state.colours = colours
    _rendered.cache_clear()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setPalette(palette(colours))
    app.setStyleSheet(style_sheet(colours, QFontInfo(app.font()).pointSizeF()))
    for listener in tuple(_state.listeners):
        listener()


def follow_system() -> None:
    """Take the system's choice of light or dark and its letters, now and whenever they change."""
    hints = QGuiApplication.styleHints()
    apply(DARK if hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT)
    hints.colorSchemeChanged.connect(
        lambda scheme: apply(DARK if scheme is Qt.ColorScheme.Dark else LIGHT)
    )
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.fontChanged.connect(lambda font: apply(current()))


def on_change(owner: QObject, listener: Callable[[], None]) -> None:
    """Call `listener` after every change of theme, for as long as `owner` lives."""
    _state.listeners.append(listener)
    owner.destroyed.connect(lambda: _state.listeners.remove(listener))


def palette(colours: Colours) -> QPalette:
    """Return the Qt palette of a theme."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, name in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.base),
        (role.AlternateBase, colours.tint),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger),
        (role.Highlight, colours.selected),
        (role.HighlightedText, colours.on_selected),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Light, colours.raised),
        (role.Midlight, colours.line),
        (role.Mid, colours.edge),
        (role.Dark, colours.edge),
    ):
        made.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.edge))
    return made


def icon(name: str, colour: str | None = None, edge: int = 16) -> QIcon:
    """Return an icon of `resources/icons` at `edge` points; empty where there is none.

    `colour` (`#rrggbb`, default: the text's) is what `currentColor` in the drawing means.
    """
    made = QIcon()
    for ratio in (1, 2, 3):
        pixmap = _rendered(name, colour or current().text, edge, ratio)
        if pixmap is None:
            break
        made.addPixmap(pixmap)
    return made


def pixmap(name: str, edge: int, ratio: float, colour: str | None = None) -> QPixmap | None:
    """Return an icon as a picture for a screen of that device pixel ratio."""
    return _rendered(name, colour or current().text, edge, ratio)


def application_icon() -> QIcon:
    """Return the application's icon, from its file (so that every size is drawn sharp)."""
    path = resources() / "icons" / "application.svg"
    return QIcon(str(path)) if path.is_file() else QIcon()


@cache
def resources() -> Path:
    """Return the directory of the resources: in the package, or in the checkout beside it."""
    packaged = Path(mydoctransfer.__file__).parent / "_resources"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "resources"


def style_sheet(colours: Colours, points: float) -> str:
    """Return the style sheet of a theme, where the letters of the text have that many points."""
    text = SHEET
    for name, times in LETTERS.items():
        text = text.replace(f"@{name}", f"{times * points:.1f}pt")
    for name in sorted(Colours.__dataclass_fields__, key=len, reverse=True):
        text = text.replace(f"@{name}", str(getattr(colours, name)))
    return text


class _State:
    """The theme in force and who wants to know of another."""

    def __init__(self) -> None:
        self.colours = LIGHT
        self.listeners: list[Callable[[], None]] = []


_state = _State()


@cache
def _rendered(name: str, colour: str, edge: int, ratio: float) -> QPixmap | None:
    drawing = _drawing(name)
    if drawing is None:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(drawing.replace(b"currentColor", colour.encode())))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(round(edge * ratio), round(edge * ratio)))
    picture = QPixmap.fromImage(reader.read())
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def _drawing(name: str) -> bytes | None:
    path = resources() / "icons" / f"{name}.svg"
    return path.read_bytes() if path.is_file() else None


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
