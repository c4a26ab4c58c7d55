"""What the user pool's refusals mean to a person, and what to do about each."""

from collections.abc import Mapping

from mydoctransfer.adapters.password_rules import why_refused
from mydoctransfer.adapters.userpool import PoolError
from mydoctransfer.adapters.web import Reply
from mydoctransfer.engine.ports import Failure, FailureKind

_MOST_SKEW_MS = 5 * 60 * 1000  # Cognito and signatures tolerate no more
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000


def refusal(exc: PoolError) -> Failure:
    """Return what the pool's refusal means to who asked."""
    skewed = clock_failure(exc.reply)
    if skewed is not None:
        return skewed
    known = _REFUSALS.get(exc.kind)
    if known is not None:
        return known
    if exc.kind in ("InvalidPasswordException", "InvalidParameterException"):
        return Failure(FailureKind.REFUSED, why_refused(exc.message), "password_refused")
    return Failure(FailureKind.REFUSED, f"Signing in was refused ({exc}).", "sign_in_refused")


def clock_failure(reply: Reply) -> Failure | None:
    """Return what is wrong with this machine's clock, seen from the server's; None if little."""
    if reply.earliest is None or reply.latest is None:
        return None
    offset = (reply.earliest + reply.latest) // 2
    if abs(offset) <= _MOST_SKEW_MS:
        return None
    return Failure(FailureKind.CLOCK_WRONG, _how_wrong(offset), "clock_wrong")


def _how_wrong(offset: int) -> str:
    minutes, hours, days = (
        round(abs(offset) / unit) for unit in (_MINUTE_MS, 60 * _MINUTE_MS, _DAY_MS)
    )
    behind = f"This computer's clock is {minutes} minutes behind the cloud's."
    ahead = f"This computer's clock is {minutes} minutes ahead of the cloud's."
    if hours > 1:
        behind = f"This computer's clock is {hours} hours behind the cloud's."
        ahead = f"This computer's clock is {hours} hours ahead of the cloud's."
    if days > 1:
        behind = f"This computer's clock is {days} days behind the cloud's."
        ahead = f"This computer's clock is {days} days ahead of the cloud's."
    remedy = "Set it (best to be set automatically), then sign in again."
    return " ".join((behind if offset > 0 else ahead, remedy))


def _refused(message: str, code: str) -> Failure:
    return Failure(FailureKind.REFUSED, message, code)


SIGNED_OUT = Failure(
    FailureKind.SIGNED_OUT, "You are not signed in. Sign in and try again.", "not_signed_in"
)
SESSION_ENDED = Failure(
    FailureKind.SIGNED_OUT, "Your session has ended. Sign in again.", "session_ended"
)
NEW_PASSWORD = _refused("Choose a new password to go on.", "new_password_required")
CODE = _refused("Enter the code of your second factor to go on.", "code_required")
FACTOR_REQUIRED = _refused(
    "Your cloud lets people in with a second factor only, and you have none yet. Sign in once in "
    "the window: it sets one up with you.",
    "second_factor_required",
)
SET_UP_OVER = _refused(
    "Setting up the second factor took too long. Sign in again to start over.", "set_up_over"
)
WRONG_PASSWORD = _refused("The e-mail address or the password is wrong.", "wrong_password")
UNSUPPORTED = _refused(
    "Your account asks for something this version cannot answer. Ask the person who runs your "
    "cloud.",
    "challenge_unsupported",
)
MALFORMED = Failure(
    FailureKind.OFFLINE,
    "The answer of the sign-in service was not understood. Is this application up to date?",
    "unexpected_answer",
)
_REFUSALS: Mapping[str, Failure] = {
    "NotAuthorizedException": WRONG_PASSWORD,
    "UserNotFoundException": WRONG_PASSWORD,
    "PasswordResetRequiredException": _refused(
        "Your password was reset. Choose a new one with the code that was sent to you.",
        "password_reset_required",
    ),
    "UserNotConfirmedException": _refused(
        "Your account is not confirmed yet. Follow the message that was sent to you.",
        "not_confirmed",
    ),
    "CodeMismatchException": _refused("The code is wrong. Sign in again.", "wrong_code"),
    "ExpiredCodeException": _refused("The code is too old. Sign in again.", "wrong_code"),
    "ResourceNotFoundException": _refused(
        "The cloud of your connection file does not exist any more. Ask for a new file.",
        "cloud_gone",
    ),
}

WRONG_CODE = _refused(
    "The code is wrong or too old. Check it, or have a new one sent.", "wrong_code"
)
# Whether an address has an account is nobody's business.
UNKNOWN_LOOKS_ALIKE: Mapping[str, Failure | None] = {"UserNotFoundException": None}
REFUSED_RESETS: Mapping[str, Failure | None] = {
    "UserNotFoundException": WRONG_CODE,
    "CodeMismatchException": WRONG_CODE,
    "ExpiredCodeException": WRONG_CODE,
}
REFUSED_CHANGES: Mapping[str, Failure | None] = {
    "NotAuthorizedException": _refused("Your present password is wrong.", "wrong_password")
}
