"""What can be typed: every command with its arguments, as one table-like parser."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from mydoctransfer.cli import cloud, commands
from mydoctransfer.cli.commands import Run
from mydoctransfer.model.commands import Store
from mydoctransfer.model.errors import UsageError

_TARGET = "a path in the watched folder, or a document's ID (32 hex digits)"
_LIFETIME = "a number and s, m, h or d, for example 1h or 7d"
_USUAL_DATA = "(default: among this installation's data)"


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the arguments; `run` among them is what carries the command out (None: the desktop).

    Raises:
        UsageError: they make no sense.
    """
    return _parser().parse_args(list(argv))


def wants_json(argv: Sequence[str]) -> bool:
    """Whether `--json` stands before the command, even where the rest makes no sense."""
    words = iter(argv)
    for word in words:
        if word == "--json":
            return True
        if word == "--home":
            next(words, None)
        elif not word.startswith("--home="):
            return False
    return False


class _Parser(argparse.ArgumentParser):
    """Raises instead of printing, so that every error looks the same."""

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise UsageError("Not understood", f"{message} (usage: {usage})", "usage")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mydoctransfer",
        description="Hand a document to somebody through your own cloud, and have it gone "
        "afterwards. Without a command, the desktop application opens.",
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument(
        "--home", type=_place, metavar="DIR", help="use the installation in this directory"
    )
    # What starting at login adds: the application begins in the tray.
    parser.add_argument("--hidden", action="store_true", help=argparse.SUPPRESS)
    # What the desktop entry and the file manager add.
    parser.add_argument("--link", nargs="?", metavar="LINK", help=argparse.SUPPRESS)
    parser.add_argument("--share-files", nargs="+", metavar="FILE", help=argparse.SUPPRESS)
    parser.set_defaults(run=None)
    subparsers = parser.add_subparsers(metavar="COMMAND", title="commands")
    _installation(subparsers)
    _account(subparsers)
    _folder(subparsers)
    _documents(subparsers)
    _operator(subparsers)
    return parser


def _command(subparsers: Any, name: str, run: Run | None, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name, help=text, description=text[:1].upper() + text[1:] + ".", allow_abbrev=False
    )
    parser.set_defaults(run=run)
    return parser


def _installation(subparsers: Any) -> None:
    local = _command(subparsers, "local", None, "a cloud on this machine, to try things out")
    locals_ = local.add_subparsers(metavar="COMMAND", title="commands", required=True)
    up = _command(locals_, "up", cloud.up, "start the local cloud and keep it running")
    up.add_argument("--data-dir", metavar="D", help=f"where it keeps its data {_USUAL_DATA}")
    up.add_argument(
        "--port",
        type=_port,
        metavar="N",
        help="listen there from now on (default: the port it had; at first a free one)",
    )
    user = _command(locals_, "add-user", cloud.add_user, "add a person to the local cloud")
    user.add_argument("email", metavar="EMAIL")
    user.add_argument("--given-name", required=True, metavar="A")
    user.add_argument("--family-name", required=True, metavar="B")
    user.add_argument("--admin", action="store_true", help="may read the audit")
    _password(user)
    user.add_argument(
        "--data-dir", metavar="D", help=f"where the cloud keeps its data {_USUAL_DATA}"
    )

    connect = _command(subparsers, "connect", commands.connect, "remember which cloud to talk to")
    connect.add_argument(
        "file", metavar="CONNECTION_FILE", help="what you were given, or `local up` has named"
    )


def _account(subparsers: Any) -> None:
    login = _command(subparsers, "login", commands.login, "sign in")
    login.add_argument("email", metavar="EMAIL")
    _password(login)
    login.add_argument(
        "--new-password-stdin", action="store_true", help="the next line is the new password"
    )
    login.add_argument("--code-stdin", action="store_true", help="the next line is the code")
    login.add_argument(
        "--store",
        choices=[store.value for store in Store],
        default=Store.KEYRING.value,
        help="where the session is kept (default: keyring)",
    )
    logout = _command(subparsers, "logout", commands.logout, "sign out")
    logout.add_argument("--everywhere", action="store_true", help="end all your sessions")
    _command(subparsers, "whoami", commands.whoami, "say who is signed in")


def _folder(subparsers: Any) -> None:
    folder = _command(
        subparsers, "folder", commands.folder, "set the watched folder, or a rule for a part of it"
    )
    folder.add_argument("directory", metavar="DIR")
    folder.add_argument("--lifetime", metavar="L", help=_LIFETIME)
    folder.add_argument(
        "--share",
        nargs="+",
        action="extend",
        default=[],
        metavar="EMAIL",
        help="in a folder of the watched folder: who gets what is put there",
    )
    sync = _command(subparsers, "sync", commands.sync, "watch the folder and push what changes")
    sync.add_argument("--once", action="store_true", help="push what there is, then end")
    sync.add_argument(
        "--delete-grace",
        type=_seconds,
        metavar="SECONDS",
        help="with --once: look again after so long before withdrawing what was deleted "
        "(default: 60)",
    )
    _command(subparsers, "status", commands.status, "say how things stand")
    deletes = _command(subparsers, "deletes", commands.deletes, "answer a held mass delete")
    answer = deletes.add_mutually_exclusive_group(required=True)
    answer.add_argument("--confirm", action="store_true", help="withdraw the documents")
    answer.add_argument("--keep", action="store_true", help="keep them in the cloud")
    _command(subparsers, "pause", commands.pause, "stop sending")
    _command(subparsers, "resume", commands.resume, "go on sending")


def _documents(subparsers: Any) -> None:
    ls = _command(subparsers, "ls", commands.ls, "list your documents")
    ls.add_argument("--shared-with-me", action="store_true", help="those of others instead")
    ls.add_argument("--all", action="store_true", help="also what is gone from the cloud")
    for name, run, text in (
        ("share", commands.share, "share a document with people"),
        ("unshare", commands.unshare, "take a document back from people"),
    ):
        sharing = _command(subparsers, name, run, text)
        _target(sharing)
        sharing.add_argument("people", nargs="+", metavar="EMAIL")
    users = _command(subparsers, "users", commands.users, "find people to share with")
    users.add_argument(
        "query",
        nargs="?",
        default="",
        metavar="QUERY",
        help="how a name or an address begins; where the policy says so, a whole address",
    )
    rename = _command(subparsers, "rename", commands.rename, "change the name people see")
    _target(rename)
    rename.add_argument("name", metavar="NAME")
    extend = _command(subparsers, "extend", commands.extend, "let it expire so long from now")
    _target(extend)
    extend.add_argument("lifetime", metavar="LIFETIME", help=_LIFETIME)
    link = _command(subparsers, "link", commands.link, "give a link to people without an account")
    _target(link)
    link.add_argument(
        "--password-stdin",
        action="store_true",
        help="the first line is the link's password; an empty one takes it away",
    )
    link.add_argument(
        "--max-downloads", type=_number, metavar="N", help="so many downloads; 0: no limit"
    )
    link.add_argument("--lifetime", metavar="L", help=_LIFETIME)
    link.add_argument("--revoke", action="store_true", help="end the link")
    _command(
        subparsers,
        "revoke-all",
        commands.revoke_all,
        "end all your links and take your documents back from everybody",
    )
    _target(_command(subparsers, "rm", commands.rm, "withdraw from the cloud; the file stays"))
    again = _command(subparsers, "send-again", commands.send_again, "publish again what is gone")
    again.add_argument("path", metavar="PATH", help="a path in the watched folder")
    get = _command(subparsers, "get", commands.get, "download a document")
    _target(get)
    get.add_argument("-o", dest="directory", metavar="DIR", help="where to (default: the inbox)")
    audit = _command(subparsers, "audit", commands.audit, "read who did what (administrators)")
    audit.add_argument(
        "--query", default="", metavar="TEXT", help="only entries in which this occurs"
    )


def _operator(subparsers: Any) -> None:
    aws = _command(subparsers, "cloud", None, "your own cloud, in your AWS account")
    clouds = aws.add_subparsers(metavar="COMMAND", title="commands", required=True)
    deploy = _command(clouds, "deploy", cloud.deploy, "create a stage, or bring it up to date")
    _stage(deploy)
    deploy.add_argument(
        "--policy", metavar="FILE", help="JSON of what differs from the standard; or `standard`"
    )
    deploy.add_argument("--alarm-topic", metavar="ARN", help="SNS topic that alarms are sent to")
    deploy.add_argument(
        "--boundary", metavar="ARN", help="permissions boundary of every role that is made"
    )
    deploy.add_argument(
        "--concurrency",
        metavar="N",
        type=_number,
        help="calls of each function at once; 0: no limit",
    )
    deploy.add_argument(
        "--pool-tier",
        metavar="T",
        choices=("ESSENTIALS", "PLUS"),
        help="of Cognito: PLUS (the standard) has threat protection, ESSENTIALS costs less",
    )
    deploy.add_argument(
        "--sign-up",
        metavar="S",
        choices=("on", "off"),
        help="on: people make their accounts themselves; off (the standard): an administrator does",
    )
    destroy = _command(clouds, "destroy", cloud.destroy, "remove a stage with everything in it")
    _stage(destroy)
    destroy.add_argument("--yes", action="store_true", help="do not ask")


def _stage(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stage", required=True, metavar="S", help="its name, for example main")
    parser.add_argument("--region", required=True, metavar="R", help="for example eu-central-1")


def _target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="PATH|ID", help=_TARGET)


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin", action="store_true", required=True, help="read it from the first line"
    )


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return int(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _place(text: str) -> str:
    """An empty one is a variable that was never set, and means no other installation."""
    if not text:
        raise argparse.ArgumentTypeError("it names no directory")
    return text
