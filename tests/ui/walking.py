"""Looks at a window as somebody does who has only a keyboard, or needs large letters."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QWidget,
)

from mydoctransfer.ui import theme

Role = QAccessible.Role
# What somebody can use, and as what a screen reader may announce it.
ROLES: tuple[tuple[type[QWidget], tuple[Role, ...]], ...] = (
    (QCheckBox, (Role.CheckBox,)),
    (QRadioButton, (Role.RadioButton,)),
    (QAbstractButton, (Role.Button, Role.ButtonMenu, Role.CheckBox, Role.RadioButton)),
    (QLineEdit, (Role.EditableText,)),
    (QComboBox, (Role.ComboBox,)),
    (QAbstractSpinBox, (Role.SpinBox,)),
    (QAbstractItemView, (Role.Table, Role.List, Role.Tree)),
    (QTabBar, (Role.PageTabList,)),
)
_KINDS = tuple(kind for kind, _ in ROLES)
_WHOLE = (QLineEdit, QComboBox, QAbstractSpinBox, QTabBar, QAbstractItemView)
MOST_STOPS = 100


def front(window: QWidget) -> QWidget:
    """Return the dialog that is open over a window, or the window."""
    dialogs = [made for made in window.findChildren(QDialog) if made.isVisible()]
    return dialogs[-1] if dialogs else window


def shown(surface: QWidget) -> Iterator[QWidget]:
    """Yield the parts that are seen."""
    for widget in surface.findChildren(QWidget):
        if widget.isVisibleTo(surface) and widget.window() is surface:
            yield widget


def controls(surface: QWidget) -> list[QWidget]:
    """Return what somebody can use, without the parts that such a thing is made of."""
    return [
        widget
        for widget in shown(surface)
        if isinstance(widget, _KINDS)
        and not isinstance(widget, QHeaderView)
        and not _is_part(widget, surface)
    ]


def announced(widget: QWidget) -> tuple[str, Role]:
    """Return name and role as a screen reader gets them."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name), interface.role()


def allowed_roles(widget: QWidget) -> tuple[Role, ...]:
    """Return what a control may be announced as."""
    return next(roles for kind, roles in ROLES if isinstance(widget, kind))


def stops(surface: QWidget) -> Iterator[QWidget]:
    """Press Tab until it comes round; yield where it was before each press."""
    first = current = QApplication.focusWidget()
    assert first is not None and first.window() is surface, "nothing has the focus"
    for _ in range(MOST_STOPS):
        yield current
        current = _after_tab(current)
        if current is first:
            return
    raise AssertionError("Tab does not come round")


def is_reached(widget: QWidget, reached: list[QWidget]) -> bool:
    """Whether Tab came to it, to a part of it, or to its group, in which the arrows lead on.

    Chips and proposals are such a group, with the line in which people are written.
    """
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    together = group.buttons() if group is not None else [widget]
    if isinstance(widget, QRadioButton):
        together = widget.parentWidget().findChildren(QRadioButton)
    stem, _, part = widget.objectName().partition("-")
    if part.startswith(("chip", "found")):
        together = [stop for stop in reached if stop.objectName() == f"{stem}-people"]
    return any(one in reached or one.isAncestorOf(stop) for one in together for stop in reached)


def is_backwards(before: QWidget, after: QWidget, surface: QWidget) -> bool:
    """Whether the second lies before the first in reading order: above it, or left in its line."""
    one, other = _place(before, surface), _place(after, surface)
    is_in_column = one.left() < other.right() and other.left() < one.right()
    is_in_line = one.top() < other.bottom() and other.top() < one.bottom()
    if is_in_column:
        return other.bottom() <= one.top()
    return is_in_line and other.right() <= one.left()


def seen(widget: QWidget, surface: QWidget) -> QImage:
    """Return a picture of a control and of the ring around it."""
    rect = _place(widget, surface).adjusted(-4, -4, 4, 4)
    return surface.grab(rect).toImage()


def clear_difference(one: QImage, other: QImage) -> int:
    """Return how many points differ with a contrast of 3 to 1."""
    assert one.size() == other.size()
    differing = [
        (one.pixelColor(x, y).name(), other.pixelColor(x, y).name())
        for y in range(one.height())
        for x in range(one.width())
        if one.pixel(x, y) != other.pixel(x, y)
    ]
    return sum(theme.contrast(before, after) >= 3 for before, after in differing)


def cut_words(surface: QWidget) -> list[str]:
    """Return what is not seen whole."""
    return [f"{w.objectName()}: {w.text()}" for w in shown(surface) if _is_cut(w)]


def _after_tab(current: QWidget) -> QWidget:
    """Press Tab until it leads on: once more where it first took what was written."""
    for _ in range(2):
        QTest.keyClick(current, Qt.Key.Key_Tab)
        after = QApplication.focusWidget()
        assert after is not None, "Tab leads nowhere"
        if after is not current:
            return after
    return current


def _is_cut(widget: QWidget) -> bool:
    if isinstance(widget, QLabel) and widget.wordWrap():
        return bool(widget.text()) and widget.heightForWidth(widget.width()) > widget.height() + 1
    if not isinstance(widget, QLabel | QPushButton | QCheckBox | QRadioButton):
        return False
    return bool(widget.text()) and widget.sizeHint().width() > widget.width() + 1


def _is_part(widget: QWidget, surface: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not surface:
        if isinstance(parent, _WHOLE):
            return True
        parent = parent.parentWidget()
    return False


def _place(widget: QWidget, surface: QWidget) -> QRect:
    return QRect(widget.mapTo(surface, QPoint(0, 0)), widget.size())
