"""The token's claims, checked again inside the function.

API Gateway has verified signature and issuer; here only claims it hands over are read, never a
token. A claim that is missing, of another pool, client or use, or out of time is 401.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.config import Config
from chalicelib.model import Identity
from chalicelib.refusals import Refused
from chalicelib.services.emails import canonical
from mydoctransfer_contract.documents import Person
from mydoctransfer_contract.problems import Code

_SUB = re.compile(r"[0-9a-zA-Z-]{1,64}\Z")
_SECONDS = re.compile(r"[0-9]{1,12}\Z")
_GATEWAY_TIME = "%a %b %d %H:%M:%S %Z %Y"  # how a REST API's authorizer writes exp and iat
_SKEW = 60  # seconds a token may be from the future


def identity(claims: object, source: str, now: int, config: Config) -> Identity:
    """Return who asks.

    Raises:
        Refused: 401, without saying why.
    """
    if not isinstance(claims, Mapping):
        raise Refused(Code.UNAUTHENTICATED)
    sub = claims.get("sub")
    email = claims.get("email")
    genuine = (
        isinstance(sub, str)
        and _SUB.match(sub)
        and str(claims.get("iss", "")).endswith(config.issuer_suffix)
        and claims.get("aud") == config.client_id
        and claims.get("token_use") == "id"
        and _in_time(claims, now // 1000)
    )
    if not genuine or not isinstance(sub, str):
        raise Refused(Code.UNAUTHENTICATED)
    username = claims.get("cognito:username")
    return Identity(
        sub=sub,
        username=username if isinstance(username, str) else sub,
        person=Person(
            email=(canonical(email) if isinstance(email, str) else None) or "",
            given_name=_shown(claims.get("given_name")),
            family_name=_shown(claims.get("family_name")),
        ),
        groups=_groups(claims.get("cognito:groups")),
        source=source,
    )


def _in_time(claims: Mapping[str, object], now: int) -> bool:
    exp = _seconds(claims.get("exp"))
    if exp is None or exp <= now:
        return False
    for name in ("nbf", "iat"):
        if name in claims:
            start = _seconds(claims[name])
            if start is None or start > now + _SKEW:
                return False
    return exp <= now + 366 * 86_400


def _seconds(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    if not isinstance(value, str):
        return None
    if _SECONDS.match(value):
        return int(value)
    try:
        return int(datetime.strptime(value, _GATEWAY_TIME).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _groups(value: object) -> tuple[str, ...]:
    """Return the groups; API Gateway writes a list as `a,b`, other gateways as `[a b]`."""
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str))
    if not isinstance(value, str):
        return ()
    return tuple(part for part in re.split(r"[,\s]+", value.strip("[] ")) if part)


def _shown(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(c for c in value if c.isprintable())[:256]
