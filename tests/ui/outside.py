"""A stand-in for what lies outside the window: our own port, with state and a record.

It answers like the engine would, at once and on the thread that asked, so that a test reads from
top to bottom. A test that wants an answer later or another one puts it into `answers`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.commands import Command
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.events import EngineState, Event, ItemState, Row, Status, StatusChanged
from mydoctransfer.model.notifications import Notification
from mydoctransfer.model.preferences import Network, Preferences
from mydoctransfer.model.trees import Account, Person, Policy, RelPath, ShareId
from mydoctransfer.ui.bridge import FolderFacts, Inlet, Result

NOW = 1_790_000_000_000
ADA = Person("ada@example.org", "Ada", "Sender")
BOB = Person("bob@example.org", "Bob", "Recipient")
EVE = Person("eve@example.org", "Eve", "Müller")
ACCOUNT = Account("sub-ada", ADA, (), Policy(), "epoch")


@dataclass
class Outside:
    """What was told, what was notified, and what will be answered."""

    has_connection: bool = True
    can_sign_up: bool = False
    setup_link: str = "mydoctransfer://setup?connection=e30"
    default_folder: str = "/home/ada/MyDoc Transfer"
    log_dir: str = "/home/ada/.local/state/mydoctransfer/log"
    preferences: Preferences = field(default_factory=Preferences)
    network: Network = field(default_factory=Network)
    folder_lifetime: int | None = None
    is_at_login: bool = False
    is_first_account: bool = True
    accounts: tuple[KnownAccount, ...] = (KnownAccount("a", ADA.email, "a.example", None, True),)
    went_to: list[str] = field(default_factory=list)
    removed: Result | None = None
    saved: AppError | None = None
    diagnostics: list[str] = field(default_factory=list)
    inbox_dir: str = "/home/ada/MyDoc Inbox"
    now: int = NOW
    facts: FolderFacts | AppError = field(
        default_factory=lambda: FolderFacts(False, 0, 0, False, 50 * 2**30)
    )
    connected: AppError | None = None
    pasted: list[str] = field(default_factory=list)
    told: list[Command] = field(default_factory=list)
    notices: list[Notification] = field(default_factory=list)
    answers: dict[type, Result] = field(default_factory=dict)
    held_back: list[Callable[[], None]] = field(default_factory=list)
    is_holding_back: bool = False
    has_quit: bool = False
    inlet: Inlet | None = None

    def start(self, inlet: Inlet) -> None:
        self.inlet = inlet

    def tell(self, command: Command, reply: Callable[[Result], None] | None) -> None:
        self.told.append(command)
        if reply is not None:
            answer = self.answers.get(type(command), {"ok": True})
            self._answer(lambda: reply(answer))

    def connect_file(self, path: str, reply: Callable[[Result], None]) -> None:
        self.has_connection = self.connected is None
        self._answer(lambda: reply(self.connected or {"ok": True}))

    def connect_text(self, text: str, reply: Callable[[Result], None]) -> None:
        self.pasted.append(text)
        self.connect_file("", reply)

    def connect_like(self, key: str, reply: Callable[[Result], None]) -> None:
        self.pasted.append(key)
        self.connect_file("", reply)

    def forget_cloud(self, reply: Callable[[Result], None]) -> None:
        self.has_connection = False
        self._answer(lambda: reply({"ok": True}))

    def inspect_folder(self, path: str, reply: Callable[[FolderFacts | AppError], None]) -> None:
        self._answer(lambda: reply(self.facts))

    def prefer(self, preferences: Preferences, reply: Callable[[Result], None]) -> None:
        if self.saved is None:
            self.preferences = preferences
        self._answer(lambda: reply(self.saved or {"ok": True}))

    def limit(self, network: Network, reply: Callable[[Result], None]) -> None:
        if self.saved is None:
            self.network = network
        self._answer(lambda: reply(self.saved or {"ok": True}))

    def look_at_login_start(self, reply: Callable[[bool | AppError], None]) -> None:
        self._answer(lambda: reply(self.is_at_login))

    def start_at_login(self, wanted: bool, reply: Callable[[bool | AppError], None]) -> None:
        self.is_at_login = wanted
        self._answer(lambda: reply(self.is_at_login))

    def save_diagnostics(self, path: str, reply: Callable[[Result], None]) -> None:
        self.diagnostics.append(path)
        self._answer(lambda: reply(self.saved or {"ok": True}))

    def reset(self, reply: Callable[[Result], None]) -> None:
        self.has_connection = self.saved is not None
        self._answer(lambda: reply(self.saved or {"ok": True}))

    def look_at_accounts(
        self, reply: Callable[[tuple[KnownAccount, ...] | AppError], None]
    ) -> None:
        self._answer(lambda: reply(self.accounts))

    def open_account(self, key: str, reply: Callable[[Result], None]) -> None:
        self.went_to.append(key)
        self._answer(lambda: reply(self.saved or {"ok": True}))

    def add_account(self, reply: Callable[[Result], None]) -> None:
        self.open_account("", reply)

    def remove_account(self, reply: Callable[[Result], None]) -> None:
        self._answer(lambda: reply(self.removed or {"is_last": len(self.accounts) == 1}))

    def notify(self, notification: Notification) -> bool:
        self.notices.append(notification)
        return True

    def now_ms(self) -> int:
        return self.now

    def quit(self) -> None:
        self.has_quit = True

    def let_go(self) -> None:
        """Give the answers that were held back."""
        waiting, self.held_back = self.held_back, []
        for answer in waiting:
            answer()

    def told_of(self, kind: type) -> list[Command]:
        """Return the commands of one kind."""
        return [command for command in self.told if isinstance(command, kind)]

    def _answer(self, answer: Callable[[], None]) -> None:
        if self.is_holding_back:
            self.held_back.append(answer)
        else:
            answer()


def signed_in(state: EngineState = EngineState.IDLE, **more: object) -> tuple[Event, ...]:
    """Return what the engine tells when somebody is signed in and has a folder."""
    fields = {"folder": "/home/ada/MyDoc Transfer", "account": ACCOUNT, "email": ADA.email}
    return (StatusChanged(Status(state, **{**fields, **more})),)  # type: ignore[arg-type]


def row(key: str, **more: object) -> Row:
    """Return a row of a document of mine in the cloud, or what `more` makes of it."""
    values: dict[str, object] = {
        "key": key,
        "path": RelPath(key),
        "share_id": ShareId(f"id of {key}"),
        "name": key.rpartition("/")[2],
        "size": 123_456,
        "owner": ADA,
        "is_mine": True,
        "people": (),
        "uploaded_at": NOW,
        "expires_at": NOW + 3_600_000,
        "state": ItemState.SYNCED,
    }
    return Row(**{**values, **more})  # type: ignore[arg-type]


def shared_row(name: str, owner: Person = BOB, **more: object) -> Row:
    """Return a row of a document that somebody else shared."""
    others = {"name": name, "path": None, "owner": owner, "is_mine": False}
    return row(f"id of {name}", **{**others, **more})
