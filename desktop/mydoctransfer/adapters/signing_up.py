"""Making an account of one's own, where the pool lets people: e-mail, password, name, a code.

Leaves to others: whether it is offered (the connection file says), and signing in afterwards.
"""

from collections.abc import Mapping

from mydoctransfer.adapters.userpool import Json, PoolError, UserPool
from mydoctransfer.engine.ports import Failure, FailureKind


def sign_up(
    pool: UserPool, email: str, password: str, given_name: str, family_name: str
) -> Failure | None:
    """Make an account; a code is sent to its address, and it counts from `confirm` on.

    Raises:
        PoolError: the pool refused for no reason of these.
    """
    # The address is not among the attributes: the pool takes it from the name one signs in with.
    names = {"given_name": given_name, "family_name": family_name}
    attributes = [{"Name": name, "Value": value} for name, value in names.items() if value]
    body: Json = {"Username": email, "Password": password, "UserAttributes": attributes}
    return _told(pool, "SignUp", body, _REFUSED)


def confirm(pool: UserPool, email: str, code: str) -> Failure | None:
    """Prove with the code that the address is one's own; an account confirmed before is no failure.

    Raises:
        PoolError: the pool refused for no reason of these.
    """
    body: Json = {"Username": email, "ConfirmationCode": code}
    return _told(pool, "ConfirmSignUp", body, _UNCONFIRMED)


def send_code(pool: UserPool, email: str) -> Failure | None:
    """Have another code sent; whether the address has an account is nobody's business.

    Raises:
        PoolError: the pool refused for no reason of these.
    """
    return _told(pool, "ResendConfirmationCode", {"Username": email}, _UNSENT)


def _told(
    pool: UserPool, operation: str, body: Json, refusals: Mapping[str, Failure | None]
) -> Failure | None:
    try:
        told = pool.call(operation, body)
    except PoolError as exc:
        if exc.kind not in refusals:
            raise
        is_confirmed = any(words in exc.message for words in _SAY_CONFIRMED)
        return None if is_confirmed else refusals[exc.kind]
    return told if isinstance(told, Failure) else None


def _refused(message: str, code: str) -> Failure:
    return Failure(FailureKind.REFUSED, message, code)


# Cognito says it in words only; a code that was not needed is no trouble.
_SAY_CONFIRMED = ("Current status is CONFIRMED", "already confirmed")
_NOT_SENT = _refused(
    "The code could not be sent to this address. Check the address and try again.", "code_not_sent"
)
_CLOSED = _refused(
    "Your cloud takes no accounts that people make themselves. Ask the person who runs it for one.",
    "sign_up_closed",
)
_EXISTS = _refused(
    "There is an account with this address already. Sign in with it; if you forgot its password, "
    "choose a new one there.",
    "account_exists",
)
_REFUSED: Mapping[str, Failure | None] = {
    "UsernameExistsException": _EXISTS,
    "AliasExistsException": _EXISTS,
    "NotAuthorizedException": _CLOSED,
    "UserLambdaValidationException": _refused(
        "Your organisation takes no account with this address. Ask the person who runs your cloud.",
        "sign_up_refused",
    ),
    "CodeDeliveryFailureException": _NOT_SENT,
}
_WRONG_CODE = _refused("The code is wrong. Check it, or have another one sent.", "wrong_code")
_UNCONFIRMED: Mapping[str, Failure | None] = {
    "CodeMismatchException": _WRONG_CODE,
    "UserNotFoundException": _WRONG_CODE,
    "InvalidParameterException": _WRONG_CODE,
    "ExpiredCodeException": _refused("The code is too old. Have another one sent.", "code_expired"),
    "AliasExistsException": _EXISTS,
    "NotAuthorizedException": _refused(
        "This account cannot be confirmed. Ask the person who runs your cloud.", "sign_up_refused"
    ),
}
_UNSENT: Mapping[str, Failure | None] = {
    "UserNotFoundException": None,
    "InvalidParameterException": _NOT_SENT,
    "CodeDeliveryFailureException": _NOT_SENT,
}
