"""Small widgets that several pages are made of."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from mydoctransfer.ui import theme
from mydoctransfer.ui.scrolled import Scrolled

W = TypeVar("W", bound=QWidget)


def named(widget: W, name: str) -> W:
    """Return the widget with its id."""
    widget.setObjectName(name)
    return widget


class _Label(QLabel):
    """Begins where reading begins: Qt goes by the direction of the text, not of the window."""

    def __init__(self) -> None:
        super().__init__()
        self._lean()

    def changeEvent(self, event: QEvent) -> None:
        """Change sides with the window."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._lean()

    def _lean(self) -> None:
        align = Qt.AlignmentFlag
        side = align.AlignRight if self.isRightToLeft() else align.AlignLeft
        self.setAlignment(side | align.AlignAbsolute | align.AlignVCenter)


def label(text: str = "", role: str = "", name: str = "") -> QLabel:
    """Return a label that shows its text as it is, never as markup."""
    made = _Label()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setProperty("role", role)
    made.setObjectName(name)
    made.setWordWrap(True)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


class _Button(QPushButton):
    """A button; on a filled one the focus has a second ring, as its edge alone is hardly seen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the second ring, inside."""
        super().paintEvent(event)
        if self.hasFocus() and self.property("role") == "primary":
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.current().on_accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 4, 4)


def button(
    text: str, name: str, clicked: Callable[[], object], role: str = "", icon: str = ""
) -> QPushButton:
    """Return a button; `icon` follows the theme."""
    made = _Button(text)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setAutoDefault(False)
    made.clicked.connect(lambda checked=False: clicked())
    if icon:
        follow_icon(made, icon, role)
    return made


def give_role(widget: QWidget, role: str) -> None:
    """Dress a widget for another role."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def follow_icon(target: QPushButton, icon: str, role: str = "") -> None:
    """Give a button an icon in the colour of its text, now and after a change of theme."""

    def draw() -> None:
        colours = theme.current()
        colour = {
            "primary": colours.on_accent,
            "danger": colours.danger,
        }.get(role, colours.text)
        target.setIcon(theme.icon(icon, colour))

    target.setIconSize(QSize(16, 16))
    theme.on_change(target, draw)
    draw()


class ChoiceBox(QComboBox):
    """A combo box whose arrow is drawn in the colour of its text."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow the style sheet cannot."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.current().text), 1.5))
        at = QStyle.visualPos(
            self.layoutDirection(), self.rect(), QPoint(self.width() - 16, self.height() // 2)
        )
        painter.drawPolyline([at + QPoint(-4, -2), at + QPoint(0, 2), at + QPoint(4, -2)])


def explained(box: QWidget, words: str) -> QWidget:
    """Return a box over words that explain it, beginning where its own words begin."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(box)
    indented = QHBoxLayout()
    indented.addSpacing(24)
    indented.addWidget(label(words, "muted"), 1)
    layout.addLayout(indented)
    return made


class NumberBox(QSpinBox):
    """A field for a number whose arrows are drawn in the colour of its text."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(8, 0, 8, 0)  # the style sheet's padding does not reach it

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrows the style sheet cannot."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.text if self.isEnabled() else colours.edge), 1.5))
        middle = QPoint(self.width() - 16, self.height() // 2)
        at = QStyle.visualPos(self.layoutDirection(), self.rect(), middle)
        for side in (-1, 1):
            tip = at + QPoint(0, 7 * side)
            foot = QPoint(0, -3 * side)
            painter.drawPolyline([tip + foot + QPoint(-3, 0), tip, tip + foot + QPoint(3, 0)])


class TickBox(QCheckBox):
    """A check box whose edge is seen in the dark too, and thick where the keyboard is.

    Fusion draws the edge darker than a dark window.
    """

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge again, as every other field's."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        width = _ring(painter, self)
        painter.drawRect(QRectF(box).adjusted(width / 2, width / 2, -width / 2, -width / 2))


class RadioBox(QRadioButton):
    """A radio button with the edge of a check box."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge again, as every other field's."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        dot = self.style().subElementRect(QStyle.SubElement.SE_RadioButtonIndicator, option, self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = _ring(painter, self)
        painter.drawEllipse(QRectF(dot).adjusted(width / 2, width / 2, -width / 2, -width / 2))


def _ring(painter: QPainter, box: QWidget) -> float:
    """Choose the pen for a box's edge and return its width."""
    colours = theme.current()
    has_focus = box.hasFocus()
    width = 2.0 if has_focus else 1.0
    painter.setPen(QPen(QColor(colours.accent if has_focus else colours.edge), width))
    return width


class Note(QFrame):
    """A message where it belongs: a sentence, perhaps a head line, perhaps what can be done.

    Screen readers are told when it appears.

    Attributes:
        comes_after: returns from where the keyboard comes to its actions; None is from where Qt
            puts what is made last.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}-frame")
        self.body = label(name=name)
        self._head = label(role="field", name=f"{name}-title")
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._head)
        words.addWidget(self.body)
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(12, 10, 12, 10)
        self._layout.setSpacing(8)
        self._layout.addLayout(words, 1)
        self._layout.addLayout(self._actions)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._buttons: list[QPushButton] = []
        self.comes_after: Callable[[], QWidget | None] = lambda: None
        self.hide()

    def lie_flat(self) -> None:
        """Put the actions beside the words."""
        self._layout.setDirection(QBoxLayout.Direction.LeftToRight)

    def say(self, role: str, body: str, head: str = "", *actions: QPushButton) -> None:
        """Show a message: role `note`, `warning` or `error`."""
        give_role(self, role)
        self._head.setText(head)
        self._head.setVisible(bool(head))
        self.body.setText(body)
        self._put(actions)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self.body, QAccessible.Event.Alert))

    def last_action(self) -> QWidget | None:
        """Return its last button, where it has any."""
        return self._buttons[-1] if self._buttons else None

    def silence(self) -> None:
        """Take the message away."""
        self.hide()
        self.body.setText("")
        self._put(())

    def _put(self, actions: tuple[QPushButton, ...]) -> None:
        for old in self._buttons:
            self._actions.removeWidget(old)
            old.hide()
            old.setObjectName("")  # it lives on until the event loop comes round
            old.deleteLater()
        self._buttons = list(actions)
        before = self.comes_after()
        for action in actions:
            self._actions.addWidget(action)
            if before is not None:
                self.setTabOrder(before, action)  # by itself it would come last in the window
            before = action
        if self._layout.direction() is QBoxLayout.Direction.TopToBottom and actions:
            self._actions.addStretch(1)


class Card(QWidget):
    """A page with one card in its middle: a head line, a sentence, and what there is to do."""

    WIDTH = 440

    def __init__(self, title: str, intro: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(self.WIDTH)
        self.body = QVBoxLayout(card)
        self.body.setContentsMargins(32, 28, 32, 28)
        self.body.setSpacing(12)
        self.title = label(title, "title")
        self.intro = label(intro, "muted")
        self._mark = QLabel()
        self._mark.setFixedHeight(48)
        self.body.addWidget(self._mark)
        self.body.addWidget(self.title)
        self.body.addWidget(self.intro)
        whole = QWidget()
        room = QVBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(Scrolled(whole))
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        down = QVBoxLayout(whole)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)
        theme.on_change(self, self._draw_mark)
        self._draw_mark()

    def _draw_mark(self) -> None:
        mark = theme.pixmap("application", 48, self.devicePixelRatioF())
        if mark is not None:
            self._mark.setPixmap(mark)

    def add_field(self, caption: str, field: QWidget, *beside: QWidget) -> QLabel:
        """Put a field under its caption, with what stands beside it; the mnemonic leads there."""
        above = label(caption, "field")
        above.setBuddy(field)
        field.setAccessibleName(caption.replace("&", ""))
        together = QVBoxLayout()
        together.setSpacing(4)
        together.addWidget(above)
        line = QHBoxLayout()
        line.addWidget(field, 1)
        for widget in beside:
            line.addWidget(widget)
        together.addLayout(line)
        self.body.addLayout(together)
        return above
