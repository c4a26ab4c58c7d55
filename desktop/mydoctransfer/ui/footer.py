"""The line at the bottom of the window: how things stand."""

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.ui import text, theme
from mydoctransfer.ui.elided_line import ElidedLine
from mydoctransfer.ui.pieces import button, label


class Footer(QFrame):
    """One line: how things stand, what needs attention, who is signed in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.on_problems: Callable[[], None] = lambda: None
        self._status = Status(EngineState.SIGNED_OUT)
        self._paused = 0
        self._picture = QLabel()
        self.state = ElidedLine("state-label")
        self.problems = button("", "problems-button", lambda: self.on_problems(), "link")
        self.account = label("", "muted", "account-label")
        self.account.setWordWrap(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.setSpacing(8)
        layout.addWidget(self._picture)
        layout.addWidget(self.state, 1)
        layout.addWidget(self.problems)
        layout.addSpacing(12)
        layout.addWidget(self.account)
        self.problems.hide()
        theme.on_change(self, self._draw)

    def show_status(self, status: Status) -> None:
        """Show how the engine stands."""
        self._status = status
        self._show_state()
        person = status.account.person if status.account else None
        self.account.setText(text.described(person) if person else "")
        self._draw()

    def show_problems(self, count: int) -> None:
        """Show how many rows need attention."""
        self.problems.setText(self.tr("%Ln item(s) need attention", "", count))
        self.problems.setVisible(count > 0)

    def show_paused(self, count: int) -> None:
        """Show how many documents wait until somebody resumes them."""
        self._paused = count
        self._show_state()

    def _show_state(self) -> None:
        words = status_words(self._status)
        if self._paused and self._status.state is EngineState.IDLE:
            words = self.tr("%Ln document(s) paused, all else is up to date", "", self._paused)
        self.state.say(words)

    def _draw(self) -> None:
        name = f"tray-{self._status.state.value.replace('signed_out', 'offline')}"
        picture = theme.pixmap(name, 18, self.devicePixelRatioF())
        if picture is not None:
            self._picture.setPixmap(picture)


def status_words(status: Status) -> str:
    """Return how the engine stands, in a sentence."""
    words = _WORDS.of(status)
    return f"{words}: {text.shown(status.message)}" if status.message else words


class _Words(QObject):
    """The states in words; an object because only `tr` of an object knows plurals."""

    def of(self, status: Status) -> str:
        match status.state:
            case EngineState.IDLE:
                return self.tr("Everything is up to date")
            case EngineState.SYNCING if status.queued:
                return self.tr("Sending %Ln document(s)", "", status.queued)
            case EngineState.SYNCING:
                return self.tr("Looking for changes")
            case EngineState.PAUSED if status.paused_until is not None:
                now = QDateTime.currentMSecsSinceEpoch()
                return self._paused_until(text.clock(status.paused_until, now), status.queued)
            case EngineState.PAUSED if status.queued:
                return self.tr("Paused, %Ln document(s) waiting", "", status.queued)
            case EngineState.PAUSED:
                return self.tr("Paused")
            case EngineState.OFFLINE:
                return self.tr("Offline")
            case EngineState.PROBLEM:
                return self.tr("Something needs your attention")
            case EngineState.SIGNED_OUT:
                return self.tr("Not signed in")

    def _paused_until(self, time: str, queued: int) -> str:
        if queued:
            return self.tr("Paused until {time}, %Ln document(s) waiting", "", queued).format(
                time=time
            )
        return self.tr("Paused until {time}").format(time=time)


_WORDS = _Words()
