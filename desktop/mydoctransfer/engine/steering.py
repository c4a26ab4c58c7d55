"""Carrying out what concerns the engine's own course; everything else goes to `commands`.

Each command is answered once: at once, when a task has ended, or when what was asked for has come
about (`waiting`).
"""

from collections.abc import Callable
from functools import partial

from mydoctransfer.engine import answers
from mydoctransfer.engine.activity import Activity
from mydoctransfer.engine.asked import Asked
from mydoctransfer.engine.commands.carrying import Commands
from mydoctransfer.engine.messages import Reply
from mydoctransfer.engine.rows import Rows
from mydoctransfer.engine.standing import Standing
from mydoctransfer.engine.tasks import Tasks, Work
from mydoctransfer.engine.telling import Telling
from mydoctransfer.engine.waiting import Waiting
from mydoctransfer.model import commands as c
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import AppError, UsageError
from mydoctransfer.model.events import Halt
from mydoctransfer.model.surroundings import Reason
from mydoctransfer.model.trees import RelPath, ShareId


class Steering:
    """Takes commands from the loop."""

    def __init__(
        self,
        standing: Standing,
        tasks: Tasks,
        commands: Commands,
        waiting: Waiting,
        activity: Activity,
        telling: Telling,
        rows: Rows,
    ) -> None:
        self._standing = standing
        self._tasks = tasks
        self._commands = commands
        self._waiting = waiting
        self._activity = activity
        self._telling = telling
        self._rows = rows
        self._asked = Asked()

    def tell(self, command: c.Command, reply: Callable[[Reply], None]) -> None:
        """Take a command; it is answered now or later."""
        answer = self._asked.one(reply)
        reserve = self._standing.parts.reserve
        if reserve is not None and c.is_urgent(command):
            reserve.tend()
        self._tell(command, answer)

    def abandon(self, error: BaseException) -> None:
        """Answer whoever still waits: the engine ends by an error."""
        self._asked.all(answers.error_of(error))

    def _tell(self, command: c.Command, reply: Callable[[Reply], None]) -> None:
        match command:
            case c.Pause(seconds=seconds):
                self._pause(seconds)
                reply(answers.OK)
            case c.Resume():
                self.resume()
                reply(answers.OK)
            case c.PauseFiles() | c.ResumeFiles() | c.CancelFiles():
                reply(self._steer(command))
            case c.CancelGet(share_id=share_id):
                self._commands.documents.downloads.cancel(ShareId(share_id))
                reply(answers.OK)
            case c.Wait(reason=reason):
                reply(self._wait(reason))
            case c.LookNow():
                self.look_now()
                reply(answers.OK)
            case c.GetStatus():
                self._answer_status(reply)
            case c.AnswerDeletes(confirm=confirm):
                reply(self._answer_deletes(confirm))
            case c.SyncOnce(delete_grace=grace):
                self.look_now()
                self._waiting.until_synced(grace, reply)
            case c.SendAgain():
                self._start(command, partial(self._sent_again, reply))
            case _:
                self._start(command, reply)

    def look_now(self) -> None:
        """Look at folder and cloud without waiting for their time; try again what rests."""
        if self._standing.looking is not None:
            self._standing.looking.look_now()
        self._standing.session.try_keyring_again()
        self._standing.session.poll_at_once()
        self._standing.dispatcher.rest_is_over()

    def resume(self) -> None:
        """End the pause: the person says so, or its time is over."""
        self._standing.paused.end()
        self.look_now()

    def _start(self, command: c.Command, reply: Callable[[Reply], None]) -> None:
        before = self._activity.before(command)

        def ended(answer: Answer | None, error: BaseException | None) -> None:
            if answer is not None:
                self._activity.did(command, answer, before)
                reply(answer)
            elif error is not None:
                reply(answers.error_of(error))

        def work() -> Work[Answer]:
            # Inside a generator, so that what it raises at once is answered like the rest.
            return (yield from self._commands.carry_out(command))

        self._tasks.start(type(command).__name__, work(), ended)

    def _pause(self, seconds: int | None) -> None:
        self._standing.paused.begin(seconds)
        self._standing.dispatcher.stop_running()

    def _steer(self, command: c.PauseFiles | c.ResumeFiles | c.CancelFiles) -> Reply:
        paths = {RelPath(path) for path in command.paths}
        match command:
            case c.PauseFiles():
                self._standing.dispatcher.halt(paths, Halt.PAUSED)
            case c.CancelFiles():
                self._standing.dispatcher.halt(paths, Halt.CANCELLED)
            case c.ResumeFiles():
                self._standing.dispatcher.go_on(paths)
        return answers.OK

    def _wait(self, reason: str) -> Reply:
        if reason not in {known.value for known in Reason}:
            return UsageError("Not understood", "There is no such reason to wait.", "usage")
        was_on = self._standing.paused.is_on
        self._standing.paused.wait(Reason(reason))
        if self._standing.paused.is_on:
            self._standing.dispatcher.stop_running()
        elif was_on:
            self.resume()
        return answers.OK

    def _answer_deletes(self, confirm: bool) -> Reply:
        if not self._standing.dispatcher.holding.held:
            return AppError("Nothing to answer", "No deletions are held back.", "nothing_held")
        self._standing.dispatcher.answer_deletes(confirm)
        return answers.OK

    def _sent_again(self, reply: Callable[[Reply], None], sent: Reply) -> None:
        if isinstance(sent, AppError):
            reply(sent)
            return
        self._waiting.until_sent_again(RelPath(sent["path"]), reply)

    def _answer_status(self, reply: Callable[[Reply], None]) -> None:
        """Answer how things stand; an engine that does not look by itself asks the folder first."""
        if self._standing.works or self._standing.looking is None:
            reply(self._status())
            return
        health = self._standing.looking.look_at_health()
        self._tasks.start("health", health, lambda _result, _error: reply(self._status()))

    def _status(self) -> Answer:
        status = self._telling.status()
        rows = self._rows.in_folder(self._standing.session.passed_ms())
        items = [answers.item(row) for row in rows]
        if ailment := self._standing.ailment():
            items.insert(0, answers.sick_folder(ailment))
        return answers.status(status, items)
