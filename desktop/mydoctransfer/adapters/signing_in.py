"""Signing in to the user pool: the password proven by SRP, and the pool's questions answered.

Promises: a question that waits for its answer is kept, so that a code once sent stays the valid
one. Leaves to `identity`: what becomes of the tokens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mydoctransfer.adapters import refusals, second_factor, srp
from mydoctransfer.adapters.userpool import Json, PoolError, UserPool
from mydoctransfer.engine.ports import Failure

_CODES: dict[str, str] = {
    "SOFTWARE_TOKEN_MFA": "SOFTWARE_TOKEN_MFA_CODE",
    "SMS_MFA": "SMS_MFA_CODE",
    "EMAIL_OTP": "EMAIL_OTP_CODE",
}
_SETS_UP = "MFA_SETUP"


@dataclass(frozen=True, slots=True)
class _Challenge:
    """A question of the pool that waits for its answer, so that a code sent stays the valid one.

    `has_secret`: it asks for a second factor to be set up, and the secret was made.
    """

    email: str
    answer: Json = field(repr=False)
    has_secret: bool = False


class SigningIn:
    """One person's way in, over as many calls as the pool has questions.

    Args:
        wall_ms: milliseconds since the epoch, by this machine's clock.
    """

    def __init__(self, pool: UserPool, wall_ms: Callable[[], int]) -> None:
        self._pool = pool
        self._wall_ms = wall_ms
        self._challenge: _Challenge | None = None

    def forget(self) -> None:
        """Wait for no answer any more."""
        self._challenge = None

    def prove(
        self, email: str, password: str, new_password: str | None, code: str | None
    ) -> Json | Failure:
        """Prove the password and answer the pool's questions; returns its AuthenticationResult."""
        waiting, self._challenge = self._challenge, None
        if waiting is not None and waiting.email == email and code is not None:
            if waiting.has_secret:
                return self._set_up(waiting, code)
            answer = waiting.answer
        else:
            proven = self._prove_password(email, password)
            if isinstance(proven, Failure):
                return proven
            answer = proven
        while "AuthenticationResult" not in answer:
            told = self._reply_to(answer, email, new_password, code)
            if isinstance(told, Failure):
                return told
            answer = told
        result: Json = answer["AuthenticationResult"]
        return result

    def begin_second_factor(self) -> str | Failure | None:
        """Return the secret of a factor the sign-in wants set up; None when it wants none."""
        waiting = self._challenge
        if waiting is None or waiting.answer.get("ChallengeName") != _SETS_UP:
            return None
        try:
            begun = second_factor.begin_at_sign_in(self._pool, str(waiting.answer.get("Session")))
        except PoolError as exc:
            return self._set_up_refusal(exc)
        except (KeyError, TypeError, ValueError):
            return refusals.MALFORMED
        if isinstance(begun, Failure):
            return begun
        secret, session = begun
        answer = {**waiting.answer, "Session": session}
        self._challenge = replace(waiting, answer=answer, has_secret=True)
        return secret

    def _prove_password(self, email: str, password: str) -> Json | Failure:
        proof = srp.Proof(email, password, self._pool.connection)
        begun = self._pool.call(
            "InitiateAuth", {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": proof.opening()}
        )
        if isinstance(begun, Failure):
            return begun
        answer, reply = begun
        # A proof carries the time, and a wrong one is refused like a wrong password: say it before.
        skewed = refusals.clock_failure(reply)
        if skewed is not None:
            return skewed
        if answer.get("ChallengeName") != "PASSWORD_VERIFIER":
            return refusals.UNSUPPORTED
        proven = proof.answer(answer["ChallengeParameters"], self._wall_ms())
        return self._respond("PASSWORD_VERIFIER", proven, answer.get("Session"))

    def _reply_to(
        self, answer: Json, email: str, new_password: str | None, code: str | None
    ) -> Json | Failure:
        """Answer one question of the pool (I10)."""
        name = str(answer.get("ChallengeName"))
        asked = answer.get("ChallengeParameters") or {}
        user = str(asked.get("USER_ID_FOR_SRP") or email)
        if name == "NEW_PASSWORD_REQUIRED":
            if new_password is None:
                return refusals.NEW_PASSWORD
            given = {"USERNAME": user, "NEW_PASSWORD": new_password}
        elif name in _CODES:
            if code is None:
                self._challenge = _Challenge(email, answer)
                return refusals.CODE
            given = {"USERNAME": user, _CODES[name]: code}
        elif name == _SETS_UP and second_factor.can_be_set_up(asked):
            self._challenge = _Challenge(email, answer)
            return refusals.FACTOR_REQUIRED
        else:
            return refusals.UNSUPPORTED
        return self._respond(name, given, answer.get("Session"))

    def _set_up(self, waiting: _Challenge, code: str) -> Json | Failure:
        """Prove the factor the pool wanted, and go on; a wrong code can be followed by another."""
        asked = waiting.answer.get("ChallengeParameters") or {}
        user = str(asked.get("USER_ID_FOR_SRP") or waiting.email)
        session = str(waiting.answer["Session"])
        try:
            proven = second_factor.confirm_at_sign_in(self._pool, session, code)
        except PoolError as exc:
            return self._set_up_refusal(exc)
        if isinstance(proven, Failure):
            self._challenge = waiting
            return proven
        told = self._respond(_SETS_UP, {"USERNAME": user}, proven)
        if not isinstance(told, Failure) and "AuthenticationResult" not in told:
            return refusals.UNSUPPORTED
        return told if isinstance(told, Failure) else dict(told["AuthenticationResult"])

    def _set_up_refusal(self, exc: PoolError) -> Failure:
        is_over = exc.kind == "NotAuthorizedException"
        return refusals.SET_UP_OVER if is_over else refusals.refusal(exc)

    def _respond(self, name: str, given: Json, session: object) -> Json | Failure:
        body: Json = {"ChallengeName": name, "ChallengeResponses": given}
        if session:
            body["Session"] = session
        told = self._pool.call("RespondToAuthChallenge", body)
        return told if isinstance(told, Failure) else told[0]
