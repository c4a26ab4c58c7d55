"""Who is signed in: SRP through pycognito, tokens in memory, one refresh for everybody.

The access and the ID token never leave this process and never touch the disk; the refresh token
lies in the store the person chose. Anything may be called from any thread.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from mydoctransfer.adapters import second_factor, signing_up, srp, tokens
from mydoctransfer.adapters.password_rules import why_refused
from mydoctransfer.adapters.secrets import Secret, SecretStore
from mydoctransfer.adapters.userpool import Json, PoolError, UserPool
from mydoctransfer.adapters.web import Reply
from mydoctransfer.engine.ports import Failure, FailureKind

T = TypeVar("T")

_LIFE = 300.0  # seconds an ID token is used at most, by the monotonic clock
_MARGIN = 30.0  # seconds before its end in which it is renewed
_MOST_SKEW_MS = 5 * 60 * 1000  # Cognito and signatures tolerate no more


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in or a refresh brought; `until` in seconds of the monotonic clock."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    until: float


@dataclass(frozen=True, slots=True)
class _Challenge:
    """A question of the pool that waits for its answer, so that a code sent stays the valid one.

    `has_secret`: it asks for a second factor to be set up, and the secret was made.
    """

    email: str
    answer: Json = field(repr=False)
    has_secret: bool = False


class PoolIdentity:
    """The session of one installation (port `Identity`).

    Args:
        stores: a store by each value of `Store`. store: the one that holds the session now; "" on
            an installation nobody has signed in to, whose keyring is then left alone.
        signed_in: told (email, sub, store) after each sign-in, to be remembered.
        monotonic: seconds. wall_ms: milliseconds since the epoch, by this machine's clock.
    """

    def __init__(
        self,
        pool: UserPool,
        stores: Mapping[str, SecretStore],
        store: str,
        monotonic: Callable[[], float],
        wall_ms: Callable[[], int],
        signed_in: Callable[[str, str, str], None],
    ) -> None:
        self._pool = pool
        self._stores = stores
        self._store = store
        self._monotonic = monotonic
        self._wall_ms = wall_ms
        self._signed_in = signed_in
        connection = pool.connection
        self._client = f"{pool.issuer} {connection.client_id} {connection.api_url}"
        self._lock = threading.Lock()
        self._secret: Secret | None = None
        self._tokens: Tokens | None = None
        self._flight: Future[Tokens | Failure] | None = None
        self._challenge: _Challenge | None = None

    # --- the port --------------------------------------------------------------------------------

    def restore(self) -> bool | Failure:
        """Take up the stored session; False when there is none, or it is of another cloud."""
        with self._lock:
            if self._secret is not None:
                return True
        found = self._stores[self._store].load() if self._store else None
        if isinstance(found, Failure):
            return found
        if found is None or found.client != self._client:
            return False
        with self._lock:
            self._secret = found
        return True

    def sign_in(
        self, email: str, password: str, store: str, new_password: str | None, code: str | None
    ) -> Failure | None:
        try:
            result = self._authenticate(email, password, new_password, code)
            if isinstance(result, Failure):
                return result
            return self._begin(email, store, result)
        except PoolError as exc:
            return self._refusal(exc)
        except (KeyError, TypeError, ValueError):
            return _MALFORMED

    def sign_out(self, everywhere: bool) -> Failure | None:
        """Forget the session here; it is revoked in the cloud too, as far as that can be reached.

        With `everywhere` nothing is forgotten unless the cloud has ended all sessions.
        """
        restored = self.restore()
        secret = self._secret
        if everywhere:
            if isinstance(restored, Failure):
                return restored
            failure = self._end_all()
            if failure is not None and failure.kind is not FailureKind.SIGNED_OUT:
                return failure
        elif secret is not None:
            self._revoke(secret)
        self._forget()
        return self._delete(self._store)

    def sign_up(
        self, email: str, password: str, given_name: str, family_name: str
    ) -> Failure | None:
        return self._asked(signing_up.sign_up, email, password, given_name, family_name)

    def confirm_sign_up(self, email: str, code: str) -> Failure | None:
        return self._asked(signing_up.confirm, email, code)

    def send_sign_up_code(self, email: str) -> Failure | None:
        return self._asked(signing_up.send_code, email)

    def _asked(self, ask: Callable[..., Failure | None], *words: str) -> Failure | None:
        try:
            return ask(self._pool, *words)
        except PoolError as exc:
            return self._refusal(exc)

    def send_code(self, email: str) -> Failure | None:
        return self._told("ForgotPassword", {"Username": email}, _UNKNOWN_LOOKS_ALIKE)

    def reset_password(self, email: str, code: str, new_password: str) -> Failure | None:
        body = {"Username": email, "ConfirmationCode": code, "Password": new_password}
        return self._told("ConfirmForgotPassword", body, _REFUSED_RESETS)

    def change_password(self, password: str, new_password: str) -> Failure | None:
        token = self._access_token()
        if isinstance(token, Failure):
            return token
        passwords = {"PreviousPassword": password, "ProposedPassword": new_password}
        body = {"AccessToken": token, **passwords}
        return self._told("ChangePassword", body, _REFUSED_CHANGES)

    def has_second_factor(self) -> bool | Failure:
        return self._with_access(second_factor.is_on)

    def begin_second_factor(self) -> str | Failure:
        waiting = self._challenge
        if waiting is None or waiting.answer.get("ChallengeName") != _SETS_UP:
            return self._with_access(second_factor.begin)
        return self._begin_at_sign_in(waiting)

    def confirm_second_factor(self, code: str) -> Failure | None:
        return self._with_access(partial(second_factor.confirm, code=code))

    def end_second_factor(self) -> Failure | None:
        return self._with_access(second_factor.end)

    def _begin_at_sign_in(self, waiting: _Challenge) -> str | Failure:
        try:
            begun = second_factor.begin_at_sign_in(self._pool, str(waiting.answer.get("Session")))
        except PoolError as exc:
            return self._set_up_refusal(exc)
        except (KeyError, TypeError, ValueError):
            return _MALFORMED
        if isinstance(begun, Failure):
            return begun
        secret, session = begun
        answer = {**waiting.answer, "Session": session}
        self._challenge = replace(waiting, answer=answer, has_secret=True)
        return secret

    def _with_access(self, ask: Callable[[UserPool, str], T | Failure]) -> T | Failure:
        token = self._access_token()
        if isinstance(token, Failure):
            return token
        try:
            return ask(self._pool, token)
        except PoolError as exc:
            return _SESSION_ENDED if exc.kind == "NotAuthorizedException" else self._refusal(exc)
        except (KeyError, TypeError, ValueError):
            return _MALFORMED

    def _access_token(self) -> str | Failure:
        token = self.token()
        if isinstance(token, Failure):
            return token
        with self._lock:
            return self._tokens.access_token if self._tokens is not None else _SIGNED_OUT

    def _told(
        self, operation: str, body: Json, refusals: Mapping[str, Failure | None]
    ) -> Failure | None:
        try:
            told = self._pool.call(operation, body)
        except PoolError as exc:
            return refusals[exc.kind] if exc.kind in refusals else self._refusal(exc)
        return told if isinstance(told, Failure) else None

    # --- for the other adapters ------------------------------------------------------------------

    def token(self, stale: str | None = None) -> str | Failure:
        """Return an ID token, renewed if it is old, or if it is the `stale` one (a 401).

        However many threads ask at once, one refresh is made and all get its outcome (I09).
        """
        with self._lock:
            if self._secret is None:
                return _SIGNED_OUT
            held = self._tokens
            is_young = held is not None and self._monotonic() < held.until
            if held is not None and is_young and held.id_token != stale:
                return held.id_token
            flight, is_mine = self._flight, self._flight is None
            if flight is None:
                flight = self._flight = Future()
            secret = self._secret
        if is_mine:
            self._fly(flight, secret)
        outcome = flight.result()
        return outcome if isinstance(outcome, Failure) else outcome.id_token

    # --- signing in ------------------------------------------------------------------------------

    def _authenticate(
        self, email: str, password: str, new_password: str | None, code: str | None
    ) -> Json | Failure:
        """Prove the password and answer the pool's questions; returns its AuthenticationResult."""
        waiting, self._challenge = self._challenge, None
        if waiting is not None and waiting.email == email and code is not None:
            if waiting.has_secret:
                return self._set_up(waiting, code)
            answer = waiting.answer
        else:
            proven = self._prove(email, password)
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

    def _prove(self, email: str, password: str) -> Json | Failure:
        proof = srp.Proof(email, password, self._pool.connection)
        begun = self._pool.call(
            "InitiateAuth", {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": proof.opening()}
        )
        if isinstance(begun, Failure):
            return begun
        answer, reply = begun
        # A proof carries the time, and a wrong one is refused like a wrong password: say it before.
        skewed = _clock_failure(reply)
        if skewed is not None:
            return skewed
        if answer.get("ChallengeName") != "PASSWORD_VERIFIER":
            return _UNSUPPORTED
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
                return _NEW_PASSWORD
            given = {"USERNAME": user, "NEW_PASSWORD": new_password}
        elif name in _CODES:
            if code is None:
                self._challenge = _Challenge(email, answer)
                return _CODE
            given = {"USERNAME": user, _CODES[name]: code}
        elif name == _SETS_UP and second_factor.can_be_set_up(asked):
            self._challenge = _Challenge(email, answer)
            return _FACTOR_REQUIRED
        else:
            return _UNSUPPORTED
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
            return _UNSUPPORTED
        return told if isinstance(told, Failure) else dict(told["AuthenticationResult"])

    def _set_up_refusal(self, exc: PoolError) -> Failure:
        return _SET_UP_OVER if exc.kind == "NotAuthorizedException" else self._refusal(exc)

    def _respond(self, name: str, given: Json, session: object) -> Json | Failure:
        body: Json = {"ChallengeName": name, "ChallengeResponses": given}
        if session:
            body["Session"] = session
        told = self._pool.call("RespondToAuthChallenge", body)
        return told if isinstance(told, Failure) else told[0]

    def _begin(self, email: str, store: str, result: Json) -> Failure | None:
        """Keep a proven session: in the store first, so that nobody is signed in half."""
        sub = tokens.verified_sub(result["IdToken"], self._pool)
        if isinstance(sub, Failure):
            return sub
        secret = Secret(self._client, email, sub, result["RefreshToken"])
        failure = self._stores[store].save(secret)
        if failure is not None:
            self._revoke(secret)
            return failure
        with self._lock:
            before, self._secret, self._tokens = self._secret, secret, self._held(result)
            old_store, self._store = self._store, store
        if old_store != store:
            self._delete(old_store)
        if before is not None:
            self._revoke(before)  # another account's session must not outlive it (I13)
        self._signed_in(email, sub, store)
        return None

    def _held(self, result: Json) -> Tokens:
        life = min(float(result.get("ExpiresIn") or _LIFE), _LIFE)
        until = self._monotonic() + max(life - _MARGIN, life / 2)
        return Tokens(result["IdToken"], result["AccessToken"], until)

    def _refusal(self, exc: PoolError) -> Failure:
        skewed = _clock_failure(exc.reply)
        if skewed is not None:
            return skewed
        known = _REFUSALS.get(exc.kind)
        if known is not None:
            return known
        if exc.kind in ("InvalidPasswordException", "InvalidParameterException"):
            return Failure(FailureKind.REFUSED, why_refused(exc.message), "password_refused")
        return Failure(FailureKind.REFUSED, f"Signing in was refused ({exc}).", "sign_in_refused")

    # --- going on --------------------------------------------------------------------------------

    def _fly(self, flight: Future[Tokens | Failure], secret: Secret) -> None:
        try:
            outcome = self._refresh(secret)
        except BaseException as exc:
            with self._lock:
                self._flight = None
            flight.set_exception(exc)
            raise
        with self._lock:
            self._flight = None
            if self._secret is not secret:
                outcome = _SIGNED_OUT  # signed out, or in as another, meanwhile
            elif isinstance(outcome, Tokens):
                self._tokens = outcome
            elif outcome.kind is FailureKind.SIGNED_OUT:
                self._secret = self._tokens = None
        flight.set_result(outcome)
        if isinstance(outcome, Failure) and outcome.code == "session_ended":
            self._delete(self._store)  # or every start would offer a dead token (I01)

    def _refresh(self, secret: Secret) -> Tokens | Failure:
        try:
            told = self._pool.call(
                "InitiateAuth",
                {
                    "AuthFlow": "REFRESH_TOKEN_AUTH",
                    "AuthParameters": {"REFRESH_TOKEN": secret.refresh_token},
                },
            )
        except PoolError as exc:
            return _clock_failure(exc.reply) or _SESSION_ENDED
        if isinstance(told, Failure):
            return told
        result = told[0].get("AuthenticationResult") or {}
        if tokens.claimed_sub(result.get("IdToken")) != secret.sub or "AccessToken" not in result:
            return _MALFORMED
        return self._held(result)

    # --- signing out -----------------------------------------------------------------------------

    def _end_all(self) -> Failure | None:
        token = self._access_token()
        if isinstance(token, Failure):
            return token
        try:
            told = self._pool.call("GlobalSignOut", {"AccessToken": token})
        except PoolError:
            return _SIGNED_OUT
        return told if isinstance(told, Failure) else None

    def _revoke(self, secret: Secret) -> None:
        """End one session in the cloud; offline it ends by itself, for nobody has its token."""
        try:
            self._pool.call("RevokeToken", {"Token": secret.refresh_token})
        except PoolError:
            return

    def _delete(self, store: str) -> Failure | None:
        return self._stores[store].delete() if store else None

    def _forget(self) -> None:
        with self._lock:
            self._secret = self._tokens = self._challenge = None


def _clock_failure(reply: Reply) -> Failure | None:
    """Return what is wrong with this machine's clock, seen from the server's; None if little."""
    if reply.earliest is None or reply.latest is None:
        return None
    offset = (reply.earliest + reply.latest) // 2
    if abs(offset) <= _MOST_SKEW_MS:
        return None
    minutes = round(abs(offset) / 60_000)
    remedy = "Set the clock (best to be set automatically), then sign in again."
    behind = f"This computer's clock is {minutes} minutes behind the cloud's. {remedy}"
    ahead = f"This computer's clock is {minutes} minutes ahead of the cloud's. {remedy}"
    return Failure(FailureKind.CLOCK_WRONG, behind if offset > 0 else ahead, "clock_wrong")


def _refused(message: str, code: str) -> Failure:
    return Failure(FailureKind.REFUSED, message, code)


_CODES: dict[str, str] = {
    "SOFTWARE_TOKEN_MFA": "SOFTWARE_TOKEN_MFA_CODE",
    "SMS_MFA": "SMS_MFA_CODE",
    "EMAIL_OTP": "EMAIL_OTP_CODE",
}

_SETS_UP = "MFA_SETUP"

_SIGNED_OUT = Failure(
    FailureKind.SIGNED_OUT, "You are not signed in. Sign in and try again.", "not_signed_in"
)
_SESSION_ENDED = Failure(
    FailureKind.SIGNED_OUT, "Your session has ended. Sign in again.", "session_ended"
)
_NEW_PASSWORD = _refused("Choose a new password to go on.", "new_password_required")
_CODE = _refused("Enter the code of your second factor to go on.", "code_required")
_FACTOR_REQUIRED = _refused(
    "Your cloud lets people in with a second factor only, and you have none yet. Sign in once in "
    "the window: it sets one up with you.",
    "second_factor_required",
)
_SET_UP_OVER = _refused(
    "Setting up the second factor took too long. Sign in again to start over.", "set_up_over"
)
_WRONG_PASSWORD = _refused("The e-mail address or the password is wrong.", "wrong_password")
_UNSUPPORTED = _refused(
    "Your account asks for something this version cannot answer. Ask the person who runs your "
    "cloud.",
    "challenge_unsupported",
)
_MALFORMED = Failure(
    FailureKind.OFFLINE,
    "The answer of the sign-in service was not understood. Is this application up to date?",
    "unexpected_answer",
)
_REFUSALS: Mapping[str, Failure] = {
    "NotAuthorizedException": _WRONG_PASSWORD,
    "UserNotFoundException": _WRONG_PASSWORD,
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

_WRONG_CODE = _refused(
    "The code is wrong or too old. Check it, or have a new one sent.", "wrong_code"
)
# Whether an address has an account is nobody's business.
_UNKNOWN_LOOKS_ALIKE: Mapping[str, Failure | None] = {"UserNotFoundException": None}
_REFUSED_RESETS: Mapping[str, Failure | None] = {
    "UserNotFoundException": _WRONG_CODE,
    "CodeMismatchException": _WRONG_CODE,
    "ExpiredCodeException": _WRONG_CODE,
}
_REFUSED_CHANGES: Mapping[str, Failure | None] = {
    "NotAuthorizedException": _refused("Your present password is wrong.", "wrong_password")
}
