"""What can go wrong on an ordinary day, as a value; exceptions are surprises."""

from dataclasses import dataclass
from enum import Enum


class FailureKind(Enum):
    """What went wrong, by what the engine does about it."""

    OFFLINE = "offline"  # no answer, or not from our cloud (captive portal): try again later
    BUSY = "busy"  # 429, 5xx, SlowDown: try again after a while
    REFUSED = "refused"  # the server said no; `code` says why
    SIGNED_OUT = "signed_out"  # no session, or a revoked one
    CLOCK_WRONG = "clock_wrong"  # this machine's clock is too far off for signatures
    CHANGED = "changed"  # the file is not what was expected: look again
    MISSING = "missing"  # the file is not there (any more)
    OUTDATED = "outdated"  # it would be published as nobody wants it any more: plan again
    UNREADABLE = "unreadable"  # no permission, I/O error
    NO_SPACE = "no_space"  # the disk is full
    GRANT_ENDED = "grant_ended"  # the upload credentials ran out: renew
    UPLOAD_ENDED = "upload_ended"  # the multipart upload is not known any more: start again
    CORRUPT = "corrupt"  # checksums differ
    KEYRING = "keyring"  # the keyring is locked or missing


@dataclass(frozen=True, slots=True)
class Failure:
    """An outcome that is no success.

    Attributes:
        message: a sentence for the person. in_answer: what a command's answer says instead, where
            that differs: the engine tries again by itself, who gave a command has to.
        code: stable, the server's where it came from there.
        retry_after: seconds the other side asked to wait.
        emails, share_id: as in the contract's `Problem`.
    """

    kind: FailureKind
    message: str
    code: str = ""
    retry_after: float | None = None
    emails: tuple[str, ...] = ()
    share_id: str | None = None
    in_answer: str = ""
