"""The proof of a password (SRP), computed by pycognito; what it says on the wire is put here.

pycognito takes the time of the proof from a clock of its own, by a call that Python 3.12 warns of,
and drives the whole dialogue without telling the server's date; so only its arithmetic is used.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from mydoctransfer.adapters.connection import Connection


class Proof:
    """One attempt to sign in. Costs 60 ms of CPU and, the first time, 300 ms of imports."""

    def __init__(self, email: str, password: str, connection: Connection) -> None:
        from pycognito.aws_srp import AWSSRP  # 260 ms, needed only when somebody signs in

        self._pool_name = connection.user_pool_id.split("_")[1]
        self._password = password
        self._srp: Any = AWSSRP(  # type: ignore[no-untyped-call]
            username=email,
            password=password,
            pool_id=connection.user_pool_id,
            client_id=connection.client_id,
            client=object(),  # it is not to talk to anybody
        )

    def opening(self) -> dict[str, str]:
        """Return the parameters to begin with."""
        parameters: dict[str, str] = self._srp.get_auth_params()
        return parameters

    def answer(self, challenge: dict[str, str], now_ms: int) -> dict[str, str]:
        """Return the responses to PASSWORD_VERIFIER."""
        user = challenge["USER_ID_FOR_SRP"]
        stamp = self._srp.get_cognito_formatted_timestamp(
            datetime.fromtimestamp(now_ms / 1000, UTC)
        )
        key = self._srp.get_password_authentication_key(
            user, self._password, int(challenge["SRP_B"], 16), challenge["SALT"]
        )
        block = challenge["SECRET_BLOCK"]
        said = self._pool_name.encode() + user.encode() + base64.b64decode(block) + stamp.encode()
        signature = hmac.new(key, said, hashlib.sha256).digest()
        return {
            "TIMESTAMP": stamp,
            "USERNAME": challenge.get("USERNAME", user),
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode("ascii"),
        }
