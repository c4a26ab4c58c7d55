"""What the engine can be told: values that go into it, from the window, the tray and the CLI.

Every command has one answer: the JSON object the command line prints for it (design §6), or an
`AppError`. The same values cross the control socket (`adapters/frames.py`).
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Store(Enum):
    """Where the refresh token is kept."""

    KEYRING = "keyring"
    FILE = "file"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sign in. Fails with `new_password_required` or `code_required` when the pool asks for more:
    send it again with that field filled. After `second_factor_required` it wants
    `BeginSecondFactor` first, and then the code that proves it."""

    email: str
    password: str = field(repr=False)
    store: str = Store.KEYRING.value
    new_password: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignOut:
    """Forget the session here, or (everywhere) revoke all of this account's sessions."""

    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class SignUp:
    """Make an account of one's own; it counts once `ConfirmSignUp` brought the code sent."""

    email: str
    password: str = field(repr=False)
    given_name: str
    family_name: str


@dataclass(frozen=True, slots=True)
class ConfirmSignUp:
    """Prove that an account's address is one's own, with the code that was sent there."""

    email: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendSignUpCode:
    """Have that code sent again."""

    email: str


@dataclass(frozen=True, slots=True)
class ForgotPassword:
    """Have a code sent to somebody who forgot their password."""

    email: str


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """Choose a new password with the code that was sent."""

    email: str
    code: str = field(repr=False)
    new_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Replace the password of whoever is signed in."""

    password: str = field(repr=False)
    new_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LookAtSecondFactor:
    """Whether signing in asks for a code of an authenticator application: `{"is_on"}`."""


@dataclass(frozen=True, slots=True)
class BeginSecondFactor:
    """Make a secret for such an application: `{"secret", "address"}`, the latter for a QR code.

    `email`: whose it is, when a sign-in asked for it; "" is whoever is signed in.
    """

    email: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmSecondFactor:
    """Prove with a code that the application has the secret; from now on a code is asked for."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EndSecondFactor:
    """Ask for no code any more."""


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """Who is signed in."""


@dataclass(frozen=True, slots=True)
class ChooseFolder:
    """Watch this folder (absolute path). `lifetime` in seconds is the folder's default.

    `is_new`: make it first, if it is not there (the window's proposal). `is_only_new`: what lies
    in it now is not sent until it is edited.
    """

    folder: str
    lifetime: int | None = None
    is_new: bool = False
    is_only_new: bool = False


@dataclass(frozen=True, slots=True)
class SetFolderRule:
    """New documents under this subfolder get this lifetime (seconds) and these people."""

    path: str
    lifetime: int | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveFolderRule:
    """New documents under this subfolder follow the next rule above it, or none."""

    path: str


@dataclass(frozen=True, slots=True)
class AddFiles:
    """Copy what was dropped on the window (absolute paths) into the folder, under `into`."""

    sources: tuple[str, ...]
    into: str = ""


@dataclass(frozen=True, slots=True)
class SyncOnce:
    """Scan, push, settle; answers when everything is settled. `delete_grace` in seconds."""

    delete_grace: int = 60


@dataclass(frozen=True, slots=True)
class GetStatus:
    """How things stand, with every item."""


@dataclass(frozen=True, slots=True)
class ListDocuments:
    """The documents, from the journal."""

    shared_with_me: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """Add people. `target` is a PATH or an ID as on the command line."""

    target: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unshare:
    """Remove people."""

    target: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindUsers:
    """Search the directory."""

    query: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """Change the name people see. The file on disk keeps its own."""

    target: str
    name: str


@dataclass(frozen=True, slots=True)
class Extend:
    """Let it expire `lifetime` seconds from now."""

    target: str
    lifetime: int


@dataclass(frozen=True, slots=True)
class ChangeLink:
    """Make a document's link, change it, or show it again: what is None stays as it is.

    `password`: "" takes it away. `max_downloads`: 0 takes the limit away. `lifetime`: seconds
    from now; a link never outlives its document.
    """

    target: str
    password: str | None = field(default=None, repr=False)
    max_downloads: int | None = None
    lifetime: int | None = None


@dataclass(frozen=True, slots=True)
class RevokeLink:
    """End a document's link: its address never works again."""

    target: str


@dataclass(frozen=True, slots=True)
class RevokeAll:
    """The panic button: end all my links, and take my documents back from everybody."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Withdraw it from the cloud. The file stays."""

    target: str


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Publish a file again whose document is gone from the cloud."""

    path: str


@dataclass(frozen=True, slots=True)
class AnswerDeletes:
    """Answer a held mass delete."""

    confirm: bool


@dataclass(frozen=True, slots=True)
class Get:
    """Download a document, to the inbox or to `directory` (absolute)."""

    target: str
    directory: str | None = None


@dataclass(frozen=True, slots=True)
class CancelGet:
    """End a running download; what has come of it is removed. `Get` is answered `cancelled`."""

    share_id: str


@dataclass(frozen=True, slots=True)
class GetReceipt:
    """The receipt of a deletion: who had the document, when it went, when its last byte went.

    Answers `{"receipt": {…}}`. Refused while the document is in the cloud, and 30 days after.
    """

    target: str


@dataclass(frozen=True, slots=True)
class ReadAudit:
    """The audit, newest first. Administrators only."""

    query: str = ""


@dataclass(frozen=True, slots=True)
class ExportAudit:
    """The whole audit as CSV, for spreadsheets: `{"csv": TEXT}`. Administrators only."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop sending, for so many seconds or until resumed. Finished parts are kept."""

    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True, slots=True)
class PauseFiles:
    """Stop sending these files (paths in the folder) until they are resumed. Finished parts are
    kept."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResumeFiles:
    """Go on with these files at once: paused or cancelled ones, or those that failed."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelFiles:
    """Do not send these files until they are changed or resumed; what was begun is taken back."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Send nothing for a reason of the computer's (`model.surroundings.Reason`); "" ends that.

    Forgotten at a restart. Resuming ends it too, until there is another reason.
    """

    reason: str = ""


@dataclass(frozen=True, slots=True)
class LookNow:
    """Scan and poll at once instead of at the next turn (the window came up, the system woke)."""


Command = (
    SignIn
    | SignOut
    | SignUp
    | ConfirmSignUp
    | SendSignUpCode
    | ForgotPassword
    | ResetPassword
    | ChangePassword
    | LookAtSecondFactor
    | BeginSecondFactor
    | ConfirmSecondFactor
    | EndSecondFactor
    | WhoAmI
    | ChooseFolder
    | SetFolderRule
    | RemoveFolderRule
    | AddFiles
    | SyncOnce
    | GetStatus
    | ListDocuments
    | Share
    | Unshare
    | FindUsers
    | Rename
    | Extend
    | ChangeLink
    | RevokeLink
    | RevokeAll
    | Remove
    | SendAgain
    | AnswerDeletes
    | Get
    | CancelGet
    | GetReceipt
    | ReadAudit
    | ExportAudit
    | Pause
    | Resume
    | PauseFiles
    | ResumeFiles
    | CancelFiles
    | Wait
    | LookNow
)

_URGENT = (Unshare, RevokeLink, RevokeAll, Remove, SignOut, AnswerDeletes, ListDocuments)


def is_urgent(command: Command) -> bool:
    """Whether it takes something out of somebody's reach, or looks for it: that has to work when
    little else does."""
    return isinstance(command, _URGENT)


Answer = dict[str, Any]
