"""Who is signed in: SRP through pycognito, tokens in memory, one refresh for everybody.

The access and the ID token never touch the disk, and go to the pool and the API only; the refresh
token lies in the store the person chose. Anything may be called from any thread.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from mydoctransfer.adapters import refusals, second_factor, signing_up, tokens
from mydoctransfer.adapters.secrets import Secret, SecretStore
from mydoctransfer.adapters.signing_in import SigningIn
from mydoctransfer.adapters.userpool import Json, PoolError, UserPool
from mydoctransfer.engine.ports import Failure, FailureKind

T = TypeVar("T")

_LIFE = 300.0  # seconds an ID token is used at most, by the monotonic clock
_MARGIN = 30.0  # seconds before its end in which it is renewed


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in or a refresh brought; `until` in seconds of the monotonic clock."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    until: float


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
        self._signed_in = signed_in
        connection = pool.connection
        self._client = f"{pool.issuer} {connection.client_id} {connection.api_url}"
        self._lock = threading.Lock()
        self._secret: Secret | None = None
        self._tokens: Tokens | None = None
        self._flight: Future[Tokens | Failure] | None = None
        self._signing_in = SigningIn(pool, wall_ms)

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
            result = self._signing_in.prove(email, password, new_password, code)
            if isinstance(result, Failure):
                return result
            return self._begin(email, store, result)
        except PoolError as exc:
            return refusals.refusal(exc)
        except (KeyError, TypeError, ValueError):
            return refusals.MALFORMED

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
            return refusals.refusal(exc)

    def send_code(self, email: str) -> Failure | None:
        return self._told("ForgotPassword", {"Username": email}, refusals.UNKNOWN_LOOKS_ALIKE)

    def reset_password(self, email: str, code: str, new_password: str) -> Failure | None:
        body = {"Username": email, "ConfirmationCode": code, "Password": new_password}
        return self._told("ConfirmForgotPassword", body, refusals.REFUSED_RESETS)

    def change_password(self, password: str, new_password: str) -> Failure | None:
        token = self._access_token()
        if isinstance(token, Failure):
            return token
        passwords = {"PreviousPassword": password, "ProposedPassword": new_password}
        body = {"AccessToken": token, **passwords}
        return self._told("ChangePassword", body, refusals.REFUSED_CHANGES)

    def has_second_factor(self) -> bool | Failure:
        return self._with_access(second_factor.is_on)

    def begin_second_factor(self) -> str | Failure:
        begun = self._signing_in.begin_second_factor()
        return self._with_access(second_factor.begin) if begun is None else begun

    def confirm_second_factor(self, code: str) -> Failure | None:
        return self._with_access(partial(second_factor.confirm, code=code))

    def end_second_factor(self) -> Failure | None:
        return self._with_access(second_factor.end)

    def _with_access(self, ask: Callable[[UserPool, str], T | Failure]) -> T | Failure:
        token = self._access_token()
        if isinstance(token, Failure):
            return token
        try:
            return ask(self._pool, token)
        except PoolError as exc:
            return (
                refusals.SESSION_ENDED
                if exc.kind == "NotAuthorizedException"
                else refusals.refusal(exc)
            )
        except (KeyError, TypeError, ValueError):
            return refusals.MALFORMED

    def _access_token(self) -> str | Failure:
        token = self.token()
        if isinstance(token, Failure):
            return token
        with self._lock:
            return self._tokens.access_token if self._tokens is not None else refusals.SIGNED_OUT

    def _told(
        self, operation: str, body: Json, known: Mapping[str, Failure | None]
    ) -> Failure | None:
        try:
            told = self._pool.call(operation, body)
        except PoolError as exc:
            return known[exc.kind] if exc.kind in known else refusals.refusal(exc)
        return told if isinstance(told, Failure) else None

    # --- for the other adapters ------------------------------------------------------------------

    def token(self, stale: str | None = None) -> str | Failure:
        """Return an ID token, renewed if it is old, or if it is the `stale` one (a 401).

        However many threads ask at once, one refresh is made and all get its outcome (I09).
        """
        with self._lock:
            if self._secret is None:
                return refusals.SIGNED_OUT
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
                outcome = refusals.SIGNED_OUT  # signed out, or in as another, meanwhile
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
            return refusals.clock_failure(exc.reply) or refusals.SESSION_ENDED
        if isinstance(told, Failure):
            return told
        result = told[0].get("AuthenticationResult") or {}
        if tokens.claimed_sub(result.get("IdToken")) != secret.sub or "AccessToken" not in result:
            return refusals.MALFORMED
        return self._held(result)

    # --- signing out -----------------------------------------------------------------------------

    def _end_all(self) -> Failure | None:
        token = self._access_token()
        if isinstance(token, Failure):
            return token
        try:
            told = self._pool.call("GlobalSignOut", {"AccessToken": token})
        except PoolError:
            return refusals.SIGNED_OUT
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
            self._secret = self._tokens = None
        self._signing_in.forget()
