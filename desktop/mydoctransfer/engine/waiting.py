"""Who waits for the engine to get somewhere, and what they are told then."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mydoctransfer.engine import answers
from mydoctransfer.engine.messages import Reply
from mydoctransfer.engine.session import Presence
from mydoctransfer.engine.standing import Standing
from mydoctransfer.engine.verdicts import Tally
from mydoctransfer.model.errors import AppError, NotSignedIn
from mydoctransfer.model.trees import DocumentState, RelPath


@dataclass(slots=True)
class _Waiter:
    """Somebody who waits for the engine to get somewhere. `check` answers None until then."""

    check: Callable[[], Reply | None]
    reply: Callable[[Reply], None]


class Waiting:
    """Answers `sync --once` and `send-again` when what they asked for has come about."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._waiters: list[_Waiter] = []

    def __bool__(self) -> bool:
        return bool(self._waiters)

    def until_synced(self, grace: int, reply: Callable[[Reply], None]) -> None:
        """Answer when everything local is published and every absence had its second look."""
        self._standing.works = True
        self._standing.observer.absence.grace = float(grace)
        self._standing.dispatcher.verdicts.tally = Tally()
        self._standing.has_polled = False
        began = self._standing.parts.clock.monotonic()
        self._waiters.append(
            _Waiter(partial(self._is_synced_since, began), partial(self._synced_once, reply))
        )

    def until_sent_again(self, path: RelPath, reply: Callable[[Reply], None]) -> None:
        """Answer when the file at this path is a live document."""
        self._standing.works = True
        # It has just been polled for.
        self._standing.has_polled = True
        self._standing.dispatcher.go_on([path])
        self._waiters.append(_Waiter(partial(self._is_sent_again, path), reply))

    def check(self) -> None:
        """Answer whom there is something to say to."""
        still: list[_Waiter] = []
        for waiter in self._waiters:
            answer = self._cannot_go_on() or waiter.check()
            if answer is None:
                still.append(waiter)
            else:
                waiter.reply(answer)
        self._waiters = still

    def _cannot_go_on(self) -> AppError | None:
        if self._standing.session.presence is Presence.SIGNED_OUT:
            return NotSignedIn()
        if (
            self._standing.session.trouble is not None
            and self._standing.session.polled_at is not None
        ):
            return answers.error(self._standing.session.trouble)
        if self._standing.dispatcher.strain.trouble is not None:
            return answers.error(self._standing.dispatcher.strain.trouble)
        if self._standing.paused.is_on:
            return AppError("Paused", "Syncing is paused. Resume it first.", "paused")
        if self._standing.looking is None:
            return answers.no_folder()
        if self._standing.looking.sick and not self._standing.looking.is_about_to_look:
            return AppError("Folder", self._standing.looking.sick, "folder_problem")
        return None

    def _is_synced_since(self, began: float) -> Reply | None:
        assert self._standing.looking is not None
        is_restless = (
            not self._standing.looking.is_settled_since(began)
            or not self._standing.has_polled
            or not self._standing.dispatcher.is_idle
            or self._standing.dispatcher.verdicts.has_retries(self._standing.notes.keys())
        )
        awaits_second_look = (
            self._standing.observer.absence.second_look_at() is not None
            and not self._standing.dispatcher.holding.held
        )
        if is_restless or awaits_second_look:
            return None
        return self._synced_answer()

    def _synced_once(self, reply: Callable[[Reply], None], answer: Reply) -> None:
        # A shorter grace was asked for this once, not for the engine that goes on watching (R5).
        self._standing.observer.absence.grace = self._standing.parts.grace
        reply(answer)

    def _synced_answer(self) -> Reply:
        counts = self._standing.dispatcher.verdicts.tally.counts
        notes = self._standing.notes.items()
        failed = [path for path, note in notes if note.state == "problem"]
        held = len(self._standing.dispatcher.holding.held)
        if held:
            return AppError(
                "Deletions are held back",
                f"{answers.counted(held, 'document')} would leave the cloud because the files are "
                "gone from the folder. Answer with: deletes --confirm or deletes --keep",
                "deletes_held",
            )
        if failed:
            first = failed[0]
            return AppError(
                "Not everything is in the cloud",
                f"{answers.counted(len(failed), 'file')} could not be sent. {first}: "
                f"{self._standing.notes[first].message}",
                "items_failed",
            )
        done = counts["uploaded"] + counts["renamed"]
        return {
            "uploaded": counts["uploaded"],
            "renamed": counts["renamed"],
            "withdrawn": counts["withdrawn"],
            "unchanged": max(0, self._standing.parts.journal.published_count() - done),
            "skipped": len(self._standing.parts.journal.skipped())
            + len(self._standing.dispatcher.halts)
            + sum(note.state == "skipped" for _, note in notes),
            "failed": 0,
            "held_deletes": 0,
        }

    def _is_sent_again(self, path: RelPath) -> Reply | None:
        note = self._standing.notes.get(path)
        if note is not None and note.state == "problem":
            return AppError("Not sent", note.message, "items_failed")
        synced = self._standing.parts.journal.synced(path)
        document = self._standing.parts.journal.document(synced.share_id) if synced else None
        if synced is None or document is None or synced.is_gone or not synced.sha256:
            return None
        if document.state is not DocumentState.LIVE:
            return None
        return {"document": answers.document(document, path)}
