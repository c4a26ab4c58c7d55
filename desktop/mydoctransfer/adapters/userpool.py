"""The Cognito user pool's public calls, over plain HTTPS.

They need no signature, so boto3 (220 ms to import, and a reader of the AWS settings of whoever runs
it) is not needed here. Every call has the deadlines of `Web`.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.web import Reply, Web
from mydoctransfer.engine.ports import Failure, FailureKind

Json = dict[str, Any]


class PoolError(Exception):
    """The pool said no. `kind` is Cognito's name for it, `reply` the answer that said so."""

    def __init__(self, kind: str, message: str, reply: Reply) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.reply = reply


class UserPool:
    """One app client of one user pool."""

    def __init__(self, connection: Connection, web: Web) -> None:
        self.connection = connection
        self._web = web
        region = connection.region
        self._endpoint = connection.endpoint_url or f"https://cognito-idp.{region}.amazonaws.com"
        self.issuer = f"https://cognito-idp.{region}.amazonaws.com/{connection.user_pool_id}"

    def call(self, operation: str, body: Json) -> tuple[Json, Reply] | Failure:
        """Call one operation; the answer's `Reply` tells the server's clock.

        Raises:
            PoolError: the pool refused.
        """
        reply = self._web.ask(
            "POST",
            f"{self._endpoint.rstrip('/')}/",
            {
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            },
            json.dumps({"ClientId": self.connection.client_id, **body}).encode(),
        )
        if isinstance(reply, Failure):
            return reply
        answer = self._decoded(reply)
        if isinstance(answer, Failure):
            return answer
        if reply.status == 200:
            return answer, reply
        kind = str(answer.get("__type", "")).rpartition("#")[2]
        if kind in _BUSY or reply.status >= 500 or reply.status == 429:
            return _busy(reply)
        raise PoolError(kind, str(answer.get("message") or answer.get("Message") or ""), reply)

    def keys(self) -> list[Json] | Failure:
        """Return the keys the pool signs its tokens with."""
        pool = self.connection.user_pool_id
        address = f"{self._endpoint.rstrip('/')}/{pool}/.well-known/jwks.json"
        reply = self._web.ask("GET", address, {"Accept": "application/json"})
        if isinstance(reply, Failure):
            return reply
        answer = self._decoded(reply)
        if isinstance(answer, Failure):
            return answer
        keys = answer.get("keys")
        if reply.status != 200 or not isinstance(keys, list):
            return _foreign(self._endpoint)
        return [key for key in keys if isinstance(key, dict)]

    def _decoded(self, reply: Reply) -> Json | Failure:
        if reply.status in (502, 503, 504):
            return _busy(reply)
        if "json" not in reply.content_type:
            return _foreign(self._endpoint)
        try:
            value = json.loads(reply.body or b"{}")
        except ValueError:
            return _foreign(self._endpoint)
        return value if isinstance(value, dict) else _foreign(self._endpoint)


# Throttling, by its many names.
_BUSY = {
    "TooManyRequestsException",
    "LimitExceededException",
    "TooManyFailedAttemptsException",
    "ThrottlingException",
    "InternalErrorException",
}


def _busy(reply: Reply) -> Failure:
    return Failure(
        FailureKind.BUSY,
        "Too many attempts, or the sign-in service is busy. Wait a minute and try again.",
        "too_many_requests",
        retry_after=reply.retry_after,
    )


def _foreign(endpoint: str) -> Failure:
    return Failure(
        FailureKind.OFFLINE,
        f"The answer did not come from {urlsplit(endpoint).hostname}. If this network asks you to "
        "sign in to it, do that in a browser first.",
        "captive_portal",
    )
