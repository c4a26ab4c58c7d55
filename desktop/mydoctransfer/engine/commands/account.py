"""The account: signing in and out, passwords, the second factor."""

from collections.abc import Callable
from dataclasses import dataclass

from mydoctransfer.engine import answers
from mydoctransfer.engine.commands.ground import Ground
from mydoctransfer.engine.ports import Failure, FailureKind, Identity
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model import commands as c
from mydoctransfer.model import otpauth
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import NotSignedIn


@dataclass(frozen=True, slots=True)
class AccountCommands:
    """What is said of who one is."""

    ground: Ground
    identity: Identity

    def sign_in(self, command: c.SignIn) -> Work[Answer]:
        """Sign in, and know what the cloud knows."""
        failure = yield from call(
            self.identity.sign_in,
            command.email,
            command.password,
            command.store,
            command.new_password,
            command.code,
        )
        if failure is not None:
            raise answers.error(failure)
        # What was begun before belongs to whoever was signed in then: an answer that comes late
        # would sign out again, and files would go on into another account.
        self.ground.hooks.signed_out()
        self.ground.session.signed_in()
        polled = yield from self.ground.session.poll()
        if polled is not None:
            raise answers.error(polled)
        self.ground.hooks.signed_in()
        return answers.OK

    def sign_out(self, everywhere: bool) -> Work[Answer]:
        """Forget the session here, or end it everywhere."""
        failure = yield from call(self.identity.sign_out, everywhere)
        if failure is not None and everywhere and failure.kind is not FailureKind.SIGNED_OUT:
            raise answers.error(failure)
        self.ground.session.signed_out()
        self.ground.hooks.signed_out()
        if failure is not None:
            raise answers.error(failure)
        return answers.OK

    def did(self, ask: Callable[..., Failure | None], *words: str) -> Work[Answer]:
        """Have the sign-in service do something that answers nothing."""
        failure = yield from call(ask, *words)
        if failure is not None:
            raise answers.error(failure)
        return answers.OK

    def look_at_second_factor(self) -> Work[Answer]:
        """Say whether a sign-in asks for a code."""
        found = yield from call(self.identity.has_second_factor)
        if isinstance(found, Failure):
            raise answers.error(found)
        return {"is_on": found}

    def begin_second_factor(self, email: str) -> Work[Answer]:
        """Answer with a secret for an authenticator, which counts once it is confirmed."""
        secret = yield from call(self.identity.begin_second_factor)
        if isinstance(secret, Failure):
            raise answers.error(secret)
        return {
            "secret": secret,
            "address": otpauth.address(secret, email or self.ground.settings.email()),
        }

    def who_am_i(self) -> Work[Answer]:
        """Answer with the account, as the cloud has it now."""
        yield from self.ground.fresh()
        account = self.ground.session.account
        if account is None:
            raise NotSignedIn()
        return answers.account(account)
