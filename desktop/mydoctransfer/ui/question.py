"""A question before something is done, and a word where nothing is."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mydoctransfer.ui.fitting import Fitting
from mydoctransfer.ui.pieces import button, label

_LEAST = 372  # pixels between the margins


class _Words(QDialog):
    """A heading, what there is to say, and buttons."""

    def __init__(self, name: str, head: str, body: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(head)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(24, 20, 24, 20)
        self._layout.setSpacing(10)
        self._layout.addWidget(label(head, "heading", f"{name}-head"))
        self._layout.addWidget(label(body, "", f"{name}-body"))
        self._layout.addStretch(1)
        self._layout.addSpacing(6)
        Fitting(self)

    def _end_with(self, first: QPushButton, *others: QPushButton) -> None:
        """Put the buttons in; the first is what Return presses."""
        last = QHBoxLayout()
        last.addStretch(1)
        for one in (first, *others):
            last.addWidget(one)
        self._layout.addLayout(last)
        self._layout.addStrut(_LEAST)
        first.setDefault(True)
        first.setFocus()


class Question(_Words):
    """Asks before something is done. The careful answer is the default."""

    def __init__(
        self,
        name: str,
        head: str,
        body: str,
        yes: str,
        on_yes: Callable[[], None],
        parent: QWidget | None = None,
        no: str = "",
        is_harmless: bool = False,
    ) -> None:
        """`no` is what the careful answer is called where "Cancel" would be misread."""
        super().__init__(name, head, body, parent)
        self.no = button(no or self.tr("&Cancel"), f"{name}-no", self.reject)
        self.yes = button(yes, f"{name}-yes", self.accept, "" if is_harmless else "danger")
        self.accepted.connect(on_yes)
        self._end_with(self.no, self.yes)


class Choosing(_Words):
    """Asks which of several things is done. Doing none of them is the default."""

    def __init__(
        self,
        name: str,
        head: str,
        body: str,
        ways: Sequence[tuple[str, str, Callable[[], None]]],
        parent: QWidget | None = None,
    ) -> None:
        """`ways`: what a button says, the end of its name, and what it does."""
        super().__init__(name, head, body, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.no = button(self.tr("&Cancel"), f"{name}-no", self.reject)
        self.ways = [
            button(says, f"{name}-{end}", partial(self._go, way)) for says, end, way in ways
        ]
        self._end_with(self.no, *self.ways)

    def _go(self, way: Callable[[], None]) -> None:
        self.accept()
        way()


class Telling(_Words):
    """Says why something is not done."""

    def __init__(self, name: str, head: str, body: str, parent: QWidget | None = None) -> None:
        super().__init__(name, head, body, parent)
        self.ok = button(self.tr("&OK"), f"{name}-ok", self.accept, "primary")
        self._end_with(self.ok)
