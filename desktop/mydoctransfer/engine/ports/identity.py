"""Who is signed in. Called from the pool; tokens never leave the adapter."""

from typing import Protocol

from mydoctransfer.engine.ports.failures import Failure


class Identity(Protocol):
    """The session. Tokens never leave the adapter."""

    def restore(self) -> bool | Failure:
        """Take up the stored session; False when there is none."""

    def sign_in(
        self, email: str, password: str, store: str, new_password: str | None, code: str | None
    ) -> Failure | None:
        """`code` of a failure: wrong_password, new_password_required, code_required,
        second_factor_required, clock_wrong, no_keyring, keyring_locked, …"""

    def sign_out(self, everywhere: bool) -> Failure | None: ...

    def sign_up(
        self, email: str, password: str, given_name: str, family_name: str
    ) -> Failure | None:
        """Make an account, where the pool lets people; a code is sent to its address."""

    def confirm_sign_up(self, email: str, code: str) -> Failure | None: ...
    def send_sign_up_code(self, email: str) -> Failure | None: ...

    def send_code(self, email: str) -> Failure | None:
        """Have a code sent to whoever forgot their password; an unknown address looks alike."""

    def reset_password(self, email: str, code: str, new_password: str) -> Failure | None: ...
    def change_password(self, password: str, new_password: str) -> Failure | None: ...

    def has_second_factor(self) -> bool | Failure:
        """Whether a sign-in asks whoever is signed in for a code."""

    def begin_second_factor(self) -> str | Failure:
        """Answer a secret (base 32) for an authenticator application.

        `confirm_second_factor` makes it count; in a sign-in that asked for one, `sign_in` does.
        """

    def confirm_second_factor(self, code: str) -> Failure | None: ...
    def end_second_factor(self) -> Failure | None: ...
