"""One installation's session with a real user pool, beside everything else."""

import time
from dataclasses import dataclass, field

from mydoctransfer.adapters.cloud import HttpCloud
from mydoctransfer.adapters.connection import Connection
from mydoctransfer.adapters.identity import PoolIdentity
from mydoctransfer.adapters.secrets import MemoryStore, Secret
from mydoctransfer.adapters.userpool import UserPool
from mydoctransfer.adapters.web import Deadlines, Web
from mydoctransfer.engine.ports import Failure
from tests.support.cloud import PASSWORD, Cloud


@dataclass
class Installation:
    """One installation's session, with a clock that can be turned."""

    connection: Connection
    stores: dict[str, MemoryStore] = field(
        default_factory=lambda: {"keyring": MemoryStore(), "file": MemoryStore()}
    )
    store: str = ""
    skew_ms: int = 0
    ahead: float = 0.0
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    identity: PoolIdentity = field(init=False)

    def __post_init__(self) -> None:
        def signed_in(*what: str) -> None:
            self.seen.append(what)  # type: ignore[arg-type]
            self.store = what[2]

        self.identity = PoolIdentity(
            UserPool(self.connection, Web(Deadlines(read=5.0), {}, wall_ms=self.wall_ms)),
            self.stores,
            self.store,
            lambda: time.monotonic() + self.ahead,
            self.wall_ms,
            signed_in,
        )

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.skew_ms

    def sign_in(
        self,
        email: str,
        password: str = PASSWORD,
        new_password: str | None = None,
        code: str | None = None,
        store: str = "keyring",
    ) -> Failure | None:
        return self.identity.sign_in(email, password, store, new_password, code)

    def restarted(self) -> "Installation":
        """The same installation after its program was started again."""
        return Installation(self.connection, self.stores, self.store)

    @property
    def secret(self) -> Secret:
        found = self.stores[self.store].load()
        assert isinstance(found, Secret)
        return found


def code_of(failure: object) -> str:
    assert isinstance(failure, Failure), failure
    assert failure.message[-1] in ".?"
    return failure.code


def is_accepted(cloud: Cloud, token: object) -> bool:
    assert isinstance(token, str), token
    return not isinstance(HttpCloud(cloud.api_url, lambda _: token, "h", Web()).me(), Failure)
