"""How things stand: the parts of a running engine, what they found out, and what that is called.

Owns: whether the cloud was asked since the last wish, and which folder is looked at. The status
that a person sees is read off here, and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mydoctransfer.engine import answers
from mydoctransfer.engine.dispatch import Dispatcher
from mydoctransfer.engine.looking import Looking
from mydoctransfer.engine.observe import Observer
from mydoctransfer.engine.pause import Paused
from mydoctransfer.engine.ports import (
    Clock,
    Cloud,
    FailureKind,
    Identity,
    Inbox,
    Journal,
    Note,
    Objects,
    Rand,
    Reserve,
    Settings,
    Watch,
)
from mydoctransfer.engine.session import POLL, SESSION_KEY, Presence, Session
from mydoctransfer.engine.supervision import Supervision, Worker
from mydoctransfer.model.events import EngineState, Status
from mydoctransfer.model.trees import RelPath

OFFSET_NEWS_MS = 500

_HERE = (FailureKind.NO_SPACE, FailureKind.UNREADABLE)  # this computer's own, not the cloud's


@dataclass(slots=True)
class Parts:
    """What `building.py` makes the engine from.

    `watch` is None where nobody waits for changes, `reserve` where no room is put by.
    """

    journal: Journal
    cloud: Cloud
    objects: Objects
    inbox: Inbox
    identity: Identity
    settings: Settings
    watch: Watch | None
    clock: Clock
    rand: Rand
    host: str
    reserve: Reserve | None = None
    grace: float = 60.0  # seconds between the two looks that make an absence a deletion
    workers: Sequence[Worker] = ()
    poll: float = POLL  # seconds between two questions to the cloud


@dataclass(slots=True)
class Standing:
    """Everything that the engine's rooms know of each other.

    Attributes:
        works: whether the engine looks after the folder by itself.
        looking: None while no folder is chosen.
        has_polled: whether the cloud was asked since somebody last wanted to know.
    """

    parts: Parts
    session: Session
    observer: Observer
    dispatcher: Dispatcher
    paused: Paused
    supervision: Supervision
    notes: dict[RelPath, Note]
    works: bool
    looking: Looking | None = None
    has_polled: bool = False

    def can_plan(self, looking: Looking) -> bool:
        """Whether both sides are known well enough."""
        has_seen_all = self.has_polled and looking.full_scan_began is not None
        return has_seen_all and self.session.is_online and not looking.sick

    def ailment(self) -> str:
        """What is wrong with this computer, and with no file in particular: a sentence, or ""."""
        trouble = self.session.trouble
        if trouble is not None and trouble.kind in _HERE:
            return trouble.message
        if self.looking is not None and self.looking.sick:
            return self.looking.sick
        return self.supervision.trouble

    def status(self, told: Status | None) -> Status:
        """How things stand now; `told` is what was said of it last."""
        state, message = self._state()
        return Status(
            state=state,
            message=message,
            folder=self.parts.settings.folder(),
            queued=self.dispatcher.waiting() + self._unread(),
            held_deletes=len(self.dispatcher.holding.held),
            account=self.session.account if state is not EngineState.SIGNED_OUT else None,
            clock_offset_ms=self._clock_offset(told),
            email=self.parts.settings.email(),
            paused_until=self.paused.until() if state is EngineState.PAUSED else None,
        )

    def _unread(self) -> int:
        """How many files that may be sent are still to be read; what was here before is not sent
        where only new files are wanted."""
        unhashed = self.observer.reading.unhashed
        since = self.parts.settings.only_new_since()
        if not since:
            return len(unhashed)
        return sum(stat.ctime_ns > since for stat in unhashed.values())

    def _clock_offset(self, told: Status | None) -> int:
        """The server's clock as last told; every answer moves it a little, which is no news."""
        before = told.clock_offset_ms if told else 0
        measured = self.parts.cloud.clock_offset_ms()
        return measured if abs(measured - before) > OFFSET_NEWS_MS else before

    def _state(self) -> tuple[EngineState, str]:
        if self._is_signed_out():
            return EngineState.SIGNED_OUT, self.session.keyring_message
        if self.paused.is_on:
            return EngineState.PAUSED, self.paused.message
        trouble = self.session.trouble or self.dispatcher.strain.trouble
        if trouble is not None and trouble.kind not in _HERE:
            return EngineState.OFFLINE, trouble.message
        if ailment := self.ailment():
            return EngineState.PROBLEM, ailment
        unreadable = self.dispatcher.verdicts.unreadable
        noted = [note for path, note in self.notes.items() if path not in unreadable]
        problems = sum(note.state == "problem" for note in noted)
        if problems:
            return EngineState.PROBLEM, f"{answers.counted(problems, 'file')} could not be sent."
        if unreadable:
            return EngineState.PROBLEM, next(iter(unreadable.values()))
        if self.dispatcher.holding.held:
            return EngineState.PROBLEM, "Deletions wait for your answer."
        if self._is_working():
            return EngineState.SYNCING, ""
        return EngineState.IDLE, self.looking.message if self.looking else ""

    def _is_signed_out(self) -> bool:
        if self.session.presence is Presence.UNKNOWN:
            return self.parts.journal.get(SESSION_KEY) is None
        return self.session.presence is Presence.SIGNED_OUT

    def _is_working(self) -> bool:
        if not self.works or self.looking is None:
            return False
        has_seen_all = self.looking.full_scan_began is not None and self.has_polled
        return (
            not has_seen_all or bool(self.observer.reading.unhashed) or not self.dispatcher.is_idle
        )
