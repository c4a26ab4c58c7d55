"""ID tokens, as far as the client looks into them: whose they are, and that the pool signed them.

The server decides what a token is good for. The client looks once, when somebody signs in, because
then it writes down who that is. Times inside a token are not looked at: this machine's clock may be
wrong, and the server tells when one is too old.
"""

import base64
import binascii
import json
from typing import Any

from mydoctransfer.adapters.userpool import UserPool
from mydoctransfer.engine.ports import Failure, FailureKind


def verified_sub(token: str, pool: UserPool) -> str | Failure:
    """Return the `sub` of an ID token this pool signed for this client.

    A key that is not known is asked for once more, since keys are rotated (I16); then it fails
    closed. COGNITO_JWKS, which pycognito would believe, is never read.
    """
    import jwt  # 100 ms with its cryptography, needed only when somebody signs in

    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = _key(pool, kid)
        if isinstance(key, Failure):
            return key
        claims = jwt.decode(
            token,
            jwt.PyJWK(key).key,
            algorithms=["RS256"],
            audience=pool.connection.client_id,
            issuer=pool.issuer,
            options={
                "require": ["iss", "aud", "sub", "exp"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError):
        return _UNTRUSTED
    if claims.get("token_use") != "id" or not isinstance(claims["sub"], str):
        return _UNTRUSTED
    return str(claims["sub"])


def claimed_sub(token: object) -> str | None:
    """Return the `sub` an ID token states, unverified; None if it is no token."""
    try:
        payload = str(token).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["sub"])
    except (IndexError, ValueError, KeyError, TypeError, binascii.Error):
        return None


def _key(pool: UserPool, kid: object) -> dict[str, Any] | Failure:
    for _ in range(2):
        keys = pool.keys()
        if isinstance(keys, Failure):
            return keys
        for key in keys:
            if key.get("kid") == kid:
                return key
    return _UNTRUSTED


_UNTRUSTED = Failure(
    FailureKind.OFFLINE,
    "What came back was not signed by your cloud, so it was not believed. Try again from another "
    "network.",
    "untrusted_token",
)
