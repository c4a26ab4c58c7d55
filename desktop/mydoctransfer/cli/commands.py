"""What each command does: arguments to a `Command`, its answer to what is printed.

Nothing is decided here. The engine answers every command with the JSON object that is printed.
"""

import argparse
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from mydoctransfer.adapters import connection, instance
from mydoctransfer.adapters.home import Home
from mydoctransfer.cli import events, text
from mydoctransfer.cli.output import Lines, Output, abandon_stdout
from mydoctransfer.model import commands as told
from mydoctransfer.model.commands import Answer, Command, Store
from mydoctransfer.model.errors import AppError, UsageError
from mydoctransfer.model.events import Event
from mydoctransfer.model.lifetime import parse_lifetime
from mydoctransfer.model.wishes import Wish


class Door(Protocol):
    """The way to an engine, wherever it runs."""

    def ask(self, command: Command) -> Answer: ...


class App(Protocol):
    """The composition root, as the command line needs it."""

    def open_door(self, home: Home) -> Door: ...
    def run_watching(self, home: Home, on_event: Callable[[Event], None]) -> None: ...
    def run_desktop(self, home: Home, is_hidden: bool, wish: Wish | None) -> int: ...
    def in_own_words(self, error: AppError) -> AppError: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a command is given: the installation, the application, its streams.

    Attributes:
        application: builds it, which takes imports that `--help` and `connect` do without.
    """

    home: Home
    application: Callable[[], App]
    stdin: Lines
    output: Output
    arguments: argparse.Namespace


Run = Callable[[Context], None]

_DELETE_GRACE = 60  # seconds, R5


def connect(context: Context) -> None:
    found = connection.read(Path(context.arguments.file))
    context.home.prepare()
    with instance.held(context.home.lock):
        config, _ = context.home.load()
        context.home.save(replace(config, connection=found))
    context.output.answer({"ok": True}, f"Connected to {found.name} ({found.api_url}).")


def login(context: Context) -> None:
    arguments = context.arguments
    store = arguments.store
    if store == Store.MEMORY.value and not instance.is_held(context.home.lock):
        raise AppError(
            "Nothing to stay signed in",
            "A session in memory ends with the program that holds it, and none is running. Start "
            "the application or `sync` first, or use --store file.",
            "no_engine",
        )
    password = context.stdin.secret("password")
    extra = _Extra(context)
    command = told.SignIn(arguments.email, password, store)
    door = context.application().open_door(context.home)
    for _ in range(4):
        try:
            door.ask(command)
            break
        except AppError as exc:
            command = extra.added(command, exc)
    if store == Store.FILE.value:
        context.output.warn(
            "your session is kept in a file that every program of yours can read, not in a keyring."
        )
    context.output.answer({"ok": True}, f"Signed in as {arguments.email}.")


class _Extra:
    """The further lines of `login`: the new password, then the code; read when asked for, so that
    a code which arrives only now can still be typed."""

    def __init__(self, context: Context) -> None:
        self._stdin = context.stdin
        self._left = [
            name
            for name, is_given in (
                ("new_password", context.arguments.new_password_stdin),
                ("code", context.arguments.code_stdin),
            )
            if is_given
        ]

    def added(self, command: told.SignIn, refused: AppError) -> told.SignIn:
        """Return the command with what the refusal asks for; raises it if that was not offered."""
        wanted = refused.code.removesuffix("_required")
        while wanted in self._left:
            name = self._left.pop(0)
            line = self._stdin.secret(name.replace("_", " "))
            if name == wanted:
                given = {name: line.strip() if name == "code" else line}
                return replace(command, **given)
        if wanted == "new_password":
            raise refused_with(refused, "Send it as a second line, with --new-password-stdin.")
        if wanted == "code":
            raise refused_with(refused, "Send it as a further line, with --code-stdin.")
        raise refused


def refused_with(refused: AppError, remedy: str) -> AppError:
    """Return the same error with what the command line offers against it."""
    refused.message = f"{refused.message} {remedy}"
    return refused


def logout(context: Context) -> None:
    _tell(context, told.SignOut(context.arguments.everywhere), "Signed out.")


def whoami(context: Context) -> None:
    answer = _ask(context, told.WhoAmI())
    context.output.answer(answer, text.whoami(answer))


def folder(context: Context) -> None:
    arguments = context.arguments
    lifetime = None if arguments.lifetime is None else parse_lifetime(arguments.lifetime)
    directory = os.path.abspath(arguments.directory)
    part = _part_of_watched(context.home, directory)
    if part is not None:
        rule = told.SetFolderRule(part, lifetime, tuple(arguments.share))
        _tell(context, rule, f"New documents in {text.plain(part)} follow the rule.")
        return
    if arguments.share:
        raise UsageError(
            "Not a folder rule",
            "--share sets a rule for a folder inside the watched folder, and "
            f"{text.plain(directory)} is not inside it.",
            "usage",
        )
    _tell(context, told.ChooseFolder(directory, lifetime), f"Watching {text.plain(directory)}.")


def _part_of_watched(home: Home, directory: str) -> str | None:
    """Return `directory` relative to the watched folder with `/`; None if it is not inside."""
    watched = home.load()[0].folder
    if watched is None:
        return None
    inside = os.path.relpath(os.path.realpath(directory), os.path.realpath(watched))
    parts = Path(inside).parts
    return "/".join(parts) if parts and parts[0] != os.pardir and inside != os.curdir else None


def sync(context: Context) -> None:
    arguments = context.arguments
    if arguments.once:
        grace = _DELETE_GRACE if arguments.delete_grace is None else arguments.delete_grace
        answer = _ask(context, told.SyncOnce(grace))
        context.output.answer(answer, text.sync_once(answer))
        return
    if arguments.delete_grace is not None:
        raise UsageError("Not understood", "--delete-grace goes with --once.", "usage")
    context.application().run_watching(context.home, lambda event: _print(context.output, event))


def _print(output: Output, event: Event) -> None:
    try:
        output.lines(events.to_json(event), events.to_text(event))
    except BrokenPipeError:
        # Nobody reads any more: end as if told to. The engine is not to see an error of its own.
        abandon_stdout()
        signal.raise_signal(signal.SIGTERM)


def status(context: Context) -> None:
    answer = _ask(context, told.GetStatus())
    context.output.answer(answer, text.status(answer))


def ls(context: Context) -> None:
    arguments = context.arguments
    answer = _ask(context, told.ListDocuments(arguments.shared_with_me, arguments.all))
    context.output.answer(answer, text.documents(answer))


def share(context: Context) -> None:
    people = tuple(context.arguments.people)
    answer = _ask(context, told.Share(context.arguments.target, people))
    context.output.answer(answer, text.shared(answer))


def unshare(context: Context) -> None:
    people = tuple(context.arguments.people)
    answer = _ask(context, told.Unshare(context.arguments.target, people))
    context.output.answer(answer, text.shared(answer))


def users(context: Context) -> None:
    answer = _ask(context, told.FindUsers(context.arguments.query))
    context.output.answer(answer, text.users(answer))


def rename(context: Context) -> None:
    answer = _ask(context, told.Rename(context.arguments.target, context.arguments.name))
    context.output.answer(answer, text.renamed(answer))


def extend(context: Context) -> None:
    lifetime = parse_lifetime(context.arguments.lifetime)
    answer = _ask(context, told.Extend(context.arguments.target, lifetime))
    context.output.answer(answer, text.extended(answer))


def link(context: Context) -> None:
    arguments = context.arguments
    terms = (arguments.password_stdin or None, arguments.max_downloads, arguments.lifetime)
    if arguments.revoke:
        if any(term is not None for term in terms):
            raise UsageError("Not understood", "--revoke goes with no other option.", "usage")
        answer = _ask(context, told.RevokeLink(arguments.target))
    else:
        lifetime = None if arguments.lifetime is None else parse_lifetime(arguments.lifetime)
        password = context.stdin.secret("password") if arguments.password_stdin else None
        change = told.ChangeLink(arguments.target, password, arguments.max_downloads, lifetime)
        answer = _ask(context, change)
    context.output.answer(answer, text.linked(answer))


def revoke_all(context: Context) -> None:
    _tell(
        context, told.RevokeAll(), "All your links have ended, and your documents are yours alone."
    )


def rm(context: Context) -> None:
    answer = _ask(context, told.Remove(context.arguments.target))
    context.output.answer(answer, "Gone from the cloud. Your file was not touched.")


def send_again(context: Context) -> None:
    answer = _ask(context, told.SendAgain(context.arguments.path))
    context.output.answer(answer, text.sent_again(answer))


def deletes(context: Context) -> None:
    is_confirmed = context.arguments.confirm
    said = "The documents are withdrawn." if is_confirmed else "The documents stay in the cloud."
    _tell(context, told.AnswerDeletes(is_confirmed), said)


def get(context: Context) -> None:
    directory = context.arguments.directory
    absolute = None if directory is None else os.path.abspath(directory)
    answer = _ask(context, told.Get(context.arguments.target, absolute))
    context.output.answer(answer, text.got(answer))


def audit(context: Context) -> None:
    answer = _ask(context, told.ReadAudit(context.arguments.query))
    context.output.answer(answer, text.audit(answer))


def pause(context: Context) -> None:
    _tell(context, told.Pause(), "Paused. Finished parts are kept.")


def resume(context: Context) -> None:
    _tell(context, told.Resume(), "Going on.")


def _ask(context: Context, command: Command) -> Answer:
    return context.application().open_door(context.home).ask(command)


def _tell(context: Context, command: Command, said: str) -> None:
    """Carry out a command whose answer says nothing but that it was done."""
    context.output.answer(_ask(context, command), said)
