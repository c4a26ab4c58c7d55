"""The second factor of whoever is signed in: a secret in an authenticator application (TOTP).

Leaves to others: asking for a code at the sign-in, and who is signed in.
"""

from collections.abc import Mapping

from mydoctransfer.adapters.userpool import PoolError, UserPool
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
    try:
        body = {"AccessToken": access_token, "UserCode": code}
        told = pool.call("VerifySoftwareToken", body)
    except PoolError as exc:
        if exc.kind in _WRONG:
            return _WRONG[exc.kind]
        raise
    if isinstance(told, Failure):
        return told
    if told[0].get("Status") != "SUCCESS":
        return _WRONG_CODE
    return _prefer(pool, access_token, True)


def end(pool: UserPool, access_token: str) -> Failure | None:
    """Have no code asked for any more.

    Raises:
        PoolError: the pool refused.
    """
    return _prefer(pool, access_token, False)


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
