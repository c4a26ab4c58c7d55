"""A second factor: a secret in an authenticator application (TOTP).

Set up by whoever is signed in, or in the middle of a sign-in by whom the pool lets in with one
only. Leaves to others: asking for a code at the sign-in, and who is signed in.
"""

from collections.abc import Mapping

from mydoctransfer.adapters.userpool import Json, PoolError, UserPool
from mydoctransfer.engine.ports import Failure, FailureKind

_NAME = "SOFTWARE_TOKEN_MFA"


def is_on(pool: UserPool, access_token: str) -> bool | Failure:
    """Whether the pool asks this person for a code.

    Raises:
        PoolError: the pool refused.
    """
    told = pool.call("GetUser", {"AccessToken": access_token})
    if isinstance(told, Failure):
        return told
    return _NAME in (told[0].get("UserMFASettingList") or ())


def begin(pool: UserPool, access_token: str) -> str | Failure:
    """Have a secret made (base 32). It counts for nothing before `confirm`.

    Raises:
        PoolError: the pool refused.
    """
    told = pool.call("AssociateSoftwareToken", {"AccessToken": access_token})
    return told if isinstance(told, Failure) else str(told[0]["SecretCode"])


def confirm(pool: UserPool, access_token: str, code: str) -> Failure | None:
    """Prove that the application has the secret; from now on a sign-in asks for a code.

    Raises:
        PoolError: the pool refused.
    """
    told = _verified(pool, {"AccessToken": access_token, "UserCode": code})
    return told if isinstance(told, Failure) else _prefer(pool, access_token, True)


def can_be_set_up(asked: Json) -> bool:
    """Whether the pool's demand for a second factor (its parameters) is met by such a secret."""
    return _NAME in str(asked.get("MFAS_CAN_SETUP") or _NAME)


def begin_at_sign_in(pool: UserPool, session: str) -> tuple[str, str] | Failure:
    """Have a secret made for somebody who is not in yet: (secret, the session to go on with).

    Raises:
        PoolError: the pool refused.
    """
    told = pool.call("AssociateSoftwareToken", {"Session": session})
    if isinstance(told, Failure):
        return told
    return str(told[0]["SecretCode"]), str(told[0].get("Session") or session)


def confirm_at_sign_in(pool: UserPool, session: str, code: str) -> str | Failure:
    """Prove that the application has the secret; answers the session to go on with.

    Raises:
        PoolError: the pool refused.
    """
    told = _verified(pool, {"Session": session, "UserCode": code})
    return told if isinstance(told, Failure) else str(told.get("Session") or session)


def end(pool: UserPool, access_token: str) -> Failure | None:
    """Have no code asked for any more.

    Raises:
        PoolError: the pool refused.
    """
    return _prefer(pool, access_token, False)


def _verified(pool: UserPool, body: Json) -> Json | Failure:
    try:
        told = pool.call("VerifySoftwareToken", body)
    except PoolError as exc:
        if exc.kind in _WRONG:
            return _WRONG[exc.kind]
        raise
    if isinstance(told, Failure):
        return told
    return told[0] if told[0].get("Status") == "SUCCESS" else _WRONG_CODE


def _prefer(pool: UserPool, access_token: str, is_wanted: bool) -> Failure | None:
    wish = {"Enabled": is_wanted, "PreferredMfa": is_wanted}
    body = {"AccessToken": access_token, "SoftwareTokenMfaSettings": wish}
    told = pool.call("SetUserMFAPreference", body)
    return told if isinstance(told, Failure) else None


_WRONG_CODE = Failure(
    FailureKind.REFUSED,
    "The code is wrong or too old. Wait for the next one in the application and enter that.",
    "wrong_code",
)
_WRONG: Mapping[str, Failure] = {
    "EnableSoftwareTokenMFAException": _WRONG_CODE,
    "CodeMismatchException": _WRONG_CODE,
    "InvalidParameterException": _WRONG_CODE,
}
