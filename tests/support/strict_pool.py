"""The real user pool behind a line that says what a pool says which lets nobody in with a password.

The emulator lets people without a second factor in even where the pool requires one (ministack
1.5.33, `_mfa_challenge_for_user`). So the result of a proven password is kept back here and
MFA_SETUP asked in its place. The rest, the secret and the code that proves it, is the pool's.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import urllib3

from mydoctransfer.adapters.connection import Connection
from tests.support.loopback import Answer, Loopback, Request, serving

SESSION = "a session of the set-up"


@contextmanager
def demanding(connection: Connection) -> Iterator[tuple[Connection, Loopback]]:
    """A connection whose pool wants a second factor set up at the sign-in, and its line."""
    http = urllib3.PoolManager()
    endpoint = connection.endpoint_url
    assert endpoint is not None

    def forward(request: Request) -> Answer:
        headers = {n: v for n, v in request.headers.items() if n not in ("host", "content-length")}
        reply = http.request(
            request.method, endpoint + request.target, body=request.body, headers=headers
        )
        answer = Answer(reply.status, reply.data, reply.headers["content-type"])
        asked = request.headers.get("x-amz-target", "")
        if asked.endswith(".RespondToAuthChallenge") and reply.status == 200:
            return _demanded(json.loads(request.body), answer)
        return answer

    with serving(forward) as line:
        yield replace(connection, endpoint_url=line.url), line
    http.clear()


def _demanded(asked: dict[str, object], answer: Answer) -> Answer:
    if asked["ChallengeName"] == "MFA_SETUP" or "AuthenticationResult" not in json.loads(
        answer.body
    ):
        return answer
    if asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA":
        return answer
    challenge = {
        "ChallengeName": "MFA_SETUP",
        "Session": SESSION,
        "ChallengeParameters": {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'},
    }
    return Answer(200, json.dumps(challenge).encode(), answer.kind)
