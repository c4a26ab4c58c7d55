"""The one door between the window and everything that is no window.

Outwards: `Outside`, what the composition root gives to the interface. Inwards: `Inlet`, what the
composition root may call, from any thread. `Bridge` is both ends' meeting point on Qt's side: its
one `Signal(object)` brings whatever arrives to Qt's thread; from there on everything is a plain
method call from parent to child. Events are collected and handed on at most every 50 ms.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.commands import Answer, Command
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import Event, ProblemRaised, StatusChanged
from mydoctransfer.model.notifications import Notification
from mydoctransfer.model.preferences import Network, Preferences
from mydoctransfer.model.wishes import Wish
from mydoctransfer.ui.said import said, said_of

FLUSH_MS = 50

Result = Answer | AppError
Then = Callable[[Result], None]


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What a look at a proposed folder found.

    Attributes:
        exists: False: it would be made.
        files, size: regular files in it at any depth, and their bytes.
        is_more: the look was cut short: there are at least that many.
        free: bytes free on its disk.
    """

    exists: bool
    files: int
    size: int
    is_more: bool
    free: int


class Inlet(Protocol):
    """What the composition root may call, from any thread, between `start` and `quit`."""

    def deliver(self, events: tuple[Event, ...]) -> None:
        """Hand over what the engine tells."""

    def notification_activated(self, key: str, action: str) -> None:
        """A notification was clicked: `action` is one of those given, "" for its body."""

    def take_wish(self, wish: Wish) -> None:
        """Bring the window to the front, and do what a second start of the application wants."""


class Outside(Protocol):
    """What the interface needs. Nothing here may block: replies come later, on any thread."""

    @property
    def has_connection(self) -> bool:
        """Whether this installation knows its cloud."""

    @property
    def can_sign_up(self) -> bool:
        """Whether people make their accounts of this cloud themselves."""

    @property
    def default_folder(self) -> str:
        """The folder to propose, absolute."""

    @property
    def is_first_account(self) -> bool:
        """Whether links and file managers of the desktop are told of by this account's choice."""

    @property
    def inbox_dir(self) -> str:
        """Where downloads go, absolute."""

    @property
    def log_dir(self) -> str:
        """Where the logs lie, absolute."""

    @property
    def setup_link(self) -> str:
        """The link that connects another installation to the same cloud; "" before there is one."""

    @property
    def preferences(self) -> Preferences:
        """What was chosen in the settings window."""

    @property
    def network(self) -> Network:
        """How the line may be used, as it stands in the settings now."""

    @property
    def folder_lifetime(self) -> int | None:
        """Seconds new documents of the folder live; None is the policy's default."""

    def start(self, inlet: Inlet) -> None:
        """The window stands: begin. Called once, before the event loop runs."""

    def tell(self, command: Command, reply: Callable[[Result], None] | None) -> None:
        """Tell the engine; `reply` is called exactly once."""

    def connect_file(self, path: str, reply: Callable[[Result], None]) -> None:
        """Read a connection file and remember it; afterwards `has_connection` is true."""

    def connect_text(self, text: str, reply: Callable[[Result], None]) -> None:
        """Take the text of a connection file or a set-up link, as `connect_file` takes the file."""

    def connect_like(self, key: str, reply: Callable[[Result], None]) -> None:
        """Use the cloud that another account uses, as `connect_file` uses the file's."""

    def forget_cloud(self, reply: Callable[[Result], None]) -> None:
        """End the engine and forget the cloud; afterwards `has_connection` is false."""

    def inspect_folder(self, path: str, reply: Callable[[FolderFacts | AppError], None]) -> None:
        """Look at a folder somebody proposes; an AppError where it can never be watched."""

    def prefer(self, preferences: Preferences, reply: Callable[[Result], None]) -> None:
        """Remember what was chosen in the settings window."""

    def limit(self, network: Network, reply: Callable[[Result], None]) -> None:
        """Use the line like this from now on."""

    def look_at_login_start(self, reply: Callable[[bool | AppError], None]) -> None:
        """Find out whether the application starts at login."""

    def start_at_login(self, wanted: bool, reply: Callable[[bool | AppError], None]) -> None:
        """Start at login, or do not; answers how it is now."""

    def save_diagnostics(self, path: str, reply: Callable[[Result], None]) -> None:
        """Write a bundle of logs and versions, without secrets, at `path`."""

    def reset(self, reply: Callable[[Result], None]) -> None:
        """Sign out and forget connection, folder and settings; files and documents stay."""

    def look_at_accounts(
        self, reply: Callable[[tuple[KnownAccount, ...] | AppError], None]
    ) -> None:
        """Find out which accounts there are besides this one, which is among them."""

    def open_account(self, key: str, reply: Callable[[Result], None]) -> None:
        """Bring another account's window to the front, starting it if it does not run."""

    def add_account(self, reply: Callable[[Result], None]) -> None:
        """Open a window for one more account."""

    def remove_account(self, reply: Callable[[Result], None]) -> None:
        """Reset this account, and open another; answers `is_last`: there is none."""

    def notify(self, notification: Notification) -> bool:
        """Show or (same key) replace a desktop notification; False where there is no service."""

    def now_ms(self) -> int:
        """Return this machine's time, milliseconds since the epoch."""

    def quit(self) -> None:
        """The person quits: end the engine. The event loop ends by itself."""


@dataclass(frozen=True, slots=True)
class _Told:
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class _Answered:
    then: Callable[..., None]
    owner: QObject
    result: object


@dataclass(frozen=True, slots=True)
class _Activated:
    key: str
    action: str


@dataclass(frozen=True, slots=True)
class _Wished:
    """Somebody wants something of the window."""

    wish: Wish


class Bridge(QObject):
    """Brings everything to Qt's thread, in order.

    Attributes:
        on_events, on_activated, on_wish: who is called there; set once by the builder.

    Signals:
        _arrived: anything from another thread.
    """

    _arrived = Signal(object)

    def __init__(self, outside: Outside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.outside = outside
        self.on_events: Callable[[tuple[Event, ...]], None] = lambda events: None
        self.on_activated: Callable[[str, str], None] = lambda key, action: None
        self.on_wish: Callable[[Wish], None] = lambda wish: None
        self._waiting: list[Event] = []
        self._flush = QTimer(self)
        self._flush.setSingleShot(True)
        self._flush.setInterval(FLUSH_MS)
        self._flush.timeout.connect(self.flush)
        self._arrived.connect(self._receive)

    def deliver(self, events: tuple[Event, ...]) -> None:
        """Take events; any thread."""
        self._arrived.emit(_Told(events))

    def notification_activated(self, key: str, action: str) -> None:
        """Take a click on a notification; any thread."""
        self._arrived.emit(_Activated(key, action))

    def take_wish(self, wish: Wish) -> None:
        """Take what a second start wants; any thread."""
        self._arrived.emit(_Wished(wish))

    def tell(self, command: Command, owner: QObject, then: Then | None = None) -> None:
        """Tell the engine; `then` gets the answer on Qt's thread, if `owner` still lives."""
        self.outside.tell(command, self._answer_to(owner, then or _nothing))

    def connect_file(self, path: str, owner: QObject, then: Then) -> None:
        """Remember a connection file; the answer comes like that of `tell`."""
        self.outside.connect_file(path, self._answer_to(owner, then))

    def connect_text(self, text: str, owner: QObject, then: Then) -> None:
        """Remember a connection file's text or a link's; the answer comes like that of `tell`."""
        self.outside.connect_text(text, self._answer_to(owner, then))

    def connect_like(self, key: str, owner: QObject, then: Then) -> None:
        """Use another account's cloud; the answer comes like that of `tell`."""
        self.outside.connect_like(key, self._answer_to(owner, then))

    def forget_cloud(self, owner: QObject, then: Then) -> None:
        """Forget the cloud again; the answer comes like that of `tell`."""
        self.outside.forget_cloud(self._answer_to(owner, then))

    def inspect_folder(
        self, path: str, owner: QObject, then: Callable[[FolderFacts | AppError], None]
    ) -> None:
        """Look at a folder; the answer comes like that of `tell`."""
        self.outside.inspect_folder(path, self._answer_to(owner, then))

    def prefer(self, preferences: Preferences, owner: QObject, then: Then) -> None:
        """Remember what was chosen in the settings; the answer comes like that of `tell`."""
        self.outside.prefer(preferences, self._answer_to(owner, then))

    def limit(self, network: Network, owner: QObject, then: Then) -> None:
        """Change how the line may be used; the answer comes like that of `tell`."""
        self.outside.limit(network, self._answer_to(owner, then))

    def look_at_login_start(self, owner: QObject, then: Callable[[bool | AppError], None]) -> None:
        """Find out about starting at login; the answer comes like that of `tell`."""
        self.outside.look_at_login_start(self._answer_to(owner, then))

    def start_at_login(
        self, wanted: bool, owner: QObject, then: Callable[[bool | AppError], None]
    ) -> None:
        """Change whether it starts at login; the answer comes like that of `tell`."""
        self.outside.start_at_login(wanted, self._answer_to(owner, then))

    def save_diagnostics(self, path: str, owner: QObject, then: Then) -> None:
        """Write the diagnostics; the answer comes like that of `tell`."""
        self.outside.save_diagnostics(path, self._answer_to(owner, then))

    def reset(self, owner: QObject, then: Then) -> None:
        """Begin anew; the answer comes like that of `tell`."""
        self.outside.reset(self._answer_to(owner, then))

    def look_at_accounts(
        self, owner: QObject, then: Callable[[tuple[KnownAccount, ...] | AppError], None]
    ) -> None:
        """Find out which accounts there are; the answer comes like that of `tell`."""
        self.outside.look_at_accounts(self._answer_to(owner, then))

    def open_account(self, key: str, owner: QObject, then: Then) -> None:
        """Go to another account; the answer comes like that of `tell`."""
        self.outside.open_account(key, self._answer_to(owner, then))

    def add_account(self, owner: QObject, then: Then) -> None:
        """Add an account; the answer comes like that of `tell`."""
        self.outside.add_account(self._answer_to(owner, then))

    def remove_account(self, owner: QObject, then: Then) -> None:
        """Remove this account; the answer comes like that of `tell`."""
        self.outside.remove_account(self._answer_to(owner, then))

    def flush(self) -> None:
        """Hand on the events that wait, now."""
        events, self._waiting = tuple(self._waiting), []
        if events:
            self.on_events(events)

    def _answer_to(self, owner: QObject, then: Callable[..., None]) -> Callable[[object], None]:
        return lambda result: self._arrived.emit(_Answered(then, owner, result))

    def _receive(self, arrived: object) -> None:
        match arrived:
            case _Told(events):
                self._waiting.extend(map(_in_words, events))
                if not self._flush.isActive():
                    self._flush.start()
            case _Answered(then, owner, result):
                # What was told before the answer is shown before the answer.
                self.flush()
                if _lives(owner):
                    then(said_of(result) if isinstance(result, AppError) else result)
            case _Activated(key, action):
                self.on_activated(key, action)
            case _Wished(wish):
                self.on_wish(wish)


def _in_words(event: Event) -> Event:
    """Return an event that speaks the person's language. Rows are put into words when seen."""
    match event:
        case StatusChanged(status):
            return StatusChanged(replace(status, message=said(status.message)))
        case ProblemRaised():
            return replace(event, message=said(event.message))
        case _:
            return event


def _nothing(result: Result) -> None:
    """Nobody waits for this answer."""


def _lives(owner: QObject) -> bool:
    """Whether Qt's side of an object is still there (importing shiboken6 to ask costs 60 ms)."""
    try:
        owner.objectName()
    except RuntimeError:
        return False
    return True
