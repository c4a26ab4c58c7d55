"""Who is signed in, and what the cloud said last: restoring, polling, going offline and back.

Leaves to others: files. Owns: account, offline or not, the change feed's cursor (in the journal).
"""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, TypeVar

from mydoctransfer.engine import answers, keeping
from mydoctransfer.engine.backoff import Backoff
from mydoctransfer.engine.feed import Feed
from mydoctransfer.engine.ports import (
    Changes,
    Clock,
    Cloud,
    Documents,
    Failure,
    FailureKind,
    Identity,
    Journal,
    Rand,
    Stretch,
)
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.errors import is_disk_full
from mydoctransfer.model.trees import (
    Account,
    Document,
    Person,
    Policy,
    ShareId,
)

T = TypeVar("T")

POLL = 15.0  # seconds
OFFLINE_CAP = 40.0  # one call that reaches nobody burdens nobody: back within a minute
POLL_IDLE = 300.0  # after an hour in which nothing happened
IDLE_AFTER = 3600.0

CLOCK_DOUBT_MS = 1000  # the server tells its time in whole seconds

SESSION_KEY = "session"
ACCOUNT_KEY = "account"
EPOCH_KEY = "epoch"
CURSOR_KEY = "cursor"
OFFSET_KEY = "clock_offset"

_UNFORESEEN = "The cloud's answer was not understood; it will be asked again."


class Presence(Enum):
    """Whether there is a session."""

    UNKNOWN = "unknown"  # not asked yet
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"


@dataclass(slots=True)
class Session:
    """The session's state, and the tasks that change it.

    Attributes:
        every: seconds between two polls while something happens.
        account: from the journal until the cloud confirms it, so that the window fills at once.
        trouble: why the cloud could not be asked last time; None when it answered.
        keyring_message: why the stored session could not be taken up.
        sign_ins: how many there were in this run: what an earlier one is answered late is not
            believed, be it of somebody else or that the session is over.
        server_at: the server's time (milliseconds) and the monotonic second it was learned;
            None before the cloud has answered in this run.
    """

    journal: Journal
    identity: Identity
    cloud: Cloud
    clock: Clock
    rand: Rand
    learned: Callable[[tuple[Document, ...], tuple[ShareId, ...], bool], None]
    another_account: Callable[[], None]
    every: float = POLL
    presence: Presence = Presence.UNKNOWN
    account: Account | None = None
    trouble: Failure | None = None
    polled_at: float | None = None
    active_at: float = 0.0
    keyring_message: str = ""
    sign_ins: int = 0
    server_at: tuple[int, float] | None = None
    backoff: Backoff[str] = field(init=False)
    _feed: Feed = field(init=False, default_factory=Feed)
    _polls: int = 0  # under way
    _wishes: int = 0  # to be asked at once

    def __post_init__(self) -> None:
        """Take up what the journal knows of the account."""
        self.backoff = Backoff(self.rand)
        self.account = _load_account(self.journal.get(ACCOUNT_KEY))
        self.active_at = self.clock.monotonic()

    @property
    def is_online(self) -> bool:
        """Whether the cloud answered when it was last asked."""
        return self.presence is Presence.SIGNED_IN and self.trouble is None

    def next_poll(self) -> float | None:
        """When to poll next (monotonic seconds); None while nobody is signed in."""
        if self.presence is not Presence.SIGNED_IN:
            return None
        if self.polled_at is None:
            return 0.0
        if self.trouble is not None:
            return self.backoff.next_wake() or 0.0
        is_idle = self.clock.monotonic() - self.active_at > IDLE_AFTER
        return self.polled_at + (POLL_IDLE if is_idle else self.every)

    def poll_at_once(self) -> None:
        """Forget the waiting: the person asked, or the link may be up again. What is being asked
        just now was asked before, and does not count."""
        self.polled_at = None
        self._wishes += 1
        self.backoff.all_rest_over()

    def try_keyring_again(self) -> None:
        """Read the stored session anew if that failed: the person may have unlocked the keyring."""
        if self.presence is Presence.SIGNED_OUT and self.keyring_message:
            self.presence = Presence.UNKNOWN
            self.keyring_message = ""

    def restore(self) -> Work[Failure | None]:
        """Take up the stored session."""
        restored = yield from self._asked(self.identity.restore)
        if restored is _OVERTAKEN:
            return None
        if isinstance(restored, Failure):
            if restored.kind is FailureKind.KEYRING:
                self.keyring_message = restored.message
            else:
                self.presence = Presence.SIGNED_IN
                self._went_wrong(restored)
            return restored
        if restored:
            self.presence = Presence.SIGNED_IN
        else:
            self._has_ended()
        return None

    def poll(self) -> Work[Failure | None]:
        """Ask who we are and what changed, page by page, until nothing is left."""
        began, wishes = self._wall_beside_monotonic(), self._wishes
        self._polls += 1
        try:
            failure = yield from self._poll()
            while failure is _OVERTAKEN:
                failure = yield from self._poll()
        finally:
            self._polls -= 1
        if failure is None:
            self._stand_behind_own()
            self.trouble = None
            if abs(self._wall_beside_monotonic() - began) < CLOCK_DOUBT_MS:
                self._learn_time()
            self.backoff.clear("poll")
            if wishes == self._wishes:
                self.polled_at = self.clock.monotonic()
        else:
            self._went_wrong(failure)
        return failure

    def _learn_time(self) -> None:
        offset = self.cloud.clock_offset_ms()
        self.server_at = (self.clock.wall_ms() + offset, self.clock.monotonic())
        if abs(offset - self._kept_offset()) > CLOCK_DOUBT_MS:
            self.journal.put(OFFSET_KEY, str(offset))

    def _kept_offset(self) -> int:
        """How far the server's clock was ahead when it was last learned (milliseconds)."""
        return keeping.read(self.journal.get(OFFSET_KEY), int) or 0

    def _asked(self, ask: Callable[..., T | Failure], *words: str | None) -> Work[T | Failure]:
        """Ask, and have nothing of an answer that comes when somebody signed in meanwhile."""
        sign_in = self.sign_ins
        answer = yield from call(ask, *words)
        return answer if sign_in == self.sign_ins else _OVERTAKEN

    def _wall_beside_monotonic(self) -> int:
        """Milliseconds the wall clock is ahead of the monotonic one: another value means that it
        was set, and what was measured against it before tells nothing (a day added to the server's
        time would end every document)."""
        return self.clock.wall_ms() - int(self.clock.monotonic() * 1000)

    def _poll(self) -> Work[Failure | None]:
        if self.account is None or self.trouble is not None or self.polled_at is None:
            me = yield from self._asked(self.cloud.me)
            if isinstance(me, Failure):
                return me
            self._meet(me)
        while True:
            cursor = self._go_on()
            if cursor is None:
                return (yield from self._list_everything())
            page = yield from self._asked(self.cloud.changes, cursor)
            if isinstance(page, Failure):
                return page
            if page.reset or page.epoch != self.journal.get(EPOCH_KEY):
                return (yield from self._list_everything())
            if self.journal.get(CURSOR_KEY) != cursor:
                continue  # a command has polled meanwhile: this page begins where nobody stands
            self._learn(page)
            if not page.more:
                return None

    def _list_everything(self) -> Work[Failure | None]:
        """Compare in full: the first time, after 30 days away, after a restored back-end (L13)."""
        start = yield from self._asked(self.cloud.changes, None)
        if isinstance(start, Failure):
            return start
        listed: dict[ShareId, Document] = {}
        cursor: str | None = None
        while True:
            page: Documents | Failure = yield from self._asked(self.cloud.documents, cursor)
            if isinstance(page, Failure):
                return page
            listed |= {d.share_id: d for d in page.documents}
            cursor = page.cursor
            if cursor is None:
                break
        # Forgotten and learned in one step: in between, everything would seem gone.
        if start.epoch != self.journal.get(EPOCH_KEY):
            self.journal.forget_remote()
            self.journal.put(EPOCH_KEY, start.epoch)
        unlisted = tuple(d.share_id for d in self.journal.documents() if d.share_id not in listed)
        documents = tuple(listed.values())
        self.journal.learn(documents, unlisted, start.cursor)
        self._feed.listed(start.cursor, start.line)
        self.learned(documents, unlisted, True)
        return None

    def _learn(self, page: Changes) -> None:
        self.journal.learn(page.documents, page.withdrawn, page.cursor)
        self._feed.read(page.cursor, page.line)
        if page.documents or page.withdrawn:
            self.active_at = self.clock.monotonic()
            self.learned(page.documents, page.withdrawn, False)

    def wrote(self, stretch: Stretch) -> None:
        """Lines of the feed are our own, and need not be read: the journal has what they tell."""
        self._feed.wrote(stretch)
        self.active_at = self.clock.monotonic()
        self._stand_behind_own()

    def _stand_behind_own(self) -> None:
        if not self._polls:  # a page under way is not to come back to another place
            self._go_on()

    def _go_on(self) -> str | None:
        """Move the cursor over what we wrote ourselves, as far as that follows."""
        cursor = self.journal.get(CURSOR_KEY)
        if cursor is None:
            return None
        behind = self._feed.gone_on(cursor)
        if behind != cursor:
            self.journal.put(CURSOR_KEY, behind)
        return behind

    def _meet(self, me: Account) -> None:
        if self.account is not None and self.account.sub != me.sub:
            self.another_account()
        self.account = me
        self.journal.put(SESSION_KEY, "1")  # refused before, and good again
        self.journal.put(ACCOUNT_KEY, json.dumps(asdict(me)))

    def _went_wrong(self, failure: Failure) -> None:
        if failure.kind is FailureKind.SIGNED_OUT:
            self._has_ended()
            return
        self.trouble = failure
        self.polled_at = self.clock.monotonic()
        most = OFFLINE_CAP if failure.kind is FailureKind.OFFLINE else math.inf
        self.backoff.failed("poll", self.clock.monotonic(), failure.retry_after, most)

    def _has_ended(self) -> None:
        """The session is over, also for the next program that is asked how things stand."""
        self.presence = Presence.SIGNED_OUT
        self.trouble = None
        self.journal.put(SESSION_KEY, None)

    def failed(self, error: BaseException) -> None:
        """A poll ended in an error (the log has it): try again later."""
        kind = FailureKind.BUSY
        if is_disk_full(error):
            kind = FailureKind.NO_SPACE
        said = answers.why(error, _UNFORESEEN)
        self._went_wrong(Failure(kind, said, answers.error_of(error).code))

    def end_documents(self) -> None:
        """Call expired what is, without asking: the sweep comes later (R10).

        By the server's clock as last learned, carried on by the monotonic one: people may set
        theirs. Somebody else may have extended it meanwhile: that is a larger revision, and the
        poll that brings it makes the document live again.
        """
        end = self.next_end()
        if end is None or end > self.clock.monotonic():
            return
        now = self.passed_ms()
        over = [d.at(now) for d in self.journal.expired(now)]
        self.journal.learn(over, (), None)
        self.learned(tuple(over), (), False)

    def next_end(self) -> float | None:
        """When the next document is over (monotonic seconds); None while nobody can tell."""
        first = self.journal.next_expiry()
        if first is None or self.server_at is None:
            return None
        at, when = self.server_at
        return when + (first - at + CLOCK_DOUBT_MS) / 1000

    def server_now(self) -> int | None:
        """The server's time (milliseconds), by the monotonic clock since it was last learned."""
        if self.server_at is None:
            return None
        at, when = self.server_at
        return at + int((self.clock.monotonic() - when) * 1000)

    def server_ms(self) -> int:
        """The server's time; before it was learned in this run, what this machine's clock makes
        of it, which may have been set since."""
        now = self.server_now()
        return self.clock.wall_ms() + self._kept_offset() if now is None else now

    def passed_ms(self) -> int:
        """What the server's time is at least, as far as is known: what ended by then is over."""
        return self.server_ms() - CLOCK_DOUBT_MS

    def noticed(self, failure: Failure) -> None:
        """Take over what another call found out about the link or the session."""
        if failure.kind in (FailureKind.OFFLINE, FailureKind.SIGNED_OUT, FailureKind.CLOCK_WRONG):
            self._went_wrong(failure)

    def signed_in(self) -> None:
        """A sign-in succeeded."""
        self.sign_ins += 1
        self.presence = Presence.SIGNED_IN
        self.trouble = None
        self.keyring_message = ""
        self.journal.put(SESSION_KEY, "1")
        self.poll_at_once()

    def signed_out(self) -> None:
        """A sign-out was asked for."""
        self._has_ended()

    def nobody_can_tell(self) -> None:
        """The keyring is locked or missing: as far as can be known, nobody is signed in."""
        self.presence = Presence.SIGNED_OUT
        self.trouble = None


_OVERTAKEN = Failure(FailureKind.BUSY, "", "signed_in_meanwhile")  # nobody is told: asked again


def _load_account(text: str | None) -> Account | None:
    return keeping.read(text, _account_of)  # the next poll writes it anew


def _account_of(raw: Any) -> Account:
    policy: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in raw["policy"].items()
    }
    return Account(
        raw["sub"],
        Person(**raw["person"]),
        tuple(raw["groups"]),
        Policy(**policy),
        raw["epoch"],
    )
