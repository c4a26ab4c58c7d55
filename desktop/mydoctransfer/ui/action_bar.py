"""The buttons above the table, and the same things as a menu and as shortcuts."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from mydoctransfer.ui import text, theme
from mydoctransfer.ui.choices import Act
from mydoctransfer.ui.pieces import button

BUTTONS = (
    Act.SHARE,
    Act.LINK,
    Act.DOWNLOAD,
    Act.RENAME,
    Act.EXTEND,
    Act.SEND_AGAIN,
    Act.DELETE,
)
# Where there is no room for all words, the buttons lose theirs in this order.
LOSING_WORDS = (
    Act.DELETE,
    Act.RENAME,
    Act.DOWNLOAD,
    Act.LINK,
    Act.EXTEND,
    Act.SEND_AGAIN,
    Act.SHARE,
)
MENU = (
    Act.OPEN,
    Act.SHOW_FILE,
    Act.FOLDER_RULE,
    None,
    Act.RESUME,
    Act.SHARE_AS_BEFORE,
    *BUTTONS,
    Act.RECEIPT,
)

_ICONS = {
    Act.SHARE: "share",
    Act.SHARE_AS_BEFORE: "share",
    Act.LINK: "link",
    Act.DOWNLOAD: "download",
    Act.RENAME: "rename",
    Act.EXTEND: "extend",
    Act.SEND_AGAIN: "send-again",
    Act.DELETE: "delete",
    Act.RECEIPT: "check",
    Act.OPEN: "eye",
    Act.SHOW_FILE: "folder",
    Act.FOLDER_RULE: "settings",
    Act.RESUME: "resume",
}
_KEYS = {
    Act.SHARE: "Ctrl+S",
    Act.SHARE_AS_BEFORE: "Ctrl+Shift+S",
    Act.LINK: "Ctrl+L",
    Act.DOWNLOAD: "Ctrl+D",
    Act.RENAME: "F2",
    Act.EXTEND: "Ctrl+E",
    Act.SEND_AGAIN: "Ctrl+R",
    Act.DELETE: "Del",
    Act.RECEIPT: "Ctrl+Shift+R",
    Act.OPEN: "Ctrl+O",
    Act.SHOW_FILE: "Ctrl+Shift+O",
    Act.FOLDER_RULE: "Ctrl+Shift+F",
    Act.RESUME: "Ctrl+P",
}


class ActionBar(QWidget):
    """Says which act was asked for; what is possible it is told.

    Attributes:
        on_act: called with the act. on_extend: called with the lifetime in seconds.
        on_add: called when somebody wants to add files.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on_act: Callable[[Act], None] = lambda act: None
        self.on_extend: Callable[[int], None] = lambda seconds: None
        self.on_add: Callable[[], None] = lambda: None
        self.extend_menu = QMenu(self)
        self.extend_menu.setObjectName("extend-menu")
        self.actions_by_act = {act: self._make_action(act) for act in Act}
        self.buttons = {act: self._make_button(act) for act in BUTTONS}
        self.add = button(
            self.tr("&Add files…"), "add-files-button", lambda: self.on_add(), "primary", "add"
        )
        self.add.setShortcut(QKeySequence("Ctrl+N"))
        self.buttons[Act.EXTEND].setMenu(self.extend_menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.add)
        layout.addSpacing(6)
        for made in self.buttons.values():
            layout.addWidget(made)
        layout.addStretch(1)
        self._row = layout
        theme.on_change(self, self._draw_icons)
        self._draw_icons()

    def allow(self, acts: frozenset[Act] | None) -> None:
        """Enable what is possible with what is selected; None where nothing is."""
        allowed = acts or frozenset()
        for act, action in self.actions_by_act.items():
            action.setEnabled(act in allowed)
        for act, made in self.buttons.items():
            made.setEnabled(act in allowed)
            called = self._called(act)
            is_refused = acts is not None and act not in acts
            refusal = self.tr("{act}: not possible with all that is selected")
            made.setToolTip(refusal.format(act=called) if is_refused else called)

    def offer_lifetimes(self, lifetimes: tuple[int, ...]) -> None:
        """Offer these lifetimes (seconds) for extending."""
        self.extend_menu.clear()
        for seconds in lifetimes:
            action = self.extend_menu.addAction(
                self.tr("{time} from now").format(time=text.lifetime(seconds))
            )
            action.setObjectName(f"extend-{seconds}")
            action.triggered.connect(lambda checked=False, s=seconds: self.on_extend(s))

    def show_lifetimes(self, below: QRect) -> None:
        """Offer to extend, with a menu that drops from a place on the screen."""
        actions, left = self.extend_menu.actions(), below.left()
        if not actions:
            return
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left = below.right() - self.extend_menu.sizeHint().width()
        self.extend_menu.popup(QPoint(left, below.bottom()))
        self.extend_menu.setActiveAction(actions[0])

    def context_menu(self) -> QMenu:
        """Return a menu of what is possible."""
        menu = QMenu(self)
        menu.setObjectName("documents-menu")
        menu.setAccessibleName(self.tr("Document"))
        for act in MENU:
            if act is None:
                menu.addSeparator()
            elif not self.actions_by_act[act].isEnabled():
                continue
            elif act is Act.EXTEND:
                self.extend_menu.setTitle(self.actions_by_act[act].text())
                self.extend_menu.setIcon(self.actions_by_act[act].icon())
                menu.addMenu(self.extend_menu)
            else:
                menu.addAction(self.actions_by_act[act])
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words where there is no room for them; the tooltips keep them."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Icons alone always fit."""
        narrow = sum(38 for _ in self.buttons) + self.add.sizeHint().width()
        return QSize(narrow, super().minimumSizeHint().height())

    def words(self, act: Act) -> str:
        """Return what an act is called."""
        return {
            Act.SHARE: self.tr("&Share…"),
            Act.SHARE_AS_BEFORE: self.tr("Share as &before"),
            Act.LINK: self.tr("Get &link…"),
            Act.DOWNLOAD: self.tr("&Download"),
            Act.RENAME: self.tr("Rena&me…"),
            Act.EXTEND: self.tr("&Extend"),
            Act.SEND_AGAIN: self.tr("Send a&gain"),
            Act.DELETE: self.tr("&Withdraw…"),
            Act.RECEIPT: self.tr("Re&ceipt…"),
            Act.OPEN: self.tr("&Open"),
            Act.SHOW_FILE: self.tr("Show in &folder"),
            Act.FOLDER_RULE: self.tr("R&ule of this folder…"),
            Act.RESUME: self.tr("Resume sendi&ng"),
        }[act]

    def _make_action(self, act: Act) -> QAction:
        action = QAction(self.words(act), self)
        action.setObjectName(f"{act.value}-action")
        action.setShortcut(QKeySequence(_KEYS[act]))
        action.triggered.connect(lambda checked=False: self._act(act))
        self.addAction(action)
        return action

    def _make_button(self, act: Act) -> QPushButton:
        made = button(self.words(act), f"{act.value}-button", lambda: self._act(act), "quiet")
        plain = made.text().replace("&", "").rstrip("…")
        made.setAccessibleName(plain)
        made.setToolTip(self._called(act))
        return made

    def _called(self, act: Act) -> str:
        plain = self.words(act).replace("&", "").rstrip("…")
        return f"{plain} ({self.actions_by_act[act].shortcut().toString()})"

    def _act(self, act: Act) -> None:
        if act is Act.EXTEND:
            self.buttons[act].showMenu()
        else:
            self.on_act(act)

    def _draw_icons(self) -> None:
        colours = theme.current()
        for act, action in self.actions_by_act.items():
            action.setIcon(theme.icon(_ICONS[act], colours.text))
        for act, made in self.buttons.items():
            made.setIcon(self.actions_by_act[act].icon())

    def _fit(self) -> None:
        for act, made in self.buttons.items():
            made.setText(self.words(act))
        for act in LOSING_WORDS:
            if self._row.sizeHint().width() <= self.width():
                return
            self.buttons[act].setText("")
