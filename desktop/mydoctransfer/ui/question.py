"""A question before something is done, and a word where nothing is."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mydoctransfer.ui.pieces import button, label


class Question(QDialog):
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
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(head, "heading", f"{name}-head"))
        layout.addWidget(label(body, "", f"{name}-body"))
        layout.addStretch(1)
        layout.addSpacing(6)
        self.yes = button(yes, f"{name}-yes", self.accept, "" if is_harmless else "danger")
        self.no = button(no or self.tr("&Cancel"), f"{name}-no", self.reject)
        self.no.setDefault(True)
        self.accepted.connect(on_yes)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.no)
        last.addWidget(self.yes)
        layout.addLayout(last)
        layout.addStrut(372)
        self.no.setFocus()


class Telling(QDialog):
    """Says why something is not done."""

    def __init__(self, name: str, head: str, body: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(head, "heading", f"{name}-head"))
        layout.addWidget(label(body, "", f"{name}-body"))
        layout.addStretch(1)
        layout.addSpacing(6)
        self.ok = button(self.tr("&OK"), f"{name}-ok", self.accept, "primary")
        self.ok.setDefault(True)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.ok)
        layout.addLayout(last)
        layout.addStrut(372)
        self.ok.setFocus()
